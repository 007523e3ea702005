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

from exercises.quantity import Kind, Quantity, parameter_of, weight

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exercises.network import Network

NotationName = Literal["unit", "layer"]
NAMES: tuple[NotationName, ...] = ("unit", "layer")
NEW = "new"

_OF_PARAMETER = {
    Kind.MOMENT: "m",
    Kind.SECOND_MOMENT: "v",
    Kind.MOMENT_HAT: "m\u0302",
    Kind.SECOND_MOMENT_HAT: "v\u0302",
}
_SUBSCRIPT = str.maketrans("0123456789,", "₀₁₂₃₄₅₆₇₈₉,")
_SUPERSCRIPT = str.maketrans("0123456789()new", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾ⁿᵉʷ")
_LATEX = {
    "δ": r"\delta",
    "η": r"\eta",
    "ŷ": r"\hat{y}",
    "∂": r"\partial ",
    "β": r"\beta",
    "ε": r"\varepsilon",
    "m\u0302": r"\hat{m}",
    "v\u0302": r"\hat{v}",
}


@dataclass(frozen=True, slots=True)
class Glyph:
    """A letter with its indices.

    base, sub, sup: the letter, its subscript, the layer raised beside it.
    new:            whether it belongs to the time after the update.
    run:            the number of the example, or of the step of descent, where there are several.
    """

    base: str
    sub: str = ""
    sup: str = ""
    new: bool = False
    run: int = 0

    @property
    def text(self) -> str:
        """In Unicode, such as w⁽¹⁾₁₁ⁿᵉʷ."""
        new = NEW.translate(_SUPERSCRIPT) if self.new else ""
        run = f"[{self.run}]" if self.run else ""
        return self.base + self.sup.translate(_SUPERSCRIPT) + self.sub.translate(_SUBSCRIPT) + new + run

    @property
    def latex(self) -> str:
        r"""In LaTeX, such as w^{(1),\mathrm{new}}_{11}."""
        run = f"[{self.run}]" if self.run else ""
        raised = ",".join(part for part in (self.sup, r"\mathrm{new}" if self.new else "", run) if part)
        return (
            _LATEX.get(self.base, self.base)
            + (f"_{{{self.sub}}}" if self.sub else "")
            + (f"^{{{raised}}}" if raised else "")
        )

    @property
    def html(self) -> str:
        """In HTML, sub- and superscript stacked where there are both.

        The raised part is drawn back over the index by the index's length: templates/style.css, `.back…`.
        """
        low = f"<sub>{self.sub}</sub>" if self.sub else ""
        raised = self.sup + (NEW if self.new else "") + (f"[{self.run}]" if self.run else "")
        if not raised:
            return f"<var>{self.base}</var>{low}"
        comma = "c" if "," in self.sub else ""
        run = " run" if self.run else ""
        back = f' class="back{len(self.sub)}{comma}{run}"' if low else ""
        return f"<var>{self.base}</var>{low}<sup{back}>{raised}</sup>"


_D_LATEX = {"∂": r"\partial ", "d": r"\mathrm{d}", "": ""}
_PLAIN = {
    Kind.RATE: Glyph("η"),
    Kind.DECAY: Glyph("β"),
    Kind.FIRST_DECAY: Glyph("β", "1"),
    Kind.SECOND_DECAY: Glyph("β", "2"),
    Kind.EPSILON: Glyph("ε"),
    Kind.RIGHT_VALUE: Glyph("right value"),
}


@dataclass(frozen=True, slots=True)
class Label:
    """What stands for a quantity: a glyph, or a derivative of one glyph by another (with `d` empty: a ratio)."""

    over: Glyph
    under: Glyph | None = None
    via: Glyph | None = None
    d: Literal["∂", "d", ""] = "∂"

    @property
    def text(self) -> str:
        """In Unicode, for terminals and plain text."""
        if self.under is None:
            return self.over.text
        via = f" via {self.via.text}" if self.via else ""
        return f"{self.d}{self.over.text}/{self.d}{self.under.text}{via}"

    @property
    def latex(self) -> str:
        """In LaTeX."""
        if self.under is None:
            return self.over.latex
        via = rf"\big|_{{\mathrm{{via}}\,{self.via.latex}}}" if self.via else ""
        d = _D_LATEX[self.d]
        return rf"\frac{{{d}{self.over.latex}}}{{{d}{self.under.latex}}}{via}"

    @property
    def html(self) -> str:
        """In HTML, on one line."""
        if self.under is None:
            return self.over.html
        via = f' <span class="via">via {self.via.html}</span>' if self.via else ""
        d = self.d
        return f'<span class="q">{d}{self.over.html}/{d}{self.under.html}{via}</span>'


@dataclass(frozen=True)
class Notation:
    """The labels of one network in one notation, and their inverse."""

    name: NotationName
    network: Network

    def label(self, q: Quantity) -> Label:
        """The label of a quantity of this network."""
        run = q.example or q.step
        match q.kind:
            case Kind.LOSS_SLOPE:
                path = self._path(q.via)
                return Label(self.glyph(self._of(q, Kind.LOSS)), self.output(q.unit, run), path)
            case Kind.ACTIVATION_SLOPE:
                by = self.glyph(self._of(q, Kind.PRE_ACTIVATION, q.source or q.unit))
                return Label(self.output(q.unit, run), by)
            case Kind.SUM_SLOPE:
                return Label(self.glyph(self._of(q, Kind.PRE_ACTIVATION, q.unit)), self.output(q.source, run))
            case Kind.SUM_BY_WEIGHT:
                under = self.glyph(weight(q.source, q.unit))
                return Label(self.glyph(self._of(q, Kind.PRE_ACTIVATION, q.unit)), under)
            case Kind.WEIGHT_GRADIENT:
                return Label(self.glyph(self._of(q, Kind.LOSS)), self.glyph(weight(q.source, q.unit)))
            case Kind.BIAS_GRADIENT:
                return Label(self.glyph(self._of(q, Kind.LOSS)), self.glyph(Quantity(Kind.BIAS, q.unit)))
            case Kind.RATIO:
                over, under = (self.glyph(Quantity(Kind.DELTA, u)) for u in (q.unit, q.source))
                return Label(over, under, d="")
        return Label(self.glyph(q))

    @staticmethod
    def _of(q: Quantity, kind: Kind, unit: int = 0) -> Quantity:
        """Another quantity of the same run."""
        return Quantity(kind, unit, example=q.example, step=q.step)

    def output(self, unit: int, run: int = 0) -> Glyph:
        """What a unit feeds forward."""
        kind = Kind.INPUT if unit in self.network.inputs else Kind.ACTIVATION
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
        base = "δ" if q.kind is Kind.DELTA else str(q.kind)
        if q.kind is Kind.WEIGHT:
            return Glyph(base, _joined(q.source, q.unit), new=q.updated)
        return Glyph(base, str(q.unit) if q.unit else "", new=q.updated)

    def _layer_glyph(self, q: Quantity) -> Glyph:
        net = self.network
        if q.kind is Kind.LOSS:
            return Glyph("L", str(self._index(q.unit)) if q.unit else "", new=q.updated)
        layer = net.layer_of(q.unit)
        last = layer == len(net.layers) - 1
        alone = last and len(net.outputs) == 1
        index = "" if alone else str(self._index(q.unit))
        sup = f"({layer})"
        match q.kind:
            case Kind.INPUT:
                return Glyph("x", index)
            case Kind.TARGET:
                return Glyph("y", index)
            case Kind.WEIGHT:
                source = self._index(q.source)
                sub = str(source) if alone else _joined(source, self._index(q.unit))
                return Glyph("w", sub, sup, q.updated)
            case Kind.ACTIVATION if last:
                return Glyph("ŷ", index, new=q.updated)
            case Kind.ACTIVATION:
                return Glyph("h", index, sup if len(net.layers) > 3 else "", q.updated)  # noqa: PLR2004
        base = {Kind.PRE_ACTIVATION: "z", Kind.DELTA: "δ", Kind.BIAS: "b"}[q.kind]
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
