"""Exercises for learning-management systems: Moodle, Canvas, Gradescope."""
