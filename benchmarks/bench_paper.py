"""Sheets printed, filled in by held-out hands, captured four ways, and taken through the whole of the product.

    python benchmarks/bench_paper.py DATA --writers 5 --sheets 2

DATA is the folder with `pen.npz`. Each page goes as a JPEG to the reader of stacks, turned at random; then its sheet is
put together, read and graded. Counted are pages found, codes read and read wrongly, numbers read without a person and
read as others, right sheets on which a line is called wrong, and seconds of the processor for a page.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.bench_handwriting import filled, hash_of, tidy  # noqa: E402
from benchmarks.cameras import CAPTURES, capture  # noqa: E402
from benchmarks.hands import hands  # noqa: E402
from grader.answers.unsure import MARK  # noqa: E402
from grader.feedback.report import grade  # noqa: E402
from grader.files.forms import scan  # noqa: E402
from grader.stacks.submissions import from_paper  # noqa: E402


def as_jpeg(picture: object, turn: int) -> bytes:
    """A picture as a file, turned by quarters."""
    out = io.BytesIO()
    picture.rotate(90 * turn, expand=True).save(out, "JPEG", quality=92)  # type: ignore[attr-defined]
    return out.getvalue()


def measure(sheet: object, how: str, rng: np.random.Generator, counts: Counter[str]) -> None:
    """Take one sheet through everything, and count."""
    problem, code = sheet.problem, sheet.problem.code  # type: ignore[attr-defined]
    paper = {"size": [210.0, 297.0], "pages": len(sheet.pages), "cells": sheet.where, "boxes": {}}  # type: ignore[attr-defined]
    parts = []
    for number, page in enumerate(sheet.pages, 1):  # type: ignore[attr-defined]
        picture, _ = capture(page, how, rng)
        data = as_jpeg(picture, int(rng.integers(4)))
        began = time.process_time()
        stack = scan.read_stack(data, f"sheet-{number}.jpg", {code: paper})
        counts["cpu ms"] += round(1000 * (time.process_time() - began))
        counts["pages"] += 1
        counts["found"] += bool(stack.parts)
        counts["wrong code"] += bool(stack.strangers) or any(part["page"] != number for part in stack.parts)
        if not stack.parts:
            print(f"  {how}: {'; '.join(stack.complaints)}")
        parts += stack.parts
    if not parts:
        return
    ((submission, _),), said = from_paper(problem, parts, paper, {})
    counts["pages hard to read"] += len(said)
    found = {q.name: text for q, text in submission.texts.items()}
    for name, text in sheet.texts.items():  # type: ignore[attr-defined]
        if not any(part["page"] == sheet.where[name]["page"] for part in parts):  # type: ignore[attr-defined]
            continue
        counts["numbers"] += 1
        read = found.get(name, "")
        counts["to a person"] += read.startswith(MARK)
        if not read.startswith(MARK):
            counts["read"] += 1
            if not read or float(read) != float(tidy(text)):
                counts["read wrongly"] += 1
                print(f"  {how}: {name} {text} read as {read or 'nothing'}")
    if sheet.right:  # type: ignore[attr-defined]
        counts["right sheets"] += 1
        (report,) = grade(problem, [submission])
        counts["of them accused"] += any(answer.verdict == "wrong" for answer in report.answers)


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--writers", type=int, default=99)
    parser.add_argument("--sheets", type=int, default=2)
    parser.add_argument("--part", default="proof")
    parser.add_argument("--capture", nargs="*", default=CAPTURES)
    told = parser.parse_args()
    tallies: dict[str, Counter[str]] = {how: Counter() for how in told.capture}
    for hand in hands(told.data, told.part)[: told.writers]:
        for n in range(told.sheets):
            sheet = filled(hand, n, slips=n % 2 == 0)
            for how in told.capture:
                measure(sheet, how, np.random.default_rng(hash_of(hand.name, n, how, "paper")), tallies[how])
    for how, counts in tallies.items():
        print(f"{how}: " + ", ".join(f"{name} {count}" for name, count in counts.items()))


if __name__ == "__main__":
    main()
