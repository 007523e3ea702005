"""Forty students, three exercises in a booklet, one of them in words: every cell of every table is accounted for."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from course_making import NOON, lines, problem, put, right, write_csv, wrong
from making import drawn, perfect
from test_two_hundred import everything, table

import byhand
from answer_keys.keyfile import to_json
from answer_keys.solution import solve
from exercises.problems.policy import DAY

pytestmark = pytest.mark.slow
COUNT, FIRST, SECOND, WORDS = 40, 10, 4, 5  # students, and what the exercises are worth
ONE_IN = len(problem(0).graph.asked_steps)  # lines of the first exercise
LEFT = 29


def small(n):
    """A student's own second problem."""
    return drawn((1, 1, 1), seed=f"forty/{n}")


def both(n, *, first=None, who=True, **changes):
    """A booklet's two sheets as text, the second one right; changes are of the first."""
    own = problem(n if first is None else first)
    answers = (
        wrong(n if first is None else first, **changes) if changes else right(n if first is None else first)
    )
    rest = {q.name: text for q, text in perfect(small(n)).items()}
    head = f"id: s{n:04}\n" if who else ""
    return head + lines(answers, code=own.code) + "\n" + lines(rest, code=small(n).code)


def hand_in(handed):
    """What they hand in."""
    for n in [*range(10), 21, *range(32, COUNT), LEFT]:
        put(handed / f"{n:02}.txt", both(n, who=n < 32))
    for n in range(10, 14):
        put(handed / f"{n:02}.txt", lines(right(n), code=problem(n).code, identity=f"s{n:04}"))
    for n in (14, 15, 27):
        put(handed / f"{n:02}.txt", both(n), after=DAY * 1.5)
    put(handed / "16 and 17.txt", both(16).replace("id: s0016", "id: s0016, s0017"))
    for n in (18, 30):
        put(handed / f"{n:02} early.txt", both(n), after=-90)
        put(handed / f"{n:02} late.txt", both(n, a3=None, y3=None), after=-30)
    put(handed / "19.txt", both(19, first=20))
    put(handed / "20.txt", both(20, first=19))
    put(handed / "22.txt", both(22, delta3="9.9999"))
    put(handed / "s0023.pdf", b"%PDF-1.7 and then nothing")
    put(handed / "scan 7.txt", lines(right(26)) + "\n")
    put(handed / "28.txt", lines({"a3": right(28)["a3"]}, code=problem(28).code, identity="s0028"))
    put(handed / "31.txt", both(31, a3="0.1 or 0.2"))
    put(handed / "foreign.txt", lines(right(3), code="ZZZZ-ZZZZ", student="Mallory"))


def expected():
    """What each student gets for each exercise, worked out from what was handed in; None where nothing counts."""
    one = {n: float(FIRST) for n in (*range(22), 26, 27, 30, *range(32, COUNT))}
    two = {n: float(SECOND) for n in (*range(10), *range(14, 23), 27, 30, 31, *range(32, COUNT))}
    for n in (14, 15):
        one[n], two[n] = FIRST * 0.8, SECOND * 0.8  # two days begun, a tenth each
    one[18] = FIRST * (ONE_IN - 2) / ONE_IN  # the later one counts, of which two lines are blank
    one |= {19: None, 20: None, 21: 3.5, 22: FIRST * (ONE_IN - 1) / ONE_IN, 25: 0.0, 28: 0.0}
    one[31] = FIRST * (ONE_IN - 1) / ONE_IN
    two |= {25: 0.0}
    words = {n: n % 5 + 0.5 for n in range(0, COUNT, 2)}
    return {n: tuple(found.get(n) for found in (one, two, words)) for n in range(COUNT) if n != LEFT}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The course with its marks by hand and its gradebook."""
    top = tmp_path_factory.mktemp("forty")
    keys = top / "problems" / "keys"
    keys.mkdir(parents=True)
    rows = [("student_id", "student_name", "exercise", "code", "points")]
    for n in range(COUNT):
        for name, own, points in (("1", problem(n), FIRST), ("2", small(n), SECOND)):
            (keys / f"{own.code}-key.json").write_text(to_json(solve(own), "x"), encoding="utf-8")
            rows.append((f"s{n:04}", f"Student Number{n}", name, own.code, points))
        rows.append((f"s{n:04}", f"Student Number{n}", "3", "", WORDS))
    write_csv(top / "problems" / "manifest.csv", rows)
    here = [n for n in range(COUNT) if n != LEFT]
    write_csv(top / "roster.csv", [("Name", "ID"), *((f"Student Number{n}", f"s{n:04}") for n in here)])
    (top / "problems" / "policy.toml").write_text(
        "due = 2023-11-14T22:13:20Z\nleast_lines = 2\n[late]\nper_day = 0.1\n", encoding="utf-8"
    )
    assert NOON == 1_700_000_000  # which is when it is due
    hand_in(top / "handed")
    by_hand = [("3", f"s{n:04}", n % 5 + 0.5) for n in range(0, COUNT, 2)]
    write_csv(top / "marks.csv", [("exercise", "student", "points"), *by_hand, ("1", "s0021", "3,5")])
    canvas = [(f"Student Number{n}", 5000 + (n * 7) % COUNT, f"s{n:04}", "9") for n in here]
    write_csv(top / "canvas.csv", [("Student", "ID", "SIS User ID", "Week 1 (7)"), *canvas])
    return top


def settle(course, out):
    """A person's decisions."""
    out.mkdir(parents=True, exist_ok=True)
    handed = course / "handed"
    rows = [
        (handed / "scan 7.txt", "s0026", problem(26).code, "", "", ""),
        (handed / "30 early.txt", "s0030", problem(30).code, "1", "", ""),
        (handed / "27.txt", "s0027", problem(27).code, "1", "", "0"),
        (handed / "27.txt", "s0027", small(27).code, "2", "", "0"),
        ("", "s0025", "", "1", "0", ""),
        ("", "s0025", "", "2", "0", ""),
    ]
    write_csv(out / "settled.csv", [("file", "student_id", "code", "exercise", "points", "late"), *rows])


def arguments(course, out):
    named = {name: str(course / f"{name}.csv") for name in ("roster", "marks", "canvas")}
    given = [part for name, path in named.items() for part in (f"--{name}", path)]
    return ["grade", str(course / "problems"), str(course / "handed"), *given, "--column", "Week 1 (7)",
            "--out", str(out), "--feedback", "none", "--jobs", "1"]  # fmt: skip


@pytest.fixture(scope="module")
def graded(course, tmp_path_factory):
    out = tmp_path_factory.mktemp("graded") / "out"
    settle(course, out)
    result = CliRunner().invoke(byhand.main, arguments(course, out))
    assert result.exit_code == 1, result.output  # a file could not be read
    return out, result


def number(text):
    return float(text) if text else None


def test_every_cell_is_what_was_earned(graded):
    out, _ = graded
    due = expected()
    rows = {int(row["id"][1:]): row for row in table(out / "results.csv")}
    assert set(rows) == set(due)
    for n, marks in due.items():
        shown = tuple(None if mark is None else round(mark, 2) for mark in marks)
        assert tuple(number(rows[n][name]) for name in ("1", "2", "3")) == shown, rows[n]
        earned = [mark for mark in marks if mark is not None]
        assert number(rows[n]["total"]) == (round(sum(earned), 2) if earned else None), rows[n]
        assert rows[n]["out_of"] == str(FIRST + SECOND + WORDS)
    totals = {n: sum(found) for n, marks in due.items() if (found := [m for m in marks if m is not None])}
    moodle = {int(row["ID number"][1:]): float(row["Total"]) for row in table(out / "moodle.csv")}
    assert moodle == {n: pytest.approx(total, abs=1e-4) for n, total in totals.items()}
    for row in table(out / "canvas.csv"):  # what stood there stays where there is no mark
        n = int(row["SIS User ID"][1:])
        assert float(row["Week 1 (7)"]) == pytest.approx(totals.get(n, 9), abs=1e-4)
    for place, name in enumerate("123"):
        own = {
            int(row["ID number"][1:]): float(row[name]) for row in table(out / f"moodle-exercise-{name}.csv")
        }
        assert own == {
            n: pytest.approx(marks[place], abs=1e-4) for n, marks in due.items() if marks[place] is not None
        }


def test_whatever_has_no_mark_or_needs_a_person_is_listed(graded):
    out, result = graded
    due = expected()
    found = {}
    for row in table(out / "to-settle.csv"):
        whose = row["student_id"] or Path(row["file"]).name
        found.setdefault(row["what"], set()).add((whose, row["exercise"]))
    blank = {
        (f"s{n:04}", name)
        for n, marks in due.items()
        for name, m in zip("12", marks, strict=False)
        if m is None
    }
    assert found["missing"] == blank
    unmarked = {(f"s{n:04}", "3") for n, marks in due.items() if marks[2] is None}
    assert found["marked by hand"] == unmarked
    assert found["late"] == {(f"s{n:04}", name) for n in (14, 15) for name in "12"}
    assert found["handed in twice"] == {("s0018", "1"), ("s0018", "2"), ("s0030", "2")}
    assert found["swapped code"] == {("s0019", "1"), ("s0020", "1")}
    assert found["unreadable"] == {("s0031", "1")}
    assert found["too few lines"] == {("s0028", "1")}
    assert {name for name, _ in found["stranger"]} == {"foreign.txt", f"{LEFT}.txt"}
    assert found["not read"] == {("s0023", "")}
    whole = {n for n, marks in due.items() if None not in marks and n not in {14, 15, 18, 28, 30, 31}}
    waiting = {name for name, _ in found["pending"]}
    assert not waiting & {f"s{n:04}" for n in whole}
    rows = {row["id"]: row for row in table(out / "results.csv")}
    assert {name for name, row in rows.items() if row["needs a person"]} >= waiting
    assert len(result.stderr.splitlines()) < 30  # ten of them marks in the gradebook that are replaced


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_killed_at_some_moments_it_ends_with_the_same_bytes(course, graded, tmp_path):
    whole, _ = graded
    out = tmp_path / "out"
    settle(course, out)
    program = [sys.executable, "-m", "byhand", *arguments(course, out)]
    env = {**os.environ, "PYTHONPATH": str(Path(byhand.__file__).parent)}
    rng = random.Random("forty")  # noqa: S311 - moments, no secret
    for _ in range(6):
        process = subprocess.Popen(program, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(rng.uniform(0.5, 4.0))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.wait()
    subprocess.run(program, env=env, check=False, capture_output=True, timeout=300)
    assert everything(out) == everything(whole)
