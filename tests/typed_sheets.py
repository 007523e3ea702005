"""Sheets typed in many habits, with what stands on them: read, unread, misread, lost, and how many are clean.

A corpus in `tests/typed` holds sheets `%% name suffix problem [comma]`; `@a3@` stands for the answer to a3, `@a3:6@` to six
places, `@a3:sci@` as 7.55e-01, `@!a3@` for the same number where it is no answer, `@?a3@` for one that a person may decide.
Some answers are drawn wrong, so that nothing can be read by the key. Run: `python tests/typed_sheets.py closed [-v]`.
"""

import random
import re
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

from making import drawn, shipped

from answer_keys.solution import solve
from grader.answers.names import Names
from grader.answers.numbers import Typed
from grader.answers.read_sheet import read_sheet
from grader.files.extraction.source import Source
from grader.files.read import read_bytes

FOLDER = Path(__file__).parent / "typed"
_SLOT = re.compile(r"@(?P<aside>[!?]?)(?P<name>[A-Za-z]\w*)(?::(?P<places>\d|sci|ee|x10))?@")
_WRONG = 0.12  # so many of the answers are not the key's


def problem(name):
    """The exercise of a sheet: a shipped one, or one drawn for this purpose."""
    if name == "net231":
        return drawn((2, 3, 1), notation="unit", seed="typed")
    if name == "net221b":
        return drawn((2, 2, 1), notation="unit", seed="typed")
    return shipped(name)


class Sheet:
    """One typed sheet, and what a person would read on it.

    truth: the number of each answer; doubtful: those that may be left to a person.
    """

    def __init__(self, head, body):
        self.name, self.suffix, self.on, *options = head.split()
        self.problem = problem(self.on)
        self.comma = "comma" in options
        self.truth, self.doubtful = {}, set()
        self._rng = random.Random(f"typed {self.name}")  # noqa: S311 - nothing secret
        self._values = {q.name: v for q, v in self.problem.values.items()}
        for q, v in solve(self.problem).values.items():
            right = Decimal(repr(float(v)))
            self._values[q.name] = right * Decimal("1.07") if self._rng.random() < _WRONG else right
        self._given = {q.name for q in self.problem.values}
        self.text = _SLOT.sub(self._fill, body)

    def _fill(self, slot):
        value, places = self._values[slot["name"]], slot["places"] or "4"
        if slot["name"] in self._given:
            shown = f"{value}"
        else:
            shown = f"{value:.3e}" if places in {"sci", "ee", "x10"} else f"{round(value, int(places)):f}"
            if slot["aside"] != "!":
                self.truth[slot["name"]] = Decimal(shown)
            if places in {"ee", "x10"}:
                digits, _, power = shown.partition("e")
                shown = f"{digits} EE {int(power)}" if places == "ee" else f"{digits} x 10{int(power)}"
            if slot["aside"] == "?":
                self.doubtful.add(slot["name"])
        return shown.replace(".", ",") if self.comma else shown


def sheets(corpus):
    """The sheets of a corpus."""
    parts = (FOLDER / f"{corpus}.txt").read_text(encoding="utf-8").split("%% ")[1:]
    return [Sheet(*part.split("\n", 1)) for part in parts]


def judged(sheet, names=None):
    """What came of each answer on a sheet ("read", "unread", "misread" or "lost"), what was read, and the reading."""
    names = names or Names(sheet.problem)
    source = Source(Path(f"{sheet.name}.{sheet.suffix}"), sheet.problem, names)
    reading = read_bytes(sheet.text.encode(), f".{sheet.suffix}", source)
    got, said = {}, " ".join(reading.complaints)
    said += " ".join(piece.text for piece in reading.left_over)
    for submission in reading.submissions[:1]:
        said += " ".join(submission.remarks)
        said += " ".join(piece.text for piece in getattr(submission, "left_over", ()))
        for q, answer in read_sheet(submission.texts, names).answers.items():
            got[q.name] = answer
            said += "" if isinstance(answer, Typed) or answer is None else f" {answer.text}"
    verdicts = {}
    for name, value in sheet.truth.items():
        answer = got.get(name)
        if isinstance(answer, Typed):
            verdicts[name] = "read" if answer.value == value else "misread"
        else:
            told = answer is not None or any(
                shown in said or shown.replace(".", ",") in said
                for shown in (f"{abs(value):f}", f"{abs(value):.3e}")
            )
            verdicts[name] = "unread" if told else "lost"
    for name, answer in got.items():
        if name not in sheet.truth and isinstance(answer, Typed):
            verdicts[name] = "misread"
    if len(reading.submissions) > 1:
        verdicts["students"] = "misread"
    return verdicts, got, reading


def tally(corpus, *, verbose=False):
    """Counts over a corpus: of answers, and of clean sheets."""
    count = Counter()
    for sheet in sheets(corpus):
        verdicts, got, reading = judged(sheet)
        bad = {
            n: v for n, v in verdicts.items() if v != "read" and not (v == "unread" and n in sheet.doubtful)
        }
        count.update("read" if v == "unread" and n in sheet.doubtful else v for n, v in verdicts.items())
        count["sheets"] += 1
        count["clean"] += not bad
        if bad and verbose:
            print(f"{sheet.name}: {' '.join(f'{n}={v}' for n, v in bad.items())}")
            for name, verdict in bad.items():
                if verdict == "misread":
                    print(f"    {name}: read {got.get(name)!r}, meant {sheet.truth.get(name)}")
            print("    " + "\n    ".join(reading.complaints[:6]))
    return count


if __name__ == "__main__":
    for corpus in [a for a in sys.argv[1:] if a != "-v"]:
        found = tally(corpus, verbose="-v" in sys.argv)
        answers = sum(found[v] for v in ("read", "unread", "misread", "lost"))
        print(f"{corpus}: {answers} answers, {found['read'] / answers:.1%} read, {dict(found)}")
