"""A report shown: on the terminal, and as a feedback page in HTML and PDF.

From outside: `terminal` and `feedback_page`.
"""
