"""Reading the records of `byhand grade --json`: one line of JSON for each sheet, from files or folders."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from exercises.common.errors import FileError
from exercises.pages.captions import link_name
from grader.answers.numbers import clean
from grader.feedback.report_records import Report

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.feedback.report_records import Answer

RESULTS = "results.jsonl"  # what is taken from a folder of results
COURSE = "course.json"  # what is said there of the course
RIGHT = frozenset({"correct", "follows"})
JUDGED = RIGHT | {"wrong"}
CERTAIN = 0.5  # a mistake is counted under its name from this probability on
LONGEST = 60  # characters of an answer


@dataclass(frozen=True, slots=True)
class LineRecord:
    """One line of one sheet, as judged.

    quantity:    canonical name.
    label, link: as the record has them.
    verdict:     one of the six words of a report.
    credit, out_of: marks.
    code, mistake: of the likeliest mistake; empty if none is likely enough to be named.
    probability: of that mistake.
    submitted, feedback: what was written, and what was said of it; kept with a mistake only.
    """

    quantity: str
    label: str
    link: str
    verdict: str
    credit: float
    out_of: float
    submitted: str = ""
    code: str = ""
    mistake: str = ""
    probability: float = 0.0
    feedback: str = ""

    @property
    def lost(self) -> float:
        """Marks lost here."""
        return max(self.out_of - self.credit, 0.0)


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """One student's sheet. `student` only tells students apart; it is never printed.

    look:     whether a person should look at its mark.

    exercise: its name in the course; empty where it was graded alone.
    """

    student: str
    problem: str
    code: str
    score: float
    strict: float
    out_of: float
    lines: tuple[LineRecord, ...]
    exercise: str = ""
    look: bool = False

    @property
    def name(self) -> str:
        """What the exercise is about; empty if it has no title."""
        title = self.problem.removeprefix(f"Exercise {self.exercise}: ")
        return "" if title in {self.code, self.exercise} else title

    @property
    def structure(self) -> tuple[str, ...]:
        """The names of its lines in order: alike for problems that differ in their numbers only."""
        return tuple(line.quantity for line in self.lines)


@dataclass(slots=True)
class RecordsRead:
    """The sheets that could be read, and a sentence for each line that could not.

    roster: the ids of everybody on the rosters of the courses; None where no course is known.
    titles: what the courses' sets of problems are called.
    """

    sheets: list[SheetRecord] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    roster: frozenset[str] | None = None
    titles: list[str] = field(default_factory=list)


def read(paths: Sequence[Path]) -> RecordsRead:
    """Read files of records, or folders of results. Raises FileError where a file cannot be opened."""
    out = RecordsRead()
    for path in paths:
        _course(path, out)
        for file in _files(path):
            for number, text in enumerate(_lines(file), 1):
                if not text.strip():
                    continue
                try:
                    out.sheets.append(_sheet(json.loads(text), f"{file}:{number}"))
                except (ValueError, TypeError, KeyError, RecursionError) as error:
                    what = clean(str(error), 80)
                    out.complaints.append(
                        f"{file}, line {number}: no record of `byhand grade --json` ({what})"
                    )
    return out


def _course(path: Path, out: RecordsRead) -> None:
    """What a folder of results says of its course; a broken one is no reason not to report."""
    try:
        content = json.loads((path / COURSE).read_text(encoding="utf-8"))
        listed = None if content["open"] else {str(student["id"]) for student in content["roster"]}
        title = clean(str(content.get("title", "")), 80)
    except (OSError, ValueError, TypeError, KeyError):
        return
    if listed is not None:
        out.roster = (out.roster or frozenset()) | listed
    out.titles += [title] if title and title not in out.titles else []


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    whole = path / RESULTS
    if not whole.exists() and (path / COURSE).exists():
        raise FileError(f"{whole}: not there any more; byhand regrade {path} --write writes it again")
    found = [whole] if whole.exists() else sorted(path.glob("*.jsonl"))
    if not found:
        raise FileError(f"{path}: no {RESULTS} and no other .jsonl file in this folder")
    yield from found


def _lines(file: Path) -> Iterator[str]:
    """The lines of a file, ended by a line feed only: a student's words may hold other separators."""
    try:
        with file.open(encoding="utf-8-sig", newline="\n") as handle:
            yield from handle
    except FileNotFoundError:
        raise FileError(f"{file}: no such file; expected lines of `byhand grade --json`") from None
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{file}: cannot be read ({error})") from None


def _sheet(record: dict[str, Any], place: str) -> SheetRecord:
    """One record; whoever has no name is a student of their own."""
    report = Report.from_json(record)
    name = report.student_id or report.student
    return SheetRecord(
        student=place if name in {"", "unnamed"} else name,
        problem=clean(report.problem, 80),
        code=report.code,
        score=report.score,
        strict=report.strict_score,
        out_of=report.out_of,
        lines=tuple(map(_line, report.answers)),
        exercise=clean(str(record.get("exercise") or ""), 80),
        look=bool(report.flags or record.get("answers_of")),
    )


def _line(answer: Answer) -> LineRecord:
    likeliest = answer.mistakes[0] if answer.mistakes and answer.verdict == "wrong" else None
    if likeliest is not None and likeliest.probability < CERTAIN:
        likeliest = None
    line = LineRecord(
        quantity=answer.quantity,
        label=_word(answer.label),
        link=_word(link_name(answer.quantity, answer.link)),
        verdict=answer.verdict,
        credit=answer.credit,
        out_of=answer.out_of,
    )
    if likeliest is None:
        return line
    return replace(
        line,
        submitted=clean(answer.submitted or "", LONGEST),
        code=likeliest.code,
        mistake=clean(likeliest.name, 120),
        probability=likeliest.probability,
        feedback=clean(answer.feedback, 600),
    )


@lru_cache(maxsize=4096)
def _word(text: str) -> str:
    """One of the few words that stand in every record."""
    return clean(text, LONGEST)
