"""The practice page as files: what it holds, what it asks of a browser, what it says where something is missing."""

import json
import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import practice_sheets
import pytest
from click.testing import CliRunner
from fontTools.ttLib import TTFont
from making import shipped

from answer_keys import published
from answer_keys.draw_problems import draw_problems
from answer_keys.options import exercise
from answer_keys.order import order_of
from benchmarks import line_by_line
from byhand import main
from exercises.common.errors import FileError
from exercises.networks.kinds import KINDS
from exercises.problems import problem_file
from grader.export import scorm
from grader.practice import bridge, fonts, page_data, runtime, site
from grader.practice.numbers import practised
from grader.services import SERVICES

ODD_NAMES = {"touch.json", "site.json", "README.md", "icon.svg"}


@pytest.fixture(scope="module")
def pages():
    """A page of each kind, on two sets of numbers."""
    found = {}
    for kind in KINDS:
        order = order_of(exercise.make_context("exercise", ["--kind", kind]).params)
        problems = [drawn.problem for drawn in draw_problems(order, ["one", "two"], SERVICES)]
        found[kind] = problems, [page_data.page(problem) for problem in problems]
    return found


def names(page):
    """Every field of a page, in order."""
    parts = [part for section in page["sections"] for part in section["parts"]]
    return [n for part in parts for n in part.get("names", [part["name"]] if "name" in part else [])]


@pytest.mark.part(9)
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_a_field_for_whatever_is_asked_and_no_answers(pages, kind):
    for problem, page in zip(*pages[kind], strict=True):
        report = json.loads(bridge.judge(page["toml"], "{}"))
        assert sorted(names(page)) == sorted(answer["quantity"] for answer in report["answers"])
        assert problem_file.parse(page["toml"], "").code == page["code"] == problem.code
        assert set(page["lines"]) == {step.quantity.name for step in problem.graph.asked_steps}
        shown = json.dumps({key: value for key, value in page.items() if key not in {"toml", "watch"}})
        told = {answer["quantity"]: answer["expected"] for answer in report["answers"]}
        long = [f"{value:.6f}"[:8] for value in told.values() if isinstance(value, float)]
        assert not [number for number in long if len(number.strip("-0.")) > 4 and number in shown]


@pytest.mark.parametrize("kind", KINDS)
def test_pages_of_one_exercise_are_put_together_from_what_they_share(pages, kind):
    _, own = pages[kind]
    found = page_data.shared(own)
    assert [{**found["shared"], **each} for each in found["each"]] == own
    assert own[0]["code"] != own[1]["code"]


def test_a_line_to_be_found_gives_neither_its_name_nor_its_formula_away(pages):
    _, (page, _) = pages["find-the-mistake"]
    assert page["lines"]["right_value"]["link"] == ""
    assert page["lines"]["right_value"]["used"] == []
    assert page["watch"] is None


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The files of a page of two exercises; what it runs on is made up."""
    called, exercises = practised(("huddar-1", "mazur-2-2-2"), 3, SERVICES)
    made_up = {name: name.encode() for name in runtime.FILES}
    files = site.site_files(called, exercises, made_up)
    out = tmp_path_factory.mktemp("site")
    site.write_site(out, files)
    return out, files


def test_every_file_that_the_page_names_is_there(made):
    out, files = made
    assert {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} == set(files)
    listed = json.loads(files["site.json"])
    for one in listed["exercises"]:
        data = json.loads(files[f"data/{one['id']}.json"])
        assert len(data["each"]) == 3
        assert {each["code"] for each in data["each"]} <= {path.stem for path in (out / "problems").iterdir()}
    for name in ("app.js", "worker.js", "practise.js", "judge.js", "watch.js", "touch.js", "network.js"):
        for asked in re.findall(r"from '\./([\w.]+)'", files[name]) + re.findall(
            r"import\('\./([\w.]+)'\)", files[name]
        ):
            assert asked in files
    for asked in re.findall(r"at\('([\w.]+)'\)|unpacked\('([\w.]+)'\)", files["worker.js"]):
        assert f"runtime/{''.join(asked)}" in files
    for asked in re.findall(r'url\("([^"]+)"\)', files["style.css"]):
        assert asked in files
    kept = json.loads(re.search(r"const FILES = (\[.*?\]);", files["sw.js"])[1])
    assert {"./", "app.js", "site.json", "data/1.json", "fonts/serif.woff"} <= set(kept)
    assert set(kept) - {"./"} <= set(files)


def test_nothing_is_asked_of_anybody_else_and_no_script_or_style_is_in_the_page(made):
    _, files = made
    for name, text in files.items():
        if isinstance(text, str) and name not in ODD_NAMES and not name.startswith(("data/", "problems/")):
            outside = re.findall(r"https?://[^\s'\"`]+", text)
            assert [address for address in outside if not address.startswith("http://www.w3.org/")] == [], (
                name
            )
    page = files["index.html"]
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert set(rules.values()) <= {"'none'", "'self'", "'self' 'wasm-unsafe-eval'"}

    class Inline(HTMLParser):
        found = 0

        def handle_starttag(self, tag, attrs):
            own = dict(attrs)
            self.found += tag == "style" or "style" in own or any(name.startswith("on") for name in own)
            self.found += tag == "script" and "src" not in own

    for text in [page, *(json.loads(files[f"data/{n}.json"])["each"][0]["drawings"][0] for n in (1, 2))]:
        reader = Inline()
        reader.feed(text)
        assert reader.found == 0


def test_the_same_command_makes_the_same_page(made):
    _, files = made
    called, exercises = practised(("huddar-1", "mazur-2-2-2"), 3, SERVICES)
    assert site.site_files(called, exercises, {name: name.encode() for name in runtime.FILES}) == files


def test_new_numbers_are_other_problems_of_the_same_kind():
    _, (chosen,) = practised(("exercise-3",), 6, SERVICES)
    first, *others = chosen.problems
    assert first.code == shipped("exercise-3").code
    assert len({one.code for one in chosen.problems}) == len(chosen.problems) == 6
    for one in others:
        assert (one.network, one.places, one.delta, one.notation) == (
            first.network,
            first.places,
            first.delta,
            first.notation,
        )


def test_the_exercises_of_a_set_are_on_one_page_on_numbers_that_no_student_has(tmp_path):
    file = tmp_path / "set.toml"
    file.write_text(
        'title = "Week 2"\nseed = "s"\n[[exercise]]\nkind = "chain"\n[[exercise]]\nkind = "composite"\n'
        '[[exercise]]\nproblem = "huddar-1"\n',
        encoding="utf-8",
    )
    called, found = practised((str(file),), 2, SERVICES)
    assert called == "Week 2"
    assert [one.title for one in found] == [
        "1. The chain of one weight",
        "2. The chain rule",
        "3. Huddar’s example",
    ]
    assert [len(one.problems) for one in found] == [2, 2, 2]


def test_where_the_run_time_files_are_missing_one_sentence_says_what_to_do(tmp_path):
    done = CliRunner().invoke(
        main, ["practice", "huddar-1", "--runtime", str(tmp_path), "--out", str(tmp_path / "site")]
    )
    assert done.exit_code == 2
    (line,) = done.stderr.splitlines()
    assert "make practice-runtime" in line
    assert not (tmp_path / "site").exists()


def test_run_time_files_of_another_grader_and_changed_ones_are_refused(tmp_path, monkeypatch):
    for name in runtime.FILES:
        (tmp_path / name).write_bytes(name.encode())
    runtime.seal(tmp_path)
    assert runtime.fault(tmp_path) == ""
    assert set(runtime.files(tmp_path)) == set(runtime.FILES)
    (tmp_path / "core.zip").write_bytes(b"changed")
    with pytest.raises(FileError, match="other files"):
        runtime.files(tmp_path)
    runtime.seal(tmp_path)
    monkeypatch.setattr(runtime, "sources", lambda: {"grader/x.py": b"another"})
    assert "another version" in runtime.fault(tmp_path)


def test_the_bridge_says_what_grade_says_of_the_file_that_is_saved(tmp_path):
    toml, texts = practice_sheets.simulated(2)[1]
    problem, sheet = tmp_path / "problem.toml", tmp_path / "you.json"
    problem.write_text(toml, encoding="utf-8")
    sheet.write_text(json.dumps(texts), encoding="utf-8")
    done = CliRunner().invoke(main, ["grade", str(problem), str(sheet), "--json"])
    assert json.loads(done.stdout) == json.loads(bridge.judge(toml, json.dumps(texts)))


def test_a_whole_sheet_is_read_whatever_it_is():
    toml = page_data.page(shipped("huddar-1"))["toml"]
    lines = json.loads(bridge.read_sheet(toml, "code: SJ1S-RG1V\na3 = 0.755\nδ₅ = −0.0407\nq9 = 1"))
    assert lines["texts"] == {"a3": "0.755", "delta5": "−0.0407"}
    assert lines["code"] == "SJ1S-RG1V"
    assert len(lines["complaints"]) == 1
    assert json.loads(bridge.read_sheet(toml, '{"a3": "0.755"}', "me.json"))["texts"] == {"a3": "0.755"}
    (sample,) = Path(published.__file__).parent.glob("*.txt")
    for text in ("0.7550", "x", "?"):
        sheet = sample.read_text(encoding="utf-8").replace("0.7550", text)
        assert len(json.loads(bridge.read_sheet(toml, sheet))["texts"]) == 35
    for name in ("a.pdf", "a.xlsx", "a.docx"):
        assert json.loads(bridge.read_sheet(toml, "%PDF-1.4", name))["complaints"] != []
    for text in ("", "\x00", "9" * 10_000, "a3 = " + "(" * 5000):
        assert json.loads(bridge.read_sheet(toml, text))["texts"].keys() <= {"a3"}


def test_fonts_have_the_letters_that_pages_show():
    for data in fonts.fonts().values():
        have = TTFont(BytesIO(data)).getBestCmap()
        assert {ord(letter) for letter in "aδ∂₁½−·η=()"} <= set(have)


def test_a_line_is_never_accused_and_then_acquitted_while_somebody_types():
    right = line_by_line.look(1, faulty=False)
    assert [key for key in right if key[0] != "beginnings"] == []
    assert right["beginnings",] > 20
    wrong = line_by_line.look(1, faulty=True)
    assert [key for key in wrong if key[0] != "beginnings"] == []


@pytest.mark.slow
def test_every_beginning_of_right_sheets_is_free_of_accusations():
    found = line_by_line.look(20, faulty=False, seed="slow")
    assert [key for key in found if key[0] != "beginnings"] == []


@pytest.mark.slow
def test_no_accusation_of_a_wrong_sheet_is_taken_back_unless_it_was_provisional():
    found = line_by_line.look(12, faulty=True)
    assert [key for key in found if key[:2] == ("taken back", "from wrong")] == []


def test_a_package_for_a_learning_system_names_all_its_files(made):
    _, files = made
    with ZipFile(BytesIO(scorm.package("One & two", files))) as packed:
        assert packed.testzip() is None
        names = set(packed.namelist()) - {"imsmanifest.xml"}
        tree = ET.fromstring(packed.read("imsmanifest.xml"))  # noqa: S314 - our own
    assert names == set(files)
    assert {one.get("href") for one in tree.iter() if one.tag.endswith("}file")} == names
    (resource,) = (one for one in tree.iter() if one.tag.endswith("}resource"))
    assert resource.get("href") == "index.html"
    assert resource.get("{http://www.adlnet.org/xsd/adlcp_rootv1p2}scormtype") == "sco"
    assert [one.text for one in tree.iter() if one.tag.endswith("}schemaversion")] == ["1.2"]
