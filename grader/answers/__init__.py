"""A typed text becomes a number, working, or the reason why it is neither.

From outside: `read_sheet`, which reads all of a sheet's, the numbers that come of it, and the names of lines; texts
are untrusted and never evaluated.
"""
