"""What a name in nested groups means, as in `{"hidden": {"unit 3": {"delta": …}}}`: all labels on the way, put together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.answers.lexicon import ROLES
from grader.answers.numbers import Typed, read_number
from grader.answers.worded import MEANT, NOTHING, OF_STEP, Wording
from grader.files.labels.units import unit_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from exercises.formulas.quantity import Quantity
    from grader.answers.names import Names

_OUTPUT_LAYER = Wording(frozenset({"outer"}))
_PLACES = frozenset({"hidden", "outer", "weight", "bias"})
_CALLED = {
    "id": "unit",
    "index": "unit",
    "idx": "unit",
    "step": "part",
    "section": "part",
    "part": "part",
    "phase": "part",
}
# Roles of fields that say what a record is about.
PARAMETER_FIELDS = frozenset({"weight", "bias"})
LABELS = frozenset({"unit", "name", "source", "target", "layer", "part"})


def label_of(key: str, names: Names, around: Wording, *, whole: bool = False) -> Wording:
    """What one key says; the unit where it is a mere number, or its place in the layer that is spoken of around it.

    whole: whether all of its words must be known; else unknown ones are passed over, as in a heading.
    """
    plain = key.strip().replace("_", " ")
    if plain.isdecimal():
        return _numbered(plain, around, names)
    found = names.vocabulary.find(key) or names.vocabulary.find(plain)
    if found is None and (unit := unit_of(plain, names.problem)):
        return Wording(unit=unit)
    if found is None and around.layer:
        found = names.vocabulary.in_layer(key, around.layer)
    if whole:
        return found or NOTHING
    said = found if found is not None else names.vocabulary.heading(plain)
    return replace(said, new=True) if "check" in said.roles else said


def _numbered(text: str, around: Wording, names: Names) -> Wording:
    """A bare number below what it is one of: a weight `13` below “gradient”, a unit below all else."""
    if "gradient" in around.roles or around.roles & {"weight", "bias"}:
        for letter in "Wb":
            q = names.anything(f"{letter}{text}")
            if q is not None:
                return Wording(parameter=q.before_update())
    return Wording(unit=_unit(text, around, names))


def role_of(key: str) -> str:
    """What a field of a record is called: `unit`, `source`, `target`, `name`; empty if that tells nothing."""
    plain = key.strip().lower().replace("_", " ")
    return _CALLED.get(plain) or ROLES.get(plain, "")


def of_record(fields: Mapping[str, str], names: Names, around: Wording) -> Wording:
    """What the fields of a record say that it is about, by their roles: a unit, a layer, a weight from and to units.

    around: what is said of all the records.
    """
    said = [label_of(fields[role], names, around) for role in ("part", "layer", "name") if role in fields]
    if (layer := fields.get("layer", "")).isdecimal() and int(layer) < len(names.problem.network.layers):
        said.append(Wording(layer=int(layer)))
    found = together(said)
    if "unit" in fields:
        text = fields["unit"]
        about = _unit(text, together([around, *said]), names)
        inner = Wording(unit=about) if about else label_of(text, names, around)
        found = replace(found, unit=inner.unit, parameter=inner.parameter)
    if "source" in fields and "target" in fields:
        found = replace(found, parameter=between(fields["source"], fields["target"], names))
    return found


def _unit(text: str, where: Wording, names: Names) -> int:
    """The unit that is called so, by its own number or by its place in a layer that is told."""
    placed = text.isdecimal() and not unit_of(text, names.problem)
    return in_layer(int(text), where, names) if placed else unit_of(text, names.problem)


def layer_of(said: Wording, layers: int) -> int:
    """The layer that is spoken of, of so many; 0 where it is not told which."""
    outer = "outer" in said.roles or said.meant == {"out"}
    inside = 1 if layers == 3 else 0  # noqa: PLR2004 - one hidden layer
    return said.layer or (inside if "hidden" in said.roles else layers - 1 if outer else 0)


def in_layer(number: int, where: Wording, names: Names) -> int:
    """The unit at a place among the hidden or the output units; 0 where it is not told which."""
    last = len(names.problem.network.layers) - 1
    hidden = "hidden" in where.roles or 0 < where.layer < last
    outer = bool(where.roles & {"outer", "out"}) or where.layer == last
    return names.vocabulary.symbols.unit("h" if hidden else "o", number) if hidden != outer else 0


def between(source: str, target: str, names: Names) -> Quantity | None:
    """The weight between two units, or the bias of the second."""
    try:
        return names.vocabulary.symbols.pairs.between(source, target)
    except ValueError:  # no number in it
        return None


def together(labels: Sequence[Wording]) -> Wording:
    """What labels say together, the outermost first; the inner ones count where they differ."""
    found, spoken = NOTHING, frozenset[str]()
    placed = []
    for label in labels:  # "deltas": {"output": {"5": …}}: the output is a place there
        placed.append(
            _OUTPUT_LAYER if spoken - {"out"} and label.meant == {"out"} and not label.unit else label
        )
        spoken |= label.meant
    for label in reversed(placed):
        outer = label
        if found.meant and outer.meant == {"out"} and not (found.unit or outer.unit or found.parameter):
            outer = _OUTPUT_LAYER  # "output": {"z": …}
        if found.meant or found.whole or not label.meant:
            outer = replace(outer, roles=outer.roles & _PLACES, whole=None)
        if found.parameter:
            outer = replace(outer, roles=outer.roles - (MEANT - OF_STEP))  # “hidden to output”
        if found.unit or found.parameter:
            outer = replace(outer, unit=0, parameter=None, whole=None)
        if found.meant & OF_STEP:
            outer = replace(outer, new=False)
        found = (found & outer) or found
    return found


def line_in(labels: Sequence[Wording], names: Names) -> Quantity | None:
    """The line that a name means in its groups."""
    found, vocabulary, outputs = together(labels), names.vocabulary, names.problem.network.outputs
    if "outer" in found.roles and not found.unit and len(outputs) == 1:
        found = replace(found, unit=outputs[0])
    plain = replace(found, roles=found.roles - _PLACES if found.unit or found.parameter else found.roles)
    return vocabulary.meant(plain) or vocabulary.complete(plain, NOTHING)


def told(fields: Iterable[tuple[str, object]]) -> dict[str, str]:
    """The fields of a record that say what it is about, by their roles."""
    texts = {key.strip().lower(): value for key, value in fields if isinstance(value, str)}
    ends = {"source": texts["i"], "target": texts["j"]} if {"i", "j"} <= texts.keys() else {}
    found = {role: text for key, text in texts.items() if (role := role_of(key)) in LABELS}
    for key, text in texts.items():
        if role_of(key) in PARAMETER_FIELDS and not isinstance(read_number(text), Typed):
            found.setdefault("name", text)  # {"weight": "W13", …}
    return found | ends


def is_label(key: str, value: object, fields: Mapping[str, str]) -> bool:
    """Whether a field is one of those that say what its record is about."""
    if not isinstance(value, str):
        return False
    if role_of(key) in PARAMETER_FIELDS:
        return fields.get("name") == value
    return role_of(key) in fields or (key.strip().lower() in {"i", "j"} and "source" in fields)
