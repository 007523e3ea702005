"""What a person settled: rows of `to-settle.csv`, completed with the student and the code, and the scheme of marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.common.csv_cells import bare
from exercises.common.errors import FileError
from exercises.problems.marking import read_marking
from grader.answers.numbers import clean
from grader.course.people.csv_tables import rows_of, toml_of
from grader.course.placing.placed import Decision

if TYPE_CHECKING:
    from pathlib import Path

    from exercises.problems.marking import Marking

NAME = "settled.csv"
_EXPECTED = "rows of to-settle.csv with file, place, student_id and code"


def read_settled(path: Path) -> tuple[Decision, ...]:
    """Whose sheet each is, and to which problem; it counts. Raises FileError with every fault found.

    Rows with points are marks by hand (`by_hand`).
    """
    numbered = rows_of(path, _EXPECTED)
    heads = [cell.strip().casefold() for cell in numbered[0][1]] if numbered else []
    if "file" not in heads or "student_id" not in heads:
        raise FileError(f"{path}: no header with file and student_id; expected {_EXPECTED}")
    found: dict[tuple[str, str, str], Decision] = {}
    faults: list[str] = []
    for number, row in numbered[1:]:
        cells = {name: bare(row[i].strip()) if i < len(row) else "" for i, name in enumerate(heads)}
        if not cells["file"] or cells.get("points"):
            continue  # a missing student, who has no file, or a mark by hand
        if not cells["student_id"]:
            faults.append(f"{path}, row {number}: no student_id for {clean(cells['file'], 100)}")
        late = cells.get("late", "")
        if late and not late.isdecimal():
            faults.append(f"{path}, row {number}: late: “{clean(late, 40)}” is no number of days")
        one = Decision(
            cells["file"], cells.get("place", ""), cells["student_id"], cells.get("code", "").upper(),
            f"{path.name}, row {number}", int(late[:9]) if late.isdecimal() else None,
        )  # fmt: skip
        other = found.setdefault((one.file, one.place, one.code), one)
        if other.student != one.student:
            what = " ".join(part for part in (clean(one.file, 100), one.place, one.code) if part)
            faults.append(f"{one.origin}: {what} is given to {other.student} already ({other.origin})")
    if faults:
        raise FileError(*faults)
    return tuple(found.values())


def read_scheme(path: Path) -> Marking:
    """A scheme of marks for all problems: the table [marking] of a TOML file. Raises FileError with every fault."""
    content = toml_of(path, "a table [marking]")
    if "marking" not in content:
        raise FileError(f'{path}: no table [marking] with lines such as "hidden delta" = 3')
    faults: list[str] = []
    marking = read_marking(content["marking"], lambda sentence: faults.append(f"{path}: {sentence}"))
    if faults:
        raise FileError(*faults)
    return marking
