"""How fast files are read: a class of 10,000 in one table, and filled worksheets one after another.

    python benchmarks/bench_reading.py

The alternatives are csv.reader and openpyxl alone, which give the same cells but no answers.
"""

from __future__ import annotations

import csv
import io
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pikepdf

from answer_keys.problems import load
from exercises.page import worksheet_pdf
from grader.formats import read_bytes
from grader.formats.source import Source
from grader.submission import Names, Reading

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = 10_000
COLUMNS = 37
LIMIT = 5.0
PROBLEM = load("mazur-2-2-2")
LINES = [step.quantity.name for step in PROBLEM.graph.steps][:COLUMNS]


def table() -> list[list[object]]:
    """A class of made-up answers to four places."""
    rng = random.Random(1)
    rows: list[list[object]] = [["student", *LINES]]
    rows += [[f"Student {i}", *(round(rng.uniform(-1, 1), 4) for _ in LINES)] for i in range(ROWS)]
    return rows


def as_csv(rows: list[list[object]]) -> bytes:
    """The table as a `.csv` file."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def as_xlsx(rows: list[list[object]]) -> bytes:
    """The table as an `.xlsx` file."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def source() -> Source:
    """What a reader is handed."""
    return Source(Path("class"), PROBLEM, Names(PROBLEM))


def timed(work: Callable[[], object], runs: int = 3) -> float:
    """The least seconds of a few runs."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def whole(reading: Reading) -> None:
    """Make sure that everything was read."""
    assert reading.complaints == []
    assert len(reading.submissions) == ROWS
    assert all(len(s.texts) == len(LINES) for s in reading.submissions)


def openpyxl_alone(data: bytes) -> None:
    """Every value of a workbook, and nothing else."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for row in book.worksheets[0].iter_rows(values_only=True):
        len(row)


def worksheets(count: int = 100) -> float:
    """Seconds for each of many filled worksheets."""
    with pikepdf.open(io.BytesIO(worksheet_pdf(PROBLEM))) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            field.V = pikepdf.String("0.1234")
        out = io.BytesIO()
        pdf.save(out)
    data, where = out.getvalue(), source()
    return timed(lambda: [read_bytes(data, ".pdf", where) for _ in range(count)], 1) / count


def main() -> None:
    """Print the table."""
    rows = table()
    written = as_csv(rows)
    book = as_xlsx(rows)
    text = written.decode()
    print(f"{ROWS:,} rows of {len(LINES)} answers\n\n| | seconds | times the alternative |\n|---|---|---|")
    alone = timed(lambda: list(csv.reader(io.StringIO(text))))
    ours = timed(lambda: whole(read_bytes(written, ".csv", source())))
    print(
        f"| csv.reader alone | {alone:.2f} | |\n| byhand, .csv | {ours:.2f} | {ours / alone:.1f} |",
        flush=True,
    )
    alone = timed(lambda: openpyxl_alone(book), 1)
    sheet = timed(lambda: whole(read_bytes(book, ".xlsx", source())), 2)
    print(
        f"| openpyxl alone | {alone:.2f} | |\n| byhand, .xlsx | {sheet:.2f} | {sheet / alone:.1f} |",
        flush=True,
    )
    print(f"| a filled worksheet PDF, of 100 | {worksheets():.4f} | |")
    if max(ours, sheet) > LIMIT:
        sys.exit(f"more than {LIMIT} s")


if __name__ == "__main__":
    main()
