"""New Quizzes and Brightspace: every line is there, tied to what is given, with bounds that no right rounding leaves."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from lxml import etree
from making import drawn, made, shipped
from test_export import _NAMESPACES, QTI

import byhand
from answer_keys import in_words, problem_set, published
from answer_keys.solution import solve
from exercises.common.errors import FileError, ProblemError
from exercises.problems.recast import as_convention
from grader.export import brightspace, canvas, canvas_groups, commands, drawing_png
from grader.export.lines import asked

SMALL = drawn((2, 2, 1), seed="package", places=6, symbolic=True)
D2L = f"{{{brightspace.D2L}}}"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The drawing's dots are looked at elsewhere."""
    monkeypatch.setattr(drawing_png, "_pdf", lambda *_: b"")
    monkeypatch.setattr(drawing_png, "_dots", lambda _: b"dots")


def opened(data):
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def tree(files, name):
    return etree.fromstring(files[name])


def fields(item):
    return {
        f.findtext("{*}fieldlabel"): f.findtext("{*}fieldentry") for f in item.iter("{*}qtimetadatafield")
    }


def roundings(value):
    """How a person may write a number."""
    for places in (6, 7, 9):
        for how in (ROUND_HALF_UP, ROUND_DOWN):
            yield value.quantize(Decimal(1).scaleb(-places), how)


def listed(files):
    """Every file of a package stands once in its table of contents, and what is needed is there."""
    root = tree(files, "imsmanifest.xml")
    paths = [one.get("href") for one in root.iter("{*}file")]
    names = {one.get("identifier") for one in root.iter("{*}resource")}
    return sorted(paths) == sorted(set(files) - {"imsmanifest.xml"}) and all(
        one.get("identifierref") in names for one in root.iter("{*}dependency")
    )


def test_every_question_of_new_quizzes_hangs_on_what_is_given():
    files = opened(canvas.package([SMALL], new=True))
    assert listed(files)
    name = f"byhand-{SMALL.code}"
    given, *items = tree(files, f"{name}/{name}.xml").iter("{*}item")
    assert fields(given)["question_type"] == "text_only_question"
    assert fields(given)["points_possible"] == "0"
    assert given.find(".//{*}material").get("orientation") == "top"
    assert len(items) == len(SMALL.graph.asked_steps) + len(SMALL.questions)
    assert {fields(item)["parent_stimulus_item_ident"] for item in items} == {given.get("ident")}
    assert len({item.get("ident") for item in (given, *items)}) == len(items) + 1
    assert "decimal places of an answer are kept" not in "".join(given.itertext())
    plain = opened(canvas.package([SMALL], skip_small=True))
    assert b"parent_stimulus" not in plain[f"{name}/{name}.xml"]


def test_the_quizzes_keep_to_the_content_model_but_for_where_children_stand():
    files = opened(canvas.package([SMALL], new=True))
    text = files[f"byhand-{SMALL.code}/byhand-{SMALL.code}.xml"].decode().replace(' orientation="top"', "")
    model = etree.DTD(StringIO(QTI))
    assert model.validate(etree.fromstring(_NAMESPACES.sub("", text).encode())), model.error_log


def test_new_quizzes_take_small_numbers_as_they_are():
    small = next(p for n in range(60) if canvas.too_small(p := made((2, 2, 1), seed=n, places=6)))
    with pytest.raises(ProblemError, match=r"0\.0001"):
        canvas.package([small])
    values = {line.quantity: line for line in asked(small, wrong=0)}
    assert [line.quantity for line in canvas.kept(small, new=True)] != [
        line.quantity for line in canvas.kept(small)
    ]
    for line in canvas.kept(small, new=True):
        low, high = canvas.bounds(line, new=True)
        assert (low, high) == (line.value - line.margin, line.value + line.margin)
        assert line.quantity in values


def test_brightspace_gets_a_section_for_each_problem_and_a_number_with_tolerance_for_each_line():
    problems = [SMALL, shipped("huddar-1")]
    files = opened(brightspace.package(problems))
    assert listed(files)
    (library,) = [
        r for r in tree(files, "imsmanifest.xml").iter("{*}resource") if r.get(f"{D2L}material_type")
    ]
    assert (library.get(f"{D2L}material_type"), library.get("href")) == (
        "d2lquestionlibrary",
        "questiondb.xml",
    )
    sections = list(tree(files, "questiondb.xml").iter("section"))
    assert [section.get("title")[:9] for section in sections] == [p.code for p in problems]
    idents = [item.get("ident") for section in sections for item in section.iter("item")]
    assert len(idents) == len(set(idents))
    for section, problem in zip(sections, problems, strict=True):
        told = section.findtext("presentation_material//mattext")
        assert problem.code in told
        assert f"images/network-{problem.code}.png" in told
        assert section.findtext(f"sectionproc_extension/{D2L}display_section_name") == "yes"
        kinds = [fields_of_d2l(item)["qmd_questiontype"] for item in section.iter("item")]
        assert kinds.count("Arithmetic") == len(problem.graph.asked_steps)
        assert kinds.count("Long Answer") == len(problem.questions)
        by_value = {line.quantity: line for line in asked(problem, wrong=0)}
        order = [
            item for item in section.iter("item") if fields_of_d2l(item)["qmd_questiontype"] == "Arithmetic"
        ]
        assert {item.get("title").split(",")[0] for item in order} == {
            problem.label(q).text.split(",")[0] for q in by_value
        }
        for item in order:
            assert "{" not in item.findtext(".//mattext")  # which would be a variable
            rule = item.find("resprocessing/respcondition/respcond_extension")
            value, tolerance = Decimal(rule.findtext("formula")), Decimal(rule.findtext("tolerance"))
            assert tolerance > 0
            assert rule.find("tolerance").get("type") == "units"
            assert rule.find("precision").get(f"{D2L}precision_enforced") == "no"
            assert item.findtext("presentation//mat_extension/formula") == rule.findtext("formula")
            assert value in {line.value for line in by_value.values()}


def fields_of_d2l(item):
    return {f.findtext("fieldlabel"): f.findtext("fieldentry") for f in item.iter("qti_metadatafield")}


def test_right_numbers_are_within_the_bounds_of_both():
    values = solve(SMALL).values
    files = opened(brightspace.package([SMALL]))
    rules = list(tree(files, "questiondb.xml").iter("respcond_extension"))
    lines = canvas.kept(SMALL, new=True)
    assert len(rules) == len(lines)
    for line, rule in zip(lines, rules, strict=True):
        value, tolerance = Decimal(rule.findtext("formula")), Decimal(rule.findtext("tolerance"))
        low, high = canvas.bounds(line, new=True)
        for written in roundings(values[line.quantity]):
            assert low <= written <= high
            assert abs(written - value) <= tolerance


def test_the_same_problems_give_the_same_packages():
    assert brightspace.package([SMALL]) == brightspace.package([SMALL])
    assert canvas.package([SMALL], new=True) == canvas.package([SMALL], new=True)


VARIANTS = [drawn((2, 2, 1), seed=f"variant {n}") for n in range(3)]


def test_each_line_of_an_exercise_is_drawn_from_its_variants():
    alone = shipped("huddar-1")
    exercises = {problem.code: "1" for problem in VARIANTS}
    files = opened(canvas_groups.package([*VARIANTS, alone], exercises))
    assert listed(files)
    name = "byhand-exercise-1"
    (root,) = tree(files, f"{name}/{name}.xml").iter("{*}assessment")
    groups = root.findall("{*}section/{*}section")
    assert len(groups) == len(VARIANTS[0].graph.asked_steps)
    for group in groups:
        assert group.findtext(".//{*}selection_number") == "1"
        assert Decimal(group.findtext(".//{*}points_per_item")) == 1
        assert len(group.findall("{*}item")) == len(VARIANTS)
    idents = [one.get("ident") for one in root.iter("{*}item", "{*}section")]
    assert len(idents) == len(set(idents))
    assert alone.code not in files[f"{name}/{name}.xml"].decode()
    for problem in VARIANTS:  # each item stands for itself, and gives nothing away but what it starts from
        (item,) = [i for i in root.iter("{*}item") if i.get("ident") == f"{name}-{problem.code}-delta3"]
        told = item.findtext(".//{*}mattext")
        values = {q.name: solve(problem).shown(q) for q in solve(problem).values}
        assert f"images/network-{problem.code}.png" in told
        above = told.partition("Worked out already: ")[2]
        assert values["dE_dy3"] in above
        assert values["dy3_da3"] in above
        assert values["delta3"] not in above
    model = etree.DTD(StringIO(QTI))
    text = _NAMESPACES.sub("", files[f"{name}/{name}.xml"].decode())
    assert model.validate(etree.fromstring(text.encode())), model.error_log


def test_groups_want_variants():
    with pytest.raises(ProblemError, match="name the folder that"):
        canvas_groups.package(VARIANTS, {})
    with pytest.raises(ProblemError, match="name the folder that"):
        canvas_groups.package(VARIANTS[:1], {VARIANTS[0].code: "1"})


def test_of_a_set_an_exercise_about_a_printed_solution_is_left_out_with_a_sentence(capsys):
    mistake = as_convention(drawn((2, 2, 1), seed="p8", delta="negative-gradient"))
    kept = commands._without_solutions([*VARIANTS, mistake], {mistake.code: "5"}, "canvas")
    assert kept == VARIANTS
    assert "exercise 5 is left out: it asks what is wrong" in capsys.readouterr().err
    for problems, exercises in (([*VARIANTS, mistake], {}), ([mistake], {mistake.code: "5"})):
        with pytest.raises(ProblemError, match=mistake.code):
            commands._without_solutions(problems, exercises, "canvas")


# --- questions of a set that are answered in words ---

SET = '''
title = "Set"
seed = "s"
[[exercise]]
question = """Is a < b & "c" ]]> d?

And why?"""
title = "In <words>"
points = 2.5
[[exercise]]
kind = "composite"
'''
WHOLE = 'In words, exercise 1: Is a < b & "c" ]]> d?And why?'


@pytest.fixture(scope="module")
def in_a_set(tmp_path_factory):
    """The folder of a set with such a question."""
    top = tmp_path_factory.mktemp("words")
    (top / "set.toml").write_text(SET, encoding="utf-8")
    folder = top / "set"
    folder.mkdir()
    (folder / in_words.FILE).write_text(
        in_words.written(problem_set.read(top / "set.toml")), encoding="utf-8"
    )
    (folder / "a.toml").write_text(published.text("huddar-1"), encoding="utf-8")
    return folder


def call(*args):
    result = CliRunner().invoke(byhand.main, [str(a) for a in args])
    assert result.exit_code == 0, result.output
    return result


def inside(html):
    return "".join(etree.fromstring(f"<x>{html}</x>").itertext())


@pytest.mark.parametrize("system", ["moodle", "canvas", "new-quizzes", "brightspace", "qti21", "gradescope"])
def test_a_question_in_words_comes_along_or_is_said_to_stay_behind(system, in_a_set, tmp_path):
    out = tmp_path / ("a.xml" if system == "moodle" else "a.zip")
    said = call("export", "--to", system, in_a_set, "--out", out).stderr
    assert ("exercise 1 is left out: it is answered in words" in said) == (system == "gradescope")
    if system == "moodle":
        (essay,) = [q for q in etree.parse(out).getroot() if q.get("type") == "essay"]
        assert essay.findtext("name/text") == "Exercise 1: In &lt;words&gt;"
        assert inside(essay.findtext("questiontext/text")) == WHOLE
        assert essay.findtext("defaultgrade") == "2.5"
    elif system != "gradescope":
        files = opened(out.read_bytes())
        assert listed(files)
        name = {"brightspace": "questiondb.xml", "qti21": "items/byhand-exercise-1-essay.xml"}.get(
            system, "byhand-exercise-1/byhand-exercise-1.xml"
        )
        root = tree(files, name)
        if system == "qti21":
            body = root.find("{*}itemBody")
            assert "".join(body.itertext()) == WHOLE
            assert "tests/byhand-exercise-1.xml" in files
        else:
            texts = [inside(one.text) for one in root.iter("{*}mattext") if "In words" in one.text]
            assert texts == [WHOLE]
            assert "2.5" in etree.tostring(root, encoding="unicode")


def test_a_file_of_questions_that_somebody_broke_is_one_sentence(tmp_path):
    (tmp_path / in_words.FILE).write_text("[[question]]\ntitle = 3\n", encoding="utf-8")
    with pytest.raises(FileError, match=r"questions.toml: expected tables \[\[question\]\]"):
        in_words.read_in_words(tmp_path)
