"""How fast a course is graded: a table of ten thousand students, and a thousand filled PDFs with problems of their own.

Run by hand: `python benchmarks/bench_course.py` (`--rows`, `--pdfs`, `--jobs` for other sizes). Prints seconds
of wall clock and of processor, and the memory of the largest process.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from answer_keys.keyfile import to_json  # noqa: E402 - found on the path that was just set
from answer_keys.solution import solve  # noqa: E402
from exercises.drawing.draw import Order, draw  # noqa: E402
from exercises.formulas.decimals import rounded  # noqa: E402
from exercises.networks.network import Network  # noqa: E402
from exercises.pages.worksheet_page import worksheet_pdf  # noqa: E402

if TYPE_CHECKING:
    from decimal import Decimal

    from exercises.formulas.quantity import Quantity
    from exercises.problems.problem import Problem

SHAPE = (2, 2, 2)


def problem(seed: str) -> Problem:
    """A problem as `byhand generate` draws it."""
    network = Network(SHAPE, ("sigmoid", "sigmoid"), "half-squared-error", "yes")
    return draw(Order(network), f"bench/{seed}")


# A process begins with the memory of whoever starts it, and the keys made here take much: something small starts it.
START = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([done.returncode, done.stderr, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""
_SOLVED: dict[str, dict[Quantity, Decimal]] = {}


def solved(of: Problem) -> dict[Quantity, Decimal]:
    """The right values, worked out once."""
    if of.code not in _SOLVED:
        _SOLVED[of.code] = solve(of).values
    return _SOLVED[of.code]


def answers(of: Problem, rng: random.Random) -> dict[str, str]:
    """A sheet like no other: most are right, many have one wrong line, some end half-way.

    Each gives some lines, by chance, to more places than asked: else many would be equal, and judged once.
    """
    values = solved(of)
    texts = {
        s.quantity.name: f"{rounded(values[s.quantity], of.places + rng.choice((0, 0, 0, 1, 2))):f}"
        for s in of.graph.steps
    }
    luck = rng.random()
    if luck < 0.4:
        name = rng.choice(list(texts))
        texts[name] = f"{float(texts[name]) * 2 + 0.07:.4f}"
    elif luck < 0.5:
        texts = {name: text if n < 20 else "" for n, (name, text) in enumerate(texts.items())}
    return texts


def table(folder: Path, count: int) -> list[str]:
    """One problem, one CSV; the arguments of the command."""
    one, rng, out = problem("table"), random.Random(1), io.StringIO()
    (folder / "key.json").write_text(to_json(solve(one), "bench"), encoding="utf-8")
    names = [step.quantity.name for step in one.graph.steps]
    writer, roster = csv.writer(out), ["id,name"]
    writer.writerow(["student", *names])
    for n in range(count):
        writer.writerow([f"s{n:05}", *answers(one, rng).values()])
        roster.append(f"s{n:05},Student Number{n}")
    (folder / "class.csv").write_text(out.getvalue(), encoding="utf-8")
    (folder / "roster.csv").write_text("\n".join(roster), encoding="utf-8")
    return [str(folder / "key.json"), str(folder / "class.csv"), "--roster", str(folder / "roster.csv")]


def forms(folder: Path, count: int) -> list[str]:
    """Filled worksheets, each printed: what is on a page that its problem does not print would be read."""
    (folder / "keys").mkdir()
    (folder / "in").mkdir()
    rng = random.Random(2)
    rows = ["student_id,student_name,exercise,code,points"]
    for n in range(count):
        own = problem(str(n))
        (folder / "keys" / f"{own.code}-key.json").write_text(to_json(solve(own), "bench"), encoding="utf-8")
        rows.append(f"s{n:05},Student Number{n},1,{own.code},10")
        texts = answers(own, rng) | {"student": f"Student Number{n}", "student_id": f"s{n:05}"}
        with pikepdf.open(io.BytesIO(worksheet_pdf(own))) as pdf:
            for field in pdf.Root.AcroForm.Fields:
                if str(field.T) in texts:
                    field.V = pikepdf.String(texts[str(field.T)])
            pdf.docinfo["/Keywords"] = f"byhand, {own.code}"
            pdf.save(folder / "in" / f"{n:05}.pdf")
    (folder / "keys" / "manifest.csv").write_text("\n".join(rows), encoding="utf-8")
    return [str(folder / "keys"), str(folder / "in")]


def measured(name: str, args: list[str], folder: Path, limit: float | None) -> bool:
    """Run `byhand grade` and print what it took; whether it kept within the limit."""
    start = time.perf_counter()
    command = [sys.executable, str(ROOT / "byhand.py"), "grade", *args, "--out", str(folder / "results")]
    told = subprocess.run([sys.executable, "-c", START, *command], capture_output=True, check=True)  # noqa: S603 - our own
    wall = time.perf_counter() - start
    status, said, cpu, most = json.loads(told.stdout)
    assert status in {0, 1}, said
    aim = f"{limit:.0f} s" if limit else ""
    print(f"| {name} | {wall:.1f} s | {cpu:.1f} s | {most:.0f} MB | {aim} |", flush=True)
    return limit is None or wall <= limit


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--pdfs", type=int, default=1_000)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    kept = True
    print("| | wall | processor | largest process | aim |\n|---|---|---|---|---|", flush=True)
    for count, make, what, aim in (
        (options.rows, table, "rows of one table", 15),
        (options.pdfs, forms, "filled PDFs, each with a problem of its own", 20),
    ):
        folder = Path(tempfile.mkdtemp(prefix="byhand-bench-"))
        try:
            args = [*make(folder, count), "--jobs", str(options.jobs), "--feedback", "none"]
            kept &= measured(f"{count:,} {what}", args, folder, aim)
            kept &= measured("the same again, with nothing new", args, folder, None)
            written = (folder / "results" / "results.jsonl").read_text(encoding="utf-8").splitlines()
            assert len(written) == count
            assert json.loads(written[0])["score"] > 0
        finally:
            shutil.rmtree(folder)
    if not kept:
        sys.exit("slower than aimed at")


if __name__ == "__main__":
    main()
