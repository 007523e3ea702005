"""Exercises for learning-management systems: Moodle, Canvas, Gradescope.

From outside only the command `export`.
"""
