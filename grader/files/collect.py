"""Collecting submissions from files, folders and standard input; what cannot be read never stops the rest."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.answers.names import Names
from grader.answers.numbers import clean
from grader.files import links
from grader.files.extraction.decode import MAX_BYTES
from grader.files.extraction.source import Source
from grader.files.extraction.submission import Reading, Submission
from grader.files.guarded import cap
from grader.files.read import read, sniff
from grader.files.registry import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from exercises.problems.problem import Problem

STANDARD_INPUT = "-"


def collect(paths: Sequence[Path], problem: Problem, paper: Mapping[str, Any] | None = None) -> Reading:
    """Everything handed in for one problem, in the order of the paths; folders are looked into, `-` is stdin.

    paper: where everything lies on the problem's sheet for paper, as its key says. Pages of such sheets are not put
           together yet.
    """
    out = Reading()
    begun = cap.used()
    for found in _readings(paths, problem, paper, out):
        before = len(out.submissions)
        out.complaints += found.complaints
        out.parts += found.parts
        for submission in found.submissions:
            if submission.code and submission.code != problem.code:
                out.complaints.append(
                    f"{clean(submission.origin, 200)}: this sheet belongs to problem {submission.code}, "
                    f"not to {problem.code}; not graded"
                )
            else:
                out.submissions.append(submission)
        begun, ended = cap.used(), begun
        out.held.append((len(out.submissions) - before, begun - ended))
    _mark_twins(out)
    return out


def _readings(
    paths: Sequence[Path], problem: Problem, paper: Mapping[str, Any] | None, out: Reading
) -> Iterator[Reading]:
    for path in paths:
        if str(path) == STANDARD_INPUT:
            yield _standard_input(problem, paper)
            continue
        for file in _files(path, out, len(paths)):
            yield read(file, problem, paper)


def _standard_input(problem: Problem, paper: Mapping[str, Any] | None) -> Reading:
    """What is piped in: lines, JSON, a table, or a whole file of another form."""
    source = Source(Path("standard input"), problem, Names(problem), paper)
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    except (OSError, ValueError, AttributeError):
        return Reading(complaints=["standard input: cannot be read"])
    return sniff(data, source)


def _files(path: Path, out: Reading, of: int) -> Iterator[Path]:
    try:
        if wrong := links.named(path, of):
            out.complaints.append(f"{clean(str(path), 200)}: {wrong}")
            return
        if not path.is_dir():
            if path.exists():
                yield path
            else:
                out.complaints.append(f"{clean(str(path), 200)}: no such file or folder")
            return
        found = [p for p in _listed(path, out) if p.is_file()]
    except OSError as error:
        out.complaints.append(f"{clean(str(path), 200)}: cannot be read ({error.strerror})")
        return
    readable = [p for p in found if p.suffix.lower() in SUFFIXES]
    for other in (p for p in found if p.suffix.lower() not in SUFFIXES):
        out.complaints.append(f"{clean(str(other), 200)}: not a form of submission that can be read; skipped")
    if not readable:
        out.complaints.append(f"{clean(str(path), 200)}: no submissions in this folder")
    yield from readable


def _listed(folder: Path, out: Reading) -> Iterator[Path]:
    """What lies in a folder, in order, but for what is hidden; links are named."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")):
            continue
        wrong = "" if path.is_dir() and not path.is_symlink() else links.refused(path, folder)
        if wrong:
            out.complaints.append(f"{clean(str(path), 200)}: {wrong}")
        else:
            yield path


def _mark_twins(out: Reading) -> None:
    """Two submissions by one student are both graded, and it is said."""
    seen: dict[str, Submission] = {}
    for submission in out.submissions:
        earlier = seen.get(submission.student)
        if earlier is not None:
            out.complaints.append(
                f"{clean(submission.origin, 200)}: a second submission by {submission.student}, "
                f"after {clean(earlier.origin, 200)}; both are graded"
            )
        seen[submission.student] = submission
