"""Exercises on small neural networks: what is asked, how it is computed, how it is written, drawn and printed.

From the bottom up: common, formulas, networks, problems, drawing, figures, pages, printing. The grader and the
answer keys may import any of them; nothing here knows that anything is ever graded.
"""
