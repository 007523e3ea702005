"""What students hand in: read as meant, in any form and notation; what cannot be read is said, never raised."""

import io
import json
from decimal import Decimal

import pikepdf
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import made, perfect, shipped
from rich.console import Console

from exercises.formulas.quantity import parse_name
from exercises.pages.worksheet_page import worksheet_pdf
from grader.answers.numbers import Typed, Unreadable, clean, read_number
from grader.answers.read_sheet import read_answers
from grader.feedback.report import grade
from grader.files import collect
from grader.files.extraction.decode import MAX_BYTES, decode
from grader.files.extraction.submission import Submission
from grader.files.read import read
from grader.files.registry import SUFFIXES as FORMS
from grader.handback.feedback_page import feedback_html
from grader.handback.terminal import show

# --- numbers ---


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("0.0407", "0.0407", "1e-4"),
        ("-0.0407", "-0.0407", "1e-4"),
        ("+0.5", "0.5", "0.1"),
        ("−0.0407", "-0.0407", "1e-4"),
        ("–0.0407", "-0.0407", "1e-4"),
        ("- 0.5", "-0.5", "0.1"),
        (".5", "0.5", "0.1"),
        ("-.5", "-0.5", "0.1"),
        ("5.", "5", "1"),
        ("0,0407", "0.0407", "1e-4"),
        ("0,407", "0.407", "1e-3"),
        ("1", "1", "1"),
        ("0", "0", "1"),
        ("0.5000", "0.5", "1e-4"),
        ("4.07e-2", "0.0407", "1e-4"),
        ("4.07E-2", "0.0407", "1e-4"),
        ("4.07 × 10^-2", "0.0407", "1e-4"),
        ("4.07·10⁻²", "0.0407", "1e-4"),
        ("-4.07 x 10^{-2}", "-0.0407", "1e-4"),
        ("4.07*10^(-2)", "0.0407", "1e-4"),
        ("2e3", "2000", "1e3"),
        ("≈ 0.61", "0.61", "0.01"),
        ("~0.61", "0.61", "0.01"),
        ("= 0.61", "0.61", "0.01"),
        (" 0.61\t", "0.61", "0.01"),
        ("0.61.", "0.61", "0.01"),
        ("0.61;", "0.61", "0.01"),
        ("０.６１", "0.61", "0.01"),
        ("٠.٦١", "0.61", "0.01"),
    ],
)
def test_a_number_is_read_as_typed_to_the_place_that_was_typed(text, value, unit):
    found = read_number(text)
    assert isinstance(found, Typed), found
    assert (found.value, found.unit) == (Decimal(value), Decimal(unit))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is empty"),
        ("   ", "it is empty"),
        ("=", "it is empty"),
        (".", "a number was expected"),
        ("-", "is not a number"),
        ("e5", "is not a number"),
        ("nan", "is not a number"),
        ("NaN", "is not a number"),
        ("inf", "is not a number"),
        ("-Infinity", "is not a number"),
        ("∞", "is not a number"),
        ("none", "is not a number"),
        ("I don't know", "is not a number"),
        ("0.5 0.6", "is not a number"),
        ("0.5-0.6", "is not a number"),
        ("1/2", "is not a number"),
        ("½", "is not a number"),
        ("1.2.3", "is not a number"),
        ("0x1f", "is not a number"),
        ("1_000", "is not a number"),
        ("__import__('os')", "is not a number"),
        ("2**9", "is not a number"),
        ("9**9**9", "is not a number"),
        ("0.5e", "is not a number"),
        ("1,234", "could be 1.234 or 1234"),
        ("1e999", "too large or too small"),
        ("1e-999", "too large or too small"),
        ("1e99999999999999999999", "too large or too small"),
        ("0." + "1" * 60, "more than 40 digits"),
        ("1" * 1_000_000, "it is 1000000 characters long"),
        ("\x1b[31m0.5", "is not a number"),
        ("0.5\0", "is not a number"),
    ],
    ids=lambda t: repr(t[:24]),
)
def test_what_is_no_number_is_unreadable_with_a_reason(text, reason):
    found = read_number(text)
    assert isinstance(found, Unreadable), found
    assert reason in found.reason
    assert found.reason.isprintable()
    assert len(found.reason) < 200


@given(st.text(max_size=300) | st.text("0123456789.,+-−eE×x*·^{}()⁻²³ \t≈=", max_size=30))
def test_any_text_is_a_number_or_unreadable_with_a_reason(text):
    found = read_number(text)
    assert isinstance(found, (Typed, Unreadable))
    assert found.text.isprintable()
    if isinstance(found, Typed):
        assert found.value.is_finite()
        assert found.unit > 0
        assert abs(found.value.adjusted()) <= 110
        assert float(found.value) == float(found.value)
    else:
        assert found.reason.isprintable()


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=5))
def test_a_decimal_written_plainly_reads_back_to_the_digit(value):
    for text in (f"{value:f}", f"{value:f}".replace("-", "−"), f"≈{value:f}", f"{value:.3e}"):
        found = read_number(text)
        assert isinstance(found, Typed)
        assert found.value == Decimal(text.replace("−", "-").strip("≈"))


@given(st.text(max_size=500))
def test_quoted_text_is_one_short_printable_line(text):
    assert clean(text).isprintable()
    assert len(clean(text, 40)) <= 40


# --- what could not be read is shown with its place ---

UNREAD = {  # what is typed, the end of what is said of it, and how a terminal shows it
    "a3": (
        "0.1*0.35 + (0.8*0.9",
        "the bracket “(” is not closed. What can be read is 0.1*0.35 + (0.8*0.9).",
        "    0.1*0.35 + (0.8*0.9\n               ^",
    ),
    "y3": (
        "0.5 or 0.6",
        "which of them counts? That is at character 5, “or 0.6”. What can be read is 0.5.",
        "    0.5 or 0.6\n        ^",
    ),
    "a4": ("W99 + 0.3", "“W99” is no quantity of this problem.", "    W99 + 0.3\n    ^"),
    "y4": ("1/2y3", "It could be (a/b)·c or a/(b·c).", "    1/2y3\n       ^"),
    "a5": ("4.07×10-2", "or a difference; write 10^-2 or e-2.", "    4.07×10-2\n    ^"),
    "y5": ("0.5 +", "something is missing at the end. What can be read is 0.5.", "    0.5 +\n         ^"),
    "E": (
        "(0.1)(0.2)(0.3",
        "is not closed. That is at character 11, “(0.3”. What can be read is (0.1)(0.2)(0.3).",
        "    (0.1)(0.2)(0.3\n              ^",
    ),
}


@pytest.fixture(scope="module")
def unread(problem):
    texts = {parse_name(name): text for name, (text, _, _) in UNREAD.items()}
    (report,) = grade(problem, [Submission("Ada", "test", texts)])
    return report


@pytest.mark.parametrize("name", UNREAD)
def test_the_feedback_tells_the_reason_the_place_and_what_can_be_read(unread, name):
    answer = unread.by_quantity[name]
    assert answer.verdict == "unreadable"
    assert answer.feedback.startswith(
        "This could not be read, and counts nothing until a person has looked: "
    )
    assert answer.feedback.endswith(UNREAD[name][1])
    assert answer.feedback.isprintable()
    assert answer.credit == 0
    assert answer.unread.reason in answer.feedback


def shown(problem, report, width=80):
    out = io.StringIO()
    show(problem, [report], Console(file=out, width=width, highlight=False))
    return out.getvalue()


def test_the_terminal_points_at_the_place(problem, unread):
    text = "\n".join(line.rstrip() for line in shown(problem, unread).splitlines())
    for name, (_, _, picture) in UNREAD.items():
        assert picture in text, name
    assert text.count("until a person has looked") == len(UNREAD)


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_the_caret_stands_below_its_sign_on_every_terminal(problem, width):
    typed = "(0.123)" * 12 + "*" + "+0.4" * 20 + "* /0.5" + " + 0.6" * 15
    (report,) = grade(problem, [Submission("Ada", "test", {parse_name("a3"): typed})])
    lines = shown(problem, report, width).splitlines()
    at = next(i for i, line in enumerate(lines) if line.strip() == "^")
    assert all(len(line.rstrip()) <= width for line in lines)
    assert lines[at - 1][lines[at].index("^")] == "/"


def test_a_caret_is_put_below_signs_of_no_width():
    found = Unreadable("x\u0301y ±", "“±” is no sign", 4)
    assert found.caret() == "x\u0301y ±\n   ^"


def test_the_page_shows_what_could_not_be_read_as_it_was_typed(problem, unread):
    html = feedback_html(problem, unread)
    for text, _, _ in UNREAD.values():
        assert text in html
    assert "until a person has looked" in html


# --- files ---


@pytest.fixture(scope="module")
def problem():
    return shipped("huddar-1")


@pytest.fixture
def file(tmp_path, problem):
    """Write a file and read it as a submission to huddar-1."""

    def make(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(path, problem)

    return make


def texts(submission):
    return {q.name: text for q, text in submission.texts.items()}


def only(reading):
    assert reading.complaints == []
    assert len(reading.submissions) == 1
    return reading.submissions[0]


ANSWERS = {"a3": "0.7550", "delta5": "-0.0407", "dE_dW13": "0.0043", "W35_new": "0.2723", "E_new": "0.0165"}
CANONICAL = "".join(f"{name} = {value}\n" for name, value in ANSWERS.items())
UNIT = "a₃ = 0.7550\nδ₅ = -0.0407\n∂E/∂W₁₃ = 0.0043\nW₃₅ⁿᵉʷ = 0.2723\nEⁿᵉʷ = 0.0165\n"
LATEX = (
    "$a_{3} = 0.7550$\n$\\delta_{5} = -0.0407$\n"
    "$\\frac{\\partial E}{\\partial W_{13}} = 0.0043$\n$W_{35}^{\\mathrm{new}} = 0.2723$\n$E_{new} = 0.0165$\n"
)
MARKDOWN = "# Answers\n\n" + "".join(f"- `{n}` = {v}\n" for n, v in ANSWERS.items()) + "\nThat was fun.\n"
NUMBERED = "".join(f"{i}. {n}: {v}\n" for i, (n, v) in enumerate(ANSWERS.items(), 1))
WORKED = "a3 = 0.1*0.35 + 0.8*0.9 = 0.7550\n" + "".join(CANONICAL.splitlines(keepends=True)[1:])


@pytest.mark.parametrize(
    "content",
    [
        CANONICAL,
        UNIT,
        LATEX,
        MARKDOWN,
        NUMBERED,
        WORKED,
        CANONICAL.replace("\n", "\r\n"),
        UNIT.replace("=", "≈"),
    ],
    ids=["canonical", "unit", "latex", "markdown", "numbered", "worked", "crlf", "about"],
)
def test_lines_of_text_are_read_in_every_way_of_writing(file, content):
    for name in ("ada.txt", "ada.md"):
        found = texts(only(file(name, content)))
        assert {
            n: t.rpartition("=")[2].strip() for n, t in found.items()
        } == ANSWERS  # working stays before it


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_every_encoding_that_editors_save(file, encoding):
    data = ("student = Zoë\n" + UNIT).encode(encoding)
    if encoding.startswith("utf-16-"):
        data = {"le": b"\xff\xfe", "be": b"\xfe\xff"}[encoding[-2:]] + data
    found = only(file("a.txt", data))
    assert texts(found) == ANSWERS
    assert found.student == "Zoë"


def test_latin_1_is_read_too(file):
    found = only(file("a.txt", ("student = Zoë\n" + CANONICAL).encode("latin-1")))
    assert found.student == "Zoë"
    assert texts(found) == ANSWERS


@given(st.binary(max_size=200))
def test_any_bytes_decode(data):
    assert isinstance(decode(data), str)


@pytest.mark.parametrize("key", ["student", "Student", "name", "Name", "student_name", "Full name"])
def test_a_student_is_named_by_the_file_or_else_by_its_name(file, key):
    assert only(file("b.txt", f"{key}: Grace Hopper\n{CANONICAL}")).student == "Grace Hopper"
    assert only(file("grace.txt", CANONICAL)).student == "grace"
    assert only(file("grace.txt", f"{key} =\n{CANONICAL}")).student == "grace"


def test_of_two_answers_to_one_line_the_last_counts_and_it_is_said(file):
    found = only(file("a.txt", "a3 = 0.1\na₃ = 0.7550\n"))
    assert texts(found) == {"a3": "0.7550"}
    assert found.remarks == ("a3 was answered twice; the last answer counts.",)
    found = only(file("a.json", '[{"a3": "0.1", "a₃": "0.7550"}]'))
    assert texts(found) == {"a3": "0.7550"}
    assert found.remarks == ("a3 was answered twice; the last answer counts.",)


def test_a_name_that_is_no_line_is_a_complaint_with_its_place(file):
    reading = file("a.txt", "a3 = 0.7550\ndelta9 = 1\nW13 = 0.1\n")
    assert texts(reading.submissions[0]) == {"a3": "0.7550"}
    assert "a.txt, line 2: “delta9” is no line of this problem; did you mean delta" in reading.complaints[0]
    assert "a.txt, line 3: “W13” is given, not asked for" in reading.complaints[1]


CSV = "student,a3,delta5\nAda,0.7550,-0.0407\nGrace,0.755,-0.041\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_a_table_is_read_a_row_a_student(file, delimiter, encoding):
    reading = file("class.csv", CSV.replace(",", delimiter).encode(encoding))
    assert reading.complaints == []
    assert [s.student for s in reading.submissions] == ["Ada", "Grace"]
    assert texts(reading.submissions[0]) == {"a3": "0.7550", "delta5": "-0.0407"}


def test_a_table_with_decimal_commas_and_semicolons_is_read(file):
    reading = file("class.csv", "Name;a3;δ₅\nAda;0,7550;-0,0407\n")
    assert texts(only(reading)) == {"a3": "0,7550", "delta5": "-0,0407"}
    answers = read_answers(reading.submissions[0].texts)
    assert [a.value for a in answers.values()] == [Decimal("0.7550"), Decimal("-0.0407")]


def test_a_quoted_cell_may_hold_the_delimiter(file):
    found = only(file("class.csv", 'student,a3\n"Hopper, Grace","0,7550"\n'))
    assert found.student == "Hopper, Grace"
    assert texts(found) == {"a3": "0,7550"}


def test_a_tables_unknown_repeated_missing_and_extra_cells_are_told(file):
    reading = file("c.csv", "student,a3,a33,a₃\nAda,1,2,0.7550\nBob,1\nCy,1,2,3,4,5\n,1,2,3\n")
    assert [s.student for s in reading.submissions] == ["Ada", "Bob", "Cy", "row 5"]
    assert texts(reading.submissions[0]) == {"a3": "0.7550"}
    assert texts(reading.submissions[1]) == {}
    found = " | ".join(reading.complaints)
    assert "column 3: “a33” is no line of this problem" in found
    assert "column 4: a3 stands in column 2 too; the last counts" in found
    assert "row 4: 6 cells under 4 headings" in found


def test_a_row_number_is_that_of_the_file(file):
    reading = file("c.csv", "student,a3\nAda,1\n\n\nBob,2,3\n")
    assert "row 5" in reading.complaints[0] + reading.submissions[1].origin


@pytest.mark.parametrize("content", ["student,a3\n", "\n\n", "student;b\nAda;1\n", ",,,\n,,,\n"])
def test_a_table_without_answers_is_a_complaint(file, content):
    reading = file("class.csv", content)
    assert reading.submissions == []
    assert reading.complaints


def test_one_json_object_is_one_submission(file):
    found = only(file("ada.json", json.dumps({"student": "Ada", **ANSWERS})))
    assert found.student == "Ada"
    assert texts(found) == ANSWERS


def test_an_empty_json_object_is_a_complaint(file):
    assert file("ada.json", "{}").complaints


def test_json_is_read_with_the_digits_that_were_typed(file):
    answers = '{"student": "Ada", "a3": "0.7550", "δ₅": -0.04070, "E": 1e-2, "W13_new": null}'
    found = only(file("a.json", f"[{answers}]"))
    assert found.student == "Ada"
    assert texts(found) == {"a3": "0.7550", "delta5": "-0.04070", "E": "1e-2", "W13_new": ""}


def test_json_lists_and_nested_answers_are_read(file):
    reading = file(
        "a.json", json.dumps([{"student": "Ada", "answers": {"a3": "1"}}, {"a3": "2"}, 7, {"zz": "1"}, {}])
    )
    assert [s.student for s in reading.submissions] == ["Ada", "a-2"]
    assert [texts(s) for s in reading.submissions] == [{"a3": "1"}, {"a3": "2"}]
    assert len(reading.complaints) == 4
    assert "entry 3: expected an object" in reading.complaints[0]


def test_answers_of_the_wrong_type_are_unreadable_not_lost(file):
    found = only(file("a.json", '[{"a3": [1], "y3": {"x": 1}, "a4": true, "y4": NaN, "a5": Infinity}]'))
    assert all(isinstance(a, Unreadable) for a in read_answers(found.texts).values())
    assert len(found.texts) == 5


# --- the worksheet ---


@pytest.fixture(scope="module")
def sheet(problem):
    return worksheet_pdf(problem)


def filled(sheet, values):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(sheet))
    for page in writer.pages:
        writer.update_page_form_field_values(page, values)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_filled_worksheet_is_read(file, sheet, problem):
    found = only(file("ada.pdf", filled(sheet, {"student": "Zoë Ada", **ANSWERS})))
    assert found.student == "Zoë Ada"
    assert found.code == problem.code
    assert {name: text for name, text in texts(found).items() if text} == ANSWERS
    assert set(texts(found)) == {s.quantity.name for s in problem.graph.steps}


def test_an_empty_worksheet_is_a_submission_of_blanks(file, sheet, problem):
    found = only(file("ada.pdf", sheet))
    assert found.student == "ada"
    report = grade(problem, [found])[0].as_json()
    assert {a["verdict"] for a in report["answers"]} == {"missing"}


def test_a_worksheet_of_another_problem_is_not_graded(tmp_path, sheet):
    (tmp_path / "ada.pdf").write_bytes(sheet)
    reading = collect.collect([tmp_path / "ada.pdf"], shipped("mazur-2-2-2"))
    assert reading.submissions == []
    assert "this sheet belongs to problem" in " ".join(reading.complaints)


def foreign_pdf():
    pdf = pikepdf.new()
    pdf.add_blank_page()
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def encrypted(sheet):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sheet)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    return out.getvalue()


def looping_pdf():
    """A field that is its own child."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    field = pdf.make_indirect(pikepdf.Dictionary(T=pikepdf.String("a3")))
    field.Kids = pikepdf.Array([field, field, field])
    pdf.Root.AcroForm = pdf.make_indirect(pikepdf.Dictionary(Fields=pikepdf.Array([field])))
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def odd_pdf(**entries):
    """A form whose parts are not what they should be."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    field = pikepdf.Dictionary(T=pikepdf.String("a3"), **entries)
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field, 3, pikepdf.Name.X, pikepdf.Array()]))
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_pdfs_that_are_no_filled_worksheet_are_complaints(file, sheet):
    broken = {
        "no-pdf": b"Hello",
        "cut": sheet[: len(sheet) // 2],
        "header": b"%PDF-1.7\n%%EOF",
        "noise": b"%PDF-1.7\n" + bytes(range(256)) * 50,
        "foreign": foreign_pdf(),
        "encrypted": encrypted(sheet),
        "odd": odd_pdf(Kids=3),
    }
    for name, data in broken.items():
        reading = file(f"{name}.pdf", data)
        assert reading.submissions == [], name
        assert len(reading.complaints) == 1, name
        assert f"{name}.pdf: " in reading.complaints[0]
        assert reading.complaints[0].isprintable()
    assert "encrypted" in file("e.pdf", encrypted(sheet)).complaints[0]


def test_a_form_that_loops_ends(file):
    reading = file("loop.pdf", looping_pdf())
    assert len(reading.submissions) + len(reading.complaints) >= 1


def test_a_form_with_strange_values_is_read_as_far_as_it_goes(file):
    reading = file("odd.pdf", odd_pdf(V=pikepdf.Array([1, 2])))
    assert len(reading.submissions) + len(reading.complaints) >= 1


# --- hostile files ---

HOSTILE = {
    "empty": b"",
    "blank": b" \n\t\n",
    "words": b"I did not do this exercise. Sorry!",
    "nul": b"\0" * 1000,
    "nul within": b"a3 = 0.7\0550\nstudent,a3\0\nAda,1\0\n",
    "bytes": bytes(range(256)) * 40,
    "no end": b"a" * 1_000_000,
    "one long line": b"a3 = " + b"1" * 1_000_000,
    "long name": b"a" * 1_000_000 + b" = 1\nstudent," + b"a" * 1_000_000 + b"\nAda,1",
    "many lines": b"a3 = 1\n" * 200,
    "deep": b"[" * 100_000,
    "deep objects": b'{"a3":' * 50_000,
    "quote": b'student,a3\n"Ada,1\n' * 200,
    "huge cell": b'student,a3\n"' + b"x" * 300_000 + b'",1\n',
    "big number": b'[{"a3": ' + b"9" * 10_000 + b"}]",
    "exponent": b'[{"a3": 1e999999999, "y3": -1E-999999999}]',
    "number for a name": b'[{"student": 5, "a3": "1"}]',
    "utf-16 odd": b"\xff\xfea\x003\x00=",
    "equals": b"=" * 10_000 + b"\n" + b"= 3\n",
    "spaces": b"a" + b" " * 20_000 + b"3\n" + b"\t" * 20_000 + b"=",
    "colons": b":" * 20_000,
    "headings": b"student" + b",a3" * 20_000 + b"\nAda" + b",1" * 20_000,
    "separators": "a3 = 1\u2028y3 = 2\u2029a4\x85= 3\x0c".encode(),
    "escape": b"student = \x1b]0;owned\x07\x1b[31mEve\na3 = \x1b[2J0.5\n\x1b[2J = 4\n",
    "arrows": "student = \u2066evil\u202e\na3 = 1\n".encode(),
}


@pytest.mark.part(4)
@pytest.mark.parametrize("suffix", FORMS)
@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_give_complaints_or_submissions_but_never_an_exception(file, problem, suffix, content):
    reading = file(f"eve{suffix}", content)
    assert reading.complaints or reading.submissions
    assert all(c.isprintable() and len(c) < 700 for c in reading.complaints)
    assert all(s.student.isprintable() and 0 < len(s.student) <= 80 for s in reading.submissions)
    for report in grade(problem, reading.submissions[:3]):
        encoded = json.dumps(report.as_json(), ensure_ascii=False).encode()
        assert len(encoded) < 100_000
        for answer in report.as_json()["answers"]:
            assert answer["verdict"] in (
                "missing",
                "correct",
                "unreadable",
                "wrong",
                "follows",
                "not-assessed",
            )
            assert answer["feedback"].isprintable()
            assert answer["verdict"] != "unreadable" or "until a person has looked" in answer["feedback"]


def test_half_a_surrogate_pair_can_still_be_reported(file, problem):
    reading = file("a.json", b'[{"student": "\\ud800", "a3": "\\udfff"}]')
    (report,) = grade(problem, reading.submissions)
    assert json.dumps(report.as_json(), ensure_ascii=False).encode()


def test_a_line_repeated_without_end_is_remarked_once(file):
    assert len(file("a.txt", b"a3 = 1\n" * 30_000).submissions[0].remarks) == 1


@pytest.mark.part(4)
@pytest.mark.parametrize("suffix", FORMS)
@given(data=st.binary(max_size=300) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_random_files_are_read_or_complained_about(tmp_path_factory, suffix, data):
    path = tmp_path_factory.getbasetemp() / f"random{suffix}"
    path.write_bytes(data)
    reading = read(path, shipped("huddar-1"))
    assert reading.complaints or reading.submissions


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["a3", "student", "answers", "δ₅", "q"]) | st.text(max_size=4), inner
        )
    ),
    max_leaves=15,
)


@given(JSONS)
def test_random_json_is_read_or_complained_about(tmp_path_factory, content):
    problem = shipped("huddar-1")
    path = tmp_path_factory.getbasetemp() / "random.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    reading = read(path, problem)
    assert reading.complaints or reading.submissions or content in ([], {})
    for report in grade(problem, reading.submissions):
        json.dumps(report.as_json(), ensure_ascii=False, allow_nan=False).encode()


def test_a_file_too_large_is_not_read(tmp_path, problem, monkeypatch):
    assert MAX_BYTES >= 5_000_000
    monkeypatch.setattr("grader.files.read.most", lambda _: 100)
    (tmp_path / "a.txt").write_text("a3 = 1\n" * 100, encoding="utf-8")
    assert "larger than" in read(tmp_path / "a.txt", problem).complaints[0]


@pytest.mark.parametrize("name", ["a.doc", "a", "a.PDF.exe", "a.pages"])
def test_an_unknown_form_of_file_is_named_with_the_known_ones(file, name):
    (complaint,) = file(name, CANONICAL).complaints
    assert name in complaint
    assert all(form in complaint for form in FORMS)


def test_suffixes_may_be_capitals(file):
    assert texts(only(file("ADA.TXT", CANONICAL))) == ANSWERS


# --- folders ---


def test_a_folder_is_read_in_the_order_of_its_names_and_nothing_stops_the_rest(tmp_path, problem):
    (tmp_path / "b.txt").write_text(CANONICAL, encoding="utf-8")
    (tmp_path / "a.json").write_text('[{"a3": "1"}]', encoding="utf-8")
    (tmp_path / "c.pdf").write_bytes(b"no pdf")
    (tmp_path / ".hidden.txt").write_text(CANONICAL, encoding="utf-8")
    (tmp_path / "notes.doc").write_text("x", encoding="utf-8")
    reading = collect.collect([tmp_path, tmp_path / "missing.txt"], problem)
    assert [s.student for s in reading.submissions] == ["a", "b"]
    skipped, broken, missing = reading.complaints
    assert "notes.doc: not a form of submission" in skipped
    assert "c.pdf: not a readable PDF" in broken
    assert "missing.txt: no such file or folder" in missing


def test_an_empty_folder_is_a_complaint(tmp_path, problem):
    assert "no submissions in this folder" in collect.collect([tmp_path], problem).complaints[0]


def test_two_submissions_by_one_student_are_both_graded_and_it_is_said(tmp_path, problem):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("student = Ada\n" + CANONICAL, encoding="utf-8")
    reading = collect.collect([tmp_path], problem)
    assert len(reading.submissions) == 2
    assert "a second submission by Ada" in reading.complaints[0]


def test_layer_notation_is_read_where_the_problem_uses_it(tmp_path):
    problem = shipped("tutorial-2-2-1")
    lines = {problem.label(q).text: text for q, text in perfect(problem).items()}
    path = tmp_path / "ada.txt"
    path.write_text("".join(f"{name} = {text}\n" for name, text in lines.items()), encoding="utf-8")
    reading = read(path, problem)
    assert reading.complaints == []
    assert reading.submissions[0].texts == perfect(problem)
    report = grade(problem, reading.submissions)[0].as_json()
    assert report["score"] == report["out_of"]


def test_a_perfect_sheet_survives_every_form(tmp_path):
    problem = made((2, 2, 2), notation="layer")
    right = {q.name: text for q, text in perfect(problem).items()}
    (tmp_path / "a.txt").write_text("".join(f"{n} = {t}\n" for n, t in right.items()), encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps([right]), encoding="utf-8")
    (tmp_path / "c.csv").write_text(
        f"student,{','.join(right)}\nc,{','.join(right.values())}\n", encoding="utf-8"
    )
    (tmp_path / "d.pdf").write_bytes(filled(worksheet_pdf(problem), right))
    reading = collect.collect([tmp_path], problem)
    assert reading.complaints == []
    assert [texts(s) for s in reading.submissions] == [right] * 4
