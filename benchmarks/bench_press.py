"""Mass production: worksheets and their keys for 10, 100 and 1,000 students, by the press and in the plain way.

    python benchmarks/bench_press.py [--sizes 10 100 1000] [--shape 2-2-1]

First whole commands, `byhand generate --count N`, from drawing to files, in as many processes as there are
processors. Then pages alone, from HTML to PDF in one process: the press against plain WeasyPrint on the same
pages, one after another in one run. The plain way is measured on a sample where there are many, which is stated.
Memory is that of all processes together, looked up ten times a second. Files go to benchmarks/out.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]
OUT = ROOT / "benchmarks" / "out" / "press"
BYHAND = str(Path(sys.executable).parent / "byhand")
SAMPLE = 10  # pairs laid out in the plain way, at most
AIM = {1000: "20 s on two cores, under 1 GB"}


def resident(pid: int) -> int:
    """Kilobytes of a process and all below it; 0 where there is no /proc."""
    try:
        own = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * 4
        tasks = Path(f"/proc/{pid}/task").iterdir()
        children = [c for task in tasks for c in (task / "children").read_text(encoding="ascii").split()]
    except OSError:
        return 0
    return own + sum(resident(int(child)) for child in children)


def watched(command: list[str]) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak megabytes of a command with all its processes."""
    peak, done = [0], threading.Event()
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603

    def watch() -> None:
        while not done.wait(0.1):
            peak[0] = max(peak[0], resident(process.pid))

    thread = threading.Thread(target=watch)
    thread.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    done.set()
    thread.join()
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return wall, usage.ru_utime + usage.ru_stime, max(peak[0], usage.ru_maxrss) / 1024


def commands(sizes: list[int], shape: str) -> None:
    """Whole commands."""
    print(
        f"| byhand generate --shape {shape} | wall | CPU | CPU a pair | memory | aim |\n|---|---|---|---|---|---|"
    )
    for size in sizes:
        shutil.rmtree(OUT, ignore_errors=True)
        command = [BYHAND, "generate", "--shape", shape, "--seed", "bench", "--out", str(OUT)]
        wall, cpu, memory = watched([*command, "--count", str(size)])
        made = len(list(OUT.glob("*.pdf")))
        assert made == 2 * size, made
        print(
            f"| --count {size} | {wall:.1f} s | {cpu:.1f} s | {cpu / size * 1000:.0f} ms | {memory:.0f} MB "
            f"| {AIM.get(size, '')} |",
            flush=True,
        )
    shutil.rmtree(OUT, ignore_errors=True)


def sheets(size: int, shape: str) -> list[tuple[str, bool, tuple[str, ...]]]:
    """HTML of worksheets and keys, as `byhand generate` makes it."""
    from answer_keys.key_page import marked_key
    from answer_keys.solution import solve
    from exercises.drawing.draw import Order, draw_all
    from exercises.networks.network import Network
    from exercises.pages.worksheet_page import keywords, marked_worksheet

    units = tuple(map(int, shape.split("-")))
    net = Network(units, ("sigmoid",) * (len(units) - 1), "half-squared-error", "yes")
    found = []
    for problem in draw_all(Order(net), [f"bench/{n}" for n in range(size)]):
        found.append((marked_worksheet(problem), True, keywords(problem)))
        found.append((marked_key(solve(problem)), False, keywords(problem)))
    return found


def timed(way: Any, pages: list[tuple[str, bool, tuple[str, ...]]]) -> tuple[float, float]:
    """CPU and wall seconds for pages, one after another."""
    cpu, wall = time.process_time(), time.perf_counter()
    for html, forms, words in pages:
        way(html, forms=forms, keywords=words)
    return time.process_time() - cpu, time.perf_counter() - wall


def pages_alone(sizes: list[int], shape: str) -> None:
    """From HTML to PDF, in this process; each way also loads fonts and styles once."""
    from exercises.printing.pdf import font_settings, write_pdf
    from exercises.printing.press.press import Press

    font_settings()
    print(f"\n| pages {shape}, HTML to PDF | the press | plain WeasyPrint | ratio |\n|---|---|---|---|")
    everything = sheets(max(sizes), shape)
    for size in sizes:
        some = everything[: 2 * size]
        press = Press()
        cpu, wall = timed(press.pdf, some)
        sample = some[: 2 * SAMPLE]
        plain_cpu, plain_wall = (seconds * len(some) / len(sample) for seconds in timed(write_pdf, sample))
        stated = f", from a sample of {SAMPLE}" if size > SAMPLE else ""
        note = f" ({press.plain} in the plain way)" if press.plain else ""
        print(
            f"| {size} worksheets and keys | {wall:.1f} s, {cpu / size * 1000:.0f} ms CPU a pair{note} "
            f"| {plain_wall:.1f} s, {plain_cpu / size * 1000:.0f} ms CPU a pair{stated} "
            f"| {plain_cpu / cpu:.0f} times |",
            flush=True,
        )


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--shape", default="2-2-1")
    options = parser.parse_args()
    commands(options.sizes, options.shape)
    pages_alone(options.sizes, options.shape)


if __name__ == "__main__":
    main()
