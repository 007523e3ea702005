"""The worksheet: what the templates get to see, and the HTML that comes of it."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from itertools import count
from typing import TYPE_CHECKING, Any

from exercises.common import metrics
from exercises.common.slots import slot, unmarked
from exercises.figures import diagram, lettering
from exercises.figures import warmup_figure as warmup_drawing
from exercises.figures.chain_figure import draw_chains
from exercises.figures.figure import figures
from exercises.formulas.quantity import QuantityKind
from exercises.pages import answer_cells, kinds_on_pages, matrix_labels, matrix_page, pieces
from exercises.pages.bands import Band, bands, bands_apart
from exercises.pages.captions import step_name
from exercises.pages.givens import given, height, only_step, worked
from exercises.pages.kinds_on_pages import page_of
from exercises.pages.marks import counted
from exercises.pages.paging import paginate
from exercises.pages.rendering import render, rendered, trusted
from exercises.pages.row_widths import has_cells, widths
from exercises.pages.sheet_layout import COMPACT
from exercises.pages.sheet_sections import sections
from exercises.printing.pdf import style
from exercises.problems.kept_with_problem import once

if TYPE_CHECKING:
    from markupsafe import Markup

    from exercises.figures.figure import Drawing
    from exercises.formulas.quantity import Quantity
    from exercises.pages.givens import Stack
    from exercises.pages.paging import PageBreaks
    from exercises.pages.row_widths import Paper
    from exercises.pages.sheet_layout import SheetLayout
    from exercises.problems.problem import Problem

Spread = list[tuple[str, list[Any]]]
TALLEST = 110.0  # millimetres of page that a drawing may take; taller ones are scaled down
WORKED, WORKED_HEAD = 4.5, 4.3  # the box of what is worked out: frame, padding, space below it; its title
SCALES = (1.0, 0.9, 0.8)  # of a drawing that is not worked through, where what stands below needs the room
ROOMY = 10.8  # height of a row, below which a drawing gives way
WITH_CHAIN = 84.0  # as TALLEST, for a network and the chains in it
CODE_KEYWORD = "byhand"


def worksheet_html(
    problem: Problem, paper: Paper = "a4", owner: str | None = None, layout: SheetLayout = COMPACT
) -> str:
    """Fill in the worksheet as `marked_worksheet` does, for people."""
    return unmarked(marked_worksheet(problem, paper, owner, layout))


def marked_worksheet(
    problem: Problem, paper: Paper = "a4", owner: str | None = None, layout: SheetLayout = COMPACT
) -> str:
    """Fill in the worksheet, all in one text with its slots marked: the same bytes for the same problem.

    owner: whose it is, printed in the place of the fields for name, ID and date; "" leaves them out.
    """
    head, values, box = header(problem, paper, layout), givens(problem), boxed(problem)
    spread, pages = _paged(problem, paper, head["drawn"], roomy=layout.roomy)
    return rendered(
        "worksheet.html",
        **head,
        owner=owner,
        **values,
        conventions=box,
        sections=spread,
        layout=layout,
        widths=widths(problem, paper),
        cells=answer_cells.cell_plan(problem) if has_cells(paper) else None,
        row=pages.row,
        line_above=metrics.LINE_ABOVE,
        starts=pages.starts,
        field=answer_cells.field_name,
        label=lambda q: trusted(problem.label(q).html),
        name=lambda q: _spoken(problem, q),
    )


def _spoken(problem: Problem, q: Quantity) -> str:
    """What a field is called for those who cannot see the page; of a line to be found nothing is told."""
    own = problem.label(q).text
    return own if q.kind is QuantityKind.RIGHT_VALUE else f"{own}, {step_name(problem, q)}"


def _paged(problem: Problem, paper: Paper, drawn: float, *, roomy: bool) -> tuple[Spread, PageBreaks]:
    """Everything below the box by section, numbered, and how it falls on pages below a drawing so tall.

    A worked solution stays on one page, and what is asked of it on the same, if that does not take one page more.
    """
    numbers, top = count(), _top(problem, drawn)
    spread = [
        (title, [replace(p, number=next(numbers)) for p in found])
        for title, found in _spread(problem, paper, roomy=roomy)
    ]
    (first, solution), *rest = spread
    plans = [_fallen(spread, top, paper, roomy=roomy)]
    if problem.kind.solution:
        whole = solution[0], *(piece.kept() for piece in solution[1:])
        if pieces.fits_a_page(solution):
            plans.insert(0, _fallen([(first, [*whole]), *rest], top, paper, roomy=roomy))
        asked = [(title, [part.kept() for part in found]) for title, found in rest]
        if pieces.fits_a_page([part for _, found in spread for part in found], len(spread)):
            plans.insert(0, _fallen([(first, [*whole]), *asked], top, paper, roomy=roomy))
    return min(plans, key=lambda plan: len(plan[1].starts))


def _fallen(spread: Spread, top: float, paper: Paper, *, roomy: bool) -> tuple[Spread, PageBreaks]:
    """How it falls on pages, with a heading above what goes on with a worked solution there."""
    while True:
        blocks = [band.block(opens=not n) for _, found in spread for n, band in enumerate(found)]
        pages = paginate(blocks, top, metrics.PAGE[paper], roomy=roomy)
        if not (cut := pieces.cut(spread, pages.starts)):
            return spread, pages
        spread = [(t, [pieces.continued(p) if p.number in cut else p for p in found]) for t, found in spread]


@once
def _spread(problem: Problem, paper: Paper, *, roomy: bool) -> Spread:
    """Everything below the box of conventions, by section."""
    found = pieces.around(
        problem,
        _lines(problem, paper, roomy=roomy),
        lambda questions: pieces.questions(problem, questions),
        lambda: pieces.solution(problem),
    )
    if page_of(problem).together:
        title, parts = found[-1]
        found[-1] = title, [parts[0], *(part.kept() for part in parts[1:])]
    return _with_room(found) if roomy else found


def _with_room(spread: Spread) -> Spread:
    """With space to work in below each group of lines, matrices or symbols, unless a page ends there."""
    made: Spread = []
    worked_out = False
    for title, found in spread:
        made.append((title, []))
        for n, part in enumerate(found):
            ends = worked_out and (part.begins or not n)
            made[-1][1].append(replace(part, above=metrics.WORK_ABOVE) if ends else part)
            worked_out = part.worked_out
    return made


def _lines(problem: Problem, paper: Paper, *, roomy: bool) -> Spread:
    """The lines to fill in, by section: in bands, or as matrices; with room or cells each has the width of the page."""
    matrices = page_of(problem).in_matrices
    if has_cells(paper) or (roomy and not matrices):
        room = widths(problem, paper)["wide"]
        return [(s.title, bands_apart(problem, s, room)) for s in sections(problem)]
    if not matrices:
        return [(s.title, bands(problem, s)) for s in sections(problem)]
    rest = [(s.title, bands(problem, s)) for s in sections(problem, matrix_labels.left_over(problem))]
    found = pieces.with_matrices(matrix_page.sections(problem, widths(problem)["box"]), rest)
    return [(title, [*parts[:1], *map(_with_matrix, parts[1:])]) for title, parts in found]


def _with_matrix(part: Any) -> Any:
    """A line among matrices on the page of what stands above it: at the head of the next it would look lost."""
    return part.kept() if isinstance(part, Band) else part


@once
def givens(problem: Problem) -> dict[str, Any]:
    """Gather the given values: the template that prints them, and what it needs."""
    if page_of(problem).in_matrices:
        return {"givens": "matrices.html", "given": matrix_page.given(problem)}
    whole = problem.full_pass if problem.kind.solution else problem
    return {"givens": "givens.html", "given": given(whole)}


@once
def boxed(problem: Problem) -> list[tuple[str, Markup]]:
    """Give the lines of the box of conventions."""
    return [(title, trusted(text)) for title, text in page_of(problem).conventions(problem)]


def _top(problem: Problem, drawn: float) -> float:
    """Measure what stands above the first section."""
    values = givens(problem)
    titles = -(
        -lettering.advance(_heading(problem))
        * metrics.TITLE_SIZE
        // (metrics.TEXT_WIDTH - metrics.CODE_WIDTH)
    )
    return (
        titles * metrics.TITLE_LINE
        + metrics.ABOUT
        + metrics.WHO
        + (metrics.FIGURE_ABOVE + metrics.FIGURE_BELOW)
        + drawn
        + (matrix_page.height if values["givens"] == "matrices.html" else height)(values["given"])
        + _task_height(kinds_on_pages.task(problem))
        + _worked_height(worked(problem))
        + metrics.BOX_AROUND
        + sum(_boxed_height(*line) for line in boxed(problem))
    )


def _task_height(task: str) -> float:
    """Measure the sentence that says what to do."""
    return (
        -(-length(task) * metrics.TEXT_SIZE // metrics.TEXT_WIDTH) * metrics.TASK_LINE + metrics.TASK_ABOVE
        if task
        else 0.0
    )


def _worked_height(lines: list[list[Stack]]) -> float:
    """Measure the box of what is worked out; of a single set its title is that of the box."""
    alone = sum(len(line) for line in lines) == 1
    return height(lines) + WORKED + WORKED_HEAD * (not alone) if lines else 0.0


def _boxed_height(term: str, text: str) -> float:
    """Measure a line of the box, or what it takes when it is too long for one."""
    more = lettering.advance(term) * metrics.TERM_SIZE // metrics.TERM_WIDTH  # lines of a long term
    width = length(text) * metrics.BOXED_SIZE * 1.02
    return (
        metrics.BOXED_LINE * -(-width // (metrics.TEXT_WIDTH - 26.5))
        + (3.1 if "frac" in text else 0.0)
        + metrics.TERM_SIZE * more
    )


def length(html: str) -> float:
    """About how long our own HTML is printed on one line, in ems."""
    small = "".join(re.findall(r"<su[bp][^>]*>(.*?)</su[bp]>", html))
    return lettering.advance(_plain(html)) - (1 - metrics.INDEX) * lettering.advance(_plain(small))


def _plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def worksheet_pdf(
    problem: Problem, paper: Paper = "a4", owner: str | None = None, layout: SheetLayout = COMPACT
) -> bytes:
    """Make the worksheet as a PDF whose form fields bear the canonical names."""
    from exercises.printing.press.press import print_pdf

    page = marked_worksheet(problem, paper, owner, layout)
    return print_pdf(page, forms=True, keywords=keywords(problem))


def keywords(problem: Problem) -> tuple[str, ...]:
    """Give what tells our PDFs from others: `byhand` and the problem's code."""
    return CODE_KEYWORD, problem.code


def dressing(paper: Paper) -> dict[str, Any]:
    """Gather what any page's template needs: paper and style."""
    if paper not in metrics.PAGE:
        raise ValueError(paper)
    return {"paper": paper, "style": trusted(style())}


def header(problem: Problem, paper: Paper, layout: SheetLayout = COMPACT) -> dict[str, Any]:
    """Gather what every sheet's template needs: paper, style, title, code, diagram."""
    drawn, figure = _figure(problem, paper, roomy=layout.roomy)
    return {
        **dressing(paper),
        "drawn": drawn,
        "task": trusted(kinds_on_pages.task(problem)),
        "worked": worked(problem),
        "title": _heading(problem),
        "code": problem.code,
        "subject": "the chain rule" if problem.plan.function else f"a {problem.network.title} network",
        "count": counted(problem),
        "diagram": trusted(figure),
    }


@once
def _figure(problem: Problem, paper: Paper, *, roomy: bool) -> tuple[float, str]:
    """The drawings of a sheet, one above the other, and how tall they are together."""
    function = problem.plan.function
    drawings = [warmup_drawing.draw(problem, function)] if function else _of_network(problem)
    scales = [min(1.0, metrics.TEXT_WIDTH / d.width) for d in drawings]
    tall = sum(d.height * scale for d, scale in zip(drawings, scales, strict=True))
    shrunk = min(1.0, TALLEST / tall)
    if len(drawings) > 1:  # a little smaller still, where that leaves room for the lines
        shrunk = min(shrunk, max(0.9, WITH_CHAIN / tall))
    if only_step(problem) or problem.kind.solution:
        shrunk *= min(
            SCALES, key=lambda scale: (_cost(problem, paper, tall * shrunk * scale, roomy=roomy), -scale)
        )
    scales = [scale * shrunk for scale in scales]
    parts = [
        slot(render("diagram.svg", d=figures(d), scale=scale))
        for d, scale in zip(drawings, scales, strict=True)
    ]
    return tall * shrunk + metrics.FIGURE_BETWEEN * (len(parts) - 1), "".join(parts)


def _cost(problem: Problem, paper: Paper, drawn: float, *, roomy: bool) -> tuple[int, int, bool]:
    """What a drawing so tall does to the rest: pages, those that begin within a solution or with it, low rows."""
    spread, pages = _paged(problem, paper, drawn, roomy=roomy)
    parted = sum(piece.number in pages.starts for piece in spread[0][1])
    return len(pages.starts), parted, pages.row < ROOMY


def _of_network(problem: Problem) -> list[Drawing]:
    """The network, and the chains of weights that are asked."""
    return [diagram.draw(problem), *draw_chains(problem)]


def _heading(problem: Problem) -> str:
    return (problem.title or titled(problem)).replace("'", "’")


def titled(problem: Problem) -> str:
    """What a sheet without a title of its own is called."""
    return kinds_on_pages.title(problem)
