"""The tables of a course's results, each written whole: for people, for programs, and for Moodle."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from exercises.common.errors import FileError
from exercises.common.file_names import distinct, slug
from exercises.common.files import write
from grader.course.people.csv_tables import shown, table_text
from grader.course.placing.answer_sheet import AnswerSheet, HandedIn
from grader.course.work.sealed import DAMAGE, digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from grader.course.results.records import Results, StudentRow
    from grader.course.results.unsettled import Unsettled

CELL = 30_000  # characters; a spreadsheet takes hardly more
ANSWERS = "answers.jsonl"
SETTLE = (
    "what", "file", "place", "student_id", "name", "exercise", "code", "quantity", "note", "points", "late",
)  # fmt: skip


def write_tables(results: Results, handed: Sequence[HandedIn], answers: str, out: Path) -> str:
    """Write every table into a folder; the digest of the answers. Raises FileError if one cannot be written.

    answers: as `raw` has them.
    """
    data = answers.encode()
    write(out / ANSWERS, data)
    write(out / "results.jsonl", (f"{record.line()}\n" for record in results.records))
    write(out / "results.csv", _results(results))
    write(out / "files.csv", _files(results, handed))
    write(out / "to-settle.csv", table_text(SETTLE, map(_matter, results.to_settle())))
    _put_moodle(_moodle(results), out)
    return digest(data)


def _results(results: Results) -> str:
    names = results.exercises
    due = results.course.policy.due is not None
    header = ["name", "id", *names, "total", "out_of", *(["days late"] * due), "needs a person"]
    return table_text(
        header,
        (
            [row.student.name, row.student.id, *(_points(row.earned.get(name)) for name in names),
             _points(row.total), _points(row.out_of), *([str(row.late)] * due), row.needs]
            for row in results.rows
        ),
    )  # fmt: skip


def _points(value: float | None) -> str | None:
    """Points in the table for people; gradebooks and results.jsonl have them to four decimals."""
    return None if value is None else shown(value)


def _matter(matter: Unsettled) -> list[str]:
    who = matter.student
    return [
        matter.kind, matter.file, matter.place, who.id if who else "", who.name if who else "",
        matter.exercise, matter.code, matter.quantity, matter.note, "", "",
    ]  # fmt: skip


def _files(results: Results, handed: Iterable[HandedIn]) -> str:
    """A row for each file, and for each sheet of a file that holds several."""
    said = {file.name: _complaints(file) for file in handed if file.sheets}
    rows = []
    for one in results.files:
        who, sheet = one.student, one.sheet
        note = "; ".join(part for part in (one.note, said.pop(sheet.file, "")) if part)
        rows.append(
            [
                sheet.file, sheet.place, one.status.value, who.id if who else sheet.student_id,
                who.name if who else sheet.student, one.exercise, one.code or sheet.code, note,
            ]
        )  # fmt: skip
    return table_text(("file", "place", "status", "student_id", "name", "exercise", "code", "note"), rows)


def _complaints(file: HandedIn) -> str:
    """All that could not be read of a file, as far as a spreadsheet's cell holds it."""
    said = "; ".join(
        one.removeprefix(f"{file.name}, ").removeprefix(f"{file.name}: ") for one in file.complaints
    )
    return said if len(said) <= CELL else said[: CELL - 1] + "…"


def _moodle(results: Results) -> dict[str, str]:
    """The files for Moodle's grade import, by name: the total, and where there are several exercises each of them.

    Moodle finds students by ID number or mail address. An empty cell would clear the grade that stands there, and
    so would a row without one: nobody is in a file that has no mark for them.
    """
    rows = list(results.rows)
    names = results.exercises if len(results.exercises) > 1 else ()
    stems = distinct(f"moodle-exercise-{slug(name, 60, 120, 'x')}" for name in names)
    files = {"moodle.csv": _grades([(row, row.total) for row in rows], "Total")}
    for name, stem in zip(names, stems, strict=True):
        files[f"{stem}.csv"] = _grades([(row, row.earned.get(name)) for row in rows], name)
    return files


def _grades(marks: Iterable[tuple[StudentRow, float | None]], column: str) -> str:
    header = ["ID number", "Email address", "Full name", column]
    return table_text(
        header,
        (
            [row.student.id, row.student.email, row.student.name, mark]
            for row, mark in marks
            if mark is not None
        ),
    )


def _put_moodle(files: dict[str, str], out: Path) -> None:
    """Write them, and take away those of exercises that are no more."""
    for name, text in files.items():
        write(out / name, text)
    for path in list(out.glob("moodle-exercise-*.csv")):
        if path.name not in files:
            path.unlink(missing_ok=True)


def raw(handed: Iterable[HandedIn]) -> Iterator[str]:
    """A line for each file, and below it one for each of its sheets."""
    for file in handed:
        head = {
            "file": file.name,
            "modified": file.modified,
            "digest": file.digest,
            "complaints": list(file.complaints),
        }
        yield json.dumps(head, ensure_ascii=False) + "\n"
        for sheet in file.sheets:
            yield json.dumps(sheet.as_json(), ensure_ascii=False) + "\n"


def read_raw(path: Path, made_from: str = "") -> list[HandedIn]:
    """The files and sheets again that `answers.jsonl` holds.

    made_from: the digest of the answers that are wanted, if it is known.
    Raises FileError if the file is not there or not whole.
    """
    try:
        data = path.read_bytes()
        if made_from in {"", digest(data)}:
            return read_raw_text(data.decode())
    except OSError as error:
        raise FileError(
            f"{path}: cannot be read ({error.strerror}); expected the results of byhand grade"
        ) from None
    except DAMAGE:
        pass
    raise FileError(
        f"{path}: not the answers that byhand grade wrote, or damaged; byhand grade reads them again from what was "
        "handed in"
    )


def read_raw_text(text: str) -> list[HandedIn]:
    """The same of its text. Raises one of `DAMAGE` if it is another."""
    heads: list[tuple[dict[str, Any], list[AnswerSheet]]] = []
    for line in text.removesuffix("\n").split("\n") if text else ():
        content = json.loads(line)
        if "digest" in content:
            heads.append((content, []))
        else:
            heads[-1][1].append(AnswerSheet.from_json(content))
    return [
        HandedIn(
            name=head.pop("file"), complaints=tuple(head.pop("complaints")), sheets=tuple(sheets), **head
        )
        for head, sheets in heads
    ]
