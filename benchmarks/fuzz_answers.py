"""Throws text at the answer reader: every input must give a value or a reason, and none may take long.

    python benchmarks/fuzz_answers.py [--count 1000000] [--seed 1]

Inputs are random signs, random pieces of answers, and mutations of the rows of docs/answers.md. Where atheris is
installed (the extra `fuzz`) a second run is guided by coverage. `bench_reading.py` sets the reader beside others.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from answer_table import SECTIONS  # noqa: E402

from answer_keys import published  # noqa: E402
from exercises.problems import problem_file  # noqa: E402
from grader.answers.answer import Working, commas, read_answer  # noqa: E402
from grader.answers.names import Names  # noqa: E402
from grader.answers.numbers import Typed, Unreadable  # noqa: E402
from grader.working.chain_of_working import broken_link  # noqa: E402

SLOWEST = 0.05
ROWS = [typed for _, _, _, rows in SECTIONS for typed, _ in rows]
SIGNS = "0123456789.,+-−–*·×⋅/÷^()[]{}|=≈~ eExXyWabtδσηΦ∂d_₁₃₅⁻²⁺½⅓…\\'′;:%$&?!\t\0\u200b\u0301ﷺ\ud800"
PIECES = (
    "0.35", "(0.1)", "y3", "δ₅", "W_{13}", "dE/dW13", "\\frac{", "}{", "}", "^2", "²", "·", "*", "/", "+", "−", "=",
    " ≈ ", "(", ")", "|", "e^", "ln", "σ(", "tanh", "max(0,", "1/3", "½", "-4.07e-2", " (so)", ", ", "new", "'",
    " via 5", "10^-2", "×10⁻²", "1,234", " x ", "∂E/∂y₅", "\\cdot ", "\\delta_5", "W13+", "?", "so", "9**9", "__import__",
    "∂a₅/∂y₃", "net3", "E_total", "W13*", "W'13", "(new)", "updated ", "_neu", "w13", "Delta3", "[1]", "loss", "m_b3",
)  # fmt: skip


def finder() -> Names:
    """Finds the quantities of Mazur's problem."""
    return Names(problem_file.parse(published.text("mazur-2-2-2"), "mazur-2-2-2"))


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
    if kind < 0.7:  # a chain that ends in a number
        links = [rng.choice(ROWS) for _ in range(rng.randint(1, 3))]
        return " = ".join([*links, f"{rng.uniform(-2, 2):.4f}"])
    return mutated(rng, rng.choice(ROWS))


def mutated(rng: random.Random, text: str) -> str:
    """A row of the table with some signs put in, taken out, doubled or exchanged."""
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        at = rng.randint(0, len(text))
        end = min(len(text), at + rng.randint(0, 4))
        put = rng.choice(("", rng.choice(SIGNS), rng.choice(PIECES), text[at:end] * 2, rng.choice(ROWS)[:12]))
        text = text[:at] + put + text[end:]
    return text


def try_one(text: str, name: Names, comma: bool | None) -> str:  # noqa: FBT001
    """Read one input and check what came of it; the kind of result."""
    found = read_answer(text, name, comma)
    commas([text])
    name.find(text)
    if isinstance(found, Unreadable):
        assert found.reason
        assert found.reason.isprintable()
        assert -1 <= found.offset <= len(found.text)
        assert len(found.caret().splitlines()) <= 2
        assert len(found.told()) < 1_000
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


def again(text: str, name: Names, comma: bool | None) -> float:  # noqa: FBT001
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
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for i, row in enumerate(ROWS):
            (corpus / f"{i:04}").write_text(row, encoding="utf-8")
        command = [
            sys.executable, __file__, "--guided-child", str(corpus), f"-runs={count}", "-max_len=400",
            f"-artifact_prefix={folder}/", "-timeout=0",
        ]  # fmt: skip
        done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")  # noqa: S603
    said = done.stderr.strip().splitlines()
    covered = next((line for line in reversed(said) if " cov: " in line), "")
    outcome = f"no exception; {covered.strip()}" if not done.returncode else "\n".join(said[-20:])
    print(f"{count:,} inputs guided by coverage (atheris), from {len(ROWS)} rows: {outcome}")
    assert not done.returncode


def guided_child(arguments: list[str]) -> None:
    """What atheris calls."""
    import atheris

    atheris.instrument_all()
    name = finder()

    def one(data: bytes) -> None:
        text = data.decode("utf-8", "surrogateescape")
        begun = time.thread_time()
        try_one(text, name, None)
        assert time.thread_time() - begun < 10 * SLOWEST, "slow"  # instrumented code is slower

    atheris.Setup([sys.argv[0], *arguments], one)
    atheris.Fuzz()


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
    parser.add_argument("--guided", type=int, default=100_000, help="inputs guided by coverage")
    asked = parser.parse_args()
    fuzz(asked.count, asked.seed)
    guided(asked.guided)


if __name__ == "__main__":
    main()
