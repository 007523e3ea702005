"""Tables of every make as blocks of cells: grids, long tables, turned ones, Markdown, columns of plain text.

The forms use it; nobody else has to.
"""
