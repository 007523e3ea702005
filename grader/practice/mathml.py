"""Labels and formulas for the page: as MathML, and as plain trees that JavaScript evaluates and prints."""

from __future__ import annotations

from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from exercises.formulas.formula import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from exercises.formulas.formula import Formula, Function
    from exercises.formulas.label import Glyph, Label
    from exercises.formulas.quantity import Quantity

_VULGAR = {Fraction(1, 2): "½", Fraction(1, 3): "⅓", Fraction(1, 4): "¼", Fraction(2, 3): "⅔"}
SUM, PRODUCT, POWER, ATOM = range(4)


def math(markup: str) -> str:
    """A formula for a page."""
    return f"<math>{markup}</math>"


def _glyph(glyph: Glyph) -> str:
    base = f"<mi>{escape(glyph.base)}</mi>"
    sub = f"<mn>{escape(glyph.sub)}</mn>" if glyph.sub else ""
    raised = f"<mo stretchy='false'>{escape(glyph.sup)}</mo>" if glyph.sup else ""
    raised += "<mtext>new</mtext>" if glyph.new else ""
    raised += f"<mtext>[{glyph.run}]</mtext>" if glyph.run else ""
    if sub and raised:
        return f"<msubsup>{base}{sub}<mrow>{raised}</mrow></msubsup>"
    if raised:
        return f"<msup>{base}<mrow>{raised}</mrow></msup>"
    return f"<msub>{base}{sub}</msub>" if sub else base


def label(written: Label) -> str:
    """What stands for a quantity, without the tag `math` around it."""
    if written.under is None:
        return _glyph(written.over)
    d = f"<mo>{written.d}</mo>" if written.d else ""
    found = f"<mfrac><mrow>{d}{_glyph(written.over)}</mrow><mrow>{d}{_glyph(written.under)}</mrow></mfrac>"
    if written.via is None:
        return found
    return f"<mrow>{found}<mspace width='.25em'/><mtext>via\N{NO-BREAK SPACE}</mtext>{_glyph(written.via)}</mrow>"


class _Part(NamedTuple):
    """Markup, how tightly it binds, whether a minus leads it."""

    markup: str
    binds: int = ATOM
    negative: bool = False

    def within(self, least: int) -> str:
        """The markup, in brackets where it binds less than it must."""
        if self.binds >= least and not self.negative:
            return self.markup
        return f"<mrow><mo>(</mo>{self.markup}<mo>)</mo></mrow>"


class _MathML:
    """Formulas as MathML: presentation only, in textbook order."""

    def number(self, value: Fraction) -> _Part:
        """A constant."""
        if value in _VULGAR or value.denominator == 1:
            return _Part(f"<mn>{_VULGAR.get(value, value)}</mn>")
        return _Part(f"<mfrac><mn>{value.numerator}</mn><mn>{value.denominator}</mn></mfrac>")

    def add(self, terms: list[_Part]) -> _Part:
        """Terms with their signs between them."""
        rest = "".join(t.markup if t.negative else f"<mo>+</mo>{t.markup}" for t in terms[1:])
        return _Part(f"<mrow>{terms[0].markup}{rest}</mrow>", SUM, terms[0].negative)

    def multiply(self, factors: list[_Part]) -> _Part:
        """Factors with dots between them."""
        return _Part(f"<mrow>{'<mo>·</mo>'.join(f.within(PRODUCT) for f in factors)}</mrow>", PRODUCT)

    def negative(self, value: _Part) -> _Part:
        """A leading minus."""
        return _Part(f"<mo>−</mo>{value.within(PRODUCT)}", PRODUCT, negative=True)

    def divide(self, over: _Part, under: _Part) -> _Part:
        """A fraction."""
        return _Part(f"<mfrac><mrow>{over.markup}</mrow><mrow>{under.markup}</mrow></mfrac>", POWER)

    def power(self, base: _Part, exponent: int) -> _Part:
        """A raised exponent."""
        return _Part(f"<msup><mrow>{base.within(ATOM)}</mrow><mn>{exponent}</mn></msup>", POWER)

    def apply(self, function: Function, argument: _Part) -> _Part:
        """A function before its argument; exponents are raised."""
        name = function.written
        if name.endswith("^"):
            return _Part(f"<msup><mi>{name[:-1]}</mi><mrow>{argument.markup}</mrow></msup>", POWER)
        return _Part(f"<mrow><mi>{escape(name)}</mi><mo>(</mo>{argument.markup}<mo>)</mo></mrow>")


def formula(found: Formula, labels: Callable[[Quantity], Label]) -> str:
    """A formula in symbols, without the tag around it."""

    def leaf(q: Quantity) -> _Part:
        written = labels(q)
        return _Part(label(written), ATOM if written.under is None else POWER)

    return fold(found, _MathML(), leaf).markup


class _Tree:
    """Formulas as lists: an operation or the name of a function, then what it is of; numbers as two whole ones."""

    def number(self, value: Fraction) -> Any:
        """A constant."""
        return ["number", value.numerator, value.denominator]

    def add(self, terms: list[Any]) -> Any:
        """A sum."""
        return ["+", *terms]

    def multiply(self, factors: list[Any]) -> Any:
        """A product."""
        return ["*", *factors]

    def negative(self, value: Any) -> Any:
        """The opposite."""
        return ["-", value]

    def divide(self, over: Any, under: Any) -> Any:
        """A quotient."""
        return ["/", over, under]

    def power(self, base: Any, exponent: int) -> Any:
        """A whole power."""
        return ["^", base, exponent]

    def apply(self, function: Function, argument: Any) -> Any:
        """A function's value, with how it is written."""
        return [function.name, argument, function.written]


def tree(found: Formula) -> Any:
    """A formula as a tree of lists whose leaves are canonical names."""
    return fold(found, _Tree(), lambda q: q.name)
