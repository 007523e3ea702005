"""The course as it really runs: gradebooks of every make, rosters from a spreadsheet, late, together and by hand."""

import csv
import itertools
import unicodedata
from zipfile import ZipFile

import pypdf
import pytest
from click.testing import CliRunner
from course_making import NOON, lines, problem, put, right, students, write_course, write_csv, wrong

import byhand
from exercises.common.errors import FileError
from exercises.common.file_names import in_number_order
from exercises.problems.policy import DAY, Policy, read_policy
from grader.course.people.people import Roster, Student
from grader.course.people.roster_file import read_roster
from grader.course.results import canvas_gradebook


def call(*args):
    """Call byhand as from a terminal; no call may end in an exception."""
    result = CliRunner().invoke(byhand.main, [str(a) for a in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert "stumbled over something" not in result.output
    return result


def table(path):
    """The rows of a CSV file by their headings."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def few(tmp_path):
    """Three students with problems, a folder to hand in, and a call that grades."""
    problems, roster = write_course(tmp_path, 3)
    handed = tmp_path / "handed"
    handed.mkdir()

    def grade(*more):
        return call(
            "grade",
            problems,
            handed,
            "--roster",
            roster,
            "--out",
            tmp_path / "out",
            "--feedback",
            "none",
            *more,
        )

    return tmp_path, handed, grade


def all_right(handed):
    for n, (identity, _) in enumerate(students(3)):
        put(handed / f"{n}.txt", lines(right(n), identity=identity))


# --- gradebooks ---

PEOPLE = (
    ("0042", "Ångström, Björn", "b@x.org"), ("1002", "Wei Li", "li@x.org"), ("1003", "van der Berg, Éva Maria", "e@x.org"),
    ("1004", "O'Neill, Sean", "sean@x.org"), ("1005", "Lee, Ann", "ann1@x.org"), ("1006", "Lee, Ann", "ann2@x.org"),
    ("1007", '"Bo" Smith-Jones', "bo@x.org"), ("1008", "Prince", "prince@x.org"),
)  # fmt: skip
MARKS = {
    "0042": 18.9431,
    "1002": 20.0,
    "1003": 3.3333,
    "1004": 0.0,
    "1005": 7.5,
    "1006": 8.25,
    "1007": 1.1,
    "1008": 2.0,
}
VARIANTS = list(
    itertools.product(
        [",", ";"], [False, True], ["\n", "\r\n"], ["SIS User ID", "SIS Login ID"], [False, True]
    )
)


def last_first(name):
    """A name as Canvas sorts it."""
    if "," in name or " " not in name:
        return name
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}"


def export(delimiter, halves, ending, kind, localised):
    """A gradebook as Canvas writes it; Canvas' own numbers are other students' IDs, to trip whoever mixes kinds."""
    names = ["LastName", "FirstName"] if halves else ["Student"]
    locked = "(schreibgeschützt)" if localised else "(read only)"
    head = [*names, "ID", "SIS User ID", "SIS Login ID", "Section", "Notes", "PS 1 (77)", "Final Score"]
    worth = "25,00" if delimiter == ";" else "25.00"
    rows = [head, ["    Points Possible", *[""] * (len(names) + 4), worth, locked]]
    for n, (identity, name, mail) in enumerate(PEOPLE):
        shown = last_first(name)
        parts = (
            [part.strip() for part in (shown.partition(",")[0], shown.partition(",")[2])]
            if halves
            else [shown]
        )
        sis = identity.lstrip("0") if kind == "SIS User ID" else ""
        rows.append([*parts, str(1001 + (n + 3) % 8), sis, mail, "A and B", "a, note", "", "50"])
    test = ["Student", "Test"] if halves else ["Student, Test"]
    rows.append([*test, "99", "", "9f8e", "A", "", "", ""])
    out = []
    for row in rows:
        cells = [
            f'"{cell.replace(chr(34), chr(34) * 2)}"' if any(c in cell for c in ',;"') else cell
            for cell in row
        ]
        out.append(delimiter.join(cells))
    return ("\ufeff" if localised else "") + ending.join(out) + ending


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_every_mark_comes_into_the_row_of_its_student_in_thirty_two_gradebooks(tmp_path, variant):
    text = export(*variant)
    path = tmp_path / "e.csv"
    path.write_bytes(text.encode())
    marks = [(Student(*person), MARKS[person[0]]) for person in PEOPLE]
    filled = canvas_gradebook.fill(path, "PS 1 (77)", marks)
    assert (filled.unmatched, filled.matched, filled.changed, filled.possible) == ((), 8, (), 25.0)
    new = filled.data.decode()
    rows = list(csv.reader(new.removeprefix("\ufeff").splitlines(), delimiter=variant[0]))
    old = list(csv.reader(text.removeprefix("\ufeff").splitlines(), delimiter=variant[0]))
    place = rows[0].index("PS 1 (77)")
    assert [float(row[place].replace(",", ".")) for row in rows[2:-1]] == [MARKS[p[0]] for p in PEOPLE]
    assert all(("," in row[place]) == (variant[0] == ";" and "." in str(MARKS[p[0]]).rstrip("0").rstrip("."))
               for row, p in zip(rows[2:-1], PEOPLE, strict=True))  # fmt: skip
    for before, after in zip(old, rows, strict=True):
        assert before[:place] + before[place + 1 :] == after[:place] + after[place + 1 :]
    assert [row[place] for row in (*rows[:2], rows[-1])] == [row[place] for row in (*old[:2], old[-1])]
    with pytest.raises(FileError, match="read only"):
        canvas_gradebook.fill(path, "Final Score", marks)


def fill(tmp_path, text, *people):
    path = tmp_path / "e.csv"
    path.write_bytes(text.encode())
    filled = canvas_gradebook.fill(
        path, "PS 1 (77)", [(Student(i, name, mail), mark) for i, name, mail, mark in people]
    )
    return filled, filled.data.decode()


HEAD = "Student,ID,SIS User ID,SIS Login ID,Section,PS 1 (77)\n    Points Possible,,,,,25.00\n"


def test_a_number_that_is_somebody_elses_in_another_column_touches_no_row(tmp_path):
    text = f'{HEAD}"Abel, Ann",1004,990,aa@x,A,\n"Müller, Stu",11,1001,s1@x,A,\n'
    filled, new = fill(tmp_path, text, ("1001", "Stu Müller", "", 3.0), ("1004", "Bo Li", "", 4.0))
    assert new == text.replace("s1@x,A,", "s1@x,A,3")
    assert [(student.id, why) for student, why in filled.unmatched] == [("1004", "")]
    filled, new = fill(tmp_path, text, ("1001", "Stu Müller", "", 3.0), ("990", "Bo Li", "", 4.0))
    assert "“Abel, Ann”" in filled.unmatched[0][1]
    assert "990,aa@x,A,\n" in new


def test_an_id_that_stands_twice_touches_neither_row_and_is_said(tmp_path):
    rows = '"García, José",105,s9,jg,1,\n"Other, P",106,s9,op,2,4\n'
    filled, new = fill(tmp_path, HEAD + rows, ("s9", "García, José", "", 3.0))
    assert new == HEAD + rows
    assert "stands in 2 rows (“García, José” and “Other, P”)" in filled.unmatched[0][1]
    rows = '"García, José",105,s9,jg,1,1\n"García, José",105,s9,jg,2,\n'
    assert fill(tmp_path, HEAD + rows, ("s9", "García, José", "", 3.0))[1] == HEAD + rows


def test_a_name_alone_will_do_only_where_no_id_speaks_against_it(tmp_path):
    rows = '"Lee, Ann",12,,ann@x,A,\n"Wei, Li",13,1003,w@x,A,\n"Bo, Ada",14,1004,w@x,A,\n'
    people = (("1002", "Ann Lee", "", 1.5), ("1003", "Wei Li", "", 2.5), ("1009", "Ada Bo", "", 3.5))
    filled, new = fill(tmp_path, HEAD + rows, *people)
    assert new == HEAD + rows.replace("ann@x,A,", "ann@x,A,1.5").replace("1003,w@x,A,", "1003,w@x,A,2.5")
    assert "SIS User ID 1004" in filled.unmatched[0][1]


def test_two_decimals_against_four_is_no_change(tmp_path):
    rows = '"Lee, Ann",12,1,a@x,A,18.94\n"Bo, B",13,2,b@x,A,18.95\n"Co, C",14,3,c@x,A,19\n'
    people = [(str(n + 1), name, "", 18.9431) for n, name in enumerate(("Ann Lee", "B Bo", "C Co"))]
    filled, new = fill(tmp_path, HEAD + rows, *people)
    assert [one.old for one in filled.changed] == ["18.95", "19"]
    assert new == HEAD + rows.replace("18.95", "18.9431").replace(",19\n", ",18.9431\n")


def test_nobody_without_a_mark_is_in_a_file_for_moodle(few):
    tmp_path, handed, grade = few
    manifest = tmp_path / "problems" / "manifest.csv"
    manifest.write_text(
        manifest.read_text().rstrip("\n") + f"\ns0000,Ada,2 (b),{problem(0).code},5\n", encoding="utf-8"
    )
    write_csv(manifest, [row for row in csv.reader(manifest.read_text().splitlines()) if row])
    put(handed / "0.txt", lines(right(0), identity="s0000"))
    put(handed / "1.txt", lines(right(1), identity="s0001"))
    grade()
    files = sorted((tmp_path / "out").glob("moodle*.csv"))
    assert [path.name for path in files] == ["moodle-exercise-1.csv", "moodle-exercise-2-b.csv", "moodle.csv"]
    for path in files:
        for row in table(path):
            assert float(list(row.values())[-1]) >= 0
    assert [row["ID number"] for row in table(files[-1])] == ["s0000", "s0001"]
    write_csv(
        manifest, [row for row in csv.reader(manifest.read_text().splitlines()) if row[2:3] != ["2 (b)"]]
    )
    grade()
    assert [path.name for path in (tmp_path / "out").glob("moodle*.csv")] == ["moodle.csv"]


# --- rosters ---


def roster(tmp_path, text):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    return read_roster(path)


def test_a_roster_as_spreadsheets_and_people_write_it(tmp_path):
    found = roster(tmp_path, 'id, name\n0429, "Smith, John"\n0429, "Smith, John"\n7, Ann Lee,\n')
    assert [(s.id, s.name) for s in found.students] == [("0429", "Smith, John"), ("7", "Ann Lee")]
    assert "row 3: Smith, John (0429) stands in row 2 too" in found.notes[0]
    long = "von und zu " * 12 + "Hohenlohe"
    assert roster(tmp_path, f"id,name\n1,{long}\n").students[0].name == long
    with pytest.raises(FileError, match="row 2: more cells than headings"):
        roster(tmp_path, "id,name\n0429,Smith, John\n")
    for second in ("S\u00c91", "se\u03011", "SE\u03011"):
        with pytest.raises(FileError, match=r"stands in row 2 too \(Ann \(sé1\)\)"):
            roster(tmp_path, f"id,name\nsé1,Ann\n{second},Bo\n")


def test_zeros_that_a_spreadsheet_cut_off_are_no_other_student():
    for ours, theirs in (("0429", "429"), ("429", "0429"), ("00429", "0429")):
        assert Roster((Student(ours, "Jo"),)).find(theirs, "", "x").student.id == ours
    both = Roster((Student("0429", "Jo"), Student("429", "Bo"), Student("00429", "Co")))
    assert [both.find(i, "", "x").student.id for i in ("0429", "429", "00429")] == ["0429", "429", "00429"]
    assert both.find("000429", "", "x").student is None
    assert Roster((Student("0", "Jo"),)).find("0", "", "x").student.id == "0"


def test_a_roster_without_the_zeros_still_finds_everybodys_problem(tmp_path):
    problems, _ = write_course(tmp_path, 2)
    manifest = problems / "manifest.csv"
    manifest.write_text(
        manifest.read_text().replace("s0000", "0429").replace("s0001", "0430"), encoding="utf-8"
    )
    write_csv(tmp_path / "roster.csv", [("name", "id"), ("Ada", "429"), ("Alan", "430")])
    put(tmp_path / "handed" / "a.txt", lines(right(0), identity="0429"))
    put(tmp_path / "handed" / "b.txt", lines(right(1), identity="430"))
    out = tmp_path / "out"
    result = call("grade", problems, tmp_path / "handed", "--roster", tmp_path / "roster.csv", "--out", out,
                  "--feedback", "none")  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert [row["total"] for row in table(out / "results.csv")] == ["10", "10"]


def test_of_two_of_one_name_the_code_tells(few):
    tmp_path, handed, _ = few
    write_csv(tmp_path / "roster.csv", [("name", "id"), ("Jo Li", "s0000"), ("Jo Li", "s0001")])
    put(handed / "a.txt", lines(right(1), code=problem(1).code, student="Jo Li"))
    put(handed / "b.txt", lines(right(2), code=problem(2).code, student="Jo Li"))
    few[2]()
    graded, stranger = table(tmp_path / "out" / "files.csv")
    assert (graded["student_id"], graded["status"], stranger["status"]) == ("s0001", "graded", "stranger")


def test_v10_comes_after_v2(few):
    tmp_path, handed, grade = few
    for version in ("v1", "v2", "v10"):
        answers = right(0) if version == "v10" else wrong(0, a3=None)
        put(handed / f"s0000-{version}.txt", lines(answers))
    grade()
    assert table(tmp_path / "out" / "results.csv")[0]["total"] == "10"
    names = ["a", "a2", "a10", "a10b", "b1", "b²", "x" * 300]
    assert sorted(names, key=in_number_order) == names


# --- decisions ---


def test_whoever_left_is_passed_over_and_the_rest_is_graded(few):
    tmp_path, handed, grade = few
    all_right(handed)
    decisions = tmp_path / "overrides.csv"
    head = ("student", "quantity", "verdict")
    write_csv(decisions, [head, ("s0002", "a3", "wrong"), ("s0000", "a3", "wrong"), ("x77", "a3", "wrong")])
    settled = tmp_path / "out" / "settled.csv"
    (tmp_path / "out").mkdir()
    write_csv(settled, [("file", "student_id"), ((handed / "2.txt").as_posix(), "s0002")])
    write_csv(tmp_path / "roster.csv", [("name", "id"), ("Ada Lovelace", "s0000"), ("Alan Turing", "s0001")])
    result = grade("--overrides", decisions)
    assert result.exit_code == 1
    assert result.stderr.count("is no student of this course any more; passed over") == 3
    ada, alan = table(tmp_path / "out" / "results.csv")
    assert float(ada["total"]) < 10 == float(alan["total"])
    (handed / "0.txt").unlink()
    assert "Ada Lovelace (s0000) has no sheet of" in grade("--overrides", decisions).stderr


def test_a_mark_by_hand_is_final_and_what_waited_for_it_is_settled(few):
    tmp_path, handed, grade = few
    put(handed / "0.txt", lines(wrong(0, y3="O.5"), identity="s0000"))
    put(handed / "1.txt", lines(right(1), identity="s0001"))
    out = tmp_path / "out"
    assert grade().exit_code == 1
    missing = next(row for row in table(out / "to-settle.csv") if row["what"] == "missing")
    write_csv(out / "settled.csv", [tuple(missing), tuple((missing | {"points": "0"}).values())])
    essay = tmp_path / "essay.csv"
    write_csv(essay, [("exercise", "student", "points", "out_of"), ("essay", "s0000", "4,5", "5"),
                      ("essay", "Alan Turing", 6, ""), ("1", "s0000", "9", ""), ("essay", "s0999", 1, "")])  # fmt: skip
    result = grade("--marks", essay)
    assert "row 3: Alan Turing (s0001) gets 6 of 5 for exercise essay" in result.stderr
    assert "row 5: “s0999” is no student of this course; passed over" in result.stderr
    assert not (found := table(out / "to-settle.csv")), found
    rows = [(row["1"], row["essay"], row["total"], row["out_of"]) for row in table(out / "results.csv")]
    assert rows == [("9", "4.5", "13.5", "15"), ("10", "6", "16", "15"), ("0", "", "0", "10")]
    assert '"by_hand": true' in (out / "results.jsonl").read_text(encoding="utf-8").splitlines()[0]
    assert [row["ID number"] for row in table(out / "moodle-exercise-essay.csv")] == ["s0000", "s0001"]
    assert "4 marks by hand kept" in grade().stderr
    assert table(out / "results.csv")[0]["total"] == "13.5"
    (out / "settled.csv").unlink()
    write_csv(essay, [("exercise", "student", "points"), ("2", "s0000", "1")])
    assert "new one needs out_of" in grade("--marks", essay).stderr
    write_csv(essay, [("exercise", "student", "points"), ("1", "s0000", "1")])
    result = call("regrade", out, "--marks", essay, "--write")
    assert "mark by hand, s0000, exercise essay, 4.5 points: taken back" in result.stderr
    assert "9 of 10 → 1 of 10" in result.stdout
    assert table(out / "results.csv")[0]["total"] == "1"


def test_late_days_cost_what_the_set_says(few):
    tmp_path, handed, grade = few
    policy = tmp_path / "problems" / "policy.toml"
    policy.write_text(
        "due = 2023-11-14T22:13:20Z\nleast_lines = 5\n[late]\nper_day = 0.1\nfree_days = 1\nlast_day = 5\n",
        encoding="utf-8",
    )  # NOON
    put(handed / "0.txt", lines(right(0), identity="s0000"), after=0)
    put(handed / "1.txt", lines(right(1), identity="s0001"), after=2.5 * DAY)
    put(handed / "2.txt", lines({"a3": right(2)["a3"]}, identity="s0002"), after=DAY / 2)
    result = grade("--feedback", "html")
    out = tmp_path / "out"
    rows = [(row["total"], row["days late"]) for row in table(out / "results.csv")]
    assert rows == [("10", "0"), ("8", "3"), ("0", "1")]
    assert "3 days late; 80 % of it count" in result.stderr
    said = [line.split()[0] for line in result.stderr.splitlines()]
    assert (said.count("late"), said.count("too")) == (1, 1)
    page = next((out / "feedback").glob("alan*.html")).read_text(encoding="utf-8")
    assert "8 of 10 points (3 days late: 80 % of what was reached)." in page
    row = next(
        row for row in table(out / "to-settle.csv") if row["what"] == "late" and row["student_id"] == "s0001"
    )
    write_csv(out / "settled.csv", [tuple(row), tuple((row | {"late": "0"}).values())])
    result = call("regrade", out, "--write")
    assert "8 of 10 → 10 of 10" in result.stdout


def test_a_policy_is_read_whole_or_told_what_is_wrong():
    faults = []
    wrong_one = {"due": "soon", "late": {"per_day": 2, "free_days": -1, "perday": 1}, "least_lines": True}
    assert read_policy(wrong_one, faults.append) == Policy()
    assert len(faults) == 5
    policy = Policy(due=0.0, per_day=0.4, free_days=1, last_day=4)
    assert [policy.share(days) for days in range(6)] == [1.0, 1.0, 0.6, 0.2, 0.0, 0.0]
    assert [policy.days_late(t) for t in (-5.0, 0.0, 1.0, DAY, DAY + 1)] == [0, 0, 1, 1, 2]
    assert Policy().days_late(NOON) == 0


def test_a_sheet_with_several_ids_is_everybodys_mark(few):
    tmp_path, handed, grade = few
    put(handed / "a.txt", lines(right(1), code=problem(1).code, identity="s0000, s0001"))
    put(handed / "b.txt", lines(right(2), code=problem(2).code, identity="s0002 & s0999"))
    grade()
    out = tmp_path / "out"
    assert [row["total"] for row in table(out / "results.csv")] == ["10", "10", ""]
    first, second, third = table(out / "files.csv")
    assert "handed in together with Alan Turing (s0001)" in first["note"]
    assert (second["student_id"], third["status"]) == ("s0001", "stranger")
    roster = Roster((Student("1", "Lee, Ann"), Student("2", "Bo"), Student("3", "Cy")))
    assert [s.id for s in roster.together("", "Bo and Cy")] == ["2", "3"]
    for identity, name in (("", "Lee, Ann"), ("1 9", ""), ("2, 2", ""), ("", "Bo, Mallory"), ("1", "")):
        assert roster.together(identity, name) == ()


def test_a_set_hands_its_rules_to_whoever_grades(tmp_path):
    text = 'title = "T"\nseed = "a secret"\ndue = 2026-12-01\nleast_lines = 1\n'
    text += '[late]\nper_day = 0.25\n[[exercise]]\nkind = "composite"\n'
    path = put(tmp_path / "set.toml", text)
    assert call("generate", path, "--out", tmp_path / "out").exit_code == 0
    rules = (tmp_path / "out" / "policy.toml").read_text(encoding="utf-8")
    assert "per_day = 0.25" in rules
    assert "secret" not in rules
    put(path, text.replace("0.25", "25"))
    assert "late.per_day: 25 is no share" in call("generate", path, "--out", tmp_path / "out").stderr


# --- back to students ---


def two_exercises(problems):
    """The course of a few with a second exercise for the first two."""
    from answer_keys.keyfile import to_json
    from answer_keys.solution import solve

    with (problems / "manifest.csv").open("a", encoding="utf-8") as file:
        file.write(f"s0000,Ada,2,{problem(7).code},5\r\ns0001,Alan,2,{problem(8).code},5\r\n")
    for n in (7, 8):
        (problems / f"{n}-key.json").write_text(to_json(solve(problem(n))), encoding="utf-8")


def test_each_student_gets_one_file_with_the_total_on_top(few):
    tmp_path, handed, grade = few
    two_exercises(tmp_path / "problems")
    moodle = handed / "Ada Lovelace_123_assignsubmission_file_"
    put(moodle / "a.txt", lines(right(0), code=problem(0).code, identity="s0000"))
    put(moodle / "b.txt", lines(wrong(7, delta3="9.9"), code=problem(7).code, identity="s0000"))
    put(
        handed / "turingalan_LATE_77_4711_my_answers-2.txt",
        lines(right(1), code=problem(1).code, identity="s0001"),
    )
    result = grade("--feedback", "html")
    out = tmp_path / "out"
    whole = out / "feedback-whole"
    assert sorted(path.name for path in whole.iterdir()) == [
        "ada-lovelace-s0000.html",
        "alan-turing-s0001.html",
    ]
    page = (whole / "ada-lovelace-s0000.html").read_text(encoding="utf-8")
    assert page.count("<h1>") == 2
    assert page.index("In all 14") < page.index("Exercise 1: 10 of 10 points.") < page.index("Exercise 2: 4")
    assert "(exercise 1: 10; not final yet)" in (whole / "alan-turing-s0001.html").read_text(encoding="utf-8")
    assert 'http-equiv="Content-Security-Policy"' in page
    ada, alan, grace = table(out / "mail-merge.csv")
    assert (ada["file"], ada["open"], grace["file"]) == ("feedback-whole/ada-lovelace-s0000.html", "", "")
    assert alan["open"] == "missing: exercise 2"
    for system, name in (("moodle", "Ada Lovelace_123_assignsubmission_file_/feedback.html"),
                         ("canvas", "turingalan_LATE_77_4711_my_answers-2.html")):  # fmt: skip
        with ZipFile(out / f"feedback-{system}.zip") as archive:
            assert archive.namelist() == [name]
        assert f"feedback-{system}.zip: feedback for 1 student" in result.stderr
    before = {path: path.stat().st_mtime_ns for path in whole.iterdir()}
    grade("--feedback", "html")
    assert {path: path.stat().st_mtime_ns for path in whole.iterdir()} == before
    for path in (*moodle.iterdir(), *handed.glob("*.txt")):
        path.unlink()
    put(handed / "c.txt", lines(right(2), identity="s0002"))
    grade("--feedback", "html")
    assert [path.name for path in whole.iterdir()] == ["grace-hopper-s0002.html"]
    assert not list(out.glob("*.zip"))


@pytest.mark.slow
def test_one_file_for_each_student_as_a_pdf(few):
    tmp_path, handed, grade = few
    two_exercises(tmp_path / "problems")
    put(handed / "a.txt", lines(right(0), code=problem(0).code, identity="s0000"))
    put(handed / "b.txt", lines(wrong(7, delta3="9.9"), code=problem(7).code, identity="s0000"))
    grade("--feedback", "pdf")
    (path,) = (tmp_path / "out" / "feedback-whole").iterdir()
    pages = pypdf.PdfReader(path).pages
    assert len(pages) == 2
    assert "In all 14." in pages[0].extract_text()
    assert all(f"{n} of 2 in this file" in page.extract_text() for n, page in enumerate(pages, 1))


def test_a_folder_whose_name_is_misspelt_leaves_the_results_as_they_are(few):
    top, handed, grade = few
    all_right(handed)
    assert grade().exit_code == 0
    before = (top / "out" / "results.csv").read_bytes()
    result = call(
        "grade", top / "problems", top / "hnaded", "--roster", top / "roster.csv", "--out", top / "out"
    )
    assert (result.exit_code, "hnaded: no such file or folder" in result.stderr) == (2, True)
    assert (top / "out" / "results.csv").read_bytes() == before


def test_of_two_who_hand_in_together_each_has_their_own_page_back(few):
    top, handed, grade = few
    put(
        handed / "Alan Turing_77_assignsubmission_file_" / "a.txt",
        lines(right(0), code=problem(0).code, identity="s0001, s0000"),
    )
    grade("--feedback", "html")
    with ZipFile(top / "out" / "feedback-moodle.zip") as archive:
        (name,) = archive.namelist()
        page = archive.read(name).decode()
    assert "Alan Turing" in page
    assert "Ada Lovelace" not in page


def test_a_row_without_points_is_no_mark_yet(few):
    top, handed, grade = few
    all_right(handed)
    marks = put(
        top / "marks.csv",
        "Exercise;Student;Points;Out_of\nessay;s0000;4,5;5\nExercise essay;Alan Turing;0;\nessay;s0002;;\n",
    )
    result = grade("--marks", marks)
    assert result.exit_code == 0, result.output
    assert [row["essay"] for row in table(top / "out" / "results.csv")] == ["4.5", "0", ""]


def late_rows(top):
    return [row for row in table(top / "out" / "to-settle.csv") if row["what"] == "late"]


def test_when_a_table_was_downloaded_makes_nobody_late(few):
    top, handed, grade = few
    (top / "problems" / "policy.toml").write_text("due = 2023-11-14T22:13:20Z\n[late]\nper_day = 0.5\n")
    names = list(right(0))
    rows = [
        ["id", "code", *names],
        *([s, problem(n).code, *right(n).values()] for n, (s, _) in enumerate(students(3))),
    ]
    text = "\n".join(",".join(row) for row in rows)
    put(handed / "responses.csv", text, after=3 * DAY)
    grade()
    assert [row["total"] for row in table(top / "out" / "results.csv")] == ["10"] * 3
    (row,) = late_rows(top)
    assert row["note"].startswith("several students are in this file")


def test_files_that_are_late_by_the_same_moment_may_have_been_unpacked_then(few):
    top, handed, grade = few
    (top / "problems" / "policy.toml").write_text("due = 2023-11-14T22:13:20Z\n[late]\nper_day = 0.5\n")
    for n, (identity, _) in enumerate(students(3)):
        put(handed / f"{n}.txt", lines(right(n), identity=identity), after=int(1.5 * DAY) + n)
    grade()
    notes = {row["student_id"]: row["note"] for row in late_rows(top)}
    assert set(notes) == {"", "s0000", "s0001", "s0002"}
    assert "their own times are lost" in notes[""]


def test_a_decision_finds_its_file_in_whatever_form_its_name_is_written(few):
    top, handed, grade = few
    put(handed / unicodedata.normalize("NFD", "Blätter.txt"), lines(right(1), code="").replace("\r", ""))
    (top / "out").mkdir()
    row = f"{handed.as_posix()}\\Blätter.txt;s0001;{problem(1).code}"
    (top / "out" / "settled.csv").write_bytes(f"file;student_id;code\r\n{row}\r\n".encode("cp1252"))
    assert "was not handed in" not in grade().stderr
    assert table(top / "out" / "results.csv")[1]["total"] == "10"
