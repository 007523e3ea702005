"""What was read in a file, for whoever wrote it: each line with its place, and what was left over. Nothing is judged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from answer_keys import published
from answer_keys.problems import load
from exercises.common.errors import ByhandError, FileError
from exercises.pages.sheet_sections import sections
from grader.answers.names import Names
from grader.answers.numbers import Typed, Unreadable, clean
from grader.answers.read_sheet import read_sheet
from grader.answers.unsure import for_people
from grader.files.extraction.decode import MAX_BYTES, decode
from grader.files.guarded.guard import unpack
from grader.files.labels.identity import CODE, code_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from exercises.problems.problem import Problem
    from grader.files.extraction.submission import Submission

MAX_BESIDE = 200  # problems that are looked at in the folder of a file
_WIDEST = 44  # characters of an answer that are shown


def told_by(file: Path, problem: str | None) -> Problem:
    """The problem that is named, or whose code stands in the file. Raises FileError if neither tells."""
    if problem is not None:
        return load(problem)
    codes = _codes(file)
    for name in (*published.names(), *map(str, _beside(file))) if codes else ():
        try:
            found = load(name)
        except ByhandError:
            continue
        if found.code in codes:
            return found
    what = (
        f"no problem with the code {' or '.join(sorted(codes))} is known here"
        if codes
        else "no code stands in it"
    )
    raise FileError(f"{file}: {what}; name the problem too: byhand read {file} PROBLEM")


def _beside(file: Path) -> Iterator[Path]:
    """The keys and problem files in the folder of a file."""
    try:
        found = sorted(p for p in file.absolute().parent.iterdir() if p.name.endswith((".toml", "-key.json")))
    except OSError:
        return
    yield from found[:MAX_BESIDE]


def _codes(file: Path) -> set[str]:
    """The codes in a file: in its text, or on the pages and in the fields of a PDF."""
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES)
    except (OSError, ValueError):
        return set()
    text = decode(data[:1_000_000])
    if data.startswith(b"%PDF-"):
        content = unpack("words", data)
        pages = () if isinstance(content, str) else content["pages"]
        text = " ".join(word[0] for page in pages for word in page["words"])
    told = {code_in(line) for line in text.splitlines()[:2_000]}
    return (told | set(CODE.findall(text))) - {""}


def as_json_lines(submission: Submission) -> str:
    """One student's sheet as read, as a line of JSON."""
    plain = {
        "student": clean(submission.student),
        "code": submission.code,
        "answers": {
            q.name: submission.reads.get(
                q.name, {"text": clean(for_people(text)), "where": "", "by": submission.by}
            )
            for q, text in submission.texts.items()
            if text.strip()
        },
        "left_over": list(submission.not_read or ()),
        "remarks": list(submission.remarks),
    }
    return json.dumps(plain, ensure_ascii=False)


def as_text(submission: Submission, problem: Problem) -> str:
    """One student's sheet as read, line by line in the order of the worksheet, then what was left over."""
    read = read_sheet(submission.texts, Names(problem)).answers
    out = [f"{submission.student}: as read"]
    for section in sections(problem):
        out += ["", section.title]
        for step in section.steps:
            q = step.quantity
            text = clean(for_people(submission.texts.get(q, "")))
            where = submission.places.get(q, "")
            out.append(
                f"  {problem.label(q).text:<14} {_shown(text, read.get(q)):<{_WIDEST}} {where}".rstrip()
            )
    if submission.remarks:
        out += ["", *submission.remarks]
    if submission.left_over:
        out += ["", "Not read:"]
        out += [f"  {one.where}: {one.text}" for one in submission.left_over]
    return "\n".join(out)


def _shown(text: str, answer: object) -> str:
    if not text:
        return "–"
    short = text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"
    if isinstance(answer, Typed):
        number = f"{answer.value:f}"
        return short if number == text.replace("−", "-") else f"{number}   ({short})"[:_WIDEST]
    return f"? {short}: {answer.reason}"[: 2 * _WIDEST] if isinstance(answer, Unreadable) else short
