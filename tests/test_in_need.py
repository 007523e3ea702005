"""Where something is missing or odd: no Pango, strange clocks, thousands of files, files that change, names of one look."""

import csv
import importlib
import io
import os
import shutil
import subprocess
import sys
import threading
import time
import unicodedata
from itertools import pairwise
from pathlib import Path

import pypdf
import pytest
from course_making import lines, problem, put, right, write_course, wrong
from making import call, flattened

import byhand
from exercises.common.errors import FileError
from exercises.common.files import make_public_folder, make_secret_folder
from exercises.pages.worksheet_page import worksheet_pdf
from exercises.printing import pdf, weasy
from grader.course import gathering
from grader.practice.site import write_site

LACKING = "byhand cannot make PDFs here because Pango or HarfBuzz is missing"
COUNT = 3


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def tree(folder):
    return {p.relative_to(folder): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Problems, a roster, and an empty folder for what is handed in; we are beside them."""
    write_course(tmp_path, COUNT)
    (tmp_path / "handed").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "handed"


def graded(out="results", *more):
    """Grade what lies there, by this process alone; without pages unless they are asked for."""
    pages = () if "--feedback" in more else ("--feedback", "none")
    return call(
        "grade", "problems", "handed", "--roster", "roster.csv", "--out", out, "--jobs", 1, *pages, *more
    )


def totals(out="results"):
    return {row["id"]: row["total"] for row in table(Path(out) / "results.csv")}


def sheet(number, **changes):
    return lines(wrong(number, **changes), code=problem(number).code, identity=f"s{number:04}")


# --- without Pango ---


@pytest.fixture
def no_pango(monkeypatch):
    """A machine on which WeasyPrint finds no library to set text with."""

    def view(name):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return importlib.import_module(name)

    for kept in (weasy.load, weasy.inside, pdf._engine):
        kept.cache_clear()
    monkeypatch.setattr(weasy, "import_module", view)
    yield
    monkeypatch.undo()
    for kept in (weasy.load, weasy.inside, pdf._engine):
        kept.cache_clear()


@pytest.mark.usefixtures("no_pango")
def test_without_pango_one_problem_is_graded_and_its_page_is_html(tmp_path):
    put(tmp_path / "a.txt", "name: 王\na3 = 0.755\n")
    result = call("grade", "huddar-1", tmp_path / "a.txt", "--out", tmp_path / "out")
    assert result.exit_code == 0
    (told,) = result.stderr.splitlines()
    assert told.startswith(LACKING)
    assert told.endswith("; meanwhile feedback is HTML only")
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".html", ".jsonl"}


@pytest.mark.usefixtures("no_pango")
@pytest.mark.parametrize("forms", ["pdf,html", pytest.param("pdf", marks=pytest.mark.slow)])
def test_without_pango_a_course_is_graded_and_one_sentence_says_what_is_lacking(course, forms):
    for n in range(COUNT):
        put(course / f"{n}.txt", sheet(n))
    result = graded("results", "--feedback", forms)
    assert result.exit_code == 0
    assert result.stderr.count(LACKING) == 1
    assert totals() == dict.fromkeys(("s0000", "s0001", "s0002"), "10")
    pages = course.parent / "results" / "feedback"
    assert [path.suffix for path in pages.iterdir()] == [".html"] * COUNT
    assert LACKING not in graded("results", "--feedback", "html").stderr


@pytest.mark.slow
def test_without_pango_what_needs_it_to_be_read_is_left_to_a_person(course, request):
    filled = pypdf.PdfWriter(clone_from=io.BytesIO(worksheet_pdf(problem(0))))
    for page in filled.pages:
        filled.update_page_form_field_values(page, dict(right(0)), auto_regenerate=False)
    out = io.BytesIO()
    filled.write(out)
    put(course / "s0000.pdf", flattened(out.getvalue()))
    put(course / "s0001.txt", sheet(1))
    request.getfixturevalue("no_pango")
    result = graded()
    assert result.exit_code == 1, result.output
    assert f"s0000.pdf: cannot be read here: {LACKING}" in result.stderr
    assert "stumbled" not in result.stderr
    assert totals()["s0001"] == "10"


# --- clocks ---


def test_a_clock_that_runs_backwards_changes_nothing(course):
    """When a file was changed tells only which of two counts; whatever it is, it can be told."""
    odd = (-(10**9), 0, 10**11, 2**33)
    put(course / "s0000.txt", sheet(0, a3="9"))
    put(course / "later" / "s0000.txt", sheet(0))
    put(course / "s0001.txt", sheet(1), after=-(10**9))
    for first, second in pairwise(odd):
        os.utime(course / "s0000.txt", (first, first))
        os.utime(course / "later" / "s0000.txt", (second, second))
        result = graded()
        assert "was changed later (" in (course.parent / "results" / "files.csv").read_text(encoding="utf-8")
        assert totals()["s0000"] == ("10" if second > first else totals()["s0000"]), result.stderr
        assert "stumbled" not in result.stderr


def test_results_do_not_depend_on_when_they_are_made(course, monkeypatch):
    """Nothing asks what time it is: time may stand still, run backwards or be centuries off."""
    for n in range(COUNT):
        put(course / f"{n}.txt", sheet(n))
    graded("one", "--feedback", "html")
    hours = iter(range(10**6, 0, -1))
    monkeypatch.setattr("time.time", lambda: next(hours) * 3600.0)
    graded("two", "--feedback", "html")
    graded("two", "--feedback", "html")
    assert tree_of_results(course, "one") == tree_of_results(course, "two")


# --- many files, and files that change ---


@pytest.mark.slow
def test_three_thousand_files_in_a_folder(course):
    for n in range(3_000):
        put(course / f"{n:04}.txt", sheet(n % COUNT), after=n)
    assert graded().exit_code == 1
    assert totals() == dict.fromkeys(("s0000", "s0001", "s0002"), "10")
    rows = table(course.parent / "results" / "files.csv")
    assert len(rows) == 3_000
    assert len({row["file"] for row in rows}) == 3_000
    assert sum(row["status"] == "graded" for row in rows) == COUNT


def test_a_file_that_goes_or_grows_while_it_is_read_costs_nobody_else_a_mark(course, monkeypatch):
    for n in range(COUNT):
        put(course / f"s{n:04}.txt", sheet(n))
    walk = gathering.walk

    def then_change(*args):
        found = walk(*args)
        (course / "s0000.txt").unlink()
        (course / "s0001.txt").unlink()
        (course / "s0001.txt").mkdir()
        put(course / "s0002.txt", sheet(2, a3="9.9"))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(gathering, "walk", then_change)
        result = graded()
    assert result.exit_code == 1
    assert "s0000.txt: cannot be read (No such file or directory)" in result.stderr
    assert "s0001.txt: cannot be read (Is a directory)" in result.stderr
    changed = totals()["s0002"]
    assert changed not in ("", "10")
    put(course / "s0000.txt", sheet(0))
    put(course / "s0002.txt", sheet(2))
    graded()
    assert totals()["s0002"] == "10"
    assert totals()["s0000"] == "10"


def test_what_is_judged_is_what_was_read_once(course, monkeypatch):
    """A file that is written all the while: its bytes are taken once, and the same ones are named, kept and judged."""
    seen = []
    opened = gathering._opened

    def counted(path):
        seen.append(path.name)
        found = opened(path)
        put(path, sheet(0, a3=f"{len(seen)}.5"))
        return found

    put(course / "s0000.txt", sheet(0))
    monkeypatch.setattr(gathering, "_opened", counted)
    graded()
    assert seen == ["s0000.txt"]
    assert totals()["s0000"] == "10"


@pytest.mark.slow
def test_files_written_to_without_end_are_read_once(course):
    stop = threading.Event()

    def write():
        n = 0
        while not stop.wait(0.001):
            n += 1
            (course / "s0000.txt").write_text(sheet(0, a3=f"{n}.5") * (n % 7), encoding="utf-8")

    put(course / "s0000.txt", sheet(0))
    put(course / "s0001.txt", sheet(1))
    writer = threading.Thread(target=write)
    writer.start()
    try:
        results = [graded() for _ in range(4)]
    finally:
        stop.set()
        writer.join()
    for result in results:
        assert "stumbled" not in result.stderr
        assert result.exit_code in {0, 1}
    assert totals()["s0001"] == "10"


# --- names ---


def test_names_that_differ_by_case_or_form_only_are_several_files(course):
    names = ["Zoë.txt", unicodedata.normalize("NFD", "Zoë.txt"), "zoë.txt", "ZOË.TXT"]
    for n, name in enumerate(names):
        put(course / name, sheet(n % COUNT), after=n)
    there = len(list(course.iterdir()))  # a disk may take some of them for one
    graded("results", "--feedback", "html")
    rows = table(course.parent / "results" / "files.csv")
    assert len({row["file"] for row in rows}) == len(rows) == there
    pages = [path.name for path in (course.parent / "results" / "feedback").iterdir()]
    assert len({unicodedata.normalize("NFKC", name).casefold() for name in pages}) == len(pages)
    assert set(totals().values()) <= {"10", ""}


NAMES = {
    "escape": b"a\x1b[2J\x07b.txt", "line end": b"a\nb\rc.txt", "invalid": b"a\xff\xfe.txt", "dots": b"..a...txt",
    "blank": b" .txt", "option": b"--out.txt", "long": b"x" * 251 + b".txt", "quotes": b"\"'`$(id);&.txt",
    "right to left": "a\u202etxt.b.txt".encode(), "formula": b"=1+1.txt",
}  # fmt: skip


def test_files_of_any_name_are_graded_and_told_on_one_line(course):
    for n, name in enumerate(NAMES.values()):
        Path(os.fsdecode(bytes(course) + b"/" + name)).write_text(sheet(n % COUNT), encoding="utf-8")
    result = graded()
    assert set(totals().values()) == {"10"}
    rows = table(course.parent / "results" / "files.csv")
    assert len(rows) == len(NAMES)
    for letter in "\x1b\x07\u202e\r":
        assert letter not in result.output
    for line in result.stderr.splitlines():
        assert not line.startswith(("b", "c.txt")), "a name must not begin a line of its own"
    for row in rows:
        assert not row["file"].startswith("=")
    alone = call("grade", "huddar-1", course)
    assert "\x1b" not in alone.output
    assert "\u202e" not in alone.output


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such devices here")
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/full", "/dev/random"])
def test_devices_are_read_as_far_as_a_file_may_reach(course, device):
    put(course / "s0001.txt", sheet(1))
    (course / "s0000.txt").symlink_to(device)
    for result in (call("grade", "huddar-1", device), graded("results")):
        assert result.exit_code == 1
        assert "stumbled" not in result.stderr
        assert len(result.stderr) < 2_000
    assert totals()["s0001"] == "10"


# --- what is put on a server, and what must not be ---


def test_the_folder_for_a_server_and_the_one_with_keys_are_never_the_same(course):
    site = course.parent / "site"
    page = {"site.json": "{}", "sw.js": "", "data/1.json": "{}"}
    write_site(site, page)
    write_site(site, page)  # again
    put(course / "s0000.txt", sheet(0))
    for args in (
        ("generate", "--shape", "1-1", "--seed", "x", "--out", site),
        ("generate", "--shape", "1-1", "--seed", "x", "--out", site / "below" / "it"),
        ("generate", "huddar-1", "--out", site),
        ("grade", "huddar-1", course / "s0000.txt", "--out", site),
        ("grade", "problems", course, "--roster", "roster.csv", "--out", site / "results"),
    ):
        result = call(*args)
        assert result.exit_code == 2, args
        assert "a practice page, which is put on a web server" in result.stderr
    assert set(tree(site)) == {Path(name) for name in page}
    graded("results")
    for folder in ("problems", "problems/keys", "results"):
        with pytest.raises(FileError, match="which students must not see"):
            write_site(course.parent / folder, page)
    make_public_folder(course.parent / "new")
    make_secret_folder(course.parent / "new")


# --- installed by somebody else ---

NOBODY = 65534
PACKAGES = ("answer_keys", "exercises", "grader", "templates", "byhand.py")


def installed(folder):
    """A copy of byhand that nobody may write to."""
    house = Path(byhand.__file__).parent
    left_out = shutil.ignore_patterns("__pycache__", "runtime", "*.npz.tmp")
    for name in PACKAGES:
        if (house / name).is_dir():
            shutil.copytree(house / name, folder / name, ignore=left_out)
        else:
            shutil.copy(house / name, folder / name)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    return folder


def as_somebody_else(home):
    """How a command is run as a user who may read everything and write to one folder; if we are no root, as ourselves."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("no program here that gives up rights")
    for path in (home, *home.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    able = "+dac_read_search"  # Python itself may lie in the folder of root
    who = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return [
        "setpriv",
        *who,
        "--bounding-set=-all,+dac_read_search",
        f"--inh-caps={able}",
        f"--ambient-caps={able}",
    ]


@pytest.mark.slow
def test_installed_where_nothing_may_be_written_another_user_works_from_another_folder(tmp_path):
    house, home = installed(tmp_path / "house"), tmp_path / "home"
    write_course(home, COUNT)
    for n in range(COUNT):
        put(home / "handed" / f"{n}.txt", sheet(n))
    before = tree(house)
    for folder in (tmp_path, *list(tmp_path.parents)[:2]):
        folder.chmod(0o755)
    start = as_somebody_else(home)
    assert subprocess.run([*start, "touch", str(house / "x")], capture_output=True, check=False).returncode
    own = {"PYTHONPATH": str(house), "PATH": os.defpath, "PYTHONWARNINGS": "error", "TMPDIR": str(home)}
    try:
        for words in (
            "generate --shape 2-2-1 --seed 1 --out made",
            "grade problems handed --roster roster.csv --out results --jobs 2",
            "regrade results --write",
            "report results --out report.html --min-group 1",
            "export --to moodle huddar-1 --out quiz.xml",
            "check huddar-1",
        ):
            command = [*start, sys.executable, "-P", "-m", "byhand", *words.split()]
            done = subprocess.run(command, cwd=home, env=own, capture_output=True, text=True, check=False)
            assert done.returncode == 0, (words, done.stdout, done.stderr)
            assert "arning" not in done.stderr
    finally:
        for folder in (house, *(p for p in house.rglob("*") if p.is_dir())):
            folder.chmod(0o755)
    assert tree(house) == before
    assert {row["total"] for row in table(home / "results" / "results.csv")} == {"10"}
    assert list((home / "results" / "feedback").glob("*.pdf"))


# --- two at once ---


@pytest.mark.slow
@pytest.mark.parametrize("wait", [0.0, 0.4, 0.8, 1.2])
def test_grade_and_regrade_at_once_are_one_after_the_other_or_one_of_them_says_so(course, wait):
    for n in range(COUNT):
        put(course / f"{n}.txt", sheet(n))
    put(course.parent / "marking.toml", "[marking]\nloss = 3\n")
    words = ["--roster", "roster.csv", "--out", "results", "--feedback", "html", "--jobs", "1"]
    grading = ["grade", "problems", "handed", *words]
    regrading = ["regrade", "results", "--marking", "marking.toml", "--write", "--jobs", "1"]
    call(*grading)
    call(*regrading)
    put(course / "0.txt", sheet(0, a3="9"))  # so that both have something to write
    put(course / "1.txt", sheet(1, a3="9"))
    together = []
    for words in (grading, regrading):
        command = [sys.executable, byhand.__file__, *words]
        together.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
        time.sleep(wait)
    for process in together:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0 or (process.returncode == 2 and "another byhand is at work" in said), (
            said
        )
    call(*grading)
    call(*regrading)
    both = tree_of_results(course)
    shutil.rmtree(course.parent / "results")
    call(*grading)
    call(*regrading)
    assert tree_of_results(course) == both


def tree_of_results(course, name="results"):
    """The bytes of all results, but for what is kept to go on with."""
    out = course.parent / name
    return {path: data for path, data in tree(out).items() if not path.parts[0].startswith(".")}
