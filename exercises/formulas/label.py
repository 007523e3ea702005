"""How a quantity is written: glyphs with subscripts, as text, LaTeX and HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NEW = "new"


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
