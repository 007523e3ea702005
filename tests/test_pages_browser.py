"""Sheets, keys and feedback in HTML on a phone, in a real Chromium: `make test-browser`."""

import pytest
from making import drawn, handed_in, made, perfect

from answer_keys.key_page import key_html
from answer_keys.solution import solve
from exercises.pages.worksheet_page import worksheet_html
from exercises.printing.on_screen import on_screen
from grader.feedback.report import grade
from grader.handback.feedback_page import feedback_html

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
MADE = {
    "full-pass": lambda: made((2, 2, 2)),
    "matrix": lambda: made((3, 3, 2), kind="matrix"),
    "steps of descent": lambda: made((1, 1), bias="no", kind="descent", steps=2),
    "in symbols": lambda: drawn((2, 2, 1), seed="phone", symbolic=True),
}
WIDER = """() => [...document.querySelectorAll("body *")].filter(
  (e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest("svg")).map((e) => e.outerHTML)"""
LOST = """() => [...document.querySelectorAll("body *")].filter((e) => {
  const own = getComputedStyle(e);
  return ["Left", "Right", "Top", "Bottom"].some((side) =>
    parseFloat(own[`border${side}Width`]) && own[`border${side}Color`] === "rgb(0, 0, 0)");
}).map((e) => e.outerHTML)"""  # black lines on a dark page
OVER = """() => {
  const fields = [...document.querySelectorAll("input, textarea")].map((e) => e.getBoundingClientRect());
  return fields.flatMap((a, n) => fields.slice(n + 1).filter(
    (b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)).length;
}"""


@pytest.mark.parametrize("page", ["worksheet", "key", "feedback"])
@pytest.mark.parametrize("name", MADE)
def test_on_a_phone_in_the_dark_nothing_is_cut_off_or_lost(chromium, name, page):
    problem = MADE[name]()
    wrong = perfect(problem) | {problem.graph.asked_steps[0].quantity.name: "123.4567"}
    html = {
        "worksheet": lambda: worksheet_html(problem),
        "key": lambda: key_html(solve(problem)),
        "feedback": lambda: feedback_html(problem, grade(problem, [handed_in(wrong)])[0]),
    }[page]()
    context = chromium.new_context(viewport=PHONE, color_scheme="dark")
    shown = context.new_page()
    shown.set_content(on_screen(html))
    assert shown.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert shown.evaluate(WIDER) == []
    assert shown.evaluate(LOST) == []
    assert shown.evaluate(OVER) == 0
    context.close()
