"""A file that somebody handed in is read, and never run: whatever it is called, wherever byhand is started."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from course_making import lines, problem, put, right, students, write_course, write_csv, wrong

from exercises.common import safely

ROOT = Path(__file__).parent.parent
COUNT = 34  # more than are read by one process alone
OTHERS = {
    "byhand", "exercises", "grader", "answer_keys", "templates", "click", "numpy", "pikepdf", "sitecustomize",
    "pypdfium2", "rich", "sympy", "weasyprint", "matplotlib", "tomlkit", "jinja2", "cffi", "usercustomize",
}  # fmt: skip
NAMES = sorted(sys.stdlib_module_names | OTHERS)
TRAP = """with open(__file__[: -len(__name__ + ".py")] + "sprung", "a") as file:
    file.write(__name__ + "\\n")
raise ImportError("a student's file was run: " + __name__)
"""
SET = """title = "Week 1"
seed = "abc"
[[exercise]]
points = 4
shape = "1-1"
"""
COMMANDS = {
    "grade": ("grade", "../problems", ".", "--roster", "../roster.csv", "--out", "../new",
              "--jobs", 2, "--feedback", "none"),
    "regrade": ("regrade", "../results", "--marking", "../marking.toml", "--write", "--jobs", 2),
    "grade-one": ("grade", "huddar-1", ".", "--out", "../pages"),
    "solve": ("solve", "huddar-1", "--pdf", "../solved.pdf"),
    "check": ("check", "huddar-1"),
    "explain": ("explain", "H01"),
    "report": ("report", "../results", "--out", "../report.pdf"),
    "export": ("export", "--to", "canvas", "huddar-1", "--out", "../quiz.zip"),
    "set": ("generate", "../week.toml", "--roster", "../few.csv", "--out", "../set"),
    "count": ("generate", "--shape", "1-1", "--count", 100, "--out", "../drawn", "--seed", "s"),
}  # fmt: skip
AT_ONCE = ("grade",)  # the others are tried by `make test-all`


def started(way, folder, *args):
    """Start byhand in a folder as its console script does, or as a module, and wait for its end."""
    script = folder.parent / "bin" / "byhand"
    script.parent.mkdir(exist_ok=True)
    script.write_text(
        "import sys\nfrom byhand import main\nif __name__ == '__main__':\n    sys.exit(main())\n"
    )
    how = {
        "script": [str(script)],
        "module": ["-m", "byhand"],
        "no environment": ["-E", str(script)],
    }[way]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    env.pop("PYTHONSAFEPATH", None)
    return subprocess.run(
        [sys.executable, *how, *map(str, args)],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def traps(folder, left_out=()):
    """A trap under each name, as a module; those of Python's own start are left out."""
    for name in set(NAMES) - set(left_out):
        put(folder / f"{name}.py", TRAP)


def sprung(folder):
    """Which traps were run."""
    found = folder / "sprung"
    return sorted(set(found.read_text(encoding="utf-8").split())) if found.exists() else []


@pytest.fixture(scope="module")
def early(tmp_path_factory):
    """What Python itself takes from the current folder when it is started with -m, before any line of ours."""
    folder = tmp_path_factory.mktemp("early")
    put(folder / "nothing_at_all.py", "")
    traps(folder)
    while True:
        subprocess.run([sys.executable, "-m", "nothing_at_all"], cwd=folder, capture_output=True, check=False)
        found = sprung(folder)
        if not any((folder / f"{name}.py").exists() for name in found):
            return {*found, "byhand"}
        for name in found:
            (folder / f"{name}.py").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def returned(tmp_path_factory):
    """A course, graded once, and the folder of what was handed in for it."""
    top = tmp_path_factory.mktemp("safely")
    write_course(top, COUNT)
    for n, (identity, name) in enumerate(students(COUNT)):
        answers = right(n) if n % 3 else wrong(n, a3="9")
        put(
            top / "returned" / f"{identity}.txt",
            lines(answers, code=problem(n).code, student=name, identity=identity),
        )
    put(top / "week.toml", SET)
    put(top / "marking.toml", "[marking]\nloss = 2\n")
    write_csv(top / "few.csv", [("Name", "ID"), *((name, identity) for identity, name in students(9))])
    folder = top / "returned"
    done = started("script", folder, *COMMANDS["grade"][:-5], "../results", "--feedback", "none")
    assert done.returncode in {0, 1}, done.stderr
    return folder


@pytest.mark.part(2)
@pytest.mark.parametrize("way", ["script", "module", "no environment"])
@pytest.mark.parametrize(
    "command", [c if c in AT_ONCE else pytest.param(c, marks=pytest.mark.slow) for c in COMMANDS]
)
def test_no_file_that_was_handed_in_is_run(returned, early, command, way):
    traps(returned, early if way == "module" else ())
    try:
        done = started(way, returned, *COMMANDS[command])
        assert sprung(returned) == []
        assert done.returncode in {0, 1}, done.stderr
        assert "Traceback" not in done.stderr
    finally:
        for left in (*returned.glob("*.py"), returned / "sprung"):
            left.unlink(missing_ok=True)


def test_what_is_set_for_a_while_is_set_back(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), "relative", str(ROOT)])
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    before = sys.path[:]
    with safely.safely():
        assert sys.path == [str(ROOT)]
        assert os.environ["PYTHONSAFEPATH"] == "1"
        with safely.safely():
            assert os.environ["PYTHONSAFEPATH"] == "1"
        assert os.environ["PYTHONSAFEPATH"] == "1"
    assert sys.path == before
    assert "PYTHONSAFEPATH" not in os.environ


def test_byhand_is_found_where_it_lies_even_if_that_is_the_current_folder(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "path", ["", "/usr/lib"])
    assert safely.trusted_path() == [str(ROOT), "/usr/lib"]
