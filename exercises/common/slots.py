"""What differs between like pages, marked while a page is filled in, so that nobody has to find it there again.

A page with marks is a text in which every other piece is a slot's: a number, a code, a name or a drawing. What people
see is the same text without marks.
"""

from __future__ import annotations

MARK = "\ufdd0"  # no character: no text has it
NAME = "\ufdd2"  # nor this; begins a slot that holds somebody's name, in whatever script


def slot(text: object) -> str:
    """Mark what another page like this has otherwise; "" needs no mark."""
    return f"{MARK}{text}{MARK}" if text != "" else ""


def name_slot(text: object) -> str:
    """Mark somebody's name, which may need letters that nothing else on the page needs."""
    return slot(f"{NAME}{text}" if text != "" else "")


def unmarked(page: str) -> str:
    """Give the page, or a piece of it, as people see it."""
    return page.replace(MARK, "").replace(NAME, "")
