"""One symbol beside a number, as sheets, textbooks and programs write it: `net_h1`, `dE_total/dout_h1`, `g13`, `w5+`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from exercises.formulas.quantity import Quantity, QuantityKind, weight
from grader.answers.lexicon import ROLES
from grader.answers.worded import PARAMETERS, Wording, of_quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from exercises.problems.problem import Problem

_Kind = QuantityKind
_STEMS = {
    "sum": "netinput|sum|net|in|z|s|a",
    "out": "output|out|o|yhat|y|act|h",
    "delta": "delta|del|dlt|d",
    "loss": "loss|error|err|e|l|j",
}
_STEM = {word: role for role, words in _STEMS.items() for word in words.split("|")}
_ANY = "|".join(sorted(_STEM, key=len, reverse=True))
_PLACE = r"(?P<layer>hidden|hid|h|output|out|o)?(?P<n>\d{1,2})?"
_UNIT = re.compile(rf"(?P<stem>{_ANY})(?:total|tot)?{_PLACE}")
_TURNED = re.compile(
    rf"(?P<layer>hidden|hid|h|output|out|o|n|unit|neuron|node)(?P<n>\d{{1,2}})(?P<stem>{_ANY})"
)
_PLACED = re.compile(r"(?P<layer>hidden|hid|h|output|out|o|n|u|unit|node|neuron|#)(?P<n>\d{1,2})")
_ANY_PARAMETER = frozenset({"w", "θ", "theta", "weight", "param"})
_LOSS = re.compile(r"(?:loss|error|err|cost|[elj])(?:total|tot|ges|sum)?")
_NEW_BEFORE = re.compile(r"(?:new|neu|updated|新)(?=\w)")
_NEW_BEHIND = re.compile(
    r"(?:(?<=[\w)])(?:new|neu|updated|upd|nuevo|nouveau|nuovo|novo|yeni|nieuw)|新|更新後?|更新后|\+|\*|'|(?<=\d)\(1\)|(?<=\d)\(new\))$"
)
_GRADIENT = re.compile(r"(?:gradient|grad|g|∂|d|∇|nabla)(?=[wb]?\d)|(?:gradient|grad|∂|d|∇|nabla)(?=[wb]\d?)")
_DERIVATIVE = re.compile(r"(?P<any>[∂d][elj](?:tot|total)?/[∂d][·.…*])|[∂d](?P<over>[^/]{1,20})/[∂d](?P<under>[^/]{1,20})")
_PLAIN_WEIGHT = re.compile(r"(?P<letter>[wb])(?P<k>\d)")
_LAYER_OF = re.compile(r"(?P<letter>[wb])(?P<layer>hidden|hid|h|output|out|o)")
_JOINTS = re.compile(r"[\s{}^\\.`]|(?<!\d)_|_(?!\d)|(?<=\D)[()](?=\D)|^\(|(?<=[a-z]\d)\)$")
ONE = frozenset("aeoiyslhzd")


_OF_SUM = re.compile(  # σ(a₃), f(net_h1)
    r"(?:σ|\\?sigma|sigmoid|sigm|sig|logistic|f|g|φ|\\?phi|act|tanh|relu)(?P<prime>['′’])?\s*\(\s*(?P<of>[^()]{1,30}(?:\([^()]{1,9}\)[^()]{0,9})?)\s*\)",
    re.IGNORECASE,
)
_PLACE = r"(?:(?:unit|node|neuron) )?(?:(?:[xiho]|in|inp|input|hid|hidden|out|output)[_ ]?)?\d{1,2}"
_PAIR = re.compile(
    rf"(?P<from>\b(?:from|von|de|da|between|zwischen|z) )?(?P<stem>\b(?:w|wt|weight)[ _]?)?[({{\[]?(?<![\w.,])(?P<a>{_PLACE})"
    rf" ?(?P<sign>to|nach|vers|auf|à|a|and|und|→|->|-+>|[–−,-]|\]\[) ?(?P<b>{_PLACE})(?![\w.,]|\d)[)}}\]]?",
    re.IGNORECASE,
)
_ARROWED = re.compile(
    rf"(?<=^)\W{{0,3}}(?P<from>)(?P<stem>(?:new |neu |w|wt|weight|gewicht)[ _]?)?\(?(?P<a>{_PLACE}) ?(?P<sign>→|->|-+>) ?(?P<b>{_PLACE})(?![\w.,]|\d)\)?",
    re.IGNORECASE,
)
_ENDS = re.compile(  # w(x1,h1)
    rf"(?<![A-Zabce-z])(?P<from>)(?P<stem>[wW])[_ ]?[(\[{{]\s?(?P<a>{_PLACE}) ?(?P<sign>,|→|->|;) ?(?P<b>{_PLACE}|o|out|output)\s?[)\]}}]",
    re.IGNORECASE,
)
_SURE = frozenset({"→", "->", "-->"})
_JOINT = re.compile(r"[_.]+|(?<=[a-z])(?=[A-Z])")
_NUMBERED = re.compile(r"^(?P<word>[^\W\d_]{3,})(?P<n>\d{1,2})$")
_SHORT = {"h": "hidden", "hid": "hidden", "o": "output layer", "in": "net", "i": "net", "g": "gradient", "upd": "new"}


def joints(written: str) -> list[str]:
    """The words of a name such as `slope5`, `h_in`, `deltaOut`, `grad_w13`; nothing if it is but one."""
    parts = [part for part in _JOINT.split(written) if part]
    short = [_SHORT.get(part.lower(), part) for part in parts] if len(parts) > 1 else parts
    out = [word for part in short for word in _NUMBERED.sub(r"\g<word> \g<n>", part).split()]
    return out if len(out) > 1 else []


_LIST = re.compile(  # z1 = [0.44, 0.38]
    r"(?<![^\W_])(?P<name>[A-Za-zδ]{1,6}_?)(?P<layer>\d)(?:[ _]?new|')?\s*(?:=|:)[^=:\n\[]{0,40}(?:=\s*)?(?:np\.array\()?"
    r"\[",
    re.ASCII,
)
_CHANGE = re.compile(r"(?:d|∂|grad|g|new)(?=[wb]$)")
_STEP = re.compile(r"(?<!\w)[dΔ∆]_?w\w{0,5} ?= ?(?:eta|η|alpha|lr|l ?\*|-eta|-η)|= ?[dΔ∆]_?w_?\d\d ?\+ ?w", re.IGNORECASE)
_USED = re.compile(r"(?<![^\W_])(?P<stem>[azy]|out|o|h)_?\{?[ho]?\d", re.ASCII)


def seen(text: str, problem: Problem) -> tuple[frozenset[str], frozenset[str]]:
    """What a file as a whole tells of its symbols: beside z₃ and without y₃ an a₃ is an output, and what bears a list."""
    lists = frozenset(m["name"].replace("_", "").lower() + m["layer"] for m in _LIST.finditer(text))
    stems = {_CHANGE.sub("", name[:-1]) for name in lists}
    vectors = frozenset(f"{stem}{layer}" for stem in stems for layer in range(1, len(problem.network.layers)))
    outs: frozenset[str] = frozenset()
    vectors |= {"change"} if _STEP.search(text) else set()
    if problem.notation == "unit" and "y" not in stems:
        used = {m["stem"].lower() for m in _USED.finditer(text)}
        other = used & {"y", "out", "o", "h"} if not lists else set()
        outs = frozenset({"a"} if used >= {"a", "z"} and not other else ())
    return outs, vectors


class Symbols:
    """The symbols of one problem: as its sheet writes them, and as textbooks and programs do.

    own:     finds what a spelling of the sheet stands for, given quantities included.
    outs:    letters that are outputs in this file although the sheet has them for sums.
    vectors: names that bear a layer's number here, as a list was assigned to such a one.
    """

    def __init__(self, problem: Problem, own: Callable[[str], Quantity | None]) -> None:
        self._problem, self._symbol = problem, own
        self._net = problem.network
        self._weights = {q for q in self._net.parameters() if q.kind is _Kind.WEIGHT}
        self.outs: frozenset[str] = frozenset()
        self.vectors: frozenset[str] = frozenset()

    def elsewhere(self, written: str, q: Quantity) -> bool:
        """Whether a letter of the sheet stands for something else in this file: a₃ beside z₃ is an output."""
        return q.kind is _Kind.PRE_ACTIVATION and written.strip(" $*`")[:1].lower() in self.outs

    def joined(self, label: str, *, only_arrows: bool = False) -> str:
        """A label in which a weight that is told by its two units has its name: `1→3`, “from 1 to 3”, `wt 1-3`.

        only_arrows: in a whole line, where only what begins it and has an arrow is certain.
        """
        if only_arrows:
            return _ARROWED.sub(self._named, label, count=1) if "(" not in label else _ENDS.sub(self._named, label)
        return _PAIR.sub(self._named, label) if any(c.isdecimal() for c in label) else label

    def _named(self, pair: re.Match[str]) -> str:
        told = pair["from"] or pair["stem"] or pair["sign"] in _SURE or len(pair[0]) == len(pair.string.strip())
        after = ROLES.get(pair.string[: pair.start()].split()[-1].lower()) if pair.string[: pair.start()].strip() else ""
        if not told and after not in ("weight", "gradient", "new"):
            return pair[0]
        q = self.between(pair["a"], pair["b"])
        glued = pair.string[: pair.start()][-1:] in ("d", "∂", "_", "/")
        return pair[0] if q is None else q.name if glued else f" {q.name} "

    def between(self, source: str, unit: str) -> Quantity | None:
        """The weight from one unit, or input, to another; None if there is none."""
        return next((weight(a, b) for a in self._ends(source) for b in self._ends(unit) if weight(a, b) in self._weights), None)

    def _ends(self, written: str) -> list[int]:
        """The units or inputs that a place may be."""
        letter, number = written.strip().lower()[:1], int(re.sub(r"\D", "", written) or 0)
        if not number:
            return list(self._net.outputs[:1]) if letter == "o" and len(self._net.outputs) == 1 else []
        inputs = self._net.layers[0]
        if letter in "xi":
            return [inputs[number - 1]] if 1 <= number <= len(inputs) else []
        if letter in "ho":
            return [unit] if (unit := self.unit(letter, number)) else []
        return [number] if self._problem.notation == "unit" else []

    def one(self, written: str) -> Wording | None:
        """One symbol."""
        if (applied := _OF_SUM.fullmatch(written.strip())) is not None:
            inner = self.one(applied["of"])
            if inner is None or inner.meant != {"sum"} or not inner.unit:
                return None
            roles = {"slope", "out"} if applied["prime"] else {"out"}
            return Wording(frozenset(roles), inner.unit, new=inner.new)
        q = self._symbol(written)
        if q is not None and not self.elsewhere(written, q):
            return of_quantity(q)
        if len(written) == 2 and written.isalpha() and written.lower() not in _STEM:  # noqa: PLR2004 - “Jo” is somebody, no loss of an output
            return None
        word = _JOINTS.sub("", written.lower()).replace("δ", "delta").replace("δ", "delta")
        word = word.replace("ŷ", "yhat").replace("detotal", "de").replace("detot", "de")
        return self._symbolic(word)

    def _symbolic(self, word: str) -> Wording | None:
        if word in _ANY_PARAMETER:
            return Wording(frozenset({"weight"}))
        found = self._parameter(word) or self._unit(word)
        if found is not None:
            return found
        if derivative := _DERIVATIVE.fullmatch(word):
            if derivative["any"]:
                return Wording(frozenset({"gradient"}))
            return self._derivative(self._symbolic(derivative["over"]), self._symbolic(derivative["under"]))
        short = _NEW_BEFORE.sub("", word, count=1)
        if short == word:
            short = _NEW_BEHIND.sub("", word)
        if short != word and short:
            inner = self.one(short)
            return replace(inner, new=True) if inner is not None and not inner.new else None
        if "change" in self.vectors and word.startswith("dw"):
            return Wording(frozenset({"change"}))
        if (grad := _GRADIENT.match(word)) is not None:
            inner = self._parameter(rest := word[grad.end() :]) or self._parameter(f"w{rest}")
            return replace(inner, roles=inner.roles | {"gradient"}) if inner is not None else None
        return None

    def _parameter(self, word: str) -> Wording | None:
        """A weight or a bias; w1 … w8 as the widely copied page of a 2-2-2 net counts them; W1 as a matrix."""
        if (layer := _LAYER_OF.fullmatch(word)) is not None:
            role = "weight" if layer["letter"] == "w" else "bias"
            last = len(self._net.layers) - 1
            at = last if layer["layer"][0] == "o" else 1 if last == 2 else 0  # noqa: PLR2004 - one hidden layer
            return Wording(frozenset({role}), layer=at) if at else None
        plain = _PLAIN_WEIGHT.fullmatch(word)
        if plain is not None and word in self.vectors:
            k = int(plain["k"])
            return Wording(frozenset({"weight" if plain["letter"] == "w" else "bias"}), layer=k)
        q = self._symbol(word) if word[:1] in "wb" else None
        if q is not None and q.kind in PARAMETERS:
            return of_quantity(q)
        if plain is None or plain["letter"] == "b":
            return None
        k = int(plain["k"])
        weights = [q for q in self._net.parameters() if q.kind is _Kind.WEIGHT]
        if self._net.shape != (2, 2, 2) or self._problem.notation != "unit" or not 1 <= k <= len(weights):
            return None
        order = sorted(weights, key=lambda q: (self._net.layer_of(q.unit), q.unit, q.source))
        return Wording(parameter=order[k - 1])

    def _unit(self, word: str) -> Wording | None:
        """A quantity of a unit, or a unit alone."""
        if _LOSS.fullmatch(word):
            return Wording(frozenset({"loss"}))
        turned = _TURNED.fullmatch(word)
        found = turned or _UNIT.fullmatch(word)
        if found is not None and found["stem"] in ("h", "o") and found["layer"] in ("output", "out"):
            return None  # h_out is of the hidden units
        if found is not None and (found["layer"] or found["n"] or found["stem"] in ONE or word in _STEM):
            by_layers = found["stem"] == "a" and self._problem.notation == "layer"
            role = "out" if by_layers or found["stem"] in self.outs else _STEM[found["stem"]]
            if not found["n"] and found["layer"]:
                return self._layered(role, found["layer"])
            if not found["n"]:
                return Wording(frozenset({role}))
            if (vector := f"{found['stem']}{found['n']}") in self.vectors and not found["layer"]:
                return self._vector(role, vector, int(found["n"]))
            unit = self.unit((found["layer"] or "")[:1], int(found["n"]), found["stem"])
            if unit:
                return Wording(frozenset({role}), unit)
        return self.place(word)

    def place(self, word: str) -> Wording | None:
        """A unit alone: h1, o1, unit3."""
        if (placed := _PLACED.fullmatch(word.lower())) is None:
            return None
        unit = self.unit(placed["layer"][:1] if placed["layer"][:1] in "ho" else "", int(placed["n"]))
        short = placed["layer"].lower() in ("h", "o")  # which by itself is what the unit puts out
        return Wording(frozenset({"place"} if short else ()), unit) if unit else None

    def _layered(self, role: str, layer: str) -> Wording | None:
        """`delta_o`, `net_h`: of the one unit there, or a vector."""
        if layer[:1] == "o":
            outputs = self._net.outputs
            return Wording(
                frozenset({role}), outputs[0] if len(outputs) == 1 else 0, len(self._net.layers) - 1
            )
        return Wording(frozenset({role}), layer=1) if len(self._net.layers) == 3 else None  # noqa: PLR2004

    def _vector(self, role: str, word: str, layer: int) -> Wording | None:
        del word
        if not 1 <= layer < len(self._net.layers):
            return None
        units = self._net.layers[layer]
        return Wording(frozenset({role}), units[0] if len(units) == 1 else 0, layer)

    def unit(self, layer: str, number: int, stem: str = "") -> int:
        """The unit with a number, of the whole net or in its layer; 0 if there is none, or if it could be two."""
        net = self._net
        own = self._problem.notation == "unit"
        by_number = {number} & set(net.computing) if own else set()
        if not layer:
            if not own and 10 < number < 100:  # noqa: PLR2004 - z11: layer and place
                at, place = divmod(number, 10)
                inside = 1 <= at < len(net.layers) and 1 <= place <= len(net.layers[at])
                return net.layers[at][place - 1] if inside else 0
            alone = [u for u in net.outputs if len(net.outputs) > 1 and stem in ("e", "l", "j") and own]
            if alone and not by_number and 1 <= number <= len(alone):
                return alone[number - 1]
            return next(iter(by_number), 0)
        hidden = [unit for inner in net.layers[1:-1] for unit in inner]
        counted_from = hidden if layer == "h" else list(net.outputs)
        counted = layer != "h" or len(net.layers) == 3  # noqa: PLR2004 - one hidden layer
        meant = by_number & set(counted_from)
        if counted and 1 <= number <= len(counted_from):
            meant = meant | {counted_from[number - 1]}
        return next(iter(meant)) if len(meant) == 1 else 0

    def _derivative(self, over: Wording | None, under: Wording | None) -> Wording | None:
        if over is None or under is None or over.new or under.new:
            return None
        if over.meant == {"loss"}:
            if under.roles & {"weight", "bias"} and not over.unit:
                return Wording(frozenset({"gradient"}))  # ∂E/∂W, of a weight that is told elsewhere
            if not under.unit and not over.unit and under.meant == {"out"} and under.whole is None:
                return Wording(frozenset({"slope", "loss"}))
            if under.parameter is not None:
                return replace(under, roles=frozenset({"gradient"}))
            if under.meant == {"out"} and under.unit:
                return self._loss_slope(over.unit, under.unit)
            if under.meant == {"sum"} and under.unit and not over.unit and self._problem.delta == "gradient":
                return Wording(frozenset({"delta"}), under.unit)
        if over.meant == {"out"} and under.meant == {"sum"} and not (under.unit or over.unit):
            return Wording(frozenset({"slope", "out"}))
        if over.meant == {"out"} and under.meant == {"sum"} and under.unit and over.unit in (0, under.unit):
            return Wording(frozenset({"slope", "out"}), under.unit)
        return None

    def _loss_slope(self, of: int, unit: int) -> Wording | None:
        """∂E/∂y of a unit; of one output's loss at a hidden unit the term by that path."""
        roles = frozenset({"slope", "loss"})
        if not of or of == unit:
            return Wording(roles, unit)
        several = len(self._net.outputs) > 1 and of in self._net.downstream(unit)
        return Wording(roles, unit, via=of) if several else None
