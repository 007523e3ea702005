"""One symbol beside a number, as sheets, textbooks and programs write it: `net_h1`, `dE_total/dout_h1`, `g13`, `w5+`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from exercises.formulas.quantity import Quantity, QuantityKind, bias, weight
from grader.answers.derivatives import of_sides
from grader.answers.letters import Letters
from grader.answers.weight_pairs import Pairs
from grader.answers.worded import PARAMETERS, Wording, of_quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from exercises.problems.problem import Problem

_Kind = QuantityKind
_STEMS = {
    "sum": "netinput|sum|net|yin|zin|in|z|s|a|v",
    "out": "output|out|o|yhat|y|act|h",
    "delta": "delta|del|dlt|d",
    "loss": "loss|error|err|e|l|j",
}
_STEM = {word: role for role, words in _STEMS.items() for word in words.split("|")}
_ANY = "|".join(sorted(_STEM, key=len, reverse=True))
_PLACE = r"(?P<layer>hidden|hid|h|output|out|o)?(?P<n>\d{1,2})?"
_UNIT = re.compile(rf"(?P<stem>{_ANY})(?:total|tot)?{_PLACE}")
_OWN = re.compile(r"(?P<stem>[a-z]{1,4}?)_?(?P<layer>[ho]?)(?P<n>\d{1,2})")
_PLACED = re.compile(r"(?P<layer>hidden|hid|h|output|out|o|n|u|unit|node|neuron|#)(?P<n>\d{1,2})")
_ANY_PARAMETER = frozenset({"w", "θ", "theta", "weight", "param"})
_LOSS = re.compile(r"(?:loss|error|err|cost|[elj])(?:total|tot|ges|sum)?")
_NEW_BEHIND = re.compile(
    r"(?:(?<=[\w)])(?:new|neu|updated|upd|nuevo|nouveau|nuovo|novo|yeni|nieuw)|新|更新後?|更新后|(?<=[wb]\d)n|(?<=w\d\d)n|\+|\*|'|(?<=\d)\(1\)|(?<=\d)\(new\))$"
)
_GRADIENT = re.compile(r"(?:gradient|grad|g|∂|d|∇|nabla)(?=[wb]?\d)|(?:gradient|grad|∂|d|∇|nabla)(?=[wb]\d?)")
_DERIVATIVE = re.compile(
    r"(?P<any>[∂d][elj](?:tot|total)?/[∂d](?:[·…*_]|\.{1,3})?)|[∂d](?P<over>[^/]{1,20})/[∂d](?P<under>[^/]{1,20})"
)
_JOINED = re.compile(  # dE_dy, dydz: as programs write them
    r"(?P<over>[d∂](?:[ELCJyha]|out|yhat|[Ll]oss|[Ee]rr(?:or)?)(?:_?tot(?:al)?)?_?(?:\d{0,2}|[ho]))_?(?P<under>[d∂](?:[yazwbWBhs]|out|net)\w{0,8}|(?<=_)[yazwbWB]_?\d{1,2})"
)
_OF_COST = re.compile(r"(?:^|(?<=^[d∂]))c(?=$|[\d/]|tot)")
_PLAIN_WEIGHT = re.compile(r"(?P<letter>[wb])(?P<k>\d)")
_LAYER_OF = re.compile(r"(?P<letter>[wb])(?P<layer>hidden|hid|h|output|out|o)")
_JOINTS = re.compile(r"[\s{}^\\.`]|(?<!\d)_|_(?!\d)|(?<=\D)[()](?=\D)|^\(|(?<=[a-z]\d)\)$")
ONE = frozenset("aeoiyslhzd")
_OF_SUM = re.compile(  # σ(a₃), f(net_h1)
    r"(?:σ|\\?sigma|sigmoid|sigm|sig|logistic|f|g|h|s|φ|\\?phi|act|tanh|relu)(?P<prime>['′’])?\s*\(\s*(?P<of>[^()]{1,30}(?:\([^()]{1,9}\)[^()]{0,9})?)\s*\)",
    re.IGNORECASE,
)
_HIGH = re.compile(r"(?P<stem>[a-zδ]{1,5})\((?P<layer>\d)\)")  # delta^(1)
_RAISED = re.compile(r"(?P<stem>[a-zδ]+)\(?(?P<layer>\d)\)?_(?P<j>\d)(?P<k>\d)?")
_LAYERED = re.compile(
    r"(?P<d>d|∇|grad)?(?P<letter>[zawb])\[(?P<layer>\d)\]|(?:fc|lin|linear|layer)(?P<n>\d)(?:(?P<what>weight|bias)(?:data)?|\([a-z]\w*\))"
)
_FLAT = re.compile(r"(?P<stem>z|b|w|d|delta)(?P<i>\d)?(?P<j>\d)?")
_TO_OUTPUT = re.compile(r"w_?h?(?P<k>\d)_?(?:out|output|o)")  # w1_out
_TWO = re.compile(r"w_?(?P<a>\d)(?P<b>\d)")


class Symbols:
    """The symbols of one problem: as its sheet writes them, and as textbooks and programs do.

    own:     finds what a spelling of the sheet stands for, given quantities included.
    letters: what the file as a whole tells of its letters.
    """

    def __init__(self, problem: Problem, own: Callable[[str], Quantity | None]) -> None:
        self._problem, self._symbol = problem, own
        self._net = problem.network
        self.pairs = Pairs(problem, self.unit)
        self.letters = Letters()

    def elsewhere(self, written: str, q: Quantity) -> bool:
        """Whether a letter of the sheet stands for something else in this file: a₃ beside z₃ is an output."""
        if _JOINTS.sub("", written.lower()) in self.letters.vectors:
            return True  # delta^2 beside a list z^2
        letter = written.strip(" $*`\\")[:1].lower()
        other = {_Kind.PRE_ACTIVATION: self.letters.outs, _Kind.ACTIVATION: self.letters.sums}
        return letter in other.get(q.kind, ())

    def one(self, written: str) -> Wording | None:
        """One symbol."""
        if (applied := _OF_SUM.fullmatch(written.strip())) is not None:
            inner = self.one(applied["of"])
            if inner is None or inner.meant != {"sum"}:
                return None
            roles = {"slope", "out"} if applied["prime"] else {"out"}
            return Wording(frozenset(roles), inner.unit, inner.layer, new=inner.new)
        q = self._symbol(written)
        if q is not None and not self.elsewhere(written, q):
            return of_quantity(q)
        known = written.lower() in _STEM or written.lower() in self.letters.lettered
        if len(written) == 2 and written.isalpha() and not known:  # noqa: PLR2004 - “Jo” is somebody
            return None
        if (joined := _JOINED.fullmatch(written)) is not None:
            under = joined["under"]
            return self.one(f"{joined['over']}/{under if under[0] in 'd∂' else 'd' + under}")
        word = _JOINTS.sub("", written.lower()).replace("δ", "delta").replace("δ", "delta")
        if word.endswith("grad") and ".grad" in written.lower():  # out.grad
            return self._of_backward(written.lower())
        word = word.replace("ŷ", "yhat").replace("detotal", "de").replace("detot", "de")
        if self.letters.cost:
            word = _OF_COST.sub("e", word)
        return self._symbolic(word)

    def _symbolic(self, word: str) -> Wording | None:
        found = self._called(word) or self._letter(word) or self._parameter(word) or self._unit(word)
        if found is not None:
            return found
        if derivative := _DERIVATIVE.fullmatch(word):
            if derivative["any"]:
                return Wording(frozenset({"gradient"}))
            over, under = self._side(derivative["over"]), self._side(derivative["under"])
            if under is not None and derivative["over"] == "h" and len(derivative["under"]) == 1:
                under = replace(under, unit=0)  # ∂h/∂z of any hidden unit
            return of_sides(over, under, self._problem)
        short = _NEW_BEHIND.sub("", word)
        if short != word and short:
            inner = self.one(short)
            return replace(inner, new=True) if inner is not None and not inner.new else None
        if self.letters.change and word.startswith("dw"):
            return Wording(frozenset({"change"}))
        if (grad := _GRADIENT.match(word)) is not None:
            rest = word[grad.end() :]
            inner = self._called(rest) or self._parameter(rest) or self._parameter(f"w{rest}")
            return replace(inner, roles=inner.roles | {"gradient"}) if inner is not None else None
        return None

    def _called(self, word: str) -> Wording | None:
        """A weight by the name that the file gives it."""
        ends = [(a, b) for name, a, b in self.letters.called if _JOINTS.sub("", name.lower()) == word]
        return self._weight(self.pairs.between(*ends[0])) if len(ends) == 1 else None

    def _side(self, word: str) -> Wording | None:
        """One side of a derivative, where h₁ by itself is an output."""
        found = self._symbolic(word)
        if found is not None and found.roles == {"place"}:
            return replace(found, roles=frozenset({"out"}))
        if found is not None and "outer" in found.roles and not found.unit:
            return Wording(found.meant, self._net.outputs[0] if len(self._net.outputs) == 1 else 0)
        if word == "o" and "h" in self.letters.counted and len(self._net.outputs) == 1:
            return Wording(frozenset({"out"}), self._net.outputs[0])
        return found

    def _of_backward(self, written: str) -> Wording | None:
        """What a program's `.grad` holds; −z.grad is δ where that has the minus."""
        inner = self.one(written.removesuffix(".grad").lstrip("-"))
        if inner is not None and inner.meant == {"sum"} and written[0] == "-":
            return replace(inner, roles=frozenset({"delta"})) if self._problem.delta != "gradient" else None
        return of_sides(Wording(frozenset({"loss"})), inner, self._problem) if written[0] != "-" else None

    def _letter(self, word: str) -> Wording | None:
        """A letter without a number, or with one that this file has a meaning of its own for."""
        if word in ("b", "bias") or word in _ANY_PARAMETER:
            return Wording(frozenset({"bias" if word[0] == "b" else "weight"}))
        if word[:1] == "d" and word[1:2] not in "wb" and word[1:] in self.letters.vectors:
            of_loss = of_sides(Wording(frozenset({"loss"})), self._unit(word[1:]), self._problem)
            return of_loss or Wording(frozenset({"change"}))  # dZ2, where that is not the sheet's delta
        flat = _FLAT.fullmatch(word)
        if flat is not None and flat["stem"] in self.letters.places:
            return self._placed(flat)
        if (layered := _LAYERED.fullmatch(word)) is not None:
            return self._of_layer(layered)
        high = _HIGH.fullmatch(word) if self._problem.notation == "layer" else None
        if high is not None and high["stem"] in _STEM and 1 <= int(high["layer"]) < len(self._net.layers):
            role = "out" if high["stem"] == "a" else self._role(high["stem"])
            return self._vector(role, int(high["layer"]))
        raised = _RAISED.fullmatch(word) if self.letters.base >= 0 else None
        return self._in_layer(raised) if raised is not None else None

    @staticmethod
    def _weight(q: Quantity | None) -> Wording | None:
        return Wording(parameter=q) if q is not None else None

    def _placed(self, found: re.Match[str]) -> Wording | None:
        """A symbol without a layer, whose number is a place among the hidden units: `z1`, `w12`, `b1`; none: the output."""
        _, hidden, outputs = self._net.layers
        stem, i, j = found["stem"], int(found["i"] or 0), int(found["j"] or 0)
        if stem == "w" and i and not j:
            return self._weight(self.pairs.placed(i))
        if j or stem == "w":
            return self._weight(self.pairs.placed(i, j)) if stem == "w" else None
        if i > len(hidden):
            return None
        unit = hidden[i - 1] if i else outputs[0]
        return Wording(parameter=bias(unit)) if stem == "b" else Wording(frozenset({_STEM[stem]}), unit)

    def _of_layer(self, found: re.Match[str]) -> Wording | None:
        """A vector of a layer as programs write it: `z[1]`, `dW[2]`, `fc1.weight`."""
        layer, letter = (
            int(found["layer"] or found["n"]),
            (found["letter"] or found["what"] or "z")[0],
        )  # fc1(x)
        if not 1 <= layer < len(self._net.layers):
            return None
        if letter in "wb":
            roles = {"weight" if letter == "w" else "bias"} | ({"gradient"} if found["d"] else set())
            return Wording(frozenset(roles), layer=layer)
        inner = Wording(frozenset({"sum" if letter == "z" else "out"}), layer=layer)
        said = of_sides(Wording(frozenset({"loss"})), inner, self._problem) if found["d"] else inner
        return replace(said, layer=layer) if said is not None else None

    def _in_layer(self, raised: re.Match[str]) -> Wording | None:
        """A symbol with its layer on high and its place there: `z^2_1`; of a weight where it ends comes first."""
        layers, at = self._net.layers, int(raised["layer"]) - self.letters.base
        j, k = int(raised["j"]), int(raised["k"] or 0)
        if not 1 <= at < len(layers) or not 1 <= j <= len(layers[at]):
            return None
        unit = layers[at][j - 1]
        if raised["stem"] in ("w", "b"):
            if raised["stem"] == "b":
                return Wording(parameter=bias(unit)) if not k else None
            ends_first = self.letters.base == 1 and 1 <= k <= len(layers[at - 1])
            return Wording(parameter=weight(layers[at - 1][k - 1], unit)) if ends_first else None
        return self._symbolic(f"{raised['stem']}{unit}") if not k else None

    def _parameter(self, word: str) -> Wording | None:
        """A weight or a bias; w1 … w8 as the widely copied page of a 2-2-2 net counts them; W1 as a matrix."""
        if (layer := _LAYER_OF.fullmatch(word)) is not None:
            role = "weight" if layer["letter"] == "w" else "bias"
            last = len(self._net.layers) - 1
            at = last if layer["layer"][0] == "o" else 1 if last == 2 else 0  # noqa: PLR2004 - one hidden layer
            return Wording(frozenset({role}), layer=at) if at else None
        plain = _PLAIN_WEIGHT.fullmatch(word)
        if plain is not None and word in self.letters.vectors:
            role = "weight" if plain["letter"] == "w" else "bias"
            return Wording(frozenset({role}), layer=self.letters.vectors[word])
        q = self._symbol(word) if word[:1] in "wb" else None
        if q is not None and q.kind in PARAMETERS:
            return of_quantity(q)
        if (ends := _TO_OUTPUT.fullmatch(word)) is not None:
            return self._weight(self.pairs.placed(int(ends["k"])))
        two = _TWO.fullmatch(word)
        if q is None and two is not None and self._problem.notation == "unit":
            turned = weight(int(two["b"]), int(two["a"]))  # w₅₃ where the unit that it ends in comes first
            return Wording(parameter=turned) if turned in self.pairs.weights else None
        if q is None and two is not None and len(self._net.outputs) == 1:
            return self._weight(self.pairs.placed(int(two["a"]), int(two["b"])))
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
        own = _OWN.fullmatch(word)  # a letter that only this file gives a meaning
        if own and own["stem"] not in _STEM and own["stem"] in self.letters.sums | self.letters.outs:
            unit = self.unit(own["layer"], int(own["n"]))
            return Wording(frozenset({self._role(own["stem"])}), unit) if unit else None
        found = _UNIT.fullmatch(word)
        if found is not None and found["n"] and not found["layer"] and found["stem"] in self.letters.counted:
            return self.place(word)
        if found is not None and found["stem"] in ("h", "o") and found["layer"] in ("output", "out"):
            return None  # h_out is of the hidden units
        if found is not None and (
            found["layer"] or found["n"] or found["stem"] in ONE or (word in _STEM and word != "v")
        ):
            by_layers = found["stem"] == "a" and self._problem.notation == "layer"
            role = "out" if by_layers else self._role(found["stem"])
            if not found["n"] and found["layer"]:
                return self._layered(role, found["layer"])
            if not found["n"]:
                return Wording(frozenset({role, "outer"} if found["stem"] == "yhat" else {role}))
            if word in self.letters.vectors and not found["layer"]:
                return self._vector(role, self.letters.vectors[word])
            unit = self.unit((found["layer"] or "")[:1], int(found["n"]), found["stem"])
            if unit:
                return Wording(frozenset({role}), unit)
        return self.place(word)

    def _role(self, stem: str) -> str:
        letters = self.letters
        return "out" if stem in letters.outs else "sum" if stem in letters.sums else _STEM[stem]

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
            only = self._net.outputs[0] if len(self._net.outputs) == 1 else 0
            return Wording(frozenset({role}), only, len(self._net.layers) - 1)
        return Wording(frozenset({role}), layer=1) if len(self._net.layers) == 3 else None  # noqa: PLR2004

    def _vector(self, role: str, layer: int) -> Wording | None:
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
        meant = by_number & set(counted_from) if layer not in self.letters.counted else set()
        if counted and 1 <= number <= len(counted_from):
            meant = meant | {counted_from[number - 1]}
        return next(iter(meant)) if len(meant) == 1 else 0
