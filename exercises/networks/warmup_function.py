"""The function of a warm-up: a few assignments such as `u = x^2 + 1; f = sin(u)`, read without evaluating.

A single expression, such as `sin(x^2 + 1)`, is taken apart into its composition first.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from exercises.common.errors import ProblemError
from exercises.formulas.formula import (
    Apply,
    Formula,
    Number,
    Power,
    Quotient,
    Symbol,
    children,
    leaves,
    product,
    rebuild,
    total,
)
from exercises.formulas.functions import COS, EXP, LN, RELU, SIGMA, SIN, SQRT, TANH
from exercises.formulas.quantity import Quantity, QuantityKind, x
from exercises.networks.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from exercises.formulas.formula import Function

MAX_LENGTH = 200
MAX_NODES = 12
MAX_POWER = 9
MAX_NUMBER = 10**6
FUNCTIONS: dict[str, Function] = {
    "sin": SIN,
    "cos": COS,
    "exp": EXP,
    "ln": LN,
    "sqrt": SQRT,
    "sigmoid": SIGMA,
    "tanh": TANH,
    "relu": RELU,
}
_OPERATORS: dict[type[ast.operator], Callable[[Formula, Formula], Formula]] = {
    ast.Add: lambda one, two: total([one, two]),
    ast.Sub: lambda one, two: total([one, -two]),
    ast.Mult: lambda one, two: product([one, two]),
    ast.Div: Quotient,
}
_LETTER = re.compile(r"[a-zA-Z]")
_NODE_LETTERS = "uvwpqrs"


NO_NETWORK = Network((1, 1), ("linear",), "half-squared-error", "no")  # stands where a problem has none


@dataclass(frozen=True, slots=True)
class WarmupFunction:
    """A function as a graph of nodes; made by `read`.

    text:   the expression or the assignments, as they stand in a problem file.
    inputs: the letters of its variables, in the order in which they first appear.
    nodes:  letter and formula of each intermediate result, in the order of computation; the last is the
            value of the function. Formulas are over `x(1)`, `x(2)`, … and `node(k)`.
    """

    text: str
    inputs: tuple[str, ...] = field(compare=False)
    nodes: tuple[tuple[str, Formula], ...] = field(compare=False)

    def node(self, place: int) -> Quantity:
        """The quantity of a node, counted from 0."""
        return Quantity(QuantityKind.NODE, len(self.inputs) + 1 + place)

    @property
    def letters(self) -> dict[int, str]:
        """The letter of each input and node by its number, from 1."""
        return dict(enumerate([*self.inputs, *(letter for letter, _ in self.nodes)], 1))


@lru_cache(maxsize=256)
def read(text: str) -> WarmupFunction:
    """Read a warm-up's function. Raises ProblemError that says what was expected."""
    if len(text) > MAX_LENGTH:
        raise ProblemError(f"function: longer than {MAX_LENGTH} characters")
    statements = [part.strip() for part in text.split(";") if part.strip()]
    single = len(statements) == 1 and "=" not in statements[0]
    names: dict[str, Symbol] = {}
    nodes: list[tuple[str, Formula]] = []
    assigned = [part.partition("=")[0].strip() for part in statements] if not single else []
    for letter in _variables(text, assigned):
        names[letter] = Symbol(x(len(names) + 1))
    inputs = tuple(names)
    for statement in statements:
        letter, _, expression = ("f", "", statement) if single else statement.partition("=")
        letter = letter.strip()
        if not _LETTER.fullmatch(letter) or letter in names:
            raise ProblemError(f"function: {letter[:20]!r} is no new letter; expected one such as u")
        formula = _formula(expression.strip(), names)
        nodes.append((letter, formula))
        names[letter] = Symbol(Quantity(QuantityKind.NODE, len(inputs) + len(nodes)))
    program = WarmupFunction(text, inputs, tuple(nodes))
    if single and nodes:
        apart = _taken_apart(program)
        program = program if any(_two_ways(apart)) else apart
    _check(program)
    return program


def _variables(text: str, assigned: list[str]) -> list[str]:
    """The letters that stand for given numbers, in order."""
    words = re.findall(r"[A-Za-z]+", text)
    return list(dict.fromkeys(w for w in words if len(w) == 1 and w not in assigned))


def _check(program: WarmupFunction) -> None:
    """Refuse what no sheet can ask for: see the sentences."""
    if not program.inputs or not program.nodes or len(program.nodes) > MAX_NODES:
        raise ProblemError(f"function: expected a variable and 1 to {MAX_NODES} steps, such as sin(x^2 + 1)")
    last = program.node(len(program.nodes) - 1)
    own = [program.node(i) for i in range(len(program.nodes))]
    used = {q for _, formula in program.nodes for q in leaves(formula)}
    unused = [program.letters[q.unit] for q in own if q not in used and q != last]
    if unused:
        raise ProblemError(f"function: {unused[0]} is computed and never used")
    for q in _two_ways(program):
        letter, end = program.letters[q.unit], program.letters[last.unit]
        raise ProblemError(
            f"function: {end} uses {letter} directly and on another way, so that ∂{end}/∂{letter} would mean "
            f"two things; give the direct use a letter of its own"
        )


def _two_ways(program: WarmupFunction) -> Iterator[Quantity]:
    """What the last node uses directly and through another node."""
    before = {q for _, formula in program.nodes[:-1] for q in leaves(formula)}
    yield from (q for q in dict.fromkeys(leaves(program.nodes[-1][1])) if q in before)


def _formula(text: str, names: Mapping[str, Formula]) -> Formula:
    try:
        tree = ast.parse(text.replace("^", "**"), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ProblemError(
            f"function: {text[:60]!r} cannot be read; expected one such as sin(x^2 + 1)"
        ) from None
    return _node(tree, names)


def _node(tree: ast.expr, names: Mapping[str, Formula]) -> Formula:
    """A formula from a syntax tree in which only plain arithmetic is allowed."""
    match tree:
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.Constant(value=int() | float() as value) if (
            type(value) is not bool and abs(value) < MAX_NUMBER
        ):
            return Number(Fraction(str(value)))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_node(operand, names)
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int() as power)):
            if 2 <= power <= MAX_POWER:  # noqa: PLR2004 - a power worth writing
                return Power(_node(left, names), power)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_node(left, names), _node(right, names))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in FUNCTIONS:
            return Apply(FUNCTIONS[name], _node(argument, names))
    known = ", ".join(FUNCTIONS)
    raise ProblemError(
        f"function: {ast.unparse(tree)[:60]!r} is not allowed; expected + − · / ^ with whole exponents up to "
        f"{MAX_POWER}, one-letter variables, and {known}"
    )


def _taken_apart(program: WarmupFunction) -> WarmupFunction:
    """A single expression as its composition: each function or power of more than a variable gets a letter."""
    taken = set(program.inputs) | {"f"}
    letters = [c for c in _NODE_LETTERS if c not in taken]
    found: list[tuple[str, Formula]] = []

    def inner(formula: Formula) -> Formula:
        """What stands inside a function or a power, as a letter of its own."""
        if isinstance(formula, (Symbol, Number)):
            return formula
        made = outer(formula)
        found.append((letters[len(found)], made))
        return Symbol(Quantity(QuantityKind.NODE, len(program.inputs) + len(found)))

    def outer(formula: Formula) -> Formula:
        if isinstance(formula, (Apply, Power)):
            return rebuild(formula, [inner(children(formula)[0])])
        parts = children(formula)
        return rebuild(formula, [outer(part) for part in parts]) if parts else formula

    formula = outer(program.nodes[0][1])
    return WarmupFunction(program.text, program.inputs, (*found, ("f", formula)))
