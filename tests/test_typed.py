"""Sheets typed in many habits are read, nothing is misread, and what is not read is told."""

import json
import re

import pytest
from click.testing import CliRunner
from making import shipped
from typed_sheets import judged, sheets, tally

from byhand import main
from exercises.pages.sheet_sections import sections as printed
from grader.answers.names import Names

CORPORA = {  # share that is read at least, and sheets of forty of which everything is; nothing is misread or lost
    "build": (0.99, 38),
    "second": (1.0, 41),
    "third": (0.98, 38),
    "fourth": (0.99, 39),
    "fifth": (0.99, 39),
    "sixth": (0.99, 38),
    "habits": (0.82, 28),
    "seventh": (0.98, 34),
    "eighth": (0.96, 31),
    "ninth": (0.98, 33),
    "tenth": (0.99, 37),
    "eleventh": (0.99, 39),
    "twelfth": (0.97, 28),
    "thirteenth": (0.98, 39),
    "fourteenth": (0.99, 37),
    "fifteenth": (0.99, 39),
    "sixteenth": (0.99, 39),
}
HUDDAR = shipped("huddar-1")


@pytest.mark.part(4)
@pytest.mark.parametrize("corpus", CORPORA)
def test_typed_sheets_are_read_and_none_is_misread(corpus):
    found = tally(corpus)
    assert (found["misread"], found["lost"]) == (0, 0)
    assert found["read"] >= CORPORA[corpus][0] * (found["read"] + found["unread"])
    assert found["clean"] >= CORPORA[corpus][1]


def test_a_sheet_is_read_alike_with_the_names_of_another_before_it():
    names = Names(HUDDAR)
    ours = [
        sheet
        for corpus in CORPORA
        for sheet in sheets(corpus)
        if sheet.on == "huddar-1" and sheet.suffix == "txt"
    ]
    for sheet in ours[:30]:
        fresh = judged(sheet)[1]
        assert judged(sheet, names)[1] == fresh, sheet.name


def test_a_word_for_new_that_nobody_knows_is_learned_from_the_weights_it_stands_behind(tmp_path):
    weights = {
        "W13": "0.0991",
        "W23": "0.7976",
        "W14": "0.3971",
        "W24": "0.5926",
        "W35": "0.2723",
        "W45": "0.8730",
    }
    text = "".join(f"{name} quux = {value}\n" for name, value in weights.items())
    answers = json.loads(read(tmp_path, "a.txt", f"{text}y5 quux: 0.682", "huddar-1", "--json").stdout)[
        "answers"
    ]
    assert {name: one["text"] for name, one in answers.items()} == {
        "y5_new": "0.682",
        **{f"{name}_new": value for name, value in weights.items()},
    }
    gradients = f"a3 = 0.755\n{text.replace('0.', '0.00')}"  # too far from the given weights
    found = json.loads(read(tmp_path, "b.txt", gradients, "huddar-1", "--json").stdout)
    assert list(found["answers"]) == ["a3"]


def read(tmp_path, name, text, *args):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["read", str(file), *args])


def test_a_file_is_shown_as_read_with_what_was_left_over(tmp_path):
    found = read(tmp_path, "a.txt", "a3 = 0.755\nthe other thing 0.123 or 0.55\n", "huddar-1")
    assert found.exit_code == 1
    assert re.search(r"a₃ +0\.755 +line 1", found.stdout)
    assert "Not read:\n  line 2: the other thing 0.123 or 0.55" in found.stdout


def test_the_same_as_json_is_what_the_report_holds(tmp_path):
    found = json.loads(read(tmp_path, "a.txt", "a3 = 0.755\nW13 neu: 0.0991\n", "huddar-1", "--json").stdout)
    assert found["answers"] == {
        "a3": {"text": "0.755", "where": "line 1", "by": "text"},
        "W13_new": {"text": "0.0991", "where": "line 2", "by": "text"},
    }
    assert found["left_over"] == []
    graded = CliRunner().invoke(main, ["grade", "huddar-1", str(tmp_path / "a.txt"), "--json"])
    report = json.loads(graded.stdout)
    told = {one["quantity"]: one["read"] for one in report["answers"] if "read" in one}
    assert (told, report["left_over"]) == (found["answers"], [])


def test_the_problem_is_told_by_the_code_where_it_is_known(tmp_path):
    found = read(tmp_path, "a.txt", f"code: {HUDDAR.code}\na3 = 0.755\n")
    assert "a₃" in found.stdout
    assert "name the problem too" in read(tmp_path, "b.txt", "a3 = 0.755\n").stderr


def test_a_sheet_of_which_less_than_half_was_read_is_for_a_person(tmp_path):
    text = "a3 = 0.755\n" + "".join(f"the thing {n} there was 0.{n}23 or 0.{n}5\n" for n in range(1, 4))
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    found = CliRunner().invoke(main, ["grade", "huddar-1", str(tmp_path / "a.txt"), "--json"])
    assert "a person must look" in found.stderr
    assert json.loads(found.stdout)["flags"] == ["look"]


MOODLE = "Last name,First name,Status,Response 1,Response 2\n"
LINES = [step.quantity for section in printed(HUDDAR) for step in section.steps]
GAPS = "; ".join(f"part {n}: 0.{n:04}" for n in range(1, len(LINES) + 1))


def test_gaps_without_the_questions_text_are_in_the_exported_order(tmp_path):
    found = json.loads(
        read(tmp_path, "a.csv", f'{MOODLE}Doe,Jo,Finished,"{GAPS}",\n', "huddar-1", "--json").stdout
    )
    assert [one["text"] for one in found["answers"].values()] == [
        f"0.{n:04}" for n in range(1, len(LINES) + 1)
    ]
    assert list(found["answers"]) == [q.name for q in LINES]


def test_two_questions_of_the_same_length_are_not_guessed_at(tmp_path):
    found = read(tmp_path, "a.csv", f'{MOODLE}Doe,Jo,Finished,"{GAPS}","{GAPS}"\n', "huddar-1", "--json")
    assert json.loads(found.stdout)["answers"] == {}
    assert "nothing tells which is this one" in found.stderr


def test_an_attempt_that_goes_on_is_not_handed_in(tmp_path):
    found = read(tmp_path, "a.csv", f'{MOODLE}Doe,Jo,In progress,"{GAPS}",\n', "huddar-1", "--json")
    assert found.stdout == ""
    assert "an attempt that is not handed in (“In progress”)" in found.stderr
