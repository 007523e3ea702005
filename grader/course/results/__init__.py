"""The tables, pages and gradebooks of a course, each written whole.

From outside: `finish.finish`, the records, and the file by which marks are recomputed.
"""
