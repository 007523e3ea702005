"""The same answers in every form of file come out the same; hostile files end soon, with a sentence."""

import ctypes
import io
import json
import re
import signal
import subprocess
import sys
import time
import warnings
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pikepdf
import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from making import flattened, perfect, saved, shipped

from exercises.common.csv_cells import bare
from exercises.pages.sheet_sections import sections
from exercises.pages.worksheet_page import worksheet_pdf
from grader.answers.names import Names
from grader.answers.read_sheet import read_answers
from grader.files import collect
from grader.files.extraction.decode import decode
from grader.files.guarded import guard
from grader.files.labels import headings
from grader.files.labels.cells import answer, safe
from grader.files.labels.identity import code_in
from grader.files.read import read

PROBLEM = shipped("huddar-1")
ANSWERS = {q.name: text for q, text in perfect(PROBLEM).items()}
LABELS = {q.name: PROBLEM.label(q) for q in perfect(PROBLEM)}
STUDENT = "Zoë Ada"


@pytest.fixture
def file(tmp_path):
    """Write a file and read it as a submission to huddar-1."""

    def make(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(path, PROBLEM)

    return make


def taken():
    """Seconds of the processor so far, here and in the process that opens files."""
    return time.process_time() + guard.spent()


def texts(submission):
    return {q.name: text for q, text in submission.texts.items()}


def workbook(*sheets, formats=None):
    """An .xlsx file; numbers are shown with four places."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Sheet{number}")
        for row in rows:
            sheet.append(row)
        for cells in sheet.iter_rows():
            for cell in cells:
                if isinstance(cell.value, float):
                    cell.number_format = formats or "0.0000"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells(rows):
    """Rows as a `.csv` file with every cell in quotation marks."""
    return "".join(",".join('"' + str(c).replace('"', '""') + '"' for c in row) + "\r\n" for row in rows)


# --- one sheet in every form ---

WIDE = [["student", *ANSWERS], [STUDENT, *ANSWERS.values()]]
LONG = [["Who (name)", "Line of the sheet", "Your answer"], *([STUDENT, n, v] for n, v in ANSWERS.items())]
LONG[0][0] = "Student"
SEVERAL = [["quantity", STUDENT, "Bob"], *([n, v, "1"] for n, v in ANSWERS.items())]
NUMBERS = [WIDE[0], [STUDENT, *map(float, ANSWERS.values())]]
GOOGLE = [
    [
        "Timestamp",
        "Email Address",
        "Score",
        "Name",
        *(f"{LABELS[n].text} (4 decimal places)" for n in ANSWERS),
    ],
    ["2024/05/01 9:00:00 AM GMT+2", "z@x.org", "3 / 4", STUDENT, *ANSWERS.values()],
]
MARKED = [
    [*GOOGLE[0][:4], *(h for n in ANSWERS for h in (LABELS[n].text, f"{LABELS[n].text} [Score]"))],
    [*GOOGLE[1][:4], *(c for v in ANSWERS.values() for c in (v, "1.00 / 1"))],
]
MICROSOFT = [
    ["ID", "Start time", "Completion time", "Email", "Name", "Total points", "Quiz feedback"]
    + [h for n in ANSWERS for h in (f"Line {n}: \u00a0", f"Points - Line {n}:", f"Feedback - Line {n}:")],
    ["1", "5/1/24 9:00", "5/1/24 9:30", "z@x.org", STUDENT, "", ""]
    + [c for v in ANSWERS.values() for c in (v, "1", "")],
]
MOODLE = [
    ["Last name", "First name", "Email address", "Status", "Started", "Grade/10.00"]
    + [
        h for i in range(1, len(ANSWERS) + 1) for h in (f"Question {i}", f"Response {i}", f"Right answer {i}")
    ],
    ["Ada", "Zoë", "z@x.org", "Finished", "1 May 2024", "9.00"]
    + [c for n, v in ANSWERS.items() for c in (f"What is {LABELS[n].text}?", v, "0.1")],
    ["Overall average", "", "", "", "", "9.00"] + ["", "", ""] * len(ANSWERS),
]
CLOZE = [
    ["Surname", "First name", "Email address", "Question 1", "Response 1"],
    [
        "Ada",
        "Zoë",
        "z@x.org",
        "Fill in. " + " ".join(f"{LABELS[n].text} = _____" for n in ANSWERS),
        "; ".join(f"part {i}: {v}" for i, v in enumerate(ANSWERS.values(), 1)),
    ],
]
PRINTED = [step.quantity.name for section in sections(PROBLEM) for step in section.steps]
IN_ORDER = "; ".join(f"part {i}: {ANSWERS[name]}" for i, name in enumerate(PRINTED, 1))
UNNAMED = [[CLOZE[0][i] for i in (0, 1, 2, 4)], [*CLOZE[1][:3], IN_ORDER]]
CANVAS = [
    ["name", "id", "sis_id", "section", "section_id", "section_sis_id", "submitted", "attempt"]
    + [h for i, n in enumerate(ANSWERS) for h in (f"{12345 + i}: {LABELS[n].text} = ?", "1.0")]
    + ["n correct", "n incorrect", "score"],
    [STUDENT, "7", "s7", "A", "3", "", "2024-05-01 09:00:00 UTC", "1"]
    + [c for v in ANSWERS.values() for c in (v, "1.0")]
    + ["35", "0", "35.0"],
]
TABLES = {
    "wide": WIDE,
    "long": LONG,
    "columns": [[a, b] for a, b, _ in SEVERAL],
    "google": GOOGLE,
    "google quiz": MARKED,
    "microsoft": MICROSOFT,
    "moodle": MOODLE,
    "moodle cloze": CLOZE,
    "moodle order": UNNAMED,
    "canvas": CANVAS,
    "titled": [["Homework 3"], [], *WIDE],
}
MD_TABLE = f"Name: {STUDENT}\n\n| line | working | answer |\n|---|---|---:|\n" + "".join(
    f"| ${LABELS[n].latex}$ | {v} + 0 | **{v.replace('-', '−')}** |\n" for n, v in ANSWERS.items()
)
MD_WIDE = f"Name: {STUDENT}\n\n| {' | '.join(ANSWERS)} |\n{'|---' * len(ANSWERS)}|\n| {' | '.join(ANSWERS.values())} |\n"
MD_LIST = f"**Name:** {STUDENT}\n" + "".join(f"* **{LABELS[n].text}** ≈ `{v}`\n" for n, v in ANSWERS.items())
ONE_LINE = f"student: {STUDENT}\n" + ", ".join(f"{n} = {v}" for n, v in ANSWERS.items())
CODE = f'import math\nstudent = "{STUDENT}"\nx1 = 0.35\n' + "".join(
    f"{n}: float = {v}  # by hand\n" for n, v in ANSWERS.items()
)


def notebook(*cells):
    made = [
        {"cell_type": kind, "source": text.splitlines(keepends=True), "outputs": [{"text": ["a3 = 9"]}]}
        for kind, text in cells
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


FILES = {
    "table.md": MD_TABLE,
    "wide.md": MD_WIDE,
    "list.md": MD_LIST,
    "line.txt": ONE_LINE,
    "tabs.txt": f"name: {STUDENT}\n" + "".join(f"{n}\t{v}\n" for n, v in ANSWERS.items()),
    "align.md": f"Name: {STUDENT}\n"
    + "".join(rf"{LABELS[n].latex} &= {v} \\" + "\n" for n, v in ANSWERS.items()),
    "a.json": json.dumps({"student": STUDENT, **ANSWERS}),
    "b.json": json.dumps([{"student": STUDENT, "answers": ANSWERS}]),
    "code.ipynb": notebook(("markdown", "# Mine"), ("code", CODE)),
    "marks.ipynb": notebook(("markdown", MD_TABLE), ("code", "import math\nmath.exp(1)")),
    **{f"{name}.csv": cells(rows) for name, rows in TABLES.items()},
    **{f"{name}.xlsx": workbook(rows) for name, rows in TABLES.items()},
    "numbers.xlsx": workbook(NUMBERS),
    "second.xlsx": workbook([["About", "this"]], [], WIDE),
}


@pytest.mark.parametrize("name", FILES)
def test_the_same_answers_come_out_of_every_form(file, name):
    reading = file(name, FILES[name])
    assert reading.complaints == []
    (found,) = reading.submissions
    written = {name: text.replace("−", "-") for name, text in texts(found).items()}
    assert {n: t for n, t in written.items() if t} == ANSWERS
    if name.split(".")[0] != "columns" or name.endswith(".md"):
        assert found.student == STUDENT


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_is_read(file, encoding, end):
    for name, content in (("a.csv", cells(WIDE)), ("a.txt", ONE_LINE), ("a.json", FILES["a.json"])):
        reading = file(name, content.replace("\r\n", "\n").replace("\n", end).encode(encoding))
        assert reading.complaints == [], name
        assert texts(reading.submissions[0]) == ANSWERS, name
        assert reading.submissions[0].student == STUDENT, name


def test_a_column_a_student_is_read(file):
    reading = file("class.csv", cells(SEVERAL))
    assert [s.student for s in reading.submissions] == [STUDENT, "Bob"]
    assert texts(reading.submissions[0]) == ANSWERS


def test_long_tables_keep_students_apart_and_say_what_is_answered_twice(file):
    reading = file("a.csv", "line;who;value\na3;Ada;0,1\ny3;Ada;0,2\na3;Bob;0,3\nzz;Bob;1\na3;Bob;0,4\n")
    assert [(s.student, texts(s)) for s in reading.submissions] == [
        ("Ada", {"a3": "0,1", "y3": "0,2"}),
        ("Bob", {"a3": "0,4"}),
    ]
    assert reading.submissions[1].remarks == ("a3 was answered twice; the last answer counts.",)
    assert "row 5: “zz” is no line of this problem" in reading.complaints[0]


def test_a_long_table_needs_neither_heading_nor_student(file):
    assert texts(file("a.csv", "a3,0.1\ny3,-0.2\n").submissions[0]) == {"a3": "0.1", "y3": "-0.2"}
    (found,) = file("a.csv", "Ada,a3,0.1\nAda,y3,-0.2\n").submissions
    assert (found.student, texts(found)) == ("Ada", {"a3": "0.1", "y3": "-0.2"})


# --- headings ---


@pytest.mark.parametrize(
    ("heading", "meant"),
    [
        ("δ₃ (4 decimal places)", "delta3"),
        ("12345: δ₃ = ?", "delta3"),
        ("Question 4: hidden delta [delta3]", "delta3"),
        ("What is δ₃?", "delta3"),
        ("delta3 = delta5 · W35 · y3(1 − y3)", "delta3"),
        ("δ₃ (from δ₅)", "delta3"),
        ("The new W13, please", "W13_new"),
        ("∂E/∂W₁₃", "dE_dW13"),
        ("a3:\u00a0", "a3"),
        ("δ₃ and δ₅", "delta3 delta5"),
        ("W13' (4 places)", "W13_new"),
        ("Comments", ""),
        ("W13", ""),
        ("W13*", "W13_new"),
        ("updated W13", "W13_new"),
        ("w13_new", "W13_new"),
        ("dE/dw13", "dE_dW13"),
        ("A3", "a3"),
        ("E_total", "E"),
        ("Total error", "E"),
        ("$\\frac{\\partial E}{\\partial W_{13}}$", "dE_dW13"),
        ("What is the loss after the update?", "E_new"),
        ("Upload your sheet (A4)", ""),
        ("a3 neu", "a3_new"),
        ("neu: a3", "a3_new"),
        ("neue Aktivierung a3_new", "a3_new"),
    ],
)
def test_a_heading_names_a_line_by_itself_by_a_part_or_by_a_word(heading, meant):
    found = headings.quantities(heading, Names(PROBLEM))
    assert " ".join(q.name for q in found) == meant


def test_a_heading_that_may_mean_two_lines_is_a_complaint(file):
    reading = file("a.csv", "student,δ₃ and δ₅,a3\nAda,1,2\n")
    assert texts(reading.submissions[0]) == {"a3": "2"}
    assert "column 2: the heading may mean delta3 or delta5" in reading.complaints[0]


@pytest.mark.parametrize("name", ["a.md", "a.csv", "a.txt"])
def test_a_heading_of_answers_alone_is_no_table_of_answers(file, name):
    reading = file(name, "| answer |\n|---|\n| a3 |\n| a3 = 0.5 |\n")
    assert all(s.texts for s in reading.submissions)  # and nothing is raised


def test_responses_that_do_not_say_what_they_answer_are_a_complaint(file):
    reading = file("m.csv", "Surname,First name,Response 1,Response 2\nAda,Zoë,0.1,0.2\n")
    assert "row 2: 2 of 2 responses do not say which line they answer" in reading.complaints[0]


def test_a_student_is_named_by_the_best_column_there_is(file):
    def name(head, row):
        return file("a.csv", f"{head},a3\n{row},1\n").submissions[0].student

    assert name("Email,First name,Last name", "z@x.org,Zoë,Ada") == "Zoë Ada"
    assert name("Email,Name", "z@x.org,Zoë") == "Zoë"
    assert name("Email,Name", "z@x.org,") == "z@x.org"
    assert name("group", "blue") == "blue"


# --- cells ---


def test_numbers_of_a_workbook_keep_the_places_that_they_are_shown_with(file):
    rows = [["student", "a3", "y3", "a4", "y4", "a5"], ["Ada", 0.5, 0.12345, 0.1 + 0.2, 2, True]]
    (found,) = file("a.xlsx", workbook(rows)).submissions
    assert list(texts(found).values()) == ["0.5000", "0.12345", "0.3000", "2", "TRUE"]
    (found,) = file("a.xlsx", workbook(rows, formats="General")).submissions
    assert list(texts(found).values()) == ["0.5", "0.12345", "0.3", "2", "TRUE"]


def test_formulas_without_results_are_told(file):
    reading = file("a.xlsx", workbook([["student", "a3", "y3"], ["Ada", "=B1*2", 0.5]]))
    assert texts(reading.submissions[0]) == {"a3": "=B1*2", "y3": "0.5000"}
    assert "1 cell holds a formula whose results were not saved, B2 first" in reading.complaints[0]


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("'-0.5", "-0.5"),
        ('="0.7550"', "0.7550"),
        ("-", ""),
        ("–", ""),
        (" 0.5 ", "0.5"),
        ("-0.5", "-0.5"),
        ("", ""),
    ],
)
def test_a_cell_is_read_without_what_spreadsheets_add(cell, meant):
    assert answer(cell) == meant


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "=", "−x"])
def test_a_written_cell_is_never_a_formula(text):
    assert safe(text).startswith("'")
    assert bare(safe(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        " =1+1",
        "=cmd|' /C calc'!A0",
        "-1+cmd",
        "+1-2",
        "－1+1",
        "＝1+1",
        "\r=1",
        "\n=1",
        "-1e5e5",
        "--1",
        "-",
        "+",
        "@",
    ],
)
def test_a_written_cell_that_is_no_number_is_never_a_formula(text):
    assert safe(text).startswith("'")
    assert bare(safe(text)) == text
    assert answer(safe(text)) == text.strip()


@pytest.mark.parametrize(
    "text", ["-0.0027", "+0.5", "-1e-5", "0.5", "Ada", "", "-,5", "-0,0027", "-12", "+1E+5"]
)
def test_a_written_number_or_name_stays_as_it_is(text):
    assert safe(text) == text
    assert answer(safe(text)) == text


def test_every_module_that_writes_a_table_makes_its_cells_safe():
    root = Path(__file__).parent.parent
    modules = [p for part in ("exercises", "answer_keys", "grader") for p in (root / part).rglob("*.py")]
    writing = [
        p for p in modules if re.search(r"csv\.(?:Dict)?[wW]riter|openpyxl", p.read_text(encoding="utf-8"))
    ]
    assert [p.name for p in writing if not re.search(r"\bsafe\(", p.read_text(encoding="utf-8"))] == []


# --- lines and notebooks ---


@pytest.mark.parametrize(
    "written", ["W13_neu", "neu W13", "W13 neu", "W13_nouveau", "nuevo W13", "W13新", "yeni W13"]
)
def test_new_may_be_said_in_another_language(file, written):
    reading = file("a.txt", f"{written} = 0.0991\na3 = 0.7550\n")
    assert texts(reading.submissions[0]) == {"W13_new": "0.0991", "a3": "0.7550"}
    assert reading.complaints == []


def test_a_fraction_between_dollar_signs_names_a_column_and_a_key(file):
    written = r"$\frac{\partial E}{\partial W_{13}}$"
    for name, content in (
        ("a.csv", cells([["student", written], ["Ada", "0.0009"]])),
        ("a.json", json.dumps({"student": "Ada", written: "0.0009"})),
    ):
        reading = file(name, content)
        assert reading.complaints == []
        assert texts(reading.submissions[0]) == {"dE_dW13": "0.0009"}


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("a3 = 0.1*0.35 + 0.72 = 0.755 ≈ 0.76", {"a3": "0.1*0.35 + 0.72 = 0.755 ≈ 0.76"}),
        ("dE/dW45: -δ5 y4 = 3,12e-2", {"dE_dW45": "-δ5 y4 = 3,12e-2"}),
        ("a3 = 0.1; y3 = 0.2", {"a3": "0.1", "y3": "0.2"}),
        ("a3 = 0.1 y3 = 0.2", {"a3": "0.1", "y3": "0.2"}),
        ("a3 = 0,1, y3 = 0,2", {"a3": "0,1", "y3": "0,2"}),
        ("> a3 -> 0.1", {"a3": "0.1"}),
        (r"\(\delta_{3} \approx -0.1\)", {"delta3": "-0.1"}),
        ("δ₃ −0.0027", {"delta3": "−0.0027"}),
        ("| a3 | 0.1 | y3 | 0.2 |", {"a3": "0.1", "y3": "0.2"}),
        ("| a3 | |", {"a3": ""}),
        ("W13* = 0.0991", {"W13_new": "0.0991"}),
        ("* W13* = 0.0991*", {"W13_new": "0.0991"}),
        ("*W13_new* = *0.0991*", {"W13_new": "0.0991"}),
        ("**δ₃*** = 0.1", {"delta3": "0.1"}),
        ("| W13* | **0.0991** |", {"W13_new": "0.0991"}),
        ("| **δ₃** | 0.1* |", {"delta3": "0.1"}),
        ("W13(new) = 0.0991", {"W13_new": "0.0991"}),
        ("W'13: 0.0991", {"W13_new": "0.0991"}),
        ("updated W13: 0.0991", {"W13_new": "0.0991"}),
        ("W3_5_new = 0.2723", {"W35_new": "0.2723"}),
        ("W₃,₅ⁿᵉʷ = 0.2723", {"W35_new": "0.2723"}),
        ("w13_new = 0.0991", {"W13_new": "0.0991"}),
        ("E+ = 0.0165", {"E_new": "0.0165"}),
        ("E' = 0.0165", {"E_new": "0.0165"}),
        ("E_total = 0.0181", {"E": "0.0181"}),
        ("loss: 0.0181", {"E": "0.0181"}),
        ("total error = 0.0181", {"E": "0.0181"}),
        ("net3 = 0.755", {"a3": "0.755"}),
        ("out_3 = 0.68", {"y3": "0.68"}),
        ("Delta3 = 0.1", {"delta3": "0.1"}),
        ("∂E/∂out_5 = 0.1", {"dE_dy5": "0.1"}),
        ("$\\frac{\\partial E}{\\partial W_{13}}$ = 0.0009", {"dE_dW13": "0.0009"}),
    ],
)
def test_a_line_is_read_as_meant(file, line, meant):
    reading = file("a.txt", line)
    assert reading.complaints == []
    assert texts(reading.submissions[0]) == meant


def test_a_notebook_is_read_not_run(file):
    code = (
        "a3, y3 = 0.1, 0.2\na4 = y4 = 0.3\n%matplotlib inline\nif a3 == 1: a5 = 2\n"
        "a5 = (0.1 +\n  0.2)\nE = __import__('os').system('x')\ndelta33 = 4\nhelper = 1\na3 += 1\n"
    )
    reading = file("a.ipynb", notebook(("code", code), ("raw", "y5 = 1"), ("markdown", "δ₅ = 0.5")))
    assert texts(reading.submissions[0]) == {
        "a3": "0.1",
        "y3": "0.2",
        "a5": "(0.1 + 0.2)",
        "E": "__import__('os').system('x')",
        "delta5": "0.5",
    }
    assert "cell 1, line 2: several names are assigned at once" in reading.complaints[0]
    assert "cell 1, line 8: “delta33” is no line of this problem; did you mean" in reading.complaints[1]
    assert len(reading.complaints) == 2


@pytest.mark.parametrize("content", ["{}", "[]", '{"cells": 3}', '{"cells": [1, {"source": 5}]}', "nonsense"])
def test_what_is_no_notebook_is_a_complaint(file, content):
    reading = file("a.ipynb", content)
    assert reading.submissions == []
    assert len(reading.complaints) == 1


# --- the code of the problem, and the student's ID ---

OTHER = shipped("mazur-2-2-2").code
HEADED = [["student", "code", "a3"], [STUDENT, "{}", "0.7550"]]
NAMING = {
    "colon.txt": "student: Zoë\ncode: {}\na3 = 0.7550\n",
    "problem.txt": "Problem: {}\na3 = 0.7550\n",
    "bold.md": "**Name:** Zoë\n**Code:** `{}`\n- a3 = 0.7550\n",
    "table.md": "| code | {} |\n|---|---|\n| a3 | 0.7550 |\n",
    "line.txt": "student: Zoë, code: {}, a3 = 0.7550\n",
    "wide.csv": cells(HEADED),
    "problem.csv": cells([["student", "Problem code", "a3"], HEADED[1]]),
    "first.csv": cells([["code", "a3"], ["{}", "0.7550"]]),
    "long.csv": cells([["student", "code", "line", "answer"], [STUDENT, "{}", "a3", "0.7550"]]),
    "rows.csv": cells([["line", "answer"], ["code", "{}"], ["a3", "0.7550"], ["y3", "0.6803"], ["a4", "0.68"]]),
    "columns.csv": cells([["line", "Zoë", "Bob"], ["problem", "{}", "{}"], *([n, v, v] for n, v in ANSWERS.items())]),
    "wide.xlsx": HEADED,
    "a.json": '{{"student": "Zoë", "code": "{}", "a3": "0.7550"}}',
    "b.json": '[{{"problem": "{}", "answers": {{"a3": 0.7550}}}}]',
    "marks.ipynb": ("markdown", "Problem: {}\n\na3 = 0.7550"),
    "code.ipynb": ("code", 'student = "Zoë"\ncode = "{}"\na3 = 0.7550'),
}  # fmt: skip


def naming(name, code):
    """A file that names its problem by this code."""
    content = NAMING[name]
    if name.endswith(".xlsx"):
        return workbook([[cell.format(code) for cell in row] for row in content])
    if name.endswith(".ipynb"):
        return notebook((content[0], content[1].format(code)))
    return content.format(*[code] * content.count("{}"))


@pytest.mark.parametrize("name", NAMING)
def test_every_form_may_name_its_problem(file, tmp_path, name):
    reading = file(name, naming(name, PROBLEM.code))
    assert reading.complaints == []
    assert {s.code for s in reading.submissions} == {PROBLEM.code}
    assert all(texts(s)["a3"] == ANSWERS["a3"] for s in reading.submissions)
    assert all(s.remarks == () for s in reading.submissions)
    assert collect.collect([tmp_path / name], PROBLEM).submissions


@pytest.mark.parametrize("name", NAMING)
def test_a_file_of_another_problem_is_not_graded_and_it_is_said(file, tmp_path, name):
    reading = file(name, naming(name, OTHER))
    assert {s.code for s in reading.submissions} == {OTHER}
    collected = collect.collect([tmp_path / name], PROBLEM)
    assert collected.submissions == []
    assert len(collected.complaints) == len(reading.submissions)
    said = f"this sheet belongs to problem {OTHER}, not to {PROBLEM.code}; not graded"
    assert all(said in complaint for complaint in collected.complaints)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0H39-T9CV", "0H39-T9CV"),
        (" 0h39-t9cv ", "0H39-T9CV"),
        ("OH39-T9CV", "0H39-T9CV"),
        ("0H39–T9CV", "0H39-T9CV"),
        ("0H39 - T9CV", "0H39-T9CV"),
        ("Huddar's example (0H39-T9CV)", "0H39-T9CV"),
        ("IL39-T9CV", "1139-T9CV"),
        ("ABCD-EFGH", "ABCD-EFGH"),
        ("back-prop", ""),
        ("Homework 2", ""),
        ("Problem1", ""),
        ("12345-6789", ""),
        ("2026-11-21", ""),
        ("0H39-T9CU", ""),
        ("0H39T9CV", ""),
        ("", ""),
    ],
)
def test_a_code_is_read_as_it_is_copied_by_hand(typed, code):
    assert code_in(typed) == code


def test_of_two_codes_the_one_that_differs_counts(file, tmp_path):
    content = f"code: {PROBLEM.code}\nproblem: {OTHER}\na3 = 0.7550\n"
    assert file("a.txt", content).submissions[0].code == OTHER
    assert collect.collect([tmp_path / "a.txt"], PROBLEM).submissions == []


def test_the_problem_may_be_given_by_its_title_and_what_is_no_code_is_remarked(file):
    (found,) = file("a.txt", f"problem: {PROBLEM.title.upper()}\na3 = 0.7550\n").submissions
    assert (found.code, found.remarks) == ("", ())
    (found,) = file("a.txt", "problem: Homework 2\ncode: 17\na3 = 0.7550\n").submissions
    assert found.code == ""
    assert found.remarks == (
        "The problem is given as “Homework 2”, which is no problem's code and was not compared.",
        "The problem is given as “17”, which is no problem's code and was not compared.",
    )


def test_a_variable_of_a_program_is_no_code_and_no_name(file):
    code = "code = 5\nproblem = 'x'\nid = 7\na3 = 0.7550"
    (found,) = file("zoe.ipynb", notebook(("code", code))).submissions
    assert (found.student, found.code, found.student_id, found.remarks) == ("zoe", "", "", ())


def test_a_column_of_students_codes_names_the_students(file):
    reading = file("class.csv", "code,a3\nA17,0.7550\nB4,0.7550\n")
    assert [(s.student, s.code) for s in reading.submissions] == [("A17", ""), ("B4", "")]
    assert "no line of this problem" in file("b.csv", "student,Problem 3,a3\nA17,x,0.7550\n").complaints[0]


@pytest.mark.parametrize(
    ("name", "content", "student", "identity"),
    [
        ("a.txt", "name: Zoë\nid: 4711\na3 = 1", "Zoë", "4711"),
        ("a.txt", "student id: 4711\na3 = 1", "4711", "4711"),
        ("a.md", "| name | Zoë |\n|---|---|\n| id | 4711 |\n| a3 | 1 |\n", "Zoë", "4711"),
        ("a.txt", "First name: Zoë\nLast name: Ada\na3 = 1", "Zoë Ada", ""),
        ("a.json", '{"id": 4711, "a3": 1}', "4711", "4711"),
        ("a.json", '{"name": "Zoë", "student_id": "4711", "a3": 1}', "Zoë", "4711"),
        ("a.json", '{"name": ["Zoë"], "id": {"x": 1}, "a3": 1}', "a", ""),
        ("a.csv", "name,id,a3\nZoë,4711,1\n", "Zoë", "4711"),
        ("a.csv", "id,code,a3\n4711,,1\n", "4711", "4711"),
        ("a.ipynb", notebook(("code", 'student = "Zoë"\nstudent_id = 4711\na3 = 1')), "Zoë", "4711"),
        ("a.ipynb", notebook(("markdown", "id: 4711\n\na3 = 1")), "4711", "4711"),
    ],
)
def test_a_students_id_is_kept_and_stands_in_for_a_name(file, name, content, student, identity):
    reading = file(name, content)
    assert reading.complaints == []
    assert [(s.student, s.student_id) for s in reading.submissions] == [(student, identity)]


def test_the_id_field_of_a_worksheet_is_read(file, sheet):
    data = filled(sheet, VALUES | {"student_id": "4711"})
    assert file("a.pdf", data).submissions[0].student_id == "4711"


# --- standard input ---


class Piped:
    def __init__(self, data):
        self.buffer = io.BytesIO(data)


@pytest.mark.parametrize(
    "content",
    [
        ONE_LINE,
        cells(WIDE),
        cells(LONG),
        cells(CANVAS),
        FILES["a.json"],
        FILES["code.ipynb"],
        FILES["wide.xlsx"],
    ],
    ids=["lines", "wide", "long", "canvas", "json", "notebook", "workbook"],
)
def test_standard_input_is_told_by_what_it_holds(monkeypatch, content):
    monkeypatch.setattr(sys, "stdin", Piped(content if isinstance(content, bytes) else content.encode()))
    reading = collect.collect([Path("-")], PROBLEM)
    assert reading.complaints == []
    assert texts(reading.submissions[0]) == ANSWERS


@pytest.mark.parametrize("content", [b"", b"\n", b"Hello", b"\0\xff" * 99, b"{", b"PK\x03\x04", b"%PDF-"])
def test_standard_input_that_holds_nothing_is_a_complaint(monkeypatch, content):
    monkeypatch.setattr(sys, "stdin", Piped(content))
    reading = collect.collect([Path("-")], PROBLEM)
    assert reading.submissions == []
    assert reading.complaints
    assert all(c.startswith("standard input") for c in reading.complaints)


# --- worksheets, as programs save them ---


@pytest.fixture(scope="module")
def sheet():
    return worksheet_pdf(PROBLEM)


VALUES = {"student": STUDENT, **ANSWERS}


def filled(sheet, values=VALUES):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(sheet))
    for page in writer.pages:
        writer.update_page_form_field_values(page, values)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def by_chromium(sheet):
    """Typed in and saved by PDFium, which is what Chromium does when a filled form is downloaded."""
    document = pypdfium2.PdfDocument(sheet)
    document.init_forms()
    form = document.formenv.raw
    for page in document:
        for i in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
            note = pdfium.FPDFPage_GetAnnot(page.raw, i)
            name, box = ctypes.create_string_buffer(400), pdfium.FS_RECTF()
            wide = ctypes.cast(name, ctypes.POINTER(pdfium.FPDF_WCHAR))
            size = pdfium.FPDFAnnot_GetFormFieldName(form, note, wide, 400)
            value = VALUES.get(name.raw[: size - 2].decode("utf-16-le"))
            pdfium.FPDFAnnot_GetRect(note, box)
            pdfium.FPDFPage_CloseAnnot(note)
            if value is not None:
                place = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
                pdfium.FORM_OnLButtonDown(form, page.raw, 0, *place)
                pdfium.FORM_OnLButtonUp(form, page.raw, 0, *place)
                typed = ctypes.create_string_buffer(f"{value}\0".encode("utf-16-le"))
                pdfium.FORM_ReplaceSelection(
                    form, page.raw, ctypes.cast(typed, ctypes.POINTER(pdfium.FPDF_WCHAR))
                )
                pdfium.FORM_ForceToKillFocus(form)
    return saved(document)


def by_firefox(sheet):
    """Appended to the end of the file as an incremental update, as pdf.js does."""
    writer = pypdf.PdfWriter(io.BytesIO(sheet), incremental=True)
    for page in writer.pages:
        writer.update_page_form_field_values(page, VALUES)
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(sheet)
    return out.getvalue()


def by_preview(sheet, *, value_below=False):
    """Fields parted into a field and its widget, strings in UTF-16, other information; the form's name before."""
    with pikepdf.open(io.BytesIO(filled(sheet))) as pdf:
        parents = []
        for widget in pdf.Root.AcroForm.Fields:
            parent = pdf.make_indirect(
                pikepdf.Dictionary(FT=widget.FT, T=widget.T, Kids=pikepdf.Array([widget]))
            )
            if "/V" in widget and not value_below:
                text = str(widget.V)
                del widget["/V"]
                parent.V = pikepdf.String(b"\xfe\xff" + text.encode("utf-16-be"))
            del widget["/T"]
            widget.Parent = parent
            parents.append(parent)
        pdf.Root.AcroForm.Fields = pikepdf.Array(parents)
        pdf.docinfo["/Producer"] = "macOS Quartz PDFContext"
        return _bytes(pdf)


def without_form(sheet):
    """The widgets stand on the pages, but the document has no form."""
    with warnings.catch_warnings(), pikepdf.open(io.BytesIO(filled(sheet))) as pdf:
        warnings.simplefilter("ignore")
        del pdf.Root["/AcroForm"]
        return _bytes(pdf)


def _bytes(pdf, **rest):
    out = io.BytesIO()
    pdf.save(out, **rest)
    return out.getvalue()


@pytest.mark.parametrize(
    "save",
    [filled, by_chromium, by_firefox, by_preview, lambda s: by_preview(s, value_below=True), without_form],
    ids=["pypdf", "chromium", "firefox", "preview", "preview, value below", "no form"],
)
def test_a_worksheet_is_read_however_it_was_saved(file, sheet, save):
    reading = file("a.pdf", save(sheet))
    assert reading.complaints == []
    (found,) = reading.submissions
    assert found.student == STUDENT
    assert found.code == PROBLEM.code
    assert texts(found) == ANSWERS


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("scale", [1.0, 0.94])
def test_a_flattened_worksheet_is_read_by_its_places(file, paper, scale):
    data = flattened(filled(worksheet_pdf(PROBLEM, paper)), scale=scale, shift=11)
    assert pikepdf.open(io.BytesIO(data)).Root.get("/AcroForm") is None or scale
    reading = file("a.pdf", data)
    assert reading.complaints == []
    (found,) = reading.submissions
    assert texts(found) == ANSWERS
    assert found.student == STUDENT
    assert found.code == PROBLEM.code
    assert "flattened" in found.remarks[0]


def test_a_flattened_worksheet_without_answers_in_its_text_is_recognised(file, sheet):
    reading = file("a.pdf", flattened(sheet))
    assert reading.submissions == []
    assert "a worksheet whose form was flattened, and no answer stands in it as text" in reading.complaints[0]


def test_a_flattened_worksheet_of_another_problem_is_not_graded(tmp_path):
    other = shipped("mazur-2-2-2")
    (tmp_path / "a.pdf").write_bytes(flattened(filled(worksheet_pdf(other), {"y3": "0.5"})))
    reading = collect.collect([tmp_path / "a.pdf"], PROBLEM)
    assert reading.submissions == []
    assert f"this sheet belongs to problem {other.code}" in reading.complaints[0]


# --- hostile files ---


def raw_pdf(*objects, trailer=b""):
    body = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF"
        % (
            size,
            table,
            size,
            trailer,
            len(body),
        )
    )


PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"


def form(fields):
    return raw_pdf(b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields %s >> >>" % fields, PAGES, PAGE)


def loop():
    return raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>",
        PAGES,
        PAGE,
        b"<< /T (x) /Kids [5 0 R 5 0 R 4 0 R] >>",
        b"<< /Kids [4 0 R 4 0 R 5 0 R] /Parent 4 0 R >>",
    )


def page_loop():
    return raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 99999999 >>"
    )


def many_objects():
    data = raw_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", PAGES, PAGE)
    return data.replace(b"xref\n0 4", b"xref\n0 1000000000").replace(b"/Size 4", b"/Size 1000000000")


def deflated_page():
    """A page whose contents unpack to 300 MB."""
    data = zlib.compress(b" " * 300_000_000, 1)
    content = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(data), data)
    page = PAGE.replace(b" >>", b" /Contents 4 0 R >>")
    return raw_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", PAGES, page, content)


def deflated_objects():
    """Objects in a stream that unpacks to 500 MB."""
    data = zlib.compress(b"5 0 " + b" " * 500_000_000, 1)
    stream = b"<< /Type /ObjStm /N 1 /First 4 /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (
        len(data),
        data,
    )
    xref = b"".join(
        kind.to_bytes(1) + value.to_bytes(4) + b"\0"
        for kind, value in ((0, 0), (2, 4), (0, 0), (0, 0), (1, 9))
    )
    body = b"%PDF-1.7\n4 0 obj\n" + stream + b"\nendobj\n"
    index = b"<< /Type /XRef /Size 5 /W [1 4 1] /Root 1 0 R /Length %d >>\nstream\n%s\nendstream" % (
        len(xref),
        xref,
    )
    return body + b"6 0 obj\n" + index + b"\nendobj\nstartxref\n%d\n%%%%EOF" % len(body)


def scripted(sheet):
    with pikepdf.open(io.BytesIO(filled(sheet))) as pdf:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("while (true) app.alert(1)"))
        pdf.Root.OpenAction = script
        for field in pdf.Root.AcroForm.Fields:
            field.AA = pikepdf.Dictionary(C=script)
        return _bytes(pdf)


HOSTILE_PDFS = {
    "loop": loop,
    "page loop": page_loop,
    "many objects": many_objects,
    "big array": lambda: form(b"[" + b"0 " * 3_000_000 + b"]"),
    "big fields": lambda: form(b"[" + b"<</T(a)>>" * 300_000 + b"]"),
    "deep": lambda: form(b"[" * 200_000),
    "deflated page": deflated_page,
    "deflated objects": deflated_objects,
    "noise": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 5_000,
}


@pytest.mark.part(3)
@pytest.mark.parametrize("name", HOSTILE_PDFS)
def test_a_hostile_pdf_is_a_complaint_and_ends_soon(file, name):
    data = HOSTILE_PDFS[name]()
    start = taken()
    reading = file("eve.pdf", data)
    assert taken() - start < 10
    assert reading.submissions == []
    assert len(reading.complaints) == 1
    assert reading.complaints[0].isprintable()


def test_scripts_in_a_pdf_are_left_alone(file, sheet):
    assert texts(file("a.pdf", scripted(sheet)).submissions[0]) == ANSWERS


def test_a_pdf_with_a_password_is_told_and_one_without_need_of_it_is_read(file, sheet):
    with pikepdf.open(io.BytesIO(filled(sheet))) as pdf:
        locked = _bytes(pdf, encryption=pikepdf.Encryption(user="secret", owner="secret"))
        restricted = _bytes(pdf, encryption=pikepdf.Encryption(user="", owner="secret"))
    assert "encrypted; save it without a password" in file("a.pdf", locked).complaints[0]
    assert texts(file("a.pdf", restricted).submissions[0]) == ANSWERS


def packed(**parts):
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


def changed(data, part, change):
    """A workbook with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


FIRST = "xl/worksheets/sheet1.xml"
LAUGHS = (
    b'<!DOCTYPE w [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]>"
)
HOSTILE_BOOKS = {
    "bomb": lambda: packed(xl__workbook_xml="x", xl__media__a=b"\0" * 190_000_000),
    "larger bomb": lambda: changed(workbook(WIDE), FIRST, lambda s: s + b" " * 210_000_000),
    "many parts": lambda: packed(xl__workbook_xml="x", **{f"p{i}": "" for i in range(3000)}),
    "no book": lambda: packed(a="b"),
    "names": lambda: packed(**{".._.._etc__passwd": "x", "xl__workbook_xml": "<x/>"}),
    "cut": lambda: workbook(WIDE)[:-400],
    "xml": lambda: changed(workbook(WIDE), FIRST, lambda s: s[: len(s) // 2]),
    "laughs": lambda: changed(workbook(WIDE), FIRST, lambda _: LAUGHS + b"<worksheet>&j;</worksheet>"),
    "deep": lambda: changed(workbook(WIDE), FIRST, lambda _: b"<a>" * 400_000),
    "old": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000,
    "words": lambda: b"student,a3\nAda,1\n",
}


@pytest.mark.parametrize("name", HOSTILE_BOOKS)
def test_a_hostile_workbook_is_a_complaint_and_ends_soon(file, name):
    data = HOSTILE_BOOKS[name]()
    start = taken()
    reading = file("eve.xlsx", data)
    assert taken() - start < 10
    assert reading.submissions == []
    assert len(reading.complaints) == 1
    assert reading.complaints[0].isprintable()


def test_a_cell_at_the_far_corner_costs_little(file):
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    data = changed(workbook(WIDE), FIRST, lambda s: s.replace(b"</sheetData>", far))
    start = taken()
    assert texts(file("a.xlsx", data).submissions[0]) == ANSWERS
    assert taken() - start < 5


SLOW = {
    "spaces.txt": b"a" + b" " * 5_000_000 + b"3 = 1",
    "unknown.txt": b"delta33 = 1\n" * 20_000,
    "dots.txt": b"a3 = " + b"0.1 a3 = " * 200_000,
    "commas.csv": b"," * 19_000_000,
    "lines.csv": b"student,a3\n" + b"\n" * 6_000_000,
    "short.csv": b"student,a3\n" + b"ae,bc\n" * 300_000,
    "students.csv": b"".join(b"s%d,a3,1\n" % i for i in range(60_000)),
    "columns.csv": b"student" + b",delta33" * 100_000 + b"\nAda",
    "quotes.csv": b'"' * 3_000_000,
    "objects.json": b"[" + b"{}," * 6_000_000 + b"{}]",
    "unknown.json": b"[" + b'{"delta33": 1},' * 100_000 + b"{}]",
    "cells.ipynb": json.dumps(
        {"cells": [{"cell_type": "code", "source": "delta33 = 1\n" * 500}] * 2000}
    ).encode(),
    "rows.md": b"| delta33 | 1 |\n" * 200_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_a_tedious_file_ends_soon_too(file, name):
    start = taken()
    reading = file(name, SLOW[name])
    assert taken() - start < 10
    unreadable = [text for s in reading.submissions for text in s.texts.values() if len(text) > 2_000]
    assert reading.complaints or unreadable
    assert len(reading.complaints) <= 62
    assert all(len(c) < 700 for c in reading.complaints)


def test_a_reader_that_hangs_is_ended_and_the_next_file_is_read(file, monkeypatch, sheet):
    monkeypatch.setitem(guard.SECONDS, "pdf", 0.001)
    monkeypatch.setattr(guard._WORKER, "served", 0)
    guard.stop()
    assert "took more than" in file("a.pdf", filled(sheet)).complaints[0]
    monkeypatch.undo()
    guard.stop()
    assert texts(file("a.pdf", filled(sheet)).submissions[0]) == ANSWERS


@pytest.mark.parametrize(("work", "ended"), [("while True: pass", True), ("time.sleep(1)", False)])
def test_what_counts_is_the_time_of_the_processor(work, ended):
    """A file that computes too long is ended by itself; one that waits for a busy machine is not."""
    code = f"import time; from grader.files.guarded import worker; worker._alarm(0.3)\n{work}"
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, timeout=60, cwd=Path(__file__).parent.parent
    )
    assert done.returncode == (-signal.SIGPROF if ended else 0)


def test_the_folder_of_the_students_files_is_no_place_for_modules(tmp_path, monkeypatch):
    (tmp_path / "openpyxl.py").write_text("raise SystemExit", encoding="utf-8")
    (tmp_path / "a.xlsx").write_bytes(workbook(WIDE))
    monkeypatch.chdir(tmp_path)
    guard.stop()
    assert texts(read(tmp_path / "a.xlsx", PROBLEM).submissions[0]) == ANSWERS


@pytest.mark.parametrize("name", ["../../../etc/passwd", "\x1b[31mEve\x07", "\u202eevE", "=cmd()", "a\nb"])
def test_a_hostile_name_of_a_student_is_one_printable_line(file, name):
    for suffix, content in (
        (".csv", cells([["student", "a3"], [name, "1"]])),
        (".xlsx", workbook([["student", "a3"], [name.replace("\x1b", "").replace("\x07", ""), 1.0]])),
        (".json", json.dumps({"student": name, "a3": "1"})),
    ):
        (found,) = file(f"a{suffix}", content).submissions
        assert found.student.isprintable()
        assert found.student


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xls", b"x", "save it as .xlsx or .csv"),
        ("a.csv", b"PK\x03\x04xx", "give it its own suffix"),
        ("a.txt", b"%PDF-1.7", "give it the suffix .pdf"),
        ("a.csv", b"\xd0\xcf\x11\xe0", "an old Excel file"),
    ],
)
def test_a_file_of_another_form_is_told(file, name, data, said):
    assert said in file(name, data).complaints[0]


def test_text_without_a_mark_is_told_from_utf_16():
    assert decode("a3 = 1\n".encode("utf-16-le")) == decode("a3 = 1\n".encode("utf-16-be")) == "a3 = 1\n"


LONG_ANSWER = "0.5" + "  + 0.5" * 400  # cut off after 2,000 characters it would be another number


def with_shared_string(text):
    """A workbook that keeps a cell's text apart from its cell, as Excel does."""
    rest = workbook([["student", "a3", "y3"], ["Ada", "here", "0.6803"]])
    out = io.BytesIO()
    relation = b'<Relationship Id="rIdS" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    with zipfile.ZipFile(io.BytesIO(rest)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == FIRST:
                content, count = re.subn(
                    rb't="inlineStr">\s*<is>\s*<t[^>]*>here</t>\s*</is>', b't="s"><v>0</v>', content
                )
                assert count == 1
            if name == "xl/_rels/workbook.xml.rels":
                content = content.replace(b"</Relationships>", relation)
            new.writestr(name, content)
        new.writestr("xl/sharedStrings.xml", f"<sst><si><t>{text}</t></si></sst>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", f"a3 = {LONG_ANSWER}\ny3 = 0.6803\n"),
        ("a.md", f"- **a3** = {LONG_ANSWER}\n- y3 = 0.6803\n"),
        ("a.csv", f"student,a3,y3\nAda,{LONG_ANSWER},0.6803\n"),
        ("a.json", json.dumps({"a3": LONG_ANSWER, "y3": "0.6803"})),
        ("a.ipynb", notebook(("code", f"a3 = {LONG_ANSWER}\ny3 = 0.6803"))),
        ("a.xlsx", workbook([["student", "a3", "y3"], ["Ada", LONG_ANSWER, "0.6803"]])),
        ("b.xlsx", with_shared_string(LONG_ANSWER)),
        ("a.pdf", filled(worksheet_pdf(PROBLEM), {"a3": LONG_ANSWER, "y3": "0.6803"})),
    ],
)
def test_an_answer_that_is_too_long_is_unreadable_and_never_cut(file, name, content):
    (found,) = file(name, content).submissions
    assert texts(found)["y3"] == "0.6803"
    answers = {q.name: a for q, a in read_answers(found.texts).items()}
    assert answers["a3"].reason == "it is longer than 2,000 characters"


def test_a_long_line_that_is_no_answer_is_told(file):
    reading = file("a.txt", "a3 = 0.7550\n" + "word " * 500 + "\n")
    assert "line 2: longer than 2,000 characters; not read" in reading.complaints[0]
