"""Worked solutions, answer keys, and known exercises with their published figures."""
