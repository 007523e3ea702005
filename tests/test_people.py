"""Rosters as spreadsheets and gradebooks leave them, and whose a file is by its name."""

import pytest

from exercises.common.errors import FileError
from grader.course.people.people import Roster, Student
from grader.course.people.roster_file import read_roster

ROSTER = Roster(
    (
        Student("4711", "Ada Lovelace", "ada@x.org"),
        Student("4712", "Alan Turing", "alan@x.org"),
        Student("4713", "Grace Hopper", "amazing@x.org"),
    )
)


@pytest.mark.parametrize(
    ("file", "ids"),
    [
        ("Alan Turing_4711_assignsubmission_file_/answers.txt", ["4712"]),  # Moodle's numbers are nobody's ID
        ("Alan Turing_4711_assignsubmission_onlinetext_/onlinetext.html", ["4712"]),
        ("Nobody Known_4711_assignsubmission_file_/answers.txt", []),
        ("turingalan_4711_4713_answers.txt", ["4712"]),  # nor are those of Canvas
        ("turingalan_LATE_4711_4713_answers-1.pdf", ["4712"]),
        ("hw_01_4713_x.txt", ["4713"]),
        ("4711-homework.txt", ["4711"]),
        ("Ada Lovelace 4711.txt", ["4711"]),
        ("Ada Lovelace 4712.txt", ["4711", "4712"]),  # the two disagree, and a person must look
        ("Ada Byron homework.txt", []),  # ada@x.org is not every Ada
        ("ada.txt", ["4711"]),
        ("amazing homework.txt", ["4713"]),
    ],
)
def test_whose_a_file_is_by_its_name(file, ids):
    assert [student.id for student in ROSTER.in_file_name(file)] == ids


def rostered(tmp_path, text):
    path = tmp_path / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [(student.id, student.name) for student in read_roster(path).students]


def test_a_number_that_a_program_wrote_as_a_fraction_is_the_number(tmp_path):
    assert rostered(tmp_path, "Name,ID\nAda,12345678.0\nBo,7.5\n") == [("12345678", "Ada"), ("7.5", "Bo")]
    assert ROSTER.with_id("4712.0") == ROSTER.students[1]


CANVAS = 'Student,ID,SIS User ID,Section\n    Points Possible,,,\n{}\n"Student, Test",503,,A\n'


def test_a_gradebook_of_canvas_is_a_roster(tmp_path):
    both = '"Lovelace, Ada",501,0042,A\n"Turing, Alan",502,0043,A'
    assert rostered(tmp_path, CANVAS.format(both)) == [("0042", "Lovelace, Ada"), ("0043", "Turing, Alan")]
    assert [one for one, _ in rostered(tmp_path, CANVAS.format(both.replace("0043", "")))] == ["501", "502"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Name,ID\nAda,1.2E+07\n", "row 2: the id 1.2E\\+07 was shortened by a spreadsheet"),
        (b"PK\x03\x04 and so on", "a workbook; save it as CSV"),
    ],
)
def test_what_a_spreadsheet_spoiled_is_said(tmp_path, text, said):
    with pytest.raises(FileError, match=said):
        rostered(tmp_path, text)


def test_an_address_that_two_have_is_neithers_and_an_id_is_stronger():
    roster = Roster(
        (
            Student("1", "Ann Lee", "ann@x.org"),
            Student("2", "Ann Li", "ann@y.org"),
            Student("bo", "Cy Wu", "none@x.org"),
            Student("4", "Bo Ek", "bo@x.org"),
            Student("5", "Di Po", "none@x.org"),
        )
    )
    found = {key: roster.with_id(key) for key in ("ann", "ann@x.org", "bo", "none@x.org", "bo@x.org")}
    assert {key: student and student.id for key, student in found.items()} == {
        "ann": None, "ann@x.org": "1", "bo": "bo", "none@x.org": None, "bo@x.org": "4",
    }  # fmt: skip
