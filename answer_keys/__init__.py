"""Worked solutions, answer keys and booklets, and known exercises with their published figures.

From outside: `problems.load`, `keyfile`, `solution.solve`, and `drawing_services`, what drawing may ask of whoever grades.
"""
