"""The SymPy reading of a formula: expressions for exact work, and their LaTeX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy as sp

from exercises.formulas.formula import Formula, Symbol, fold, leaves

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from exercises.formulas.formula import Function
    from exercises.formulas.quantity import Quantity


class SympyAlgebra:
    """SymPy expressions; with `keep_order` nothing is evaluated, so that print order is textbook order."""

    def __init__(self, *, keep_order: bool = False) -> None:
        self._evaluate = not keep_order

    def number(self, value: Fraction) -> Any:
        """A constant, exact."""
        return sp.Rational(value.numerator, value.denominator)

    def add(self, terms: list[Any]) -> Any:
        """The sum."""
        return sp.Add(*terms, evaluate=self._evaluate)

    def multiply(self, factors: list[Any]) -> Any:
        """The product."""
        return sp.Mul(*factors, evaluate=self._evaluate)

    def negative(self, value: Any) -> Any:
        """The opposite."""
        return sp.Mul(-1, value, evaluate=self._evaluate)

    def divide(self, over: Any, under: Any) -> Any:
        """The quotient."""
        return sp.Mul(over, sp.Pow(under, -1, evaluate=self._evaluate), evaluate=self._evaluate)

    def power(self, base: Any, exponent: int) -> Any:
        """A whole power."""
        return sp.Pow(base, exponent, evaluate=self._evaluate)

    def apply(self, function: Function, argument: Any) -> Any:
        """A function's value; kept by name for printing, written out for exact work."""
        if self._evaluate:
            return function.sympy(sp, argument)
        if function.written == "e^":
            return sp.exp(argument, evaluate=False)
        if function.written == "ln":
            return sp.log(argument, evaluate=False)
        return sp.Function(function.latex or rf"\operatorname{{{function.name}}}")(argument)


def sympy_symbol(q: Quantity) -> sp.Symbol:
    """The real SymPy symbol that stands for a quantity, by its canonical name."""
    return sp.Symbol(q.name, real=True)


def expression(formula: Formula) -> Any:
    """A formula as a SymPy expression over `sympy_symbol`s."""
    return fold(formula, SympyAlgebra(), sympy_symbol)


def latex(formula: Formula, label: Callable[[Quantity], str]) -> str:
    """LaTeX of a formula in textbook order; `label` gives each quantity's LaTeX."""
    if isinstance(formula, Symbol):
        return label(formula.quantity)
    tree = fold(formula, SympyAlgebra(keep_order=True), sympy_symbol)
    names = {sympy_symbol(q): label(q) for q in leaves(formula)}
    text = sp.latex(tree, order="none", symbol_names=names, mul_symbol="dot", ln_notation=True)
    return str(text)
