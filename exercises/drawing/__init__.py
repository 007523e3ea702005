"""Drawing the numbers of problems: friendly to write, equally hard, and telling when something goes wrong.

From outside: `draw.Order`, `draw.draw`, `draw.draw_all`, `draw_warmup`, and the generator in `seeded_random`; the same
text draws the same numbers on every machine.
"""
