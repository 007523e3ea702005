"""One module a form of file: text, tables, JSON, notebooks, workbooks, PDF forms and flattened pages.

Only `grader.files.read` and the course's reader call them. Every reader takes untrusted bytes and never raises on them.
"""
