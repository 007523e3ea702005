"""Round trips through learning-management systems, simulated from their formats: what goes out comes back as marks."""

import csv
import re
from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from io import BytesIO
from xml.etree import ElementTree as ET
from xml.parsers import expat
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from course_making import put, write_csv
from making import carried, perfect, shipped

import byhand
from answer_keys.in_words import InWords
from exercises.formulas.quantity import Link
from exercises.pages.sheet_sections import sections
from exercises.problems import problem_file
from exercises.problems.marking import Marking
from grader.export import autograder, canvas, drawing_png, gradescope, moodle

LEVEL_1 = """
shape = [1, 1, 1]
activation = ["sigmoid", "sigmoid"]
loss = "half-squared-error"
bias = false
notation = "unit"
delta = "gradient"
places = 3
ask = ["deltas", "gradients", "updates"]
[values]
x1 = 0.5
W12 = 1.5
W23 = 2.4
t3 = 0.15
eta = 0.6
y2 = 0.679
y3 = 0.836
"""
SET = """
title = "Week <3> & more"
seed = "a secret"
[[exercise]]
kind = "composite"
points = 4
[[exercise]]
kind = "chain"
symbolic = true
points = 6
[[exercise]]
kind = "batch"
level = 2
points = 10
"""


def call(*args):
    """Call byhand as from a terminal; no call may end in an exception."""
    result = CliRunner().invoke(byhand.main, [str(a) for a in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert "stumbled over something" not in result.output
    return result


@pytest.fixture
def undrawn(monkeypatch):
    """Drawings of no dots: those are looked at elsewhere, and slow."""
    monkeypatch.setattr(drawing_png, "_pdf", lambda *_: b"")
    monkeypatch.setattr(drawing_png, "_dots", lambda _: b"dots")


# --- Moodle ---


def xmlize(data):
    """XML as Moodle's own reader has it: character data comes in pieces, and pieces of blanks only are passed over."""
    root = found = {"tag": "", "attrs": {}, "text": "", "in": [], "up": None}

    def start(tag, attrs):
        nonlocal found
        child = {"tag": tag, "attrs": attrs, "text": "", "in": [], "up": found}
        found["in"].append(child)
        found = child

    def end(_):
        nonlocal found
        found = found["up"]

    def text(piece):
        if piece.strip():
            found["text"] += piece

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.Parse(data, 1)
    return root["in"][0]


def path(element, *tags):
    """The text of an element further in."""
    for tag in tags:
        element = next(child for child in element["in"] if child["tag"] == tag)
    return element["text"]


class Moodle:
    """What a quiz of all its questions is, to those who try it and to those who download the responses."""

    def __init__(self, data):
        self.questions = []
        self.categories = []
        for question in xmlize(data)["in"]:
            kind = question["attrs"]["type"]
            if kind == "category":
                self.categories.append(path(question, "category", "text"))
            else:
                name = re.sub(r"<[^>]*>", "", path(question, "name", "text"))  # PARAM_TEXT strips tags
                self.questions.append((kind, name, path(question, "questiontext", "text")))

    @staticmethod
    def fields(text):
        found = re.findall(r"\{(\d*):NUMERICAL:((?:[^}\\]|\\.)*)\}", text, re.DOTALL)
        return [(int(marks), re.match(r"=(-?[\d.]+):([\d.]+)", inside).groups()) for marks, inside in found]

    @classmethod
    def marks(cls, text, answers):
        """Marks and their sum, of answers in the order of the fields."""
        pairs = zip(cls.fields(text), answers, strict=True)
        got = [(m, abs(Decimal(a) - Decimal(right)) <= Decimal(margin)) for (m, (right, margin)), a in pairs]
        return sum(m for m, right in got if right), sum(m for m, _ in got)

    @staticmethod
    def plain(text):
        """A question as the responses have it: without markup, gaps as lines."""
        parts = []

        class Text(HTMLParser):
            def handle_starttag(self, tag, _):
                if tag in {"tr", "p", "td", "h4"}:
                    parts.append(" ")

            def handle_data(self, data):
                parts.append(data)

        reader = Text()
        reader.feed(re.sub(r"\{\d*:NUMERICAL:(?:[^}\\]|\\.)*\}", "_____", text))
        return " ".join("".join(parts).split())


def in_order(problem, sheet):
    """The answers as the fields ask for them."""
    return [sheet[step.quantity] for section in sections(problem) for step in section.steps]


WAYS = [
    (how, more) for how in (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_HALF_DOWN, ROUND_DOWN) for more in (0, 1, 2)
]


@pytest.mark.usefixtures("undrawn")
def test_right_answers_in_fourteen_ways_are_never_refused():
    """Rounded line by line, or worked on in the calculator and rounded at the end, in whatever way."""
    for problem in (shipped("huddar-1"), problem_file.parse(LEVEL_1, "level 1")):
        quiz = Moodle(moodle.quiz([problem]))
        ((_, _, text),) = quiz.questions
        sheets = [carried(problem, rounding=how, places=problem.places + more)[0] for how, more in WAYS]
        sheets += [perfect(problem, problem.places + more) for more in (0, 4)]
        assert len(sheets) == 14
        for sheet in sheets:
            got, most = quiz.marks(text, in_order(problem, sheet))
            assert got == most


@pytest.mark.usefixtures("undrawn")
def test_a_question_tells_all_that_its_sheet_tells():
    problem = problem_file.parse(LEVEL_1, "level 1")
    ((_, name, text),) = Moodle(moodle.quiz([problem])).questions
    said = Moodle.plain(text)
    assert f"Problem {problem.code}." in said
    assert "Find the deltas, the gradients and the updates; what comes before is worked out for you." in said
    assert re.search(r"Worked out for you: forward pass\s*y2 = 0\.679, y3 = 0\.836", said)
    assert "Type one number into each field, rounded to 3 decimal places, such as -0.500" in said
    assert problem.code in name
    with ZipFile(BytesIO(canvas.package([problem]))) as archive:
        items = archive.read(f"byhand-{problem.code}/byhand-{problem.code}.xml").decode()
    assert "0.679" in items
    assert "Type one number into each field" in items


@pytest.mark.usefixtures("undrawn")
def test_a_title_with_a_heart_and_weights_of_thirds_come_over():
    problem = shipped("huddar-1")
    thirds = Marking(
        {Link.HIDDEN_DELTA: Decimal("0.333"), Link.UPDATE: Decimal("1.25"), Link.LOSS: Decimal(0)}
    )
    from dataclasses import replace

    found = Moodle(moodle.quiz([replace(problem, title="I <3> nets &lt; & more", marking=thirds)]))
    ((_, name, text),) = found.questions
    assert name.startswith("I &lt;3&gt; nets &amp;lt; & more")
    marks = [m for m, _ in Moodle.fields(text)]
    assert sum(marks) < 1000
    assert marks.count(0) == sum(step.link is Link.LOSS for step in problem.graph.asked_steps)
    ratio = Decimal(min(m for m in marks if m)) / Decimal(max(marks))
    assert abs(ratio / (Decimal("0.333") / Decimal("1.25")) - 1) < Decimal("0.02")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A set for three students."""
    top = tmp_path_factory.mktemp("set")
    put(top / "set.toml", SET)
    write_csv(top / "roster.csv", [("name", "id", "email"), ("Ann Lee", "s1", "ann@x.org"), ("Bo Li", "s2", "bo@x.org"),
                                   ("Cy Wu", "s3", "cy@x.org")])  # fmt: skip
    result = call("generate", top / "set.toml", "--roster", top / "roster.csv", "--out", top / "out")
    assert result.exit_code == 0, result.output
    return top


@pytest.mark.slow
@pytest.mark.usefixtures("undrawn")
def test_a_set_goes_to_moodle_and_comes_back_as_marks(made, tmp_path):
    """Each student is drawn one question of each exercise; the essays are never counted as missing."""
    result = call("export", "--to", "moodle", made / "out", "--out", tmp_path / "quiz.xml")
    assert result.exit_code == 0, result.output
    assert "Deferred feedback" in result.stderr
    quiz = Moodle((tmp_path / "quiz.xml").read_bytes())
    assert quiz.categories == [f"$course$/top/byhand/Exercise {n}" for n in (1, 2, 3)]
    assert {kind for kind, _, _ in quiz.questions} == {"cloze", "essay"}
    with (made / "out" / "manifest.csv").open(encoding="utf-8") as file:
        own = list(csv.DictReader(file))
    rows = [["Last name", "First name", "Email address", "Status", "Grade/100.00"]]
    rows[0] += [f"{what} {n}" for n in (1, 2, 3) for what in ("Question", "Response")]
    codes = {}
    for line in own:
        codes.setdefault(line["student_id"], {})[line["exercise"]] = line["code"]
    for student, (last, first, mail) in {
        "s1": ("Lee", "Ann", "ann@x.org"), "s2": ("Li", "Bo", "bo@x.org"), "s3": ("Wu", "Cy", "cy@x.org"),
    }.items():  # fmt: skip
        row = [last, first, mail, "Finished", "100.00"]
        for code in codes[student].values():
            from answer_keys.problems import load

            problem = load(str(made / "out" / "keys" / f"{code}-key.json"))
            ((_, _, text),) = [
                one for one in quiz.questions if one[0] == "cloze" and f"Problem {code}." in one[2]
            ]
            answers = in_order(problem, perfect(problem))
            got, most = quiz.marks(text, answers)
            assert got == most
            row += [quiz.plain(text), "; ".join(f"part {n}: {a}" for n, a in enumerate(answers, 1))]
        rows.append(row)
    (tmp_path / "handed").mkdir()
    write_csv(tmp_path / "handed" / "responses.csv", rows)
    result = call("grade", made / "out", tmp_path / "handed", "--roster", made / "roster.csv", "--out", tmp_path / "res",
                  "--feedback", "none")  # fmt: skip
    assert result.exit_code == 0, result.stderr
    with (tmp_path / "res" / "results.csv").open(encoding="utf-8") as file:
        assert [(row["1"], row["2"], row["3"], row["total"]) for row in csv.DictReader(file)] == [
            ("4", "6", "10", "20")
        ] * 3


@pytest.mark.slow
@pytest.mark.usefixtures("undrawn")
def test_essays_come_back_too_and_are_read(made, tmp_path):
    keys = sorted((made / "out" / "keys").glob("*.json"))
    from answer_keys.problems import load

    problem = next(p for p in map(load, map(str, keys)) if p.questions)
    question = problem.questions[0]
    quiz = Moodle(moodle.quiz([problem]))
    (_, _, text), (_, name, essay), *more = quiz.questions
    assert name.endswith(question.name)
    assert len(more) == len(problem.questions) - 1
    answers = "; ".join(f"part {n}: {a}" for n, a in enumerate(in_order(problem, perfect(problem)), 1))
    head = ["Email address", "Question 1", "Response 1", "Question 2", "Response 2"]
    for response, expected in (("nonsense )(", "unreadable"), ("", "missing")):
        write_csv(
            tmp_path / "r.csv", [head, ["ann@x.org", quiz.plain(text), answers, quiz.plain(essay), response]]
        )
        found = call(
            "grade", "--json", next(k for k in keys if problem.code in k.name), tmp_path / "r.csv"
        ).stdout
        assert f'"quantity": "{question.name}"' in found
        line = found[found.index(f'"quantity": "{question.name}"') :]
        assert f'"verdict": "{expected}"' in line[:400]
    for table in (
        [head[:3], ["ann@x.org", quiz.plain(text), answers]],
        [[head[0], head[2]], ["ann@x.org", answers]],
    ):
        write_csv(tmp_path / "r.csv", table)
        found = call(
            "grade", "--json", next(k for k in keys if problem.code in k.name), tmp_path / "r.csv"
        ).stdout
        assert "not asked there" in found


def test_two_exercises_of_which_nothing_tells_which_is_which_are_for_a_person(tmp_path):
    problem = shipped("huddar-1")
    answers = "; ".join(f"part {n}: {a}" for n, a in enumerate(in_order(problem, perfect(problem)), 1))
    write_csv(
        tmp_path / "r.csv", [["Email address", "Response 1", "Response 2"], ["a@x.org", answers, answers]]
    )
    result = call("grade", "huddar-1", tmp_path / "r.csv")
    assert result.exit_code == 1
    assert "response 1 and response 2 are exercises of their own" in result.stderr


@pytest.mark.parametrize("system", ["moodle", "canvas"])
def test_a_question_in_words_that_names_a_line_takes_nothing_from_it(tmp_path, system):
    problem = shipped("huddar-1")
    asks = InWords("2", "Why", ("Why is delta5 negative here?",), Decimal(3))
    right, says = perfect(problem), "because y5 > t5, so that delta5 = -1"
    if system == "moodle":
        ((_, _, text),) = Moodle(moodle.quiz([], words=[asks])).questions
        answers = "; ".join(f"part {n}: {a}" for n, a in enumerate(in_order(problem, right), 1))
        cells = {"Question 1": f"Problem {problem.code}.", "Response 1": answers}
        cells |= {"Question 2": Moodle.plain(text), "Response 2": says}
    else:
        cells = {f"{n}: {q.name}": a for n, (q, a) in enumerate(right.items(), 100)}
        cells |= {f"200: {Moodle.plain(asks.html)}": says}
    write_csv(tmp_path / "r.csv", [["Email address", *cells], ["a@x.org", *cells.values()]])
    result = call("grade", "--json", "huddar-1", tmp_path / "r.csv")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.count('"verdict": "correct"') == len(right)


# --- Canvas ---


@pytest.mark.slow
@pytest.mark.usefixtures("undrawn")
def test_answers_to_a_quiz_of_canvas_come_back_as_marks(made, tmp_path):
    """The margins are those that Canvas reads; the page rounds what is typed to four places."""
    from answer_keys.problems import load

    for key in sorted((made / "out" / "keys").glob("*.json")):
        problem = load(str(key))
        with ZipFile(BytesIO(canvas.package([problem], skip_small=True))) as archive:
            tree = ET.fromstring(archive.read(f"byhand-{problem.code}/byhand-{problem.code}.xml"))  # noqa: S314 - ours
        space = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
        right = {q.name: text for q, text in perfect(problem).items()}
        head, row = ["name", "id", "sis_id"], ["Ann Lee", "11", "s1"]
        for number, item in enumerate(tree.iter(f"{space}item")):
            fields = {
                f.findtext(f"{space}fieldlabel"): f.findtext(f"{space}fieldentry")
                for f in item.iter(f"{space}qtimetadatafield")
            }
            text = Moodle.plain(item.find(f".//{space}mattext").text)
            if fields["question_type"] == "numerical_question":
                name = item.get("ident").rpartition("-")[2]
                typed = Decimal(right[name]).quantize(Decimal("0.0001"), ROUND_HALF_UP)
                low, high = (Decimal(item.find(f".//{space}{tag}").text) for tag in ("vargte", "varlte"))
                assert low <= typed <= high
                head += [f"{2000 + number}: {text}", "1.0"]
                row += [right[name], "1.0"]
        write_csv(tmp_path / "analysis.csv", [head, row])
        result = call("grade", "--json", key, tmp_path / "analysis.csv")
        assert result.exit_code == 0, result.stderr
        assert '"verdict": "wrong"' not in result.stdout
        assert ("not asked there" in result.stdout) == bool(problem.questions)


# --- Gradescope ---


def test_gradescope_tells_what_could_not_be_read_where_students_see_it(tmp_path):
    answers = {q.name: text for q, text in perfect(shipped("huddar-1")).items()} | {"delta5": "0.1 or 0.2"}
    put(
        tmp_path / "a.txt", "".join(f"{name} = {text}\n" for name, text in answers.items()) + "what = 3\n" * 2
    )
    settings = {"visibility": "hidden", "hints": False, "points": None}
    found = autograder.results([shipped("huddar-1")], tmp_path, settings)
    assert "δ₅: “0.1 or 0.2” could not be read" in found["output"]
    assert found["visibility"] == "visible"


def test_the_worksheet_of_another_problem_is_one_sentence(tmp_path):
    call("generate", "mazur-2-2-2", "--out", tmp_path / "made")
    (sheet,) = (tmp_path / "made").glob("*worksheet.pdf")
    put(tmp_path / "in" / "sheet.pdf", sheet.read_bytes())
    settings = {"visibility": "hidden", "hints": False, "points": None}
    (said,) = autograder.results([shipped("huddar-1")], tmp_path / "in", settings)["output"].splitlines()
    assert (
        f"sheet.pdf is the worksheet of problem {shipped('mazur-2-2-2').code}, which is not graded here"
        in said
    )


def test_the_bundle_names_one_version_of_everything():
    lines = gradescope.pinned()
    assert all(re.fullmatch(r"[\w.-]+==[\w.+!-]+", line) for line in lines)
    assert {re.split("[>=<]", line)[0] for line in gradescope.requirements()} <= {
        line.partition("==")[0] for line in lines
    }
    with ZipFile(BytesIO(gradescope.bundle([shipped("huddar-1")], visibility="hidden"))) as archive:
        assert archive.read("requirements.txt").decode().splitlines() == lines
        assert "bounds.txt" in archive.read("setup.sh").decode()
