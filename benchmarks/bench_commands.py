"""How long whole commands take, cold, and how much memory; and pages one after another in one process.

    python benchmarks/bench_commands.py

Each command is started afresh several times; the median counts. The alternative beside the start-up is the
same program with everything imported at once.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BYHAND = str(Path(sys.executable).parent / "byhand")
SAMPLE = Path(__file__).resolve().parent.parent / "answer_keys" / "published" / "huddar-1-sample.txt"
RUNS = 7


def measure(command: list[str], runs: int = RUNS) -> tuple[float, float]:
    """Median wall seconds and largest resident size in MB of a command, after one warm-up."""
    seconds, sizes = [], []
    for run in range(runs + 1):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{' '.join(command)} failed")
        if run:
            seconds.append(time.perf_counter() - start)
            sizes.append(usage.ru_maxrss / 1024)
    return statistics.median(seconds), max(sizes)


def row(name: str, aim: str, command: list[str]) -> float:
    """Measure and print one command."""
    seconds, size = measure(command)
    print(f"| {name} | {seconds:.2f} s | {size:.0f} MB | {aim} |", flush=True)
    return seconds


def pages() -> None:
    """Worksheets with keys, one after another in one process."""
    from answer_keys.key_page import key_pdf
    from answer_keys.solution import solve
    from exercises.drawing.draw import Order, draw
    from exercises.networks.network import Network
    from exercises.pages.worksheet_page import worksheet_pdf

    for shape in ((2, 2, 1), (2, 2, 2)):
        net = Network(shape, ("sigmoid",) * 2, "half-squared-error", "yes")
        problems = [draw(Order(net), f"bench/{i}") for i in range(6)]
        taken = []
        for problem in problems:
            start = time.perf_counter()
            worksheet_pdf(problem)
            key_pdf(solve(problem))
            taken.append(time.perf_counter() - start)
        print(
            f"| worksheet and key {net.title}, each after the first | {statistics.median(taken[1:]):.2f} s | | 0.3 s |"
        )


def main() -> None:
    """Print the table."""
    print("| command | median | memory | aim |\n|---|---|---|---|")
    start = row("byhand --help", "0.15 s", [BYHAND, "--help"])
    with tempfile.TemporaryDirectory() as folder:
        row("byhand solve huddar-1", "1 s", [BYHAND, "solve", "huddar-1"])
        row("byhand solve huddar-1 --json", "1 s", [BYHAND, "solve", "huddar-1", "--json"])
        row("byhand grade, one sheet", "1 s", [BYHAND, "grade", "huddar-1", str(SAMPLE)])
        row(
            "byhand generate, one worksheet with key",
            "1.5 s",
            [BYHAND, "generate", "--seed", "1", "--out", folder],
        )
    everything = [sys.executable, "-c", "import byhand, sympy, numpy, weasyprint, jinja2, rich"]
    eager, _ = measure(everything)
    print(f"| importing everything at once | {eager:.2f} s | | {eager / start:.1f} times --help |")
    pages()


if __name__ == "__main__":
    main()
