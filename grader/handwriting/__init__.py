"""Reads numbers that were written by hand into cells: what the image says, and that joined with what the grader expects.

From outside: `reading.read`, `reading.decide`, `numbers.NumberPosterior`. `weights.npz` was trained by
`benchmarks/handwriting/train.py`; beside it stands whose handwriting it was trained on.
"""
