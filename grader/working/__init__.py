"""What written working shows: the chain of numbers in it, factors that are missing or too many.

From outside: `chain_of_working`, `flaws` and `same_factors`.
"""
