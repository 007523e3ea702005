"""A file that was handed in becomes submissions.

From outside: `read` for one file of a known problem, `collect` for the files of a command line, `links` for
what may be followed.
"""
