"""A typed text becomes a number, working, or the reason why it is neither.

From outside: `answer.Answers`, `sheet.read_sheet` and the names of lines; texts are untrusted and never evaluated.
"""
