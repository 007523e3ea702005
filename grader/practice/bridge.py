"""All that the page calls: texts in, the report of `byhand grade --json` out. Plain strings, for JavaScript's sake."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from exercises.problems import problem_file
from grader.answers.names import Names
from grader.answers.numbers import clean
from grader.feedback.report import grade
from grader.files.extraction.source import Source
from grader.files.extraction.submission import Reading, Submission
from grader.files.read import read_bytes
from grader.files.registry import form_of, known_by_content
from grader.judging import kept

STUDENT = "you"
KEPT = 8  # problems that stay parsed


@lru_cache(maxsize=KEPT)
def _source(toml: str) -> Source:
    """The problem of a file's text. Raises ProblemError where it is none."""
    problem = problem_file.parse(toml, "practice")
    return Source(Path(STUDENT), problem, Names(problem))


def judge(toml: str, texts: str, *, hints: bool = False) -> str:
    """Grade what stands in the fields of a page, as a JSON object of texts by name; the report as JSON.

    The same as `byhand grade --json` of a `.json` file with this object in it, read by the same reader.
    """
    source = _source(toml)
    typed = {name: text for name, text in json.loads(texts).items() if text.strip()}
    data = json.dumps({"student": STUDENT, **typed}).encode()
    read = read_bytes(data, ".json", source).submissions
    (report,) = grade(source.problem, read or [Submission(STUDENT, STUDENT, {})], hints=hints)
    return report.as_line()


def read_sheet(toml: str, text: str, name: str = "") -> str:
    """Read a whole sheet that was pasted or dropped: texts by name, remarks, and what could not be read, as JSON.

    name: what the dropped file is called; a text that was pasted has none.
    """
    source = _source(toml)
    suffix = Path(name).suffix.lower()
    data = text.encode()
    forms = [form_of(suffix)] if suffix else known_by_content(data)
    if all(form is None or form.plain for form in forms):
        endings = [suffix] if suffix else [form.suffixes[0] for form in forms if form is not None]
        found = max((read_bytes(data, ending, source) for ending in endings), key=_fullest)
    else:  # opened in a process of its own, which a browser has not
        found = Reading(
            complaints=[f"{clean(name, 200) or 'This'}: no plain text; hand it in, or paste its lines"]
        )
    first = found.submissions[0] if found.submissions else None
    plain: dict[str, Any] = {
        "texts": {q.name: typed for q, typed in first.texts.items()} if first else {},
        "code": first.code if first else "",
        "remarks": list(first.remarks) if first else [],
        "complaints": found.complaints,
    }
    return json.dumps(plain, ensure_ascii=False)


def _fullest(reading: Reading) -> int:
    """How many lines the first sheet of a reading has: what is pasted is one student's."""
    return len(reading.submissions[0].texts) if reading.submissions else -len(reading.complaints)


def warm(toml: str, sample: str) -> None:
    """Judge a sample in every way that matters, so that what is made once has been made."""
    texts = json.loads(read_sheet(toml, sample))["texts"]
    texts["y3"] = "1/(1+e^-0.3) = 0,57"
    for hints in (False, True):
        judge(toml, json.dumps(texts), hints=hints)
    judge(toml, json.dumps({"a3": "x"}))


def forget() -> None:
    """Keep no problem in mind, and no line."""
    _source.cache_clear()
    kept.forget()
