"""The page on which a person reads handwriting: by keyboard alone, in a real browser; and what they read wins."""

import base64
import csv
import hashlib
import json
import re
import shutil
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from making import shipped
from photographs import as_file, printed, tick, write

from answer_keys import keyfile
from answer_keys.solution import solve
from byhand import main
from exercises.paper.sheet import paper_sheet
from grader.course.placing.answer_sheet import AnswerSheet, HandedIn
from grader.course.placing.by_eye import put_in, read_readings, write_readings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


CUT_OUT = 'src="data:image/webp;base64,'


def run(*arguments):
    return CliRunner().invoke(main, [str(a) for a in arguments])


def handed(**read):
    sheet = AnswerSheet("a.pdf", "page 1", answers={"a3": "0.5", "y3": "0.6"}, read=read)
    return [HandedIn("a.pdf", 0.0, "", (sheet,))]


LINE = {"file": "a.pdf", "place": "page 1", "page": 1, "candidates": []}


def test_what_a_person_read_wins_and_can_be_taken_back():
    where = ("a.pdf", "page 1", "a3")
    (file,), said = put_in(handed(a3=LINE, y3=LINE), {where: "0.7"})
    assert said == []
    assert file.sheets[0].answers == {"a3": "0.7", "y3": "0.6"}
    (again,), _ = put_in([file], {where: "0.8"})
    assert again.sheets[0].answers["a3"] == "0.8"
    (blank,), _ = put_in([file], {where: ""})
    assert "a3" not in blank.sheets[0].answers
    (back,), _ = put_in([again], {})
    assert back == handed(a3=LINE, y3=LINE)[0]


def test_a_reading_of_no_sheet_is_told():
    _, said = put_in(handed(a3=LINE), {("b.pdf", "", "a3"): "1"})
    assert said == ["readings.csv: b.pdf, a3 is on no sheet that was handed in"]


def test_readings_are_written_and_read_again(tmp_path):
    readings = {
        ("a.pdf", "page 1", "a3"): "-0.5",
        ("=evil.pdf", "", "y3"): "",
        ("b.pdf", "page 2", "C1"): "y - t",
    }
    (tmp_path / "readings.csv").write_text(write_readings(readings), encoding="utf-8")
    assert read_readings(tmp_path / "readings.csv") == readings
    (tmp_path / "readings.csv").write_text("nothing\n1\n")
    done = run("regrade", tmp_path, "--readings", tmp_path / "readings.csv")
    assert done.exit_code == 2


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """A course of one sheet on which three lines are left to a person."""
    folder = tmp_path_factory.mktemp("review")
    problem = shipped("huddar-1")
    made, solution = paper_sheet(problem), solve(problem)
    (folder / "keys").mkdir()
    (folder / "keys" / "h-key.json").write_text(keyfile.to_json(solution, paper=made.where), encoding="utf-8")
    roster = "name,id\nAda <!--<script></script>,1001\n"  # a name that would take the page over
    (folder / "roster.csv").write_text(roster)
    answers = {q.name: solution.shown(q).replace("−", "-") for q in solution.values}
    pages = write(
        printed(made.pdf), made.where, {n: t for n, t in answers.items() if n in made.where["cells"]}
    )
    for name in ("a3", "y4", "delta3"):
        tick(pages, made.where, name)
    (folder / "1001.pdf").write_bytes(as_file(pages, "PDF"))
    graded = run(
        "grade", folder / "keys", folder / "1001.pdf", "--roster", folder / "roster.csv",
        "--out", folder / "results", "--feedback", "html", "--jobs", "1",
    )  # fmt: skip
    assert f"open {folder / 'results' / 'review.html'}" in graded.output, graded.output
    return folder / "results", answers


def items_on(out):
    page = (out / "review.html").read_text(encoding="utf-8")
    return json.loads(re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)[0])


def waiting_on(out):
    return [item for item in items_on(out) if item["open"]]


def test_the_page_holds_crops_and_tells_nothing_of_the_key(results):
    out, answers = results
    page = (out / "review.html").read_text(encoding="utf-8")
    data, code = re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)
    items = json.loads(data)
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    assert f"default-src 'none'; script-src 'sha256-{digest}'; style-src" in page
    waiting = [item for item in items if item["open"]]
    assert {item["quantity"] for item in waiting} >= {"a3", "y4", "delta3"}
    assert all(item["picture"].startswith("data:image/webp;base64,") for item in items)
    for item in waiting:
        assert item["choices"] == sorted(item["choices"], key=float)  # not the likeliest first
        assert answers[item["quantity"]] in item["choices"]
        assert not item["text"]
    assert "://" not in page
    assert not any("expected" in item for item in items)


def test_a_single_problem_has_its_review_page_too(results, tmp_path):
    """Graded without a roster: the page, what was read on it, and that it is kept for the next time."""
    folder, answers = results[0].parent, results[1]
    readings = {
        (i["file"], i["place"], i["quantity"]): answers[i["quantity"]] for i in waiting_on(results[0])
    }
    left = next(where for where in readings if where[2] == "a3")
    readings["other.pdf", "", "a3"] = "1"
    given = {where: text for where, text in readings.items() if where != left}
    (tmp_path / "readings.csv").write_text(write_readings(given), encoding="utf-8")
    done = run(
        "grade", folder / "keys" / "h-key.json", folder / "1001.pdf", "--out", tmp_path / "out",
        "--readings", tmp_path / "readings.csv", "--json",
    )  # fmt: skip
    assert f"1 line of handwriting to read: open {tmp_path / 'out' / 'review.html'}" in done.output
    assert "other.pdf, a3 is on no sheet" in done.output
    assert [item["quantity"] for item in waiting_on(tmp_path / "out")] == ["a3"]
    report = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))
    verdicts = {a["quantity"]: a["verdict"] for a in report["answers"]}
    assert verdicts.pop("a3") == "unreadable"
    assert set(verdicts.values()) <= {"correct", "follows"}
    assert read_readings(tmp_path / "out" / "readings.csv") == given
    (page,) = (tmp_path / "out").glob("*-feedback.html")
    assert page.read_text(encoding="utf-8").count(CUT_OUT) == 1  # beside the sentence on a3


@pytest.mark.slow
def test_grading_a_course_takes_what_was_read_on_its_page_and_keeps_it(results, tmp_path):
    """With the stack, before there are results to grade again; the next time it need not be given."""
    folder, answers = results[0].parent, results[1]
    waiting = waiting_on(results[0])
    left = waiting[0]["quantity"]
    given = {(i["file"], i["place"], i["quantity"]): answers[i["quantity"]] for i in waiting[1:]}
    slip = waiting[1]["quantity"]
    given[waiting[1]["file"], waiting[1]["place"], slip] = "7.7777"  # a person reads what stands there
    (tmp_path / "readings.csv").write_text(write_readings(given), encoding="utf-8")
    asked = (
        "grade", folder / "keys", folder / "1001.pdf", "--roster", folder / "roster.csv",
        "--out", tmp_path / "out", "--jobs", "1",
    )  # fmt: skip
    for more in (("--readings", tmp_path / "readings.csv"), ()):
        done = run(*asked, *more)
        assert done.exit_code in (0, 1), done.output
        assert [item["quantity"] for item in waiting_on(tmp_path / "out")] == [left]
        assert read_readings(tmp_path / "out" / "readings.csv") == given
        (report,) = map(json.loads, (tmp_path / "out" / "results.jsonl").read_text("utf-8").splitlines())
        found = {a["quantity"]: (a["verdict"], a["submitted"]) for a in report["answers"]}
        assert found.pop(left)[0] == "unreadable"
        assert found.pop(slip) == ("wrong", "7.7777")
        assert {verdict for verdict, _ in found.values()} <= {"correct", "follows"}


def test_a_report_on_the_class_shows_no_handwriting(results, tmp_path):
    keys = results[0].parent / "keys"
    done = run("report", results[0], "--problems", keys, "--min-group", "1", "--out", tmp_path / "class.html")
    assert done.exit_code == 0, done.output
    page = (tmp_path / "class.html").read_text(encoding="utf-8")
    assert "Huddar" in page
    assert "data:image" not in page
    assert "<img" not in page


def test_pages_to_hand_back_show_lines_as_they_were_written_where_something_is_said_of_them(
    results, tmp_path
):
    out, answers = shutil.copytree(results[0], tmp_path / "results"), results[1]
    (page,) = (out / "feedback").glob("*.html")
    open_lines = waiting_on(out)
    assert page.read_text(encoding="utf-8").count(CUT_OUT) == len(open_lines)
    readings = {(i["file"], i["place"], i["quantity"]): answers[i["quantity"]] for i in open_lines[1:]}
    (tmp_path / "readings.csv").write_text(write_readings(readings), encoding="utf-8")
    done = run("regrade", out, "--readings", tmp_path / "readings.csv", "--write", "--jobs", "1")
    assert done.exit_code in (0, 1), done.output
    assert page.read_text(encoding="utf-8").count(CUT_OUT) == 1


@contextmanager
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield chromium.new_page(viewport={"width": 1000, "height": 760})
        finally:
            chromium.close()


def choose(page, text):
    """Press the key of a choice; which line it was."""
    item = page.evaluate("queue[at].quantity")
    options = [one.split()[-1] for one in page.locator("#choices button").all_inner_texts()]
    page.keyboard.press(str(1 + options.index(text[item])))
    return item


def type_it(page, text):
    page.keyboard.press("Enter")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def read_by_keys(page, answers):
    """Read every line that is left, and put right one that the machine read; what was read."""
    left = int(page.inner_text("#count").split()[0])
    chosen = {}
    for n in range(left):
        item = page.evaluate("queue[at].quantity")
        assert page.inner_text("#what b")
        if n == 0:
            type_it(page, "0.1234")
            chosen[item] = "0.1234"
        elif n == 1:
            page.keyboard.press("0")
            chosen[item] = ""
        else:
            chosen[choose(page, answers)] = answers[item]
    assert page.inner_text("#count").startswith(f"all {left} read")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("u")
    page.reload()  # nothing is lost
    assert page.inner_text("#count").startswith("1 of ")
    page.keyboard.press("g")
    for _ in range(page.evaluate("queue.findIndex(item => !isDone(item))")):
        page.keyboard.press("ArrowRight")
    item = choose(page, answers)
    chosen[item] = answers[item]
    page.keyboard.press("a")
    wrong = page.evaluate("ITEMS.filter(item => !item.open)[0].quantity")
    page.keyboard.press("Enter")
    type_it(page, "-9.75")
    return chosen | {wrong: "-9.75"}


def report_in(out):
    (line,) = (out / "results.jsonl").read_text(encoding="utf-8").splitlines()
    return {a["quantity"]: a for a in json.loads(line)["answers"]}


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")
def test_the_page_is_used_by_keyboard_alone(results, tmp_path):
    out, answers = results
    with browser() as page:
        errors = []
        page.on("pageerror", lambda error: errors.append(error))  # noqa: PLW0108 - Playwright wants a function
        page.goto((out / "review.html").as_uri())
        chosen = read_by_keys(page, answers)
        with page.expect_download() as download:
            page.keyboard.press("s")
        assert download.value.suggested_filename == "readings.csv"
        download.value.save_as(tmp_path / "readings.csv")
        assert errors == []
    rows = list(csv.DictReader((tmp_path / "readings.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert {row["quantity"]: row["text"] for row in rows} == chosen
    done = run("regrade", out, "--readings", tmp_path / "readings.csv", "--write")
    assert "mark changes" in done.output
    found = report_in(out)
    for name, text in chosen.items():
        assert found[name]["submitted"] == (text or None)
        assert (found[name]["verdict"] == "missing") == (not text)
    done = run(
        "grade", out.parent / "keys", out.parent / "1001.pdf", "--roster", out.parent / "roster.csv",
        "--out", out, "--feedback", "none",
    )  # fmt: skip
    assert report_in(out) == found
    assert "handwriting to read" not in done.output
