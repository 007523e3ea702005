"""How a sheet is set out: close or with room to work, with a page to scratch on, by itself or in a booklet."""

from __future__ import annotations

from dataclasses import dataclass

LAYOUTS = ("compact", "roomy")


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """What can be chosen of a sheet beside its paper.

    roomy:   each line has the width of the page, and below a group of lines there is space to work in.
    scratch: whether a page to scratch on follows.
    points:  what the exercise is worth, printed beside a box for the mark; empty where nobody says.
    bound:   whether it is part of a booklet, which numbers its pages through and has a name on its cover.
    """

    roomy: bool = False
    scratch: bool = False
    points: str = ""
    bound: bool = False


COMPACT = SheetLayout()


def layout_of(chosen: str | None, *, paper: bool, scratch: bool = False) -> SheetLayout:
    """The layout that goes by a name of `LAYOUTS`; unless one is chosen, sheets for paper are roomy."""
    return SheetLayout(chosen == "roomy" or (chosen is None and paper), scratch)
