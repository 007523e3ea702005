"""The worksheet and the key as HTML and as PDF: names, tags, fields, pages."""

import io
import logging
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdf
import pytest
from making import drawn, handed_in, perfect

from answer_keys import published
from answer_keys.key_page import key_html, key_pdf
from answer_keys.solution import solve
from exercises.common.errors import ByhandError
from exercises.networks.build import build
from exercises.networks.network import Network
from exercises.pages import paging, worksheet_page
from exercises.pages.bands import Band, bands
from exercises.pages.sheet_sections import sections
from exercises.pages.worksheet_page import worksheet_html, worksheet_pdf
from exercises.printing import pdf, weasy
from exercises.printing.pdf import laid_out, style, write_pdf
from exercises.problems.problem_file import parse
from grader.feedback.report import grade
from grader.files.extraction.submission import Submission
from grader.handback import feedback_page, feedback_size
from grader.handback.feedback_page import feedback_html

SAMPLE = Path(published.__file__).with_name("huddar-1-sample.txt")
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
    for part in writer.pages:
        writer.update_page_form_field_values(part, {"student": "Zoë", "delta5": "-0.0407"})
    filled = io.BytesIO()
    writer.write(filled)
    values = pypdf.PdfReader(filled).get_form_text_fields()
    assert values["student"] == "Zoë"
    assert values["delta5"] == "-0.0407"
    assert not values["delta3"]


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler")
def test_what_is_filled_in_shows(sheet, tmp_path):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(sheet))
    for part in writer.pages:
        writer.update_page_form_field_values(part, {"a3": "0.7551"})
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
        (title,) = opened.open_outline().root
        assert title.title == "Huddar’s example"
        assert len(title.children) == len(sections(huddar))
    figures = [alt for tag, alt in tags if tag == "/Figure"]
    assert len(figures) == 1
    assert "W₁₃ = 0.1" in figures[0]
    assert [tag for tag, _ in tags].count("/H2") == len(sections(huddar))


def test_text_is_text_and_the_code_is_on_every_page(huddar, sheet):
    pages = [sheet_page.extract_text() for sheet_page in pypdf.PdfReader(io.BytesIO(sheet)).pages]
    for number, text in enumerate(pages, 1):
        assert huddar.code in text
        assert f"page {number} of {len(pages)}" in text
    assert "0.35" in pages[0]


def test_only_our_own_fonts_are_used(sheet):
    names = set()
    for part in pypdf.PdfReader(io.BytesIO(sheet)).pages:
        names |= {font.get_object()["/BaseFont"] for font in part["/Resources"]["/Font"].values()}
    assert names
    assert all("Byhand" in name for name in names)
    assert len(sheet) < 150_000


@pytest.mark.part(5)
@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("notation", ["unit", "layer"])
@pytest.mark.parametrize(("shape", "most"), [((1, 1), 1), ((2, 2, 1), 2), ((2, 2, 2), 3), ((3, 2, 1), 3)])
def test_a_sheet_has_few_pages(shape, most, notation, paper):
    reader = pypdf.PdfReader(io.BytesIO(worksheet_pdf(made(shape, notation=notation), paper)))
    assert len(reader.pages) == most or (shape, len(reader.pages)) == ((3, 2, 1), 2)
    width, height = (float(v) for v in reader.pages[0].mediabox[2:])
    assert (round(width), round(height)) == {"a4": (595, 842), "letter": (612, 792)}[paper]


@pytest.mark.part(5)
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_pages_end_where_they_are_meant_to(problem, paper, monkeypatch):
    chosen = []

    def spy(*args, **more):
        chosen.append(paging.paginate(*args, **more))
        return chosen[-1]

    monkeypatch.setattr(worksheet_page, "paginate", spy)
    data = worksheet_pdf(problem, paper)
    assert len(pypdf.PdfReader(io.BytesIO(data)).pages) == len(chosen[0].starts) + 1


def test_rows_are_as_tall_as_the_fewest_pages_allow():
    blocks = [paging.LineBlock(1, 1, opens=True), *(paging.LineBlock(0, 1) for _ in range(8))]
    roomy, tight = (paging.paginate(blocks, 0.0, height) for height in (200.0, 105.0))
    assert roomy == paging.PageBreaks(paging.ROWS[0], frozenset())
    assert not tight.starts
    assert tight.row < roomy.row


def test_no_last_page_is_nearly_empty():
    blocks = [paging.LineBlock(0, 1) for _ in range(22)]
    found = paging.paginate(blocks, 0.0, 10 * paging.ROWS[-1] + paging.SPARE)
    (middle, last) = sorted(found.starts)
    assert len(blocks) - last > 3
    assert middle <= 10


def test_nothing_glued_begins_a_page():
    blocks = [paging.LineBlock(0, 1) for _ in range(9)] + [paging.LineBlock(0, 1, glued=True)]
    found = paging.paginate(blocks, 0.0, 9 * paging.ROWS[-1] + paging.SPARE)
    assert 9 not in found.starts


@pytest.mark.parametrize("roomy", [False, True])
@pytest.mark.parametrize("shape", [(2, 2, 2, 1), (3, 3, 2), (2, 3, 1)])
def test_no_page_of_matrices_begins_with_a_lost_line(shape, roomy):
    spread, pages = worksheet_page._paged(made(shape, kind="matrix"), "a4", 60.0, roomy=roomy)
    below = {part.number: n for _, parts in spread for n, part in enumerate(parts) if isinstance(part, Band)}
    assert below
    assert all(below.get(start, 0) == 0 for start in pages.starts)


@pytest.mark.part(4)
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


def test_the_key_says_what_the_conventions_are(huddar):
    assert "Write every line to 4 decimal places." in key_html(solve(huddar))


@pytest.fixture(scope="module")
def report(huddar):
    return grade(huddar, [_sample(huddar, "Sam Sample")])[0]


def _sample(problem, student):
    known = {step.quantity.name: step.quantity for step in problem.graph.steps}
    rows = [row.split(" = ") for row in SAMPLE.read_text("utf-8").splitlines() if " = " in row]
    return Submission(student, "test", {known[name]: text for name, text in rows if name in known})


def _judged(html):
    """Every line on the page as (verdict, label without markup)."""
    pattern = (
        r'<div class="(?:half|whole) judged ([\w-]+)">.*?<span class="label">(.*?)</span><span class="said">'
    )
    return [(verdict, re.sub(r"<[^>]+>", "", label)) for verdict, label in re.findall(pattern, html)]


def test_feedback_has_every_line_once_with_its_mark(huddar, report):
    wanted = Counter(
        (a.verdict, re.sub(r"<[^>]+>", "", huddar.label(step.quantity).html))
        for a, step in zip(report.answers, huddar.graph.steps, strict=True)
    )
    html = feedback_html(huddar, report)
    assert Counter(_judged(html)) == wanted
    assert html.count('aria-label="this step broke">✗') == 1
    assert html.count('aria-hidden="true">✗') == 1  # the legend says it beside
    assert html.count("The right step on your own earlier numbers") == 1
    assert "Judged by the key alone it would have been 27 / 35." in html
    assert html.count("was not multiplied in") == 1


def test_feedback_on_a_blank_line_is_its_mark_and_no_sentence(huddar):
    texts = {q: text for q, text in _sample(huddar, "Sam Sample").texts.items() if q.name != "a3"}
    html = feedback_html(huddar, grade(huddar, [Submission("Sam Sample", "test", texts)])[0])
    assert Counter(verdict for verdict, _ in _judged(html))["missing"] == 1
    assert "Left blank." not in html
    assert html.count('class="sentences"') == 1  # that of the line that broke


def test_feedback_on_a_right_sheet_has_no_small_print(huddar, report):
    right = [a.with_verdict("correct").with_full_credit("") for a in report.answers]
    one = report.with_answers(right, 35).with_remarks(["An answer was given twice."])
    html = feedback_html(huddar, one)
    assert "by the key alone" not in html
    assert "Start there" not in html
    assert "An answer was given twice." in html
    assert 'class="sentences"' not in html
    assert len(pypdf.PdfReader(io.BytesIO(write_pdf(html))).pages) == 1


def _height(html):
    """How far down the last thing of a page without end is, in millimetres."""
    html = html.replace("</head>", "<style>@page a4 { size: 210mm 3000mm }</style></head>")
    (sheet,) = laid_out(html.replace(style(), "", 1)).pages
    boxes = [
        b
        for b in sheet._page_box.descendants()
        if b.element is not None and b.element.get("class") == "legend"
    ]
    return max(b.border_box_y() + b.border_height() for b in boxes) * 25.4 / 96 - 15


@pytest.mark.part(5)
@pytest.mark.parametrize("shape", [(1, 1), (2, 2, 1), (2, 2, 2)])
@pytest.mark.parametrize("density", feedback_size.DENSITIES)
def test_feedback_is_as_tall_as_it_is_measured(shape, density, monkeypatch):
    problem = drawn(shape, seed="measured")
    texts = {q: text if n % 9 else "9" for n, (q, text) in enumerate(perfect(problem).items(), 1)}
    measured = []

    def spy(context, _):
        measured.append(feedback_size._measured(context, density))
        return density

    monkeypatch.setattr(feedback_page, "density", spy)
    html = feedback_html(problem, grade(problem, [handed_in(texts, "Sam")])[0])
    assert _height(html) == pytest.approx(measured[0], rel=0.02, abs=2.5)


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_feedback_is_set_closer_only_where_that_saves_a_page(paper):
    def pages(shape):
        problem = drawn(shape, seed="close", bias="yes" if shape != (2, 2, 2) else "no")
        html = feedback_html(problem, grade(problem, [handed_in(perfect(problem), "Sam")])[0], paper)
        row = float(re.search(r"\.judged \{ line-height: ([\d.]+)mm", html)[1])
        return len(pypdf.PdfReader(io.BytesIO(write_pdf(html))).pages), row

    roomy = feedback_size.DENSITIES[0].row
    assert pages((1, 1)) == (1, roomy)
    assert pages((2, 2, 1))[0] == 1
    assert pages((2, 2, 2, 2)) == (2, roomy)


def test_every_page_of_feedback_says_whose_it_is():
    problem = drawn((2, 2, 2, 2), seed="whose")
    html = feedback_html(problem, grade(problem, [handed_in(perfect(problem), "Åsa Öberg")])[0])
    texts = [p.extract_text() for p in pypdf.PdfReader(io.BytesIO(write_pdf(html))).pages]
    assert len(texts) > 1
    assert all(text.count("Åsa Öberg") == 1 and problem.code in text for text in texts)


def test_on_a_wide_screen_a_page_has_margins():
    screen = re.search(r"@media screen \{ body \{([^}]*)\}", style())[1]
    assert "max-width: 176mm" in screen
    assert "margin: 10mm auto" in screen


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "</style>&amp;<b>",
        "A" * 80,
        "Ada " * 20,
        "a\x00b\x0b",
        "\u202eevil",
        "李雷",
    ],
)
def test_a_hostile_name_does_no_harm(huddar, report, name, caplog):
    html = feedback_html(huddar, replace(report, student=name))
    assert "<script" not in html
    assert html.count("<style>") == html.count("</style>") == 2
    plain = feedback_html(huddar, report)
    assert _judged(html) == _judged(plain)
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        data = write_pdf(html)
    # A letter that no font here has is drawn as a box; anything else would be a fault in the page.
    assert not [r for r in caplog.records if ".notdef" not in r.getMessage()]
    reader = pypdf.PdfReader(io.BytesIO(data))
    assert len(reader.pages) <= 2
    assert "34 / 35" in reader.pages[0].extract_text()


def test_an_unknown_paper_is_refused(huddar):
    with pytest.raises(ValueError, match="a5"):
        worksheet_html(huddar, "a5")


def test_a_missing_pango_is_one_sentence(monkeypatch, huddar, tmp_path):
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    pdf._engine.cache_clear()
    weasy.load.cache_clear()
    with pytest.raises(ByhandError, match="apt-get install libpango") as caught:
        worksheet_pdf(huddar)
    assert len(caught.value.faults) == 1
    pdf._engine.cache_clear()
    weasy.load.cache_clear()


def test_pages_import_nothing_slow():
    slow = ("jinja2", "weasyprint", "numpy", "sympy", "fontTools", "pikepdf")
    code = f"import sys, answer_keys.key_page; print([m for m in {slow} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
