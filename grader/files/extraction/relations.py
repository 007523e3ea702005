"""What stands between a name and its number: signs, arrows, and words such as “comes out as” and “changes from 0.1 to”."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.answers.lexicon import OTHER, ROLES
from grader.files.extraction.named_answer import NUMBER
from grader.files.labels.cells import bare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exercises.formulas.quantity import Quantity
    from grader.answers.names import Names

AND = "and|und|et|y|e|ve|en|og|och|oraz|и"  # between two answers
OPEN, CLOSE = "([{", ")]}"
_RELATION = re.compile(r":=|=>|⇒|==?|≈|→|←|<-+|:|(?<=\s)~(?=\s*[-−–+.\d])")
ARROWS = ("=>", "⇒", "→")
_ABOUT = (
    r"(?=\s+(?:about |approximately |roughly |now |only |just |nur |solo |ca\.? ?|etwa |rund |environ )?"
    r"[-−–+~≈.,(]?\s?[.,]?\d)"
)
_BECOMES = re.compile(
    r"(?<=[\w)}\]])\s+(?:becomes?|diventa|torna-se|is now|turns into|changes to|wird(?: zu)?|devient|pasa a)"
    + _ABOUT
)
_SAYS = re.compile(  # a relation in words, before a number
    r"(?<=[\w)}\],])\s+(?:(?:which|that|and|so it|this) )?(?:is (?:equal )?to|is|c[oa]mes? (?:out (?:as|to|at)|to)|equals?"
    r"|ist(?: gleich)?|beträgt|ergibt|vaut|est(?: égale? à)?|es(?: igual a)?|è|é|gives|gave|yields)" + _ABOUT
)
_CALLED = re.compile(r"(?<![A-Za-z\\])([azyδx]|delta)\((\d{1,2})\)(?=\s*[=≈:])")  # y(3) = …
_MOVED = re.compile(  # a weight from its old value to the new one
    rf"(?:\s+(?:changes|changed|goes|went|moves|moved|updates|drops|dropped|falls|fell|rises|rose|increases|decreases)\s+from|\s+from|\s*:)\s*(?P<old>{NUMBER})"
    rf"\s*(?:to|→|->|-->|⇒|=>|nach|diventa|becomes|wird|devient|pasa a|torna-se)\s*(?={NUMBER}\s*(?:[;,(]|$))"
)
_CLAUSE = re.compile(r"[,;]\s+(?:so|and|then|also|hence|thus|therefore)?\s*")
_ASKED = re.compile(r"^Q\s?\d{0,2}[:.)]\s*(?P<name>[^?=:]{1,60})\?\s*A\s?\d{0,2}[:.)]\s*")  # Q: z3?  A: 0.75
_RESULT = re.compile(
    rf"^(?P<working>[^=:→]+=[^=:→]*[^\s=:→])\s*:\s*(?={NUMBER}\s*$)"
)  # dE/db4 = delta4: -0.0089
_UNIT = re.compile(r"(?P<word>[^\W\d_]+) ?= ?(?P<n>\d{1,2})[,;:]?\s+(?=\S+ ?=)")
_FROM_TO = re.compile(rf"\bfrom (?P<first>[^=\d]{{1,20}}\d{{0,2}} ?= ?{NUMBER}) to (?=[^=]{{1,20}}=)")
_STRANGE = re.compile(
    r"(?<![^\W_])(?P<name>[A-Za-zδ∂][\w/∂]{0,12}) (?P<words>(?:[^\W\d_]{2,12} ){0,2}[^\W\d_]{1,12} )"
    rf"(?={NUMBER}\s*(?:$|[;),.]|(?:{AND})\s))"
)
_VERBS = frozenset({"", "becomes", "target"})
FILLERS = re.compile(
    r"(?<![\w'’])(?:(?:so|and|then|thus|hence|therefore|also|for|the|that|we|i|get|got|have|finally|next|now|with|this|gives|which|means"
    r"|where|total|together|overall|again|correction|corrected|und|dann|somit|daher|wobei|(?:d['’])?où|insgesamt|zusammen|outputs?)"
    r"[\s:,]+)+(?:is[\s]+)?",
    re.IGNORECASE,
)
RUN_ON = re.compile(r"(?P<value>\s*[-−–+~]?\s?\S*[\d.])\s+(?:/\s+)?(?P<name>\S{1,40}(?: \S{1,30}){0,2})\s*")
NUMBERED_NEXT = re.compile(
    r"(?P<value>\s*[-−–+~]?\s?\S*[\d.])\s+\(\d{1,3}\)\s*(?P<name>\S{1,40})\s*"
)  # … = 0.7 (2) y3 =
DOUBTFUL = re.compile(r"(?P<value>.*\d[.,]\d\S*)\s+(?P<name>[^\s+*/·−–-]\S{0,40})\s*")
LABEL = re.compile(
    r"[\u2460-\u2473\u24f5-\u24fe\u2776-\u277f]\s*|\(\d{1,3}\)\s*|\(?(?:[a-z]|[ivx]{1,4}|\d{1,2}[a-z]?|[QA]\s?\d{1,2})\s*[).:]\)?\s+",
    re.IGNORECASE,
)


_NAMED_BEHIND = re.compile(  # 0.1×0.35+0.8×0.9 =   0.755   that is a3
    rf"(?P<working>[^=≈:]*[-−–+*/·×÷^²(][^=≈:]*)=\s*(?P<value>{NUMBER})(?:\s{{2,}}|\s*(?:\t|→|->|//|#)\s*)(?P<name>(?:[^\W\d]|[∂\\$])[^=≈:]{{0,60}})"
)


_SHOWN = re.compile(  # a3: 0.1×0.35+0.8×0.9   0.755   → A
    rf"(?P<name>[^:=]{{1,60}}[:=]\s*)(?P<working>\S[^=≈:]*?[^\s=≈:])\s{{2,}}(?P<value>{NUMBER})\s*[.;,]?\s*"
)
_MEMORY = re.compile(r"\d[A-Z]")  # what was stored, beside a factor
_STORED = re.compile(r"(?<=\d)\s*(?:→|->|⇒|,?\s(?:STO|M\+))\s*[A-Za-z]\s*$")  # into a calculator's memory
_WORKED = re.compile(r"[-−–+*/·×÷^²(]")


def plainly(line: str, names: Names, find: Callable[[str], Quantity | None]) -> str:
    """A line with signs for the words that mean them.

    find: the line that a name means where it stands.
    """
    if (moved := _MOVED.search(line)) is not None:
        first = max((part.end() for part in _CLAUSE.finditer(line, 0, moved.start())), default=0)
        label = names.vocabulary.find(bare(line[first : moved.start()]).strip(": "))
        if label is not None and (
            names.vocabulary.meant(replace(label, new=True)) if label.meant else label.parameter is not None
        ):
            said = line[first : moved.start()].strip(": ")
            return f"{line[:first]} new {said} = {line[moved.end() :]}".strip()
    if "(" in line and names.problem.notation == "unit":
        line = _CALLED.sub(r"\1\2", line)
    if (unit := _UNIT.match(line)) is not None and ROLES.get(unit["word"].lower()) == "unit":
        line = f"{unit['word']} {unit['n']}: {line[unit.end() :]}"  # unit=3 a=0.75
    line = _STORED.sub("", _ASKED.sub(r"\g<name> = ", line) if line[:1] == "Q" else line)
    if "=" not in line:
        line = _STRANGE.sub(lambda m: _related(m, names, find), line)
    elif ":" in line:
        line = _RESULT.sub(r"\g<working> = ", line)
    if "from " in line:
        line = _FROM_TO.sub(r"\g<first>; ", line)
    if (shown := _SHOWN.fullmatch(line)) is not None and _WORKED.search(shown["working"]):
        working = "" if _MEMORY.search(shown["working"]) else f"{shown['working']} = "
        line = f"{shown['name']}{working}{shown['value']}"
    behind = _NAMED_BEHIND.fullmatch(line.strip())
    if behind is not None and names.find(behind["working"].strip()) is None:
        name = FILLERS.sub("", behind["name"], count=1).partition(",")[0]
        line = f"{name} = {behind['value']}" if names.find(name) is not None else line
    return _SAYS.sub(" =", _BECOMES.sub(" ←", line))


def _related(said: re.Match[str], names: Names, find: Callable[[str], Quantity | None]) -> str:
    """A name and words that nobody knows before its number, as a relation: “y5 wordt dan 0,69”, “E descend à 0,0166”."""
    words = said["words"].lower().split()
    verbs = all(ROLES.get(word, "") in _VERBS and word not in OTHER for word in words)
    news = names.vocabulary.symbols.letters.news & set(words)
    symbol = any(c.isdigit() for c in said["name"]) or names.find(said["name"], strict=True) is not None
    return (
        f"{said['name']} = " if symbol and verbs and not news and find(said["name"]) is not None else said[0]
    )


def relations(line: str) -> Iterator[tuple[int, int]]:
    """Where each relation outside brackets begins and ends."""
    depth = at = 0
    while at < len(line):
        c = line[at]
        if c in OPEN:
            depth += 1
        elif c in CLOSE:
            depth = max(0, depth - 1)
        elif not depth and (sign := _RELATION.match(line, at)):
            yield at, sign.end()
            at = sign.end()
            continue
        at += 1


def inside(text: str, at: int) -> bool:
    """Whether a place is inside brackets."""
    return sum(text.count(c, 0, at) for c in OPEN) > sum(text.count(c, 0, at) for c in CLOSE)
