"""The practice page in a real Chromium: `make test-browser`. No test of it runs in `make test`."""

import json
import os
import re
import threading
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import practice_sheets
import pytest
from making import shipped
from playwright.sync_api import expect

from answer_keys import published
from answer_keys.solution import solve
from exercises.formulas.algebras import exact_context
from exercises.formulas.functions import FUNCTIONS
from exercises.formulas.quantity import parse_name
from grader.practice import page_data, runtime, site
from grader.practice.numbers import practised
from grader.practice.serving import server
from grader.services import SERVICES

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parent.parent
SAMPLE = (Path(published.__file__).parent / "huddar-1-sample.txt").read_text(encoding="utf-8")
TEXTS = dict(re.findall(r"^(\w+) = (\S+)$", SAMPLE, re.MULTILINE))
PATIENCE = 120_000  # milliseconds: a machine may be slow, and busy
expect.set_options(timeout=PATIENCE)
AXE = ROOT / ".venv" / "practice" / "axe-core" / "axe.min.js"
LAST = {"practise": ".row", "watch": ".panel input", "touch": "figure output"}  # what comes last in each view
SET = """
title = "Six exercises"
seed = "browser"
[[exercise]]
kind = "chain"
shape = "2-2-2"
[[exercise]]
kind = "find-the-mistake"
[[exercise]]
kind = "matrix"
notation = "layer"
[[exercise]]
kind = "vanishing"
delta = "negative-gradient"
[[exercise]]
kind = "computation-graph"
"""


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    """The files of a page of six exercises; of those in a set it never has the set's own numbers."""
    file = tmp_path_factory.mktemp("set") / "set.toml"
    file.write_text(SET, encoding="utf-8")
    called, exercises = practised(("huddar-1", str(file)), 3, SERVICES)
    return site.site_files(called, exercises, runtime.files(runtime.FOLDER))


@contextmanager
def served(folder):
    """A folder on a server, below a path; its address."""
    with server(folder) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/course/week-2/"
        running.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def folder(files, tmp_path_factory):
    """The page, somewhere below the root of a server."""
    root = tmp_path_factory.mktemp("web")
    site.write_site(root / "course" / "week-2", files)
    return root


@pytest.fixture(scope="session")
def address(folder):
    with served(folder) as found:
        yield found


@pytest.fixture(scope="session")
def kept(chromium, address):
    """A context in which the grader has been fetched once, so that tests need not wait for it each."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = opened(context, address)
    page.close()
    yield context
    context.close()


def opened(context, address, *, ready=True):
    """The page, with whatever goes wrong on it."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith(("http://127.0.0.1:", "blob:")) else page.faults.append(asked.url)
        ),
    )
    page.goto(address)
    page.wait_for_selector("html[data-open]")
    if ready:
        page.wait_for_selector("#grader[data-stage=ready]")
    return page


@pytest.fixture
def page(kept, address):
    """The first exercise with nothing typed."""
    found = opened(kept, address)
    found.evaluate("localStorage.clear()")
    found.goto("about:blank")
    found.goto(f"{address}#1")
    found.wait_for_selector("html[data-open]")
    found.wait_for_selector("#grader[data-stage=ready]")
    yield found
    assert found.faults == []
    found.close()


def row(page, name):
    return page.locator(f'#practise [data-quantity="{name}"]')


def type_line(page, name, text):
    field = row(page, name).locator("input, textarea")
    field.fill(text)
    field.press("Enter")


def said_of(page, name, verdict):
    expect(row(page, name)).to_have_attribute("data-verdict", verdict)


def number(text):
    """What a page writes, as a number."""
    return float(text.replace("−", "-"))


def native(toml, texts):
    (report,) = practice_sheets.reports([(toml, texts)])
    return json.loads(report)


def test_a_sheet_with_a_slip_is_practised_to_the_end(page):
    for name in ("a3", "y3", "a4", "y4", "a5", "y5", "E", "dE_dy5", "dy5_da5", "delta5", "dE_dy3", "dy3_da3"):
        type_line(page, name, TEXTS[name])
    said_of(page, "dy3_da3", "correct")
    expect(page.locator(".tally")).to_have_text("12 of 35 lines")
    expect(page.locator('[data-place="y3"]')).to_have_text("0.6803 ✓")
    type_line(page, "delta3", "-0.0122")
    said_of(page, "delta3", "wrong")
    wrong = row(page, "delta3")
    expect(wrong.locator(".say")).to_contain_text("Which link lies between")
    expect(wrong.locator(".say")).not_to_contain_text("0.0027")
    expect(page.locator('[data-place="delta3"]')).to_have_text("δ −0.0122 ✗")
    expect(wrong.locator("input")).to_have_attribute("aria-invalid", "true")
    wrong.locator(".why").click()
    expect(wrong.locator(".whole")).to_contain_text("was not multiplied in")
    expect(wrong.locator(".told")).not_to_contain_text("0.0027")
    expect(wrong.locator(".number")).to_be_focused()
    page.keyboard.press("Enter")
    expect(wrong.locator(".value")).to_have_text(re.compile(r"^Your own lines give .* = −0\.0027\.$"))
    expect(wrong.locator("input")).to_be_focused()
    type_line(page, "dE_dW13", TEXTS["dE_dW13"])
    said_of(page, "dE_dW13", "follows")
    expect(row(page, "dE_dW13").locator(".say")).to_contain_text("because of δ₃")
    type_line(page, "delta3", "-0.0122·0.2175 = -0.0027")
    said_of(page, "delta3", "correct")
    said_of(page, "dE_dW13", "wrong")


def test_a_pasted_sheet_is_what_grade_says_of_it(page):
    page.locator(".paste summary").click()
    page.locator(".paste textarea").fill(SAMPLE)
    page.locator(".take").click()
    said_of(page, "E_new", "correct")
    expect(page.locator(".read")).to_contain_text("35 lines read")
    expect(page.locator(".tally")).to_have_text("34 of 35 lines")
    toml = published.text("huddar-1")
    report = page.evaluate("([toml, texts]) => window.byhand.judge(toml, texts)", [toml, TEXTS])
    assert report == native(toml, TEXTS)
    assert report["first_error"] == "delta3"


def test_what_is_saved_is_graded_as_here(page, tmp_path):
    for name in ("a3", "y3"):
        type_line(page, name, TEXTS[name])
    type_line(page, "a4", "0.35·0.4 + 0.9·0.6 = 0.69")
    for suffix in ("txt", "json"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=f"Save (.{suffix})").click()
        path = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(path)
        found = json.loads(
            practice_sheets.bridge.read_sheet(published.text("huddar-1"), path.read_text("utf-8"), path.name)
        )
        assert found["texts"] == {"a3": "0.7550", "y3": "0.6803", "a4": "0.35·0.4 + 0.9·0.6 = 0.69"}
        assert found["complaints"] == []


def test_progress_is_kept_and_can_be_deleted(page):
    page.on("dialog", lambda dialog: dialog.accept())
    type_line(page, "a3", "0.755")
    said_of(page, "a3", "correct")
    page.reload()
    said_of(page, "a3", "correct")
    page.locator("#forget").click()
    expect(row(page, "a3").locator("input")).to_have_value("")
    page.wait_for_function("Object.keys(localStorage).every(key => !key.includes('texts'))")


def test_new_numbers_are_another_problem_and_the_old_one_comes_back(page):
    expect(page.locator(".code")).to_have_text(re.compile(r"\w{4}-\w{4,5}"))
    code = page.locator(".code").inner_text()
    page.locator(".again").click()
    expect(page.locator(".code")).not_to_have_text(code)
    type_line(page, "a3", "0.755")
    expect(row(page, "a3")).to_have_attribute("data-verdict", re.compile("wrong|correct"))
    page.locator(".again").click()
    page.locator(".again").click()
    expect(page.locator(".code")).to_have_text(code)


def test_the_score_can_be_hidden(page):
    type_line(page, "a3", "0.755")
    said_of(page, "a3", "correct")
    page.locator(".shown").uncheck()
    expect(page.locator(".tally")).to_have_text("")
    page.reload()
    said_of(page, "a3", "correct")
    expect(page.locator(".tally")).to_have_text("")


def test_a_convention_that_one_line_alone_shows_is_not_settled(page):
    for name in ("a3", "y3", "a4", "y4", "a5", "y5", "E", "dE_dy5", "dy5_da5"):
        type_line(page, name, TEXTS[name])
    type_line(page, "delta5", "0.0407")
    expect(row(page, "delta5")).to_have_attribute("data-provisional", "")
    expect(row(page, "delta5").locator(".mark")).to_have_text("≈")
    expect(row(page, "delta5").locator(".say")).to_contain_text("your next lines will tell")
    expect(row(page, "delta5").locator(".why")).to_have_text("Tell me more")
    type_line(page, "dE_dy4", "0.0366")
    said_of(page, "dE_dy4", "correct")
    type_line(page, "delta4", "0.0082")
    said_of(page, "delta4", "correct")
    expect(row(page, "delta5")).not_to_have_attribute("data-provisional", "")


def test_a_right_line_of_which_something_is_to_be_said_says_it_to_everybody(page):
    for name, text in (("a3", "0.755"), ("y3", "0.68"), ("a4", "0.35·0.4 + 0.9·0.6")):
        type_line(page, name, text)
    said_of(page, "a4", "correct")
    quiet = row(page, "a3").locator(".say").bounding_box()
    assert quiet["width"] <= 1
    expect(row(page, "y3").locator(".say")).to_contain_text("rounded too far")
    assert row(page, "y3").locator(".say").bounding_box()["width"] > 100
    expect(page.locator('[data-place="y3"]')).to_have_text("0.68 ✓")


def test_where_the_sentence_itself_gives_the_number_nothing_more_is_offered(page):
    for name in list(TEXTS)[: list(TEXTS).index("dE_dW13")]:
        type_line(page, name, {**TEXTS, "delta3": "-0.0027"}[name])
    type_line(page, "dE_dW13", "-0.0009")
    said_of(page, "dE_dW13", "wrong")
    row(page, "dE_dW13").locator(".why").click()
    expect(row(page, "dE_dW13").locator(".whole")).to_contain_text("0.0009; with the other sign")
    expect(row(page, "dE_dW13").locator(".number")).to_have_count(0)
    expect(row(page, "dE_dW13").locator("input")).to_be_focused()


def test_where_there_is_nothing_to_watch_another_exercise_is_offered(page, address):
    page.goto(f"{address}#3/watch")
    page.locator("#watch .lead").click()
    expect(page.locator("#watch h2")).to_have_text("Huddar’s example")


def test_the_whole_sheet_goes_by_keyboard_alone(page):
    row(page, "a3").locator("input").focus()
    for _ in range(35):
        name = page.evaluate("document.activeElement.name")
        page.keyboard.type(TEXTS[name])
        page.keyboard.press("Enter")
    said_of(page, "E_new", "correct")
    expect(page.locator(".tally")).to_have_text("34 of 35 lines")


def test_without_a_network_everything_goes_on(kept, address):
    first = opened(kept, address)
    first.wait_for_function("navigator.serviceWorker.controller !== null")
    first.reload()
    first.wait_for_selector("#grader[data-stage=ready]")
    first.wait_for_function("caches.match('runtime/snapshot.packed').then(found => found !== undefined)")
    first.close()
    kept.set_offline(True)
    try:
        page = opened(kept, f"{address}#2")
        expect(page.locator("#practise .row").nth(4)).to_be_visible()
        name = page.locator("#practise .row").first.get_attribute("data-quantity")
        type_line(page, name, "0.5")
        expect(row(page, name)).to_have_attribute("data-verdict", re.compile("wrong|correct"))
        page.locator(".again").click()
        page.close()
    finally:
        kept.set_offline(False)


def test_where_the_frozen_start_fails_the_grader_starts_from_the_beginning(chromium, files, tmp_path):
    broken = {**files, "runtime/snapshot.packed": b"nothing"}
    site.write_site(tmp_path / "course" / "week-2", broken)
    context = chromium.new_context()
    with served(tmp_path) as address:
        page = opened(context, address)
        expect(page.locator("#grader")).to_contain_text("slow start")
        toml = published.text("huddar-1")
        found = page.evaluate("([toml, texts]) => window.byhand.judge(toml, texts)", [toml, TEXTS])
        assert found == native(toml, TEXTS)
        context.close()


def test_reports_are_those_of_grade_on_sheets_of_every_kind(page):
    sheets = practice_sheets.simulated(
        int(os.environ.get("BYHAND_SHEETS", "12"))
    ) + practice_sheets.every_kind(1)
    for n, (toml, texts) in enumerate(sheets):
        needs = ["extra"] if "function" in toml else []
        found = page.evaluate(
            "([toml, texts, needs]) => window.byhand.judge(toml, texts, { needs })", [toml, texts, needs]
        )
        assert found == native(toml, texts), n


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_nothing_is_found_by_axe(chromium, address, scheme, width):
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = opened(context, address)
    page.locator(".paste summary").click()
    page.locator(".paste textarea").fill(SAMPLE.replace("0.7550", "x"))
    page.locator(".take").click()
    said_of(page, "E_new", re.compile("correct|follows"))
    page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    for way in ("practise", "watch", "touch"):
        page.locator(f"#tab-{way}").click()
        expect(page.locator(f"#{way} {LAST[way]}").last).to_be_visible()
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = page.evaluate("tags => axe.run(document, { runOnly: tags })", tags)
        assert [
            (one["id"], [node["html"][:200] for node in one["nodes"]][:3]) for one in found["violations"]
        ] == [], way
        page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)
    context.close()


def test_on_a_phone_a_bar_of_keys_types_what_its_keyboard_hides(chromium, address):
    context = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = opened(context, address)
    bar = page.locator(".keys")
    expect(bar).to_be_hidden()
    field = row(page, "delta5").locator("input")
    field.tap()
    expect(bar).to_be_visible()
    bar.get_by_role("button", name="minus").tap()
    page.keyboard.type("0")
    bar.get_by_role("button", name="point").tap()
    page.keyboard.type("0407")
    expect(field).to_have_value("−0.0407")
    page.keyboard.press("Enter")
    said_of(page, "delta5", "correct")
    context.close()


def test_a_pass_is_watched_step_by_step(page):
    page.locator("#tab-watch").click()
    watch = page.locator("#watch")
    expect(watch.locator(".jumps button")).to_have_text(
        ["Forward pass (6)", "Backward pass (8)", "Update (2)", "Check run (3)"]
    )
    watch.locator(".step").click()
    expect(watch.locator(".step-told")).to_contain_text("= (0.1)(0.35) + (0.8)(0.9) = 0.7550")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(watch.locator('[data-place="y5"]')).to_have_text("0.6903")
    expect(watch.locator('[data-place="delta5"]')).to_have_text("")
    page.keyboard.press("ArrowLeft")
    expect(watch.locator('[data-place="y5"]')).to_have_text("")
    watch.locator(".jumps button").nth(1).click()
    expect(watch.locator('[data-place="delta5"]')).to_contain_text("−0.0407")
    for _ in range(4):
        watch.locator(".step").click()
    expect(watch.locator(".path")).to_have_count(1)
    expect(watch.locator(".own")).to_have_count(4)
    for part in ("e1-3", "e3-5", "u3", "u5"):
        expect(watch.locator(f'.own[data-part="{part}"]')).to_have_count(1)
    expect(watch.locator(".step-told b")).to_have_text(["0.0009", "0.0009"])
    watch.locator('input[name="W35"]').fill("0.9")
    expect(watch.locator(".step-told b").first).not_to_have_text("0.0009")
    expect(watch.locator(".path b")).to_have_text(watch.locator(".step-told b").first.inner_text())
    expect(watch.locator('[data-given="W35"]')).to_have_text("= 0.9")


def test_with_two_outputs_both_paths_are_shown_with_their_sum(page, address):
    page.goto(f"{address}#2/watch")
    watch = page.locator("#watch")
    expect(watch.locator("h2")).to_have_text("The chain of one weight")
    expect(watch.locator(".jumps button").nth(1)).to_contain_text("Backward pass")
    watch.locator(".jumps button").nth(1).click()
    for _ in range(20):
        if watch.locator(".path").count() == 3:
            break
        told = watch.locator(".count").inner_text()
        watch.locator(".step").click()
        expect(watch.locator(".count")).not_to_have_text(told)
    expect(watch.locator(".path")).to_have_count(3)
    first, second = (number(text) for text in watch.locator(".path:has(.symbols) b").all_inner_texts())
    whole = number(watch.locator(".path b").last.inner_text())
    assert whole == pytest.approx(first + second, abs=1.1e-4)
    expect(watch.locator(".second").nth(1)).to_be_attached()


def test_each_figure_does_what_it_says(page, address):
    page.goto(f"{address}#1/touch")
    touch = page.locator("#touch")
    expect(touch.locator("figure")).to_have_count(6)
    curve = touch.locator("#figure-activation")
    curve.locator("input").fill("0")
    expect(curve.locator("output")).to_have_text("a = 0.00,  value 0.500,  slope 0.250")
    box = curve.locator("svg").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 6, box["y"] + 40)
    page.mouse.up()
    expect(curve.locator("output")).to_contain_text("slope 0.00")
    curve.locator("select").select_option("relu")
    expect(curve.locator("output")).to_contain_text("slope 1.000")

    ball = touch.locator("#figure-ball")
    ball.locator("input").fill("1")
    ball.locator(".go").click()
    expect(ball.locator("output").last).to_contain_text("after 1 step: W = 3.000, E = 0.000. It has landed.")
    ball.get_by_role("button", name="Back to W = 8").click()
    ball.locator("input").fill("2.1")
    sizes = []
    for step in range(1, 13):
        ball.locator(".go").click()
        expect(ball.locator("output").last).to_contain_text(f"after {step} step")
        told = ball.locator("output").last.inner_text()
        sizes.append(abs(number(re.search(r"W = (\S+),", told)[1]) - 3))
    assert sizes == sorted(sizes)
    expect(ball.locator("output").last).to_contain_text("flies off")

    training = touch.locator("#figure-training")
    training.locator("input").fill("0")
    expect(training.locator("output")).to_contain_text("It goes down all the way.")
    slow = training.locator("path.main").get_attribute("d")
    training.locator("input").fill("1")
    expect(training.locator("output")).to_contain_text("η = 10.000: E begins at 0.018")
    expect(training.locator("path.main")).not_to_have_attribute("d", slow)

    vanishing = touch.locator("#figure-vanishing")
    expect(vanishing.locator("output")).to_contain_text("%")
    before = vanishing.locator("output").inner_text()
    vanishing.locator("input").fill("4")
    expect(vanishing.locator("output")).not_to_have_text(before)

    off = touch.locator("#figure-dead")
    expect(off.locator("output")).to_contain_text("the unit is off")
    off.locator("input").fill("1")
    expect(off.locator("output")).to_contain_text("its weights learn")

    two = touch.locator("#figure-two")
    expect(two.locator("b")).to_have_count(2)
    one, other = (number(text) for text in two.locator("b").all_inner_texts())
    assert number(re.search(r"= (\S+),", two.inner_text())[1]) == pytest.approx(one + other, abs=2e-5)
    vanishing.locator(".lead").click()
    expect(page.locator("#practise h2").first).to_have_text("The vanishing gradient")


def test_the_pages_own_arithmetic_is_ours_to_twelve_digits(page):
    """Every kind of formula, evaluated by the page, against forty digits."""
    cases = []
    for name in ("huddar-1", "mazur-2-2-2", "exercise-3", "tutorial-2-2-1"):
        problem = shipped(name)
        found = solve(problem.full_pass).values
        watch = page_data.watched(problem)
        cases.append(
            (watch, {step["name"]: str(found[parse_name(step["name"])]) for step in watch["watch"]["steps"]})
        )
    for watch, wanted in cases:
        got = page.evaluate(
            """async ([steps, start]) => {
              const { worked } = await import('./formula.js');
              return worked(steps, Object.fromEntries(Object.entries(start).map(([name, text]) => [name, Number(text)])));
            }""",
            [watch["watch"]["steps"], watch["start"]],
        )
        for name, text in wanted.items():
            assert got[name] == pytest.approx(float(text), rel=1e-12, abs=1e-12), name


def test_every_function_of_ours_is_the_pages(page):
    points = [n / 8 for n in range(-24, 25) if n] + [7.5, -7.5]
    ask = "async points => { const { FUNCTIONS } = await import('./formula.js'); return Object.fromEntries("
    ask += "Object.entries(FUNCTIONS).map(([name, f]) => [name, points.map(a => String(f(a)))])); }"
    have = page.evaluate(ask, points)
    assert set(have) == {function.name for function in FUNCTIONS}
    for function in FUNCTIONS:
        for a, got in zip(points, have[function.name], strict=True):
            try:
                with exact_context():
                    wanted = float(function.decimal(Decimal(a)))
            except (ArithmeticError, ValueError):
                continue
            assert float(got) == pytest.approx(wanted, rel=1e-12, abs=1e-12), (function.name, a)


def test_a_learning_system_hears_of_score_and_completion(kept, address):
    page = kept.new_page()
    page.add_init_script(
        "window.told = {}; window.API = { LMSInitialize: () => 'true', LMSFinish: () => 'true', LMSCommit: () => 'true', "
        "LMSSetValue: (name, value) => { window.told[name] = value; return 'true'; } };"
    )
    page.goto(f"{address}#1")
    page.wait_for_selector("#grader[data-stage=ready]", timeout=PATIENCE)
    page.evaluate("localStorage.clear()")
    page.reload()
    page.wait_for_selector("#grader[data-stage=ready]", timeout=PATIENCE)
    right = {**TEXTS, "delta3": "-0.0027", "dE_dW13": "0.0009", "dE_dW23": "0.0024"}
    for name, text in list(right.items())[:7]:
        type_line(page, name, text)
    said_of(page, "E", "correct")
    expect(page.locator(".tally")).to_have_text("7 of 35 lines")
    page.wait_for_function("window.told['cmi.core.score.raw'] === '3'")
    assert page.evaluate("window.told") == {
        "cmi.core.score.min": "0", "cmi.core.score.max": "100", "cmi.core.score.raw": "3",
        "cmi.core.lesson_status": "incomplete",
    }  # fmt: skip
    page.close()
