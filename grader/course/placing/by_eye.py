"""What a person read where the machine was not certain, or was wrong: `readings.csv`, as the review page saves it."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from exercises.common.csv_cells import bare
from exercises.common.errors import FileError
from exercises.common.files import write
from exercises.common.output import MOST
from grader.answers.numbers import MAX_LENGTH, clean
from grader.course.people.csv_tables import rows_of, table_text
from grader.files.labels.cells import answer

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from grader.course.placing.answer_sheet import AnswerSheet, HandedIn

    Readings = dict[tuple[str, str, str], str]  # by file, place and quantity; empty for what was left blank

NAME = "readings.csv"
_HEADS = ("file", "place", "quantity", "text")
_EXPECTED = "the readings that the review page saves: file, place, quantity, text"


def read_readings(path: Path) -> Readings:
    """The readings in a file; of two for one line the later counts. Raises FileError with every fault."""
    numbered = rows_of(path, _EXPECTED)
    heads = [cell.strip().casefold() for cell in numbered[0][1]] if numbered else []
    if not set(_HEADS) <= set(heads):
        raise FileError(f"{path}: no header with {', '.join(_HEADS)}; expected {_EXPECTED}")
    found: Readings = {}
    faults: list[str] = []
    for number, row in numbered[1:]:
        cells = {name: row[i].strip() if i < len(row) else "" for i, name in enumerate(heads)}
        if not cells["file"] or not cells["quantity"]:
            faults.append(f"{path}, row {number}: no file or no quantity")
        text = answer(cells["text"])[:MAX_LENGTH]
        found[bare(cells["file"]), bare(cells["place"]), bare(cells["quantity"])] = clean(text)
    if faults:
        raise FileError(*faults)
    return found


def all_readings(out: Path | None, more: Path | None) -> Readings:
    """The readings that lie in a folder of results, and those of another file, which win. Raises as `read_readings`."""
    kept = read_readings(out / NAME) if out is not None and (out / NAME).is_file() else {}
    return kept | (read_readings(more) if more is not None else {})


def keep_readings(out: Path | None, readings: Readings) -> None:
    """Let readings lie in a folder of results, so that they count the next time too. Raises FileError."""
    if out is not None and readings:
        write(out / NAME, write_readings(readings))


def write_readings(readings: Mapping[tuple[str, str, str], str]) -> str:
    """The table of readings."""
    return table_text(_HEADS, ((*where, text) for where, text in sorted(readings.items())))


def put_in(handed: Sequence[HandedIn], readings: Readings) -> tuple[list[HandedIn], list[str]]:
    """Everything handed in with what persons read in place of what the machine did; and what was read of no sheet."""
    left = dict(readings)
    out = [
        replace(file, sheets=tuple(_read(sheet, readings, left) for sheet in file.sheets)) for file in handed
    ]
    return out, of_no_sheet(left)


def of_no_sheet(left: Collection[tuple[str, str, str]]) -> list[str]:
    """What is said of readings of what did not come."""
    first, more = [*islice(left, MOST)], len(left) - MOST
    said = [clean(", ".join(part for part in where if part), 120) for where in first]
    rest = [f"{NAME}: and {more} more"] if more > 0 else []
    return [*(f"{NAME}: {one} is on no sheet that was handed in" for one in said), *rest]


def _read(sheet: AnswerSheet, readings: Readings, left: Readings) -> AnswerSheet:
    if not sheet.read:
        return sheet
    answers, read = dict(sheet.answers), dict(sheet.read)
    for name, line in sheet.read.items():
        where = line["file"], line["place"], name
        left.pop(where, None)
        machine = line.get("machine", answers.get(name, ""))
        text = readings.get(where)
        if text is None and "machine" not in line:
            continue
        read[name] = {k: v for k, v in line.items() if k != "machine"}
        if text is not None:
            read[name]["machine"] = machine
        text = machine if text is None else text
        answers.pop(name, None)
        if text:
            answers[name] = text
    return replace(sheet, answers=answers, read=read)
