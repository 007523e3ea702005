"""Who is in a course, what each was given, and the tables that say so.

The rest of the course uses all of it; tables are read as they come and written so that no spreadsheet runs them.
"""
