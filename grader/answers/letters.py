"""What a file as a whole tells of its letters: which are sums and which outputs, what bears a layer's number."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from exercises.formulas.quantity import QuantityKind
from grader.answers.lexicon import OTHER, ROLES
from grader.answers.plain_signs import ITALIC

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from exercises.formulas.quantity import Quantity
    from exercises.problems.problem import Problem

_LIST = re.compile(  # z1 = [0.44, 0.38]
    r"(?<![^\W_])(?P<name>[A-Za-zδ]{1,6}_?)(?:\^\{?\(?)?\[?(?P<layer>\d)[\])}]{0,2}(?:[ _]?new|')?\s*(?:=|:)[^=:\n\[]{0,40}"
    r"(?:=\s*)?(?:(?:np\.array\(|tensor\()?\[(?P<two>\s*[-−]?\d*\.\d+[,;\s]+[-−]?\d*\.\d)?|\(\s*[-−]?\d*[.,]\d+\s*[,;])",
    re.ASCII,
)
_CHANGE = re.compile(r"(?:d|∂|grad|g|new)(?=[wb]$)")
_STEP = re.compile(
    r"(?<!\w)[dΔ∆]_?w\w{0,5} ?= ?(?:eta|η|alpha|lr|l ?\*|-eta|-η)|= ?[dΔ∆]_?w_?\d\d ?\+ ?w", re.IGNORECASE
)
_USED = re.compile(
    r"(?<![^\W_])(?P<stem>[azy]|out|o|h)(?:\^\{?\(?\d\)?\}?(?=_))?_?\{?[ho]?\d|(?:^|[|,;\t])[^\S\n]{0,30}\"?(?P<cell>[azy])\"?(?=[^\S\n]{0,30}(?:[|,;\t]|$))",
    re.ASCII | re.MULTILINE,
)
_DEFINED = re.compile(  # z_3 = h(a_3)
    r"(?<![A-Za-z\\])(?P<out>[a-z]{1,4}?)(?P<at>[_^(\[]?\{?[ho]?\d[\w^(){}]{0,7}|_?[ho]?\b)\s*&?=\s*(?:\\?sigma|σ|sigmoid|sig|logistic|f|g|h|s|φ|\\?phi)"
    r"\s*\(\s*(?P<sum>[a-z]{1,4}?)(?:[_^(\[]?\{?[ho]?\d|[_)])",
    re.IGNORECASE,
)
_DERIVED = re.compile(  # dy5/du5
    r"[d∂](?P<out>(?![eljc][\d_])[a-z]{1,4}?)_?(?P<n>\d{1,2}) ?/ ?[d∂](?P<sum>[a-z]{1,4}?)_?(?P=n)(?!\d)",
    re.IGNORECASE,
)
_LEGEND = re.compile(  # u = weighted sum, I_j net input
    r"(?<![^\W_])(?P<letter>[A-Za-z]{1,3}?)(?:_?[ijk] ?(?:=|:|is)? ?| ?(?:=|:| is) ?)(?:the )?"
    r"(?P<words>[^\W\d_]+(?: [^\W\d_]+)?)"
)
_RAISED = re.compile(r"(?<![A-Za-z])[zabwδ]\^\{?\(?(?P<layer>\d)\)?\}?_\{?\d", re.IGNORECASE)
_COST = re.compile(r"[d∂][Cc] ?/ ?[d∂]|\\partial C\b|\bC is\b|\bC(?:_?tot\w{0,2})? ?=.{0,20}C_?\d")
_LETTERED = re.compile(r"(?<![^\W_])(?P<name>[wbzays]_?[ho])(?=(?:[ _]?new)?\s*=)", re.IGNORECASE)  # Wh = …
_COUNTED = re.compile(r"(?<![A-Za-z])(?P<letter>[ho])_?(?P<n>\d)(?!\d)")
_INTO = re.compile(
    r"nn\.Linear|fc\d\.weight|\(out, in\)"
    r"|\brow[^.\n,;]{0,30}(?:receiving|hidden (?:unit|neuron)|per (?:neuron|unit)|goes? (?:in)?to"
    r"|into|= unit)"
    r"|\bto (?:neuron|unit|node) j\b[^.\n;]{0,10}\bfrom",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\brows?(?:(?!neuron|unit)[^.\n,;:]){0,20}\bfrom\b|columns?[^.\n,;]{0,20}\b(?:to|into)\b|\brow[^.\n,;]{0,20}\binput"
    r"|\(i, ?j\)[^.\n;]{0,20}\bfrom (?:input|unit|node) i\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?<![^\W_])(?P<name>(?:z|s|b|w|d|δ|delta)_?(?:\d{1,2}|out|o)?)"
    r"(?:\(2\))?(?= ?(?:\([^()\d]{1,20}\)|uscita|sortie|output|new|neu)? *[`$*]* *(?:[:=|→]|->))"
)
_END = r"(?:unit |neuron |node )?[xihno]?_?\d{0,2}"
_CALLED = re.compile(  # Theta1_11 = W13, w1 = 0.1 (x1 to h1)
    r"(?<![^\W_])(?P<name>[^\W\d_]\w{0,12})[ \t]{0,9}(?:=|:|is)[ \t]{0,9}"
    rf"(?:[Ww]_?(?P<from>\d)(?P<to>\d)(?=[ \t]*(?:[,;.)\n]|\Z))"
    rf"|[-−]?\d{{0,9}}\.?\d{{1,9}} ?\((?P<a>{_END}) ?(?:to|→|->|–|-) ?(?P<b>{_END})\))"
)
_MARKED = re.compile(  # W13 baru = 0,0991
    r"(?<![^\W_])(?P<name>[^\W\d_]{1,6}_?\{?\d{1,2}\}?)(?:\s?[(（_]|\s)\s?(?P<mark>[^\W\d_]{1,20})\s?[)）]?\s?(?:[=:→＝：]|->)"
    r"\s?(?P<value>[-−–]?\d{0,20}[.,]\d{1,20})"
)
_TAKEN = frozenset("aeyzhsoljc")  # have a meaning already
_MINUS = str.maketrans("−–,", "--.")
_BRACED = re.compile(r"_\{(\w{1,3})\}")
_LOW = str.maketrans("₀₁₂₃₄₅₆₇₈₉ₒ", "0123456789o")
_MOST = 200_000  # characters


@dataclass(frozen=True, slots=True)
class Letters:
    """What is meant by the letters of one file.

    outs, sums: letters that are outputs or sums here, whatever the sheet has them for.
    vectors:    names that bear a layer's number, as a list was assigned to such a one, each with its layer.
    lettered:   names such as `Wh` that bear the letter of a layer, as something is assigned to them.
    counted:    `h` or `o` where a unit is called by its place in its layer.
    change:     whether `dw` is the step of a weight and no gradient.
    cost:       whether C is the loss.
    places:     letters whose number is a place among the hidden units, as z alone is of the output.
    turned:     whether a row of a matrix holds the weights into one unit, if that is said.
    news:       words that nobody knows, which behind weights can only mean that they are new.
    called:     names that the file says to be those of weights, each with the ends of its weight.
    base:       the number of the layer of the inputs where a layer is written on high, `z^2_1`; -1 where none is.
    """

    outs: frozenset[str] = frozenset()
    sums: frozenset[str] = frozenset()
    vectors: Mapping[str, int] = field(default_factory=dict)
    lettered: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()
    change: bool = False
    cost: bool = False
    base: int = -1
    turned: bool | None = None
    places: frozenset[str] = frozenset()
    called: frozenset[tuple[str, str, str]] = frozenset()
    news: frozenset[str] = frozenset()


def seen(text: str, problem: Problem, find: Callable[[str], Quantity | None]) -> Letters:
    """See how a file as a whole uses its letters: beside z₃ and without y₃ an a₃ is an output.

    find: the quantity of a spelling of the sheet.
    """
    text = _BRACED.sub(r"_\1", ITALIC.sub(r"\1", text[:_MOST]).translate(_LOW))
    layers = problem.network.layers
    lists = [
        (_CHANGE.sub("", m["name"].replace("_", "").lower()), int(m["layer"]), m["two"] or m[0][-1] != "[")
        for m in _LIST.finditer(text)
    ]
    stems = {stem for stem, _, _ in lists}
    first = {n for _, n, several in lists if several} == set(
        range(2, len(layers) + 1)
    )  # the inputs are layer 1
    vectors = {f"{stem}{layer + first}": layer for stem in stems for layer in range(1, len(layers))}
    places = {(m["letter"], int(m["n"])) for m in _COUNTED.finditer(text)}
    counted = {
        letter
        for letter, units in (("h", layers[1]), ("o", layers[-1]))
        if (letter, 1) in places and 1 not in units
    }
    outs: set[str] = set()
    sums: set[str] = set()
    base = -1
    if problem.notation == "unit":
        if "y" not in stems:
            used = {(m["stem"] or m["cell"]).lower() for m in _USED.finditer(text)} | stems
            other = used & {"y", "out", "o", "h"} - counted if not lists else set()
            outs = {"a"} if used >= {"a", "z"} and not other else set()
        given = [*_DEFINED.finditer(text), *_DERIVED.finditer(text)]
        defined = [(m["out"].lower(), m["sum"].lower()) for m in given]
        told_outs, told_sums = {out for out, _ in defined}, {of for _, of in defined}
        if defined and not told_outs & told_sums:
            outs, sums = told_outs, told_sums
        for letter, role in _legend(text):
            if letter not in {*outs, *sums}:
                (sums if role == "sum" else outs).add(letter)
        raised = {int(m["layer"]) for m in _RAISED.finditer(text)}
        if raised and max(raised) in (len(layers), len(layers) - 1):
            base = max(raised) - len(layers) + 1
    return Letters(
        frozenset(outs),
        frozenset(sums),
        vectors,
        frozenset(m["name"].lower().replace("_", "") for m in _LETTERED.finditer(text)),
        frozenset(counted),
        _STEP.search(text) is not None,
        _COST.search(text) is not None,
        base,
        _turned(text),
        _placed(text, problem, stems),
        frozenset((m["name"], m["from"] or m["a"], m["to"] or m["b"]) for m in _CALLED.finditer(text)),
        _news(text, problem, find),
    )


def _legend(text: str) -> Iterator[tuple[str, str]]:
    """Letters of which a file says that they are sums or outputs, and what."""
    for m in _LEGEND.finditer(text):
        words = m["words"].lower()
        role = ROLES.get(words) or ROLES.get(words.split(" ")[0])
        if role in ("sum", "out") and m["letter"].lower() not in _TAKEN:
            yield m["letter"].lower(), role


def _news(text: str, problem: Problem, find: Callable[[str], Quantity | None]) -> frozenset[str]:
    """A word of whatever language that stands behind most weights, each with a number near its given one: they are new."""
    beside: dict[str, dict[Quantity, Decimal]] = {}
    for m in _MARKED.finditer(text):
        word = m["mark"].lower()
        q = find(m["name"]) if word not in ROLES and word not in OTHER else None
        if q is not None and q.kind is QuantityKind.WEIGHT and q in problem.values:
            beside.setdefault(word, {})[q] = Decimal(m["value"].translate(_MINUS))
    weights = sum(q.kind is QuantityKind.WEIGHT for q in problem.values)
    near = {
        word: [0 < abs(v - problem.values[q]) < abs(v) for q, v in of.items()] for word, of in beside.items()
    }
    return frozenset(word for word, of in near.items() if 2 * sum(of) > max(len(of), weights))


def _placed(text: str, problem: Problem, lists: set[str]) -> frozenset[str]:
    """The letters whose numbers are places: z₁ and z₂ beside that of the output, and those that go on like them.

    lists: letters of vectors, whose number is that of a layer.
    """
    net = problem.network
    if (len(net.layers), len(net.outputs)) != (3, 1):
        return frozenset()
    labels = {m["name"].replace("_", "").replace("δ", "delta") for m in _LABEL.finditer(text)}
    inside = range(1, len(net.layers[1]) + 1)
    placed = {
        stem
        for stem in {"z", "s", "b", "d", "delta"} - lists
        if labels >= {f"{stem}{n}" for n in inside} and f"{stem}{len(inside) + 1}" not in labels
    }
    sums = {f"{stem}{end}" for stem in placed & {"z", "s"} for end in ("", "out", "o")}
    if not labels & sums:
        return frozenset()
    return frozenset(placed) | ({"w"} if labels >= {"w11", "w12"} else set())


def _turned(text: str) -> bool | None:
    """How matrices lie, where the file says it in words or by the library that it names."""
    to, of = _INTO.search(text) is not None, _FROM.search(text) is not None
    return to if to != of else None
