"""The pages about the house: the plan is drawn from today's imports, and what they point to exists."""

import ast
import csv
import json
import re
import shlex
from pathlib import Path
from urllib.parse import unquote

import exercise_pages
import plan
import pytest
from click.testing import CliRunner
from house import MODULES, ORDER, ROOT, TOPS, arrows, floors, name_of, tree

from byhand import main

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
each_page = pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])


def test_the_plan_is_drawn_from_todays_imports():
    assert (ROOT / "docs" / "plan.svg").read_text(encoding="utf-8") == plan.plan(), "run make docs"


def test_the_plan_shows_every_room_and_leaves_out_only_what_follows():
    found = {name: set(others) for name, others in arrows(plan.SPLIT).items()}
    drawn = plan.needed(found)
    reached = {name: {other for one, other in drawn if one == name} for name in found}
    while True:
        more = {name: others.union(*(reached[o] for o in others)) for name, others in reached.items()}
        if more == reached:
            break
        reached = more
    assert all(others <= reached[name] for name, others in found.items())
    assert len(drawn) < sum(map(len, found.values())) / 3
    shown = {spot.room for spots in plan.house_of_spots()[0].values() for spot in spots if spot.room}
    assert shown == set(floors(plan.SPLIT)) - plan.EMPTY
    assert {
        name for name in ORDER if name.count(".") < 2 and name != "answer_keys.published"
    } == shown | plan.EMPTY


def test_both_ways_lead_through_rooms():
    answer, value = plan.ways()
    assert len(answer) > 5
    assert len(value) > 5
    assert {*answer, *value} <= set(floors(plan.SPLIT))


@each_page
def test_modules_and_files_that_a_page_names_exist(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    names = {name_of(path) for path in MODULES} | set(ORDER)
    tops = "|".join((*TOPS, "tests", "benchmarks", "docs"))
    for dotted in re.findall(rf"`((?:{'|'.join(TOPS)})(?:\.\w+)+)`", text):
        assert dotted in names or dotted == "byhand.py", dotted
    for path in re.findall(rf"`((?:{tops})/[\w./-]*)`", text):
        assert (ROOT / path).exists(), path


@each_page
def test_what_a_page_links_to_exists(page):
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"", text):
        path, _, heading = unquote(target[0] or target[1]).partition("#")
        if not path.startswith("https:"):
            assert (page.parent / path).exists(), path
            assert not heading or heading in headings(page.parent / path), heading


def headings(page):
    """The anchors of a page, as GitHub makes them."""
    found = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in found}


@each_page
def test_the_commands_of_a_page_exist_with_their_options(page):
    blocks = re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    lines = re.findall(r"^\$ (\w+) (.*)$", "\n".join(blocks), re.MULTILINE)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for program, rest in lines:
        words = shlex.split(rest, comments=True)
        if program == "make":
            assert re.search(rf"^{words[0]}:", makefile, re.MULTILINE), words
            continue
        assert program == "byhand"
        command = main.get_command(None, words[0])
        known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
        assert {word for word in words[1:] if word.startswith("--")} <= known, words


def test_the_page_of_problems_names_all_that_can_be_chosen():
    options = {option.name: option.type for option in main.get_command(None, "generate").params}
    chosen = {name for option in ("kind", "activations", "loss") for name in options[option].choices}
    assert len(chosen) > 10
    text = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    assert {name for name in chosen if f"`{name}`" not in text} == set()


@pytest.mark.slow
def test_the_commands_of_the_readme_work_one_after_another(tmp_path, monkeypatch):
    """From the first worksheet to a course of five, whoever hands in what."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "answer_keys").symlink_to(ROOT / "answer_keys")
    (tmp_path / "roster.csv").write_text(
        "name,id\n" + "".join(f"Sam {n},s{n}\n" for n in range(5)), encoding="utf-8"
    )
    (tmp_path / "returned").mkdir()
    for line in re.findall(r"^\$ byhand (.*)$", text, re.MULTILINE):
        words = shlex.split(line, comments=True)
        if words[0] == "grade" and "huddar-1" not in words:
            (key, *_) = tmp_path.glob("tuesday/*-key.json")
            if (manifest := tmp_path / "thursday" / "manifest.csv").exists():
                with manifest.open(encoding="utf-8", newline="") as file:
                    code = next(row["code"] for row in csv.DictReader(file) if row["student_id"] == "s0")
                (key,) = tmp_path.glob(f"thursday/keys/*{code}*.json")
            record = json.loads(key.read_text(encoding="utf-8"))
            name, answer = next(iter(record["answers"].items()))
            (tmp_path / "returned" / "s0.txt").write_text(
                f"id: s0\ncode: {record['code']}\n{name} = {answer['value']}\n", encoding="utf-8"
            )
            words = [key.as_posix() if "CODE" in word else word for word in words]
        result = CliRunner().invoke(main, words)
        partly = words[:2] == ["grade", "thursday"]  # s0 handed in one exercise of several
        assert result.exit_code == int(partly), (line, result.stderr)
    for made in ("feedback", "thursday/all-booklets.pdf", "results/results.csv", "class-report.pdf"):
        assert (tmp_path / made).exists()


@pytest.mark.parametrize("name", [name for name in ORDER if name != "byhand"])
def test_what_a_package_names_for_use_from_outside_is_in_it(name):
    folder = ROOT / name.replace(".", "/")
    inside = {path: tree(path) for path in folder.rglob("*.py")}
    public = {path.stem for path in inside} | {path.name for path in folder.rglob("*") if path.is_dir()}
    for module in inside.values():
        for node in ast.walk(module):
            public.add(getattr(node, "name", "") or (node.id if isinstance(node, ast.Name) else ""))
    first, second, *_ = ast.get_docstring(tree(folder / "__init__.py")).split("\n\n")
    for text in re.findall(r"`([\w.]+)`", first + second):
        assert text.split(".")[0] in TOPS or set(text.split(".")) <= public, text


def test_the_page_of_kinds_shows_them_all():
    text = (ROOT / "docs" / "exercises.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == list(exercise_pages.KINDS)


@pytest.mark.parametrize("script", sorted((ROOT / "benchmarks").glob("*.py")), ids=lambda path: path.stem)
def test_a_benchmark_names_modules_that_exist(script):
    for dotted in re.findall(
        rf"\b((?:{'|'.join(TOPS[1:-1])})(?:\.[a-z_]+)+)\b(?! import)", script.read_text(encoding="utf-8")
    ):
        parts = Path(ROOT, *dotted.split("."))
        assert (
            parts.is_dir() or parts.with_suffix(".py").exists() or parts.parent.with_suffix(".py").exists()
        ), dotted
