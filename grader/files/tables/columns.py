"""What the head of a student's own table says of a column: a unit, a gradient, a new value, an answer, working."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from exercises.formulas.quantity import Quantity, QuantityKind, of_parameter
from exercises.networks.notation import plain
from grader.answers.lexicon import ROLES
from grader.answers.worded import Wording
from grader.files.labels.cells import EMPHASIS, answer, bare
from grader.files.labels.units import unit_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.formulas.label import Label
    from grader.files.extraction.keeper import Keeper

Role = Literal[
    "name", "working", "answer", "gradient", "new", "old", "remark", "first", "check", "unit", "blank", ""
]
_ROLES: dict[Role, str] = {
    "name": "quantity|quantities|größe|grösse|groesse|symbol|line|parameters?|variable|term|item|bezeichnung|magnitud"
    "|weights?|param|weight ?/ ?bias|name|what",
    "working": "update|working|work|rechnung|calculations?|formula|formel|expression|derivation|steps?|how|rechenweg"
    "|berechnung|cálculo|computation|workings",
    "answer": "answers?|values?|results?|ergebnis|wert|response|antwort|submitted|lösung|solution|resultado|valor"
    "|your answer|my answer|final answer",
    "gradient": r"gradients?|grad|[d∂][EL]\s?/\s?[d∂](?:\(?[.·wWθ]\)?|param\w*|weight)?",
    "new": "new|new values?|updated|updated values?|after|new weights?",
    "old": "old|old values?|before|initial|start|given|current",
    "first": "(?:1st|first|old) (?:forward )?(?:pass|run)|forward(?: pass)?|before (?:the )?(?:update|step)"
    "|(?:with )?(?:the )?old weights|(?:forward )?(?:pass|run) 1",
    "check": r"check ?run(?: ?\(.{1,40}\))?|(?:2nd|second|new) (?:forward )?(?:pass|run)"
    r"|after (?:the )?(?:update|step)|with (?:the )?(?:new|updated) weights|(?:forward )?(?:pass|run) 2",
    "remark": r"remarks?|comments?|notes?|bemerkung(?:en)?|kommentar|check|ok"
    r"|(?:no|nr|#|lfd\.? ?nr|number|task|q|question no|section|part)\.?",
}
_PATTERNS = tuple((role, re.compile(pattern, re.IGNORECASE)) for role, pattern in _ROLES.items())
_FOREIGN: dict[str, Role] = {  # in other languages, and columns that only say again what the name says
    "name": "name", "weight": "name", "working": "working", "answer": "answer", "gradient": "gradient", "new": "new",
    "old": "old", "remark": "remark", "source": "remark", "target": "remark", "layer": "remark", "rerun": "check",
}  # fmt: skip
_UNIT = re.compile(r"(?:unit|node|neuron|j ?=) ?(\d{1,2})", re.IGNORECASE)
_DERIVATIVE = re.compile(r"d(?P<over>[A-Za-z])d(?P<under>[A-Za-z])")
_VIA = re.compile(r"\s*\(?\bvia (?:unit |node |neuron )?(?P<path>[\w₀-₉]{1,8})\)?$", re.IGNORECASE)
_LONGEST = 60  # characters
MOST = 5  # words of a heading
_PRIME = re.compile(r"['′’]$")
_TIMES = re.compile(
    r"[\s_]*(?:\(?new\)?|[′'’+⁺]|\((?:check(?: run)?|updated|(?:after|with) [^()\d]{1,20}|(?:2nd|second) (?:pass|run))\))$",
    re.IGNORECASE,
)
_INDEX = re.compile(r"(?<=[A-Za-zδ])_?(?:j|ⱼ|\{j\})(?=$|[\s/)}])")  # a_j at the head of a column of units
_IN_RUNS = (QuantityKind.PRE_ACTIVATION, QuantityKind.ACTIVATION, QuantityKind.LOSS)
_OF_UNITS = (
    QuantityKind.PRE_ACTIVATION,
    QuantityKind.ACTIVATION,
    QuantityKind.ACTIVATION_SLOPE,
    QuantityKind.LOSS_SLOPE,
    QuantityKind.DELTA,
    QuantityKind.BIAS_GRADIENT,
    QuantityKind.LOSS,
)


@dataclass(frozen=True, slots=True)
class ColumnRole:
    """The role of a column, and the unit whose quantities stand in it."""

    kind: Role
    unit: int = 0


def column_of(heading: str) -> ColumnRole:
    """What a heading announces; no kind if it is none of these."""
    text = bare(heading).strip(" :.$")
    if not text:
        return ColumnRole("blank")
    if unit := _UNIT.fullmatch(text):
        return ColumnRole("unit", int(unit[1]))
    found = next((role for role, pattern in _PATTERNS if pattern.fullmatch(text)), None)
    return ColumnRole(found or _FOREIGN.get(ROLES.get(text.lower(), ""), "") or _in_words(text))


def _in_words(text: str) -> Role:
    """What a heading of several words announces: “neuer Wert”, “value of the gradient”."""
    words = text.lower().split()
    roles = {ROLES.get(word, "?") for word in words} - {""}
    if not words or len(words) > MOST or "?" in roles:
        return ""
    for role, others in (
        ("new", {"answer", "weight"}),
        ("gradient", {"answer", "weight", "loss"}),
        ("old", {"answer", "weight"}),
    ):
        if role in roles <= others | {role}:
            return _FOREIGN[role]
    return ""


def is_head(columns: Sequence[ColumnRole]) -> bool:
    """Whether columns beside a column of names hold units, or what becomes of each parameter."""
    kinds = [column.kind for column in columns if column.kind != "blank"]
    if not kinds or "" in kinds:
        return False
    units = [column.unit for column in columns if column.kind == "unit"]
    if units:
        return len(units) > 1 and len(set(units)) == len(units) and set(kinds) == {"unit"}
    if {"first", "check"} <= set(kinds) <= {"first", "check", "remark"}:
        return len(kinds) - kinds.count("remark") == 2  # noqa: PLR2004 - one of each
    what = [kind for kind in kinds if kind in ("new", "gradient")]
    return bool(what) and len(set(what)) == len(what) and "name" not in kinds


def in_column(name: str, column: ColumnRole, cell: str, keeper: Keeper, place: str) -> bool:
    """Keep what stands beside a name in a column; False if there is no such line."""
    text = answer(cell.strip(EMPHASIS))
    names = keeper.found.source.names
    if column.kind in ("old", "remark", "working", "blank", "name", ""):
        return True
    quantity = of_column(name, column, keeper)
    if quantity is None:
        return not text or (column.kind == "first" and names.anything(name) is not None)
    if column.kind == "unit" and keeper.found.texts.get(quantity):
        if text:
            keeper.leave(f"{name} {text}", place)
            keeper.sheet.complain(
                place, f"{quantity.name} has been answered above; the {name} here is not read"
            )
    elif text or quantity not in keeper.found.texts:
        keeper.found.put(quantity, text, keeper.sheet.at(place))
    return True


def of_column(name: str, column: ColumnRole, keeper: Keeper) -> Quantity | None:
    """The line that a row's name and a column's head mean together."""
    names = keeper.found.source.names
    if column.kind == "unit":
        return _of_unit(name, column.unit, keeper)
    if column.kind in ("answer", "first"):
        return names.find(name)
    parameter = names.anything(name)
    if column.kind == "check" and parameter is not None and parameter.kind in _IN_RUNS:
        new = parameter.after_update()
        return new if keeper.line(new) else None
    if parameter is None or parameter.kind not in (QuantityKind.WEIGHT, QuantityKind.BIAS):
        return None
    parameter = parameter.before_update()
    if column.kind in ("new", "check"):
        found = parameter.after_update()
    else:
        kind = QuantityKind.WEIGHT_GRADIENT if parameter.source else QuantityKind.BIAS_GRADIENT
        found = of_parameter(kind, parameter)
    return found if keeper.line(found) else None


def _of_unit(name: str, unit: int, keeper: Keeper) -> Quantity | None:
    """The quantity of a unit whose letter stands at the head of a row; below “Check run” the new one."""
    name = _INDEX.sub("", name[:_LONGEST])
    via = _VIA.search(name)
    stem = name[: via.start()] if via else name
    new = _TIMES.search(stem) is not None
    stem, path = _TIMES.sub("", stem)[:_LONGEST], via["path"] if via else ""
    quantity = _of_stem(stem, path, unit, keeper, new=new) if stem else None
    if quantity is None:
        quantity = _described(stem, path, unit, keeper, new=new)
    if quantity is None or not keeper.line(quantity) or _is_doubtful(quantity, name, keeper):
        return None
    if not keeper.after or quantity.updated:
        return quantity
    return quantity.after_update() if keeper.line(quantity.after_update()) else quantity


def _described(stem: str, path: str, unit: int, keeper: Keeper, *, new: bool) -> Quantity | None:
    """The quantity of a head in words: “slope dy/da”, “δ (delta)”, “net input”."""
    label = keeper.names.vocabulary.find(f"{stem} via {path}" if path else stem)
    if label is None or not label.meant:
        return None
    if label.meant == {"slope"}:
        label = replace(label, roles=label.roles | {"out"})
    return keeper.names.vocabulary.complete(replace(label, new=label.new or new), Wording(unit=unit))


def _of_stem(stem: str, path: str, unit: int, keeper: Keeper, *, new: bool) -> Quantity | None:
    """The quantity of a unit that is called so, and of one of its paths."""
    names = keeper.found.source.names
    derivative = _DERIVATIVE.fullmatch(plain(stem))
    if derivative:
        over, under = derivative["over"], derivative["under"]
        written = f"d{over}{'' if over in 'EL' else unit}/d{under}{unit}"
    else:
        written = f"{stem}{unit}" if not stem[-1:].isdigit() else ""
    suffix = ("_new" if new else "") + (f" via {path}" if path else "")
    quantity = names.find(written + suffix) if written else None
    if quantity is None and len(stem) > 2 and not path:  # noqa: PLR2004 - a word
        quantity = names.find(f"{'new ' if new else ''}{stem} of unit {unit}")
    if quantity is None:
        quantity = _by_label(plain(stem), path, unit, keeper)
        quantity = quantity.after_update() if quantity is not None and new else quantity
    return quantity


def _by_label(stem: str, path: str, unit: int, keeper: Keeper) -> Quantity | None:
    """The quantity of a unit whose label is this one when its indices are taken off."""
    problem = keeper.found.source.problem
    for kind in _OF_UNITS:
        q = Quantity(kind, unit)
        if keeper.line(q) and plain(_bare(problem.label(q)).text) == stem:
            through = unit_of(path, problem)
            return (replace(q, via=through) if through else None) if path else q
    return None


def _bare(label: Label) -> Label:
    """A label without its indices."""
    glyphs = (label.over, label.under)
    over, under = (replace(g, sub="", sup="") if g is not None else None for g in glyphs)
    return replace(label, over=over or label.over, under=under)


def _is_doubtful(quantity: Quantity, name: str, keeper: Keeper) -> bool:
    """Whether a y′ may be the slope as well as the new y: where no new a stands before it and no heading says it."""
    if not (quantity.updated and quantity.kind is QuantityKind.ACTIVATION and _PRIME.search(name)):
        return False
    before = Quantity(QuantityKind.PRE_ACTIVATION, quantity.unit, updated=True)
    return not keeper.after and before not in keeper.found.texts
