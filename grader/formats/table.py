"""A table, one row a student: the first column is the student, the others are named by quantity."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from grader.formats import decode
from grader.numbers import clean
from grader.submission import Names, Reading, Submission, student_name

if TYPE_CHECKING:
    from pathlib import Path

    from exercises.quantity import Quantity

_DELIMITERS = ",;\t|"


def read(data: bytes, path: Path, names: Names) -> Reading:
    """Every row with a student or an answer in it."""
    shown = clean(str(path), 200)
    text = decode(data).replace("\0", "")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        return Reading(complaints=[f"{shown}: not a table of comma-separated values ({error})"])
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if len(rows) < 2:  # noqa: PLR2004 - a header and a student
        return Reading(complaints=[f"{shown}: no row below the header; expected one row a student"])
    reading = Reading()
    columns = _columns(rows[0], shown, names, reading)
    if not columns:
        reading.complaints.append(f"{shown}: no column is named by a quantity of this problem")
        return reading
    for number, row in enumerate(rows[1:], 2):
        if len(row) > len(rows[0]):
            reading.complaints.append(
                f"{shown}, row {number}: {len(row)} cells under {len(rows[0])} headings; the rest is not read"
            )
        texts = {q: row[i].strip() for i, q in columns.items() if i < len(row)}
        student = row[0].strip() or f"row {number}"
        reading.submissions.append(Submission(student_name(student, path), f"{path}, row {number}", texts))
    return reading


def _columns(header: list[str], shown: str, names: Names, reading: Reading) -> dict[int, Quantity]:
    """The quantity of each column after the first; of two columns for one quantity the last counts."""
    columns: dict[int, Quantity] = {}
    for i, heading in enumerate(header[1:], 1):
        if not heading.strip():
            continue
        quantity = names.find(heading)
        if quantity is None:
            reading.complaints.append(f"{shown}, column {i + 1}: {names.unknown(heading)}")
            continue
        earlier = [j for j, q in columns.items() if q == quantity]
        if earlier:
            reading.complaints.append(
                f"{shown}, column {i + 1}: {quantity.name} stands in column {earlier[0] + 1} too; the last counts"
            )
            del columns[earlier[0]]
        columns[i] = quantity
    return columns
