"""One student's answers to a whole problem set in one file: each form parts them, and every right one counts."""

import csv
import io
import json
import re

import openpyxl
import pypdf
import pytest
from click.testing import CliRunner
from making import flattened

from byhand import main
from grader.course.placing.several_problems import NONE, parts
from grader.files.registry import form_of

SET = """
title = "Thursday"
seed = "several in one"

[[exercise]]
kind = "computation-graph"
points = 5

[[exercise]]
shape = [2, 2, 1]
points = 20

[[exercise]]
shape = [2, 2, 1]
bias = false
points = 10

[[exercise]]
shape = [2, 2, 1]
points = 7

[[exercise]]
kind = "find-the-mistake"
points = 10
"""
POINTS = ["5", "20", "10", "7", "10", "52"]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A drawn set for two students, and what each has to write: by code, the texts by name."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "set.toml").write_text(SET, encoding="utf-8")
    (folder / "roster.csv").write_text("name,id\nAda Lovelace,1001\nAlan Turing,1002\n", encoding="utf-8")
    run("generate", folder / "set.toml", "--roster", folder / "roster.csv", "--out", folder / "set")
    right = {}
    with (folder / "set" / "manifest.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = json.loads(
                (folder / "set" / "keys" / f"{row['code']}-key.json").read_text(encoding="utf-8")
            )
            texts = {name: a["shown"].replace("−", "-") for name, a in key["answers"].items()}
            texts |= {name: said.partition(",")[0] for name, said in key.get("questions", {}).items()}
            right.setdefault(row["student_id"], {})[row["code"]] = texts
    return folder, right


def run(*arguments):
    result = CliRunner().invoke(main, list(map(str, arguments)))
    assert result.exit_code in (0, 1), result.output
    return result


def graded(course, tmp_path, files):
    """The rows of the results, by the student's id, and what else was said."""
    folder, _ = course
    handed = tmp_path / "handed"
    handed.mkdir()
    for name, data in files.items():
        (handed / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    out = tmp_path / "out"
    said = run(
        "grade", folder / "set", handed, "--roster", folder / "roster.csv", "--out", out, "--feedback", "none", "--jobs", 1
    )  # fmt: skip
    with (out / "results.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = {
            row["id"]: [row[c] for c in ("1", "2", "3", "4", "5", "total")] for row in csv.DictReader(file)
        }
    return rows, said.output


def table(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def long_rows(right):
    head = ["student", "code", "quantity", "answer"]
    return [
        head,
        *([s, c, n, v] for s, of in right.items() for c, texts in of.items() for n, v in texts.items()),
    ]


def wide_rows(right):
    names = list(dict.fromkeys(n for of in right.values() for texts in of.values() for n in texts))
    rows = [[s, c, *(texts.get(n, "") for n in names)] for s, of in right.items() for c, texts in of.items()]
    return [["student", "code", *names], *rows]


def workbook(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"s{number}")
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def entries(right):
    return [{"student": s, "code": c, **texts} for s, of in right.items() for c, texts in of.items()]


FORMS = {
    "long.csv": lambda right: table(long_rows(right)),
    "wide.csv": lambda right: table(wide_rows(right)),
    "long.xlsx": lambda right: workbook(long_rows(right)),
    "two sheets.xlsx": lambda right: workbook(*(wide_rows({s: of}) for s, of in right.items())),
    "list.json": lambda right: json.dumps(entries(right)),
}


@pytest.mark.part(6)
@pytest.mark.parametrize("form", FORMS)
def test_a_file_of_several_exercises_and_students_gets_every_point(course, tmp_path, form):
    rows, said = graded(course, tmp_path, {form.replace(" ", "-"): FORMS[form](course[1])})
    assert rows == {"1001": POINTS, "1002": POINTS}
    assert "is no line" not in said
    assert "twice" not in said


def test_an_object_with_a_group_for_each_code_gets_every_point(course, tmp_path):
    ada = course[1]["1001"]
    rows, said = graded(course, tmp_path, {"ada.json": json.dumps({"student_id": "1001", **ada})})
    assert rows["1001"] == POINTS
    assert "is no line" not in said


@pytest.mark.slow
def test_a_flattened_booklet_is_read_by_the_codes_on_its_pages(course, tmp_path):
    folder, right = course
    (booklet,) = (
        path for path in (folder / "set").rglob("*.pdf") if re.search(r"booklets.*1001", path.as_posix())
    )
    writer = pypdf.PdfWriter(clone_from=booklet)
    values = {f"{code}:{name}": text for code, texts in right["1001"].items() for name, text in texts.items()}
    for page in writer.pages[1:]:  # the cover has no fields
        writer.update_page_form_field_values(page, values)
    out = io.BytesIO()
    writer.write(out)
    rows, _ = graded(course, tmp_path, {"scan.pdf": flattened(out.getvalue())})
    assert rows["1001"] == POINTS


def test_rows_of_an_unknown_code_are_no_reason_to_lose_the_others(course, tmp_path):
    right = {"1001": {**course[1]["1001"], "0000-0000": {"a3": "1.5"}}}
    rows, said = graded(course, tmp_path, {"long.csv": table(long_rows(right))})
    assert rows["1001"] == POINTS
    assert "0000-0000" in said


def test_a_file_of_one_kind_is_left_whole():
    kinds = {"AAAA-0001": "AAAA-0001", "AAAA-0002": "AAAA-0001", "AAAA-0003": "AAAA-0003"}
    one = table([["student", "code", "a3"], ["1", "AAAA-0001", "2"], ["2", "AAAA-0002", "3"]])
    assert parts(form_of(".csv"), one.encode(), kinds) == NONE
    assert len(parts(form_of(".csv"), one.replace("0002", "0003").encode(), kinds).kinds) == 2
    remark = table([["student", "a3"], ["1 AAAA-0001", "AAAA-0003"]])  # codes, but no column of codes
    assert parts(form_of(".csv"), remark.encode(), kinds) == NONE
    assert parts(form_of(".json"), b"[1, 2", kinds) == NONE
