"""Whether each line is right, on the student's own numbers, with honest rounding: intervals over many sheets at once.

From outside: `batch.Sheets`, `judge.judge`, the verdicts and the conventions that a sheet may follow.
"""
