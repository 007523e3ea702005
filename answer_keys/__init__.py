"""Worked solutions, answer keys and booklets, and known exercises with their published figures.

From outside: `problems.load`, `keyfile`, `solution.solve`, the parts of a set; commands are adapters.
"""
