"""How a quantity is written for people, and the inverse: one function from address to label.

`unit` writes W₁₃, a₃, y₃, δ₃, ∂E/∂W₁₃ and the target t; `layer` writes w⁽¹⁾₁₁ (source, then destination),
z⁽¹⁾₁, h₁, ŷ, δ⁽¹⁾₁, ∂L/∂w⁽¹⁾₁₁ and the target y. The reader inverts the very labels that are printed, so
printing and reading cannot disagree.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from exercises.formulas.label import NEW, Glyph, Label
from exercises.formulas.quantity import Quantity, QuantityKind, parameter_of, weight

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exercises.networks.network import Network

NotationName = Literal["unit", "layer"]
NAMES: tuple[NotationName, ...] = ("unit", "layer")

_OF_PARAMETER = {
    QuantityKind.MOMENT: "m",
    QuantityKind.SECOND_MOMENT: "v",
    QuantityKind.MOMENT_HAT: "m\u0302",
    QuantityKind.SECOND_MOMENT_HAT: "v\u0302",
}


_PLAIN = {
    QuantityKind.RATE: Glyph("η"),
    QuantityKind.DECAY: Glyph("β"),
    QuantityKind.FIRST_DECAY: Glyph("β", "1"),
    QuantityKind.SECOND_DECAY: Glyph("β", "2"),
    QuantityKind.EPSILON: Glyph("ε"),
    QuantityKind.RIGHT_VALUE: Glyph("right value"),
}


@dataclass(frozen=True)
class Notation:
    """The labels of one network in one notation, and their inverse."""

    name: NotationName
    network: Network

    def label(self, q: Quantity) -> Label:
        """The label of a quantity of this network."""
        run = q.example or q.step
        match q.kind:
            case QuantityKind.LOSS_SLOPE:
                path = self._path(q.via)
                return Label(self.glyph(self._of(q, QuantityKind.LOSS)), self.output(q.unit, run), path)
            case QuantityKind.ACTIVATION_SLOPE:
                by = self.glyph(self._of(q, QuantityKind.PRE_ACTIVATION, q.source or q.unit))
                return Label(self.output(q.unit, run), by)
            case QuantityKind.SUM_SLOPE:
                return Label(
                    self.glyph(self._of(q, QuantityKind.PRE_ACTIVATION, q.unit)), self.output(q.source, run)
                )
            case QuantityKind.SUM_BY_WEIGHT:
                under = self.glyph(weight(q.source, q.unit))
                return Label(self.glyph(self._of(q, QuantityKind.PRE_ACTIVATION, q.unit)), under)
            case QuantityKind.WEIGHT_GRADIENT:
                return Label(self.glyph(self._of(q, QuantityKind.LOSS)), self.glyph(weight(q.source, q.unit)))
            case QuantityKind.BIAS_GRADIENT:
                return Label(
                    self.glyph(self._of(q, QuantityKind.LOSS)),
                    self.glyph(Quantity(QuantityKind.BIAS, q.unit)),
                )
            case QuantityKind.RATIO:
                over, under = (self.glyph(Quantity(QuantityKind.DELTA, u)) for u in (q.unit, q.source))
                return Label(over, under, d="")
        return Label(self.glyph(q))

    @staticmethod
    def _of(q: Quantity, kind: QuantityKind, unit: int = 0) -> Quantity:
        """Another quantity of the same run."""
        return Quantity(kind, unit, example=q.example, step=q.step)

    def output(self, unit: int, run: int = 0) -> Glyph:
        """What a unit feeds forward."""
        kind = QuantityKind.INPUT if unit in self.network.inputs else QuantityKind.ACTIVATION
        return self.glyph(Quantity(kind, unit, example=run))

    def glyph(self, q: Quantity) -> Glyph:
        """The glyph of a quantity that is no derivative."""
        if q.kind in _PLAIN:
            found = _PLAIN[q.kind]
        elif q.kind in _OF_PARAMETER:
            found = replace(self.glyph(parameter_of(q)), base=_OF_PARAMETER[q.kind])
            if not q.source:  # the moment of a bias must not read like that of a weight
                found = replace(found, sub=f"b{found.sub}")
        elif self.name == "unit":
            found = self._unit_glyph(q)
        else:
            found = self._layer_glyph(q)
        return replace(found, run=q.example or q.step)

    def _unit_glyph(self, q: Quantity) -> Glyph:
        base = "δ" if q.kind is QuantityKind.DELTA else str(q.kind)
        if q.kind is QuantityKind.WEIGHT:
            return Glyph(base, _joined(q.source, q.unit), new=q.updated)
        return Glyph(base, str(q.unit) if q.unit else "", new=q.updated)

    def _layer_glyph(self, q: Quantity) -> Glyph:
        net = self.network
        if q.kind is QuantityKind.LOSS:
            return Glyph("L", str(self._index(q.unit)) if q.unit else "", new=q.updated)
        layer = net.layer_of(q.unit)
        last = layer == len(net.layers) - 1
        alone = last and len(net.outputs) == 1
        index = "" if alone else str(self._index(q.unit))
        sup = f"({layer})"
        match q.kind:
            case QuantityKind.INPUT:
                return Glyph("x", index)
            case QuantityKind.TARGET:
                return Glyph("y", index)
            case QuantityKind.WEIGHT:
                source = self._index(q.source)
                sub = str(source) if alone else _joined(source, self._index(q.unit))
                return Glyph("w", sub, sup, q.updated)
            case QuantityKind.ACTIVATION if last:
                return Glyph("ŷ", index, new=q.updated)
            case QuantityKind.ACTIVATION:
                return Glyph("h", index, sup if len(net.layers) > 3 else "", q.updated)  # noqa: PLR2004
        base = {QuantityKind.PRE_ACTIVATION: "z", QuantityKind.DELTA: "δ", QuantityKind.BIAS: "b"}[q.kind]
        return Glyph(base, index, sup, q.updated)

    def _index(self, unit: int) -> int:
        layer = self.network.layers[self.network.layer_of(unit)]
        return layer.index(unit) + 1

    def _path(self, via: int) -> Glyph | None:
        if not via:
            return None
        return Glyph(str(via)) if self.name == "unit" else self.output(via)

    def inverse(self, quantities: Iterable[Quantity]) -> dict[str, Quantity]:
        """Every spelling of these quantities, normalised by `plain`, with what it stands for.

        Canonical names come first: where a label of the notation reads like the canonical name of another
        quantity, the canonical name wins.
        """
        known = list(quantities)
        spellings = {plain(q.name): q for q in known}
        for q in known:
            label = self.label(q)
            for written in (label.text, label.latex):
                spellings.setdefault(plain(written), q)
        return spellings


def _joined(source: int, unit: int) -> str:
    return f"{source},{unit}" if max(source, unit) > 9 else f"{source}{unit}"  # noqa: PLR2004 - two digits


_GREEK = {"δ": "delta", "η": "eta", "∂": "d", "Δ": "delta", "β": "beta", "ε": "epsilon"}
_FRACTION = re.compile(r"\\[dt]?frac\s*\{(.*)\}\s*\{(.*)\}(.*)")
_DROPPED = re.compile(
    r"\\(?:mathrm|text|left|right|big|partial|operatorname)|[\\{}$_^/|\s*]|(?<!\d),|,(?!\d)"
)
_PRIMED = re.compile(r"[′'’]|(?<=[\w}\)])[+⁺]\s*$|\^\{?\+\}?$")
_AFTER = re.compile(r"([A-Za-z]+)(\d[\d,]*)\((\d+)\)")
_UPDATED = re.compile(r"\( *(?:new|updated) *\)|updated")
_PAIR = re.compile(
    r"(?<=[Ww)])(\d),(\d)(?![\d,])"
)  # W3,5 is W35; only with two digits does it need the comma


@lru_cache(maxsize=20_000)  # the same few spellings are asked for again and again
def plain(written: str) -> str:
    r"""Reduce a written name to what distinguishes it: letters, digits, a layer in brackets.

    `∂E/∂W₁₃`, `dE_dW13`, `\frac{\partial E}{\partial W_{13}}` all become `dEdW13`.
    """
    text = (
        written.strip()
        .strip("$")
        .strip()
        .replace("\\partial", "∂")
        .replace("\\delta", "δ")
        .replace("\\eta", "η")
    )
    text = unicodedata.normalize("NFKC", _PRIMED.sub(NEW, text.replace("\\prime", "′")))
    text = _UPDATED.sub(NEW, text)
    fraction = _FRACTION.fullmatch(text)
    if fraction:
        text = "".join(fraction.groups())
    text = re.sub(r"(?<=\d)_(?=\d)", ",", text)
    text = re.sub(r"\\hat\s*\{?([ymv])\}?", r"\1hat", text).replace("ŷ", "yhat")
    text = re.sub("([mv])\u0302", r"\1hat", text)
    for glyph, name in _GREEK.items():
        text = text.replace(glyph, name)
    text = _PAIR.sub(r"\1\2", _DROPPED.sub("", text))
    text = _AFTER.sub(r"\1(\3)\2", text)
    return _new_last(text)


def _new_last(text: str) -> str:
    """`w(1)new11` and `w(1)11new` are the same name."""
    return text.replace(NEW, "", 1) + NEW if NEW in text else text
