"""The work of a run, spread over processes and remembered, so that a stopped run goes on.

From outside: `engine.Engine`, the stages of progress, and what was done before.
"""
