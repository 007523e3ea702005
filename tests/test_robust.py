"""Whatever a terminal can write, however deep a file is nested: letters and sentences, and the right exit status."""

import codecs
import csv
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from answer_keys.owner import Owner
from byhand import main
from exercises.common import csv_cells, file_names, letters, output, toml_text
from exercises.common.errors import FileError
from exercises.common.wording import without_addresses
from grader.files.folders import below
from grader.handback.feedback_page import person_slug

ROOT = Path(__file__).parent.parent
FULL = Path("/dev/full")
LOW = ("ascii", "latin-1", "cp1252", "cp437")


def started(*args, to=subprocess.PIPE, errors=subprocess.PIPE, **env):
    """A process of its own, as a shell starts it."""
    return subprocess.run(
        [sys.executable, "-m", "byhand", *map(str, args)],
        cwd=ROOT, env={**os.environ, **env}, stdout=to, stderr=errors, check=False,
    )  # fmt: skip


def said(*args, encoding="utf-8"):
    """Exit status, output and what was said, in this process, to a stream of this encoding."""
    result = CliRunner(charset=encoding).invoke(main, [str(arg) for arg in args], catch_exceptions=False)
    return result.exit_code, result.stdout_bytes.decode(encoding), result.stderr_bytes.decode(encoding)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A sheet with a name, a right line and a wrong one."""
    folder = tmp_path_factory.mktemp("course")
    text = "name: Paul Erdős\na3 = 0.755\na4 = 0.68\ny3 = 99\nδ5 = what?\n"
    (folder / "erdős.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.part(2)
@pytest.mark.parametrize("encoding", LOW)
def test_commands_end_alike_whatever_can_be_written(encoding, course, tmp_path):
    for args in (
        ("solve", "huddar-1"),
        ("explain", "H01"),
        ("explain",),
        ("generate", "--help"),
        ("grade", "huddar-1", course),
        ("grade", "huddar-1", course, "--hints"),
        ("report", tmp_path / "nothing"),
        ("export", "--to", "moodle", "huddar-1", "--out", tmp_path / "π.xml"),
        ("export", "--to", "nowhere", "huddar-1"),
        ("solvé", "huddar-1"),
    ):
        status, out, err = said(*args)
        low_status, low_out, low_err = said(*args, encoding=encoding)
        assert low_status == status, low_err
        assert len(low_out.splitlines()) == len(out.splitlines())
        assert bool(low_err) == bool(err)
        assert "stumbled" not in low_err


@pytest.mark.parametrize("env", [{"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "cp1252:strict"}])
def test_letters_reach_a_pipe(env):
    made = started("solve", "huddar-1", **env)
    assert made.returncode == 0
    assert not made.stderr
    assert b"y3      = sigma(a3) = sigma(0.7550) = 0.6803" in made.stdout


@pytest.mark.parametrize("encoding", LOW)
@pytest.mark.parametrize("args", [("solve", "huddar-1", "--json"), ("grade", "huddar-1", None, "--json")])
def test_json_says_the_same_in_every_encoding(encoding, args, course):
    args = [course if arg is None else arg for arg in args]
    right, low = said(*args)[1], said(*args, encoding=encoding)[1]
    assert json.loads(low) == json.loads(right)
    assert not right.isascii()


def test_letters_are_those_one_would_write():
    text = "✓ δ₅ ← −½(t₅ − ŷ)² ≈ σ′ · 10⁻³ for Paul Erdős, Łódź 🙂 “ok” W₁₃ⁿᵉʷ Φ"
    meant = 'ok delta5 <- -1/2(t5 - y)^2 ~ sigma\' * 10^-3 for Paul Erdos, Lodz ? "ok" W13^new Phi'
    assert letters.ascii_of(text) == meant
    assert text.encode("ascii", letters.SPELLED).decode() == meant
    assert "aé".encode("latin-1", letters.SPELLED) == b"a\xe9"


def test_every_letter_has_something_that_can_be_written():
    for code in range(0x30000):
        assert letters.ascii_of(chr(code)).isascii()


@pytest.mark.parametrize("text", ["“é” 🙂 \ud800", "\uffff\U00010000\U0010ffff"])
def test_escapes_are_those_of_json(text):
    line = json.dumps(text, ensure_ascii=False)
    assert json.loads(line.encode("ascii", letters.ESCAPED)) == text
    with pytest.raises(UnicodeDecodeError):
        codecs.decode(b"\xff", "ascii", letters.ESCAPED)


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "args", [("solve", "huddar-1"), ("--help",), ("explain",), ("solve", "huddar-1", "--json")]
)
def test_a_full_device_is_one_sentence(args):
    with FULL.open("wb") as full:
        made = started(*args, to=full)
        assert made.returncode == 2
        assert made.stderr == b"Error: the output cannot be written (No space left on device)\n"
        assert started(*args, to=full, errors=full).returncode == 2


def test_nothing_writes_past_the_one_place():
    for path in (p for top in ("exercises", "answer_keys", "grader") for p in (ROOT / top).rglob("*.py")):
        assert path.name == "output.py" or "click.echo" not in path.read_text(encoding="utf-8"), path


def test_names_do_nothing_to_a_terminal(tmp_path):
    (tmp_path / "a\x1b]0;owned\x07\x1b[2J\u202eb.doc").write_text("x", encoding="utf-8")
    _, out, err = said("grade", "huddar-1", tmp_path)
    assert "\x1b" not in out + err
    assert "\u202e" not in out + err
    assert output.harmless("Zoë\u00a0M\u200c\n\tok\x9b") == "Zoë\u00a0M\u200c\n\tok�"


NESTED = {
    "list": "x = " + "[" * 5000 + "]" * 5000,
    "table": "x = " + "{a = " * 3000 + "1" + "}" * 3000,
    "dotted": ".".join("a" * 1500) + " = 1",
    "headed": "[" + ".".join("a" * 1500) + "]",
    "deep": "x = " + "[" * 40 + "]" * 40,
}


@pytest.mark.parametrize("nested", NESTED.values(), ids=NESTED)
def test_nesting_without_end_is_one_sentence(nested, tmp_path):
    with pytest.raises(FileError, match=r"^week: tables or lists inside each other more than 20 times"):
        toml_text.read(nested, "week")
    file = tmp_path / "a.toml"
    (tmp_path / "sheet.txt").write_text("a3 = 0.755\n", encoding="utf-8")
    course = ("grade", "huddar-1", tmp_path / "sheet.txt", "--out", tmp_path / "out")
    for text, args in (
        (nested, ("solve", file)),
        (f"[[exercise]]\npoints = 1\n{nested}", ("generate", file, "--out", tmp_path / "set")),
        (
            f"[[override]]\nstudent = 'a'\nquantity = 'a3'\ncredit = 1\n{nested}",
            (*course, "--overrides", file),
        ),
        (f"[marking]\n{nested}", (*course, "--marking", file)),
    ):
        file.write_text(text, encoding="utf-8")
        status, _, err = said(*args)
        assert status == 2
        assert err.count("\n") == 1
        assert "inside each other" in err


def test_an_error_is_never_longer_than_can_be_read(tmp_path):
    file = tmp_path / "huge.toml"
    file.write_text("".join(f"[[override]]\n{'x' * 500}{n} = 1\n" for n in range(6000)), encoding="utf-8")
    (tmp_path / "sheet.txt").write_text("a3 = 0.755\n", encoding="utf-8")
    sheet, out = tmp_path / "sheet.txt", tmp_path / "out"
    status, _, err = said("grade", "huddar-1", sheet, "--out", out, "--overrides", file)
    assert status == 2
    assert len(err.splitlines()) == 41
    assert err.endswith("more\n")
    assert max(map(len, err.splitlines())) < 450
    file.write_text(f'shape = "{"x" * 90_000}"\n', encoding="utf-8")
    status, _, err = said("solve", file)
    assert status == 2
    assert len(err) < 5000


def test_an_override_that_is_no_table_is_not_passed_over(tmp_path):
    file, sheet = tmp_path / "a.toml", tmp_path / "sheet.txt"
    file.write_text("override = [1]\n", encoding="utf-8")
    sheet.write_text("a3 = 0.755\n", encoding="utf-8")
    status, _, err = said("grade", "huddar-1", sheet, "--out", tmp_path / "out", "--overrides", file)
    assert status == 2
    assert "no table; expected tables [[override]]" in err


def pipe_in(folder):
    """A named pipe that would be read for ever."""
    os.mkfifo(folder / "s1.txt")
    return folder / "s1.txt"


def made_course(folder, *, ids=("a.1", "a-1")):
    """A set for two students who have one name, as `byhand generate` makes it."""
    file, roster, out = folder / "week.toml", folder / "roster.csv", folder / "set"
    file.write_text('title = "T"\nseed = "abc"\n[[exercise]]\npoints = 2\nshape = "1-1"\n', encoding="utf-8")
    rows = "".join(f"Ann Lee,{identity}\n" for identity in ids)
    roster.write_text(f"name,id\n{rows}", encoding="utf-8")
    assert said("generate", file, "--roster", roster, "--out", out)[0] == 0
    return out, roster


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    """Such a set, its roster, and a folder with a sheet of each student, graded with pages."""
    folder = tmp_path_factory.mktemp("twins")
    made, roster = made_course(folder)
    handed = folder / "handed"
    handed.mkdir()
    with (made / "manifest.csv").open(encoding="utf-8", newline="") as file:
        for n, row in enumerate(csv.DictReader(file)):
            text = f"name: Ann Lee\nid: {row['student_id']}\ncode: {row['code']}\nE = 0.1\n"
            (handed / f"{n}.txt").write_text(text, encoding="utf-8")
    args = ("grade", made, handed, "--roster", roster, "--out", folder / "results", "--feedback", "html")
    said(*args)
    return folder


def test_booklets_and_pages_of_one_name_are_two(twins):
    assert sorted(p.name for p in (twins / "set" / "booklets").iterdir()) == [
        "a-1-ann-lee-2.pdf",
        "a-1-ann-lee.pdf",
    ]
    assert len(list((twins / "results" / "feedback").glob("*.html"))) == 2


def test_report_says_when_the_results_are_gone(twins, tmp_path):
    results = tmp_path / "results"
    shutil.copytree(twins / "results", results)
    (results / "results.jsonl").unlink()
    status, _, err = said("report", results, "--out", tmp_path / "r.html")
    assert status == 2
    assert "not there any more; byhand regrade" in err
    assert err.count("\n") == 1
    assert said("regrade", results, "--write")[0] == 0
    assert said("report", results, "--out", tmp_path / "r.html", "--min-group", "1")[0] == 0


def test_what_is_no_file_is_named_and_passed_over(twins, tmp_path, request):
    handed = tmp_path / "handed"
    shutil.copytree(twins / "handed", handed)
    pipe = pipe_in(handed)
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(handed / "s2.txt"))
    deep = handed
    # Python cannot remove what is so deep: pytest would stumble over it in every later run.
    request.addfinalizer(lambda: subprocess.run(["rm", "-rf", str(handed / "d")], check=True))
    for _ in range(1200):
        deep /= "d"
        deep.mkdir()
    (deep / "lost.txt").touch()
    common = ("--roster", twins / "roster.csv", "--feedback", "none")
    _, _, err = said("grade", twins / "set", handed, *common)
    assert f"{pipe}: not a file that can be read; passed over" in err
    assert "s2.txt: not a file that can be read; passed over" in err
    assert "more than 60 folders inside each other; what is deeper is passed over" in err
    assert "2 sheets of 1 student graded" in err or "2 sheets of 2 of 2 students graded" in err
    _, _, err = said("grade", twins / "set", pipe, twins / "handed", *common)
    assert "a named pipe, no file; passed over" in err
    _, _, err = said("grade", "huddar-1", pipe)
    assert "a named pipe, no file; passed over" in err
    _, _, err = said("grade", "huddar-1", handed)
    assert f"{pipe}: not a file that can be read; passed over" in err
    server.close()


def test_pipes_among_problems_are_passed_over(twins, tmp_path):
    problems = tmp_path / "set"
    shutil.copytree(twins / "set", problems)
    os.mkfifo(problems / "a.toml")
    os.mkfifo(problems / "a-key.json")
    status, _, err = said("grade", problems, twins / "handed", "--roster", twins / "roster.csv")
    assert "2 sheets" in err
    assert status == said("grade", twins / "set", twins / "handed", "--roster", twins / "roster.csv")[0]
    results = twins / "results"
    made = said("report", results, "--problems", problems, "--out", tmp_path / "r.html", "--min-group", "1")
    assert made[0] == 0


def test_folders_that_cannot_be_read_are_named(tmp_path, monkeypatch):
    (tmp_path / "open").mkdir()
    (tmp_path / "shut").mkdir()
    (tmp_path / "open" / "a.txt").touch()
    scan = os.scandir

    def refuse(folder):
        if Path(folder).name == "shut":
            raise PermissionError(13, "Permission denied", str(folder))
        return scan(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    assert list(below(tmp_path)) == [
        (tmp_path / "open" / "a.txt", ""),
        (tmp_path / "shut", "a folder that cannot be read (Permission denied); passed over"),
    ]


@pytest.mark.parametrize("name", ["𠀀" * 60, "é" * 90, "x" * 200, "../../" * 30, "\0\x1b"])
def test_names_of_any_letters_are_names_of_files(name, tmp_path):
    sheet = tmp_path / "a.json"
    sheet.write_text(json.dumps({"name": name, "a3": "0.755"}), encoding="utf-8")
    out = tmp_path / "out"
    status, _, err = said("grade", "huddar-1", sheet, "--out", out)
    assert status == 0, err
    assert all(len(os.fsencode(path.name)) <= 255 for path in out.iterdir())
    assert len(list(out.glob("*.html"))) == 1
    stem = Owner(name[:40], name).stem
    assert 0 < len(stem.encode()) <= 200
    assert len("-".join([person_slug(name)] * 3).encode()) <= 218


def test_a_name_keeps_the_signs_that_belong_to_its_letters():
    assert person_slug("สมชาย ใจดี") == "สมชาย-ใจดี"
    assert person_slug("अमिता शर्मा") == "अमिता-शर्मा"


def test_names_are_told_apart_on_any_disk():
    assert file_names.distinct(["a", "a", "a-2", "A", "é", "e\u0301"]) == [
        "a",
        "a-2",
        "a-2-2",
        "A-3",
        "é",
        "e\u0301-2",
    ]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Anna;=1+1", "Anna;'=1+1"), ("a\n=1", "a\n'=1"), ("a\t@x", "a\t'@x"), ("=1;+cmd", "'=1;'+cmd"),
        ("a; -0.5; −0.25 off", "a; -0.5;' −0.25 off"), ("\t=1", "'\t'=1"), ("-0.5", "-0.5"), ("1=2; b=3", "1=2; b=3"),
        ("'t Hooft", "'t Hooft"), ("a;b", "a;b"),
    ],
)  # fmt: skip
def test_no_cell_becomes_a_formula_whatever_separates_cells(text, cell):
    assert csv_cells.safe(text) == cell
    assert csv_cells.bare(cell) == text


def test_no_message_tells_a_place_in_memory():
    assert (
        without_addresses(ValueError("<_io.BytesIO object at 0x7fd7358143b0>: no"))
        == "<_io.BytesIO object>: no"
    )


def waits(process, what):
    """Read what a process says until it says that."""
    for line in process.stderr:
        if what in line:
            return
    pytest.fail("it ended too early")


def interrupted(code, *args, times):
    """A program that was stopped by Ctrl-C, as a terminal sends it to all processes, once it had begun to work.

    Gives its status and what it said; whatever is still at work long afterwards is ended, and that is a failure.
    """
    command = [sys.executable, "-c", code, *args]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        late = []
        timer = threading.Timer(LONG / 10, lambda: late.append(os.killpg(process.pid, signal.SIGKILL)))
        try:
            waits(process, "one")
            timer.start()
            for _ in range(times):
                os.killpg(process.pid, signal.SIGINT)
                time.sleep(0.05)
            said = process.stderr.read()  # which every process holds open
            process.wait()
        finally:
            timer.cancel()
    assert not late, "it went on working"
    return process.returncode, said


LONG = 600  # seconds that each of these would work, undisturbed; a busy machine may take many to end them
SLOW = f"""
import sys, time
from answer_keys import production
whole = production.write_all
def slow(*args, **kwargs):
    whole(*args, **kwargs)
    print("one", file=sys.stderr, flush=True)
    for _ in range({LONG}):
        time.sleep(1)  # Python hears nothing that comes just as it begins to wait
production.write_all = slow
from byhand import main
main()
"""


@pytest.mark.part(2)
@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_ends_with_a_status_of_its_own_and_says_what_is_done(times, tmp_path):
    args = ["generate", "--shape", "1-1", "--count", "3", "--seed", "s", "--out", str(tmp_path)]
    status, said = interrupted(SLOW, *args, times=times)
    if times == 1:
        assert status == 130
        assert said == (
            "stopped while drawing and printing, 0 of 3; "
            "--seed s with the same options makes the same problems from the beginning\n"
        )
    assert status not in {0, 1, 2}


BUSY = f"""
import sys, time
from exercises.common.processes import each, workers
from exercises.common.stopping import Stopped, stoppable
late = "late" in sys.argv
def calls():
    yield (0 if late else {LONG},)
    yield from 3 * [({LONG},)]
    if not late:
        print("one", file=sys.stderr, flush=True)
try:
    with stoppable("the rest is left") as tally, workers(2) as (pool, _):
        count = tally.add("sleeping", 4, lambda more: None)
        for _ in each(pool, 8, time.sleep, calls()):
            count(1)
            print("one", file=sys.stderr, flush=True)
except Stopped as stopped:
    print(stopped, file=sys.stderr)
    sys.exit(130)
"""


@pytest.mark.part(4)
@pytest.mark.parametrize(("when", "done"), [("early", 0), ("late", 1)])
@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_ends_all_processes(when, done, times):
    status, said = interrupted(BUSY, when, times=times)
    if times == 1:
        assert said == f"stopped while sleeping {done} of 4; the rest is left\n"
        assert status == 130
    assert status not in {0, 1, 2}


@pytest.mark.slow
def test_what_check_names_as_causes_is_the_same_in_every_run():
    said = {started("check", "huddar-1", PYTHONHASHSEED=seed).stdout for seed in ("0", "2", "5")}
    assert len(said) == 1
