"""Hostile files of every form through `byhand grade`, alone and in a course of fifty whose others must keep their marks.

    python benchmarks/attack.py [FILES OF EACH FORM] [SEED] [FORM…]
    python benchmarks/attack.py FILES SEED stack

Prints for each form: files tried, worst seconds of the processor and most megabytes more than before (here and in the
process that opens files, together), crashes, hangs, exit statuses that nothing explains, and marks of the fifty that
were lost. A file that something bad is found with is kept. `stack`: pictures and scans of all forms, and three that are
whole, come back as one stack with the fifty others, and are graded at once.
"""

from __future__ import annotations

import csv
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from click.testing import CliRunner
from fuzz_files import ANSWERS
from hostile import forms
from hostile_pictures import sheet

import byhand
from answer_keys.keyfile import to_json
from answer_keys.problems import load
from answer_keys.solution import solve
from grader.files.guarded import guard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.testing import Result

STUDENTS, TOGETHER = 50, 25  # of the course; hostile files that are handed in at once
SECONDS, MEGABYTES = 10.0, 500
MANY_PAGES, IN_PAGES = {"scan pdf", "tiff"}, 19.0  # three pages of ours may cost 3 s more each
STACK = ("jpeg", "png", "tiff", "scan pdf")
WHOLE = 30  # of the 35 lines of a stack that is whole are read at least
PATIENCE = 600  # seconds of wall clock, on a machine that may be busy, until a run counts as hanging
TICKS = 100  # of the processor's clock in a second


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


def call(tally: Tally, *arguments: object, patience: int = PATIENCE) -> Result | None:
    """One run of byhand; None if it hung."""
    before = {process: _told(process, "status", "VmRSS:") for process in processes()}
    for process in before:
        Path(f"/proc/{process}/clear_refs").write_text("5", encoding="ascii")  # the most is counted from here
    ended = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    signal.signal(signal.SIGALRM, _hanging)
    signal.alarm(patience)
    begun = _processor()
    try:
        result = CliRunner().invoke(byhand.main, [str(a) for a in arguments])
    except TimeoutError:
        tally.bad["hangs"] += 1
        return None
    finally:
        signal.alarm(0)
    tally.seconds = max(tally.seconds, _processor() - begun)
    tally.megabytes = max(tally.megabytes, _more(before, ended) / 1024)
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


def processes() -> list[str]:
    """Our own process, and those that it has started to open files."""
    others = (worker.process for worker in (guard._WORKER, guard._FOR_SCANS))  # noqa: SLF001 - what they take is measured
    return ["self", *(str(one.pid) for one in others if one is not None and one.poll() is None)]


def _more(before: dict[str, int], ended: int) -> int:
    """The kilobytes that were taken at most, more than before; `ended`: the largest process that had ended before."""
    taken = [_told(process, "status", "VmHWM:") - before.get(process, 0) for process in processes()]
    now = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return taken[0] + max([0, *taken[1:], *([now] if now > ended else [])])


def _told(process: str, file: str, what: str) -> int:
    """A number that the system tells of a process."""
    lines = Path(f"/proc/{process}/{file}").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what))


def _processor() -> float:
    """Seconds of the processor so far, here and in the processes that open files."""
    ended = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    alive = (
        Path(f"/proc/{one}/stat").read_text(encoding="ascii").rpartition(")")[2] for one in processes()[1:]
    )
    return sum(u.ru_utime + u.ru_stime for u in ended) + sum(
        int(ticks) / TICKS for stat in alive for ticks in stat.split()[11:13]
    )


def course(folder: Path) -> None:
    """A course of fifty, each with right answers to one problem."""
    problem = load("huddar-1")
    (folder / "key.json").write_text(to_json(solve(problem), paper=sheet()[1]), encoding="utf-8")
    (folder / "handed").mkdir()
    students = [(f"student{n:03}", f"Student Number{n}") for n in range(STUDENTS)]
    with (folder / "roster.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("id", "name"), *students])
    for identity, _ in students:
        lines = "".join(f"{name} = {value}\n" for name, value in ANSWERS.items())
        (folder / "handed" / f"{identity}.txt").write_text(f"id: {identity}\n{lines}", encoding="utf-8")


def in_course(folder: Path, tally: Tally, files: Sequence[Path]) -> None:
    """Hostile files handed in with those of fifty others."""
    names = [shutil.copy(path, folder / "handed" / f"hostile{path.name}") for path in files]
    one = Tally()  # the time is that of twenty-five files; only what goes wrong is counted
    call(one, "grade", folder / "key.json", folder / "handed", "--roster", folder / "roster.csv", "--out",
         folder / "results", "--feedback", "none", "--jobs", "1")  # fmt: skip
    for what, number in one.bad.items():
        tally.bad[what] += number
    tally.megabytes = max(tally.megabytes, one.megabytes)
    tally.bad["marks"] += STUDENTS - _full(folder)
    for name in names:
        Path(name).unlink()


def _rows(folder: Path) -> list[dict[str, str]]:
    """The gradebook."""
    with (folder / "results" / "results.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def _full(folder: Path) -> int:
    """How many of the fifty have all their marks."""
    rows = [row for row in _rows(folder) if row["id"].startswith("student")]
    return sum(row["total"] == row["out_of"] == "35" for row in rows)


def one_stack(count: int, seed: str) -> bool:
    """So many damaged pictures and scans in one stack, beside three that are whole; whether all went well."""
    tally = Tally(tried=count)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        course(folder)
        for n, (suffix, data) in enumerate([*forms()["scan pdf"], forms()["tiff"][1]]):
            with (folder / "roster.csv").open("a", encoding="utf-8") as file:
                file.write(f"whole{n},Whole Number{n}\n")
            (folder / "handed" / f"whole{n}{suffix}").write_bytes(data)
        for kind in STACK:
            own = folder / kind
            own.mkdir()
            program = Path(__file__).with_name("hostile.py")
            subprocess.run([sys.executable, program, own, kind, str(count // len(STACK)), seed], check=True)  # noqa: S603 - our own script
            for path in own.iterdir():
                path.rename(folder / "handed" / f"{kind.replace(' ', '-')}{path.name}")
        result = call(
            tally, "grade", folder / "key.json", folder / "handed", "--roster", folder / "roster.csv", "--out",
            folder / "results", "--feedback", "none", "--jobs", "1", patience=count * 30,
        )  # fmt: skip
        with (folder / "results" / "files.csv").open(encoding="utf-8-sig") as file:
            told = {Path(row["file"]).name for row in csv.DictReader(file)}
        handed = {path.name for path in (folder / "handed").iterdir()}
        whole = [int(float(row["total"])) for row in _rows(folder) if row["id"].startswith("whole")]
        lost = len(handed - told) + STUDENTS - _full(folder)
        shutil.copy(folder / "results" / "files.csv", "attack-stack-files.csv")
    print(
        f"{count} files in one stack: {tally.seconds:.0f} s of the processor, {tally.megabytes:.0f} MB more"
    )
    print(f"{tally.bad}, files not told of and marks lost: {lost}; right lines of what was whole: {whole}")
    guard.stop()
    return result is not None and not any(tally.bad.values()) and not lost and min(whole, default=0) >= WHOLE


def attack(kind: str, files: Sequence[Path], seed: str) -> Tally:
    """Try files of one form, each alone and then many in a course."""
    tally, limit = Tally(), most_seconds(kind)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        course(folder)
        for number in range(0, len(files), TOGETHER):
            some = files[number : number + TOGETHER]
            for path in some:
                before, worst = sum(tally.bad.values()), (tally.seconds, tally.megabytes)
                call(tally, "grade", folder / "key.json", path)
                tally.tried += 1
                over = tally.seconds > max(limit, worst[0]) or tally.megabytes > max(MEGABYTES, worst[1])
                if over or sum(tally.bad.values()) > before:
                    shutil.copy(path, f"attack-{kind.replace(' ', '-')}-{seed}-{path.name}")
            in_course(folder, tally, some)
    guard.stop()
    return tally


def most_seconds(kind: str) -> float:
    """The processor's seconds that a file of this form may take."""
    return IN_PAGES if kind in MANY_PAGES else SECONDS


def one_form(kind: str, count: str, seed: str) -> bool:
    """Attack by files of one form that another process makes; whether all went well."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(__file__).with_name("hostile.py")
        subprocess.run([sys.executable, program, folder, kind, count, seed], check=True)  # noqa: S603 - our own script
        found = attack(kind, sorted(Path(folder).iterdir()), seed)
    told = " | ".join(str(found.bad[what]) for what in ("crashes", "hangs", "statuses", "marks"))
    print(f"| {kind} | {found.tried:,} | {found.seconds:.1f} | {found.megabytes:.0f} | {told} |", flush=True)
    return (
        not any(found.bad.values()) and found.seconds <= most_seconds(kind) and found.megabytes <= MEGABYTES
    )


def main() -> None:
    """Attack by every form, each in a process of its own."""
    count, seed, *chosen = (*sys.argv[1:], *("500", "1")[len(sys.argv) - 1 :])
    if chosen == ["stack"]:
        sys.exit(not one_stack(int(count), seed))
    if len(chosen) == 1:
        sys.exit(not one_form(chosen[0], count, seed))
    print("| form | files | worst s | worst MB | crashes | hangs | unexplained statuses | marks lost |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    again = [sys.executable, __file__, count, seed]
    ended = [subprocess.run([*again, kind], check=False) for kind in chosen or forms()]  # noqa: S603
    sys.exit(max(one.returncode for one in ended))


if __name__ == "__main__":
    main()
