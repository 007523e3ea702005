"""A file that was handed in becomes submissions.

From outside: `read` for one file of a known problem, `collect` for the files of a command line, `links` for what may be
followed, and `registry` for the forms that there are; a new form is an entry there and a module in `forms`.
"""
