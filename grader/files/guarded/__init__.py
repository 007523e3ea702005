"""Opening PDFs and workbooks in another process, so that no file takes more than its share of time and memory.

From outside: `guard.unpack` and `guard.stop`; the rest runs in the other process.
"""
