"""Scans and photographs of printed sheets: opening them, finding the page in them, and cutting out what was written.

From outside: `cells.AnswerCells`, what was cut out of one answer. Nothing in here knows what the right number is.
"""
