"""Whose each sheet is, to which exercise it belongs, which of several counts, and what a person decided of it.

From outside: `matching.place`, the reading of files of unknown codes, and the decisions.
"""
