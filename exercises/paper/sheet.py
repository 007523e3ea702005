"""A worksheet to be written on by hand, and where on it everything lies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from exercises.common import metrics
from exercises.pages.answer_cells import cell_plan
from exercises.pages.rendering import render, trusted
from exercises.pages.row_widths import WITH_CELLS
from exercises.pages.sheet_layout import COMPACT
from exercises.pages.worksheet_page import keywords, marked_worksheet
from exercises.paper.stamping import stamped
from exercises.printing.pdf import style, write_pdf

if TYPE_CHECKING:
    from exercises.pages.row_widths import Paper
    from exercises.pages.sheet_layout import SheetLayout
    from exercises.problems.problem import Problem

Purpose = Literal["screen", "paper", "both", "copy"]
# How each figure is written so that it is read best, in tenths of a millimetre within a cell of 46 by 68.
STROKES = {
    "0": "M23 14C13 14 11 26 11 34C11 44 14 54 23 54C32 54 35 44 35 34C35 25 32 14 23 14Z",
    "1": "M23 14V54",
    "2": "M12 24C12 16 18 14 23 14C29 14 33 18 33 24C33 33 18 43 12 54H35",
    "3": "M12 19C15 15 19 14 23 14C29 14 33 18 33 23C33 29 28 32 21 32"
    "C29 33 34 37 34 43C34 50 29 54 22 54C18 54 14 53 11 49",
    "4": "M17 14L11 39H36M28 25V54",
    "5": "M32 14H15L13 31C16 29 19 28 22 28C29 28 34 33 34 40C34 49 28 54 21 54C17 54 14 53 11 50",
    "6": "M30 14C20 18 12 30 12 41C12 49 17 54 23 54C29 54 34 49 34 42C34 35 29 31 24 31C18 31 13 35 12 41",
    "7": "M11 14H35C28 28 23 40 21 54",
    "8": "M23 32C17 30 13 27 13 22C13 17 17 14 23 14C29 14 33 17 33 22C33 27 29 30 23 32C16 34 12 38 12 44"
    "C12 50 16 54 23 54C30 54 34 50 34 44C34 38 30 34 23 32Z",
    "9": "M34 26C33 32 28 36 22 36C17 36 12 32 12 25C12 18 17 14 23 14C29 14 34 18 34 26C34 37 30 48 24 54",
    "−": "M13 34H33",
}


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """A sheet, and where on it everything lies: the table `paper` of its key."""

    pdf: bytes
    where: dict[str, Any]


def paper_sheet(  # noqa: PLR0913 - whose it is, and how it is set out
    problem: Problem,
    paper: Paper = "a4",
    owner: str | None = None,
    tag: str = "",
    layout: SheetLayout = COMPACT,
    *,
    fillable: bool = False,
) -> PaperSheet:
    """Print a problem for paper.

    owner, layout: as for `worksheet_page.marked_worksheet`.
    tag:      whose it is, for the code on each page, where others have the same problem.
    fillable: whether it can be filled in on the screen too.
    """
    from exercises.printing.press.press import print_pdf

    page = marked_worksheet(problem, WITH_CELLS[paper], owner, layout)
    laid_out = print_pdf(page, forms=True, keywords=keywords(problem))
    legend = _legend(exponent=cell_plan(problem).power > 0)
    unread = int(layout.scratch)
    return PaperSheet(*stamped(laid_out, problem.code, tag, legend, fillable=fillable, unread=unread))


@lru_cache
def _legend(*, exponent: bool) -> bytes:
    """What stands at the foot of each page: how to write, with an exponent where there are cells for one."""
    strokes = {figure: trusted(path) for figure, path in STROKES.items()}
    raised = round(metrics.POWER_RAISED * 10)
    return write_pdf(
        render("paper_legend.html", style=trusted(style()), strokes=strokes, exponent=exponent, raised=raised)
    )
