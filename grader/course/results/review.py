"""The page on which a person reads what the machine could not, and glances over what it did read: `review.html`.

It needs no server, and nothing on it tells which reading is the key's: candidates stand in the order of their size.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

import templates
from exercises.common.files import write
from exercises.pages.rendering import render, trusted
from grader.answers.unsure import MARK
from grader.course.placing.by_eye import NAME
from grader.course.placing.placed import SheetStatus
from grader.stacks.cutouts import SMALL, address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from exercises.problems.problem import Problem
    from grader.course.placing.placed import Placed
    from grader.course.results.records import Results

    Lines = Mapping[tuple[str, str], Any]  # of each sheet on paper, by its file and place

PAGE = "review.html"


def write_review(out: Path, results: Results, lines: Lines) -> int:
    """Write the page for the sheets on paper that count; how many lines a person has to read.

    Where nothing came on paper no page is written. Raises FileError if it cannot be written.
    """
    if not lines:
        return 0
    items = [
        item
        for one in results.files
        if one.status is SheetStatus.GRADED
        for item in _items(one, results, lines.get((one.sheet.file, one.sheet.place), {}))
    ]
    return write_page(out, items)


def _items(one: Placed, results: Results, lines: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    by_eye = {
        name: one.sheet.answers.get(name, "") for name, line in one.sheet.read.items() if "machine" in line
    }
    student = one.student.shown if one.student else ""
    return items_of(results.course.known_problems.problems[one.code], lines, by_eye, student, one.exercise)


def write_page(out: Path, items: list[dict[str, Any]]) -> int:
    """Write the page for what `items_of` gives; how many lines a person has to read. Raises FileError."""
    items = sorted(items, key=lambda item: (not item["open"], item["like"], item["student"]))
    text = json.dumps(items, ensure_ascii=False).replace(
        "<", "\\u003c"
    )  # no name may end the script, or begin one
    script = (templates.FOLDER / "review.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    html = render("review.html", items=trusted(text), script=trusted(script), digest=digest, name=NAME)
    write(out / PAGE, html)
    return sum(item["open"] for item in items)


def waiting(out: Path, count: int) -> str:
    """The sentence that says so."""
    return f"{count} {'line' if count == 1 else 'lines'} of handwriting to read: open {out / PAGE}"


def items_of(
    problem: Problem, lines: Mapping[str, Any], by_eye: Mapping[str, str], student: str, exercise: str = ""
) -> Iterator[dict[str, Any]]:
    """What the page shows of one sheet.

    lines:  of the sheet, by canonical name, as plain values of `PaperLine`.
    by_eye: what a person read on some of them.
    """
    labels = {step.quantity.name: problem.label(step.quantity).text for step in problem.graph.steps}
    for name, line in lines.items():
        if not line["picture"] or not line["text"]:
            continue
        text = by_eye.get(name, line["text"])
        is_open = text.startswith(MARK)
        likely = [number for number, _ in line["candidates"]]
        yield {
            "file": line["file"],
            "place": line["place"],
            "quantity": name,
            "label": labels.get(name, name),
            "student": student,
            "exercise": exercise,
            "open": is_open,
            "why": text.removeprefix(MARK) if is_open else "",
            "text": "" if is_open else text,
            "person": name in by_eye,
            "like": likely[0] if likely else f"~{name}",
            "choices": sorted(likely, key=_size),
            "picture": address(line["picture"], 1.0 if is_open else SMALL),
        }


def _size(number: str) -> float:
    try:
        return float(number)
    except ValueError:
        return 0.0
