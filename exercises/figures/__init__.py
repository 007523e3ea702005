"""Drawings of networks, chains and warm-ups: plain geometry in millimetres, and the same in words.

From outside: the `draw` of each figure, the lettering, and `alt_text.describe`. Templates turn the geometry into SVG.
"""
