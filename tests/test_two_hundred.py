"""A course of two hundred: late, together, twice, swapped, by hand, foreign, missing; every cell is accounted for."""

import csv
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from course_making import NOON, lines, problem, put, right, students, write_course, write_csv, wrong

import byhand
from exercises.problems.policy import DAY
from grader.course.work import done_before

COUNT, POINTS = 200, 10
RIGHT, BROKEN, LATE, TOGETHER, TWICE = (
    range(100),
    range(100, 120),
    range(120, 130),
    range(130, 140),
    range(140, 150),
)
SWAPPED, BY_HAND, MISSING, SETTLED_0, UNREAD = (
    range(150, 160),
    range(160, 170),
    range(170, 180),
    range(180, 185),
    range(185, 190),
)
CODES_ONLY = range(190, 200)
KILLS = 20

pytestmark = pytest.mark.slow


def hand_in(handed):
    """What two hundred hand in."""
    for n in RIGHT:
        put(handed / f"{n:03}.txt", lines(right(n), code=problem(n).code, identity=f"s{n:04}"))
    for n in BROKEN:  # one of 35 lines is wrong, and the rest follows
        put(handed / f"{n:03}.txt", lines(wrong(n, delta3="9.9999"), identity=f"s{n:04}"))
    for n in LATE:
        put(handed / f"{n:03}.txt", lines(right(n), identity=f"s{n:04}"), after=DAY * (1.5 + n % 2))
    for n in TOGETHER[::2]:
        put(handed / f"{n:03}.txt", lines(right(n), code=problem(n).code, identity=f"s{n:04}, s{n + 1:04}"))
    for n in TWICE:
        put(handed / f"{n:03} a.txt", lines(wrong(n, a3=None, y3=None), identity=f"s{n:04}"), after=-60)
        put(handed / f"{n:03} b.txt", lines(right(n), identity=f"s{n:04}"), after=-30)
    for n in SWAPPED:  # each has the sheet of a neighbour
        other = n + 1 if n % 2 == 0 else n - 1
        put(handed / f"{n:03}.txt", lines(right(other), code=problem(other).code, identity=f"s{n:04}"))
    for n in UNREAD:
        put(handed / f"s{n:04}.pdf", b"%PDF-1.7 and then nothing")
    for n in CODES_ONLY:
        put(handed / f"scan{n}.txt", lines(right(n), code=problem(n).code))
    for n in range(5):
        put(handed / f"foreign{n}.txt", lines(right(n), code="ZZZZ-ZZZZ", student=f"Mallory {n}"))
    put(handed / "stranger.txt", lines(right(3), code=problem(3).code, student="Eve Nobody"))


def expected():
    """Each student's total, worked out from what was handed in; None without one."""
    total = dict.fromkeys(range(COUNT))
    total |= dict.fromkeys((*RIGHT, *TOGETHER, *TWICE, *CODES_ONLY), float(POINTS))
    lines_asked = len(problem(0).graph.asked_steps)
    total |= {n: round(POINTS * (lines_asked - 1) / lines_asked, 4) for n in BROKEN}
    total |= {n: POINTS * (0.8 if n % 2 == 0 else 0.7) for n in LATE}
    total |= {n: n % 10 + 0.5 for n in BY_HAND}
    total |= dict.fromkeys(SETTLED_0, 0.0)
    total |= dict.fromkeys(SWAPPED[:4], float(POINTS))  # a person said that these are theirs
    return total


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The course with all decisions, not graded yet."""
    top = tmp_path_factory.mktemp("two-hundred")
    problems, roster = write_course(top, COUNT, points=POINTS)
    (problems / "policy.toml").write_text(
        "due = 2023-11-14T22:13:20Z\n[late]\nper_day = 0.1\n", encoding="utf-8"
    )  # NOON
    assert NOON == 1_700_000_000
    handed = top / "handed"
    hand_in(handed)
    marks = [("exercise", "student", "points"), *(("1", f"s{n:04}", n % 10 + 0.5) for n in BY_HAND)]
    write_csv(top / "marks.csv", marks)
    heads = ["Student", "ID", "SIS User ID", "Section", "Week 1 (7)"]
    rows = [
        [name, 5000 + (n * 7) % COUNT, identity, "A", ""]
        for n, (identity, name) in enumerate(students(COUNT))
    ]
    write_csv(top / "canvas.csv", [heads, ["    Points Possible", "", "", "", POINTS], *rows])
    return top, problems, roster, handed


def settled(top, out):
    """A person's decisions: four swapped sheets count, five students will not come any more."""
    heads = ("file", "student_id", "code", "exercise", "points")
    theirs = []
    for n in SWAPPED[:4]:
        other = n + 1 if n % 2 == 0 else n - 1
        theirs.append(((top / "handed" / f"{n:03}.txt").as_posix(), f"s{n:04}", problem(other).code, "", ""))
    out.mkdir(parents=True, exist_ok=True)
    write_csv(out / "settled.csv", [heads, *theirs, *(("", f"s{n:04}", "", "1", "0") for n in SETTLED_0)])


def arguments(course, out, *more):
    top, problems, roster, handed = course
    return [
        "grade", problems, handed, "--roster", roster, "--out", out, "--feedback", "none", "--marks", top / "marks.csv",
        "--canvas", top / "canvas.csv", "--column", "Week 1 (7)", *more,
    ]  # fmt: skip


def table(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def everything(out):
    return {
        p.relative_to(out).as_posix(): p.read_bytes()
        for p in sorted(out.rglob("*"))
        if p.is_file() and done_before.HIDDEN not in p.relative_to(out).parts
    }


@pytest.fixture(scope="module")
def graded(course, tmp_path_factory):
    """Graded without a pause."""
    out = tmp_path_factory.mktemp("graded") / "out"
    settled(course[0], out)
    result = CliRunner().invoke(byhand.main, [str(a) for a in arguments(course, out, "--jobs", 1)])
    assert result.exit_code == 1, result.output
    return out, result


def test_every_cell_of_every_gradebook_is_accounted_for(course, graded):
    out, _ = graded
    total = expected()
    rows = table(out / "results.csv")
    assert [row["id"] for row in rows] == [f"s{n:04}" for n in range(COUNT)]
    for n, row in enumerate(rows):
        assert (float(row["total"]) if row["total"] else None) == (
            None if total[n] is None else round(total[n], 2)
        ), row
        assert row["out_of"] == str(POINTS)
    moodle = {row["ID number"]: float(row["Total"]) for row in table(out / "moodle.csv")}
    assert moodle == {f"s{n:04}": mark for n, mark in total.items() if mark is not None}
    canvas = table(out / "canvas.csv")[1:]
    assert {row["SIS User ID"]: row["Week 1 (7)"] for row in canvas} == {
        f"s{n:04}": "" if mark is None else f"{mark:.4f}".rstrip("0").rstrip(".") for n, mark in total.items()
    }
    assert [row["ID"] for row in canvas] == [row["ID"] for row in table(course[0] / "canvas.csv")[1:]]


def test_whatever_waits_for_a_person_is_listed_and_nothing_else(graded):
    out, result = graded
    found = {}
    for row in table(out / "to-settle.csv"):
        found.setdefault(row["what"], set()).add(row["student_id"] or Path(row["file"]).name)
    assert found["late"] == {f"s{n:04}" for n in LATE}
    assert found["handed in twice"] == {f"s{n:04}" for n in TWICE}
    assert found["swapped code"] == {f"s{n:04}" for n in SWAPPED[4:]}
    assert found["not read"] == {f"s{n:04}" for n in UNREAD}
    assert found["stranger"] == {*(f"foreign{n}.txt" for n in range(5)), "stranger.txt"}
    assert found["missing"] == {f"s{n:04}" for n in (*MISSING, *UNREAD, *SWAPPED[4:])}
    assert found.pop("pending") == {f"s{n:04}" for n in TWICE}
    assert set(found) == {"late", "handed in twice", "swapped code", "not read", "stranger", "missing"}
    assert len(table(out / "files.csv")) == 191  # a row each, and one more for each of those together
    said = result.stderr.splitlines()
    assert len(said) < 30, (
        said
    )  # a line for each file that could not be read, and one for each kind of matter
    (missing,) = [line for line in said if line.startswith("missing ")]
    assert missing.split()[1] == str(len(found["missing"]))


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_killed_at_twenty_moments_it_ends_with_the_same_bytes(course, graded, tmp_path):
    whole, _ = graded
    out = tmp_path / "out"
    settled(course[0], out)
    program = [sys.executable, "-m", "byhand", *map(str, arguments(course, out, "--jobs", 2))]
    env = {**os.environ, "PYTHONPATH": str(Path(byhand.__file__).parent)}
    rng = random.Random("twenty")  # noqa: S311 - moments, no secret
    killed = 0
    for _ in range(KILLS):
        process = subprocess.Popen(program, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(rng.uniform(1.0, 9.0))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait()
    assert killed > KILLS // 3
    subprocess.run(program, env=env, check=False, capture_output=True, timeout=600)
    assert everything(out) == everything(whole)
