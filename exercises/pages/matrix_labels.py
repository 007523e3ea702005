"""What matrices and vectors are called on a page, and in which sections they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.formulas.label import Glyph, Label
from exercises.formulas.quantity import Quantity, QuantityKind
from exercises.formulas.typeset import HTML, TEXT, Printer
from exercises.problems.matrices import Matrix, output_of

if TYPE_CHECKING:
    from exercises.networks.steps import Step
    from exercises.problems.problem import Problem


def label(problem: Problem, matrix: Matrix) -> Label:
    """How a matrix is written: the letter of its entries with the layer raised; derivatives as fractions."""
    gradients = {
        QuantityKind.WEIGHT_GRADIENT: QuantityKind.WEIGHT,
        QuantityKind.BIAS_GRADIENT: QuantityKind.BIAS,
    }
    top = problem.labels.glyph(Quantity(QuantityKind.LOSS))
    if matrix.kind in gradients:
        return Label(top, _glyph(problem, Matrix(gradients[matrix.kind], matrix.layer)))
    if matrix.kind is QuantityKind.LOSS_SLOPE:
        return Label(top, _glyph(problem, output_of(matrix.layer)))
    return Label(_glyph(problem, matrix))


def _glyph(problem: Problem, matrix: Matrix) -> Glyph:
    """The letter of the entries without their index."""
    net, layered = problem.network, problem.notation == "layer"
    base = problem.labels.glyph(matrix.entries(problem)[0][0]).base
    if matrix.kind is QuantityKind.WEIGHT:
        base = "W"
    bare = (QuantityKind.INPUT, QuantityKind.TARGET)
    last = matrix.layer == len(net.layers) - 1
    if (
        layered and matrix.kind is QuantityKind.ACTIVATION
    ):  # as its entries are written: h, or h⁽¹⁾ where there are several
        return Glyph(base, sup=f"({matrix.layer})" if len(net.layers) > 3 and not last else "")  # noqa: PLR2004
    return Glyph(base, sup="" if matrix.kind in bare else f"({matrix.layer})", new=matrix.updated)


def bold(written: Label) -> str:
    """The HTML of a matrix's label: letters of matrices are upright and bold, that of the loss is not."""
    own = _bold(written.over if written.under is None else written.under)
    return own if written.under is None else f'<span class="q">∂{written.over.html}/∂{own}</span>'


def _bold(glyph: Glyph) -> str:
    raised = glyph.sup + ("new" if glyph.new else "")
    return f'<span class="mat">{glyph.base}</span>' + (f"<sup>{raised}</sup>" if raised else "")


def name(problem: Problem, matrix: Matrix, printer: Printer = HTML, *, transposed: bool = False) -> str:
    """A matrix's label, raised T behind it where it is transposed."""
    own = label(problem, matrix)
    if not printer.html:
        return own.text + ("ᵀ" if transposed else "")
    if transposed and own.under is None and own.over.sup:
        return f'<span class="mat">{own.over.base}</span><sup>{own.over.sup}T</sup>'
    return bold(own) + ("<sup>T</sup>" if transposed else "")


def ends(problem: Problem) -> tuple[str, str]:
    """Which units a matrix of weights has its rows for, and which its columns."""
    come, lead = "come from", "lead to"
    first, second = (come, lead) if problem.plan.rows == "sources" else (lead, come)
    return f"that arrows {first}", f"that they {second}"


def text_of(problem: Problem, matrix: Matrix) -> str:
    """A matrix's label as plain text."""
    return name(problem, matrix, TEXT)


def sections(problem: Problem) -> list[tuple[str, list[list[Matrix]]]]:
    """The matrices that are asked, by section; those of one list stand side by side."""
    net = problem.network
    layers = range(1, len(net.layers))
    biased = [QuantityKind.BIAS] if net.bias == "yes" else []
    forward = (QuantityKind.PRE_ACTIVATION, QuantityKind.ACTIVATION)
    gradients = [QuantityKind.WEIGHT_GRADIENT, *([QuantityKind.BIAS_GRADIENT] if biased else [])]
    found = [
        ("Forward pass", [[Matrix(kind, layer) for kind in forward] for layer in layers]),
        ("Deltas", [[Matrix(QuantityKind.DELTA, layer) for layer in reversed(layers)]]),
        ("Gradients", [[Matrix(kind, layer) for kind in gradients] for layer in layers]),
        (
            "Update",
            [
                [Matrix(kind, layer, updated=True) for kind in (QuantityKind.WEIGHT, *biased)]
                for layer in layers
            ],
        ),
    ]
    asked = [
        (title, [kept for row in rows if (kept := [m for m in row if is_asked(problem, m)])])
        for title, rows in found
    ]
    return [(title, rows) for title, rows in asked if rows]


def is_asked(problem: Problem, matrix: Matrix) -> bool:
    """Whether any entry is asked."""
    return any(q in problem.graph.asked for row in matrix.entries(problem) for q in row)


def left_over(problem: Problem) -> list[Step]:
    """The lines that stand in no matrix: the losses, and whatever else is asked."""
    held = {
        q
        for _, rows in sections(problem)
        for row in rows
        for matrix in row
        for entries in matrix.entries(problem)
        for q in entries
    }
    return [s for s in problem.graph.asked_steps if s.quantity not in held]
