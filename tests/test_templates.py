"""Sheets to type into: what is typed there is read back whole, and a blank one is blank."""

import io
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from making import drawn, perfect, shipped

from byhand import main
from exercises.pages.answer_template import template
from grader.answers.names import Names
from grader.files.extraction.source import Source
from grader.files.read import read_bytes

FORMS = ("txt", "csv", "xlsx", "md")
PROBLEMS = {
    "huddar-1": shipped("huddar-1"),
    "mazur-2-2-2": shipped("mazur-2-2-2"),
    "tutorial-2-2-1": shipped("tutorial-2-2-1"),
    "wide": drawn((2, 3, 2), seed="template"),
}


def in_workbook(data, answers):
    book = openpyxl.load_workbook(io.BytesIO(data))
    typed = {"name": "Ada", **answers}
    for row in book.active.iter_rows():
        if row[0].value in typed:
            book.active.cell(row[0].row, 2).value = typed[row[0].value]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def typed_in(line, form, answers):
    name = line.strip("| ").split(" ")[0].split(",")[0].split(":")[0]
    if name == "name":
        return "name,Ada" if form == "csv" else "name: Ada"
    if name not in answers:
        return line
    text = answers[name]
    return {
        "txt": f"{line}{text}",
        "csv": line.replace(",,", f",{text},"),
        "md": line.replace("|  |", f"| {text} |"),
    }[form]


def filled(data, form, answers):
    """The sheet with its answers typed in, as a person would."""
    if form == "xlsx":
        return in_workbook(data, answers)
    lines = data.decode("utf-8-sig").splitlines()
    return "\n".join(typed_in(line, form, answers) for line in lines).encode()


def read(data, form, problem):
    source = Source(Path(f"a.{form}"), problem, Names(problem))
    return read_bytes(data, f".{form}", source)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", PROBLEMS)
def test_what_is_typed_is_read_back_whole(form, name):
    problem = PROBLEMS[name]
    answers = {q.name: text for q, text in perfect(problem).items()}
    reading = read(filled(template(problem, form), form, answers), form, problem)
    assert reading.complaints == []
    (found,) = reading.submissions
    assert (found.student, found.code, found.left_over) == ("Ada", problem.code, ())
    assert {q.name: text for q, text in found.texts.items()} == answers


@pytest.mark.parametrize("form", FORMS)
def test_a_blank_one_is_blank(form):
    problem = PROBLEMS["huddar-1"]
    reading = read(template(problem, form), form, problem)
    assert [t for s in reading.submissions for t in s.texts.values() if t.strip()] == []
    assert [s.left_over for s in reading.submissions if s.left_over] == []


def test_they_lie_beside_the_worksheet(tmp_path):
    options = [part for form in FORMS for part in ("--template", form)]
    result = CliRunner().invoke(main, ["generate", "huddar-1", *options, "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert {path.name.rpartition("-answers.")[2] for path in tmp_path.glob("*-answers.*")} == set(FORMS)
