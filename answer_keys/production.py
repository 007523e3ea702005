"""Making problems, worksheets and keys, file beside file under names that sort."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answer_keys.key_page import key_html, key_pdf
from answer_keys.keyfile import to_json
from answer_keys.solution import solve
from exercises import problem_writer
from exercises.draw import Order, draw
from exercises.files import make_folder, write
from exercises.page import worksheet_html, worksheet_pdf

if TYPE_CHECKING:
    from pathlib import Path

    from exercises.page import Paper
    from exercises.problem import Problem

PROGRESS_FROM = 4  # fewer are done before a bar could be read


def produce(order: Order, seed: str, count: int, out: Path, paper: Paper, *, html: bool) -> int:
    """Draw `count` problems from `seed` and write each with its worksheet and key; how many were made.

    Raises ByhandError where numbers cannot be drawn or a file cannot be written.
    """
    from rich.console import Console
    from rich.progress import Progress

    make_folder(out)
    digits = max(2, len(str(count)))
    with Progress(console=Console(stderr=True), transient=True, disable=count < PROGRESS_FROM) as progress:
        task = progress.add_task("drawing and printing", total=count)
        for number in range(1, count + 1):
            problem = draw(order, f"{seed}/{number}", lambda p: solve(p).values)
            stem = f"{order.network.title}-{number:0{digits}}-{problem.code}"
            write_all(problem, out, stem, paper, seed=seed, html=html)
            progress.advance(task)
    return count


def write_all(problem: Problem, out: Path, stem: str, paper: Paper, *, seed: str, html: bool) -> None:
    """The files of one problem."""
    solution = solve(problem)
    write(out / f"{stem}.toml", problem_writer.write(problem))
    write(out / f"{stem}-key.json", to_json(solution, seed))
    write(out / f"{stem}-worksheet.pdf", worksheet_pdf(problem, paper))
    write(out / f"{stem}-key.pdf", key_pdf(solution, paper))
    if html:
        write(out / f"{stem}-worksheet.html", worksheet_html(problem, paper))
        write(out / f"{stem}-key.html", key_html(solution, paper))
