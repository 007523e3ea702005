"""What stands beside a number and says which line it is: headings, units, words, groups.

The forms and tables use it; the course uses `identity`, which tells whose a sheet is.
"""
