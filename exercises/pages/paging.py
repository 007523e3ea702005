"""How the lines of a worksheet fall on its pages: how tall a row is, and where a page ends.

Everything above the lines and every line has a height that is known beforehand, so the breaks are chosen here
and only carried out by WeasyPrint. All lengths are millimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exercises.common.metrics import CAPTION, SECTION_ABOVE, SECTION_TITLE

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS = (12.0, 11.6, 11.2, 10.8, 10.4, 10.0, 9.6, 9.3)  # heights of a row, the roomiest first
SPARE = 0.6  # of a page, for what rounding adds up to
THIN = 0.35  # a last page less full than this takes lines from the page before


@dataclass(frozen=True, slots=True)
class LineBlock:
    """Lines that share a page. `opens`: with a section's title above them.

    captions, rows: how many are below one another.
    glued: whether a page must not end above it.
    fixed: what else it holds, of a height that is not that of rows.
    above: space that is left above it, unless it begins a page.
    """

    captions: int
    rows: int
    opens: bool = False
    glued: bool = False
    fixed: float = 0.0
    above: float = 0.0

    @property
    def over(self) -> float:
        """What vanishes where it begins a page."""
        return SECTION_ABOVE * self.opens + self.above

    def height(self, row: float) -> float:
        """The height with rows of a given height."""
        return self.over + SECTION_TITLE * self.opens + CAPTION * self.captions + row * self.rows + self.fixed


@dataclass(frozen=True, slots=True)
class PageBreaks:
    """The height of a row, and the blocks (by number) that begin a page."""

    row: float
    starts: frozenset[int]


def paginate(blocks: Sequence[LineBlock], top: float, page: float, *, roomy: bool = False) -> PageBreaks:
    """Choose the tallest rows that need the fewest pages.

    top: what the first page holds above the lines; page: the height of a page.
    roomy: whether no page is left to a single line, even where that takes lines from a page that has room for them.
    """
    room = page - SPARE
    plans = [(row, _fill(blocks, row, top, room, room)) for row in ROWS]
    fewest = min(len(starts) for _, starts in plans)
    row, starts = next((row, starts) for row, starts in plans if len(starts) == fewest)
    last = sum(block.height(row) for block in blocks[starts[-1] :]) if starts else room
    share = room
    while last < THIN * room and share > THIN * room:
        share -= row
        evened = _fill(blocks, row, top, room, share)
        if len(evened) > fewest:
            break
        starts = evened
        last = sum(block.height(row) for block in blocks[starts[-1] :])
    return PageBreaks(row, frozenset(_with_company(blocks, row, starts, room) if roomy else starts))


def _with_company(blocks: Sequence[LineBlock], row: float, starts: list[int], room: float) -> list[int]:
    """Where pages begin, if the group before a single line on the last of them goes there too and has room."""
    if not starts or sum(block.rows for block in blocks[starts[-1] :]) != 1:
        return starts
    first = max((number for number, _ in _chunks(blocks) if number < starts[-1]), default=0)
    earlier = starts[-2] if len(starts) > 1 else 0
    tall = sum(block.height(row) for block in blocks[first:])
    return [*starts[:-1], first] if first > earlier and tall < room else starts


def _fill(blocks: Sequence[LineBlock], row: float, top: float, first: float, later: float) -> list[int]:
    """Fill page after page; give the blocks that begin one."""
    starts: list[int] = []
    used, room = top % first, first  # a crowd of given values may fill a page by itself
    chunks = _chunks(blocks)
    for number, members in chunks:
        height = sum(block.height(row) for block in members)
        if used + height > room and used > 0:
            starts.append(number)
            used, room = -members[0].over, later
        used += height
    return starts


def _chunks(blocks: Sequence[LineBlock]) -> list[tuple[int, list[LineBlock]]]:
    """Blocks with those that are glued to them, each with the number of its first."""
    found: list[tuple[int, list[LineBlock]]] = []
    for number, block in enumerate(blocks):
        if block.glued and found:
            found[-1][1].append(block)
        else:
            found.append((number, [block]))
    return found
