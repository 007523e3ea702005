"""Making problems, worksheets and keys, file beside file under names that sort."""

from __future__ import annotations

import os
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answer_keys.draw_problems import draw_problems
from answer_keys.key_page import key_html, key_pdf
from answer_keys.keyfile import to_json
from answer_keys.solution import solve
from exercises.common.files import make_secret_folder, write
from exercises.common.stopping import counted
from exercises.drawing.draw import TOGETHER
from exercises.networks.kinds import kind_of
from exercises.pages.sheet_layout import COMPACT
from exercises.pages.worksheet_page import worksheet_html, worksheet_pdf
from exercises.problems import problem_writer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor
    from pathlib import Path

    from answer_keys.draw_problems import DrawnProblem
    from answer_keys.drawing_services import DrawingServices
    from answer_keys.solution import Solution
    from exercises.drawing.draw import Order
    from exercises.pages.answer_template import TemplateForm
    from exercises.pages.row_widths import Paper
    from exercises.pages.sheet_layout import SheetLayout
    from exercises.paper.sheet import PaperSheet, Purpose

SPREAD_FROM = 3 * TOGETHER  # fewer are done before other processes have started


@dataclass(frozen=True, slots=True)
class Batch:
    """What is to be made: `count` problems drawn from `seed`, each with its files in `out`.

    services: what says which numbers tell mistakes apart; without it the first good ones are taken.
    """

    order: Order
    seed: str
    count: int
    out: Path
    paper: Paper
    services: DrawingServices | None = None
    html: bool = False
    purpose: Purpose = "screen"
    templates: tuple[TemplateForm, ...] = ()
    layout: SheetLayout = COMPACT

    def make(self, first: int, last: int) -> Iterator[str]:
        """Make the problems with these numbers and all between; what each one's files are called."""
        from exercises.printing.press.press import for_one

        seeds = [f"{self.seed}/{number}" for number in range(first, last + 1)]
        plan = self.order.plan
        name = plan.kind if kind_of(plan).functions else self.order.network.title
        digits = max(2, len(str(self.count)))
        for number, drawn in enumerate(draw_problems(self.order, seeds, self.services), first):
            stem = f"{name}-{number:0{digits}}-{drawn.problem.code}"
            with for_one() if self.count == 1 else nullcontext():
                write_all(
                    drawn,
                    self.out,
                    stem,
                    self.paper,
                    self.purpose,
                    seed=self.seed,
                    html=self.html,
                    templates=self.templates,
                    layout=self.layout,
                )
            yield stem


def produce(
    order: Order,
    seed: str,
    count: int,
    out: Path,
    paper: Paper,
    *,
    purpose: Purpose = "screen",
    services: DrawingServices | None = None,
    html: bool,
    templates: tuple[TemplateForm, ...] = (),
    layout: SheetLayout = COMPACT,
    executor: Executor | None = None,
) -> int:
    """Draw `count` problems from `seed` and write each with its worksheet and key; how many were made.

    services:  as for `Batch`.
    executor: who does it, if not this process, or a process for each processor where there is much to do; the
              files do not depend on it.

    Raises ByhandError where numbers cannot be drawn or a file cannot be written.
    """
    make_secret_folder(out)
    batch = Batch(order, seed, count, out, paper, services, html, purpose, templates, layout)
    rest = f"--seed {seed} with the same options makes the same problems from the beginning"
    with counted("drawing and printing", count, rest) as done:
        for made in _made(batch, executor):
            done(made)
    return count


def _made(batch: Batch, executor: Executor | None) -> Iterator[int]:
    """Make all of a batch; how many more are done, from time to time."""
    alone = batch.count < SPREAD_FROM or os.cpu_count() == 1
    if executor is None and alone:
        for _ in batch.make(1, batch.count):
            yield 1
        return
    parts = [
        (batch, first, min(first + TOGETHER - 1, batch.count))
        for first in range(1, batch.count + 1, TOGETHER)
    ]
    from exercises.common.processes import spread

    yield from spread(_make, parts, executor)


def _make(batch: Batch, first: int, last: int) -> int:
    """Make a part of a batch, in whatever process."""
    return sum(1 for _ in batch.make(first, last))


def _on_paper(solution: Solution, paper: Paper, purpose: Purpose, layout: SheetLayout) -> PaperSheet:
    """A sheet for paper; one to copy has the right numbers beside their cells."""
    from exercises.paper.copying import copy_sheet
    from exercises.paper.sheet import paper_sheet

    problem = solution.problem
    right = {step.quantity.name: solution.shown(step.quantity) for step in problem.graph.asked_steps}
    if purpose == "copy":
        return copy_sheet(problem, right, paper)
    return paper_sheet(problem, paper, layout=layout, fillable=purpose == "both")


def write_all(
    drawn: DrawnProblem,
    out: Path,
    stem: str,
    paper: Paper,
    purpose: Purpose = "screen",
    *,
    seed: str | None,
    html: bool,
    templates: tuple[TemplateForm, ...] = (),
    layout: SheetLayout = COMPACT,
    spared: Path | None = None,
) -> None:
    """The files of one problem; `spared` is left as it is, should it be one of them.

    templates: the forms of the sheets to type into that are written beside.
    """
    problem, note = drawn.problem, drawn.note
    solution = solve(problem)
    sheet = None if purpose == "screen" else _on_paper(solution, paper, purpose, layout)
    texts = {
        out / f"{stem}.toml": problem_writer.write(problem),
        out / f"{stem}-key.json": to_json(solution, seed, drawn.coincide, sheet.where if sheet else None),
    }
    for path, text in texts.items():
        if spared is None or path.resolve() != spared.resolve():
            write(path, text, secret=path.suffix == ".json")
    kind = "copy-sheet" if purpose == "copy" else "worksheet"
    write(out / f"{stem}-{kind}.pdf", sheet.pdf if sheet else worksheet_pdf(problem, paper, layout=layout))
    write(out / f"{stem}-key.pdf", key_pdf(solution, paper, note, ranges=drawn.ranges), secret=True)
    if templates:
        from exercises.pages.answer_template import template
    for form in templates:
        write(out / f"{stem}-answers.{form}", template(problem, form))
    if html:
        from exercises.printing.on_screen import on_screen

        write(out / f"{stem}-worksheet.html", on_screen(worksheet_html(problem, paper, layout=layout)))
        key = on_screen(key_html(solution, paper, note, ranges=drawn.ranges))
        write(out / f"{stem}-key.html", key, secret=True)
