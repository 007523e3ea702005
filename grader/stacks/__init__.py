"""Stacks of paper: pages put together into sheets, their handwriting read, and what a person has to look at.

From outside: `grouping.grouped`, `lines.read_lines`, and `submissions.from_paper` for a single problem.
"""
