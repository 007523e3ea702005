"""The whole way, once: a booklet of six kinds printed, filled by three hands, captured, graded, read, handed back."""

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from click.testing import CliRunner
from making import drawn
from photographs import as_file, printed
from PIL import Image, ImageDraw

from answer_keys import keyfile
from answer_keys.solution import solve
from benchmarks.bench_handwriting import Filled, boxes_of, captured
from benchmarks.cameras import capture
from benchmarks.hands import MM, PENS, Mood, hands, into_cells, write_character
from byhand import main
from exercises.paper import codes
from exercises.paper.sheet import paper_sheet
from grader.course.placing.by_eye import write_readings
from grader.handwriting import reading

KINDS = ("computation-graph", "chain", "full-pass", "matrix", "find-the-mistake", "convention")
SET = 'title = "Six"\nseed = "six"\nfor = "paper"\n' + "".join(
    f'[[exercise]]\nkind = "{kind}"\npoints = 2\n' for kind in KINDS
)
STUDENTS = (
    ("Ada", "1001", "ballpoint", "scan 200"),
    ("Émile", "1002", "gel", "phone"),
    ("Zoë", "1003", "pencil", "scan 100"),
)
SLIP = 7  # of each so many lines a figure is another
WORDS = "as it is"


def run(*arguments):
    return CliRunner().invoke(main, [str(a) for a in arguments])


def filled(booklet, keys, hand, pen, rng):
    """The pages of a booklet with every cell and box written into, and what was written, by code and name."""
    with pypdfium2.PdfDocument(booklet.read_bytes()) as document:
        pages = [page.render(scale=300 / 72, grayscale=True).to_pil().convert("L") for page in document]
    mood, written, sheets = Mood.of(rng), {}, {}
    for page in pages:
        said = codes.page_code(zxingcpp.read_barcodes(np.asarray(page))[0].text)
        if said:
            sheets.setdefault(said.problem, []).append(page)
    for code, own in sheets.items():
        key = keys / f"{code}-key.json"
        where, solution = keyfile.paper(key), solve(keyfile.read(key))
        right = {q.name: solution.shown(q).replace("−", "-") for q in solution.values}
        for n, (name, cells) in enumerate(where["cells"].items(), 1):
            text = right[name] if n % SLIP else right[name][:-1] + str((int(right[name][-1]) + 3) % 10)
            spelt = into_cells(text, len(cells["whole"]), len(cells["places"]))
            for figure, box in zip(spelt, boxes_of(cells), strict=True):
                if figure != " ":
                    write_character(own[cells["page"] - 1], box, figure, hand, PENS[pen], mood, rng)
            written[code, name] = text
        for name, box in where["boxes"].items():
            x, y, _, high = (v * MM for v in box["box"])
            draw = ImageDraw.Draw(own[box["page"] - 1])
            draw.text((x + 30, y + high / 2), WORDS, fill=40, font_size=60, anchor="lm")
            written[code, name] = WORDS
    return pages, written


def items_on(out):
    page = (out / "review.html").read_text(encoding="utf-8")
    return json.loads(re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)[0])


def reports_in(out):
    return [json.loads(line) for line in (out / "results.jsonl").read_text(encoding="utf-8").splitlines()]


def handed_in(folder):
    """What the students wrote, by their ID, code and name; their pages lie in `returned`, captured in three ways."""
    written, writers = {}, hands(Path(__file__).parent / "handwriting", "proof")
    (folder / "returned").mkdir()
    booklets = sorted((folder / "set" / "booklets").glob("*.pdf"))
    assert len(booklets) == len(STUDENTS)
    for booklet, (name, identity, pen, how), hand in zip(booklets, STUDENTS, writers, strict=True):
        assert identity in booklet.name, name
        rng = np.random.default_rng(int(identity))
        pages, own = filled(booklet, folder / "set" / "keys", hand, pen, rng)
        written |= {(identity, *where): text for where, text in own.items()}
        taken = [np.asarray(capture(page, how, rng)[0]) for page in pages]
        if how == "phone":
            for n, page in enumerate(taken, 1):
                (folder / "returned" / f"{identity}-{n}.jpg").write_bytes(as_file([page], quality=85))
        else:
            (folder / "returned" / f"{identity}.pdf").write_bytes(as_file(taken[::-1], "PDF"))
    return written


@pytest.mark.slow
def test_a_booklet_of_six_kinds_goes_from_the_printer_to_the_gradebook(tmp_path):
    """Nothing is read as another number, a person reads the rest, and then every line is judged as it was written."""
    (tmp_path / "set.toml").write_text(SET)
    (tmp_path / "roster.csv").write_text(
        "name,id\n" + "".join(f"{name},{identity}\n" for name, identity, *_ in STUDENTS), encoding="utf-8"
    )
    roster, out = ("--roster", tmp_path / "roster.csv"), tmp_path / "results"
    made = run("generate", tmp_path / "set.toml", *roster, "--out", tmp_path / "set")
    assert made.exit_code == 0, made.output
    written = handed_in(tmp_path)
    asked = ("grade", tmp_path / "set", tmp_path / "returned", *roster, "--out", out, "--feedback", "html")
    done = run(*asked)
    assert "of handwriting to read" in done.output, done.output
    students = {report["student"]: report["student_id"] for report in reports_in(out)}
    assert sorted(students.values()) == [identity for _, identity, *_ in STUDENTS]

    codes_of = {report["exercise"]: {} for report in reports_in(out)}
    assert len(codes_of) == len(KINDS)
    for report in reports_in(out):
        codes_of[report["exercise"]][report["student"]] = report["code"]
    readings, waiting = {}, 0
    for item in items_on(out):
        student = next(name for name in students if name in item["student"])
        code = codes_of[item["exercise"]][student]
        text = written[students[student], code, item["quantity"]]
        if item["open"]:
            waiting += 1
            readings[item["file"], item["place"], item["quantity"]] = text
        else:
            assert item["text"] == text, item["quantity"]
    assert waiting < 0.25 * len(written)

    (tmp_path / "readings.csv").write_text(write_readings(readings), encoding="utf-8")
    again = run("regrade", out, "--readings", tmp_path / "readings.csv", "--write")
    assert again.exit_code in (0, 1), again.output
    for report in reports_in(out):
        for answer in report["answers"]:
            text = written.get((report["student_id"], report["code"], answer["quantity"]))
            assert (answer["submitted"] or "").replace("−", "-") == text, answer
            assert answer["verdict"] not in {"unreadable", "missing"} or text == WORDS, answer
    verdicts = [a["verdict"] for r in reports_in(out) for a in r["answers"] if a["submitted"] != WORDS]
    assert 0.05 < verdicts.count("wrong") / len(verdicts) < 0.25
    assert len(list((out / "feedback").glob("*.html"))) == len(KINDS) * len(STUDENTS)
    rows = list(csv.DictReader((out / "results.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == len(STUDENTS)
    files = list(csv.DictReader((out / "files.csv").read_text(encoding="utf-8-sig").splitlines()))
    covers = [row["file"] for row in files if row["status"] == "passed over"]
    assert len(covers) == 1  # a photograph of nothing but a cover
    assert {row["status"] for row in files} == {"graded", "passed over"}
    assert "handwriting to read" not in run(*asked).output  # what a person read stays


@pytest.mark.slow
def test_exponents_are_read_in_three_hands():
    """Nothing is read as another number, and most of it without a person."""
    problem = replace(drawn((2, 1), seed="exponents"), figures=3)
    made, solution = paper_sheet(problem), solve(problem)
    blank = printed(made.pdf, MM)
    texts = {}
    for name, cells in made.where["cells"].items():
        value = next(v for q, v in solution.values.items() if q.name == name)
        power = value.adjusted()
        plain = f"{value:.{max(0, 2 - power)}f}"
        raised = f"{value.scaleb(-power):.2f}e{power}"
        fits = power == 0 or (len(texts) % 2 and into_cells(plain, len(cells["whole"]), len(cells["places"])))
        texts[name] = plain if fits and 2 - power <= len(cells["places"]) else raised
    assert sum("e" in text for text in texts.values()) > len(texts) / 3
    read = 0
    for hand, (_, identity, pen, how) in zip(
        hands(Path(__file__).parent / "handwriting", "proof"), STUDENTS, strict=True
    ):
        rng = np.random.default_rng(int(identity))
        pages, mood = [Image.fromarray(page) for page in blank], Mood.of(rng)
        for name, text in texts.items():
            cells = made.where["cells"][name]
            spelt = into_cells(
                text, *(len(cells[part]) for part in ("whole", "places")), len(cells["power"]) - 1
            )
            for figure, box in zip(spelt, boxes_of(cells), strict=True):
                if figure != " ":
                    write_character(pages[cells["page"] - 1], box, figure, hand, PENS[pen], mood, rng)
        sheet = Filled(problem, pages, texts, made.where["cells"], right=True, slipped=set())
        found = reading.decide(problem, reading.read(captured(sheet, how, rng, lambda **_: None)))
        assert {n: r.text for n, r in found.items() if r.text is not None}.items() <= texts.items()
        read += sum(r.text is not None for r in found.values())
    assert read > 0.75 * len(STUDENTS) * len(texts)
