"""A whole course: every file accounted for, every mark recomputable, and nothing lost however a run ends."""

import csv
import errno
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from course_making import (
    form,
    lines,
    notebook,
    problem,
    put,
    right,
    student_name,
    students,
    write_course,
    write_csv,
    wrong,
)
from making import drawn, handed_in, perfect

import byhand
from answer_keys.keyfile import to_json
from answer_keys.solution import solve
from exercises.common import files, processes
from exercises.common.errors import FileError
from exercises.problems import problem_file
from grader.course import gathering, run
from grader.course.people import course_problems, csv_tables
from grader.course.people.manifest import read_manifest
from grader.course.people.people import Roster, Student, name_keys
from grader.course.people.roster_file import read_roster
from grader.course.placing import overrides
from grader.course.placing.settled import read_settled
from grader.course.results import canvas_gradebook, feedback_pages, finish
from grader.course.work import done_before, within_share
from grader.feedback import kept_values
from grader.feedback.report import grade, grade_together

COUNT = 50
ROOT = Path(__file__).parent.parent
FATES = {
    "graded", "superseded", "swapped code", "stranger", "which problem?", "unknown code", "not read", "passed over",
}  # fmt: skip

slow = pytest.mark.slow


def call(*args):
    """Call byhand as from a terminal; no call may end in an exception."""
    result = CliRunner().invoke(byhand.main, [str(a) for a in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert "Traceback" not in result.output
    assert "stumbled over something" not in result.output
    return result


def table(path):
    """The rows of a CSV file by their headings."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def records(out):
    return [json.loads(line) for line in (out / "results.jsonl").read_text(encoding="utf-8").splitlines()]


def everything(out):
    """The bytes of all results, but for what is kept to go on with."""
    found = (
        p
        for p in sorted(out.rglob("*"))
        if p.is_file() and done_before.HIDDEN not in p.relative_to(out).parts
    )
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in found}


# --- fifty students ---


def hand_in(folder):
    """What fifty students hand in, in five forms and in every state."""
    for n in range(8):
        put(folder / f"{n}.txt", lines(right(n), code=problem(n).code, student=student_name(n)))
    for n in range(8, 12):  # no code, no name but the file's
        put(folder / f"s{n:04}_late_answers.md", lines(right(n)))
    for n in range(12, 17):
        put(folder / f"{n}.json", json.dumps({"student": student_name(n), **right(n)}))
    for n in range(17, 21):
        put(folder / f"notebook {student_name(n)}.ipynb", notebook(right(n)))
    for n in range(21, 29):
        fields = right(n) | {"student": "", "student_id": f"S{n:04}"}
        put(folder / "forms" / f"{n}.pdf", form(fields, [problem(n).code]))
    names = list(right(29))
    rows = [["student", *names], *([student_name(n), *right(n).values()] for n in range(29, 33))]
    put(folder / "table.csv", "\r\n".join(",".join(row) for row in rows))
    put(folder / "33.txt", lines(wrong(33, delta3="9.9999"), code=problem(33).code, student=student_name(33)))
    blank = dict.fromkeys(right(34), "") | {"student": student_name(34)}
    put(folder / "34.pdf", form(blank, [problem(34).code]))
    put(folder / "35 new.txt", lines(right(35), student=student_name(35)), after=60)
    put(folder / "35 old.txt", lines(wrong(35, a3=None), student=student_name(35)), after=30)
    put(folder / "36.txt", lines(right(37), code=problem(37).code, student=student_name(36)))
    put(folder / "37.txt", lines(right(37), code=problem(37).code, student=student_name(37)))
    put(folder / "38.pdf", b"%PDF-1.7 and then nothing")
    put(folder / "39.txt", "")
    put(folder / "40.docx", b"PK")
    put(folder / "41.txt", lines(right(41), code="ZZZZ-ZZZZ", student=student_name(41)))
    put(folder / "stranger.txt", lines(right(42), code=problem(42).code, student="Mallory"))
    put(folder / "43.txt", lines(wrong(43, y3="O.5"), student=student_name(43)))
    put(folder / ".DS_Store", b"\0")


RIGHT = [*range(33), 35, 37]
GRADED = sorted([*RIGHT, 33, 34, 43])


class Killed(BaseException):
    """Stands for the end of the process."""


WHERE = {"keep": (done_before.Store, "_change"), "write": (Path, "replace")}


def in_portions(patch):
    """Work in small portions, so that there is much to be stopped between."""
    patch.setattr(gathering, "_FILES", 9)
    patch.setattr(run, "CHUNK", (7, 7))
    patch.setattr(feedback_pages, "_BATCH", {False: 6, True: 6})


def counted(patch, where, after=None):
    """The calls of what keeps or writes; one of them may end the process."""
    calls, real = [], getattr(*WHERE[where])

    def call_of_it(*args, **kwargs):
        calls.append(1)
        if len(calls) == after:
            raise Killed
        return real(*args, **kwargs)

    patch.setattr(*WHERE[where], call_of_it)
    return calls


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The course, graded once without a pause, in small portions; and how often that kept and wrote something."""
    folder = tmp_path_factory.mktemp("course")
    problems, roster = write_course(folder, COUNT)
    hand_in(folder / "handed")
    out = folder / "results"
    args = ["grade", problems, folder / "handed", "--roster", roster, "--feedback", "html", "--jobs", 1]
    with pytest.MonkeyPatch.context() as patch:
        in_portions(patch)
        calls = {where: counted(patch, where) for where in WHERE}
        result = call(*args, "--out", out)
    return (folder, args, result, out), {where: len(found) for where, found in calls.items()}


@pytest.fixture(scope="module")
def course(undisturbed):
    """The folder, the arguments, what came of them, and the results."""
    return undisturbed[0]


def test_every_file_is_in_the_table_with_what_became_of_it(course):
    folder, _, _, out = course
    rows = table(out / "files.csv")
    named = {row["file"] for row in rows}
    assert named == {p.as_posix() for p in (folder / "handed").rglob("*") if p.is_file()}
    assert {row["status"] for row in rows} == FATES - {"which problem?"}
    status = {Path(row["file"]).name: row["status"] for row in rows}
    assert status["35 old.txt"] == "superseded"
    assert status["36.txt"] == "swapped code"
    assert status["38.pdf"] == status["39.txt"] == status["40.docx"] == "not read"
    assert status["41.txt"] == "unknown code"
    assert status["stranger.txt"] == "stranger"
    assert status[".DS_Store"] == "passed over"
    assert sum(row["file"].endswith("table.csv") for row in rows) == 4


def test_every_student_has_a_row_and_whoever_handed_in_right_work_has_full_marks(course):
    *_, out = course
    rows = table(out / "results.csv")
    assert [(row["id"], row["name"]) for row in rows] == students(COUNT)
    assert list(rows[0]) == ["name", "id", "1", "total", "out_of", "needs a person"]
    for n, row in enumerate(rows):
        assert row["out_of"] == "10"
        assert (row["total"] == "10") is (n in RIGHT), row
        assert bool(row["total"]) is (n in GRADED), row
    assert 0 < float(rows[33]["total"]) < 10
    assert float(rows[34]["total"]) == 0


def test_what_a_person_has_to_settle_is_told_and_nothing_else(course):
    _, _, result, out = course
    assert result.exit_code == 1
    found = [(row["what"], row["student_id"], Path(row["file"]).name) for row in table(out / "to-settle.csv")]
    missing = [("missing", f"s{n:04}", "") for n in range(COUNT) if n not in GRADED]
    assert found == [
        ("handed in twice", "s0035", "35 old.txt"),
        ("swapped code", "s0036", "36.txt"),
        ("not read", "", "38.pdf"),
        ("not read", "", "39.txt"),
        ("not read", "", "40.docx"),
        ("unknown code", "s0041", "41.txt"),
        ("stranger", "", "stranger.txt"),
        ("handed in without an answer", "s0034", "34.pdf"),
        *missing,
        ("unreadable", "s0043", "43.txt"),
        ("pending", "s0035", ""),
        ("pending", "s0043", ""),
    ]
    said = result.stderr.splitlines()
    for name in ("38.pdf", "39.txt", "40.docx", "41.txt", "35 old.txt", "36.txt", "stranger.txt", "43.txt"):
        assert any(name in line for line in said)
    assert f"{student_name(37)} (s0037)" in next(line for line in said if line.startswith("swapped"))
    assert "was changed later" in next(line for line in said if line.startswith("handed in twice"))
    assert result.stdout == ""


def test_a_record_is_that_of_grade_json_with_the_student_before_it(course):
    *_, out = course
    found = records(out)
    assert [r["student_id"] for r in found] == [f"s{n:04}" for n in GRADED]
    keys = ["student_id", "exercise", "points", "earned", "file", "overridden", "problem", "code", "student"]
    for record in found:
        assert list(record)[: len(keys)] == keys
        n = int(record["student_id"][1:])
        assert (record["student"], record["code"]) == (student_name(n), problem(n).code)
    alone = call("grade", out.parent / "problems" / "keys" / f"033-{problem(33).code}-key.json",
                 out.parent / "handed" / "33.txt", "--json")  # fmt: skip
    expected = json.loads(alone.stdout)
    mine = next(r for r in found if r["student_id"] == "s0033")
    assert {k: mine[k] for k in expected} == expected
    assert mine["first_error"] == "delta3"


def test_each_student_has_a_page_under_a_name_of_his_own(course):
    *_, out = course
    names = sorted(p.name for p in (out / "feedback").iterdir())
    assert len(names) == len(GRADED)
    for n in GRADED:
        (name,) = [name for name in names if f"-s{n:04}-{problem(n).code}.html" in name]
        assert student_name(n) in (out / "feedback" / name).read_text(encoding="utf-8")


def test_json_goes_to_stdout_and_is_what_the_folder_holds(course):
    _, args, _, out = course
    result = call(*args, "--json")
    assert result.exit_code == 1
    assert result.stdout == (out / "results.jsonl").read_text(encoding="utf-8")


@slow
def test_without_a_folder_and_json_a_line_for_each_student_is_printed(course):
    _, args, _, _ = course
    printed = call(*args).stdout.splitlines()
    assert len(printed) == COUNT
    assert printed[0] == "Ada Lovelace (s0000)   10 / 10"
    assert printed[36].endswith("–   swapped code; missing")


# --- again, stopped half-way, on several processes ---


def graded(course, out, *more):
    _, args, _, _ = course
    return call(*args, "--out", out, *more)


def test_done_again_nothing_is_read_judged_or_printed_and_the_bytes_are_the_same(
    course, tmp_path, monkeypatch
):
    _, _, first, reference = course
    out = tmp_path / "again"
    shutil.copytree(reference, out)
    before = everything(out)

    def twice(*_, **__):
        raise AssertionError("done twice")

    for module, name in (
        (run.judging, "judge_sheets"),
        (gathering.reading, "read_files"),
        (feedback_pages, "print_pages"),
    ):
        monkeypatch.setattr(module, name, twice)
    result = graded(course, out)
    assert everything(out) == before
    assert result.stderr.replace(str(out), "") == first.stderr.replace(str(reference), "")


def test_only_what_is_new_is_done(course, tmp_path, monkeypatch):
    folder, _, _, _ = course
    handed = tmp_path / "handed"
    problems, roster = folder / "problems", folder / "roster.csv"
    args = ["grade", problems, handed, "--roster", roster, "--feedback", "none", "--out", tmp_path / "out"]
    for n in range(3):
        put(handed / f"{n}.txt", lines(right(n), student=student_name(n)))
    call(*args)
    done = []
    real = run.judging.judge_sheets
    monkeypatch.setattr(
        run.judging, "judge_sheets", lambda t, items, **k: done.append(len(items)) or real(t, items, **k)
    )
    put(handed / "3.txt", lines(right(3), student=student_name(3)))
    put(handed / "1.txt", lines(wrong(1, a3="3"), student=student_name(1)))
    call(*args)
    assert done == [2]
    marks = {r["student_id"]: r["score"] == r["out_of"] for r in records(tmp_path / "out")}
    assert marks == {"s0000": True, "s0001": False, "s0002": True, "s0003": True}


STOPS = [("keep", 0.3), ("write", 1.0)]  # after which share of what an undisturbed run keeps and writes
STOPS += [pytest.param("keep", share, marks=slow) for share in (0.0, 0.15, 0.5, 0.65, 0.8, 1.0)]
STOPS += [pytest.param("write", share, marks=slow) for share in (0.0, 0.2, 0.5)]


@pytest.mark.parametrize(("where", "share"), STOPS)
def test_a_run_that_was_stopped_goes_on_and_ends_with_the_same_bytes(
    undisturbed, tmp_path, monkeypatch, where, share
):
    course, changes = undisturbed
    in_portions(monkeypatch)
    out = tmp_path / "out"
    assert changes[where] > 2
    with monkeypatch.context() as patch:
        counted(patch, where, after=1 + round(share * (changes[where] - 1)))
        with pytest.raises(Killed):
            CliRunner().invoke(
                byhand.main, [str(a) for a in (*course[1], "--out", out)], catch_exceptions=False
            )
    assert not list(out.glob(".byhand-*")), "half a file"
    assert graded(course, out).exit_code == 1
    assert everything(out) == everything(course[3])


def test_a_process_that_is_killed_leaves_results_to_go_on_with(course, tmp_path):
    out = tmp_path / "out"
    args = [sys.executable, ROOT / "byhand.py", *course[1], "--out", out]
    with subprocess.Popen(
        [str(a) for a in args], stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        until = time.monotonic() + 30
        written = out / f"{done_before.DATABASE}-wal"
        while time.monotonic() < until and not (written.exists() and written.stat().st_size > 20_000):
            time.sleep(0.005)
        os.killpg(process.pid, signal.SIGKILL)
    assert done_before.is_kept(out, done_before.READ)
    assert not (out / "results.csv").exists()
    graded(course, out)
    assert everything(out) == everything(course[3])


@slow
def test_several_processes_give_the_same_bytes(course, tmp_path):
    out = tmp_path / "out"
    args = [2 if a == 1 else a for a in course[1]]
    call(*args, "--out", out)
    assert everything(out) == everything(course[3])


def test_any_executor_will_do_and_works_only_as_far_ahead_as_it_may():
    handed_out = []

    def calls():
        for n in range(20):
            handed_out.append(n)
            yield (n,)

    seen = []
    for number, result in processes.each(processes.Here(), 4, abs, calls()):
        seen.append((number, result))
        assert len(handed_out) <= len(seen) + 4
    assert sorted(seen) == [(n, n) for n in range(20)]


def test_a_task_that_fails_is_not_taken_for_done():
    with pytest.raises(TypeError):
        list(processes.each(processes.Here(), 2, abs, [("x",)]))


@slow
def test_a_process_that_is_ended_from_outside_is_told_and_nothing_is_lost(course, tmp_path, monkeypatch):
    def ended(*_, **__):
        raise processes.BrokenExecutor

    with monkeypatch.context() as patch:
        patch.setattr(run.judging, "judge_sheets", ended)
        result = graded(course, tmp_path / "out")
    assert result.exit_code == 2
    assert "the same command goes on from here" in result.stderr
    graded(course, tmp_path / "out")
    assert everything(tmp_path / "out") == everything(course[3])


def test_ctrl_c_says_that_nothing_is_lost(course, tmp_path, monkeypatch):
    def pressed(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(run.judging, "judge_sheets", pressed)
    result = graded(course, tmp_path / "out")
    assert result.exit_code == 130  # not that of “a person must look”
    assert "the same command goes on from here" in result.stderr


@slow
def test_one_sheet_that_breaks_the_grader_is_named_and_the_rest_is_graded(course, tmp_path, monkeypatch):
    real = within_share.grade_together

    def breaking(work, *, hints):
        if any(p.code == problem(3).code for p, _ in work):
            raise ZeroDivisionError("by hand")
        return real(work, hints=hints)

    monkeypatch.setattr(within_share, "grade_together", breaking)
    result = graded(course, tmp_path / "out", "--feedback", "none")
    assert len(records(tmp_path / "out")) == len(GRADED) - 1
    assert "ZeroDivisionError: by hand" in result.stderr.replace("stumbled", "")
    (row,) = [row for row in table(tmp_path / "out" / "files.csv") if row["student_id"] == "s0003"]
    assert row["status"] == "not read"


def test_standard_input_and_what_is_not_there_are_named(course):
    _, args, _, _ = course
    result = call(*args[:2], "-", "nothing/here", *args[3:])
    assert result.exit_code == 1
    assert "-: standard input is read for one problem only" in result.stderr
    assert "nothing/here: no such file or folder" in result.stderr


@slow
def test_a_dask_cluster_gives_the_same_bytes(course, tmp_path):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        out = tmp_path / "out"
        graded(course, out, "--dask", cluster.scheduler_address)
    assert everything(out) == everything(course[3])


def test_without_dask_or_without_a_cluster_it_is_said(course, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = graded(course, tmp_path / "out", "--dask", "tcp://127.0.0.1:1")
    assert result.exit_code == 2
    assert "byhand[dask]" in result.stderr


@pytest.mark.parametrize(
    ("error", "told"), [(TypeError, "TLS expects a"), (TimeoutError, "no scheduler answers")]
)
def test_a_cluster_that_cannot_be_reached_is_one_sentence(course, tmp_path, monkeypatch, error, told):
    def client(*_args, **_options):
        raise error("TLS expects a context")

    monkeypatch.setitem(sys.modules, "distributed", SimpleNamespace(Client=client))
    result = graded(course, tmp_path / "out", "--dask", "tls://127.0.0.1:1")
    assert result.exit_code == 2
    assert told in result.stderr
    assert "stumbled" not in result.stderr


# --- disks ---


@slow
@pytest.mark.parametrize("files_that_fit", [0, 1, 2, 5, 7, 12, 20, 30, 37, 41])
def test_a_full_disk_is_one_sentence_and_the_next_run_goes_on(course, tmp_path, monkeypatch, files_that_fit):
    """Ten levels of filling: before the first page, among the pages, among the tables that follow them."""
    out, left = tmp_path / "out", [files_that_fit]
    real = files.tempfile.NamedTemporaryFile

    def filling(*args, **kwargs):
        handle = real(*args, **kwargs)
        left[0] -= 1
        if left[0] < 0:
            handle.write(b"half")
            handle.write = full
        return handle

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(files.tempfile, "NamedTemporaryFile", filling)
        result = graded(course, out)
    assert result.exit_code == 2
    (sentence,) = result.stderr.splitlines()
    assert sentence.startswith("Error: ")
    assert sentence.endswith("cannot be written (No space left on device)")
    assert graded(course, out).exit_code == 1
    assert everything(out) == everything(course[3])


@contextmanager
def mounted(folder, options):
    """A small disk; only root may mount one, and not everywhere."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@slow
def test_a_disk_that_is_really_full(course, tmp_path):
    with mounted(tmp_path / "small", "size=96k") as small:
        result = graded(course, small / "out")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].endswith("cannot be written (No space left on device)")


def test_a_disk_that_may_only_be_read(course, tmp_path):
    with mounted(tmp_path / "fixed", "ro,size=96k") as fixed:
        for out in (fixed, fixed / "out"):
            result = graded(course, out)
            assert result.exit_code == 2
            (sentence,) = result.stderr.splitlines()
            assert sentence.startswith(f"Error: {out}: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_in_which_nothing_may_be_written_is_named(course, tmp_path):
    tmp_path.chmod(0o500)
    result = graded(course, tmp_path)
    tmp_path.chmod(0o700)
    assert result.exit_code == 2
    assert str(tmp_path) in result.stderr


def test_results_cannot_go_where_a_file_stands(course, tmp_path):
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    result = graded(course, tmp_path / "taken" / "below")
    assert result.exit_code == 2
    assert "cannot be made a folder" in result.stderr


# --- many problems at once ---


def test_problems_judged_together_are_judged_as_if_alone():
    work = []
    for number, shape in enumerate([(2, 2, 1), (2, 2, 2), (2, 2, 1), (2, 2, 1), (2, 2, 2)]):
        one = drawn(shape, seed=f"together/{number}")
        texts = dict(perfect(one))
        texts[list(texts)[5 * number]] = "0.9111"
        texts[list(texts)[5 * number + 2]] = ""
        work.append((one, handed_in(texts, f"student {number}")))
    alone = [grade(one, [submission])[0].as_json() for one, submission in work]
    assert [report.as_json() for report in grade_together(work)] == alone
    assert grade_together([]) == []


def test_a_value_that_was_kept_is_the_one_that_would_be_worked_out():
    one = problem(0)
    values = solve(one).values
    for step in (*one.graph.steps, *one.graph.steps):
        assert kept_values.value(step.formula, values.__getitem__) == values[step.quantity]
    step = one.graph.steps[0]
    assert kept_values.value(step.formula, dict.fromkeys(values, Decimal("NaN")).__getitem__).is_nan()
    assert kept_values.value(step.formula, dict.fromkeys(values, Decimal(1)).__getitem__) == 3


# --- a small course of a few ---


@pytest.fixture
def few(tmp_path):
    """Three students, their keys, and a way to grade what they hand in."""
    problems, roster = write_course(tmp_path, 3)
    handed = tmp_path / "handed"
    handed.mkdir()

    def grade(*more, problems=problems):
        return call("grade", problems, handed, "--roster", roster, "--feedback", "none",
                    "--out", tmp_path / "out", *more)  # fmt: skip

    return tmp_path, handed, grade


def all_right(handed):
    for n in range(3):
        put(handed / f"{n}.txt", lines(right(n), identity=f"s{n:04}", code=problem(n).code))


def test_when_all_is_well_nothing_needs_a_person(few):
    tmp_path, handed, grade = few
    all_right(handed)
    result = grade()
    assert result.exit_code == 0
    assert table(tmp_path / "out" / "to-settle.csv") == []
    assert result.stderr.splitlines()[0] == "3 sheets of 3 of 3 students graded, from 3 files"


def test_a_sheet_without_a_code_that_may_be_two_problems_is_left_to_a_person_who_settles_it(few):
    tmp_path, handed, grade = few
    with (tmp_path / "problems" / "manifest.csv").open("a", encoding="utf-8") as file:
        file.write(f"s0000,Ada,2,{problem(7).code},5\r\n")
    (tmp_path / "problems" / "more.json").write_text(to_json(solve(problem(7))), encoding="utf-8")
    put(handed / "ada.txt", lines(right(7), identity="s0000"))
    assert grade().exit_code == 1
    (row,) = [row for row in table(tmp_path / "out" / "to-settle.csv") if row["file"]]
    assert row["what"] == "which problem?"
    assert problem(7).code in row["note"]
    write_csv(tmp_path / "out" / "settled.csv", [list(row), [*(row | {"code": problem(7).code}).values()]])
    grade()
    ada = table(tmp_path / "out" / "results.csv")[0]
    assert (ada["1"], ada["2"], ada["total"], ada["out_of"]) == ("", "5", "5", "15")


def test_a_swapped_sheet_counts_when_a_person_says_so(few):
    tmp_path, handed, grade = few
    put(handed / "0.txt", lines(right(1), identity="s0000", code=problem(1).code))
    grade()
    assert table(tmp_path / "out" / "results.csv")[0]["total"] == ""
    path = (handed / "0.txt").as_posix()
    write_csv(
        tmp_path / "out" / "settled.csv", [("file", "place", "student_id", "code"), (path, "", "s0000", "")]
    )
    grade()
    assert table(tmp_path / "out" / "results.csv")[0]["total"] == "10"


def test_a_booklet_holds_several_exercises_and_their_points_are_added(few):
    tmp_path, handed, grade = few
    with (tmp_path / "problems" / "manifest.csv").open("a", encoding="utf-8") as file:
        file.write(f"s0000,Ada,2,{problem(7).code},5\r\ns0001,Alan,2,{problem(8).code},5\r\n")
    for n in (7, 8):
        (tmp_path / "problems" / f"{n}-key.json").write_text(to_json(solve(problem(n))), encoding="utf-8")
    codes = [problem(0).code, problem(7).code]
    fields = {f"{codes[0]}:{name}": text for name, text in right(0).items()}
    fields |= {f"{codes[1]}:{name}": text for name, text in wrong(7, delta3="9.9").items()}
    put(handed / "ada.pdf", form(fields | {"student": "Ada Lovelace", "student_id": "s0000"}, codes))
    put(handed / "alan.txt", "\n".join([
        "name: Alan Turing", lines(right(1), code=problem(1).code), lines(right(8), code=problem(8).code),
    ]))  # fmt: skip
    grade()
    ada, alan, _ = table(tmp_path / "out" / "results.csv")
    assert (ada["1"], alan["1"], alan["2"], alan["total"]) == ("10", "10", "5", "15")
    assert 4 < float(ada["2"]) < 5
    assert float(ada["total"]) == pytest.approx(10 + float(ada["2"]))
    second = next(r for r in records(tmp_path / "out") if r["exercise"] == "2")
    assert second["earned"] == pytest.approx(5 * second["score"] / second["out_of"], abs=1e-4)


def test_a_single_problem_serves_a_roster_without_a_manifest(tmp_path):
    key = tmp_path / "key.json"
    key.write_text(to_json(solve(problem(0))), encoding="utf-8")
    write_csv(
        tmp_path / "roster.csv", [("eMail", "STUDENT ID", "Full name"), ("b@x.org", "007", "Bond, James")]
    )
    write_csv(tmp_path / "class.csv", [("student", *right(0)), ("James Bond", *right(0).values())])
    out = tmp_path / "out"
    result = call("grade", key, tmp_path / "class.csv", "--roster", tmp_path / "roster.csv", "--out", out,
                  "--feedback", "none")  # fmt: skip
    assert result.exit_code == 0
    (row,) = table(out / "results.csv")
    assert (row["name"], row["id"], row["total"]) == ("Bond, James", "007", row["out_of"])
    assert table(out / "moodle.csv") == [
        {"ID number": "007", "Email address": "b@x.org", "Full name": "Bond, James", "Total": row["total"]}
    ]


def test_a_folder_of_problems_without_a_roster_takes_everybody(tmp_path):
    problems, _ = write_course(tmp_path, 2)
    (problems / "manifest.csv").unlink()
    put(tmp_path / "in" / "eve.txt", lines(right(1), code=problem(1).code))
    put(tmp_path / "in" / "a.json", json.dumps([{"student": "Zoë", "code": problem(0).code, **right(0)}]))
    result = call("grade", problems, tmp_path / "in", "--json")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(r["student"], r["code"], r["exercise"]) for r in found] == [
        ("eve", problem(1).code, "2-2-1"), ("Zoë", problem(0).code, "2-2-1"),
    ]  # fmt: skip


def test_the_later_row_of_a_table_and_the_later_name_count(few):
    tmp_path, handed, grade = few
    write_csv(handed / "a.csv", [("student", *right(0)), ("s0000", *wrong(0, a3="7").values()),
                                 ("s0000", *right(0).values())])  # fmt: skip
    grade("--latest", "name")
    assert table(tmp_path / "out" / "results.csv")[0]["total"] == "10"
    put(handed / "b.txt", lines(wrong(0, a3="7"), identity="s0000"), after=-1000)
    result = grade("--latest", "name")
    assert table(tmp_path / "out" / "results.csv")[0]["total"] != "10"
    assert "comes later by its name" in result.stderr


@slow
def test_pages_are_printed_as_pdf_too_and_those_of_nobody_are_taken_away(few):
    tmp_path, handed, grade = few
    put(handed / "0.txt", lines(right(0), identity="s0000"))
    grade("--feedback", "pdf,html")
    folder = tmp_path / "out" / "feedback"
    assert sorted(p.suffix for p in folder.iterdir()) == [".html", ".pdf"]
    (folder / "mine.html").write_text("x", encoding="utf-8")
    (handed / "0.txt").unlink()
    put(handed / "1.txt", lines(right(1), identity="s0001"))
    grade("--feedback", "html")
    assert sorted(p.name for p in folder.iterdir()) == [
        f"alan-turing-s0001-{problem(1).code}.html",
        "mine.html",
    ]


# --- what a person settles ---


def booklets(tmp_path):
    """A second exercise for the first two students, so that their sheets are booklets of two."""
    with (tmp_path / "problems" / "manifest.csv").open("a", encoding="utf-8") as file:
        file.write(f"s0000,Ada,2,{problem(7).code},5\r\ns0001,Alan,2,{problem(8).code},5\r\n")
    for n in (7, 8):
        (tmp_path / "problems" / f"{n}-key.json").write_text(to_json(solve(problem(n))), encoding="utf-8")


def both(first, second):
    """A booklet as text."""
    return "\n".join(
        [lines(right(first), code=problem(first).code), lines(right(second), code=problem(second).code)]
    )


def test_a_heading_with_a_known_code_begins_that_exercise(few):
    tmp_path, handed, grade = few
    booklets(tmp_path)
    heads = f"Exercise 1 ({problem(0).code})", f"## Problem {problem(7).code}"
    texts = [lines(right(0)), lines(right(7))]
    put(
        handed / "0.txt",
        "id: s0000\n" + "\n".join(f"{h}\n{text}" for h, text in zip(heads, texts, strict=True)),
    )
    grade()
    assert table(tmp_path / "out" / "results.csv")[0]["total"] == "15"


def settle(tmp_path, rows, head=("file", "place", "student_id", "code")):
    write_csv(tmp_path / "out" / "settled.csv", [head, *rows])


def points(tmp_path, number):
    row = table(tmp_path / "out" / "results.csv")[number]
    return row["1"], row["2"], row["total"]


def test_rows_that_settle_a_swapped_booklet_bind_each_its_own_sheet(few):
    tmp_path, handed, grade = few
    booklets(tmp_path)
    put(handed / "s0000.txt", both(1, 8))
    grade()
    assert points(tmp_path, 0) == ("", "", "")
    rows = [row for row in table(tmp_path / "out" / "to-settle.csv") if row["what"] == "swapped code"]
    assert len(rows) == 2
    settle(tmp_path, [row.values() for row in rows], list(rows[0]))
    result = grade()
    assert points(tmp_path, 0) == ("10", "5", "15")
    assert "decides nothing" not in result.stderr
    settle(tmp_path, [rows[1].values()], list(rows[0]))
    grade()
    assert points(tmp_path, 0) == ("", "5", "5")


def test_a_row_without_a_code_gives_the_whole_file_and_leaves_each_sheet_its_code(few):
    tmp_path, handed, grade = few
    booklets(tmp_path)
    path = put(handed / "who.txt", "name: Mallory\nid: s9999\n" + both(0, 7)).as_posix()
    grade()
    assert points(tmp_path, 0) == ("", "", "")
    settle(tmp_path, [(path, "", "Ada Lovelace", "")])
    before = everything(tmp_path / "out")
    result = call("regrade", tmp_path / "out")
    assert "exercise 2" in result.stdout
    assert everything(tmp_path / "out") == before
    call("regrade", tmp_path / "out", "--write")
    assert points(tmp_path, 0) == ("10", "5", "15")
    (tmp_path / "out" / "settled.csv").unlink()  # what it said is remembered
    assert call("regrade", tmp_path / "out").stdout == ""


def test_a_code_that_was_mistyped_is_replaced(few):
    tmp_path, handed, grade = few
    path = put(handed / "0.txt", lines(right(0), identity="s0000", code="ZZZZ-ZZZZ")).as_posix()
    grade()
    settle(tmp_path, [(path, "", "s0000", problem(0).code)])
    grade()
    assert table(tmp_path / "out" / "results.csv")[0]["total"] == "10"


def test_a_booklet_printed_from_another_set_is_read_and_counts_when_a_person_says_for_what(few):
    tmp_path, handed, grade = few
    fields = {f"ZZZZ-ZZZZ:{name}": text for name, text in right(0).items()}
    path = put(handed / "ada.pdf", form(fields | {"student_id": "s0000"}, ["ZZZZ-ZZZZ"])).as_posix()
    grade()
    (row,) = [row for row in table(tmp_path / "out" / "to-settle.csv") if row["file"]]
    assert (row["what"], row["code"], row["student_id"]) == ("unknown code", "ZZZZ-ZZZZ", "s0000")
    settle(tmp_path, [(path, "", "s0000", problem(0).code)])
    grade()
    assert table(tmp_path / "out" / "results.csv")[0]["total"] == "10"


def test_of_two_sheets_the_one_that_a_person_names_counts_and_nothing_is_left_to_settle(few):
    tmp_path, handed, grade = few
    all_right(handed)
    path = put(handed / "0 first.txt", lines(wrong(0, a3="9"), identity="s0000"), after=-60).as_posix()
    said = " ".join(grade().stderr.split())
    assert "pending 1 Ada Lovelace (s0000): 10 of 10 so far, not final: handed in twice" in said
    settle(tmp_path, [(path, "", "s0000", "")])
    result = grade()
    assert result.exit_code == 0, result.stderr
    assert table(tmp_path / "out" / "results.csv")[0]["total"] != "10"


def test_a_decision_about_nobody_is_refused_and_one_that_decides_nothing_is_told(few):
    tmp_path, handed, grade = few
    all_right(handed)
    put(handed / "broken.pdf", b"%PDF-1.7")
    path = put(handed / "who.txt", lines(right(0), student="Mallory", code="ZZZZ-ZZZZ")).as_posix()
    grade()
    settle(tmp_path, [(path, "", "s9999", "ZZZZ-ZZZZ"), (path, "", "s9999", "")])
    for result in (grade(), call("regrade", tmp_path / "out")):
        assert result.exit_code == 2
        (said,) = result.stderr.splitlines()
        assert "settled.csv, row 2 and 1 more: “s9999” is no student of this course" in said
    settle(tmp_path, [(path, "", "s0001", ""), (path, "", "s0002", "")])
    assert "row 3: " in grade().stderr
    settle(tmp_path, [
        ("gone.txt", "", "s0001", ""), ((handed / "broken.pdf").as_posix(), "", "s0001", ""),
        (path, "", "s0001", ""), (path, "row 3", "s0001", ""), (path, "", "s0001", problem(1).code),
    ])  # fmt: skip
    for result in (grade(), call("regrade", tmp_path / "out")):
        assert "row 2: gone.txt was not handed in; this row decides nothing" in result.stderr
        assert "broken.pdf could not be read; this row" in result.stderr
        assert "has no such sheet in row 3" in result.stderr
    settle(tmp_path, [(path, "", "s0001", "ZZZZ-ZZZZ")])
    result = call("regrade", tmp_path / "out")
    assert (
        "is settled to be Alan Turing (s0001)’s, but cannot count: no key of problem ZZZZ-ZZZZ"
        in result.stderr
    )


def test_a_file_that_could_not_be_read_is_listed_with_the_student_whom_its_name_tells(few):
    tmp_path, handed, grade = few
    put(handed / "s0000-sheet.pdf", b"%PDF-1.7 and then nothing")
    put(handed / "Turing_Alan.docx", b"PK")
    put(handed / f"scan {problem(2).code}.pdf", b"%PDF-1.7")
    put(handed / "whose.pdf", b"%PDF-1.7")
    put(handed / "1.txt", lines(right(1), identity="s0001"))
    result = grade()
    rows = [row for row in table(tmp_path / "out" / "to-settle.csv") if row["what"] == "not read"]
    found = {Path(row["file"]).name: row["student_id"] for row in rows}
    assert found == {
        "s0000-sheet.pdf": "s0000", "Turing_Alan.docx": "s0001", f"scan {problem(2).code}.pdf": "s0002",
        "whose.pdf": "",
    }  # fmt: skip
    assert "by the file’s name it is Alan Turing’s" in result.stderr
    said = " ".join(result.stderr.split())
    assert "pending 1 Alan Turing (s0001): 10 of 10 so far, not final: not read" in said
    assert table(tmp_path / "out" / "results.csv")[0]["needs a person"] == "not read; missing"


def test_a_total_that_waits_for_a_person_is_written_and_listed_with_the_reason(few):
    tmp_path, handed, grade = few
    booklets(tmp_path)
    put(handed / "0.txt", lines(wrong(0, y3="O.5"), identity="s0000", code=problem(0).code))
    put(handed / "1.txt", "id: s0001\n" + both(1, 8))
    result = grade()
    assert "pending 1 Ada Lovelace (s0000): " in " ".join(result.stderr.split())
    (row,) = [row for row in table(tmp_path / "out" / "to-settle.csv") if row["what"] == "pending"]
    assert row["student_id"] == "s0000"
    assert row["note"].endswith("so far, not final: missing: exercise 2; unreadable: exercise 1 y3")
    assert table(tmp_path / "out" / "moodle.csv")[0]["Total"]


def test_the_results_bear_the_title_of_the_problem_set(few):
    tmp_path, handed, grade = few
    all_right(handed)
    put(tmp_path / "problems.toml", 'title = "Week 2"\n[[exercise]]\npoints = 10\n')
    grade()
    out = tmp_path / "out"
    call("regrade", out, "--write")
    assert json.loads((out / "course.json").read_text(encoding="utf-8"))["title"] == "Week 2"
    call("report", out, "--min-group", "1", "--out", tmp_path / "report.html")
    assert "<h1>Week 2</h1>" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_booklet_without_an_answer_gets_nothing_and_is_listed(few):
    tmp_path, handed, grade = few
    all_right(handed)
    put(handed / "0.txt", lines(dict.fromkeys(right(0), ""), identity="s0000", code=problem(0).code))
    result = grade()
    (row,) = table(tmp_path / "out" / "to-settle.csv")
    assert (row["what"], row["student_id"]) == ("handed in without an answer", "s0000")
    assert "handed in without an answer" in result.stderr
    assert table(tmp_path / "out" / "results.csv")[0]["total"] == "0"


def test_five_odd_lines_are_told_one_by_one_and_more_are_a_row_of_the_table(few):
    tmp_path, handed, grade = few
    all_right(handed)
    odd = {f"nonsense{n}": "1" for n in range(5)}
    put(handed / "0.txt", lines(right(0) | odd, identity="s0000", code=problem(0).code))
    assert sum("nonsense" in line for line in grade().stderr.splitlines()) == 5
    odd |= {f"nonsense{n}": "1" for n in range(9)}
    put(handed / "0.txt", lines(right(0) | odd, identity="s0000", code=problem(0).code))
    (said,) = [line for line in grade().stderr.splitlines() if "0.txt" in line]
    assert said.split()[:4] == ["not", "understood", "9", "0.txt:"]
    assert said.endswith(f"{tmp_path / 'out' / 'files.csv'} has each")
    (row,) = [row for row in table(tmp_path / "out" / "files.csv") if row["file"].endswith("0.txt")]
    assert row["note"].count("nonsense") == 9


# --- regrading and overrides ---


def corrected(tmp_path, number, **values):
    """A folder with one problem in which a value was mistyped, under the code of the sheets."""
    table = {
        "shape": [2, 2, 1],
        "bias": True,
        "values": {q.name: Decimal(v) for q, v in problem(number).values.items()} | values,
    }
    new = problem_file.from_table(table, "corrected")
    folder = tmp_path / "corrected"
    folder.mkdir(exist_ok=True)
    text = problem_file_text(new)
    (folder / f"{problem(number).code}.toml").write_text(text, encoding="utf-8")
    return new, folder


def problem_file_text(new):
    return json.loads(to_json(solve(new)))["problem"]


def test_a_corrected_key_changes_marks_only_after_they_were_shown(few):
    tmp_path, handed, grade = few
    all_right(handed)
    new, folder = corrected(
        tmp_path,
        0,
        t5=problem(0).values[next(q for q in problem(0).values if q.name == "t5")] + Decimal("0.3"),
    )
    texts = {q.name: text for q, text in perfect(new).items()}
    put(handed / "0.txt", lines(texts, identity="s0000", code=problem(0).code))
    grade()
    out = tmp_path / "out"
    before = everything(out)
    assert table(out / "results.csv")[0]["total"] != "10"
    result = call("regrade", out, "--problems", folder)
    assert result.exit_code == 0
    assert everything(out) == before
    assert "nothing was written" in result.stderr
    assert "→ 10 of 10" in result.stdout
    assert "wrong 0/1 → correct 1/1" in result.stdout
    assert "Alan" not in result.stdout
    assert call("regrade", out, "--problems", folder, "--write").exit_code == 0
    ada = table(out / "results.csv")[0]
    assert ada["total"] == "10"
    assert records(out)[0]["code"] == problem(0).code
    assert call("regrade", out).stdout == ""


def test_marks_are_recomputed_from_the_stored_answers_alone(few):
    tmp_path, handed, grade = few
    all_right(handed)
    grade()
    out = tmp_path / "out"
    before = everything(out)
    shutil.rmtree(handed)
    shutil.rmtree(tmp_path / "problems")
    shutil.rmtree(out / done_before.HIDDEN)
    (out / "results.csv").write_text("spoiled", encoding="utf-8")
    call("regrade", out, "--write")
    assert everything(out) == before


def test_a_marking_scheme_for_all_problems(few):
    tmp_path, handed, grade = few
    all_right(handed)
    put(handed / "0.txt", lines(wrong(0, delta3="9.9"), identity="s0000"))
    grade()
    (tmp_path / "marks.toml").write_text('[marking]\n"hidden delta" = 3\n', encoding="utf-8")
    result = call("regrade", tmp_path / "out", "--marking", tmp_path / "marks.toml")
    assert "δ₃: wrong 0/1 → wrong 0/3" in result.stdout
    (tmp_path / "bad.toml").write_text('[marking]\n"hiden delta" = 3\nupdate = -1\n', encoding="utf-8")
    result = call("regrade", tmp_path / "out", "--marking", tmp_path / "bad.toml")
    assert result.exit_code == 2
    assert "did you mean hidden delta?" in result.stderr
    assert len(result.stderr.splitlines()) == 2


def test_a_scheme_charges_what_follows_and_nan_is_no_weight(few):
    tmp_path, handed, grade = few
    all_right(handed)
    put(handed / "0.txt", lines(wrong(0, a3="1.9", y3="0.8699"), identity="s0000"))
    grade()
    put(tmp_path / "marks.toml", "[marking]\nfollows = 0.25\n")
    shown = call("regrade", tmp_path / "out", "--marking", tmp_path / "marks.toml").stdout
    assert "follows 1/1 → follows 0.25/1" in shown
    put(tmp_path / "bad.toml", "[marking]\nactivation = nan\n")
    result = call("regrade", tmp_path / "out", "--marking", tmp_path / "bad.toml")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "marking.activation: NaN is no weight; expected a number from 0 to 1000" in result.stderr


def test_a_sheet_of_which_less_than_half_was_read_waits_for_a_person(few):
    tmp_path, handed, grade = few
    all_right(handed)
    strange = "".join(f"the thing {n} there was 0.{n}23 or 0.{n}5\n" for n in range(1, 5))
    put(handed / "0.txt", f"id: s0000\ncode: {problem(0).code}\na3 = {right(0)['a3']}\n{strange}")
    result = grade()
    assert result.exit_code == 1
    rows = table(tmp_path / "out" / "to-settle.csv")
    assert [r["what"] for r in rows] == ["half read", "pending"], rows
    row = rows[0]
    assert (row["what"], row["student_id"]) == ("half read", "s0000")
    assert "4 pieces that look like answers were not read, more than were" in row["note"]
    first, *others = records(tmp_path / "out")
    assert len(first["left_over"]) == 4
    assert first["left_over"][0]["where"] == "line 4"
    assert {one["read"]["where"] for one in first["answers"] if "read" in one} == {"line 3"}
    own, *rest = table(tmp_path / "out" / "results.csv")
    assert "half read" in own["needs a person"]
    assert all(one["needs a person"] == "" for one in rest)
    assert all("flags" not in record for record in others)


def test_somebody_elses_answers_are_named_to_the_instructor_only(few):
    tmp_path, handed, grade = few
    all_right(handed)
    put(handed / "0.txt", lines(right(1), identity="s0000", code=problem(0).code))
    result = grade("--feedback", "html")
    out, told = tmp_path / "out", f"numbers are those of {problem(1).code} (Alan Turing)"
    assert result.exit_code == 1
    assert told in result.stderr
    settle = {row["what"]: row for row in table(out / "to-settle.csv")}
    assert told in settle["another problem's answers"]["note"]
    assert settle["another problem's answers"]["student_id"] == "s0000"
    assert "another problem's answers" in table(out / "results.csv")[0]["needs a person"]
    first, *others = records(out)
    assert first["answers_of"] == problem(1).code
    assert first["flags"] == ["look"]
    assert not any("answers_of" in record or "flags" in record for record in others)
    for page in (out / "feedback").iterdir():
        text = page.read_text(encoding="utf-8")
        assert page.name.startswith("alan") or problem(1).code not in text
    assert [row for row in table(out / "to-settle.csv") if row["what"] == "pending"] == []


DECISIONS = """
[[override]]
student = "Alan Turing"
quantity = "δ₃"
verdict = "correct"
remark = "Shown on the back of the sheet."

[[override]]
student = "s0000"
code = "CODE"
quantity = "y3"
credit = 0.5
"""


def test_a_persons_decision_wins_is_shown_and_survives(few):
    tmp_path, handed, grade = few
    all_right(handed)
    put(handed / "0.txt", lines(wrong(0, y3="9.9"), identity="s0000"))
    put(handed / "1.txt", lines(wrong(1, delta3="O"), identity="s0001"))
    decisions = tmp_path / "overrides.toml"
    decisions.write_text(DECISIONS.replace("CODE", problem(0).code), encoding="utf-8")
    result = grade("--overrides", decisions, "--feedback", "html")
    out = tmp_path / "out"
    assert result.exit_code == 0, result.stderr  # the unreadable answer is settled
    ada, alan, _ = records(out)
    assert (ada["overridden"], alan["overridden"]) == (["y3"], ["delta3"])
    line = next(a for a in alan["answers"] if a["quantity"] == "delta3")
    assert (line["verdict"], line["credit"]) == ("correct", 1.0)
    assert line["decided"]["was"]["verdict"] == "unreadable"
    assert alan["score"] == alan["out_of"]
    assert alan["strict_score"] == alan["out_of"] - 1  # by the key alone nothing has changed
    line = next(a for a in ada["answers"] if a["quantity"] == "y3")
    assert (line["verdict"], line["credit"]) == ("wrong", 0.5)
    page = next((out / "feedback").glob("alan*.html")).read_text(encoding="utf-8")
    assert page.count("Shown on the back of the sheet.") == 2
    assert "sheet.." not in page
    before = everything(out)
    assert call("regrade", out).stdout == ""
    call("regrade", out, "--write")
    assert everything(out) == before
    again = grade("--feedback", "html")
    assert "2 decisions on single lines kept" in again.stderr
    assert everything(out) == before


def test_decisions_as_a_table_and_what_is_wrong_with_them(few):
    tmp_path, handed, grade = few
    all_right(handed)
    path = tmp_path / "overrides.csv"
    head = ("student", "code", "quantity", "credit", "verdict", "remark")
    good = ("s0002", "", "a3", "0", "", "")
    bad = [
        ("Ada Lovelock", "", "a3", "1", "", ""),
        ("s0000", "", "dleta3", "1", "", ""),
        ("s0000", problem(1).code, "a3", "1", "", ""),
        ("s0000", "", "a4", "2", "", ""),
        good,
        good,
    ]
    write_csv(path, [head, good])
    grade("--overrides", path)
    assert records(tmp_path / "out")[2]["overridden"] == ["a3"]
    write_csv(path, [head, *bad])
    result = grade("--overrides", path)
    assert result.exit_code == 2
    said = result.stderr.splitlines()
    assert len(said) == 5
    for part, line in zip(
        (
            "did you mean Ada Lovelace",
            "did you mean delta3",
            "has no problem",
            "more than the 1",
            "decided already",
        ),
        said,
        strict=True,
    ):
        assert part in line
    write_csv(path, [head, ("", "", "a3", "x", "wrnog", ""), ("s0000", "", "a3", "", "", "")])
    result = grade("--overrides", path)
    assert len(result.stderr.splitlines()) == 4


def test_the_override_of_the_page_works_for_a_student_with_several_problems(few):
    tmp_path, handed, grade = few
    booklets(tmp_path)
    put(handed / "0.txt", "id: s0000\n" + both(0, 7))
    text = (ROOT / "docs" / "course.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(\[\[override.*?)```", text, re.DOTALL)
    example = example.replace("s1042", "s0000").replace("5FRE-CCA3", problem(7).code)
    path = put(tmp_path / "o.toml", example)
    grade("--overrides", path)
    assert [r["overridden"] for r in records(tmp_path / "out")] == [[], ["delta3"]]
    put(path, "\n".join(line for line in example.splitlines() if not line.startswith("code")))
    said = grade("--overrides", path).stderr
    assert (
        f"several problems: {problem(0).code} (exercise 1), {problem(7).code} (exercise 2); give the code"
        in said
    )


def test_the_settled_rows_of_the_page_are_read(tmp_path):
    text = (ROOT / "docs" / "course.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```csv\n(file.*?)```", text, re.DOTALL)
    rows = read_settled(put(tmp_path / "settled.csv", example))
    assert [(row.student, row.code) for row in rows] == [("s1027", "T4KC-TQ07"), ("s1031", "")]


def test_a_decision_changes_the_mark_and_not_what_the_key_alone_would_give(few):
    tmp_path, handed, grade = few
    all_right(handed)
    put(handed / "0.txt", lines(wrong(0, y3="9.9", a4=None), identity="s0000"))
    grade()
    strict = records(tmp_path / "out")[0]["strict_score"]
    path = tmp_path / "overrides.csv"
    head = ("student", "quantity", "verdict")
    for rows, expected in (
        ([("s0000", "y3", "correct"), ("s0000", "a4", "correct")], strict),
        ([("s0000", "a3", "wrong")], strict),
        ([("s0000", "a3", "not-assessed")], strict - 1),
    ):
        write_csv(path, [head, *rows])
        grade("--overrides", path)
        assert records(tmp_path / "out")[0]["strict_score"] == expected


def test_people_see_two_decimals_and_gradebooks_four(few):
    tmp_path, handed, grade = few
    put(handed / "0.txt", lines(wrong(0, y3="9.9"), identity="s0000"))
    export = gradebook(tmp_path / "export.csv")
    result = grade("--canvas", export, "--column", "Week 2 (12)", "--feedback", "html")
    out = tmp_path / "out"
    (record,) = records(out)
    exact, short = csv_tables.plain(record["earned"]), csv_tables.shown(record["earned"])
    assert len(exact) > len(short) == 4
    assert table(out / "results.csv")[0]["total"] == short
    assert table(out / "moodle.csv")[0]["Total"] == exact
    assert f",{exact}," in (out / "export.csv").read_text(encoding="utf-8")
    (page,) = (out / "feedback").iterdir()
    assert f"{short} of 10 points." in page.read_text(encoding="utf-8")
    assert exact not in result.stderr
    put(tmp_path / "marks.toml", "[marking]\nloss = 2\n")
    assert re.search(rf": {short} of 10 → \d\.\d\d? of 10$", call(
        "regrade", out, "--marking", tmp_path / "marks.toml").stdout, re.MULTILINE)  # fmt: skip
    assert (csv_tables.shown(19.5122), csv_tables.shown(20.0), csv_tables.shown(0.5)) == (
        "19.51",
        "20",
        "0.5",
    )


# --- gradebooks and tables ---

EXPORT = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Week 1 (11),Week 2 (12),Final Score\r\n"
    "    Points Possible,,,,,10,10.0,(read only)\r\n"
    '"Turing, Alan",901,s0001,alan,"A, ""first""",9.5,-1,33.10\r\n'
    '"Lovelace, Ada",902,,ada,A,,,\r\n'
    '"Hopper, Grace",903,s0002,grace,B,"8,0",,=1+1\r\n'
    '"Nobody, Else",904,s9999,else,B,7,,\r\n'
    "Student, Test,905,,test,B,,,0\r\n"
).replace("Student, Test", '"Student, Test"')


def gradebook(path, text=EXPORT):
    path.write_bytes(text.encode())
    return path


def test_a_gradebook_of_canvas_comes_back_with_one_column_filled_and_no_other_byte_changed(few):
    tmp_path, handed, grade = few
    all_right(handed)
    export = gradebook(tmp_path / "export.csv")
    result = grade("--canvas", export, "--column", "Week 2 (12)")
    assert result.exit_code == 0
    found = (tmp_path / "out" / "export.csv").read_bytes().decode()
    expected = EXPORT.replace("9.5,-1,33.10", "9.5,10,33.10").replace("ada,A,,,", "ada,A,,10,")
    assert found == expected.replace('"8,0",,=1+1', '"8,0",10,=1+1')
    assert export.read_bytes() == EXPORT.encode()
    assert "3 marks entered under “Week 2 (12)”" in result.stderr
    assert "export.csv: Alan Turing (s0001): -1 → 10" in result.stderr
    assert "1 mark that stood there is replaced" in result.stderr


def test_of_the_marks_that_are_replaced_ten_are_told_and_the_rest_counted(tmp_path):
    rows = "".join(f"S{n},{n},{cell}\n" for n, cell in enumerate(["4.50", "", "N/A", *range(12)]))
    path = gradebook(tmp_path / "e.csv", f"Student,ID,T (1)\n{rows}")
    filled = canvas_gradebook.fill(path, "T", [(Student(str(n), f"S{n}"), 4.5) for n in range(15)])
    assert [one.old for one in filled.changed] == ["N/A", *map(str, range(12))]
    said = list(finish._replaced(filled.changed, path))
    assert len(said) == 12
    assert said[0] == f"{path}: S2 (2): N/A → 4.5"
    assert "… and 3 more" in said[10]
    assert "13 marks" in said[11]


def test_whom_a_person_excused_stays_excused(few):
    tmp_path, handed, grade = few
    all_right(handed)
    export = gradebook(tmp_path / "export.csv", EXPORT.replace("9.5,-1,33.10", "9.5,EX,33.10"))
    said = grade("--canvas", export, "--column", "Week 2 (12)").stderr
    assert "Alan Turing (s0001) is excused there (EX), so that the mark 10 is not entered" in said
    assert "9.5,EX,33.10" in (tmp_path / "out" / "export.csv").read_bytes().decode()


def test_what_a_gradebook_cannot_take_is_said(few):
    tmp_path, handed, grade = few
    all_right(handed)
    export = gradebook(tmp_path / "export.csv", EXPORT.replace("s0001,alan", ",x").replace("Turing, Alan", "T., A.")
                       .replace("10,10.0,", "10,20,"))  # fmt: skip
    said = grade("--canvas", export, "--column", "Week 2 (12)").stderr
    assert "no row for Alan Turing (s0001)" in said
    assert "the column is out of 20, the marks are out of 10" in said
    for column, message in (("Week 3 (13)", "did you mean Week 1 (11)?"), ("Final Score", "read only")):
        result = grade("--canvas", export, "--column", column)
        assert result.exit_code == 2
        assert message in result.stderr.replace("Week 2 (12)?", "Week 1 (11)?")
    assert grade("--canvas", export).exit_code == 2


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_gradebook_of_any_sort_keeps_its_form(tmp_path, ending, delimiter):
    rows = [
        ["Student", "ID", "T (1)"],
        ["Points Possible", "", "5"],
        ['"A"";, B"', "7", ""],
        ["C", "8", '"x'[1:]],
    ]
    text = ending.join(delimiter.join(row) for row in rows)
    path = gradebook(tmp_path / "e.csv", text)
    filled = canvas_gradebook.fill(path, "T", [(Student("7", "B A"), 4.5)])
    rows[2][2] = "4.5"
    assert filled.data.decode() == ending.join(delimiter.join(row) for row in rows)
    assert (filled.matched, filled.possible) == (1, 5.0)


def test_no_cell_of_ours_is_a_formula_and_no_number_is_harmed(few):
    tmp_path, handed, grade = few
    write_csv(
        tmp_path / "roster.csv", [("name", "id"), ('=HYPERLINK("http://x")', "s0000"), ("-1+1", "@s0001")]
    )
    put(handed / "0.txt", lines(right(0), identity="s0000"))
    put(handed / "=cmd.txt", lines(right(1), student="+Mallory", identity="=1"))
    grade()
    for path in (tmp_path / "out").glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            for cell in (cell for row in csv.reader(file) for cell in row):
                assert not cell.startswith(("=", "+", "-", "@")), (path.name, cell)
    text = csv_tables.table_text(
        ("a",), [[-0.5], ["-0.5"], ["-x"], [None], [1e-9], [0.1 + 0.2], [12345678.25]]
    )
    assert [row[0] if row else "" for row in csv.reader(io.StringIO(text))] == [
        "a", "-0.5", "-0.5", "'-x", "", "0", "0.3", "12345678.25",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["=x", "-1+1", "@s0001", "'t Hooft", "Ada Lovelace", "-5", "\uff0bM", "O'Neill"]
)
def test_a_name_that_was_made_safe_is_read_back_as_it_was(name):
    row = csv_tables.table_text(("name",), [[name]]).splitlines()[1]
    assert csv_tables.listed(next(csv.reader([row]))[0]) == name


def test_a_gradebook_that_is_gone_does_not_hinder_regrading(few):
    tmp_path, handed, grade = few
    all_right(handed)
    export = gradebook(tmp_path / "export.csv")
    grade("--canvas", export, "--column", "Week 2 (12)")
    assert "3 marks entered" in call("regrade", tmp_path / "out", "--write").stderr
    export.unlink()
    result = call("regrade", tmp_path / "out", "--write")
    assert result.exit_code == 0
    assert "is not there any more" in result.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a file's name is always text")
def test_a_file_whose_name_is_no_text_is_accounted_for(few):
    tmp_path, handed, grade = few
    put(Path(os.fsdecode(os.fsencode(handed) + b"/\xff\xfe.txt")), lines(right(0), identity="s0000"))
    assert grade().exit_code == 1
    (row,) = table(tmp_path / "out" / "files.csv")
    assert row["status"] == "graded"


# --- rosters, manifests, problems ---


def test_a_name_is_recognised_however_it_is_written():
    roster = Roster((Student("1007", "Édouard Lucas", "lucas@x.org"), Student("0042", "Ada Lovelace")))
    for written in ("Lucas, Edouard", "edouard LUCAS", "Lucas Édouard", "lucas@x.org", "1007", " 1007 "):
        assert roster.find("", written, "x.txt").student.id == "1007", written
    assert roster.find("42", "", "x").student.id == "0042"
    assert roster.find("0042", "A. L.", "x").student.id == "0042"
    for file in ("lovelaceada_123_sheet.pdf", "in/Ada Lovelace_77_assignsubmission_file/x.pdf", "1_0042.txt"):
        assert roster.find("", "", file).student.id == "0042", file
    assert roster.find("", "", "answers 2.txt").student is None
    assert "the name that of" in roster.find("0042", "Edouard Lucas", "x").note
    assert "did you mean Ada Lovelace?" in roster.find("", "Ada Lovelacs", "x").note


def test_namesakes_are_told_apart_by_their_ids_only():
    roster = Roster((Student("1001", "Jo Li"), Student("1002", "Jo Li")))
    assert roster.find("1002", "Jo Li", "x").student.id == "1002"
    assert roster.find("", "Jo Li", "x").student is None
    assert "an ID would tell" in roster.find("", "Jo Li", "x").note
    assert name_keys("") == ()


def test_a_roster_tells_every_fault(tmp_path):
    path = tmp_path / "r.csv"
    write_csv(path, [("ID", "Name"), ("1", "A"), ("", "B"), ("1", "C"), ("3", "")])
    with pytest.raises(FileError) as caught:
        read_roster(path)
    assert len(caught.value.faults) == 3
    for rows in ([("a", "b")], [], [("id", "name")]):
        write_csv(path, rows)
        with pytest.raises(FileError):
            read_roster(path)


def test_a_manifest_tells_every_fault(tmp_path):
    path = tmp_path / "manifest.csv"
    head = ("student_id", "student_name", "exercise", "code", "points")
    write_csv(path, [head, ("1", "A", "1", "x", ""), ("", "A", "1", problem(0).code, ""),
                     ("2", "A", "1", problem(0).code, "many")])  # fmt: skip
    with pytest.raises(FileError) as caught:
        read_manifest(path)
    assert len(caught.value.faults) == 3


def test_problems_are_found_all_the_way_down_each_once(tmp_path):
    problems, _ = write_course(tmp_path, 2)
    text = json.loads(to_json(solve(problem(0))))["problem"]
    (problems / "deep" / "down").mkdir(parents=True)
    (problems / "deep" / "down" / "same.toml").write_text(text, encoding="utf-8")
    (problems / "other.json").write_text("{}", encoding="utf-8")
    (problems / "other.toml").write_text("x = 1\n", encoding="utf-8")
    (problems / "broken-key.json").write_text("{", encoding="utf-8")
    found, manifest = course_problems.find(str(problems))
    assert set(found.problems) == {problem(0).code, problem(1).code}
    assert len(manifest.entries) == 2
    (complaint,) = found.complaints
    assert "broken-key.json" in complaint
    (problems / "marks.toml").write_text(text + "\n[marking]\nupdate = 2\n", encoding="utf-8")
    with pytest.raises(FileError, match="keep one of them"):
        course_problems.find(str(problems))


def test_a_decision_is_read_whole_or_told_what_is_wrong(tmp_path):
    path = tmp_path / "o.toml"
    for text in ("x = [", "override = 3", "[[overide]]\n"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(FileError):
            overrides.read_overrides(path)
    path.write_text("", encoding="utf-8")
    assert not overrides.read_overrides(path)  # an empty file means none
