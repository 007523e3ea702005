"""The page to hand back: the student's own sheet, each line marked, the broken ones explained."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from exercises import page
from exercises.files import make_folder, write
from exercises.pdf import write_pdf
from exercises.sheet import sections
from exercises.typeset import MINUS

if TYPE_CHECKING:
    from pathlib import Path

    from exercises.page import Paper
    from exercises.problem import Problem
    from grader.report import Report

PROGRESS_FROM = 4


def feedback_html(problem: Problem, report: Report, paper: Paper = "a4") -> str:
    """One student's page, all in one text."""
    content = report.content
    answers = {a["quantity"]: a for a in content["answers"]}
    first = content["first_error"]
    return page.render(
        "feedback.html",
        **page.header(problem, paper),
        student=content["student"],
        score=_number(content["score"]),
        strict_score=_number(content["strict_score"]),
        out_of=_number(content["out_of"]),
        first_error=_label(problem, first) if first else "",
        remarks=content["remarks"],
        sections=[
            (
                section.title,
                [
                    (group.caption, [_line(problem, answers[s.quantity.name]) for s in group.steps])
                    for group in section.groups
                ],
            )
            for section in sections(problem)
        ],
    )


def feedback_pdf(problem: Problem, report: Report, paper: Paper = "a4") -> bytes:
    """One student's page as a PDF."""
    return write_pdf(feedback_html(problem, report, paper), keywords=page.keywords(problem))


def _label(problem: Problem, name: str) -> Any:
    q = next(s.quantity for s in problem.graph.steps if s.quantity.name == name)
    return page.trusted(problem.label(q).html)


def _line(problem: Problem, answer: dict[str, Any]) -> dict[str, Any]:
    return {
        "label": _label(problem, answer["quantity"]),
        "submitted": (answer["submitted"] or "").replace("-", MINUS)[:40],
        "verdict": answer["verdict"],
        "credit": _number(answer["credit"]),
        "out_of": _number(answer["out_of"]),
        "feedback": [answer["feedback"]] if answer["feedback"] else [],
    }


def _number(value: float) -> str:
    return f"{value:g}"


def write_results(problem: Problem, reports: list[Report], out: Path, paper: Paper) -> None:
    """A feedback page (PDF and HTML) for each report, and all reports as JSON Lines."""
    from rich.console import Console
    from rich.progress import Progress

    make_folder(out)
    names = file_names(problem, reports)
    quiet = len(reports) < PROGRESS_FROM
    with Progress(console=Console(stderr=True), transient=True, disable=quiet) as progress:
        task = progress.add_task("writing feedback", total=len(reports))
        for report, name in zip(reports, names, strict=True):
            html = feedback_html(problem, report, paper)
            write(out / f"{name}.html", html)
            write(out / f"{name}.pdf", write_pdf(html, keywords=page.keywords(problem)))
            progress.advance(task)
    rows = "".join(json.dumps(r.content, ensure_ascii=False) + "\n" for r in reports)
    write(out / f"reports-{problem.code}.jsonl", rows)


def file_names(problem: Problem, reports: list[Report]) -> list[str]:
    """A safe file name for each report, each once: the student's name reduced to letters and digits."""
    seen: dict[str, int] = {}
    names = []
    for report in reports:
        stem = f"{slug(report.content['student'])}-{problem.code}-feedback"
        seen[stem] = seen.get(stem, 0) + 1
        names.append(stem if seen[stem] == 1 else f"{stem}-{seen[stem]}")
    return names


def slug(text: str) -> str:
    """Letters and digits of a name joined by hyphens, never empty, never a path."""
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\W_]+", "-", plain).strip("-").lower()[:60] or "unnamed"
