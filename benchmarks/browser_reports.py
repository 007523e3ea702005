"""Are reports in a real browser those of `byhand grade --json`? Simulated sheets, and sheets of every kind of exercise.

    python benchmarks/browser_reports.py [--sheets 600] [--kinds 2] [--seed reports] [--chromium PATH]

Each sheet is judged by the page's own worker (Pyodide, the stand-in for NumPy) and by the command, here, with NumPy, from
a file. Needs `make practice-runtime` and Chromium.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import practice_sheets
from click.testing import CliRunner
from playwright.sync_api import sync_playwright

from benchmarks.bench_practice import ARGUMENTS, opened
from byhand import main as byhand
from grader.practice import runtime, site
from grader.practice.bridge import STUDENT
from grader.practice.numbers import practised
from grader.practice.serving import server
from grader.services import SERVICES

if TYPE_CHECKING:
    from collections.abc import Sequence

ASK = "([toml, texts, hints, needs]) => window.byhand.judge(toml, texts, { hints, needs })"


def graded(folder: Path, toml: str, texts: dict[str, str], *, hints: bool) -> Any:
    """What the command says of a sheet."""
    problem, sheet = folder / "problem.toml", folder / f"{STUDENT}.json"
    problem.write_text(toml, encoding="utf-8")
    sheet.write_text(json.dumps({"student": STUDENT, **texts}), encoding="utf-8")
    words = ["grade", str(problem), str(sheet), "--json", *(["--hints"] if hints else [])]
    done = CliRunner().invoke(byhand, words, catch_exceptions=False)
    return json.loads(done.stdout)


def main(words: Sequence[str] | None = None) -> None:
    """Print how many there were, and which differ."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sheets", type=int, default=600)
    parser.add_argument("--kinds", type=int, default=2)
    parser.add_argument("--seed", default="reports")
    parser.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("google-chrome"))
    asked = parser.parse_args(words)
    sheets = practice_sheets.every_kind(asked.kinds) + practice_sheets.simulated(asked.sheets, asked.seed)
    called, exercises = practised(("huddar-1",), 1, SERVICES)
    files = site.site_files(called, exercises, runtime.files(runtime.FOLDER))
    verdicts: dict[str, int] = {}
    differ = []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        site.write_site(Path(name) / "site", files)
        browser = playwright.chromium.launch(executable_path=asked.chromium, args=ARGUMENTS)
        with server(Path(name) / "site") as running:
            threading.Thread(target=running.serve_forever, daemon=True).start()
            page = browser.new_context().new_page()
            opened(page, f"http://127.0.0.1:{running.server_port}/")
            for n, (toml, texts) in enumerate(sheets):
                hints = n % 2 == 1
                needs = ["extra"] if "function" in toml else []
                found = page.evaluate(ASK, [toml, texts, hints, needs])
                if found != graded(Path(name), toml, texts, hints=hints):
                    differ.append(n)
                    print("differs:", n, toml, texts)
                for answer in found["answers"]:
                    verdicts[answer["verdict"]] = verdicts.get(answer["verdict"], 0) + 1
                if n % 50 == 49:
                    print(n + 1, "so far,", len(differ), "differ", flush=True)
            running.shutdown()
        browser.close()
    print(f"{len(sheets)} sheets, {sum(verdicts.values())} lines ({verdicts}): {len(differ)} reports differ")


if __name__ == "__main__":
    main()
