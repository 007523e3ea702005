"""Sheets to be written on by hand and read from pictures: corner marks, a code on every page, and where each cell lies.

From outside: `sheet.paper_sheet`, and `codes`, which both the printer and the reader of pages go by.
"""
