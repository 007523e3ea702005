"""The class report: what it counts, what it never tells, and that it reads in black and white."""

import json
import re
import subprocess
import sys
from io import BytesIO
from math import hypot
from pathlib import Path
from xml.etree import ElementTree as ET

import pypdf
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from making import SHAPES, handed_in, made, network, perfect, shipped

import byhand
from exercises.figures.placement import RADIUS
from exercises.formulas.quantity import Quantity, QuantityKind, delta, weight, y
from exercises.networks.notation import Notation
from exercises.printing.pdf import style
from grader.class_report import sheet_records, tally
from grader.class_report.network_picture import HATCHING, SQUARE, WIDTHS, NetworkPicture
from grader.class_report.report_pages import ClassReport
from grader.class_report.shares import Share, inferred, part_of, shares
from grader.class_report.tally import Threshold
from grader.class_report.teaching import ADVICE, advice, lead
from grader.feedback.report import grade

FIVE = Threshold(5)
PROBLEM = shipped("huddar-1")
LINKS = {step.quantity.name: str(step.link) for step in PROBLEM.graph.steps}
H01 = ("H01", "activation slope forgotten")
U02 = ("U02", "η forgotten")


def record(student, wrong=None, blank=(), **more):
    """A record of `byhand grade --json`: lines are right but for those in `wrong`, which name a mistake or none."""
    wrong = wrong or {}
    answers = []
    for name, link in LINKS.items():
        verdict = "wrong" if name in wrong else "missing" if name in blank else "correct"
        named = wrong.get(name)
        answers.append(
            {
                "quantity": name,
                "label": name,
                "link": link,
                "verdict": verdict,
                "submitted": "-0.0122",
                "mistakes": [{"code": named[0], "name": named[1], "probability": 0.97}] if named else [],
                "feedback": f"Your {name} = −0.0122 is a sentence about {named[1]}." if named else "",
                "credit": float(verdict == "correct"),
                "out_of": 1.0,
            }
        )
    score = sum(a["credit"] for a in answers)
    return {
        "problem": "Huddar’s example",
        "code": "SJ1S-RG1V",
        "student": student,
        "score": score,
        "strict_score": score,
        "out_of": float(len(answers)),
        "answers": answers,
        "student_id": f"id-{student}",
        "file": f"{student}.pdf",
        **more,
    }


def written(folder, found):
    path = folder / "results.jsonl"
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in found), encoding="utf-8")
    return path


@pytest.fixture
def sheets(tmp_path):
    """The sheets of some records, by way of a file."""
    return lambda found: sheet_records.read([written(tmp_path, found)]).sheets


def a_class(h01=12, u02=4, others=24):
    """Forty students: twelve who forgot a slope, four who forgot η, the others right."""
    return [
        *(record(f"Ada Lovelace {i}", {"delta3": H01}) for i in range(h01)),
        *(record(f"Bea Potter {i}", {"W13_new": U02}) for i in range(u02)),
        *(record(f"Cy Young {i}") for i in range(others)),
    ]


def html(found, limit=FIVE, **more):
    return ClassReport(found, limit, more.pop("problems", {}), **more).html()


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<style.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))


def run(*args):
    result = CliRunner().invoke(byhand.main, [str(a) for a in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert "stumbled" not in result.output
    return result


# --- what is counted ---


def test_every_student_counts_once_for_a_mistake_however_often_it_was_made(sheets):
    found = sheets([record(f"s{i}", {"delta3": H01, "delta4": H01}) for i in range(6)])
    (made_,) = tally.mistakes(found)
    assert (made_.code, made_.students, made_.lines) == ("H01", 6, 12)


def test_links_are_ranked_by_the_marks_that_broken_steps_cost(sheets):
    found = sheets([*a_class(), record("blank", blank=["E", "E_new"])])
    ranked = tally.lost_by_link(found)
    assert [(one.link, one.marks) for one in ranked[:2]] == [("hidden delta", 12.0), ("update", 4.0)]
    assert {one.link: one.blank for one in ranked}["loss"] == 2.0
    assert ranked[0].top == ("H01", "activation slope forgotten", 12)


def test_a_line_ends_at_a_line_feed_only(sheets):
    odd = record("s1", {"delta3": ("H01", "a\u2028b")}, problem="one\u2028two\x85three")
    assert len(sheets([odd, record("s2")])) == 2


def test_problems_with_other_numbers_and_the_same_lines_are_one_group(sheets):
    found = [record(f"s{i}", {"delta3": H01}, code=f"CODE-{i}") for i in range(30)]
    (group,) = tally.by_exercise(sheets(found))
    assert len(group) == 30
    assert tally.broke(group, {"delta3": "there"}) == {"there": (30, 30)}
    assert tally.right_on(group)["delta3"] == (0, 30)


def test_a_part_is_shaded_by_the_share_of_those_who_wrote_it_down(sheets):
    found = sheets(
        [*a_class(), *(record(f"blank{i}", blank=["dE_dy3", "dy3_da3", "delta3"]) for i in range(8))]
    )
    share = shares(found, FIVE)["backward", y(3)]
    assert share == Share(30)  # 12 of 40, the eight others wrote nothing
    assert shares(found, FIVE)["edge", weight(1, 3)] == Share(None)  # only four broke it
    assert shares(found, Threshold(4))["edge", weight(1, 3)] == Share(8)


def test_each_line_of_an_exercise_belongs_to_one_part_of_the_drawing_but_for_the_check_run():
    for shape in SHAPES:
        for step in made(shape).graph.steps:
            q = step.quantity
            part = part_of(q)
            check = q.updated and q.kind not in (QuantityKind.WEIGHT, QuantityKind.BIAS)
            assert (part is None) is check
    assert part_of(delta(3)) == ("backward", y(3))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("bias", ["yes", "no"])
def test_the_network_is_told_from_the_names_of_its_lines(shape, bias):
    problem = made(shape, bias=bias)
    found = inferred([step.quantity.name for step in problem.graph.steps])
    assert (found.shape, found.bias) == (problem.network.shape, bias)


@pytest.mark.parametrize(
    "names", [[], ["u1", "grad2"], ["dE_dW13"], ["dE_dW12", "dE_dW13", "dE_dW24"], ["nonsense"]]
)
def test_what_is_no_layered_network_gets_no_drawing(names):
    assert inferred(names) is None


def test_records_of_the_grader_itself_are_read(tmp_path):
    texts = perfect(PROBLEM)
    broken = {**texts, delta(3): "-0.0122"}
    reports = grade(PROBLEM, [handed_in(texts, "a"), handed_in(broken, "b"), handed_in({}, "c")])
    found = sheet_records.read([written(tmp_path, [r.as_json() for r in reports])])
    assert not found.complaints
    assert [sheet.score for sheet in found.sheets] == [r.score for r in reports]
    assert next(n.code for n in found.sheets[1].lines if n.quantity == "delta3") == "H01"
    assert "H01" in html(found.sheets, Threshold(1))


# --- what is never told ---


def test_no_name_id_or_file_stands_in_the_report(sheets):
    page = html(sheets(a_class()))
    assert not re.search(r"Lovelace|Potter|Cy Young|id-|\.pdf", words(page))


def test_a_mistake_that_few_made_is_neither_named_nor_shown(sheets):
    page = words(html(sheets(a_class())))
    assert "Activation slope forgotten H01" in page
    assert "a sentence about activation slope forgotten" in page
    assert "U02" not in page
    assert "η forgotten" not in page
    assert "1 other mistake was made, by fewer than 5 students" in page
    assert "Broken by fewer than 5 students" in page


def test_with_the_threshold_at_the_group_it_is_shown(sheets):
    page = words(html(sheets(a_class()), Threshold(4)))
    assert "η forgotten U02" in page
    assert "a sentence about η forgotten" in page


@pytest.mark.parametrize("count", [1, 4])
def test_of_a_small_class_nothing_is_shown_and_this_is_said(sheets, count):
    page = words(html(sheets(a_class(h01=count, u02=0, others=0))))
    assert "Fewer than 5 students handed in" in page
    assert "H01" not in page
    assert "%" not in page


def test_a_structure_that_few_worked_at_is_left_out(sheets):
    few = [record(f"few{i}") for i in range(3)]
    for found in few:
        found["answers"] = found["answers"][:7]
    page = words(html(sheets([*a_class(), *few])))
    assert page.count("Where it broke") == 1
    assert not re.search(r"\b3 students", page)


def test_who_has_no_name_is_a_student_of_their_own(tmp_path):
    found = [{**record("unnamed"), "student_id": ""} for _ in range(7)]
    assert tally.students(sheet_records.read([written(tmp_path, found)]).sheets) == 7


@given(st.lists(st.integers(0, 30), min_size=10, max_size=10), st.integers(2, 8))
def test_every_column_is_shown_and_none_holds_a_small_group(counts, least):
    limit = Threshold(least)
    total = 0
    found = []
    for tenth, count in enumerate(counts):
        for _ in range(count):
            total += 1
            found.append(sheet_records.SheetRecord(f"s{total}", "", "", tenth * 10.0 + 5, 0.0, 100.0, ()))
    marks = tally.marks(found, limit, lambda s: s.score)
    if total < least:
        assert marks is None
        return
    if not marks.columns:  # wherever the class is parted, one side is small
        assert all(min(sum(counts[:i]), sum(counts[i:])) < least for i in range(1, 10))
        return
    assert len(marks.columns) > 1
    assert [c.low for c in marks.columns] == [0, *(c.high for c in marks.columns[:-1])]
    assert marks.columns[-1].high == 100
    for column in marks.columns:
        held = counts[round(column.low / 10) : round(column.high / 10)]
        assert column.count == sum(held) >= least
        assert len(held) == 1 or min(held) < least


def test_the_hardest_lines_never_tell_how_few_failed(sheets):
    found = sheets(a_class())
    page = words(html(found))
    hardest = page.partition("Hardest")[2]
    assert "28 of 40" in hardest
    assert "36 of 40" not in hardest


# --- how it looks ---


def test_lines_that_nobody_got_are_listed(sheets):
    page = words(html(sheets([record(f"s{i}", {"E": None}) for i in range(20)])))
    assert "Fewer than 5 students took these steps rightly: E" in page


def test_everything_is_black_white_or_grey_and_every_shade_bears_its_number(sheets):
    page = html(sheets(a_class()))
    colours = set(re.findall(r"#[0-9a-fA-F]{3,6}\b|rgb\([^)]*\)", page))
    assert colours <= {"#000", "#fff", "#888", "#999", "#555", "#000000", "#ffffff", "#555555"}
    picture = page.partition("Where it broke")[2].partition("</svg>")[0]
    assert ">30<" in picture
    assert "delta" not in words(picture)


def test_deeper_shades_are_closer_hatched_and_thicker():
    assert list(WIDTHS) == sorted(WIDTHS)
    assert list(HATCHING[1:]) == sorted(HATCHING[1:], reverse=True)
    levels = [Share(n).level for n in (None, 0, 4, 5, 9, 10, 19, 20, 39, 40, 100)]
    assert levels == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


@pytest.mark.parametrize("shape", [*SHAPES, (4, 3, 2), (8, 8, 3)], ids=str)
def test_a_network_of_any_shape_is_drawn_within_the_page(shape):
    net = network(shape)
    everything = {("edge", weight(i, j)): Share(34) for j in net.computing for i in net.upstream(j)}
    everything |= {("edge", Quantity(QuantityKind.BIAS, u)): Share(100) for u in net.computing}
    everything |= {(way, y(u)): Share(50) for way in ("forward", "backward") for u in net.computing}
    everything |= {("loss", Quantity(QuantityKind.LOSS, u)): Share(7) for u in (*net.outputs, 0)}
    figures = NetworkPicture(Notation("unit", net), everything).figures("words")
    assert figures["width"] < 200
    box = (0, figures["top"], figures["width"], figures["top"] + figures["height"])
    for run_ in figures["runs"]:
        assert box[0] <= run_["x"] <= box[2]
        assert box[1] <= run_["y"] <= box[3]


def test_each_link_has_its_sentence_and_an_unknown_one_has_one_too():
    assert len(set(ADVICE.values())) == len(ADVICE)
    assert advice("hidden delta").endswith("slope.")
    assert advice("something new")
    assert lead([], FIVE) == "No mark was lost by a broken step."


def lost(link, marks, *who):
    return tally.LinkLoss(link, marks, len(who), 0.0, 0, None, frozenset(who))


def test_a_lesson_reaches_a_share_of_everything_that_broken_steps_cost():
    many = [f"s{n}" for n in range(8)]
    ranked = [lost("hidden delta", 8.0, *many), *(lost(f"link {n}", 7.0, f"t{n}", f"u{n}") for n in range(3))]
    assert lead(ranked, FIVE) == (
        "A lesson on the hidden delta would reach 28% of the marks that broken steps cost; "
        "the rest was lost on links that fewer than 5 students each broke."
    )
    assert lead(ranked[:1], FIVE).endswith("would reach 100% of the marks that broken steps cost.")
    both = [lost("hidden delta", 299.0, *many), lost("update", 1.0, *many)]
    assert "A lesson on the hidden delta would reach 99% of" in lead(both, FIVE)
    assert lead(ranked[1:], FIVE) == "No link was broken by 5 students or more."
    equal = [lost("hidden delta", 5.0, *many), lost("loss", 5.0, *many), lost("update", 5.0, *many)]
    assert lead(equal, FIVE).startswith("Lessons on hidden delta and loss would reach 67%")


def test_a_share_that_would_tell_what_a_few_lost_is_not_printed():
    ranked = [
        lost("hidden delta", 8.0, *(f"s{n}" for n in range(8))),
        lost("update", 1.0, "t"),
        lost("loss", 1.0, "t"),
    ]
    said = lead(ranked, FIVE)
    assert "would reach 8 of the marks that broken steps cost; what was lost" in said
    assert "%" not in said


def test_what_bears_no_mark_is_no_line_that_nobody_got(sheets):
    found = [record(f"s{i}", {"E": None}, blank=["E_new"]) for i in range(9)]
    for one in found:
        for answer in one["answers"]:
            answer["out_of"] = 0.0 if answer["quantity"] in {"E", "E_new"} else 1.0
    read = sheets(found)
    page = words(html(read))
    assert "took these steps rightly" not in page
    assert {one.link: one.idle for one in tally.lost_by_link(read)}["loss"] == 0


def test_marks_that_would_part_into_small_groups_are_told_by_their_middle(sheets):
    page = html(sheets([record(f"s{i}", {"E": None} if i < 4 else {}) for i in range(20)]))
    assert "median 100%. Not drawn: these marks do not part into columns of at least 5 students" in words(
        page
    )
    assert "matplotlib" not in page.casefold()
    page = html(sheets([record(f"s{i}", dict.fromkeys(list(LINKS)[: 4 * (i % 3)])) for i in range(18)]))
    plot = page.partition("<figure")[2].partition("</figure>")[0]
    assert plot.count(">6</text>") == 6, "two drawings of three columns"
    assert "Not drawn" not in plot


def numbered(exercise, name, students, wrong=None):
    found = [record(s, wrong, exercise=exercise, problem=f"Exercise {exercise}: {name}") for s in students]
    for n, one in enumerate(found):
        one["code"] = f"{exercise}-{n}"
    return found


def test_exercises_of_one_shape_are_told_apart_by_number_and_name(sheets):
    many = [f"s{n}" for n in range(20)]
    found = [*numbered("10", "Why δ collapses", many, {"E": None}),
             *numbered("3", "A 2-2-2 network", many, {"delta3": H01}), *numbered("4", "Descent", many),
             *numbered("5", "Adam", many)]  # fmt: skip
    page = words(html(sheets(found)))
    places = [page.index(f"Where it broke: exercise {title}, 20 students") for title in (
        "3 (A 2-2-2 network)", "10 (Why δ collapses)")]  # fmt: skip
    assert places == sorted(places)
    assert "The networks of exercises 4 and 5 are not drawn: no part of them was broken by 5 students" in page
    assert "Lines nobody got: exercises 4 and 5 None: at least 5 students took each step rightly." in page
    assert "4 exercises" in page
    assert page.startswith(" 4 exercises: class report ")


def test_an_exercise_in_several_forms_is_told_by_its_lines_too(sheets):
    short = numbered("1", "A graph", [f"t{n}" for n in range(8)], {"E": None})
    for one in short:
        one["answers"] = one["answers"][:9]
    page = words(
        html(sheets([*numbered("1", "A graph", [f"s{n}" for n in range(9)], {"delta3": H01}), *short]))
    )
    assert f"exercise 1 (A graph), {len(LINKS)} lines, 9 students" in page
    assert "exercise 1 (A graph), 9 lines" in page


def test_the_report_says_how_many_of_the_roster_handed_in_nothing(tmp_path):
    written(tmp_path, a_class())
    there = [{"id": f"id-Ada Lovelace {n}"} for n in range(12)]
    for absent, says in (
        (7, "· 7 of the roster handed in nothing"),
        (3, "· fewer than 5 of the roster handed in"),
    ):
        course = {
            "open": False,
            "title": "Sheet 4",
            "roster": [*there, *({"id": f"x{n}"} for n in range(absent))],
        }
        (tmp_path / "course.json").write_text(json.dumps(course), encoding="utf-8")
        out = tmp_path / "report.html"
        assert run("report", tmp_path, "--out", out).exit_code == 0
        page = words(out.read_text(encoding="utf-8"))
        assert says in page
        assert page.startswith(" Sheet 4: class report ")
    (tmp_path / "course.json").write_text("{", encoding="utf-8")
    assert run("report", tmp_path, "--out", out, "--title", "Mine").exit_code == 0
    assert "of the roster" not in out.read_text(encoding="utf-8")


def test_the_title_is_that_of_the_problem_set(tmp_path):
    written(tmp_path, a_class())
    (tmp_path / "thursday").mkdir()
    (tmp_path / "other.toml").write_text("x = [", encoding="utf-8")
    (tmp_path / "thursday.toml").write_text('title = "Week 2"\n[[exercise]]\npoints = 1\n', encoding="utf-8")
    out = tmp_path / "report.html"
    run("report", tmp_path, "--out", out, "--problems", tmp_path / "thursday")
    assert "<h1>Week 2</h1>" in out.read_text(encoding="utf-8")


def test_a_bias_has_a_name_and_an_arrow_that_ends_at_its_unit():
    net = network((2, 2, 1))
    found = NetworkPicture(
        Notation("unit", net), {("edge", Quantity(QuantityKind.BIAS, u)): Share(None) for u in net.computing}
    )
    figures = found.figures("words")
    assert [run_["text"] for run_ in figures["runs"]].count("b") == 3
    for unit in net.computing:
        px, py = found.places[unit]
        (_, shaft), *barbs = found.bias_arrow(unit)
        assert len(barbs) == 2
        assert abs(hypot(shaft.end[0] - px, shaft.end[1] - py) - RADIUS) < 0.3
        assert abs(shaft.end[0] - px) > 1, "not the line that parts the unit"


def test_the_name_of_a_loss_stands_clear_of_its_square():
    net = network((2, 2, 2))
    found = NetworkPicture(
        Notation("unit", net), {("loss", Quantity(QuantityKind.LOSS, u)): Share(7) for u in (*net.outputs, 0)}
    )
    names = list(found.names())[-3:]
    assert all(
        text.box.bottom < found.loss_at(q)[1] - SQUARE for q, text in zip(found.losses, names, strict=True)
    )


def test_an_exercise_without_a_network_is_reported_without_a_picture(sheets):
    found = a_class()
    for one in found:
        for answer in one["answers"]:
            answer["quantity"] = f"u{list(LINKS).index(answer['quantity']) + 1}"
    page = words(html(sheets(found)))
    assert "Where it broke" not in page
    assert re.search(r"1 Marks .* 2 What to teach .* 3 Mistakes .* 4 Lines nobody got", page)


def test_the_report_is_well_formed_and_the_same_each_time(sheets):
    found = sheets(a_class())
    page = html(found, title="Sheet 3 <b>")
    assert page == html(found, title="Sheet 3 <b>")
    assert "Sheet 3 &lt;b&gt;" in page
    ET.fromstring(page.replace(style(), ""))  # noqa: S314 - our own page; the PDF is made by way of this parser


def test_the_pdf_has_a_title_and_no_page_too_many(sheets):
    found = sheets(a_class())
    pdf = pypdf.PdfReader(BytesIO(ClassReport(found, FIVE, {PROBLEM.code: PROBLEM}).pdf("letter")))
    assert pdf.metadata.title == "Huddar’s example: class report"
    assert len(pdf.pages) == 1
    text = pdf.pages[0].extract_text()
    for heading in ("Marks", "Where it broke", "What to teach", "Mistakes", "Lines nobody got"):
        assert heading in text


# --- the command ---


def test_a_folder_of_results_becomes_a_page(tmp_path):
    written(tmp_path, a_class())
    out = tmp_path / "report.html"
    result = run("report", tmp_path, "--out", out, "--problems", "huddar-1", "--min-group", "4")
    assert result.exit_code == 0
    assert "η forgotten" in out.read_text(encoding="utf-8")


def test_a_line_that_is_no_record_is_named_and_the_rest_is_reported(tmp_path):
    path = written(tmp_path, a_class())
    with path.open("a", encoding="utf-8") as file:
        file.write('{"answers": 3}\nnot json\n\n')
    result = run("report", path, "--out", tmp_path / "report.html")
    assert result.exit_code == 1
    assert "line 41: no record" in result.stderr
    assert "line 42: no record" in result.stderr


@pytest.mark.parametrize(
    ("given_", "out", "says"),
    [
        ("empty.jsonl", "r.html", "nothing to report"),
        ("absent.jsonl", "r.html", "no such file"),
        (".", "r.html", "no results.jsonl"),
        ("empty.jsonl", "r.docx", "ends in .pdf or .html"),
    ],
)
def test_what_cannot_be_reported_is_said_in_a_sentence(tmp_path, given_, out, says):
    (tmp_path / "inner").mkdir()
    if given_ == "empty.jsonl":
        (tmp_path / "inner" / given_).write_text("", encoding="utf-8")
    result = run("report", tmp_path / "inner" / given_, "--out", tmp_path / out)
    assert result.exit_code == 2
    assert says in result.stderr
    assert not (tmp_path / out).exists()


def test_nothing_but_the_report_imports_the_plotting_library():
    program = "import byhand, sys, grader.class_report.commands; sys.exit('matplotlib' in sys.modules)"
    assert (
        subprocess.run(
            [sys.executable, "-c", program], cwd=Path(byhand.__file__).parent, check=False
        ).returncode
        == 0
    )
