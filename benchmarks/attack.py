"""Hostile files of every form through `byhand grade`, alone and in a course of fifty whose others must keep their marks.

    python benchmarks/attack.py [FILES OF EACH FORM] [SEED]

Prints for each form: files tried, worst seconds of the processor, worst megabytes, crashes, hangs, exit statuses that
nothing explains, and marks of the fifty that were lost. A file that a crash is found with is kept.
"""

from __future__ import annotations

import csv
import json
import random
import resource
import signal
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from click.testing import CliRunner
from fuzz_files import ANSWERS, damaged, damaged_parts, good_files, workbook

import byhand
from answer_keys.keyfile import to_json
from answer_keys.problems import load
from answer_keys.solution import solve
from grader.files.guarded import guard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from click.testing import Result

STUDENTS, TOGETHER = 50, 25  # of the course; hostile files that are handed in at once
SECONDS, MEGABYTES = 10.0, 500
PATIENCE = 600  # seconds of wall clock, on a machine that may be busy, until a run counts as hanging
MADE = 0.3  # share of files that are made to be costly, the rest being good ones damaged
NAMES = list(ANSWERS)


def code(rng: random.Random) -> str:
    """A code of no problem."""
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    return "".join(rng.choices(letters, k=4)) + "-" + "".join(rng.choices(letters, k=4))


def size(rng: random.Random) -> int:
    """How much of something: mostly some, seldom very much."""
    return int(10 ** rng.uniform(1, 4.6))


def text(rng: random.Random) -> bytes:
    """Lines that cost: unknown names, codes, deep brackets, endless lines."""
    many = size(rng)
    lines = rng.choice(
        (
            [f"unknown{n} = {n}" for n in range(many)],
            [f"code: {code(rng)}\na3 = 1" for _ in range(min(many, 8000))],
            [f"{rng.choice(NAMES)} = {'(' * min(many, 9000)}1"],
            [f"{rng.choice(NAMES)} = " + "+".join(["1"] * many)],
            [rng.choice(("\n", "\r", " ", "=", "=\n", "δ", "∂E/∂")) * many],
            [f"{rng.choice(NAMES)} = 9**9**9**{n}" for n in range(min(many, 2000))],
            [f"{rng.choice(NAMES)} = 1e{'9' * (n % 300)}" for n in range(min(many, 3000))],
        )
    )
    return "\n".join(lines).encode()


def rows(rng: random.Random) -> list[list[str]]:
    """A table that costs: many rows, many columns, unknown heads, endless cells."""
    many = min(size(rng), 1_000)  # students of a class: each row is judged, as it is meant to be
    return rng.choice(
        (
            [["student", "a3", "y3"], *([f"s{n}", "0.5", "0.6"] for n in range(many))],
            [["student", *(f"u{n}" for n in range(many))], ["s1", *("1" for _ in range(many))]],
            [["student", "line", "answer"], *(["s1", f"u{n}", "1"] for n in range(many))],
            [
                ["Response 1", "Question 1"],
                *([f"part {n}: 1;" * 50, "_____" * 50] for n in range(many // 20 + 1)),
            ],
            [["student", "a3"], ["s1", "1" * min(many * 10, 30_000)]],
            [["student", "code", "a3"], *([f"s{n}", code(rng), "1"] for n in range(many))],
        )
    )


def table(rng: random.Random) -> bytes:
    """The same as text."""
    return "\n".join(",".join(row) for row in rows(rng)).encode()


def entries(rng: random.Random) -> bytes:
    """JSON that costs: unknown keys, deep lists, many entries."""
    many = size(rng)
    made = rng.choice(
        (
            lambda: json.dumps({f"unknown{n}": "1" for n in range(many)}),
            lambda: "[" * many + "]" * many,
            lambda: json.dumps([{"student": f"s{n}", "a3": "0.5"} for n in range(min(many, 1_000))]),
            lambda: json.dumps({"a3": "1" * many, "y3": many}),
            lambda: '{"a3":' * min(many, 5000) + "1" + "}" * min(many, 5000),
            lambda: json.dumps({code(rng): {"a3": "1"} for _ in range(min(many, 5000))}),
        )
    )
    return made().encode()


def notebook(rng: random.Random) -> bytes:
    """A notebook of costly cells."""
    cells = [
        {"cell_type": rng.choice(("code", "markdown")), "source": text(rng).decode()}
        for _ in range(rng.randrange(1, 4))
    ]
    return json.dumps({"cells": cells, "nbformat": 4}).encode()


COSTLY: dict[str, Callable[[random.Random], bytes]] = {
    "lines": text, "markdown": text, "csv": table, "xlsx": lambda rng: workbook(rows(rng)[:2000]), "json": entries,
    "notebook": notebook,
}  # fmt: skip


def made(kind: str, files: list[tuple[str, bytes]], count: int, seed: str) -> Iterator[tuple[str, bytes]]:
    """Hostile files of a form."""
    rng = random.Random(f"{seed} {kind}")
    for _ in range(count):
        suffix, data = rng.choice(files)
        if kind in COSTLY and rng.random() < MADE:
            yield suffix, COSTLY[kind](rng)
        else:
            yield suffix, (damaged_parts if suffix == ".xlsx" and rng.random() < 0.7 else damaged)(data, rng)


@dataclass
class Tally:
    """What happened to the files of a form."""

    tried: int = 0
    seconds: float = 0.0
    megabytes: float = 0.0
    bad: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("crashes", "hangs", "statuses", "marks"), 0)
    )


def _hanging(*_: object) -> None:
    raise TimeoutError


def call(tally: Tally, *arguments: object) -> Result | None:
    """One run of byhand; None if it hung."""
    own = Path("/proc/self/clear_refs")
    own.write_text("5", encoding="ascii")  # the largest memory is counted from here
    signal.signal(signal.SIGALRM, _hanging)
    signal.alarm(PATIENCE)
    begun = _processor()
    try:
        result = CliRunner().invoke(byhand.main, [str(a) for a in arguments])
    except TimeoutError:
        tally.bad["hangs"] += 1
        return None
    finally:
        signal.alarm(0)
    tally.seconds = max(tally.seconds, _processor() - begun)
    peak = next(
        line
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        if line.startswith("VmHWM")
    )
    tally.megabytes = max(tally.megabytes, int(peak.split()[1]) / 1024)
    if isinstance(result.exception, TimeoutError):
        tally.bad["hangs"] += 1
    elif _crashed(result):
        tally.bad["crashes"] += 1
    elif result.exit_code not in {0, 1}:
        tally.bad["statuses"] += 1
    return result


def _crashed(result: Result) -> bool:
    """Whether a run ended in an error that nobody had thought of."""
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return True
    return "stumbled over" in result.output or "Traceback" in result.output


def _processor() -> float:
    """Seconds of the processor so far, here and in processes that have ended."""
    return sum(
        u.ru_utime + u.ru_stime
        for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def course(folder: Path) -> None:
    """A course of fifty, each with right answers to one problem."""
    problem = load("huddar-1")
    (folder / "key.json").write_text(to_json(solve(problem)), encoding="utf-8")
    (folder / "handed").mkdir()
    students = [(f"student{n:03}", f"Student Number{n}") for n in range(STUDENTS)]
    with (folder / "roster.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("id", "name"), *students])
    for identity, _ in students:
        lines = "".join(f"{name} = {value}\n" for name, value in ANSWERS.items())
        (folder / "handed" / f"{identity}.txt").write_text(f"id: {identity}\n{lines}", encoding="utf-8")


def in_course(folder: Path, tally: Tally, files: list[tuple[str, bytes]]) -> None:
    """Hostile files handed in with those of fifty others."""
    names = [folder / "handed" / f"hostile{n:03}{suffix or '.txt'}" for n, (suffix, _) in enumerate(files)]
    for path, (_, data) in zip(names, files, strict=True):
        path.write_bytes(data)
    one = Tally()  # the time is that of twenty-five files; only what goes wrong is counted
    call(one, "grade", folder / "key.json", folder / "handed", "--roster", folder / "roster.csv", "--out",
         folder / "results", "--feedback", "none", "--jobs", "1")  # fmt: skip
    for what, number in one.bad.items():
        tally.bad[what] += number
    tally.megabytes = max(tally.megabytes, one.megabytes)
    with (folder / "results" / "results.csv").open(encoding="utf-8") as file:
        full = sum(row["total"] == row["out_of"] == "35" for row in csv.DictReader(file))
    tally.bad["marks"] += STUDENTS - full
    for path in names:
        path.unlink()


def attack(kind: str, files: list[tuple[str, bytes]], count: int, seed: str) -> Tally:
    """Try files of one form, each alone and then many in a course."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        course(folder)
        waiting: list[tuple[str, bytes]] = []
        for number, (suffix, data) in enumerate(made(kind, files, count, seed)):
            before = sum(tally.bad.values())
            path = folder / f"hostile{suffix or '.txt'}"
            path.write_bytes(data)
            call(tally, "grade", "huddar-1", path)
            tally.tried += 1
            if sum(tally.bad.values()) > before:
                Path(f"attack-{kind.replace(' ', '-')}-{seed}-{number}{suffix}").write_bytes(data)
            path.unlink()
            waiting.append((suffix, data))
            if len(waiting) == TOGETHER:
                in_course(folder, tally, waiting)
                waiting = []
        if waiting:
            in_course(folder, tally, waiting)
    guard.stop()
    return tally


def main() -> None:
    """Attack by every form."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    seed = sys.argv[2] if len(sys.argv) > 2 else "1"
    print("| form | files | worst s | worst MB | crashes | hangs | unexplained statuses | marks lost |")
    print("|---|---|---|---|---|---|---|---|")
    worst = 0
    for kind, files in good_files().items():
        if kind == "standard input":
            continue
        found = attack(kind, files, count, seed)
        told = " | ".join(str(found.bad[what]) for what in ("crashes", "hangs", "statuses", "marks"))
        print(
            f"| {kind} | {found.tried:,} | {found.seconds:.1f} | {found.megabytes:.0f} | {told} |", flush=True
        )
        worst += sum(found.bad.values()) + (found.seconds > SECONDS) + (found.megabytes > MEGABYTES)
    sys.exit(bool(worst))


if __name__ == "__main__":
    main()
