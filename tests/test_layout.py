"""How sheets are set out: room to work in, pages to scratch on, numbers through a booklet, a box for the mark."""

import io
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pikepdf
import pypdf
import pytest
import zxingcpp
from click.testing import CliRunner
from fontTools.ttLib import TTFont
from making import drawn, made
from test_formats import ANSWERS, PROBLEM, STUDENT, filled, flattened, texts
from test_paper import pictures

import templates
from answer_keys import published
from byhand import main
from exercises.common import metrics
from exercises.pages import paging, worksheet_page
from exercises.pages.row_widths import widths
from exercises.pages.sheet_layout import SheetLayout, layout_of
from exercises.pages.worksheet_page import worksheet_html, worksheet_pdf
from exercises.paper import codes
from exercises.paper.sheet import paper_sheet
from exercises.printing.on_screen import WEB_FONTS, on_screen
from exercises.problems.recast import as_convention
from grader.files import collect
from grader.handback.typesetting import with_indices
from grader.handback.verdict_marks import SAID

ROOMY = SheetLayout(roomy=True)
MISTAKE = as_convention(drawn((2, 2, 1), seed="p8", delta="negative-gradient"))
SAMPLE = Path(published.__file__).parent / "huddar-1-sample.txt"
MILLIMETRE = 72 / 25.4


def words(pdf):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def places(pdf):
    """The page, the left edge and the top of each field but those for who it is, in millimetres."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return {
            str(field.T): (number, float(field.Rect[0]) / MILLIMETRE, float(field.Rect[3]) / MILLIMETRE)
            for number, page in enumerate(opened.pages)
            for field in page.obj.get("/Annots", [])
            if str(field.T) not in ("student", "student_id", "date")
        }


def test_sheets_for_paper_are_roomy_unless_somebody_chooses():
    assert [layout_of(None, paper=on).roomy for on in (True, False)] == [True, False]
    assert [layout_of(name, paper=True).roomy for name in ("roomy", "compact")] == [True, False]


@pytest.mark.slow
def test_a_roomy_sheet_has_a_line_in_each_row_and_space_below_each_group():
    problem = drawn((2, 2, 2), seed="room")
    close, roomy = (places(worksheet_pdf(problem, layout=layout)) for layout in (SheetLayout(), ROOMY))
    assert close.keys() == roomy.keys()
    rows = Counter((page, round(top)) for page, _, top in roomy.values())
    assert set(rows.values()) == {1}
    assert len({round(left) for _, left, _ in roomy.values()}) == 1
    assert min(widths(problem)[name] for name in ("wide", "wide_via")) > 100
    for above, below in (("a4", "y3"), ("E6", "E"), ("dE_dy6", "dy5_da5"), ("delta4", "dE_dW13")):
        (one, _, high), (other, _, low) = roomy[above], roomy[below]
        assert one != other or high - low > metrics.WORK_ABOVE + paging.ROWS[-1]
    together = [("a3", "a4"), ("dE_dW14", "dE_dW24"), ("dE_db3_new", "W14_new")]
    assert sum(roomy[a][0] == roomy[b][0] for a, b in together if a in roomy) >= 1


@pytest.mark.parametrize(
    ("kind", "paper"),
    [
        ("full-pass", "a4-cells"),
        pytest.param("matrix", "letter", marks=pytest.mark.slow),
        pytest.param("convention", "a4", marks=pytest.mark.slow),
    ],
)
def test_roomy_pages_end_where_they_are_meant_to(kind, paper, monkeypatch):
    problem = MISTAKE if kind == "convention" else made((2, 2, 1), kind=kind)
    chosen = []
    monkeypatch.setattr(
        worksheet_page,
        "paginate",
        lambda *args, **how: chosen.append(paging.paginate(*args, **how)) or chosen[-1],
    )
    data = worksheet_pdf(problem, paper, layout=SheetLayout(roomy=True, scratch=True))
    assert len(words(data)) in {len(one.starts) + 2 for one in chosen}
    assert words(data)[-1].startswith("To scratch on: nothing on this page is marked.")


def test_no_roomy_page_is_left_to_a_single_line():
    chain = places(worksheet_pdf(made((2, 2, 1), kind="chain", ask=["chain W13"]), layout=ROOMY))
    assert Counter(page for page, *_ in chain.values())[1] > 1
    for tall, moved in (
        (20, {1}),
        (50, {2}),
    ):  # where the two together are taller than a page they stay apart
        blocks = [paging.LineBlock(0, 1, fixed=fixed) for fixed in (45, tall, 60)]
        close, roomy = (paging.paginate(blocks, 0.0, 130.0, roomy=on).starts for on in (False, True))
        assert (close, roomy) == ({2}, moved)


@pytest.mark.slow
def test_what_is_asked_of_a_worked_solution_stands_below_it():
    for paper in ("a4", "letter"):
        pages = words(worksheet_pdf(MISTAKE, paper))
        (page,) = [text for text in pages if "Which is the first wrong line?" in text]
        assert "Forward pass" in page
        assert "Check run" in page
        assert "What was done wrong there?" in page
        assert "The right update" in page


def test_every_page_of_a_loose_sheet_has_the_code_and_room_for_the_name():
    problem = drawn((2, 2, 2), seed="loose")
    for layout in (SheetLayout(), ROOMY):
        first, *others = words(worksheet_pdf(problem, layout=layout))
        assert "Name __" not in first
        assert others
        assert all("Name ____" in text and problem.code in text for text in others)
    bound = worksheet_pdf(problem, owner="Ada", layout=SheetLayout(bound=True, points="7.5"))
    assert not any("Name __" in text or "page 1 of" in text for text in words(bound))
    assert "/ 7.5" in words(bound)[0]


def test_a_page_to_scratch_on_is_asked_for_by_nobody():
    sheet = paper_sheet(drawn((1, 1), seed="scratch"), layout=SheetLayout(roomy=True, scratch=True))
    said = [zxingcpp.read_barcodes(picture)[0].text for picture in pictures(sheet.pdf)]
    assert said[-1] == codes.COVER
    assert codes.COVER not in said[:-1]
    assert sheet.where["pages"] == len(said) - 1


@pytest.mark.slow
def test_typed_text_on_a_roomy_sheet_is_read_by_its_place(tmp_path):
    (tmp_path / "a.pdf").write_bytes(flattened(filled(worksheet_pdf(PROBLEM, layout=ROOMY))))
    reading = collect.collect([tmp_path / "a.pdf"], PROBLEM)
    (found,) = reading.submissions
    assert (texts(found), found.student) == (ANSWERS, STUDENT)


SET = """
title = "Thursday"
seed = "a secret"
layout = "roomy"
scratch = true

[[exercise]]
shape = [1, 1]
points = 2.5

[[exercise]]
question = "Why?"
points = 3
"""


def generated(folder, text, *options):
    (folder / "set.toml").write_text(text, encoding="utf-8")
    arguments = ["generate", str(folder / "set.toml"), *options, "--out", str(folder / "out")]
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize("purpose", [pytest.param("screen", marks=pytest.mark.slow), "paper"])
def test_a_booklet_is_numbered_through_and_has_a_box_for_each_mark(tmp_path, purpose):
    (tmp_path / "roster.csv").write_text("name,id\nAda,b-7\n", encoding="utf-8")
    done = generated(tmp_path, SET, "--roster", str(tmp_path / "roster.csv"), "--for", purpose)
    assert done.exit_code == 0, done.output
    (booklet,) = (tmp_path / "out" / "booklets").glob("*.pdf")
    (key,) = (tmp_path / "out" / "booklet-keys").glob("*.pdf")
    for path in (booklet, key):
        cover, *pages = words(path.read_bytes())
        assert "page 1" not in cover
        assert ("Mark" in cover) == (path == booklet)
        for number, text in enumerate(pages, 2):
            assert text.count(f"page {number} of {len(pages) + 1}") == len(re.findall(r"page \d", text)) == 1
    text = " ".join(words(booklet.read_bytes()))
    assert "/ 2.5" in text
    assert "/ 3" in text
    assert "To scratch on" in text
    if purpose == "paper":  # nobody is asked for the cover, the question in words and what is scratched on
        said = [zxingcpp.read_barcodes(picture)[0].text for picture in pictures(booklet.read_bytes())]
        assert said.count(codes.COVER) == 3


def test_layouts_that_are_none_are_told(tmp_path):
    done = generated(tmp_path, SET.replace('"roomy"', '"airy"').replace("true", '"yes"'))
    assert done.exit_code == 2
    assert "layout: 'airy' is unknown; expected 'compact' or 'roomy'" in done.output
    assert "scratch: expected true or false" in done.output


def test_the_page_on_the_screen_has_the_same_room():
    html = worksheet_html(drawn((2, 2, 1), seed="room"), layout=ROOMY)
    assert html.count('class="band wide roomy"') > 3
    assert 'class="half"' not in html


def test_a_page_for_the_screen_is_one_file_with_its_fonts():
    html = on_screen(worksheet_html(drawn((1, 1), seed="screen")))
    assert 'url("fonts/' not in html
    assert html.count("url(") == html.count("data:font/woff;base64,") == len(WEB_FONTS)
    assert "prefers-color-scheme: dark" in html
    assert len(html) < 230_000


@pytest.mark.parametrize("name", WEB_FONTS.values())
def test_fonts_of_pages_for_the_screen_have_the_letters_that_pages_show(name):
    letters = {
        "serif": "aZ09äøčłαδ∂ηΣσ−·½²₃≈→“’…",
        "serif-italic": "axyWbEδησ∂",
        "serif-bold": "a0éB−=",
        "sans": "aéB·–/−",
        "sans-bold": "aB09-",
        "math": "⊙↷∑∂",
        "symbols": "✓✗",
    }
    with TTFont(templates.FOLDER / "fonts" / "web" / f"{name}.woff") as font:
        known = font.getBestCmap()
    assert {letter for letter in letters[name] if ord(letter) not in known} == set()


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        ("Your δ₃ = −0.01 is right.", ["δ₃ = −0.01"]),
        ("It gives −(∂E/∂y₃)(∂y₃/∂a₃) = −(0.1)(0.2) = −0.02.", ["−(∂E/∂y₃)(∂y₃/∂a₃) = −(0.1)(0.2) = −0.02."]),
        ("A step (0.5)(0.25) − 1 was left out", ["(0.5)(0.25) − 1"]),
        ("a = " + " + ".join(["(0.125)(0.3333)"] * 4) + " = 0.3", None),
        ("nothing here", []),
    ],
)
def test_no_formula_of_a_sentence_is_broken_at_a_sign(said, whole):
    html = with_indices(said)
    found = [plain(part) for part in re.findall('<span class="f">(.*?)</span>', html)]
    assert plain(html) == plain(said)
    if whole is not None:
        assert found == [plain(part) for part in whole]
    else:  # too long for a line: it goes on before an equals sign
        assert len(found) > 2
        assert all(part[:2] in ("= ", "+ ") for part in found[1:])


def plain(text):
    return unicodedata.normalize("NFKC", re.sub("<[^>]*>", "", text))


def test_a_screen_reader_hears_what_each_verdict_is(tmp_path):
    done = CliRunner().invoke(main, ["grade", "huddar-1", str(SAMPLE), "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    (page,), (html,) = tmp_path.glob("*.pdf"), tmp_path.glob("*.html")
    with pikepdf.open(page) as pdf:
        told = Counter(
            str(one.Alt) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one
        )
    assert told["this step broke"] >= 1
    assert told["right"] >= 27
    assert set(told) <= set(SAID.values())
    spoken = Counter(re.findall('role="img" aria-label="([^"]*)"', html.read_text(encoding="utf-8")))
    legend = 1  # which says itself what its signs are
    assert {words: count + legend for words, count in spoken.items()} == told
