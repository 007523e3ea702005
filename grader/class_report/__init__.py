"""How the class did: shares, pictures and advice on what to teach.

From outside only the command `report`.
"""
