"""The report for people on a terminal: who, how much, where it broke, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from exercises.formulas.typeset import MINUS
from exercises.pages.captions import link_name
from grader.diagnosis.explain import TIE
from grader.feedback.earning import LOOK
from grader.feedback.sheet_numbers import SURE
from grader.handback.verdict_marks import SIGNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.problems.problem import Problem
    from grader.answers.numbers import Unreadable
    from grader.feedback.report_records import Answer, NamedMistake, Report

MARKS = {
    "correct": (SIGNS["correct"], "green"),
    "follows": (SIGNS["follows"], "yellow"),
    "wrong": (SIGNS["wrong"], "bold red"),
    "missing": (SIGNS["missing"], "dim"),
    "unreadable": (SIGNS["unreadable"], "magenta"),
    "not-assessed": (SIGNS["not-assessed"], "dim"),
}
WORDS = {
    "correct": "right",
    "follows": "follows from an earlier slip",
    "wrong": "broken step",
    "missing": "left blank",
    "unreadable": "a person must look",
    "not-assessed": "not assessed",
}
FULL = 3  # with more submissions than this only the broken lines are listed


def show(problem: Problem, reports: list[Report], console: Console | None = None) -> None:
    """Print the reports of one problem."""
    out = console or Console(highlight=False)
    if len(reports) > FULL:
        _overview(out, reports)
    for report in reports:
        _one(out, report, whole=len(reports) <= FULL)
    if reports:
        legend = Text(
            "  ".join(f"{MARKS[v][0]} {WORDS[v]}" for v in MARKS if _occurs(v, reports)), style="dim"
        )
        out.print(legend)
    del problem


def _kind(answer: Answer) -> str:
    return link_name(answer.quantity, answer.link)


def _occurs(verdict: str, reports: list[Report]) -> bool:
    return any(a.verdict == verdict for r in reports for a in r.answers)


def number(value: float) -> str:
    """A mark without needless decimals."""
    return f"{value:g}"


def likeliest(mistakes: Sequence[NamedMistake]) -> list[str]:
    """The name of the likeliest mistake, where it is likely, and of the next where it fits about as well."""
    likely = bool(mistakes) and mistakes[0].probability >= SURE
    names = [m.name for m in mistakes[:2] if m.probability >= TIE] if likely else []
    return list(dict.fromkeys(names))


def _overview(out: Console, reports: list[Report]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, justify in (
        ("student", "left"),
        ("mark", "right"),
        ("out of", "right"),
        ("first broken step", "left"),
    ):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for report in reports:
        first = report.first_wrong
        broke = f"{first.label} ({_kind(first)})" if first else "–"
        table.add_row(Text(report.student), number(report.score), number(report.out_of), broke)
    out.print(table)
    out.print()


def _one(out: Console, report: Report, *, whole: bool) -> None:
    head = Text()
    head.append(report.student, style="bold")
    head.append(f"   {number(report.score)} / {number(report.out_of)}", style="bold")
    if report.strict_score != report.score:
        head.append(f"   (right by the key alone: {number(report.strict_score)})", style="dim")
    head.append(f"   {report.problem}", style="dim")
    out.print(head)
    if LOOK in report.flags:
        out.print(
            Text(
                "  look: copied or other wrong numbers earn nothing here; a person should look",
                style="magenta",
            )
        )
    if whole:
        _lines(out, report.answers)
    for answer in report.answers:
        if answer.verdict in ("wrong", "unreadable"):
            mark, style = MARKS[answer.verdict]
            name = ", or ".join(likeliest(answer.mistakes))
            out.print(
                Text(f"{mark} {answer.label}  {_kind(answer)}{': ' + name if name else ''}", style=style)
            )
            _picture(out, answer.unread)
            out.print(Padding(Text(answer.feedback), (0, 0, 0, 2)))
    for remark in report.remarks:
        out.print(Text(f"  {remark}", style="dim"))
    out.print()


def _picture(out: Console, unread: Unreadable | None) -> None:
    """What was typed, with a caret below the place that could not be read."""
    if unread is None or unread.offset < 0:
        return
    room = max(20, out.width - 8)
    picture = Text(unread.caret(room), no_wrap=True)
    out.print(Padding(picture, (0, 0, 0, 4)))


def _lines(out: Console, answers: Sequence[Answer]) -> None:
    """Every line in three columns, as many as fit a page of a terminal."""
    table = Table.grid(padding=(0, 1))
    columns = 3
    for _ in range(columns):
        table.add_column()
        table.add_column(justify="right")
        table.add_column()
    rows = -(-len(answers) // columns)
    for row in range(rows):
        cells: list[Text] = []
        for answer in answers[row::rows]:
            mark, style = MARKS[answer.verdict]
            typed = (answer.submitted or "").rpartition("=")[2].strip().replace("-", MINUS)[:16]
            cells += [Text(f"{mark} {answer.label}", style=style), Text(typed), Text("  ")]
        table.add_row(*cells)
    out.print(Padding(table, (0, 0, 0, 2)))
