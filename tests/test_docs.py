"""The pages about the house: the plan is drawn from today's imports, and what they point to exists."""

import re
from pathlib import Path
from urllib.parse import unquote

import plan
import pytest
from house import MODULES, ORDER, ROOT, TOPS, arrows, floors, name_of

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
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)|<img src=\"([^\"]+)\"", text):
        path = unquote(target[0] or target[1])
        assert path.startswith("https://") or (page.parent / path).exists(), path


@pytest.mark.parametrize("script", sorted((ROOT / "benchmarks").glob("*.py")), ids=lambda path: path.stem)
def test_a_benchmark_names_modules_that_exist(script):
    for dotted in re.findall(
        rf"\b((?:{'|'.join(TOPS[1:-1])})(?:\.[a-z_]+)+)\b(?! import)", script.read_text(encoding="utf-8")
    ):
        parts = Path(ROOT, *dotted.split("."))
        assert (
            parts.is_dir() or parts.with_suffix(".py").exists() or parts.parent.with_suffix(".py").exists()
        ), dotted
