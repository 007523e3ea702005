"""Whether each line is right on the student's own numbers, by intervals that hold every honest rounding.

From outside: `batch.SheetBatch`, `judge.judge`, the verdicts, the intervals, and the conventions that a sheet may follow.
"""
