"""The class report: what a whole course can learn from its marked sheets, with nobody to be recognised in it."""
