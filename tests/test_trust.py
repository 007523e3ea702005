"""What must not cost a mark or give one: damaged files that were kept, writes that were stopped, links and keys."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import chdir, closing
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from course_making import lines, notebook, problem, put, right, students, write_course, write_csv, wrong
from making import call

import byhand
from answer_keys.key_page import key_pdf
from answer_keys.keyfile import to_json
from answer_keys.solution import solve
from exercises.problems import problem_writer
from grader.course.results import unfinished
from grader.course.work import done_before
from grader.course.work.done_before import JUDGED, PAGE, READ, READY, UNFINISHED
from grader.course.work.sealed import digest

COUNT = 4


def everything(out):
    """The bytes of all results, but for what is kept to go on with."""
    found = (
        p
        for p in sorted(out.rglob("*"))
        if p.is_file() and done_before.HIDDEN not in p.relative_to(out).parts
    )
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in found}


def score(out, identity):
    """What a student has in the gradebook; None if nothing."""
    rows = (out / "moodle.csv").read_text(encoding="utf-8").splitlines()
    found = [row.rpartition(",")[2] for row in rows if row.startswith(f"{identity},")]
    assert len(found) < 2
    return float(found[0]) if found else None


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A small course, graded once."""
    top = tmp_path_factory.mktemp("trust")
    write_course(top, COUNT)
    for n, (identity, _) in enumerate(students(COUNT)):
        answers = wrong(n, delta3="9.9999") if n == 1 else right(n)
        put(top / "handed" / f"{identity}.txt", lines(answers, code=problem(n).code, identity=identity))
    put(top / "marking.toml", '[marking]\nloss = 3\n"hidden delta" = 2\n')
    with chdir(top):
        assert call(*GRADING).exit_code == 0
    return top


KNOWN = ("--roster", "roster.csv", "--out", "results", "--feedback", "html", "--jobs", 1)
GRADING = ("grade", "problems", "handed", *KNOWN)
REGRADING = ("regrade", "results", "--marking", "marking.toml", "--write", "--jobs", 1)


@pytest.fixture
def course(graded, tmp_path, monkeypatch):
    """A copy of it, and we are in it: names of folders stand in the tables."""
    shutil.copytree(graded, tmp_path / "copy", symlinks=True)
    monkeypatch.chdir(tmp_path / "copy")
    return tmp_path / "copy"


# --- what was kept and is damaged ---


def database(out):
    """What was kept in a folder of results, for whoever wants to change it behind our back."""
    return closing(sqlite3.connect(out / done_before.DATABASE, isolation_level=None))


def rows(out, kind):
    with database(out) as kept:
        return kept.execute("SELECT name, note, body, seal FROM kept WHERE kind = ?", (kind,)).fetchall()


def one_bit(row):
    name, note, body, seal = row
    return (
        (name, note, body[:-5] + bytes([body[-5] ^ 1]) + body[-4:], seal) if body else (*row[:3], seal[::-1])
    )


def other_note(row):
    return (row[0], '"x"', *row[2:])


def other_name(row):
    return (f"{row[0]}x", *row[1:])


def other_types(row):
    return (row[0], 5, "text", None)


def other_text_of_ours(kind, row):
    """As it is written, but what is in it is something else."""
    return done_before._insertion(kind, [(row[0], json.loads(row[1]), done_before.squeezed('{"sheets": 5}'))])


def other_note_of_ours(kind, row):
    return done_before._insertion(kind, [(row[0], {"a": 1}, row[2])])


@pytest.mark.parametrize(
    "damage",
    [one_bit, other_note, other_name, other_types, other_text_of_ours, other_note_of_ours],
    ids=lambda d: d.__name__,
)
@pytest.mark.parametrize("kind", [READ, JUDGED, pytest.param(PAGE, marks=pytest.mark.slow)])
def test_a_row_that_is_damaged_is_done_again_from_what_was_handed_in(course, kind, damage):
    out = course / "results"
    before = everything(out)
    for row in rows(out, kind):
        with database(out) as kept:
            if damage in {other_text_of_ours, other_note_of_ours}:
                kept.executemany(*damage(kind, row))
            else:
                changed = (*damage(row), kind, row[0])
                sql = "UPDATE kept SET name = ?, note = ?, body = ?, seal = ? WHERE kind = ? AND name = ?"
                kept.execute(sql, changed)
    for _ in range(2):
        result = call(*GRADING)
        assert result.exit_code == 0, result.stderr
        assert everything(out) == before
    assert len(rows(out, kind)) == COUNT


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def garbage(path):
    path.write_bytes(bytes(255 - b for b in path.read_bytes()))


def garbage_behind_the_head(path):
    data = path.read_bytes()
    path.write_bytes(data[:4096] + bytes(255 - b for b in data[4096:]))


def nothing(path):
    path.write_bytes(b"")


def text(path):
    path.write_text('{"a": [1, 2, {"b": null}]}\n{"sheets": []}\n', encoding="utf-8")


def other_tables(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE kept (kind, name)")


def more_than_our_table(path):
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TRIGGER t AFTER INSERT ON kept BEGIN DELETE FROM kept; END")


def log_of_garbage(path):
    path.with_name(f"{path.name}-wal").write_bytes(b"\x37\x7f\x06\x82" + b"\xff" * 9000)


def journal_of_garbage(path):
    journal = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\x00\x00\x00\x01" * 5 + b"\xff" * 9000
    path.with_name(f"{path.name}-journal").write_bytes(journal)


def log_of_another(path):
    """What was written to another database, and never reached it."""
    with closing(sqlite3.connect(path.with_name("other"))) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE kept (kind, name)")
        other.executemany("INSERT INTO kept VALUES (?, ?)", [("x" * 900, n) for n in range(30)])
        other.commit()
        shutil.copy(path.with_name("other-wal"), path.with_name(f"{path.name}-wal"))
    path.with_name("other").unlink()


SET_ASIDE = (cut, garbage, garbage_behind_the_head, text, other_tables, more_than_our_table, log_of_another)
PASSED_OVER = (nothing, log_of_garbage, journal_of_garbage)


@pytest.mark.parametrize("damage", [*SET_ASIDE, *PASSED_OVER], ids=lambda d: d.__name__)
@pytest.mark.parametrize("command", ["grade", pytest.param("regrade", marks=pytest.mark.slow)])
def test_a_database_that_is_damaged_is_set_aside_and_made_again(course, damage, command):
    out = course / "results"
    before = everything(out)
    damage(out / done_before.DATABASE)
    args = GRADING if command == "grade" else ("regrade", out, "--write", "--jobs", 1)
    result = call(*args)
    assert result.exit_code == 0, result.stderr
    aside = f"damaged-{Path(done_before.DATABASE).name}"
    assert (f"was damaged and is now {aside}" in result.stderr) is (damage in SET_ASIDE)
    assert (out / done_before.HIDDEN / aside).exists() is (damage in SET_ASIDE)
    assert everything(out) == before
    again = call(*args)
    assert (again.exit_code, "damaged" in again.stderr) == (0, False)
    assert everything(out) == before
    with database(out) as kept:
        assert kept.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("page", range(9))
def test_whichever_page_of_the_database_is_overwritten_no_mark_is_lost(course, page):
    out = course / "results"
    before, path = everything(out), out / done_before.DATABASE
    data = path.read_bytes()
    assert len(data) == 9 * 4096
    path.write_bytes(data[: page * 4096] + b"\xff" * 4096 + data[(page + 1) * 4096 :])
    for _ in range(2):
        assert call(*GRADING).exit_code == 0
        assert everything(out) == before


@pytest.mark.usefixtures("course")
def test_what_is_damaged_while_it_is_used_is_one_sentence(monkeypatch):
    def damaged(store, *_):
        raise done_before._told(store.where, done_before._Damaged())

    with monkeypatch.context() as patch:
        patch.setattr(done_before.Store, "_rows", damaged)
        result = call(*GRADING)
    assert result.exit_code == 2
    assert "was damaged a moment ago; run it again" in result.stderr
    assert call(*GRADING).exit_code == 0


def test_only_what_is_used_is_kept(course):
    out = course / "results"
    assert [len(rows(out, kind)) for kind in (READ, JUDGED, PAGE)] == [COUNT] * 3
    put(course / "handed" / "s0001.txt", lines(right(1), code=problem(1).code, identity="s0001"), after=60)
    (course / "handed" / "s0002.txt").unlink()
    call(*GRADING)
    assert [len(rows(out, kind)) for kind in (READ, JUDGED, PAGE)] == [COUNT - 1] * 3
    call("regrade", out, "--marking", "marking.toml")
    assert len(rows(out, JUDGED)) > COUNT - 1  # not written; those of before are needed again
    call(*REGRADING)
    assert [len(rows(out, kind)) for kind in (JUDGED, PAGE, READY, UNFINISHED)] == [
        COUNT - 1,
        COUNT - 1,
        0,
        0,
    ]


# --- one run at a time, any disk, older folders ---


@pytest.mark.parametrize("args", [GRADING, REGRADING], ids=["grade", "regrade"])
def test_a_second_run_in_the_same_folder_ends_at_once_with_a_sentence(course, args):
    before = everything(course / "results")
    command = [sys.executable, byhand.__file__, *map(str, args)]
    with done_before.opened(course / "results"):
        start = time.monotonic()
        result = call(*args)
        assert time.monotonic() - start < 10
        other = subprocess.run(command, capture_output=True, text=True, check=False)
    for code, said in ((result.exit_code, result.stderr), (other.returncode, other.stderr)):
        assert code == 2
        assert said == "Error: results: another byhand is at work in this folder; wait until it has ended\n"
    assert everything(course / "results") == before
    assert call(*args).exit_code == 0


def test_a_report_may_be_made_while_a_run_is_at_work(course):
    with done_before.opened(course / "results"):
        result = call("report", "results", "--out", "class.html", "--min-group", 1)
    assert result.exit_code == 0, result.stderr
    assert unfinished.STOPPED not in result.stderr


class NoLog(sqlite3.Connection):
    """On a disk that cannot do it."""

    def execute(self, sql, *values):
        if "WAL" in sql:
            raise sqlite3.OperationalError("locking protocol")
        return super().execute(sql, *values)


def test_where_there_can_be_no_log_a_journal_does(course, monkeypatch):
    before = everything(course / "results")
    shutil.rmtree(course / "results")
    real = sqlite3.connect
    monkeypatch.setattr(done_before.sqlite3, "connect", lambda *a, **k: real(*a, **k, factory=NoLog))
    with done_before.opened(course / "results") as store:
        store.put(READ, [("x", None, b"")])
        assert not list((course / "results").rglob("*-wal"))
        assert list((course / "results").rglob("*-journal"))
        assert call(*GRADING).exit_code == 2
    assert call(*GRADING).exit_code == 0
    assert everything(course / "results") == before


def sealed(*parts):
    """As it was written before there was a database."""
    content = b"\n".join(part.encode() for part in parts)
    return digest(content) + "\n" + content.decode()


def older(out):
    """A folder of results as it was before; what it remembers of a run that was stopped while it gave a decision."""
    with done_before.opened(out) as store:
        state, _ = store.get(UNFINISHED, "")
    shutil.rmtree(out / done_before.HIDDEN)
    answers = (out / "answers.jsonl").read_text(encoding="utf-8")
    hidden = out / done_before.HIDDEN
    put(hidden / "unfinished", sealed(json.dumps(state), answers))
    put(hidden / "read-0123.z", b"x")
    put(hidden / "judged-0123.z", b"x")
    put(hidden / "pages" / "feedback.jsonl", '["nobody", "x"]\n')
    put(hidden / "pages" / "nobody.html", "x")
    pages = [page.stem for page in sorted((out / "feedback").iterdir())]
    ours = "".join(f'["{name}", "0123"]\n' for name in pages)
    put(hidden / "feedback.jsonl", f'{ours}5\n{{"x": 1}}\n["../x", "y"]\n')


def deciding(course):
    """Stop a run that writes a decision on a line, before any of it stands."""
    out = course / "results"
    head = ("student", "code", "quantity", "credit", "verdict", "remark")
    write_csv(course / "overrides.csv", [head, ("s0001", "", "delta3", "1", "", "")])
    args = ["regrade", out, "--overrides", course / "overrides.csv", "--write", "--jobs", 1]
    before = score(out, "s0001")
    assert any(DEATH.strike(out, n, args) and stopped(out) for n in range(1, 40))
    assert score(out, "s0001") == before
    return out


@pytest.mark.parametrize("next_run", [GRADING, ("regrade", "results")], ids=["grade", "regrade"])
def test_an_older_folder_keeps_its_decisions_and_knows_its_pages(course, next_run):
    out = deciding(course)
    put(out / "feedback" / "nobody-s0009-ABCD-EFGH.html", "x")
    older(out)
    put(out / "feedback" / "mine.html", "x")
    assert stopped(out)
    assert unfinished.STOPPED in call("report", out, "--out", "class.html", "--min-group", 1).stderr
    assert unfinished.STOPPED in call(*next_run).stderr
    assert score(out, "s0001") == 10
    left = {path.name for path in (out / done_before.HIDDEN).iterdir()}
    assert left == {Path(done_before.DATABASE).name}
    names = {path.name for path in (out / "feedback").iterdir()}
    assert "mine.html" in names
    assert "nobody-s0009-ABCD-EFGH.html" not in names
    assert len(names) == COUNT + 1


def test_a_damaged_note_of_an_older_folder_is_told(course):
    out = course / "results"
    put(out / done_before.HIDDEN / "unfinished", "{}")
    assert "its note of them is damaged; run byhand grade again" in call("regrade", out).stderr


def test_answers_that_were_cut_are_no_reason_to_take_marks_away(course):
    out = course / "results"
    before = everything(out)
    path = out / "answers.jsonl"
    whole = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(whole[:4]), encoding="utf-8")
    result = call("regrade", out, "--write")
    assert result.exit_code == 2
    assert "damaged; byhand grade reads them again" in result.stderr
    assert call(*GRADING).exit_code == 0
    assert everything(out) == before


def test_a_state_or_results_of_another_shape_are_told_and_never_a_traceback(course):
    out = course / "results"
    for text in (
        "[]",
        "{}",
        '{"format": "byhand course 1", "problems": []}',
        "5",
        "null",
        '{"a"',
        "[" * 9_999,
    ):
        (out / "course.json").write_text(text, encoding="utf-8")
        result = call("regrade", out)
        assert result.exit_code == 2
        assert "delete it and run byhand grade again" in result.stderr
    (out / "course.json").unlink()
    put(out / "results.jsonl", '5\n[]\n{"student": 1}\nnull\n{"answers": 3, "student_id": []}\n')
    assert call(*GRADING).exit_code == 0
    put(out / "results.jsonl", '5\n[]\n{"student": 1}\nnull\n{"answers": 3, "student_id": []}\n')
    assert f"{COUNT} marks change" in call("regrade", out).stderr


# --- writes that were stopped ---


class Killed(BaseException):
    """The process is gone."""


class Death:
    """Ends a run at the n-th time that it changes something below a folder; nothing can be done after that.

    What was kept then lies as it lay at that moment: nothing was closed, and the log is beside it.
    """

    def __init__(self):
        self.folder, self.left, self.aside = Path(), None, None
        sys.addaudithook(self.hook)

    def hook(self, event, args):
        if self.left is None or event not in CHANGES or not isinstance(args[0], (str, os.PathLike)):
            return
        if event == "open" and (args[2] or 0) & (os.O_WRONLY | os.O_RDWR) == 0:
            return
        if Path.cwd().joinpath(args[0]).is_relative_to(self.folder):
            self.count()

    def count(self):
        self.left -= 1
        if self.left > 0:
            return
        if self.aside is None:
            there = (self.folder / done_before.DATABASE).parent.glob(f"{Path(done_before.DATABASE).name}*")
            self.aside = {path: path.read_bytes() for path in there}
        raise Killed

    def strike(self, folder, after, args):
        """Run a command that is ended; whether it was."""
        self.folder, self.left, self.aside = Path.cwd() / folder, after, None
        real = done_before.Store._change

        def change(store, steps):
            self.count()
            real(store, steps)
            self.count()

        try:
            done_before.Store._change = change
            CliRunner().invoke(byhand.main, [str(a) for a in args], catch_exceptions=False)
        except Killed:
            self.left = None
            for path, data in self.aside.items():
                path.write_bytes(data)
            return True
        finally:
            self.left, done_before.Store._change = None, real
        return False


def stopped(out):
    """Whether a folder says of itself that a run was stopped while it wrote."""
    return done_before.is_kept(out, UNFINISHED)


CHANGES = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate"}
DEATH = Death()


def moments(every):
    """Each moment once: one of so many in `make test`, the rest in `make test-all`."""
    return [n if n % every == 1 else pytest.param(n, marks=pytest.mark.slow) for n in range(1, 90)]


@pytest.fixture(scope="module")
def regraded(graded, tmp_path_factory):
    """The bytes of a regrading that nobody disturbed."""
    top = tmp_path_factory.mktemp("undisturbed") / "copy"
    shutil.copytree(graded, top)
    with chdir(top):
        assert call(*REGRADING).exit_code == 0
    return everything(top / "results")


@pytest.mark.part(4)
@pytest.mark.parametrize("after", moments(9))
def test_a_regrading_that_was_stopped_at_any_moment_is_finished_by_the_next(course, graded, regraded, after):
    out = course / "results"
    before = everything(graded / "results")
    killed = DEATH.strike(out, after, REGRADING)
    assert killed or after > 40
    there = {name for name in everything(out) if not Path(name).name.startswith(done_before.HIDDEN)}
    assert there == set(before), "a page or a table is gone"
    half = stopped(out)
    now = everything(out)
    assert half or now in (before, regraded) or {n: now[n] for n in before} in (before, regraded)
    if half:
        result = call("report", out, "--out", course / "class.html", "--min-group", 1)
        assert unfinished.STOPPED in result.stderr
        result = call("regrade", out)
        assert unfinished.STOPPED in result.stderr
        assert "0 marks change" in result.stderr.splitlines()[-2]
    else:
        call(*REGRADING)
    assert everything(out) == regraded
    assert not stopped(out)
    assert not list(out.rglob(f"{done_before.HIDDEN}-*"))


@pytest.mark.part(4)
@pytest.mark.parametrize("after", moments(9))
def test_a_grading_that_was_stopped_at_any_moment_is_finished_by_the_same_or_by_regrade(course, after):
    out, new = course / "results", lines(wrong(2, y3="9.9"), code=problem(2).code, identity="s0002")
    put(course / "handed" / "s0002.txt", new, after=90)
    if after % 2:
        shutil.rmtree(out)
    undisturbed = course.parent / "undisturbed"
    shutil.copytree(course, undisturbed)
    with chdir(undisturbed):
        call(*GRADING)
    killed = DEATH.strike(out, after, GRADING)
    assert killed or after > 40
    if stopped(out) and after % 4 < 2:
        assert unfinished.STOPPED in call("regrade", out).stderr
    else:
        call(*GRADING)
    assert everything(out) == everything(undisturbed / "results")
    assert not stopped(out)


def test_decisions_that_were_to_be_written_are_kept_by_the_next_grading(course):
    out = deciding(course)
    assert unfinished.STOPPED in call(*GRADING).stderr
    assert score(out, "s0001") == 10


@pytest.mark.parametrize("note", [None, [], {"format": 5}], ids=str)
def test_a_damaged_note_of_a_write_is_told(course, note):
    with done_before.opened(course / "results") as store:
        store.set(UNFINISHED, [("", note, done_before.squeezed(""))])
    result = call("regrade", course / "results")
    assert "its note of them is damaged; run byhand grade again" in result.stderr
    assert call(*GRADING).exit_code == 0
    assert not stopped(course / "results")


# --- links and keys ---


def key_file(course, number):
    (path,) = (course / "problems" / "keys").glob(f"*{problem(number).code}*")
    return path


def replaced(course, form, number=0):
    """Take away what a student handed in; where another form of it goes."""
    (course / "handed" / f"s{number:04}.txt").unlink()
    return course / "handed" / f"s{number:04}.{form}"


def not_read(course, said, identity="s0000"):
    """Grade; the student has no mark, and a person is told why."""
    result = call(*GRADING)
    assert result.exit_code == 1
    assert said in result.stderr
    assert score(course / "results", identity) is None
    settle = (course / "results" / "to-settle.csv").read_text(encoding="utf-8")
    assert said in settle
    return result


@pytest.mark.parametrize("absolute", [True, False])
def test_a_link_to_a_key_is_no_submission(course, absolute):
    path = replaced(course, "json")
    target = key_file(course, 0)
    path.symlink_to(target if absolute else os.path.relpath(target, path.parent))
    not_read(course, "a link that leads out of this folder")


def test_a_link_to_somebody_elses_work_or_to_nothing_or_in_a_circle_is_named(course):
    handed = course / "handed"
    replaced(course, "txt").symlink_to("s0002.txt")
    (handed / "gone.txt").symlink_to("nowhere")
    (handed / "circle.txt").symlink_to("circle.txt")
    (handed / "up").symlink_to("..")
    (handed / "here").symlink_to(".")
    (handed / "keys").symlink_to(course / "problems" / "keys")
    os.mkfifo(handed / "s0003-pipe.txt")
    result = not_read(course, "a link to s0002.txt in the same folder")
    for name, said in (
        ("gone.txt", "not there"), ("circle.txt", "a link"), ("up", "leads out"), ("here", "a link"),
        ("keys", "leads out"), ("s0003-pipe.txt", "not a file"),
    ):  # fmt: skip
        assert any(f"{name}: " in line and said in line for line in result.stderr.splitlines()), name
    files = (course / "results" / "files.csv").read_text(encoding="utf-8")
    assert "-key.json" not in files.replace("keys/", "")


def test_links_that_the_shell_names_are_not_followed_and_a_single_one_is(course):
    top = course / "handed"
    (top / "s0000.txt").unlink()
    (top / "s0000.json").symlink_to(key_file(course, 0))
    (top / "more").symlink_to(course / "problems" / "keys")
    result = call(*GRADING[:2], *sorted(top.iterdir()), *KNOWN)
    assert result.stderr.count("leads out of this folder") >= 2
    assert score(course / "results", "s0000") is None
    (course / "link").symlink_to(top)
    (top / "s0000.json").unlink()
    put(top / "s0000.txt", lines(right(0), identity="s0000"))
    call(*GRADING[:2], course / "link", *KNOWN)
    assert score(course / "results", "s0000") == 10


@cache
def copies_of_a_key():
    """A key under twelve guises: the suffix of each and what stands in it."""
    found = tuple(_copies())
    assert len(found) == 12
    return found


def _copies():
    solution = solve(problem(0))
    text = to_json(solution, "x")
    content = json.loads(text)
    bare = {name: value for name, value in content.items() if name not in {"format", "problem"}}
    yield "json", text
    yield "json", "\ufeff" + json.dumps(content)
    yield "json", text.encode("utf-16")
    yield "json", json.dumps(bare)
    yield "json", json.dumps([content])
    yield "json", json.dumps({"student": "Ada Lovelace", "sheet": content})
    yield "txt", text
    yield "md", text
    yield "csv", text
    yield "ipynb", notebook({"key": text})
    yield "pdf", key_pdf(solution)
    yield "txt", problem_writer.write(problem(0))


@pytest.mark.parametrize("number", range(12))
def test_a_copy_of_a_key_earns_nothing_and_a_person_must_look(course, number):
    form, content = copies_of_a_key()[number]
    put(replaced(course, form), content)
    not_read(course, "a person must look")
    result = call("grade", key_file(course, 0), course / "handed" / f"s0000.{form}")
    assert result.exit_code == 1
    assert "a person must look" in result.stderr
    assert not result.stdout.strip()


def test_a_hard_link_to_a_key_is_a_copy_of_it(course):
    os.link(key_file(course, 0), replaced(course, "json"))
    not_read(course, "an answer key or a worked solution")


def test_a_link_is_not_followed_where_one_problem_is_graded_either(course):
    (course / "handed" / "key.json").symlink_to(key_file(course, 0))
    result = call("grade", key_file(course, 0), course / "handed", "--json")
    assert "key.json: a link that leads out of this folder" in result.stderr
    assert "key" not in [json.loads(line)["student"] for line in result.stdout.splitlines()]


def test_links_among_the_problems_are_named_and_not_followed(course):
    outside = put(course / "outside.json", to_json(solve(problem(9)), "x"))
    (course / "problems" / "keys" / "more-key.json").symlink_to(outside)
    (course / "problems" / "further").symlink_to(course / "handed")
    result = call(*GRADING)
    assert result.exit_code == 1
    assert "more-key.json: a link that leads out of this folder" in result.stderr
    assert "further: a link that leads out of this folder" in result.stderr
    assert problem(9).code not in (course / "results" / "course.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["txt", "csv", pytest.param("json", marks=pytest.mark.slow)])
def test_what_somebody_writes_in_anothers_name_takes_nobodys_place(course, form):
    """It comes later than the other's own, and is told, but their own counts."""
    identity = students(COUNT)[0][0]
    answers = dict.fromkeys(right(0), "9.9999")
    row = {"student_id": identity, "code": problem(0).code, **answers}
    content = {
        "txt": lines(answers, code=problem(0).code, identity=identity),
        "csv": f"{','.join(row)}\n{','.join(row.values())}\n",
        "json": json.dumps([row]),
    }[form]
    put(course / "handed" / f"Alan Turing 17.{form}", content, after=3600)
    result = call(*GRADING)
    assert score(course / "results", identity) == 10
    assert "which is in no other’s file" in result.stderr
    assert "handed in twice" in result.stderr
    (course / "handed" / f"Alan Turing 17.{form}").rename(course / "handed" / f"class.{form}")
    call(*GRADING)
    assert score(course / "results", identity) < 10, "a file that is nobody's may be the instructor's"
