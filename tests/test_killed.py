"""Killed at some moment, or on a full disk, every command ends with the same bytes when it is run again.

No half a file is left. BYHAND_MOMENTS says how many moments of each long command are tried.
"""

import os
import shutil
import signal
import subprocess
import time
import traceback
import zlib
from contextlib import chdir, contextmanager

import pytest
from click.testing import CliRunner
from course_making import lines, problem, put, right, students, write_course, wrong
from making import shipped

import byhand
from answer_keys import keyfile
from answer_keys.solution import solve
from exercises.paper.sheet import paper_sheet
from grader.course.work import done_before
from grader.files.guarded import guard

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no such processes here")
SET = """
title = "Set"
seed = "s"
[[exercise]]
kind = "chain"
shape = [2, 2, 1]
[[exercise]]
kind = "composite"
"""
KNOWN = ("--roster", "roster.csv", "--out", "results", "--feedback", "html", "--jobs", "1")
COMMANDS = {
    "generate": ("generate", "set.toml", "--roster", "roster.csv", "--out", "new"),
    "many": ("generate", "--kind", "composite", "--count", "6", "--seed", "x", "--out", "new"),
    "export": ("export", "--to", "moodle", "huddar-1", "--out", "new"),
    "grade": ("grade", "problems", "handed", *KNOWN[:3], "new", *KNOWN[4:]),
    "regrade": ("regrade", "results", "--marking", "marking.toml", "--write", "--jobs", "1"),
    "report": ("report", "results", "--out", "class.html", "--min-group", "1"),
    "stack": ("grade", "paper", "scans", "--roster", "roster.csv", "--out", "new", "--feedback", "none", "--jobs", "1"),
}  # fmt: skip
QUICK = ("grade", "regrade", "report")  # commands that are killed twice in every run
SLOW = int(os.environ.get("BYHAND_MOMENTS", "10"))  # moments in a long one
LEVELS = 10  # of filling of a disk
MOMENTS = [(command, 2) for command in QUICK]
MOMENTS += [pytest.param(command, SLOW, marks=pytest.mark.slow) for command in COMMANDS]


def tree(folder):
    """The bytes of all files but those that are kept to go on with."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and done_before.HIDDEN not in p.relative_to(folder).parts
    }


def run(*args):
    """Run a command here; nothing but a status may come of it."""
    result = CliRunner().invoke(byhand.main, list(args))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert result.exit_code in {0, 1}, result.output
    return result


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A small course, graded once, and all that the commands need besides."""
    top = tmp_path_factory.mktemp("begun") / "course"
    write_course(top, 3)
    for n, (identity, _) in enumerate(students(3)):
        answers = wrong(n, delta3="9.9999") if n == 1 else right(n)
        put(top / "handed" / f"{identity}.txt", lines(answers, code=problem(n).code, identity=identity))
    put(top / "marking.toml", '[marking]\nloss = 3\n"hidden delta" = 2\n')
    put(top / "set.toml", SET)
    with chdir(top):
        run("grade", "problems", "handed", *KNOWN)
    return top


@pytest.fixture(scope="module")
def stack(begun):
    """Three sheets for paper of one problem, scanned into one file."""
    photographs = pytest.importorskip("photographs")
    made = paper_sheet(shipped("huddar-1"))
    solution = solve(shipped("huddar-1"))
    (begun / "paper").mkdir()
    (begun / "scans").mkdir()
    (begun / "paper" / "h-key.json").write_text(keyfile.to_json(solution, paper=made.where), encoding="utf-8")
    shown = {q.name: solution.shown(q).replace("−", "-") for q in solution.values}
    answers = {name: shown[name] for name in made.where["cells"]}
    pages = photographs.write(photographs.printed(made.pdf), made.where, answers)
    (begun / "scans" / "stack.pdf").write_bytes(photographs.as_file(pages * 3, "PDF"))


def in_another_process(folder, args, moment=None):
    """Run a command in a process that is killed after so many seconds; whether it was."""
    guard.stop()  # its processes are ours, not the other one's
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            os.chdir(folder)
            CliRunner().invoke(byhand.main, list(args))
            guard.stop()
        except BaseException:  # noqa: BLE001 - this process must not go on with our tests
            traceback.print_exc()
        finally:
            os._exit(0)
    if moment is None:
        os.waitpid(child, 0)
        return False
    until = time.monotonic() + moment
    while time.monotonic() < until:
        if os.waitpid(child, os.WNOHANG)[0]:
            return False
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def whole_files(folder, before, expected):
    """Every file under its own name is as it was, or as it is to be."""
    for name, data in tree(folder).items():
        if not name.rpartition("/")[2].startswith("."):
            assert data in (expected.get(name), before.get(name)), f"half of {name} stands under its own name"


@pytest.mark.parametrize(("command", "times"), MOMENTS)
def test_killed_at_any_moment_it_ends_with_the_same_bytes_when_run_again(
    begun, tmp_path, command, times, request
):
    if command == "stack":
        request.getfixturevalue("stack")
    args = COMMANDS[command]
    before = tree(begun)
    shutil.copytree(begun, tmp_path / "whole")
    start = time.monotonic()
    in_another_process(tmp_path / "whole", args)
    took = time.monotonic() - start
    expected = tree(tmp_path / "whole")
    assert expected != before, "it did nothing"
    killed = 0
    for n in range(times):
        folder = tmp_path / f"killed{n}"
        shutil.copytree(begun, folder)
        moment = (n + zlib.crc32(f"{command}{n}".encode()) / 2**32) / times * took
        killed += in_another_process(folder, args, moment)
        whole_files(folder, before, expected)
        time.sleep(0.3)  # until the processes below it have noticed
        with chdir(folder):
            run(*args)
        assert tree(folder) == expected
    assert killed


@contextmanager
def disk(folder, size):
    """A disk of so many bytes; only root may mount one, and not everywhere."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        guard.stop()
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder, left):
    """Fill the disk that a folder is on until so many bytes are left; the file that does it."""
    free, ballast = os.statvfs(folder), folder / "ballast"
    ballast.write_bytes(bytes(max(0, free.f_bavail * free.f_bsize - left)))
    return ballast


def growth(before, expected):
    """The bytes that a command writes, on a disk where each file begins a page of its own."""
    return sum(-(-len(data) // 4096) * 4096 for name, data in expected.items() if data != before.get(name))


@pytest.mark.slow
@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "stack"])
def test_a_disk_that_fills_up_at_ten_levels_is_one_sentence_and_the_old_results_are_whole(
    begun, tmp_path, command
):
    args, before = COMMANDS[command], tree(begun)
    shutil.copytree(begun, tmp_path / "whole")
    with chdir(tmp_path / "whole"):
        run(*args)
    expected = tree(tmp_path / "whole")
    told = 0
    for level in range(LEVELS):
        with disk(tmp_path / f"disk{level}", "24m") as small:
            shutil.copytree(begun, small / "course")
            ballast = fill(small, level * growth(before, expected) // LEVELS)
            with chdir(small / "course"):
                result = CliRunner().invoke(byhand.main, list(args))
            assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
            full = result.exit_code == 2
            told += full
            if full:
                sentence = result.stderr.splitlines()[-1]
                assert "No space left" in sentence or "is full" in sentence, result.stderr
                assert result.stderr.count("Error: ") == 1
            whole_files(small / "course", before, expected)
            ballast.unlink()
            with chdir(small / "course"):
                run(*args)
            assert tree(small / "course") == expected
    assert told
