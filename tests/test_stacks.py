"""From a stack of paper to marks: pages in any order and file, what is missing, what came twice, what a person must see."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
import zxingcpp
from click.testing import CliRunner
from making import drawn, shipped
from photographs import as_file, photograph, printed, tick, write

from answer_keys import keyfile
from answer_keys.solution import solve
from byhand import main
from exercises.paper import codes
from exercises.paper.sheet import paper_sheet
from grader.answers.unsure import SHOWN, for_people, seen_only, unsure
from grader.scans.parts import SheetPart
from grader.stacks.grouping import grouped

SET = (
    'title = "T"\nseed = "s"\nfor = "paper"\n[[exercise]]\nshape = "2-1"\npoints = 1\n'
    '[[exercise]]\nproblem = "huddar-1"\npoints = 1\n'
)


def run(*arguments):
    return CliRunner().invoke(main, [str(a) for a in arguments])


def part(page, code="CKB8-TVAF", owner="", file="a.pdf", pages=3):
    return SheetPart(code, page, pages, owner, file, f"page {page}", (), {})


def test_pages_of_one_owner_come_together_wherever_they_lie():
    parts = [part(2, owner="1"), part(1, owner="2"), part(1, owner="1", file="b.jpg"), part(3, owner="1")]
    first, second = grouped(parts, lambda one: one.owner)
    assert [one.page for one in first.parts] == [1, 2, 3]
    assert (first.owner, first.missing, first.remarks) == ("1", [], ())
    assert first.place == "page 1; and a.pdf, page 2, a.pdf, page 3"
    assert second.missing == [2, 3]
    assert second.remarks == ("Pages 2, 3 of 3 did not come.",)


def test_a_page_that_came_twice_counts_as_it_came_last():
    (sheet,) = grouped([part(1), part(2), part(1, file="b.pdf"), part(3)], lambda _: "someone")
    assert [one.file for one in sheet.parts] == ["b.pdf", "a.pdf", "a.pdf"]
    assert sheet.remarks == ("Page 1 came twice; b.pdf, page 1 counts, not a.pdf, page 1.",)


def test_copies_for_everybody_go_on_until_a_page_comes_again():
    sheets = grouped([part(n) for n in (1, 2, 3, 2, 1, 3, 1)], lambda _: "")
    assert [[one.page for one in sheet.parts] for sheet in sheets] == [[1, 2, 3], [1, 2, 3], [1]]


def test_photographs_of_one_sheet_each_a_file_of_its_own():
    names = [
        ("sam-1.jpg", 1),
        ("sam-2.jpg", 2),
        ("sam-3.jpg", 3),
        ("kim (1).jpg", 1),
        ("kim (2).jpg", 2),
        ("7.jpg", 3),
    ]
    parts = [SheetPart("CKB8-TVAF", page, 3, "", name, "", (), {}) for name, page in names]
    assert [len(sheet.parts) for sheet in grouped(parts, lambda _: "")] == [3, 2, 1]
    jumps = [
        SheetPart("CKB8-TVAF", page, 3, "", f"IMG_{n}.jpg", "", (), {}) for n, page in enumerate((1, 3, 1, 2))
    ]
    assert [len(sheet.parts) for sheet in grouped(jumps, lambda _: "")] == [1, 1, 2]


def test_what_was_only_seen_is_no_number_and_says_why():
    text = unsure("it is smeared")
    assert seen_only(text).reason == "it is smeared"
    assert for_people(text) == SHOWN
    assert seen_only("0.5") is None
    assert for_people("0.5") == "0.5"


@pytest.fixture(scope="module")
def sheet():
    problem = shipped("huddar-1")
    return problem, paper_sheet(problem)


def right(problem, where):
    solution = solve(problem)
    return {q.name: solution.shown(q).replace("−", "-") for q in solution.values if q.name in where["cells"]}


def test_a_sheet_on_paper_is_graded_with_its_key(sheet, tmp_path):
    problem, made = sheet
    key = tmp_path / "h-key.json"
    key.write_text(keyfile.to_json(solve(problem), paper=made.where), encoding="utf-8")
    answers = right(problem, made.where) | {"delta3": "-0.0122"}
    del answers["y3"]
    pages = write(printed(made.pdf), made.where, answers)
    tick(pages, made.where, "a4")
    (tmp_path / "sam.pdf").write_bytes(as_file([pages[1], np.rot90(pages[0], 2)], "PDF"))
    done = run("grade", key, tmp_path / "sam.pdf", "--json")
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    found = {a["quantity"]: a for a in report["answers"]}
    assert found["delta3"]["verdict"] == "wrong"
    assert found["delta3"]["mistakes"][0]["name"] == "activation slope forgotten"
    assert found["y3"]["verdict"] == "missing"
    assert (found["a4"]["verdict"], found["a4"]["submitted"]) == ("unreadable", SHOWN)
    assert "asks that a person look" in found["a4"]["feedback"]
    here = {name for name, own in made.where["cells"].items() if own["page"] < 3} - {"delta3", "y3", "a4"}
    verdicts = {found[name]["verdict"] for name in here}
    assert verdicts <= {"correct", "follows", "unreadable"}
    assert sum(found[name]["verdict"] == "unreadable" for name in here) <= 3
    lost = {name for name, own in made.where["cells"].items() if own["page"] == 3}
    assert {found[name]["verdict"] for name in lost} == {"unreadable"}
    assert "Page 3 of 3 did not come." in report["remarks"]
    done = run("grade", "huddar-1", tmp_path / "sam.pdf")
    assert "name that key" in done.output


@pytest.mark.slow
def test_numbers_with_an_exponent_are_printed_written_read_and_judged(tmp_path):
    """All lines of a sheet to three significant figures with an exponent; that of the smallest is one too large."""
    problem = replace(drawn((1, 1), seed="paper"), figures=3)
    made, solution = paper_sheet(problem), solve(problem)
    assert all(len(own["power"]) == 3 for own in made.where["cells"].values())
    values = {q.name: solution.values[q] for q in solution.values if q.name in made.where["cells"]}
    powers = {name: value.adjusted() for name, value in values.items()}
    answers = {name: f"{value.scaleb(-powers[name]):.2f}e{powers[name]}" for name, value in values.items()}
    small = min(powers, key=lambda name: powers[name])
    assert powers[small] < -1
    answers[small] = answers[small].replace(f"e{powers[small]}", f"e{powers[small] + 1}")
    key = tmp_path / "p-key.json"
    key.write_text(keyfile.to_json(solution, paper=made.where), encoding="utf-8")
    (tmp_path / "sam.pdf").write_bytes(as_file(write(printed(made.pdf), made.where, answers), "PDF"))
    done = run("grade", key, tmp_path / "sam.pdf", "--json")
    found = {a["quantity"]: a for a in json.loads(done.stdout)["answers"]}
    read = {name: a["submitted"] for name, a in found.items() if a["verdict"] != "unreadable"}
    assert read == {name: answers[name] for name in read}
    assert len(read) >= len(answers) - 2
    assert found[small]["verdict"] in {"wrong", "unreadable"}
    assert {found[name]["verdict"] for name in read if name != small} <= {"correct", "follows"}


@pytest.mark.slow
def test_a_course_with_a_shuffled_stack_and_photographs(tmp_path):
    (tmp_path / "set.toml").write_text(SET)
    (tmp_path / "roster.csv").write_text("name,id\nAda,1001\nAlan,1002\n")
    roster = ("--roster", tmp_path / "roster.csv")
    assert run("generate", tmp_path / "set.toml", *roster, "--out", tmp_path / "set").exit_code == 0
    pages = []
    for booklet in sorted((tmp_path / "set" / "booklets").glob("*.pdf")):
        sheets = {}
        for page in (own := printed(booklet.read_bytes())):
            said = codes.page_code(zxingcpp.read_barcodes(page)[0].text)
            if said:
                sheets.setdefault(said.problem, []).append(page)
        for code, found in sheets.items():
            key = tmp_path / "set" / "keys" / f"{code}-key.json"
            where = keyfile.paper(key)
            write(found, where, right(keyfile.read(key), where))
        pages += own
    returned = tmp_path / "returned"
    returned.mkdir()
    order = np.random.default_rng(5).permutation(len(pages))
    (returned / "stack.pdf").write_bytes(as_file([pages[n] for n in order[2:]], "PDF"))
    for n in order[:2]:
        (returned / f"IMG_{n}.jpg").write_bytes(as_file([photograph(pages[n], seed=int(n), turn=int(n) % 4)]))
    (returned / "notes.jpg").write_bytes(
        as_file([np.random.default_rng(1).integers(0, 255, (900, 700), np.uint8)])
    )
    done = run(
        "grade", tmp_path / "set", returned, *roster, "--out", tmp_path / "results", "--feedback", "none"
    )
    assert done.exit_code == 1
    assert "notes.jpg: " in done.output
    assert "no page of byhand is to be seen on it" in done.output
    reports = [json.loads(line) for line in (tmp_path / "results" / "results.jsonl").read_text().splitlines()]
    assert sorted({(r["student"], r["code"]) for r in reports}) == sorted(
        (r["student"], r["code"]) for r in reports
    )
    assert len(reports) == 4
    verdicts = [a["verdict"] for r in reports for a in r["answers"]]
    assert set(verdicts) <= {"correct", "follows", "unreadable"}
    assert verdicts.count("unreadable") <= 0.05 * len(verdicts)
    files = (tmp_path / "results" / "files.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(files.splitlines()))
    assert {row["student_id"] for row in rows if row["status"] == "graded"} == {"1001", "1002"}
    again = run(
        "grade", tmp_path / "set", returned, *roster, "--out", tmp_path / "results", "--feedback", "none"
    )
    assert [
        json.loads(x) for x in (tmp_path / "results" / "results.jsonl").read_text().splitlines()
    ] == reports
    assert again.exit_code == 1
    assert run("regrade", tmp_path / "results", "--write").exit_code in (0, 1)
