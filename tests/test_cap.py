"""What reading one file may cost: the cap in one place, and files that used to cost minutes."""

import io
import json
import threading
import time
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner
from course_making import lines, problem, put, right, write_course
from making import call, drawn, flattened, handed_in, perfect, shipped

import byhand
from answer_keys.keyfile import to_json
from answer_keys.solution import solve
from exercises.pages.worksheet_page import worksheet_pdf
from grader.answers.names import Names
from grader.course.work import within_share
from grader.diagnosis.explain import Explainer
from grader.feedback.report import grade
from grader.files import read
from grader.files.extraction.source import Source
from grader.files.forms import text
from grader.files.guarded import cap, clock, guard


@pytest.fixture
def impatient(monkeypatch):
    """A cap that a slow test need not wait for."""
    monkeypatch.setattr(cap, "SECONDS", 0.2)
    monkeypatch.setattr(clock, "AGAIN", 0.05)


def busy():
    """Work that never ends, and takes every error for one of its own."""
    while True:
        try:
            sum(range(10_000))
        except Exception:  # noqa: BLE001, S112 - as careless as a reader may be
            continue


@pytest.mark.usefixtures("impatient")
def test_what_never_ends_is_ended_and_the_clock_stops_with_it():
    with pytest.raises(cap.TooCostlyError), cap.capped():
        busy()
    assert not cap.is_capped()
    until = time.process_time() + 0.3
    while time.process_time() < until:  # nothing ticks any more
        sum(range(1_000))


@pytest.mark.usefixtures("impatient")
def test_inside_another_cap_nothing_begins_anew():
    with pytest.raises(cap.TooCostlyError), cap.capped():
        one_after_another()


@pytest.mark.usefixtures("impatient")
def test_a_sheet_that_we_lay_out_is_allowed_for_and_not_without_end(monkeypatch):
    monkeypatch.setattr(cap, "EACH_SHEET", 0.1)
    with cap.capped():
        for _ in range(3 * cap.MOST_SHEETS):
            cap.allow_sheet()
        assert clock.left() == pytest.approx(0.2 + 0.1 * cap.MOST_SHEETS, abs=0.05)
    with cap.capped():
        assert clock.left() == pytest.approx(0.2, abs=0.05)


def one_after_another():
    for _ in range(1_000):
        with cap.capped():
            until = time.process_time() + 0.05
            while time.process_time() < until:
                sum(range(1_000))


def test_memory_has_an_end_too():
    with pytest.raises(cap.TooCostlyError), cap.capped():
        _ = [bytearray(50_000_000) for _ in range(40)]
    _ = [bytearray(50_000_000) for _ in range(10)]  # there is as much as before


def test_elsewhere_than_in_the_main_thread_there_is_no_clock():
    found = []

    def work():
        with cap.capped():
            found.append(cap.is_capped())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [False]


@pytest.mark.usefixtures("impatient")
def test_one_costly_file_in_a_course_costs_nobody_else_a_mark(tmp_path):
    problems, roster = write_course(tmp_path, 2)
    handed = tmp_path / "handed"
    put(handed / "a.json", json.dumps({f"unknown{n}": "1" for n in range(20_000)}))
    put(handed / "b.txt", lines(right(1), code=problem(1).code, identity="s0001"))
    result = call(
        "grade",
        problems,
        handed,
        "--roster",
        roster,
        "--out",
        tmp_path / "out",
        "--feedback",
        "none",
        "--jobs",
        1,
    )
    assert result.exit_code == 1
    assert "a.json: reading it takes more than" in result.stderr
    assert (
        (tmp_path / "out" / "results.csv").read_text(encoding="utf-8").splitlines()[2].endswith(",10,10,10,")
    )
    alone = call("grade", "huddar-1", handed / "a.json")
    assert "a person must look" in alone.stderr


def test_a_file_that_a_reader_fails_at_takes_no_other_with_it(tmp_path, monkeypatch):
    for name in ("a", "b", "c"):
        put(tmp_path / f"{name}.txt", "a3 = 0.755\n")
    whole = text.read

    def failing(data, source):
        if source.shown.endswith("b.txt"):
            raise IndexError(data)
        return whole(data, source)

    monkeypatch.setattr(read, "stumbled", read.stumbled.__wrapped__)
    monkeypatch.setattr(text, "read", failing)
    result = call("grade", "huddar-1", *sorted(tmp_path.iterdir()), "--json")
    assert (result.exit_code, result.stdout.count("\n")) == (1, 2)
    assert "b.txt: byhand stumbled over this file (IndexError: " in result.stderr
    monkeypatch.setenv("BYHAND_TRACEBACK", "1")
    with pytest.raises(IndexError):
        CliRunner().invoke(
            byhand.main, ["grade", "huddar-1", str(tmp_path / "b.txt")], catch_exceptions=False
        )


def test_a_text_of_thousands_of_codes_is_no_sheet(tmp_path):
    problems, roster = write_course(tmp_path, 1)
    codes = [f"{n // 676:04}-{chr(65 + n // 26 % 8)}{chr(65 + n % 8)}00" for n in range(5_000)]
    put(tmp_path / "handed" / "a.txt", "".join(f"code: {code}\na3 = 1\n" for code in codes))
    result = call("grade", problems, tmp_path / "handed", "--roster", roster)
    assert "problems; a sheet answers 60 at most; not read" in result.stderr


def opening(count):
    """Open files in the other process, and then be busy."""
    for n in range(count):
        guard.unpack("xlsx", b"%d" % n)
    busy()


@pytest.mark.usefixtures("impatient")
def test_what_the_other_process_takes_comes_off_the_same_share(monkeypatch):
    asked = []

    def slow(_, head, __):
        asked.append(float(head.split()[2]))
        return {guard.SPENT: 0.15}

    monkeypatch.setattr(guard, "_exchange", slow)
    before = guard.spent()
    with pytest.raises(cap.TooCostlyError), cap.capped():
        opening(10)
    assert asked[0] <= 0.25  # the system's clock is no finer than its ticks
    assert asked[1] <= 0.1
    assert guard.spent() - before >= 0.3
    guard.unpack("xlsx", b"alone")
    assert asked[-1] == guard.USUAL, "without a cap each has its whole share"


def sixty_pages():
    """Flattened worksheets of twelve problems, five times over: each has to be laid out to be read."""
    sheets = [
        pikepdf.open(io.BytesIO(flattened(worksheet_pdf(drawn((2, 2, 1), seed=f"s{n}"))))) for n in range(12)
    ]
    whole = pikepdf.new()
    for n in range(60):
        whole.pages.extend(sheets[n % 12].pages)
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def students(head, row, count):
    """A table of so many students."""
    return (head + "".join(row.format(n) for n in range(count))).encode()


COSTLY = {
    "unknown.txt": lambda: students("", "unknown{0} = {0}\n", 900_000),
    "ends.txt": lambda: b"a3 = 1" + b"\n" * 19_900_000,
    "blanks.txt": lambda: b"a3 = 1" + b"\r\n \n" * 4_900_000,
    "brackets.txt": lambda: b"a3 = 1" + b"(" * 100_000 + b"\n1\n",
    "unknown.json": lambda: json.dumps({f"unknown{n}": "1" for n in range(400_000)}).encode(),
    "rows.csv": lambda: students("student,a3,y3\n", "s{},0.5,0.6\n", 900_000),
    "long.csv": lambda: students("student,line,answer\n", "s{},a3,0.6\n", 300_000),
    "heads.csv": lambda: ",".join(f"u{n}" for n in range(900_000)).encode() + b"\n1\n",
    "sixty.pdf": sixty_pages,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", COSTLY)
def test_files_that_took_minutes_take_no_more_than_their_share(tmp_path, name):
    (tmp_path / name).write_bytes(COSTLY[name]())
    source = shipped("huddar-1")
    before = time.process_time() + guard.spent()
    found = read.read(tmp_path / name, source)
    assert time.process_time() + guard.spent() - before < cap.SECONDS + 1.5
    assert len(found.submissions) <= 10_000
    assert found.complaints or found.submissions
    assert sum(map(len, found.complaints)) < 1_000_000


def test_blank_lines_and_brackets_cost_no_more_than_they_are_long():
    """Patterns that begin at every line and run over the rest of the file made these cost minutes."""
    for written in ("a3 = 1" + "\n" * 60_000, "a3 = 1" + "\t" * 60_000, "a3 = 1" + "(" * 20_000 + "\n1"):
        before = time.process_time()
        read.read_bytes(
            written.encode(), ".txt", Source(Path("a.txt"), shipped("huddar-1"), Names(shipped("huddar-1")))
        )
        assert time.process_time() - before < 2


def class_of(tmp_path, count):
    """A problem, and a table of right answers to it, no two rows of which are alike."""
    problem = drawn((2, 1))
    own = perfect(problem)
    rows = "".join(f"s{n},{','.join(f'{text}{n:02}' for text in own.values())}\n" for n in range(count))
    put(tmp_path / "class.csv", f"student,{','.join(q.name for q in own)}\n{rows}")
    put(tmp_path / "key.json", to_json(solve(problem), "test"))


def roster_of(tmp_path, count):
    return put(tmp_path / "roster.csv", "id,name\n" + "".join(f"s{n},Student {n}\n" for n in range(count)))


def graded_rows(tmp_path, *more):
    """How many rows of a table are judged, and what is said of the others."""
    result = call("grade", tmp_path / "key.json", tmp_path / "class.csv", "--json", *more)
    return result.stdout.count("\n"), result.stderr, result.exit_code


@pytest.mark.parametrize("more", [(), ("--jobs", "1")], ids=["one problem", "a course"])
def test_a_table_of_nobody_knows_whom_has_the_share_of_one_file(tmp_path, monkeypatch, more):
    monkeypatch.setattr(within_share, "FEW", 10)
    monkeypatch.setattr("grader.course.run.A_TABLE", 10)
    monkeypatch.setattr(within_share, "TABLE", 0.01)
    class_of(tmp_path, 25)
    count, said, status = graded_rows(tmp_path, *more)
    assert (count, status) == (10, 1)
    assert within_share.TOO_MANY in said
    count, said, _ = graded_rows(tmp_path, *more, "--roster", roster_of(tmp_path, 25))
    assert count == 25, "a roster tells that they are students"
    assert within_share.TOO_MANY not in said


@pytest.mark.usefixtures("impatient")
def test_a_sheet_that_costs_too_much_is_for_a_person_and_no_other_suffers(tmp_path, monkeypatch):
    class_of(tmp_path, 9)
    whole = within_share.grade_together

    def judged(work, *, hints):
        if any(one.student == "s4" for _, one in work):
            busy()
        return whole(work, hints=hints)

    monkeypatch.setattr(within_share, "grade_together", judged)
    monkeypatch.setattr(within_share, "EACH", 0.0)
    count, said, status = graded_rows(tmp_path)
    assert (count, status) == (8, 1)
    assert "class.csv, row 6: judging it takes more than 0 s" in said


def test_what_one_sheet_is_told_does_not_hang_on_those_judged_with_it():
    problem = drawn((2, 1))
    own = perfect(problem)
    q = next(iter(own))
    noise, one = handed_in({**own, q: "7.123456"}), handed_in({**own, q: f"-{own[q]}"})
    (alone,) = grade(problem, [one])
    assert grade(problem, [noise, one])[1] == alone


def test_pairs_of_mistakes_are_tried_in_the_first_lines_only_of_a_sheet_that_nothing_fits(monkeypatch):
    problem = drawn((2, 1))
    asked, whole = [], Explainer.pairs
    monkeypatch.setattr(Explainer, "pairs", lambda self, q: asked.append(q) or whole(self, q))
    noise = handed_in({q: f"{3.1417 + 0.7 * n}" for n, q in enumerate(perfect(problem))})
    grade(problem, [noise])
    assert len(set(asked)) > 3
    before = len(set(asked))
    asked.clear()
    monkeypatch.setattr("grader.diagnosis.explain.MOST_PAIRS", 1)
    grade(problem, [noise])
    assert 0 < len(set(asked)) < before
