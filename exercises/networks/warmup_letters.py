"""How the quantities of a warm-up are written: the letters of its own function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from exercises.formulas.label import Glyph, Label
from exercises.formulas.quantity import Quantity, QuantityKind
from exercises.networks.notation import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exercises.networks.warmup_function import WarmupFunction


@dataclass(frozen=True)
class WarmupNotation:
    """The labels of a warm-up and their inverse; stands in the place of a `Notation`."""

    program: WarmupFunction

    def label(self, q: Quantity) -> Label:
        """The label of a quantity: a letter, or a derivative (d if there is one variable only, else ∂)."""
        match q.kind:
            case QuantityKind.NODE_SLOPE:
                return Label(self._letter(q.unit), self._letter(q.source), d=self._d)
            case QuantityKind.NODE_GRADIENT:
                via = self._letter(q.via) if q.via else None
                return Label(self._letter(max(self.program.letters)), self._letter(q.unit), via, self._d)
        return Label(self.glyph(q))

    def glyph(self, q: Quantity) -> Glyph:
        """The letter of an input or a node."""
        if q.kind in (QuantityKind.INPUT, QuantityKind.NODE):
            return self._letter(q.unit)
        return Glyph(str(q.kind))

    def output(self, unit: int, run: int = 0) -> Glyph:
        """The letter of an input or a node, by its number."""
        del run
        return self._letter(unit)

    @property
    def _d(self) -> Literal["∂", "d"]:
        return "∂" if len(self.program.inputs) > 1 else "d"

    def _letter(self, unit: int) -> Glyph:
        return Glyph(self.program.letters[unit])

    def inverse(self, quantities: Iterable[Quantity]) -> dict[str, Quantity]:
        """Every spelling of these quantities, normalised by `plain`, with what it stands for.

        The letters of the function come first: here `u` and `x` are what the sheet calls by these letters.
        """
        known = list(quantities)
        spellings: dict[str, Quantity] = {}
        for q in known:
            label = self.label(q)
            for written in (label.text, label.latex, q.name):
                spellings.setdefault(plain(written), q)
        return spellings
