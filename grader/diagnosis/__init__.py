"""Which mistake explains a wrong line, and what blank lines must have held.

From outside: `diagnose.diagnose`, the records in `explanation`, and for the sentences what `slips` and `blame` know.
"""
