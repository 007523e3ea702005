"""Which mistakes a problem's numbers hide or make look alike, and how to draw better ones.

From outside: `check`, and what `grader.services` hands to those who draw.
"""
