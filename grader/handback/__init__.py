"""A report shown: on the terminal, and as a feedback page in HTML and PDF.

From outside: `terminal`, `feedback_page`, and `typesetting`, which sets sentences as HTML.
"""
