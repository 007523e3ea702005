"""How fast answers and files are read, beside what else could read them.

    python benchmarks/bench_reading.py [answers] [files]

Answers: the reader beside `sympy.parse_expr` and, where installed, math-verify (`pip install
"math-verify[antlr4_13_2]"`), all in this run: the time for one answer, how many are read with the right value, and
what becomes of hostile inputs, each in a process of its own that is watched for a file to appear and for its end.

Files: a class of 10,000 in one table, and filled worksheets one after another, beside csv.reader and openpyxl
alone, which give the same cells but no answers.
"""

from __future__ import annotations

import csv
import importlib.util
import io
import logging
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pikepdf

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from answer_table import SECTIONS  # noqa: E402

from answer_keys.problems import load  # noqa: E402
from exercises.pages.worksheet_page import worksheet_pdf  # noqa: E402
from grader.answers.names import Names  # noqa: E402
from grader.files.extraction.source import Source  # noqa: E402
from grader.files.read import read_bytes  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.files.extraction.submission import Reading

TOUCH = "__import__('pathlib').Path({marker!r}).touch()"
RUNNING = (  # texts that would make a file appear
    TOUCH,
    "0.5 + 0*(" + TOUCH + " or 1)",
    "[" + TOUCH + ", 1][1]",
    "(lambda: " + TOUCH + ")()",
    "exec(\"__import__('pathlib').Path({marker!r}).touch()\")",
    "().__class__.__base__.__subclasses__() and " + TOUCH,
    "open({marker!r}, 'w')",
    "{{" + TOUCH + "}}",
    "\\text{{" + TOUCH + "}}",
    "1/3 if " + TOUCH + " else 0",
)
ENDLESS = (  # and texts that may never come to an end
    "9**9**9**9",
    "9^9^9^9",
    "9^{{9^{{9^9}}}}",
    "10**10**10",
    "2**(2**40)",
    "factorial(10**8)",
    "1/" * 900 + "1",
    "(" * 900 + "1" + ")" * 900,
    "-" * 1_900 + "1",
    "0.5+" * 480 + "0.5",
    "9" * 1_900,
    "sqrt(" * 300 + "2" + ")" * 300,
)
ROUNDS = 5
PATIENCE = 10.0  # seconds for one hostile input, the start of the process left out
READERS = {  # the body of a function of `text` that returns a number
    "byhand": "from grader.answers.answer import Working, read_answer\n"
    "found = read_answer(text, lambda _: None)\n"
    "return (found.answer if isinstance(found, Working) else found).value",
    "sympy.parse_expr": "from sympy import parse_expr\nreturn float(parse_expr(text))",
    "sympy.parse_expr, lenient": "from sympy.parsing import sympy_parser as p\n"
    "every = (*p.standard_transformations, p.implicit_multiplication_application, p.convert_xor)\n"
    "return float(p.parse_expr(text, transformations=every))",
    "math-verify": "from math_verify import parse\nreturn float(parse(text)[0])",
}
NEEDS = {"math-verify": "math_verify"}
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


def numeric() -> list[tuple[str, float]]:
    """The rows of docs/answers.md that have a value, with it."""
    rows = []
    for heading, _, _, section in SECTIONS:
        if heading in {"Numbers", "Sums, products, quotients", "Powers and functions"}:
            for typed, read in section:
                value = re.fullmatch(r"(?:.*→ )?([-+\d.E]+)(?: \[remark.*)?", read)
                if value:
                    rows.append((typed, float(Decimal(value[1]))))
    return rows


def function(body: str) -> Callable[[str], float]:
    """A reader from its lines in READERS."""
    space: dict[str, Callable[[str], float]] = {}
    lines = body.replace("\n", "\n    ")
    exec(f"def read(text):\n    {lines}", space)  # noqa: S102 - our own lines, from READERS
    return space["read"]


def each_answer(read: Callable[[str], float], rows: list[tuple[str, float]]) -> tuple[float, float, int]:
    """Median and slowest microseconds for an answer, the best of some rounds, and how many come out right."""
    best, right = [float("inf")] * len(rows), 0
    for _ in range(ROUNDS):
        right = 0
        for i, (text, value) in enumerate(rows):
            begun = time.perf_counter()
            try:
                found = float(read(text))
            except Exception:  # noqa: BLE001 - whatever the others raise
                found = float("nan")
            best[i] = min(best[i], 1e6 * (time.perf_counter() - begun))
            right += abs(found - value) <= 1e-9 * max(1.0, abs(value))
    return statistics.median(best), max(best), right


def becomes_of(body: str, template: str) -> str:
    """What becomes of a hostile input: it ran code, did not end, ended the process, or nothing of the kind."""
    lines = body.replace("\n", "\n    ")
    call = "try:\n    read({})\nexcept BaseException:\n    pass\n"
    code = f"import sys\ndef read(text):\n    {lines}\n{call.format('chr(49)')}"
    code += f"print('ready', flush=True)\n{call.format('sys.argv[1]')}print('done', flush=True)"
    with tempfile.TemporaryDirectory() as folder:
        marker = Path(folder) / "marker"
        text = template.format(marker=str(marker)) if "{" in template else template
        process = subprocess.Popen(  # noqa: S603 - this very Python
            [sys.executable, "-c", code, text], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()  # imported and warm
        try:
            out, _ = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return "hung"
        if marker.exists():
            return "ran"
        return "" if b"done" in out else "ended"


def answers() -> None:
    """The readers of answers, one beside the other."""
    logging.disable(logging.CRITICAL)  # what others say of texts that they cannot read
    rows = numeric()
    print(
        f"{len(rows)} answers with a value; {len(RUNNING)} texts that are code, {len(ENDLESS)} that are too much\n"
    )
    print("| reader | median, µs | slowest, µs | right value | ran code | over 10 s | broke the process |")
    print("|---|---|---|---|---|---|---|")
    for reader, body in READERS.items():
        module = NEEDS.get(reader)
        if module is not None and importlib.util.find_spec(module) is None:
            print(f"| {reader} | not installed | | | | | |")
            continue
        middle, worst, right = each_answer(function(body), rows)
        outcome = Counter(becomes_of(body, text) for text in (*RUNNING, *ENDLESS))
        hostile = f"{outcome['ran']} | {outcome['hung']} | {outcome['ended']}"
        print(f"| {reader} | {middle:.0f} | {worst:.0f} | {right} of {len(rows)} | {hostile} |", flush=True)
    logging.disable(logging.NOTSET)


def main() -> None:
    """Print the tables."""
    asked = set(sys.argv[1:]) or {"answers", "files"}
    if "answers" in asked:
        answers()
        print()
    if "files" in asked:
        files()


def files() -> None:
    """The readers of files."""
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
