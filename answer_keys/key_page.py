"""The answer key as a page: each line as symbol = numbers = result, in the order of the worksheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from answer_keys.blocks import blocks, put_in
from answer_keys.marker_sheet import marker_sheet
from exercises.common.metrics import TEXT_SIZE, TEXT_WIDTH
from exercises.common.slots import unmarked
from exercises.formulas.typeset import HTML, MARKED
from exercises.pages import row_widths, worksheet_page
from exercises.pages.rendering import rendered, trusted
from exercises.pages.sheet_layout import COMPACT

if TYPE_CHECKING:
    from answer_keys.drawing_services import Ranges
    from answer_keys.solution import Solution
    from exercises.networks.steps import Step
    from exercises.pages.row_widths import Paper
    from exercises.pages.sheet_layout import SheetLayout


def key_html(
    solution: Solution, paper: Paper = "a4", remark: str = "", owner: str = "", ranges: Ranges | None = None
) -> str:
    """Fill in the key as `marked_key` does, for people."""
    return unmarked(marked_key(solution, paper, remark, owner, ranges))


def marked_key(  # noqa: PLR0913 - whose it is, and what is said in it
    solution: Solution,
    paper: Paper = "a4",
    remark: str = "",
    owner: str = "",
    ranges: Ranges | None = None,
    *,
    layout: SheetLayout = COMPACT,
) -> str:
    """Fill in the key, all in one text with its slots marked: the same bytes for the same solution.

    remark: what else is to be said at its end; owner: whose sheet it belongs to; ranges: the right numbers of each
    line, for a marker's sheet behind the key; layout: of it counts whether the key is bound with others.
    """
    problem = solution.problem
    sizes = row_widths.widths(problem)
    width = sizes["via"]
    work = round(TEXT_WIDTH - width - sizes["box"] - 0.1, 2)
    return rendered(
        "key.html",
        **worksheet_page.header(problem, paper),
        **worksheet_page.givens(problem),
        owner=owner,
        layout=layout,
        conventions=worksheet_page.boxed(problem),
        blocks=blocks(solution, lambda step: _line(solution, step, work - 1)),
        width=width,
        box=sizes["box"],
        work=work,
        precision=problem.precision.words,
        from_printed=problem.kind.solution is not None,
        marker=marker_sheet(solution, ranges) if ranges else None,
        remark=" ".join(filter(None, [solution.note(put_in(solution)), remark])),
    )


def key_pdf(  # noqa: PLR0913 - as for `marked_key`
    solution: Solution,
    paper: Paper = "a4",
    remark: str = "",
    owner: str = "",
    ranges: Ranges | None = None,
    *,
    layout: SheetLayout = COMPACT,
) -> bytes:
    """Make the key as a PDF."""
    from exercises.printing.press.press import print_pdf

    page = marked_key(solution, paper, remark, owner, ranges, layout=layout)
    return print_pdf(page, keywords=worksheet_page.keywords(solution.problem))


def _line(solution: Solution, step: Step, room: float) -> dict[str, Any]:
    """One line; the numbers are left out where they say what the symbols or the result say.

    room: for symbols and numbers, in millimetres. A line that needs more is broken between them, if that will do.
    """
    result = solution.shown(step.quantity)
    symbols, put_in = solution.symbolic(step, HTML), solution.substituted(step, MARKED)
    numbers = unmarked(put_in)
    parts = [symbols] if numbers in (symbols, result) else [symbols, put_in]
    parts = [part for part in parts if part != result]
    lengths = [worksheet_page.length(f"= {unmarked(part)} ") * TEXT_SIZE for part in parts]
    return {
        "label": trusted(solution.problem.label(step.quantity).html),
        "parts": [(trusted(part), length < room) for part, length in zip(parts, lengths, strict=True)],
        "result": result,
        "broken": sum(lengths) > room,
    }
