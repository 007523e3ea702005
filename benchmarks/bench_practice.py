"""The practice page in a real Chromium: how soon it is there, how quick a verdict is, how much is fetched.

    python benchmarks/bench_practice.py [CHROMIUM]

Needs `make practice-runtime` and Chromium. Prints the median of a few runs, with the load of the machine at the time.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Page, Response, sync_playwright

from answer_keys import published
from grader.practice import runtime, site
from grader.practice.numbers import practised
from grader.practice.serving import server
from grader.services import SERVICES

STARTS, VERDICTS = 3, 7
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
SAMPLE = (Path(published.__file__).parent / "huddar-1-sample.txt").read_text(encoding="utf-8")
TEXTS = dict(re.findall(r"^(\w+) = (\S+)$", SAMPLE, re.MULTILINE))
ASK = """async ([toml, texts]) => {
  const from = performance.now();
  const report = await window.byhand.judge(toml, texts, { hints: true });
  return [performance.now() - from, report.answers.filter(answer => answer.verdict === 'wrong').length];
}"""


def opened(page: Page, address: str) -> tuple[float, float]:
    """Seconds until the page can be used, and until the grader is there."""
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("html[data-open]", state="attached")
    usable = time.perf_counter() - start
    page.wait_for_selector("#grader[data-stage=ready]", timeout=120_000)
    return usable, time.perf_counter() - start


def _length(answer: Response) -> int:
    return int(answer.headers.get("content-length", 0))


def verdict(page: Page, texts: dict[str, str], wrong: int) -> float:
    """The median of milliseconds for a verdict on a whole sheet."""
    toml = published.text("huddar-1")
    took = []
    for _ in range(VERDICTS):
        milliseconds, found = page.evaluate(ASK, [toml, texts])
        assert found == wrong, found
        took.append(milliseconds)
    return statistics.median(took)


def main() -> None:
    """Measure, and print a line for each figure."""
    told = runtime.fault(runtime.FOLDER)
    chromium = sys.argv[1] if len(sys.argv) > 1 else shutil.which("chromium") or shutil.which("google-chrome")
    if told or chromium is None:
        print(told or "no Chromium here")
        return
    called, exercises = practised(("huddar-1",), 1, SERVICES)
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
                    right = verdict(page, {k: v for k, v in TEXTS.items() if k in list(TEXTS)[:12]}, 0)
                    wrong = verdict(page, TEXTS, 1)
                context.close()
            running.shutdown()
        browser.close()
    middle = [[statistics.median(column) for column in zip(*runs, strict=True)] for runs in (cold, warm)]
    print(f"load {os.getloadavg()[0]:.1f}; medians of {STARTS} starts and {VERDICTS} verdicts")
    print(f"first visit:  page usable after {middle[0][0]:.2f} s, grader ready after {middle[0][1]:.2f} s")
    print(f"later visits: page usable after {middle[1][0]:.2f} s, grader ready after {middle[1][1]:.2f} s")
    print(f"a sheet of right lines judged in {right:.0f} ms, one with a wrong line in {wrong:.0f} ms")
    print(
        f"fetched on the first visit: {fetched / 1e6:.1f} MB, as it travels without any server's compression"
    )


if __name__ == "__main__":
    main()
