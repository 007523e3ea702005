"""Vectors and matrices: `z1 = [0.44, 0.38]`, `W1_new = [[…], […]]`. How one lies its shape tells, or the given one."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from exercises.formulas.quantity import QuantityKind, bias, weight
from grader.answers.numbers import Typed, read_number
from grader.answers.worded import ASIDE, MEANT, NOTHING, Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.formulas.quantity import Quantity
    from exercises.problems.problem import Problem
    from grader.answers.vocabulary import Vocabulary
    from grader.files.extraction.keeper import Keeper
    from grader.files.extraction.named_answer import NamedAnswer

    Rows = list[list[str]]
    Pairs = list[tuple[Quantity | None, str]]

_LIST = re.compile(
    r".*?(?:=\s*)?(?P<array>np\.array|array|torch\.tensor|tensor)?\(?\s*(?P<list>\[.*\]|\([^()]*,[^()]*\))"
    r"\s*\)?\s*(?:(?:\.|\^)?\{?T\}?\b|['′’])?\s*[.;]?\s*",
    re.DOTALL | re.IGNORECASE,
)
_NOTE = re.compile(r",\s*(?:grad_fn|dtype|requires_grad)\s*=[^()]*(?=\))")
_COMMENT = re.compile(r"(?<=[\])])\s*(?:#|//|%)\s.*$")
_LAST = re.compile(r"^.*=(?=[^=]*$)", re.DOTALL)  # what the list is equal to
_REMARK = re.compile(r"\s\([^()]*\)")
_FROM = re.compile(r"\s*\bfrom (?P<source>(?:unit |input |neuron )?[xhi]?\d)\b")
_ROW = re.compile(r"\[([^\[\]]*)\]")
_DECIMAL_COMMA = re.compile(r"\d,\d")


def keep_list(piece: NamedAnswer, place: str, keeper: Keeper, around: Wording = NOTHING) -> bool:
    """Keep the numbers of a list, each on its line; False if it is none, or if it is not certain how it lies.

    around: what the name says together with the groups that it stands in.
    """
    rows = rows_of(piece.text)
    vocabulary, problem = keeper.names.vocabulary, keeper.found.source.problem
    name = _REMARK.sub("", piece.name)
    said = vocabulary.find(name) if rows is not None or piece.quantity is None else None
    if said is None and rows is not None:  # (w^3)^T delta^3 = dC/da^2 = […]
        said = next(
            (s for part in piece.text.split("=")[:-1] if (s := vocabulary.find(part.strip())) and s.meant),
            None,
        )
    said = around if around != NOTHING else said
    if rows is not None and (source := _FROM.search(name)) is not None:
        return _keep(
            _from_one(vocabulary.find(_FROM.sub("", name)), source["source"], rows, keeper), place, keeper
        )
    if said is not None and said.layer and "bias" in said.roles and rows is None:
        last = _LAST.sub("", piece.text).strip()
        rows = [[last]] if isinstance(read_number(last), Typed) else None  # db2 beside a list db1
    if rows is None or said is None or said.unit or said.parameter is not None or said.roles & ASIDE:
        return False
    said = _in_layer(name, said, rows, problem)
    if said.meant == {"slope"} and any(q.kind is QuantityKind.LOSS_SLOPE for q in keeper.found.texts):
        said = replace(said, roles=said.roles | {"out"})  # behind ∂E/∂y
    if not (said.meant or said.roles & {"weight", "bias"}):
        said = replace(said, roles=said.roles | keeper.context.meant)  # “hidden” below “deltas”
    if said.roles & {"weight", "bias"} or said.meant == {"gradient"}:
        given = lies(said, rows, problem) if not (said.new or said.meant) else None
        if given is not None:
            keeper.turned = given
            return True
        new = said.new or (piece.arrow and not said.meant)
        around = NOTHING if new else keeper.context
        roles = frozenset(said.meant & {"gradient"} or around.meant & {"gradient"})
        new = new or (keeper.context.new and not roles)
        told = vocabulary.symbols.letters.turned
        printed = True if problem.plan.rows == "destinations" else None  # as the sheet says
        turned = next((way for way in (keeper.turned, told, printed) if way is not None), None)
        cells = of_matrix(said, rows, problem, turned=turned)
        pairs = [(vocabulary.meant(Wording(roles, parameter=q, new=new)), text) for q, text in cells]
    else:
        pairs = list(of_vector(said, rows, problem, vocabulary))
        if keeper.after:
            pairs = [(q and keeper.renewed_line(q), text) for q, text in pairs]
    return _keep(pairs, place, keeper)


def _keep(pairs: Pairs, place: str, keeper: Keeper) -> bool:
    for q, text in pairs:
        if q is not None:
            keeper.sequence.append(q)
            keeper.found.put(q, text, keeper.sheet.at(place))
    return any(q is not None for q, _ in pairs)


def _in_layer(name: str, said: Wording, rows: Rows, problem: Problem) -> Wording:
    """A vector `h` or `out`, its gradient, or the weights into it, which programs name by its layer."""
    layers, stem = problem.network.layers, name.strip().removesuffix(".grad").lower()
    if (
        (said.roles & {"weight", "bias"} or said.meant == {"gradient"})
        and not said.layer
        and (places := said.roles & {"out", "outer", "hidden"})
    ):
        at = len(layers) - 1 if "hidden" not in places else 1 if len(layers) == 3 else 0  # noqa: PLR2004
        return replace(said, roles=said.roles - places, layer=at)
    if said.layer or said.roles & {"weight", "bias"}:
        return said
    outs = stem in ("out", "output", "outputs", "yhat", "y_hat", "pred")
    if outs and sum(map(len, rows)) == len(layers[-1]):
        return replace(said, layer=len(layers) - 1)
    return replace(said, layer=1) if (outs or stem in ("h", "hidden")) and len(layers) == 3 else said  # noqa: PLR2004


def _from_one(said: Wording | None, written: str, rows: Rows, keeper: Keeper) -> Pairs:
    """What is said of the weights from one unit: “gradients of the weights from x1”."""
    net, labels = keeper.found.source.problem.network, keeper.names.vocabulary
    flat = [cell for row in rows for cell in row]
    if said is None:
        return []
    for layer in net.layers[1:]:
        weights = [labels.symbols.pairs.between(written, str(unit)) for unit in layer]
        if len(weights) == len(flat) and all(weights):
            new = said.new or (keeper.context.new and not said.meant)
            return [
                (labels.meant(Wording(said.meant, parameter=q, new=new)), cell)
                for q, cell in zip(weights, flat, strict=True)
            ]
    return []


def rows_of(text: str) -> Rows | None:
    """The numbers of a list by its rows; None if the text is no list of numbers."""
    text = _COMMENT.sub("", text)
    found = _LIST.fullmatch(_LAST.sub("", _NOTE.sub("", text))) if "[" in text or "(" in text else None
    if found is None or "=" in found["list"]:
        return None
    inner = found["list"].strip()[1:-1]
    rows = (
        _ROW.findall(inner)
        if "[" in inner
        else inner.split(";")
        if ";" in inner and ("," not in inner or "." in inner)
        else [inner]
    )
    out = [_cells(row) for row in rows]
    good = bool(out) and all(row and all(isinstance(read_number(cell), Typed) for cell in row) for row in out)
    alone = found["array"] is not None or found["list"].startswith("[")
    return out if good and (alone or sum(map(len, out)) > 1) else None


def _cells(row: str) -> list[str]:
    parted = ";" if ";" in row else "," if "," in row and not _DECIMAL_COMMA.search(row) else None
    return [
        cell.strip()
        for cell in (row.split(parted) if parted else re.split(r"[,\s]\s+|\s+", row.strip()))
        if cell.strip()
    ]


def of_vector(label: Wording, rows: Rows, problem: Problem, labels: Vocabulary) -> list[tuple[Quantity, str]]:
    """Each line with its number; nothing if it is not certain which number belongs to which line."""
    flat = [cell for row in rows for cell in row]
    line = min(len(rows), len(rows[0])) == 1 or len(rows) == 1
    net = problem.network
    layers = (
        [label.layer]
        if label.layer
        else [at for at in range(1, len(net.layers)) if _fits(label, at, problem)]
    )
    units = [net.layers[at] for at in layers if len(net.layers[at]) == len(flat)]
    if (
        not units
        and len(flat) == len(net.computing)
        and label.meant in ({"sum"}, {"out"})
        and not label.layer
    ):
        units = [tuple(net.computing)] if not label.roles & {"hidden", "outer"} else []  # of the whole net
    if not line or len(units) != 1 or label.parameter is not None or label.unit or "weight" in label.roles:
        return []
    found = [
        (labels.complete(Wording(label.roles, unit, via=label.via, new=label.new), Wording()), cell)
        for unit, cell in zip(units[0], flat, strict=True)
    ]
    return [(q, cell) for q, cell in found if q is not None] if all(q for q, _ in found) else []


def _fits(label: Wording, layer: int, problem: Problem) -> bool:
    last = layer == len(problem.network.layers) - 1
    if "loss" in label.meant and "slope" not in label.meant:
        return last
    return not (last if "hidden" in label.roles else "outer" in label.roles and not last)


def of_matrix(
    label: Wording, rows: Rows, problem: Problem, *, turned: bool | None
) -> list[tuple[Quantity, str]]:
    """Each weight of a layer with its number, or nothing.

    turned: whether a row holds the weights into one unit, as the given matrix shows; None if that is not known.
    """
    if label.unit or label.roles & (MEANT - {"gradient"}) or label.parameter is not None:
        return []
    net = problem.network
    if not label.layer:
        layer = _by_size(label, sum(map(len, rows)), problem)
        return of_matrix(replace(label, layer=layer), rows, problem, turned=turned) if layer else []
    sources, units = net.layers[label.layer - 1], net.layers[label.layer]
    if "bias" in label.roles:
        flat = [cell for row in rows for cell in row]
        return (
            [(bias(u), cell) for u, cell in zip(units, flat, strict=True)] if len(flat) == len(units) else []
        )
    if len(units) == 1 or len(sources) == 1:
        flat = [cell for row in rows for cell in row]
        pairs = [(s, u) for s in sources for u in units]
        return (
            [(weight(s, u), c) for (s, u), c in zip(pairs, flat, strict=True)]
            if len(flat) == len(pairs)
            else []
        )
    straight, across = _shape(rows, sources, units), _shape(rows, units, sources)
    if straight and across:
        if turned is None:
            return []
        straight = not turned
    elif not (straight or across):
        return []
    cells = [
        (s, u, rows[i][j] if straight else rows[j][i])
        for i, s in enumerate(sources)
        for j, u in enumerate(units)
    ]
    return [(weight(s, u), cell) for s, u, cell in cells]


def _by_size(label: Wording, size: int, problem: Problem) -> int:
    """The one layer with so many weights, or biases; 0 if there is none, or if there are two."""
    layers = problem.network.layers
    sizes = [len(b) if "bias" in label.roles else len(a) * len(b) for a, b in pairwise(layers)]
    return sizes.index(size) + 1 if sizes.count(size) == 1 else 0


def _shape(rows: Rows, high: Sequence[int], wide: Sequence[int]) -> bool:
    return len(rows) == len(high) and all(len(row) == len(wide) for row in rows)


def lies(label: Wording, rows: Rows, problem: Problem) -> bool | None:
    """How a given matrix lies on the sheet; None if it is not the given one, or if both ways fit."""
    fits = []
    for turned in (False, True):
        cells = of_matrix(label, rows, problem, turned=turned)
        read = [(problem.values.get(q), read_number(text)) for q, text in cells]
        fits.append(bool(read) and all(isinstance(n, Typed) and n.value == value for value, n in read))
    return fits[1] if fits[0] != fits[1] else None
