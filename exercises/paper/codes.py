"""What makes a page find itself again in a picture: four corner marks, and a code that says which page it is.

The marks are numbers 0 to 3 of the ArUco dictionary 4x4_50, from the top left corner clockwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MARK, MARK_INSET = 8.0, 6.0  # millimetres: a mark's side, and how far it stands from the edges of the paper
CODE, CODE_RIGHT, CODE_BOTTOM = 18.0, 17.0, 14.0  # the code's side, and how far it ends from the edges
MODULES = 6  # of a mark's side, with its black frame
# Four rows of four modules within the frame, 1 for white.
_MARKS = (
    ("1011", "0101", "0011", "0010"),
    ("0000", "1111", "1001", "1010"),
    ("0011", "0011", "0010", "1101"),
    ("1001", "1001", "0100", "0110"),
)
_CONTENT = re.compile(r"BYHAND ([0-9A-HJKMNP-TV-Z]{4})([0-9A-HJKMNP-TV-Z]{4}) (\d{1,2})(?: (.+))?")
_WRITABLE = re.compile(r"[0-9A-Z $%*+\-./:]{1,20}")  # what a QR code holds in little room
COVER = "BYHAND COVER"

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PageCode:
    """What a page says of itself: its problem's code, its number from 1, and whose it is, if it has to."""

    problem: str
    page: int
    owner: str = ""

    def content(self) -> str:
        """What stands in the QR code; an owner only where it can be written in few letters."""
        told = f"BYHAND {self.problem.replace('-', '')} {self.page}"
        return f"{told} {self.owner}" if _WRITABLE.fullmatch(self.owner) else told


def page_code(content: str) -> PageCode | None:
    """What a QR code says; None if it is not one of ours."""
    found = _CONTENT.fullmatch(content)
    return PageCode(f"{found[1]}-{found[2]}", int(found[3]), found[4] or "") if found else None


def mark_boxes(size: tuple[float, float]) -> tuple[Box, ...]:
    """Where the marks stand on paper of this width and height: x, y, width, height from the top left, in millimetres."""
    far = [side - MARK_INSET - MARK for side in size]
    corners = ((MARK_INSET, MARK_INSET), (far[0], MARK_INSET), (far[0], far[1]), (MARK_INSET, far[1]))
    return tuple((x, y, MARK, MARK) for x, y in corners)


def code_box(size: tuple[float, float]) -> Box:
    """Where the code stands."""
    return size[0] - CODE_RIGHT - CODE, size[1] - CODE_BOTTOM - CODE, CODE, CODE


def mark_modules(number: int) -> list[list[bool]]:
    """Which modules of a mark are black, row by row."""
    inner = [[True, *(bit == "0" for bit in row), True] for row in _MARKS[number]]
    return [[True] * MODULES, *inner, [True] * MODULES]


def code_modules(content: str) -> list[list[bool]]:
    """Which modules of the QR code are black, row by row, without the white around it."""
    import segno

    found = segno.make(content, micro=False, error="m", boost_error=False)
    return [[bool(module) for module in row] for row in found.matrix]
