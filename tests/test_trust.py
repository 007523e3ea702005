"""What must not cost a mark or give one: damaged files that were kept, writes that were stopped, links and keys."""

import json
import os
import shutil
import sys
import zlib
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner
from course_making import lines, notebook, problem, put, right, students, write_course, write_csv, wrong

import byhand
from answer_keys.key_page import key_pdf
from answer_keys.keyfile import to_json
from answer_keys.solution import solve
from exercises.problems import problem_writer
from grader.course.results import unfinished
from grader.course.work import done_before, sealed

COUNT = 4


def call(*args):
    """Call byhand as from a terminal; no call may end in an exception."""
    result = CliRunner().invoke(byhand.main, [str(a) for a in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


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
    (cell,) = [row.rpartition(",")[2] for row in rows if row.startswith(f"{identity},")]
    return float(cell) if cell else None


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


def cut(data):
    return data[: len(data) // 2]


def garbage(data):
    return bytes(255 - b for b in data)


def one_bit(data):
    return data[:-5] + bytes([data[-5] ^ 1]) + data[-4:]


def note(data):
    """A score in the first lines that is another."""
    return data.replace(b"[[", b"[ [", 1).replace(b", [", b",  [", 1)


def other_lines(data):
    """As it is written, but what is in it is something else."""
    head = sealed.unseal(data).partition(b"\n")[0]
    content = "\n".join('{"sheets": 5}' for _ in json.loads(head))
    return sealed.seal(head + b"\n" + zlib.compress(content.encode()))


def other_notes(data):
    head, _, body = sealed.unseal(data).partition(b"\n")
    return sealed.seal(json.dumps([[name, {"a": 1}] for name, _ in json.loads(head)]).encode() + b"\n" + body)


def other_json(_):
    return b'{"a": [1, 2, {"b": null}]}\n{"sheets": []}\n'


def nothing(_):
    return b""


DAMAGES = (cut, garbage, one_bit, note, other_lines, other_notes, other_json, nothing)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda d: d.__name__)
@pytest.mark.parametrize("what", ["read", "judged", "feedback"])
def test_what_is_damaged_is_done_again_from_what_was_handed_in(course, what, damage):
    out = course / "results"
    before = everything(out)
    if what == "feedback" and damage in {other_lines, other_notes}:
        pytest.skip("not sealed")
    for path in (out / done_before.HIDDEN).glob(f"{what}*"):
        path.write_bytes(damage(path.read_bytes()))
    for _ in range(2):
        result = call(*GRADING)
        assert result.exit_code == 0, result.stderr
        assert everything(out) == before


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
    """Ends a run at the n-th time that it changes something below a folder; nothing can be done after that."""

    def __init__(self):
        self.folder, self.left = "", None
        sys.addaudithook(self.hook)

    def hook(self, event, args):
        if self.left is None or event not in CHANGES or not isinstance(args[0], (str, os.PathLike)):
            return
        if event == "open" and (args[2] or 0) & (os.O_WRONLY | os.O_RDWR) == 0:
            return
        if Path.cwd().joinpath(args[0]).is_relative_to(self.folder):
            self.left -= 1
            if self.left <= 0:
                raise Killed

    def strike(self, folder, after, args):
        """Run a command that is ended; whether it was."""
        self.folder, self.left = str(folder), after
        try:
            CliRunner().invoke(byhand.main, [str(a) for a in args], catch_exceptions=False)
        except Killed:
            return True
        finally:
            self.left = None
        return False


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


@pytest.mark.parametrize("after", moments(6))
def test_a_regrading_that_was_stopped_at_any_moment_is_finished_by_the_next(course, graded, regraded, after):
    out = course / "results"
    before = everything(graded / "results")
    killed = DEATH.strike(out, after, REGRADING)
    assert killed or after > 40
    there = {name for name in everything(out) if not Path(name).name.startswith(done_before.HIDDEN)}
    assert there == set(before), "a page or a table is gone"
    stopped = unfinished.is_there(out)
    now = everything(out)
    assert stopped or now in (before, regraded) or {n: now[n] for n in before} in (before, regraded)
    if stopped:
        result = call("report", out, "--out", course / "class.html", "--min-group", 1)
        assert unfinished.STOPPED in result.stderr
        result = call("regrade", out)
        assert unfinished.STOPPED in result.stderr
        assert "0 marks change" in result.stderr.splitlines()[-2]
    else:
        call(*REGRADING)
    assert everything(out) == regraded
    assert not unfinished.is_there(out)
    assert not list(out.rglob(f"{done_before.HIDDEN}-*"))


@pytest.mark.parametrize("after", moments(6))
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
    if unfinished.is_there(out) and after % 4 < 2:
        assert unfinished.STOPPED in call("regrade", out).stderr
    else:
        call(*GRADING)
    assert everything(out) == everything(undisturbed / "results")
    assert not unfinished.is_there(out)


def test_decisions_that_were_to_be_written_are_kept_by_the_next_grading(course):
    out = course / "results"
    head = ("student", "code", "quantity", "credit", "verdict", "remark")
    write_csv(course / "overrides.csv", [head, ("s0001", "", "delta3", "1", "", "")])
    before = score(out, "s0001")
    args = ["regrade", out, "--overrides", course / "overrides.csv", "--write", "--jobs", 1]
    assert any(DEATH.strike(out, n, args) and unfinished.is_there(out) for n in range(1, 30))
    assert score(out, "s0001") == before
    assert unfinished.STOPPED in call(*GRADING).stderr
    assert score(out, "s0001") == 10


def test_a_damaged_note_of_a_write_is_told(course):
    put(course / "results" / unfinished.NAME, "{}")
    result = call("regrade", course / "results")
    assert "its note of them is damaged; run byhand grade again" in result.stderr
    assert call(*GRADING).exit_code == 0
    assert not unfinished.is_there(course / "results")


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


def copies(number):
    """A key under many guises."""
    solution = solve(problem(number))
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
    yield "txt", problem_writer.write(problem(number))


@pytest.mark.parametrize("number", range(len(list(copies(0)))))
def test_a_copy_of_a_key_earns_nothing_and_a_person_must_look(course, number):
    form, content = list(copies(0))[number]
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
