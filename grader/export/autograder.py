"""What runs on Gradescope: reads one submission, grades it, writes results.json.

    python -m grader.export.autograder ROOT

ROOT is /autograder there: ROOT/source holds the bundle, ROOT/submission what the student handed in, and
ROOT/results/results.json is what Gradescope shows: a total, and a test for each line with its marks and what
is said of it. A line that leaves nothing to judge does not count, so the total is the share of what could be
judged, of the points of a full sheet.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answer_keys.problems import load
from exercises.pages.captions import link_name
from exercises.pages.marks import marks
from grader.feedback.report import grade
from grader.files.collect import collect
from grader.files.guarded.guard import unpack
from grader.files.labels.identity import CODE
from grader.files.registry import form_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from exercises.problems.problem import Problem
    from grader.feedback.report_records import Answer, Report
    from grader.files.extraction.submission import Submission

PROBLEMS = "problems"
SETTINGS = "settings.json"
LARGEST = 2_000_000  # bytes of a file that is searched for a code
PLACES = 4  # of a score
SENTENCES = 8  # of one sort that are shown
_PASSED = frozenset({"correct", "follows", "not-assessed"})
_WORDS = {
    "correct": "Right.",
    "follows": "Right, from your own earlier numbers.",
    "missing": "Left empty.",
    "not-assessed": "Nothing to judge here; not counted.",
}
_HELP = (
    "Hand in the worksheet PDF with its form filled in, or a text file with lines “name = value”, such as "
    "a3 = 0.3775."
)
_WHICH = (
    "Which problem is this? Put the code that stands at the top right of your worksheet, such as AB12-CD34, into "
    "the name of the file or on a line of its own."
)


def main(root: Path) -> None:
    """Grade what lies in ROOT/submission."""
    source = root / "source"
    settings = json.loads((source / SETTINGS).read_text(encoding="utf-8"))
    problems = [load(str(path)) for path in sorted((source / PROBLEMS).glob("*.toml"))]
    found = results(problems, root / "submission", settings)
    out = root / "results"
    out.mkdir(parents=True, exist_ok=True)
    (out / "results.json").write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


def results(problems: Sequence[Problem], folder: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """What Gradescope is told about one submission."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and not _is_litter(p.relative_to(folder)))
    read: list[tuple[Problem, Submission]] = []
    complaints: list[str] = []
    for problem in _meant(problems, files):
        reading = collect(files, problem)
        complaints += [c.replace(f"{folder}/", "") for c in reading.complaints]
        read += [(problem, submission) for submission in reading.submissions]
    other = _of_another(problems, files) if not any(submission.texts for _, submission in read) else ""
    if other or not read:
        several = len(problems) > 1 and files
        said = (
            [other]
            if other
            else _few(dict.fromkeys([*complaints, _WHICH if several and not complaints else _HELP]))
        )
        return {"score": 0.0, "output": "\n".join(said), "output_format": "text", "tests": []}
    problem, submission = max(read, key=lambda pair: len(pair[1].texts))
    report = grade(problem, [submission], hints=settings["hints"])[0]
    more = [f"{name} was read too, but not graded." for name in _others(read, submission)]
    return _shown(problem, report, settings, [*complaints, *more])


def _few(said: Iterable[str]) -> list[str]:
    """So many sentences as anybody reads."""
    every = list(said)
    return every if len(every) <= SENTENCES else [*every[:SENTENCES], f"… and {len(every) - SENTENCES} more."]


def _of_another(problems: Sequence[Problem], files: Sequence[Path]) -> str:
    """What to tell whoever hands in the worksheet of a problem that is not graded here; empty where nobody does."""
    ours = {problem.code for problem in problems}
    for path in files:
        content = unpack("pdf", path.read_bytes()) if path.suffix.lower() == ".pdf" else ""
        codes = [] if isinstance(content, str) else CODE.findall(content["info"])
        if codes and not ours & set(codes):
            wanted = " or ".join(sorted(ours)[:3]) if len(ours) <= 3 else "one of this assignment"  # noqa: PLR2004
            return (
                f"{path.name} is the worksheet of problem {codes[0]}, which is not graded here: hand in that of "
                f"problem {wanted}; the code stands at the top right of the page."
            )
    return ""


def _meant(problems: Sequence[Problem], files: Sequence[Path]) -> Sequence[Problem]:
    """The problems that the files may belong to: the only one, or those whose code is named in a file."""
    if len(problems) == 1:
        return problems
    small = [path for path in files if path.stat().st_size <= LARGEST]
    texts = [path.name.upper() for path in files]
    texts += [path.read_bytes().decode("utf-8", "replace").upper() for path in small]
    named = [problem for problem in problems if any(problem.code in text for text in texts)]
    return named or [p for p in problems if any(_is_packed(path) for path in files)]


def _is_packed(path: Path) -> bool:
    """Whether codes in a file can only be seen by reading it."""
    form = form_of(path.suffix.lower())
    return form is not None and not form.plain


def _is_litter(path: Path) -> bool:
    """Whether a file is one that systems leave behind in archives."""
    return any(part.startswith((".", "__", "~$")) for part in path.parts)


def _others(read: Sequence[tuple[Problem, Submission]], graded: Submission) -> list[str]:
    names = (Path(submission.origin).name for _, submission in read if submission is not graded)
    return list(dict.fromkeys(names))


def _shown(problem: Problem, report: Report, settings: dict[str, Any], said: list[str]) -> dict[str, Any]:
    """A report as Gradescope takes it."""
    points = settings["points"] or float(marks(problem))
    share = report.score / report.out_of if report.out_of else 0.0
    total = round(points * share, PLACES)
    counted = f"{report.score:g} of {report.out_of:g} marks that could be judged"
    first = report.first_wrong
    lines = [f"{problem.title or 'Problem'} {problem.code}: {counted}, {total:g} of {points:g} points."]
    lines += [f"The first line that went wrong is {first.label}. Start there."] if first else []
    unread = [f"{a.label}: “{a.submitted}” could not be read; it counts nothing." for a in report.unreadable]
    return {
        "score": total,
        "output": "\n".join([*lines, *_few(unread), *report.remarks, *_few(said)]),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(a, settings["visibility"]) for a in report.answers],
    }


def _test(answer: Answer, visibility: str) -> dict[str, Any]:
    """One line as a test."""
    written = f"You wrote {answer.submitted}. " if answer.submitted else ""
    return {
        "name": f"{answer.label}, {link_name(answer.quantity, answer.link)}",
        "name_format": "text",
        "score": answer.credit,
        "max_score": answer.out_of,
        "status": "passed" if answer.verdict in _PASSED else "failed",
        "output": written + (answer.feedback or _WORDS.get(answer.verdict, "")),
        "output_format": "text",
        "tags": [answer.link, *(m.code for m in answer.mistakes[:1])],
        "visibility": visibility,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
