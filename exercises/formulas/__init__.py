"""Formulas as small trees, stated once: evaluated, printed, differentiated and changed.

From outside: the nodes of `formula`, the algebras that evaluate them, `typeset` that prints them, and the addresses
and labels of quantities. Nothing here knows of layers or losses.
"""
