"""How closely a feedback page is set: closer where a few rows would be left over for another page.

All lengths are millimetres.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exercises.common import metrics
from exercises.figures import lettering
from exercises.pages import worksheet_page

if TYPE_CHECKING:
    from exercises.pages.row_widths import Paper

LEAST = 4.11  # of a row: what its letters and indices take however closely they are set
_UNBROKEN = re.compile(r'<span class="f">.*?</span>|(?:[^\s<]|<[^>]*>)+')
NEAR = 1.5  # what measuring may be wrong by


@dataclass(frozen=True, slots=True)
class Density:
    """Heights of a row, a caption and the space above it, a line of a sentence; the space above a section."""

    row: float
    caption: float
    above: float
    sentence: float
    section: float


DENSITIES = (
    Density(4.7, 3.0, 0.9, 4.76, 2.6),
    Density(4.4, 3.0, 0.5, 4.5, 2.1),
    Density(4.2, 2.8, 0.3, 4.3, 1.6),
    Density(4.0, 2.7, 0.1, 4.15, 1.0),
)


def density(context: dict[str, Any], paper: Paper) -> Density:
    """Choose the roomiest that needs no more pages than the closest does. `context`: as feedback.html has it."""
    room = metrics.PAGE[paper]
    pages = [int((_measured(context, one) + NEAR) // room) for one in DENSITIES]
    return next(one for one, count in zip(DENSITIES, pages, strict=True) if count == pages[-1])


def _measured(context: dict[str, Any], one: Density) -> float:
    titles = -(
        -lettering.advance(context["title"]) * metrics.TITLE_SIZE // (metrics.TEXT_WIDTH - metrics.CODE_WIDTH)
    )
    remarks = [
        *context["remarks"],
        *(["The first line that went wrong is x. Start there."] * bool(context["first_error"])),
    ]
    return float(
        titles * metrics.TITLE_LINE
        + 14.8  # what it is, whose, and the score
        + 2.0 * bool(context["strict"])
        + sum(metrics.REMARK_ABOVE + 4.76 * _lines(text, metrics.TEXT_WIDTH) for text in remarks)
        + sum(
            one.section + 5.4 + metrics.TITLE_BELOW + sum(_row(row, one) for row in rows)
            for _, rows in context["sections"]
        )
        + 9.0  # the legend
    )


def _row(row: Any, one: Density) -> float:
    """A row of the page: cells side by side, matrices, or a note."""
    if isinstance(row, list):
        notes = sum(4.0 for cell in row if cell["note"])
        return max(_cell(cell, one) for cell in row) + notes
    if "note" in row:
        return 4.0
    return max(metrics.MATRIX_ROW * len(matrix["rows"]) for matrix in row["matrices"]) + 2.8


def _cell(cell: dict[str, Any], one: Density) -> float:
    caption = one.above + one.caption + 0.2 if cell["caption"] else 0.0
    told = sum(one.sentence * _lines(sentence, metrics.SENTENCE_WIDTH) for sentence in cell["sentences"])
    return max(one.row, LEAST) + caption + (told + 1.9 if told else 0.0)


def _lines(text: str, width: float) -> float:
    """How many lines a text takes, which is broken between words, but not within a formula."""
    space, lines, used = lettering.advance(" "), 1.0, 0.0
    for part in _UNBROKEN.findall(str(text)):
        own = worksheet_page.length(part) * metrics.TEXT_SIZE * 1.02
        if used and used + own > width:
            lines, used = lines + 1, 0.0
        lines += max(0.0, (own - 0.01) // width)
        used += own + space * metrics.TEXT_SIZE
    return lines
