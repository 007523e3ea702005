"""Exports for Moodle, Canvas and Gradescope, read back by the rules of those who import them."""

import json
import os
import re
import stat
import subprocess
import sys
from base64 import b64decode
from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from html import unescape
from io import BytesIO, StringIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from lxml import etree
from making import carried, made, perfect, shipped

import byhand
from answer_keys.draw_problems import draw_problems
from answer_keys.options import exercise
from answer_keys.order import order_of
from exercises.common.errors import ProblemError
from exercises.formulas.quantity import Link, delta
from exercises.networks.kinds import kind_of
from exercises.networks.plan import KIND_NAMES, OPTIMIZERS
from exercises.pages.sheet_sections import sections
from exercises.problems import problem_file
from exercises.problems.marking import Marking
from grader.export import autograder, brightspace, canvas, drawing_png, gradescope, markup, moodle
from grader.export.lines import asked, explained
from grader.services import SERVICES

HUDDAR = shipped("huddar-1")
SAMPLE = "answer_keys/published/huddar-1-sample.txt"
ROUNDINGS = (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN)
# Of QTI 1.2.1 what we write, with the order and the number of parts that the IMS DTD asks for.
QTI = """
<!ELEMENT questestinterop (assessment)>
<!ELEMENT assessment (qtimetadata*, section+)>
<!ELEMENT section (selection_ordering?, (item | section)*)>
<!ELEMENT selection_ordering (selection*)>
<!ELEMENT selection (selection_number?, selection_extension?)>
<!ELEMENT selection_number (#PCDATA)>
<!ELEMENT selection_extension ANY>
<!ELEMENT points_per_item (#PCDATA)>
<!ELEMENT item (itemmetadata?, presentation?, resprocessing*, itemfeedback*)>
<!ELEMENT itemmetadata (qtimetadata*)>
<!ELEMENT qtimetadata (qtimetadatafield+)>
<!ELEMENT qtimetadatafield (fieldlabel, fieldentry)>
<!ELEMENT fieldlabel (#PCDATA)>
<!ELEMENT fieldentry (#PCDATA)>
<!ELEMENT presentation (material | response_str)+>
<!ELEMENT material (mattext+)>
<!ELEMENT mattext (#PCDATA)>
<!ELEMENT response_str (render_fib)>
<!ELEMENT render_fib (response_label*)>
<!ELEMENT response_label (#PCDATA)>
<!ELEMENT resprocessing (outcomes, respcondition+)>
<!ELEMENT outcomes (decvar+)>
<!ELEMENT decvar (#PCDATA)>
<!ELEMENT respcondition (conditionvar, setvar*, displayfeedback*)>
<!ELEMENT conditionvar (or | other)+>
<!ELEMENT or (varequal | and)+>
<!ELEMENT and (vargte | varlte)+>
<!ELEMENT other (#PCDATA)>
<!ELEMENT varequal (#PCDATA)>
<!ELEMENT vargte (#PCDATA)>
<!ELEMENT varlte (#PCDATA)>
<!ELEMENT setvar (#PCDATA)>
<!ELEMENT displayfeedback (#PCDATA)>
<!ELEMENT itemfeedback (flow_mat)+>
<!ELEMENT flow_mat (material+)>
<!ATTLIST assessment ident CDATA #REQUIRED title CDATA #IMPLIED>
<!ATTLIST section ident CDATA #REQUIRED title CDATA #IMPLIED>
<!ATTLIST item ident ID #REQUIRED title CDATA #IMPLIED>
<!ATTLIST mattext texttype CDATA "text/plain">
<!ATTLIST response_str ident CDATA #REQUIRED rcardinality (Single | Multiple | Ordered) "Single">
<!ATTLIST render_fib fibtype (String | Integer | Decimal | Scientific) "String">
<!ATTLIST response_label ident CDATA #REQUIRED>
<!ATTLIST decvar varname CDATA "SCORE" vartype (Integer | String | Decimal) "Integer"
                 minvalue CDATA #IMPLIED maxvalue CDATA #IMPLIED>
<!ATTLIST respcondition continue (Yes | No) "No">
<!ATTLIST varequal respident CDATA #REQUIRED>
<!ATTLIST vargte respident CDATA #REQUIRED>
<!ATTLIST varlte respident CDATA #REQUIRED>
<!ATTLIST setvar varname CDATA "SCORE" action (Set | Add | Subtract | Multiply | Divide) "Set">
<!ATTLIST displayfeedback feedbacktype (Response | Solution | Hint) "Response" linkrefid CDATA #REQUIRED>
<!ATTLIST itemfeedback ident CDATA #REQUIRED>
"""
_NAMESPACES = re.compile(r' (xmlns|xmlns:xsi|xsi:schemaLocation)="[^"]*"')


@pytest.fixture(scope="module")
def problems():
    """One of each sort: a published one, softmax in the other notation, and one with marks of half a point."""
    marked = replace(made((2, 2, 1), seed=1), marking=Marking({Link.UPDATE: Decimal("0.5")}))
    return [HUDDAR, made((2, 2, 2), "softmax", "cross-entropy", notation="layer"), marked]


@pytest.fixture(scope="module")
def quiz(problems):
    """What Moodle is given, parsed."""
    return ET.fromstring(moodle.quiz(problems, "Week 3/Backpropagation"))  # noqa: S314 - our own


@pytest.fixture(scope="module")
def package(problems):
    """What Canvas is given, unpacked."""
    with ZipFile(BytesIO(canvas.package(problems[:2]))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """A Gradescope bundle where Gradescope would put it."""
    root = tmp_path_factory.mktemp("autograder")
    with ZipFile(BytesIO(gradescope.bundle([HUDDAR], visibility="visible"))) as archive:
        archive.extractall(root / "source")
    (root / "submission").mkdir()
    return root


def run(*args):
    result = CliRunner().invoke(byhand.main, [str(a) for a in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert "stumbled" not in result.output
    return result


# --- which numbers are right, and which are wrong ---


@pytest.mark.parametrize(
    "problem",
    [
        HUDDAR,
        made((2, 2, 2), "tanh"),
        made((3, 2, 1), bias="fixed"),
        made((2, 2, 2), "softmax", "cross-entropy"),
    ],
    ids=["2-2-1", "tanh", "fixed bias", "softmax"],
)
def test_correct_rounding_is_never_refused(problem):
    lines = {line.quantity: line for line in asked(problem, wrong=0)}
    sheets = [carried(problem, rounding=how)[0] for how in ROUNDINGS]
    sheets += [perfect(problem), perfect(problem, problem.places + 3)]
    for sheet in sheets:
        for q, text in sheet.items():
            assert lines[q].accepts(Decimal(text)), (q.name, text, lines[q])


def test_no_wrong_number_shares_its_range_with_the_right_one_or_another(problems):
    for problem in problems:
        for line in asked(problem):
            ranges = [(line.value, line.margin), *((one.value, one.margin) for one in line.wrong)]
            for i, (value, margin) in enumerate(ranges):
                assert margin > 0
                assert all(abs(value - other) > margin + m for other, m in ranges[:i]), line.quantity.name


def test_the_usual_mistakes_are_among_the_wrong_numbers():
    lines = {line.quantity.name: {w.hypothesis.mistake.code: w for w in line.wrong} for line in asked(HUDDAR)}
    assert lines["delta3"]["H01"].value == Decimal("-0.0122")
    assert "the slope of the activation" in explained(HUDDAR, lines["delta3"]["H01"], hints=False)
    assert "0." not in explained(HUDDAR, lines["delta3"]["H01"], hints=True)
    assert {"U01", "U09"} <= set(lines["W13_new"])


# --- Moodle ---


def fields(text):
    """The fields of a cloze text, by Moodle's rules: marks, and alternatives (share, answer, margin, feedback)."""
    for found in re.finditer(r"\{(\d*):NUMERICAL:((?:[^}\\]|\\.)*)\}", text, re.DOTALL):
        alternatives = []
        for one in re.split(r"(?<!\\)~", found[2]):
            head, _, feedback = one.partition("#")
            share, answer, margin = re.fullmatch(r"(=|%-?\d+%)(-?\d+\.?\d*):(\d+\.?\d*)", head).groups()
            worth = 1.0 if share == "=" else int(share[1:-1]) / 100
            alternatives.append((worth, Decimal(answer), Decimal(margin), unescape(feedback)))
        yield int(found[1]), alternatives


def cloze_questions(quiz):
    return [question for question in quiz if question.get("type") == "cloze"]


def test_every_line_is_a_field_with_its_mistakes(problems, quiz):
    for problem, question in zip(problems, cloze_questions(quiz), strict=True):
        by_quantity = {line.quantity: line for line in asked(problem)}
        order = [step.quantity for section in sections(problem) for step in section.steps]
        found = list(fields(question.findtext("questiontext/text")))
        assert len(found) == len(order)
        for q, (_, alternatives) in zip(order, found, strict=True):
            line = by_quantity[q]
            assert alternatives[0] == (1.0, line.value, line.margin, "")
            assert alternatives[1:] == [
                (0.0, w.value, w.margin, moodle_html(explained(problem, w, hints=False))) for w in line.wrong
            ]


def moodle_html(words):
    return markup.attribute(words.replace("'", "’"))


def test_marks_of_half_a_point_become_whole(problems, quiz):
    problem, question = problems[2], cloze_questions(quiz)[2]
    marks = {m for m, _ in fields(question.findtext("questiontext/text"))}
    assert marks == {1, 2}
    assert {step.link for step in problem.graph.asked_steps} > {Link.UPDATE}


@pytest.mark.parametrize(
    "words", ["a } b ~ c # d", "{1:NUMERICAL:=1}", 'back\\slash "quoted" <b> & &amp; = 5%', "δ₃ % {#1}"]
)
def test_whatever_feedback_says_moodle_reads_it_as_it_was_meant(words):
    ((_, alternatives),) = fields(f"{{1:NUMERICAL:=1:0.1~%0%2:0.1#{moodle.shielded(words)}}}")
    assert unescape(alternatives[1][3]) == words


def test_the_drawing_travels_in_the_question(quiz):
    for question in cloze_questions(quiz):
        file = question.find("questiontext/file")
        text = question.findtext("questiontext/text")
        assert f'src="@@PLUGINFILE@@/{file.get("name")}"' in text
        assert re.search(r'alt="A network of 2 inputs', text)
        assert b64decode(file.text).startswith(b"\x89PNG")
        assert file.attrib == {"name": file.get("name"), "path": "/", "encoding": "base64"}


def test_what_moodle_needs_is_there(quiz):
    assert quiz[0].findtext("category/text") == "$course$/top/Week 3//Backpropagation"
    for question in cloze_questions(quiz):
        assert question.findtext("name/text")
        assert question.find("questiontext").get("format") == "html"
        assert question.findtext("generalfeedback/text").startswith("<p>The worked solution")
        assert 'class="' not in question.findtext("questiontext/text")  # our style sheet does not go with it


def test_with_hints_moodle_is_told_no_solution():
    (question,) = cloze_questions(ET.fromstring(moodle.quiz([HUDDAR], hints=True)))  # noqa: S314 - our own
    assert not question.findtext("generalfeedback/text")
    assert "This is what" not in question.findtext("questiontext/text")


def test_formulas_need_no_style_sheet():
    fraction = (
        '<span class="frac"><span>1</span><span class="under">1 + e<sup>−<var>a</var></sup></span></span>'
    )
    assert markup.portable(f"<var>y</var> = {fraction}") == "<em>y</em> = 1/(1 + e<sup>−<em>a</em></sup>)"
    assert markup.portable('<var>W</var><sub>13</sub><sup class="back2">new</sup> &lt; 2') == (
        "<em>W</em><sub>13</sub><sup>new</sup> &lt; 2"
    )


# --- Canvas ---


def items(package, problem):
    tree = ET.fromstring(package[f"byhand-{problem.code}/byhand-{problem.code}.xml"])  # noqa: S314 - our own
    return list(tree.iter("{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}item"))


def find(item, tag):
    return item.find(f".//{{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}}{tag}")


def test_the_quizzes_keep_to_the_content_model_of_qti(package, problems):
    model = etree.DTD(StringIO(QTI))
    for problem in problems[:2]:
        text = package[f"byhand-{problem.code}/byhand-{problem.code}.xml"].decode()
        tree = etree.fromstring(_NAMESPACES.sub("", text).encode())
        assert model.validate(tree), model.error_log


def test_the_manifest_lists_every_file_once(package):
    tree = ET.fromstring(package["imsmanifest.xml"])  # noqa: S314 - our own
    listed = [e.get("href") for e in tree.iter() if e.tag.endswith("}file")]
    assert sorted([*listed, "imsmanifest.xml"]) == sorted(package)
    known = {e.get("identifier") for e in tree.iter() if e.tag.endswith("}resource")}
    assert {e.get("identifierref") for e in tree.iter() if e.tag.endswith("}dependency")} <= known


def test_each_line_is_a_numerical_item_behind_what_is_given(package, problems):
    for problem in problems[:2]:
        first, *rest = items(package, problem)
        assert "text_only_question" in "".join(first.itertext())
        assert f"%24IMS-CC-FILEBASE%24/images/network-{problem.code}.png" in find(first, "mattext").text
        assert len(rest) == len(problem.graph.asked_steps)
        for item in rest:
            exact, low, high = (Decimal(find(item, tag).text) for tag in ("varequal", "vargte", "varlte"))
            assert high - exact == exact - low > 0  # Canvas reads the margin off the upper bound


def test_what_is_accepted_is_accepted_when_the_page_has_rounded_it(problems):
    for problem in (*problems, shipped("mazur-2-2-2")):
        for line in canvas.kept(problem):
            low, high = canvas.bounds(line)
            for answer in (line.value - line.margin, line.value, line.value + line.margin):
                assert low <= answer.quantize(Decimal("0.0001"), ROUND_HALF_UP) <= high


def test_answers_that_canvas_would_round_away_are_refused_with_advice():
    candidates = (made((2, 2, 1), seed=n, places=6) for n in range(60))
    small = next(problem for problem in candidates if canvas.too_small(problem))
    with pytest.raises(ProblemError) as refused:
        canvas.package([small])
    assert "is below 0.0001" in refused.value.faults[0]
    assert "--skip-small" in refused.value.faults[-1]
    kept = canvas.kept(small)
    assert 0 < len(kept) < len(small.graph.asked_steps)
    assert all(abs(line.value) >= Decimal("0.0001") or not line.value for line in kept)


def test_with_hints_canvas_is_told_no_solution():
    with ZipFile(BytesIO(canvas.package([HUDDAR], hints=True))) as archive:
        assert b"itemfeedback" not in archive.read(f"byhand-{HUDDAR.code}/byhand-{HUDDAR.code}.xml")


# --- Gradescope ---


def graded(root, name, content, **environment):
    """Run the autograder as Gradescope does, on one file."""
    for old in (root / "submission").iterdir():
        old.unlink()
    (root / "submission" / name).write_text(content, encoding="utf-8")
    known = {"AUTOGRADER_ROOT": str(root), "BYHAND_PYTHON": sys.executable, **environment}
    program = ["bash", str(root / "source" / "run_autograder")]
    subprocess.run(program, env={**os.environ, **known}, cwd=root, check=True, capture_output=True)
    return json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))


def sample():
    return (gradescope.ROOT / SAMPLE).read_text(encoding="utf-8")


def test_the_bundle_runs_where_gradescope_puts_it(unpacked):
    found = graded(unpacked, "answers.txt", sample())
    assert found["score"] == 34.0
    broken = next(test for test in found["tests"] if test["status"] == "failed")
    assert broken["name"] == "δ₃, hidden delta"
    assert (broken["score"], broken["max_score"]) == (0.0, 1.0)
    assert "the slope of the activation" in broken["output"]
    assert broken["tags"] == ["hidden delta", "H01"]


def test_the_results_have_the_form_that_gradescope_reads(unpacked):
    found = autograder.results([HUDDAR], unpacked / "submission", settings())
    allowed = {
        "name",
        "name_format",
        "score",
        "max_score",
        "status",
        "output",
        "output_format",
        "tags",
        "visibility",
    }
    assert isinstance(found["score"], float)
    assert len(found["tests"]) == len(HUDDAR.graph.asked_steps)
    for test in found["tests"]:
        assert set(test) == allowed
        assert 0 <= test["score"] <= test["max_score"]
        assert test["status"] in {"passed", "failed"}
        assert test["visibility"] in {"visible", "hidden", "after_due_date", "after_published"}
        assert test["output"]


def settings(**more):
    return {"visibility": "hidden", "hints": False, "points": None, **more}


def submitted(tmp_path, **files):
    for name, text in files.items():
        (tmp_path / name.replace("_txt", ".txt").replace("_docx", ".docx")).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_full_sheet_earns_the_points_asked_for(tmp_path):
    texts = "".join(f"{q.name} = {text}\n" for q, text in perfect(HUDDAR).items())
    found = autograder.results([HUDDAR], submitted(tmp_path, full_txt=texts), settings(points=10))
    assert found["score"] == 10.0
    assert all(test["status"] == "passed" for test in found["tests"])


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({}, "Hand in the worksheet PDF"),
        ({"essay_txt": "I could not do it."}, "no line “name = value”"),
        ({"notes_doc": "x"}, "expected one of"),
    ],
)
def test_who_hands_in_nothing_readable_is_told_what_to_hand_in(tmp_path, files, says):
    found = autograder.results([HUDDAR], submitted(tmp_path, **files), settings())
    assert found["score"] == 0.0
    assert says in found["output"]
    assert str(tmp_path) not in found["output"]


def test_with_several_problems_the_code_tells_which(tmp_path):
    other = made((2, 2, 1), bias="no", seed=2)
    both = [other, HUDDAR]
    found = autograder.results(both, submitted(tmp_path, answers_txt=sample()), settings())
    assert "Which problem is this?" in found["output"]
    coded = submitted(tmp_path, answers_txt=f"# {HUDDAR.code.lower()}\n{sample()}")
    assert autograder.results(both, coded, settings())["score"] == 34.0


def test_of_two_files_the_fuller_is_graded_and_the_other_named(tmp_path):
    folder = submitted(tmp_path, a_draft_txt="a3 = 0.7550\n", final_txt=sample())
    found = autograder.results([HUDDAR], folder, settings())
    assert found["score"] == 34.0
    assert "a_draft.txt was read too, but not graded." in found["output"]


def test_the_bundle_holds_what_it_needs_and_scripts_that_run():
    with ZipFile(BytesIO(gradescope.bundle([HUDDAR], visibility="hidden"))) as archive:
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
        setup = archive.read("setup.sh").decode()
        needs = archive.read("requirements.txt").decode()
    for script in ("setup.sh", "run_autograder"):
        assert stat.S_IMODE(modes[script]) == 0o755
    assert {
        "byhand/grader/feedback/report.py",
        "byhand/templates/style.css",
        f"problems/{HUDDAR.code}.toml",
    } <= set(modes)
    assert not [name for name in modes if "__pycache__" in name or "/." in name]
    assert "numpy" in needs
    assert "pytest" not in needs
    assert subprocess.run(["bash", "-n"], input=setup, text=True, check=False).returncode == 0


# --- the command ---


def test_the_same_problems_give_the_same_bytes():
    assert moodle.quiz([HUDDAR]) == moodle.quiz([HUDDAR])
    assert canvas.package([HUDDAR]) == canvas.package([HUDDAR])
    assert gradescope.bundle([HUDDAR], visibility="hidden") == gradescope.bundle(
        [HUDDAR], visibility="hidden"
    )


@pytest.mark.parametrize("system", ["moodle", "canvas", "new-quizzes", "brightspace", "gradescope"])
def test_each_system_gets_a_file_of_its_own_kind(tmp_path, system):
    result = run("export", "--to", system, "huddar-1", "--out", tmp_path / "out")
    assert result.exit_code == 0
    (path,) = (tmp_path / "out").iterdir()
    assert path.name == f"{HUDDAR.code}-{system}{'.xml' if system == 'moodle' else '.zip'}"


def test_an_option_of_another_system_is_refused(tmp_path):
    result = run("export", "--to", "moodle", "--groups", "huddar-1", "--out", tmp_path)
    assert (result.exit_code, "--groups is for canvas" in result.stderr) == (2, True)


def test_what_does_not_come_over_is_said(tmp_path):
    result = run("export", "--to", "canvas", "mazur-2-2-2", "--out", tmp_path / "quiz.zip")
    assert result.exit_code == 0
    assert "Canvas keeps 4" in result.stderr


def test_a_folder_without_problems_is_an_error(tmp_path):
    result = run("export", "--to", "moodle", tmp_path)
    assert result.exit_code == 2
    assert "no problem file" in result.stderr


def test_a_delta_of_exactly_nothing_can_be_asked_for():
    off = next(p for n in range(40) if has_zero(p := made((2, 2, 1), ("relu", "sigmoid"), seed=n)))
    assert not [fault for fault in canvas.too_small(off) if "= 0 " in fault]
    assert any(line.value == 0 for line in canvas.kept(off))


def has_zero(problem):
    return any(not line.value and line.quantity in (delta(3), delta(4)) for line in asked(problem, wrong=0))


# --- every kind of exercise ---

DRAWN = [("--kind", kind, "--level", "2") for kind in KIND_NAMES]
DRAWN += [("--kind", "optimizer", "--optimizer", rule) for rule in OPTIMIZERS[1:]]
LEVELS = [("--kind", kind, "--level", str(level)) for kind in KIND_NAMES for level in (1, 3, 4, 5)]
XMLS_OWN = {"amp", "lt", "gt", "quot", "apos"}


def drawn_as(arguments, notation):
    """A problem as these options of `byhand generate` have it drawn; the numbers need not be good ones."""
    options = exercise.make_context("exercise", [*arguments, "--notation", notation]).params
    services = replace(SERVICES, make_scorer=lambda *_: None, record=lambda found: [None] * len(found))
    order = order_of(options)
    wants = services if kind_of(order.plan).planted else None
    return next(draw_problems(order, ["export"], wants)).problem


def is_well_formed(html):
    """Whether a fragment, but for images, which HTML never closes, is XML too and holds no entity but XML's."""
    assert set(re.findall(r"&([a-zA-Z]\w*);", html)) <= XMLS_OWN
    etree.fromstring(f"<div>{re.sub('<img [^>]*>', '', html)}</div>".encode())


@pytest.mark.part(5)
@pytest.mark.parametrize(
    "arguments", [*DRAWN, *(pytest.param(a, marks=pytest.mark.slow) for a in LEVELS)], ids="-".join
)
@pytest.mark.parametrize("notation", ["unit", "layer"])
def test_every_kind_on_every_level_goes_to_every_system(arguments, notation, monkeypatch, tmp_path):
    """All but the drawing's dots, which `test_the_drawing_travels_in_the_question` looks at."""
    monkeypatch.setattr(drawing_png, "_pdf", lambda *_: b"")
    monkeypatch.setattr(drawing_png, "_dots", lambda _: b"dots")
    problem = drawn_as(arguments, notation)
    monkeypatch.setattr(gradescope, "_sources", lambda: iter(()))
    with ZipFile(BytesIO(gradescope.bundle([problem], visibility="visible"))) as archive:
        text = archive.read(f"{autograder.PROBLEMS}/{problem.code}.toml").decode()
    assert problem_file.parse(text, "bundle").code == problem.code
    if problem.kind.solution:
        path = tmp_path / "printed.toml"
        path.write_text(text, encoding="utf-8")
        for system in ("moodle", "canvas"):
            assert "has no fields for" in run("export", "--to", system, path, "--out", tmp_path).stderr
        return
    quiz = etree.fromstring(moodle.quiz([problem]))
    for text in quiz.findall(".//*[@format='html']/text"):
        is_well_formed(re.sub(r"\{\d+:NUMERICAL:[^}]*\}", "", text.text or ""))
    trees = []
    for made_zip in (canvas.package([problem], skip_small=True), brightspace.package([problem])):
        with ZipFile(BytesIO(made_zip)) as archive:
            trees += [etree.fromstring(archive.read(n)) for n in archive.namelist() if n.endswith(".xml")]
    found = [html for tree in trees for html in tree.iter("{*}mattext")]
    assert found
    for html in found:
        is_well_formed(html.text)


@pytest.mark.parametrize("html", ["a, &ensp;b&nbsp;&minus; c", "a<br>b", "5 &lt; 6 &amp;&#8201;&copy;"])
def test_whatever_html_our_pages_may_hold_other_pages_can_take(html):
    shown = markup.portable(html)
    assert unescape(shown) == unescape(html)
    is_well_formed(shown.replace("<br>", "<br/>"))
