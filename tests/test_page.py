"""The worksheet and the key as HTML and as PDF: names, tags, fields, pages."""

import io
import logging
import re
import shutil
import subprocess
import sys

import pikepdf
import pypdf
import pytest

from answer_keys import published
from answer_keys.key_page import key_html, key_pdf
from answer_keys.solution import solve
from exercises import pdf
from exercises.errors import ByhandError
from exercises.network import Network
from exercises.page import bands, worksheet_html, worksheet_pdf
from exercises.problem_file import parse
from exercises.sheet import sections
from exercises.steps import build

PERSON = {"student", "student_id", "date"}


def made(shape, *, activation="sigmoid", loss="half-squared-error", bias="true", **settings):
    names = [activation] * (len(shape) - 1) if isinstance(activation, str) else activation
    network = Network(tuple(shape), tuple(names), loss, "no" if bias == "false" else "yes")
    # Every number is -0.25, but the targets are 1, 0, 0 …
    given = build(network, "gradient").given
    targets = {q: float(q.unit == network.outputs[0]) for q in given if q.kind == "t"}
    return parse(
        "\n".join(
            [
                f"shape = {list(shape)}",
                f"activation = {names}",
                f"loss = {loss!r}",
                f"bias = {bias}",
                *(f"{key} = {value!r}" for key, value in settings.items()),
                "[values]",
                *(f"{q.name} = {targets.get(q, -0.25)}" for q in given),
            ]
        ),
        "made",
    )


@pytest.fixture(scope="module")
def huddar():
    return parse(published.text("huddar-1"), "huddar-1")


@pytest.fixture(scope="module")
def sheet(huddar):
    return worksheet_pdf(huddar)


PROBLEMS = {
    "huddar": lambda: parse(published.text("huddar-1"), "huddar-1"),
    "layer": lambda: parse(published.text("tutorial-2-2-1"), "tutorial-2-2-1"),
    "2-2-2": lambda: made((2, 2, 2)),
    "1-1": lambda: made((1, 1), activation="linear"),
    "mixed": lambda: made((3, 2, 1), activation=["relu", "tanh"], notation="layer"),
    "softmax": lambda: made(
        (2, 3, 2), activation=["silu", "softmax"], loss="cross-entropy", delta="negative-gradient"
    ),
    "deep": lambda: made((4, 2, 2, 1), bias="false", places=6),
    "two digits": lambda: made((4, 4, 4), activation=["leaky-relu", "gelu"]),
}


@pytest.fixture(params=PROBLEMS)
def problem(request):
    return PROBLEMS[request.param]()


def test_the_same_problem_gives_the_same_bytes(problem):
    assert worksheet_html(problem) == worksheet_html(problem)
    assert key_html(solve(problem)) == key_html(solve(problem))


def test_every_line_has_one_field_with_its_canonical_name(problem):
    names = re.findall(r'<input[^>]* name="([^"]+)"', worksheet_html(problem))
    assert len(names) == len(set(names))
    assert set(names) == PERSON | {step.quantity.name for step in problem.graph.steps}


def test_sections_keep_an_order_in_which_one_can_compute(problem):
    known = set(problem.graph.given)
    for section in sections(problem):
        for step in section.steps:
            assert set(step.parents) <= known
            known.add(step.quantity)
    assert len(known) == len(problem.graph.given) + len(problem.graph.steps)


def test_bands_hold_each_line_once(problem):
    for section in sections(problem):
        found = bands(problem, section)
        rows = [row.step for band in found for cell in band.cells for row in cell.rows]
        assert sorted(s.quantity.name for s in rows) == sorted(s.quantity.name for s in section.steps)
        assert all(len(band.cells) == 1 or not band.wide for band in found)


def test_no_formula_of_a_line_is_given_away(huddar):
    lines = worksheet_html(huddar).split("<section>", 1)[1]
    assert "(" not in re.sub(r"<[^>]+>", "", lines)


def test_titles_are_escaped():
    html = worksheet_html(made((1, 1), title="<b>1 & 2</b>"))
    assert "&lt;b&gt;1 &amp; 2&lt;/b&gt;" in html


def test_the_fields_read_back_by_their_canonical_names(huddar, sheet):
    with pikepdf.open(io.BytesIO(sheet)) as opened:
        fields = {str(f.T): f for f in opened.Root.AcroForm.Fields}
        assert set(fields) == PERSON | {step.quantity.name for step in huddar.graph.steps}
        assert str(fields["delta5"].TU) == "δ₅, output delta"
        assert opened.Root.AcroForm.NeedAppearances
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(sheet))
    for page in writer.pages:
        writer.update_page_form_field_values(page, {"student": "Zoë", "delta5": "-0.0407"})
    filled = io.BytesIO()
    writer.write(filled)
    values = pypdf.PdfReader(filled).get_form_text_fields()
    assert values["student"] == "Zoë"
    assert values["delta5"] == "-0.0407"
    assert not values["delta3"]


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler")
def test_what_is_filled_in_shows(sheet, tmp_path):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(sheet))
    for page in writer.pages:
        writer.update_page_form_field_values(page, {"a3": "0.7551"})
    writer.write(tmp_path / "filled.pdf")
    shown = subprocess.run(
        ["pdftotext", tmp_path / "filled.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "0.7551" in shown


def _structure(element, found):
    if not isinstance(element, pikepdf.Dictionary):
        return found
    if "/S" in element:
        found.append((str(element.S), str(element.get("/Alt", ""))))
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, (pikepdf.Array, list)) else [kids]:
        _structure(kid, found)
    return found


def test_the_document_is_tagged_titled_and_in_a_language(huddar, sheet):
    with pikepdf.open(io.BytesIO(sheet)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert str(opened.Root.Lang) == "en"
        assert str(opened.docinfo["/Title"]) == f"Huddar’s example ({huddar.code})"
        assert str(opened.docinfo["/Keywords"]) == f"byhand, {huddar.code}"
        assert "/Author" not in opened.docinfo
        assert opened.Root.ViewerPreferences.DisplayDocTitle
        tags = _structure(opened.Root.StructTreeRoot.K[0], [])
    figures = [alt for tag, alt in tags if tag == "/Figure"]
    assert len(figures) == 1
    assert "W₁₃ = 0.1" in figures[0]
    assert [tag for tag, _ in tags].count("/H2") == len(sections(huddar))


def test_text_is_text_and_the_code_is_on_every_page(huddar, sheet):
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(sheet)).pages]
    for number, text in enumerate(pages, 1):
        assert huddar.code in text
        assert f"page {number} of {len(pages)}" in text
    assert "0.35" in pages[0]


def test_only_our_own_fonts_are_used(sheet):
    names = set()
    for page in pypdf.PdfReader(io.BytesIO(sheet)).pages:
        names |= {font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()}
    assert names
    assert all("Byhand" in name for name in names)
    assert len(sheet) < 150_000


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize(("name", "most"), [("huddar", 2), ("2-2-2", 3)])
def test_a_sheet_has_few_pages(name, most, paper):
    reader = pypdf.PdfReader(io.BytesIO(worksheet_pdf(PROBLEMS[name](), paper)))
    assert len(reader.pages) <= most
    width, height = (float(v) for v in reader.pages[0].mediabox[2:])
    assert (round(width), round(height)) == {"a4": (595, 842), "letter": (612, 792)}[paper]


def test_nothing_runs_over_the_margin(problem, caplog):
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        data = worksheet_pdf(problem)
        key = key_pdf(solve(problem))
    assert not caplog.records
    assert key.startswith(b"%PDF")
    with pikepdf.open(io.BytesIO(data)) as opened:
        for field in opened.Root.AcroForm.Fields:
            left, _, right, _ = (float(v) for v in field.Rect)
            assert left > 48
            assert right < 595 - 47


def test_the_key_shows_symbols_numbers_and_result(huddar):
    html = key_html(solve(huddar))
    text = re.sub(r"<[^>]+>", "", html.split("<section>", 1)[1])
    assert "δ5" in text
    assert "(0.1)(0.35) + (0.8)(0.9)" in text
    assert "−0.0407" in text
    assert "without rounding in between" in text
    assert "<input" not in html


def test_an_unknown_paper_is_refused(huddar):
    with pytest.raises(ValueError, match="a5"):
        worksheet_html(huddar, "a5")


def test_a_missing_pango_is_one_sentence(monkeypatch, huddar, tmp_path):
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    pdf._engine.cache_clear()
    with pytest.raises(ByhandError, match="apt-get install libpango") as caught:
        worksheet_pdf(huddar)
    assert len(caught.value.faults) == 1
    pdf._engine.cache_clear()


def test_pages_import_nothing_slow():
    slow = ("jinja2", "weasyprint", "numpy", "sympy", "fontTools", "pikepdf")
    code = f"import sys, answer_keys.key_page; print([m for m in {slow} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
