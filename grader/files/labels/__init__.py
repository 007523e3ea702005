"""What stands beside a number and says which line it is: headings, units, words, groups.

The readers use it; the course uses `identity`, which tells whose a sheet is.
"""
