"""The practice page: a folder of static files in which the grader runs in the student's own browser.

From outside: the command, `site.write_site`, and `bridge`, which is all that the page calls. `web` holds the page's own
files, `runtime` what `make practice-runtime` fetches and makes; neither is Python.
"""
