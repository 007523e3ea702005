"""Names in words: “weighted sum of unit 3”, “new W13”, “slope of the loss at the output”.

Every word of such a name must be known here, and all of them together must mean one line of the problem; else it is
no name. So a sentence about a line is not taken for the line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exercises.formulas.quantity import Quantity, QuantityKind, of_parameter, weight
from exercises.networks.notation import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from exercises.problems.problem import Problem

LONGEST = 120  # characters
_BY = re.compile(  # derivative of E with respect to W13
    r".*\bderivative of (?:the )?(?P<over>\S+) (?:with respect to|w\.? ?r\.? ?t\.?|by) (?:the )?(?P<under>\S+)",
    re.IGNORECASE,
)
_RUNS = (  # what is said in several words, longest first
    (r"(?:first|initial|original) forward (?:pass|run)|forward (?:pass|run)|before (?:the )?update", " "),
    (
        r"after (?:the |one )?(?:update|updating|step)|(?:in (?:the )?)?(?:check run|second (?:forward )?pass)",
        " new ",
    ),
    (r"with (?:the )?(?:new|updated) weights", " new "),
    (r"weighted sum|weighted input|net input|summed input|input sum|net sum|pre[- ]?activation", " #sum "),
    (r"error (?:signal|term)", " delta "),
    (r"(?:half|mean)[ -]squared[ -]error|total error", " loss "),
    (r"with respect to|w\.? ?r\.? ?t\.?|’s|'s", " "),
    (r"\by[ -]?hat\b", " ŷ "),
    (r"(?:from )?(?:unit|node|neuron|input) ?(\d{1,2}) to (?:unit|node|neuron) ?(\d{1,2})", r" #edge\1>\2 "),
    (r"from (\d{1,2}) to (\d{1,2})", r" #edge\1>\2 "),
    (r"hidden (?:layer )?(?:unit |node |neuron )?(\d{1,2})\b", r" #hidden\1 "),
    (r"(first|second|third) hidden (?:unit|node|neuron)", r" #hidden\1 "),
    (r"output (?:unit|node|neuron) ?(\d{1,2})\b", r" #unit\1 "),
    (r"output (?:layer|unit|node|neuron)", " output "),
    (r"(?<!#)\b(?:unit|node|neuron) ?(\d{1,2})\b", r" #unit\1 "),
    (r"layer ?(\d{1,2})\b", r" #layer\1 "),
    (r"\bgrad(?:ient)?_", " gradient "),
)
_WORDS = {
    "sum": "#sum",
    "slope": "slope derivative",
    "gradient": "gradient grad",
    "loss": "loss cost",
    "total": "total overall",
    "activation": "activation sigmoid tanh relu",
    "output": "output",
    "prediction": "prediction predicted",
    "delta": "delta δ",
    "new": "new updated",
    "weight": "weight",
    "bias": "bias",
    "": "the a an of for at in to on by is are what what's its value answer compute calculate give state "
    "enter find so network function",
}
_TAGS = {word: tag for tag, words in _WORDS.items() for word in words.split()}
_ORDINALS = {"first": 1, "second": 2, "third": 3}
_TOKEN = re.compile(r"[^\s,;?!]+")
_PARAMETERS = (QuantityKind.WEIGHT, QuantityKind.BIAS)
_MEANINGS = {  # what the words of a unit's quantity mean together
    frozenset({"sum"}): QuantityKind.PRE_ACTIVATION,
    frozenset({"activation"}): QuantityKind.ACTIVATION,
    frozenset({"output"}): QuantityKind.ACTIVATION,
    frozenset({"prediction"}): QuantityKind.ACTIVATION,
    frozenset({"activation", "output"}): QuantityKind.ACTIVATION,
    frozenset({"delta"}): QuantityKind.DELTA,
    frozenset({"loss"}): QuantityKind.LOSS,
    frozenset({"loss", "total"}): QuantityKind.LOSS,
    frozenset({"slope", "loss"}): QuantityKind.LOSS_SLOPE,
    frozenset({"slope", "activation"}): QuantityKind.ACTIVATION_SLOPE,
    frozenset({"gradient", "bias"}): QuantityKind.BIAS_GRADIENT,
    frozenset({"gradient", "weight"}): QuantityKind.WEIGHT_GRADIENT,
    frozenset({"gradient"}): QuantityKind.WEIGHT_GRADIENT,
    frozenset({"gradient", "loss"}): QuantityKind.WEIGHT_GRADIENT,
}


@dataclass(slots=True)
class _Said:
    """The words of a name, sorted."""

    tags: set[str] = field(default_factory=set)
    units: set[int] = field(default_factory=set)
    edges: set[Quantity] = field(default_factory=set)
    symbols: list[str] = field(default_factory=list)
    layer: str = ""


class Phrases:
    """Finds the line of one problem that a name in words means.

    symbol: finds what a symbol among the words stands for, given quantities included.
    """

    def __init__(self, problem: Problem, symbol: Callable[[str], Quantity | None]) -> None:
        self._problem = problem
        self._network = problem.network
        self._lines = frozenset(problem.graph.by_quantity)
        self._symbol = symbol

    def find(self, written: str) -> Quantity | None:
        """The line, or None."""
        if len(written) > LONGEST or not any(c.isalpha() for c in written):
            return None
        if (by := _BY.fullmatch(written.strip(" .:?"))) is not None:
            found = self._symbol(plain(f"d{by['over']}/d{by['under']}"))
            if found is not None:
                return found if found in self._lines else None
        said = self._sorted(written)
        if said is None or not (said.tags or said.layer):
            return None
        found = self._about_symbol(said) if said.symbols else self._about_unit(said)
        if found is not None and found.kind is QuantityKind.LOSS_SLOPE and found.via:
            return None
        return found if found in self._lines else None

    # --- the words ---

    def _sorted(self, written: str) -> _Said | None:
        """The words by their kinds; None if one is not known."""
        text = re.sub(r"[()$#]", " ", written)
        for pattern, meant in _RUNS:
            text = re.sub(pattern, meant, text, flags=re.IGNORECASE)
        said = _Said()
        for token in _TOKEN.findall(text):
            word = token.strip(".:*`").lower()
            if word in _TAGS:
                said.tags.add(_TAGS[word])
            elif word.startswith("#"):
                if not self._place(word, said):
                    return None
            elif word:
                said.symbols.append(token.strip(".:*`"))
        said.tags.discard("")
        return said if len(said.units) + len(said.edges) <= 1 and len(said.symbols) <= 1 else None

    def _place(self, word: str, said: _Said) -> bool:
        if word.startswith("#layer"):
            said.layer = word.removeprefix("#layer")
        elif word.startswith("#edge"):
            source, _, unit = word.removeprefix("#edge").partition(">")
            edge = weight(int(source), int(unit))
            if self._problem.notation != "unit" or edge not in self._problem.graph.given:
                return False
            said.edges.add(edge)
        else:
            hidden = word.startswith("#hidden")
            number = word.removeprefix("#hidden").removeprefix("#unit")
            if not (number.isdecimal() or number in _ORDINALS):
                return False
            counted = _ORDINALS.get(number) or int(number)
            place = self._unit(counted, hidden=hidden, ordinal=number in _ORDINALS)
            if place is None:
                return False
            said.units.add(place)
        return True

    def _unit(self, number: int, *, hidden: bool, ordinal: bool) -> int | None:
        """The unit with this number, counted over the whole net or, of the hidden ones, in their layer."""
        net = self._network
        inner = [unit for layer in net.layers[1:-1] for unit in layer]
        whole = {number} & set(inner if hidden else net.computing)
        if self._problem.notation != "unit" and not hidden:
            return None
        own: set[int] = set()
        if hidden and len(net.layers) == 3 and 1 <= number <= len(inner):  # noqa: PLR2004 - one hidden layer
            own = {inner[number - 1]}
        found = own if ordinal else whole | own
        return next(iter(found)) if len(found) == 1 else None

    # --- what they mean ---

    def _about_symbol(self, said: _Said) -> Quantity | None:
        """A symbol among the words, which must fit it: “gradient of W13”, “total loss E”."""
        written, tags = said.symbols[0], set(said.tags)
        if said.layer:  # w11 of layer 1
            letter = re.match(r"([A-Za-zδ]+)_?(\d*)$", written)
            if letter is None or self._problem.notation == "unit":
                return None
            written = f"{letter[1]}({said.layer}){letter[2]}"
        q = self._symbol(plain(written))
        if q is None:
            return None
        new = "new" in tags
        tags.discard("new")
        if q.kind in _PARAMETERS:
            return self._of_parameter(q, tags, new=new)
        if said.units and said.units != {q.unit}:
            return None
        if q.kind is QuantityKind.ACTIVATION and tags >= {"slope"} and not (new or q.updated):
            kind = _MEANINGS.get(frozenset(tags))
            slopes = (QuantityKind.LOSS_SLOPE, QuantityKind.ACTIVATION_SLOPE)
            return Quantity(kind, q.unit) if kind in slopes else None
        if not self._fits(q, tags):
            return None
        return q.after_update() if new and not q.updated else q

    def _fits(self, q: Quantity, tags: set[str]) -> bool:
        """Whether words describe a quantity that has been named."""
        tags = tags - {"output"} if q.unit in self._network.outputs else tags
        if not tags:
            return True
        kind = _MEANINGS.get(frozenset(tags))
        gradients = (QuantityKind.WEIGHT_GRADIENT, QuantityKind.BIAS_GRADIENT)
        return kind is q.kind or (kind in gradients and q.kind in gradients and "gradient" in tags)

    def _of_parameter(self, q: Quantity, tags: set[str], *, new: bool) -> Quantity | None:
        tags = tags - {"weight" if q.kind is QuantityKind.WEIGHT else "bias"}
        if not tags:
            return q.after_update() if new and not q.updated else None
        if new or q.updated or "total" in tags or tags - {"slope", "gradient", "loss"} or tags == {"loss"}:
            return None
        return of_parameter(QuantityKind.WEIGHT_GRADIENT if q.source else QuantityKind.BIAS_GRADIENT, q)

    def _about_unit(self, said: _Said) -> Quantity | None:
        """A quantity of a unit: “delta of unit 5”, “output weighted sum”; or the total loss."""
        tags = set(said.tags)
        new = "new" in tags
        tags.discard("new")
        if said.layer:
            return None
        if said.edges:
            return self._of_parameter(next(iter(said.edges)), tags, new=new)
        unit = next(iter(said.units), 0)
        if unit and tags == {"bias"} and new:
            return Quantity(QuantityKind.BIAS, unit, updated=True)
        kind = _MEANINGS.get(frozenset(tags))
        if not unit and ("output" in tags or kind is QuantityKind.ACTIVATION):
            unit = self._only(tags)
            kind = (_MEANINGS.get(frozenset(tags - {"output"})) or kind) if unit else None
        elif kind is None and unit in self._network.outputs:
            kind = _MEANINGS.get(frozenset(tags - {"output"}))
        return self._of_unit(kind, unit, tags, new=new)

    def _of_unit(self, kind: QuantityKind | None, unit: int, tags: set[str], *, new: bool) -> Quantity | None:
        if (
            kind is None
            or kind is QuantityKind.WEIGHT_GRADIENT
            or (kind is not QuantityKind.LOSS and not unit)
        ):
            return None
        if kind is QuantityKind.LOSS and unit and ("total" in tags or len(self._network.outputs) == 1):
            return None
        if new and kind not in (QuantityKind.PRE_ACTIVATION, QuantityKind.ACTIVATION, QuantityKind.LOSS):
            return None
        return Quantity(kind, unit, updated=new)

    def _only(self, tags: set[str]) -> int:
        """The one output, where the output as such is spoken of; 0 if there are several."""
        outputs = self._network.outputs
        spoken = bool(tags & {"output", "prediction"})
        return outputs[0] if spoken and len(outputs) == 1 else 0
