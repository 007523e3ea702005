"""Drawing the numbers of problems: friendly to write, equally hard, and telling when something goes wrong.

From outside: `draw.Order`, `draw.draw` and `draw.draw_all`, and `draw_warmup`; the same text draws the same numbers
on every machine.
"""
