"""Stacks of paper: pages put together into sheets, their handwriting read, and what a person has to look at.

From outside: `grouping.grouped`, `lines.read_lines`, and `review`, which writes the page on which a person decides.
"""
