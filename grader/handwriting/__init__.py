"""Reads numbers that were written by hand into cells: what the image says, and that joined with what the grader expects.

From outside: `reading.read`, `reading.decide`, `numbers.NumberPosterior`. The weights were trained by
benchmarks/handwriting/train.py; beside them stands whose handwriting they were trained on.
"""
