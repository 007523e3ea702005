"""Throws text at the answer reader: every input must give a value or a reason, and none may take long.

    python benchmarks/fuzz_answers.py [--count 1000000] [--seed 1]

Inputs are random signs, random pieces of answers, and mutations of the rows of docs/answers.md. Where atheris
is installed a second run is guided by coverage. The same program then sets the reader beside
`sympy.parse_expr` and, where installed, math-verify: the time for one answer, and how many hostile inputs ran
code of their own, each in a process of its own with a marker file to be created.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from answer_table import SECTIONS  # noqa: E402

from answer_keys import published  # noqa: E402
from exercises import problem_file  # noqa: E402
from exercises.notation import plain  # noqa: E402
from grader.answers import Working, commas, read_answer  # noqa: E402
from grader.numbers import Typed, Unreadable  # noqa: E402
from grader.working import broken_link  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

SLOWEST = 0.05
ROWS = [typed for _, _, _, rows in SECTIONS for typed, _ in rows]
SIGNS = "0123456789.,+-−–*·×⋅/÷^()[]{}|=≈~ eExXyWabtδσηΦ∂d_₁₃₅⁻²⁺½⅓…\\'′;:%$&?!\t\0\u200b\u0301ﷺ\ud800"
PIECES = (
    "0.35", "(0.1)", "y3", "δ₅", "W_{13}", "dE/dW13", "\\frac{", "}{", "}", "^2", "²", "·", "*", "/", "+", "−", "=",
    " ≈ ", "(", ")", "|", "e^", "ln", "σ(", "tanh", "max(0,", "1/3", "½", "-4.07e-2", " (so)", ", ", "new", "'",
    " via 5", "10^-2", "×10⁻²", "1,234", " x ", "∂E/∂y₅", "\\cdot ", "\\delta_5", "W13+", "?", "so", "9**9", "__import__",
)  # fmt: skip
TOUCH = "__import__('pathlib').Path({marker!r}).touch()"
HOSTILE = (
    TOUCH,
    "0.5 + 0*(" + TOUCH + " or 1)",
    "[" + TOUCH + ", 1][1]",
    "(lambda: " + TOUCH + ")()",
    "exec(\"__import__('pathlib').Path({marker!r}).touch()\")",
    "().__class__.__base__.__subclasses__() and " + TOUCH,
    "open({marker!r}, 'w')",
    "{{" + TOUCH + "}}",
    "\\text{{" + TOUCH + "}}",
    "1/3 if " + TOUCH + " else 0",
)
READERS = {
    "byhand": "from grader.answers import read_answer; read_answer(text, lambda _: None)",
    "sympy.parse_expr": "from sympy import parse_expr; parse_expr(text)",
    "math-verify": "from math_verify import parse; parse(text)",
}


def finder() -> Callable[[str], object]:
    """Finds the quantities of the tutorial's problem."""
    problem = problem_file.parse(published.text("tutorial-2-2-1"), "tutorial-2-2-1")
    known = problem.labels.inverse([*problem.graph.given, *problem.graph.by_quantity])
    return lambda written: known.get(plain(written[:200]))


def made_up(rng: random.Random) -> str:
    """One input."""
    kind = rng.random()
    if kind < 0.2:
        return "".join(rng.choices(SIGNS, k=rng.randint(0, 40)))
    if kind < 0.5:
        return "".join(rng.choices(PIECES, k=rng.randint(1, 14)))
    if kind < 0.52:
        return (rng.choice(PIECES) + rng.choice(SIGNS)) * rng.randint(50, 2000)
    if kind < 0.54:
        return "".join(chr(rng.randrange(0x110000)) for _ in range(rng.randint(1, 60)))
    return mutated(rng, rng.choice(ROWS))


def mutated(rng: random.Random, text: str) -> str:
    """A row of the table with some signs put in, taken out, doubled or exchanged."""
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        at = rng.randint(0, len(text))
        end = min(len(text), at + rng.randint(0, 4))
        put = rng.choice(("", rng.choice(SIGNS), rng.choice(PIECES), text[at:end] * 2, rng.choice(ROWS)[:12]))
        text = text[:at] + put + text[end:]
    return text


def try_one(text: str, name: Callable[[str], object], comma: bool | None) -> str:  # noqa: FBT001
    """Read one input and check what came of it; the kind of result."""
    found = read_answer(text, name, comma)  # type: ignore[arg-type]
    commas([text])
    if isinstance(found, Unreadable):
        assert found.reason
        assert found.reason.isprintable()
        assert -1 <= found.offset <= len(found.text)
        found.caret()
        return "unreadable"
    if isinstance(found, Working):
        assert broken_link(found, lambda _: 0.5, 1e-4) in (None, *range(len(found.links)))
        found, kind = found.answer, "working"
    else:
        kind = "number"
    assert isinstance(found, Typed)
    assert found.value.is_finite()
    assert found.unit > 0
    return kind


def fuzz(count: int, seed: int) -> None:
    """The plain run."""
    rng, name = random.Random(seed), finder()
    results: Counter[str] = Counter()
    worst, worst_text = 0.0, ""
    start = time.perf_counter()
    for i in range(count):
        text = made_up(rng)
        comma = (None, True, False)[i % 3]
        begun = time.thread_time()
        try:
            results[try_one(text, name, comma)] += 1
        except Exception:
            print(f"input {i} of seed {seed}: {text!a}")
            raise
        taken = time.thread_time() - begun
        if taken > worst:
            taken = min(
                taken, *(again(text, name, comma) for _ in range(3))
            )  # the machine's pauses are not ours
            worst, worst_text = max((worst, worst_text), (taken, text))
    seconds = time.perf_counter() - start
    print(f"{count:,} inputs, seed {seed}, no exception: {dict(results)}; {seconds:.0f} s")
    print(
        f"slowest input {worst * 1000:.1f} ms of the processor ({worst_text[:40]!a}…, {len(worst_text)} characters)"
    )
    assert worst < SLOWEST, ascii(worst_text)


def again(text: str, name: Callable[[str], object], comma: bool | None) -> float:  # noqa: FBT001
    """Seconds of the processor for one input."""
    gc.collect()
    begun = time.thread_time()
    try_one(text, name, comma)
    return time.thread_time() - begun


def guided(count: int) -> None:
    """The run guided by coverage, in a process of its own, since atheris does not come back."""
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed: no run guided by coverage")
        return
    command = [sys.executable, __file__, "--guided-child", f"-runs={count}", "-max_len=400", "-verbosity=0"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    print(
        f"{count:,} inputs guided by coverage (atheris): {'no exception' if not done.returncode else done.stderr[-2000:]}"
    )
    assert not done.returncode


def guided_child(arguments: list[str]) -> None:
    """What atheris calls."""
    import atheris

    atheris.instrument_all()
    name = finder()

    def one(data: bytes) -> None:
        text = data.decode("utf-8", "surrogateescape")
        begun = time.perf_counter()
        try_one(text, name, None)
        assert time.perf_counter() - begun < 10 * SLOWEST, "slow"  # instrumented code is slower

    atheris.Setup([sys.argv[0], *arguments], one)
    atheris.Fuzz()


def timed(reader: str, texts: list[str]) -> tuple[float, float, int]:
    """Median and slowest milliseconds for one text, and how many raised nothing; one warm-up round."""
    space: dict[str, object] = {}
    exec(f"def read(text):\n    {READERS[reader]}", space)  # noqa: S102 - our own line of code, from READERS
    read = space["read"]
    assert callable(read)
    taken, passed = [], 0
    for round_ in range(2):
        taken, passed = [], 0
        for text in texts:
            begun = time.perf_counter()
            try:
                read(text)
                passed += 1
            except Exception as error:  # noqa: BLE001 - whatever the others raise is counted
                del error
            taken.append(1000 * (time.perf_counter() - begun))
        del round_
    return statistics.median(taken), max(taken), passed


def ran_code(reader: str) -> int:
    """How many hostile inputs created their marker file."""
    count = 0
    for template in HOSTILE:
        with tempfile.TemporaryDirectory() as folder:
            marker = str(Path(folder) / "marker")
            text = template.format(marker=marker)
            code = f"import sys; text = sys.argv[1]; {READERS[reader]}"
            subprocess.run(  # noqa: S603
                [sys.executable, "-c", code, text], check=False, capture_output=True, cwd=ROOT, timeout=60,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )  # fmt: skip
            count += Path(marker).exists()
    return count


def beside() -> None:
    """The reader beside others, on answers that all of them can be asked: numbers and arithmetic in ASCII."""
    sections = {"Numbers", "Sums, products, quotients"}
    texts = [typed for heading, _, _, rows in SECTIONS if heading in sections for typed, _ in rows]
    texts = [t for t in texts if t.isascii() and "\\" not in t and "=" not in t]
    power = "9**9**9"  # the smallest of its kind: the next is beyond any machine
    print(f"\n{len(texts)} answers and {len(HOSTILE)} hostile inputs")
    print("| reader | median for one answer | slowest | without an exception | ran code | `9**9**9` |")
    print("|---|---|---|---|---|---|")
    for reader in READERS:
        module = {"sympy.parse_expr": "sympy", "math-verify": "math_verify"}.get(reader)
        if module and importlib.util.find_spec(module) is None:
            print(f"| {reader} | not installed | | | | |")
            continue
        middle, worst, passed = timed(reader, texts)
        hang = hangs(reader, power)
        shown = f"{middle:.3f} ms | {worst:.1f} ms | {passed} of {len(texts)} | {ran_code(reader)} of {len(HOSTILE)}"
        print(f"| {reader} | {shown} | {hang} |", flush=True)


def hangs(reader: str, text: str) -> str:
    """How long a tower of powers takes, or that it does not end."""
    code = f"import sys, time; text = '1'; {READERS[reader]}; text = sys.argv[1]; t = time.perf_counter()\n"
    code += f"try:\n    {READERS[reader]}\nexcept Exception: pass\nprint(time.perf_counter() - t)"
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", code, text], check=False, capture_output=True, text=True, timeout=20, cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "over 20 s"
    return f"{1000 * float(done.stdout or 'nan'):.1f} ms"


def main() -> None:
    """Run everything."""
    if sys.argv[1:2] == ["--guided-child"]:
        guided_child(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    fuzz(asked.count, asked.seed)
    guided(min(asked.count, 200_000))
    beside()


if __name__ == "__main__":
    main()
