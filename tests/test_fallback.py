"""Names in scripts of which no font is shipped: printed where the machine has a font, else told, with the ID instead."""

import io
import logging
import os
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from making import drawn, handed_in, perfect

from byhand import main
from exercises.printing import missing_letters
from exercises.printing.pdf import write_pdf
from grader.feedback.report import grade
from grader.handback import feedback_page
from grader.handback.feedback_page import feedback_html, feedback_pdf

PRIVATE = "\ufa1f\ufa23"  # ideographs that hardly any font has
SET = """
title = "Thursday"
seed = "a secret"

[[exercise]]
shape = [2, 2, 1]
"""
each_name = pytest.mark.parametrize("name", ["王, 小明", "O’Neill <Sinéad>"])


@pytest.fixture
def lacking(monkeypatch):
    """A machine without any font for ideographs."""
    monkeypatch.setattr(missing_letters, "_has", lambda letter: ord(letter) < 0x2E80)


@pytest.mark.parametrize(
    "name",
    ["Nguyễn Thị Hà", "Смирнова", "Παπαδόπουλος", "Ødegård", "a\x00b\x0b", "\u202eevil", "½ “Q” ✓", ""],
)
def test_what_is_shipped_can_be_printed(name):
    assert not missing_letters.missing(name)
    assert not missing_letters.complaint([name])


@pytest.mark.parametrize(
    "name", ["王, 小明", "देव", "김민준", "\U00017000", "\ue000\U0010ffff", "Ann ✓ \U0001f7f0"]
)
def test_what_is_missing_is_what_would_be_a_box(name, caplog):
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        write_pdf(f"<html><head></head><body><p>{name}</p></body></html>")
    boxes = {record.args[0] for record in caplog.records if ".notdef" in record.getMessage()}
    assert set(missing_letters.missing(name)) == {
        letter for letter in boxes if letter.isalpha() or letter in "ेव"
    }


@pytest.mark.usefixtures("lacking")
def test_one_sentence_tells_what_to_install():
    names = ["Ann", "王, 小明", "李雷", "金 敏俊", "王芳", "王, 小明"]
    assert missing_letters.complaint(names) == (
        "no font on this machine for 王, 小明, 李雷, 金 敏俊 and 1 more: pages bear the ID or the code instead; "
        "install a CJK font such as fonts-noto-cjk"
    )


@pytest.mark.slow
@pytest.mark.usefixtures("lacking")
def test_a_booklet_bears_the_id_instead_of_boxes(tmp_path):
    (tmp_path / "set.toml").write_text(SET, encoding="utf-8")
    (tmp_path / "roster.csv").write_text('name,id\n"王, 小明",s1015\nAnn,s1016\n', encoding="utf-8")
    arguments = [
        "generate",
        tmp_path / "set.toml",
        "--roster",
        tmp_path / "roster.csv",
        "--out",
        tmp_path / "out",
    ]
    result = CliRunner().invoke(main, list(map(str, arguments)))
    assert result.exit_code == 0, result.output
    assert result.stderr.count("no font on this machine for 王, 小明:") == 1
    for path in ("booklets/s1015-王-小明.pdf", "booklet-keys/s1015-王-小明-key.pdf"):
        reader = pypdf.PdfReader(tmp_path / "out" / path)
        texts = [page.extract_text() for page in reader.pages]
        assert all("s1015" in text and "王" not in text for text in texts)
        assert "王, 小明" in reader.metadata.title
    assert (
        "Ann · s1016" in pypdf.PdfReader(tmp_path / "out" / "booklets/s1016-ann.pdf").pages[0].extract_text()
    )


@each_name
@pytest.mark.usefixtures("lacking")
def test_feedback_on_paper_bears_what_can_be_printed(name):
    problem = drawn((1, 1), seed="name")
    report = grade(problem, [handed_in(perfect(problem), name)])[0]
    assert name.replace("<", "&lt;").replace(">", "&gt;") in feedback_html(problem, report), (
        "a browser has fonts"
    )
    text = pypdf.PdfReader(io.BytesIO(feedback_pdf(problem, report))).pages[0].extract_text()
    assert (name in text) == (not name.startswith("王"))
    report = report.with_student_id("s1015")
    text = pypdf.PdfReader(io.BytesIO(feedback_pdf(problem, report))).pages[0].extract_text()
    assert ("s1015" in text) == name.startswith("王")


@pytest.mark.usefixtures("lacking")
def test_grading_tells_of_it_once(tmp_path, capsys):
    problem = drawn((1, 1), seed="name")
    reports = grade(problem, [handed_in(perfect(problem), "王, 小明"), handed_in(perfect(problem), "Ann")])
    feedback_page.write_results(problem, reports, tmp_path, "a4", [{} for _ in reports])
    assert capsys.readouterr().err.count("no font on this machine") == 1


def _font(path):
    """A font with a box for each of two ideographs."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for corner in ((100, 700), (800, 700), (800, 0)):
        pen.lineTo(corner)
    pen.closePath()
    square = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "one", "two"])
    builder.setupCharacterMap(dict(zip(map(ord, PRIVATE), ["one", "two"], strict=True)))
    builder.setupGlyf(dict.fromkeys([".notdef", "one", "two"], square))
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", "one", "two"], (900, 100)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Two Ideographs", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    builder.save(path)


@pytest.mark.slow
def test_a_font_of_the_machine_is_used_where_there_is_one(tmp_path):
    (tmp_path / "fonts").mkdir()
    _font(tmp_path / "fonts" / "two.ttf")
    script = f"""
from making import drawn
from answer_keys.owner import Owner
from exercises.pages import worksheet_page
from exercises.printing import missing_letters
from exercises.printing.pdf import write_pdf
from exercises.printing.press.press import print_pdf
owner = Owner("s1", {PRIVATE!r})
print(missing_letters.missing(owner.name) == "", owner.printed == owner.told)
html = worksheet_page.marked_worksheet(drawn((2, 2, 1), seed="font"), owner=owner.printed)
for name, make in (("plain", write_pdf), ("pressed", print_pdf)):
    open({str(tmp_path)!r} + f"/{{name}}.pdf", "wb").write(make(html, forms=True))
"""
    root = Path(__file__).parent
    places = os.environ | {"XDG_DATA_HOME": str(tmp_path), "PYTHONPATH": f"{root}{os.pathsep}{root.parent}"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=places, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", "True"], done.stderr
    assert "notdef" not in done.stderr
    texts = [
        [p.extract_text() for p in pypdf.PdfReader(tmp_path / f"{name}.pdf").pages]
        for name in ("plain", "pressed")
    ]
    assert all(PRIVATE in text for text in texts[0])
    assert texts[0] == texts[1]
