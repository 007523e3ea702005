"""Sheets for paper: everything lies where the key says, every page says which it is, and nothing runs into anything."""

import io
import json
from dataclasses import replace

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from click.testing import CliRunner
from making import drawn, made, shipped

from answer_keys import keyfile
from byhand import main
from exercises.common import metrics
from exercises.pages.answer_cells import cell_plan
from exercises.paper import codes
from exercises.paper.sheet import paper_sheet
from exercises.problems import problem_file

SCALE = 8  # pixels in a millimetre
KINDS = ("matrix", "find-the-mistake", "composite", "chain", "batch", "optimizer")


def pictures(pdf, scale=SCALE):
    """Each page in grey."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [
            page.render(scale=scale * 25.4 / 72, grayscale=True).to_numpy().squeeze().copy()
            for page in document
        ]


def dark(picture, box, margin=0.0):
    """How many pixels of a box of millimetres are dark, and so many more around it."""
    x, y, wide, high = box
    rows = slice(round((y - margin) * SCALE), round((y + high + margin) * SCALE))
    columns = slice(round((x - margin) * SCALE), round((x + wide + margin) * SCALE))
    return int((picture[rows, columns] < 200).sum())


def all_cells(where):
    for name, own in where["cells"].items():
        for box in (own["sign"], *own["whole"], *own["places"], *own.get("power", ()), own["look"]):
            yield name, own["page"], box


def test_marks_are_those_of_the_dictionary():
    known = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    for number in range(4):
        picture = cv2.aruco.generateImageMarker(known, number, codes.MODULES)
        assert codes.mark_modules(number) == (picture == 0).tolist()


@pytest.mark.parametrize("owner", ["", "1001", "S-77/B", "näme"])
def test_what_a_page_says_of_itself_is_read_again(owner):
    said = codes.PageCode("CKB8-TVAF", 12, owner)
    found = codes.page_code(said.content())
    assert (found.problem, found.page) == ("CKB8-TVAF", 12)
    assert found.owner == ("" if owner == "näme" else owner)
    assert codes.page_code("https://example.org") is None
    assert codes.page_code(codes.COVER) is None


@pytest.mark.parametrize("paper", ["a4", pytest.param("letter", marks=pytest.mark.slow)])
def test_everything_lies_where_the_key_says(paper):
    problem = drawn((2, 2, 2), seed="paper")
    sheet = paper_sheet(problem, paper)
    shown = pictures(sheet.pdf)
    assert sheet.where["pages"] == len(shown)
    height = shown[0].shape[0] / SCALE
    assert sheet.where["size"][1] == pytest.approx(height, abs=0.2)
    assert set(sheet.where["cells"]) == {step.quantity.name for step in problem.graph.asked_steps}
    for _, page, box in all_cells(sheet.where):
        picture = shown[page - 1]
        assert not dark(picture, box, -0.4)  # nothing is printed into a cell,
        framed = dark(picture, box, 0.3)
        assert framed > 80  # which has a frame,
        assert dark(picture, box, 0.7) == framed  # and nothing around it
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50))
    for number, picture in enumerate(shown, 1):
        corners, found, _ = detector.detectMarkers(picture)
        assert sorted(found.ravel()) == [0, 1, 2, 3]
        for quad, mark in zip(corners, found.ravel(), strict=True):
            x, y, side, _ = sheet.where["marks"][mark]
            expected = np.array([[x, y], [x + side, y], [x + side, y + side], [x, y + side]]) * SCALE
            assert np.abs(quad[0] - expected).max() < 2
        (code,) = zxingcpp.read_barcodes(picture)
        assert codes.page_code(code.text) == codes.PageCode(problem.code, number)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_of_exercise_runs_over_its_pages(kind, tmp_path):
    options = ["--kind", kind, "--seed", "paper", "--for", "paper", "--out", str(tmp_path)]
    done = CliRunner().invoke(main, ["generate", *options])
    assert done.exit_code == 0, done.output
    (key,) = tmp_path.glob("*-key.json")
    checked(keyfile.read(key), keyfile.paper(key))


@pytest.mark.parametrize(
    "problem",
    [
        pytest.param(made((4, 2, 2, 1), "tanh", seed=1, places=9), marks=pytest.mark.slow),
        pytest.param(made((2, 2, 2), "softmax", "cross-entropy", seed=2), marks=pytest.mark.slow),
        drawn((2, 1), seed="s", symbolic=True),
        pytest.param(replace(drawn((2, 2, 2), seed="s"), figures=6), marks=pytest.mark.slow),
    ],
    ids=["nine places", "softmax", "in symbols", "with an exponent"],
)
def test_no_sheet_runs_over_its_pages(problem):
    checked(problem, paper_sheet(problem).where)


def checked(problem, where):
    """Cells, and boxes for words, stand within the text's edges, above the legend and apart from each other."""
    wide, high = where["size"]
    asked = {step.quantity.name for step in problem.graph.asked_steps}
    assert set(where["cells"]) == asked
    assert set(where["boxes"]) >= {q.name for q in problem.questions}
    boxes = [(page, box) for _, page, box in all_cells(where)]
    boxes += [(one["page"], one["box"]) for one in where["boxes"].values()]
    for page, (x, y, w, h) in boxes:
        assert x >= metrics.A4_SIDE - 0.1
        assert x + w <= wide - metrics.A4_SIDE + 0.1
        assert y >= metrics.CELLS_TOP
        assert y + h <= high - metrics.CELLS_BOTTOM
        assert page <= where["pages"]
    for n, (page, (x, y, w, h)) in enumerate(boxes):
        for other, (x2, y2, w2, h2) in boxes[n + 1 :]:
            apart = max(x2 - x - w, x - x2 - w2, y2 - y - h, y - y2 - h2)
            assert other != page or apart >= 1.4
    plan = cell_plan(problem)
    assert all(len(own["whole"]) == plan.whole for own in where["cells"].values())
    assert all(len(own["places"]) == plan.places for own in where["cells"].values())
    assert all(
        len(own.get("power", ())) == (plan.power and plan.power + 1) for own in where["cells"].values()
    )


def test_the_number_of_cells_leaves_room_for_the_largest_number_and_tells_nothing_of_the_others():
    assert cell_plan(drawn((2, 2, 1), seed="paper")).whole == 2
    text = (
        'shape = [1, 1]\nactivation = "linear"\nbias = false\n[values]\nx1 = 300\nW12 = 5\nt2 = 1\neta = 1\n'
    )
    assert cell_plan(problem_file.parse(text, "large")).whole == 6
    small = cell_plan(problem_file.parse(f"figures = 4\n{text.replace('300', '1e-5')}", "small"))
    assert (small.whole, small.places, small.power) == (2, 6, 2)


def test_a_sheet_for_both_can_be_filled_in_on_the_screen_too(tmp_path):
    problem = shipped("huddar-1")
    sheet = paper_sheet(problem, fillable=True)
    with pikepdf.open(io.BytesIO(sheet.pdf)) as pdf:
        fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
        assert {step.quantity.name for step in problem.graph.asked_steps} <= set(fields)
        assert not [name for name in fields if "~" in name]
        notes = [note.objgen for page in pdf.pages for note in page.obj.Annots]
        assert sorted(notes) == sorted(field.objgen for field in fields.values())
        left = [float(v) / 72 * 25.4 for v in fields["a3"].Rect]
        own = sheet.where["cells"]["a3"]
        assert left[0] == pytest.approx(own["sign"][0], abs=0.3)
        assert left[2] == pytest.approx(own["places"][-1][0] + metrics.CELL_WIDTH, abs=0.3)
        fields["a3"].V = pikepdf.String("0.5")
        pdf.save(tmp_path / "sam.pdf")
    found = CliRunner().invoke(main, ["grade", "huddar-1", str(tmp_path / "sam.pdf"), "--json"])
    answers = {a["quantity"]: a for a in json.loads(found.stdout)["answers"]}
    assert answers["a3"]["submitted"] == "0.5"
    with pikepdf.open(io.BytesIO(paper_sheet(problem).pdf)) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert not any(len(page.obj.get("/Annots", [])) for page in pdf.pages)


def test_the_same_sheet_has_the_same_bytes():
    problem = drawn((1, 1), seed="paper")
    assert paper_sheet(problem).pdf == paper_sheet(problem).pdf


def test_generate_prints_for_paper_and_the_key_says_where(tmp_path):
    for purpose in ("paper", "both", "screen"):
        out = tmp_path / purpose
        done = CliRunner().invoke(
            main, ["generate", "--shape", "1-1", "--seed", "7", "--for", purpose, "--out", str(out)]
        )
        assert done.exit_code == 0, done.output
        (key,) = out.glob("*-key.json")
        where = keyfile.paper(key)
        assert (where is None) == (purpose == "screen")
        assert keyfile.read(key).code
    assert where is None


def test_a_sheet_to_copy_has_the_right_numbers_beside_the_cells(tmp_path):
    done = CliRunner().invoke(main, ["generate", "huddar-1", "--copy-sheet", "--out", str(tmp_path)])
    assert "huddar-1-SJ1S-RG1V-copy-sheet.pdf" in done.output
    (sheet,) = tmp_path.glob("*-copy-sheet.pdf")
    (key,) = tmp_path.glob("*-key.json")
    where = keyfile.paper(key)
    with pypdfium2.PdfDocument(sheet) as pdf:
        for name, text in (("delta5", "–0.0407"), ("dE_dW45", "0.0270")):
            own = where["cells"][name]
            x, y, _, high = (v * 72 / 25.4 for v in own["sign"])
            top = where["size"][1] * 72 / 25.4
            beside = (
                pdf[own["page"] - 1].get_textpage().get_text_bounded(x - 110, top - y - high, x - 25, top - y)
            )
            assert beside.strip() == text


def test_a_booklet_for_paper_says_on_every_page_what_it_is_and_of_shared_problems_whose(tmp_path):
    text = 'title = "T"\nseed = "s"\nfor = "paper"\n[[exercise]]\nshape = "1-1"\npoints = 1\n'
    (tmp_path / "set.toml").write_text(text + '[[exercise]]\nproblem = "huddar-1"\npoints = 1\n')
    (tmp_path / "roster.csv").write_text("name,id\nAda,b-7\n")
    options = ["--roster", str(tmp_path / "roster.csv"), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(main, ["generate", str(tmp_path / "set.toml"), *options])
    assert done.exit_code == 0, done.output
    (booklet,) = (tmp_path / "out" / "booklets").glob("*.pdf")
    said = [zxingcpp.read_barcodes(picture)[0].text for picture in pictures(booklet.read_bytes())]
    assert said[0] == codes.COVER
    pages = [codes.page_code(text) for text in said[1:]]
    assert {page.owner for page in pages} == {"", "B-7"}
    assert [page.page for page in pages if page.owner] == list(
        range(1, 1 + sum(bool(p.owner) for p in pages))
    )
    for key in (tmp_path / "out" / "keys").glob("*.json"):
        assert keyfile.paper(key)["cells"]
        assert "id" not in keyfile.paper(key)
    (tmp_path / "set.toml").write_text(text.replace("paper", "papyrus"))
    done = CliRunner().invoke(main, ["generate", str(tmp_path / "set.toml"), *options])
    assert "for: 'papyrus' is unknown" in done.output
