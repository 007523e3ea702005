"""The practice page in a real Chromium: how soon it is there, how quick a verdict is, how much is fetched.

    python benchmarks/bench_practice.py [CHROMIUM]

Needs `make practice-runtime` and Chromium. Prints the median of a few runs, with the load of the machine at the time. A
verdict is timed as in practice: on numbers that the page has not seen before, line after line. Beside the time that
passes stands the processor's in the thread that judges, which other work on the machine does not lengthen (on Linux).
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from contextlib import suppress
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Page, Response, sync_playwright

from answer_keys.solution import solve
from exercises.problems import problem_writer
from grader.practice import runtime, site
from grader.practice.numbers import practised
from grader.practice.serving import server
from grader.services import SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.problems.problem import Problem

STARTS, VERDICTS = 3, 7
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
LINES = 12  # right ones, before the wrong one
ASK = """async ([toml, texts]) => {
  const from = performance.now();
  const report = await window.byhand.judge(toml, texts, { hints: true });
  return [performance.now() - from, report.answers.filter(answer => answer.verdict === 'wrong').length];
}"""


def thread(pid: int) -> Path | None:
    """Where the system counts the processor time of the thread that judges, below the browser's process."""
    below = {pid}
    for path in sorted(Path("/proc").glob("[0-9]*/stat"), key=lambda path: int(path.parent.name)):
        with suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) in below:
                below.add(int(path.parent.name))
    tasks = (task for one in below for task in Path(f"/proc/{one}/task").glob("*/comm"))
    found = [task.with_name("schedstat") for task in tasks if task.read_text().startswith("DedicatedWorker")]
    return found[-1] if found else None


def spent(counted: Path | None) -> float:
    """Milliseconds of processor time so far; none where they are not counted."""
    return int(counted.read_text().split()[0]) / 1e6 if counted else nan


def opened(page: Page, address: str) -> tuple[float, float, float]:
    """Seconds until the page can be used, until the grader is there, and of processor in its thread until then."""
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("html[data-open]", state="attached")
    usable = time.perf_counter() - start
    page.wait_for_selector("#grader[data-stage=ready]", timeout=120_000)
    return usable, time.perf_counter() - start, spent(thread(os.getpid())) / 1e3


def _length(answer: Response) -> int:
    return int(answer.headers.get("content-length", 0))


def sheet(problem: Problem) -> dict[str, str]:
    """A right sheet, its lines in order."""
    found = solve(problem).values
    steps = problem.graph.asked_steps
    return {s.quantity.name: f"{found[s.quantity]:.{problem.places}f}" for s in steps}


def slipped(text: str) -> str:
    """A number whose point is one place off."""
    return f"{float(text) * 10:.4f}"


class Judged:
    """Times of verdicts by what was judged: pairs of what passed and what the processor took, in milliseconds."""

    def __init__(self, page: Page, counted: Path | None) -> None:
        self.page, self.counted = page, counted
        self.took: dict[str, list[tuple[float, float]]] = {}

    def ask(self, what: str, toml: str, texts: dict[str, str], wrong: int) -> None:
        """Have a sheet judged."""
        before = spent(self.counted)
        milliseconds, found = self.page.evaluate(ASK, [toml, texts])
        assert found == wrong, (what, found, texts)
        self.took.setdefault(what, []).append((milliseconds, spent(self.counted) - before))

    def practise(self, problem: Problem) -> None:
        """Type lines one by one, the last but one of them with a slip."""
        toml, right = problem_writer.write(problem), sheet(problem)
        names = list(right)
        for count in range(1, LINES + 1):
            what = f"right line number {LINES}" if count == LINES else "right lines before it"
            self.ask(what, toml, {name: right[name] for name in names[:count]}, 0)
        typed = {name: right[name] for name in names[:LINES]}
        typed[names[LINES]] = slipped(right[names[LINES]])
        self.ask("a wrong line after them", toml, typed, 1)
        typed[names[LINES + 1]] = right[names[LINES + 1]]
        self.ask("a right line after that", toml, typed, 1)

    def paste(self, problem: Problem) -> None:
        """A whole sheet with one wrong line at once."""
        toml, texts = problem_writer.write(problem), sheet(problem)
        name = list(texts)[LINES]
        self.ask("a whole sheet, one line wrong", toml, texts | {name: slipped(texts[name])}, 1)

    def told(self) -> Iterator[str]:
        """A line for each kind."""
        for what, times in self.took.items():
            passed, own = (statistics.median(column) for column in zip(*times, strict=True))
            yield f"{what}: {passed:.0f} ms ({own:.0f} ms of processor)"


def main() -> None:
    """Measure, and print a line for each figure."""
    told = runtime.fault(runtime.FOLDER)
    chromium = sys.argv[1] if len(sys.argv) > 1 else shutil.which("chromium") or shutil.which("google-chrome")
    if told or chromium is None:
        print(told or "no Chromium here")
        return
    called, exercises = practised(("huddar-1",), 2 * VERDICTS, SERVICES)
    problems = exercises[0].problems
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        files = site.site_files(called, exercises, runtime.files(runtime.FOLDER))
        site.write_site(Path(name), files)
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        with server(Path(name)) as running:
            threading.Thread(target=running.serve_forever, daemon=True).start()
            address = f"http://127.0.0.1:{running.server_port}/"
            cold, warm, fetched = [], [], 0
            for _ in range(STARTS):
                context = browser.new_context()
                page = context.new_page()
                sizes: dict[str, int] = {}
                context.on("response", lambda answer, to=sizes: to.update({answer.url: _length(answer)}))
                cold.append(opened(page, address))
                fetched = sum(sizes.values())
                warm.append(opened(page, address))
                if len(cold) == STARTS:
                    judged = Judged(page, thread(os.getpid()))
                    for typed, pasted in zip(problems[:VERDICTS], problems[VERDICTS:], strict=True):
                        judged.practise(typed)
                        judged.paste(pasted)
                context.close()
            running.shutdown()
        browser.close()
    middle = [[statistics.median(column) for column in zip(*runs, strict=True)] for runs in (cold, warm)]
    print(f"load {os.getloadavg()[0]:.1f}; medians of {STARTS} starts and {VERDICTS} verdicts")
    for visit, (usable, ready, own) in zip(("first visit: ", "later visits:"), middle, strict=True):
        when = f"page usable after {usable:.2f} s, grader ready after {ready:.2f} s"
        print(f"{visit} {when} ({own:.2f} s of processor in its thread)")
    print(*judged.told(), sep="\n")
    print(
        f"fetched on the first visit: {fetched / 1e6:.1f} MB, as it travels without any server's compression"
    )


if __name__ == "__main__":
    main()
