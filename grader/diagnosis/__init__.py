"""Which mistake explains a wrong line, and what blank lines must have held.

From outside: `diagnose.diagnose` and the records in `explanation`.
"""
