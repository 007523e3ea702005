"""What a written name stands for, in one problem's notation: a quantity, a local derivative, or nothing.

The labels and canonical names of the problem come first. Behind them stand slips of the shift key and the names
that other textbooks use, each only where it can mean one thing.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from exercises.common.wording import nearest
from exercises.formulas.label import NEW
from exercises.formulas.quantity import Quantity, QuantityKind, activation_slope, parse_name, t
from exercises.networks.notation import plain
from exercises.problems.questions import line_of
from grader.answers.letters import seen
from grader.answers.local_derivatives import partial
from grader.answers.name_spellings import Unclear, whole
from grader.answers.numbers import clean
from grader.answers.plain_signs import flatten, one_line
from grader.answers.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.formulas.formula import Formula
    from exercises.problems.problem import Problem
from grader.answers.name_spellings import Meaning

MAX_NAME = 200
MAX_STRANGE = 5_000  # names in one file that mean nothing; no sheet has so many
MAX_KEPT = 5_000  # answers of the lookup that are kept; a class writes the same few names again and again
_LETTER = re.compile(r"[^\W\d_]")
_GREEK = re.compile("delta|eta", re.IGNORECASE)
_TOTAL = re.compile(rf"(?<=[EL])tot(?:al)?(?=d|{NEW}|$)")
_LOSS = re.compile(r"(?:total)?loss|totalerror", re.IGNORECASE)
_MAZUR = (
    (re.compile(r"net(?=\d)"), str(QuantityKind.PRE_ACTIVATION)),
    (re.compile(r"out(?=\d)"), str(QuantityKind.ACTIVATION)),
)
_LAYERED = re.compile(  # z1_1, z[1]_1, dL_dw1_11: the layer, then the place in it, as programs write them
    r"(?:(?<=[d∂])|(?<![^\W_]))(?P<letter>[zbwd]|delta|δ)_?(?:\[(?P<a>\d)\]_?|(?P<b>\d)_)(?P<index>\d{1,2})?"
)
_SHORT = re.compile(r"(?:(?<=[d∂])|(?<![^\W_]))(?P<letter>[zb]|delta|δ)(?P<u>_?)(?P<layer>\d)(?!\d|_\d|\()")
_SHORT_DELTA = {  # d5 for δ₅; by layers only where the layer stands there, for a bare number would be anyone's guess
    "unit": re.compile(r"d(?:el)?(?=\d{1,2}(?:\[\d{1,2}\])?$)"),
    "layer": re.compile(r"d(?:el)?(?=\(\d\)\d{0,2}$)"),
}
_HATTED = re.compile(r"(?<![A-Za-ce-z])y ?\^(?=$|[\s/)_=])")  # y^ for ŷ
_WRAPPED = re.compile(r"(?<=[d∂]) ?\(\s*([^()]{1,12}?)\s*\)")  # dL/d(y hat)
_SUMMED = re.compile(
    r"(?:\s*\((?:sum|total|together|summe|gesamt)\)|(?<=\d)\s+(?:sum|total))\s*$", re.IGNORECASE
)  # behind ∂E/∂y₃
_PRIMED = re.compile(  # σ′(a₃), f'(a3)
    r"(?:σ|\\sigma|sigma|sigmoid|tanh|f|g|φ|\\phi|phi)\s*(?:['′’]|\^\{?\\prime\}?)\s*\(\s*(?P<of>[^()]{1,30})\)"
)
_EVALUATED = re.compile(r"(?P<name>.*\S)\s*\|\s*_?\{?\s*(?P<path>\d{1,3})\s*\}?", re.DOTALL)


class Names:
    """Finds what a written name stands for. As a lookup for answers (see `name_spellings`) it is called."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        computed = [step.quantity for step in problem.graph.steps]
        self.given = frozenset(q.name for q in problem.graph.given)
        self._lines = problem.labels.inverse(computed)
        self._canonical = [q.name for q in computed] + [question.name for question in problem.questions]
        for question in problem.questions:
            self._lines.setdefault(plain(question.name), line_of(question))
        self._given = problem.labels.inverse(problem.graph.given)
        if len(problem.network.outputs) == 1:
            self._given.setdefault("t", t(problem.network.outputs[0]))
        self._aliases(problem)
        self._kept: dict[tuple[str, bool], Quantity | None] = {}
        self._symbols: dict[str, Quantity | None] = {}
        self._by_layer = False
        self._strange = 0  # names in this file that mean nothing here

    def observe(self, text: str) -> None:
        """See how a file as a whole writes its names: beside `z1_1`, a `z2` is the sum of the second layer.

        But not where `z1` stands too, for then the number is a place in its layer.
        """
        self._strange = 0
        if self.vocabulary.see(seen(text, self.problem, self.symbol)):
            self._forget()
        if self.problem.notation != "layer" or len(self.problem.network.outputs) != 1:
            return
        last = str(len(self.problem.network.layers) - 1)
        found = [m for m in _LAYERED.finditer(text) if m["index"] and (m["a"] or m["b"]) < last]
        short = {m["u"] + m["layer"] for m in _SHORT.finditer(text)}
        by_layer = bool(found) and short == {last}
        if by_layer != self._by_layer:
            self._by_layer = by_layer
            self._forget()

    def _forget(self) -> None:
        self._kept.clear()
        self._symbols.clear()

    def _aliases(self, problem: Problem) -> None:
        """With one output E5 is E, and with one path ∂E/∂y via it is ∂E/∂y: both may be written."""
        net = problem.network
        if len(net.outputs) == 1:
            only = net.outputs[0]
            for suffix in ("", "_new"):
                total = parse_name(f"E{suffix}")
                if total is not None:
                    self._lines.setdefault(plain(f"E{only}{suffix}"), total)
        for unit in net.computing:
            downstream = net.downstream(unit)
            slope = parse_name(f"dE_dy{unit}")
            if len(downstream) == 1 and slope is not None:
                self._lines.setdefault(plain(f"dE_dy{unit}_via{downstream[0]}"), slope)

    def find(self, written: str, *, strict: bool = False) -> Quantity | None:
        """The line that a name stands for, or None if this problem has no such line. A question's answer has its address.

        strict: only as the sheet writes it, for names that are looked for in running text.
        """
        found = self.anything(written, strict=strict)
        return None if found is None or found in self._fixed else found

    def anything(self, written: str, *, strict: bool = False) -> Quantity | None:
        """The quantity that a name stands for: a line of the sheet, or a given one."""
        if _LETTER.search(written, 0, MAX_NAME) is None:  # a number, as most cells of a table are
            return None
        key = (written[:MAX_NAME], strict)
        if key not in self._kept:
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            many = self._strange > MAX_STRANGE  # then only a name that the sheet itself has is looked for
            found = self._exact(plain(key[0])) if many else self._anything(*key)
            self._strange += found is None
            self._kept[key] = found
        return self._kept[key]

    def __call__(self, written: str) -> Meaning:
        """What a name inside working stands for: a quantity, or a local derivative such as ∂a₅/∂y₃ = W₃₅."""
        key = plain(written[:MAX_NAME])
        if key in self._doubtful:
            line, target = self._doubtful[key]
            if written == line.name:
                label = self.problem.label
                return Unclear(
                    f"could be {label(target).text} = {target.name} or {label(line).text} = {line.name}; "
                    f"write {target.name}, or {label(line).text}"
                )
            return target
        found = self._resolved(key)
        if found is not None and self.vocabulary.symbols.elsewhere(written, found):
            return self._said(written) or found
        return found if found is not None else self.local(key)

    def unknown(self, written: str) -> str:
        """What to say of a name that is not among the lines."""
        shown = clean(written, 40)
        found = self.anything(written)
        if found is not None and found in self._fixed:
            return f"“{shown}” is given, not asked for"
        near = nearest(written.strip()[:60], self._canonical)
        return f"“{shown}” is no line of this problem; {near}"

    def suggestion(self, written: str) -> str:
        """Which name, of a line or given, may have been meant by an unknown one inside working."""
        meant = self.anything(written[:MAX_NAME])
        known = [*self._canonical, *self.given]
        return f"did you mean {meant.name}?" if meant else nearest(written.strip()[:60], known)

    # --- the lookup ---

    @cached_property
    def _fixed(self) -> frozenset[Quantity]:
        return frozenset(self.problem.graph.given)

    @cached_property
    def _doubtful(self) -> dict[str, tuple[Quantity, Quantity]]:
        """Where the label of a given quantity reads like the canonical name of a line: y₃ without hidden units."""
        return {key: (self._lines[key], q) for key, q in self._given.items() if self._lines.get(key, q) != q}

    @cached_property
    def _folded(self) -> dict[str, str | None]:
        """Each name in small letters, and how it is really written; None where two names differ by that alone."""
        found: dict[str, str | None] = {}
        for key in (*self._lines, *self._given):
            other = found.setdefault(key.lower(), key)
            if other != key:
                found[key.lower()] = None
        return found

    @cached_property
    def _letters(self) -> frozenset[str]:
        """The letters of this notation."""
        graph = self.problem.graph
        labels = [self.problem.label(q) for q in (*graph.given, *graph.by_quantity)]
        return frozenset(label.over.base for label in labels if label.under is None)

    def _anything(self, written: str, strict: bool) -> Quantity | None:  # noqa: FBT001 - a key of the cache
        key = plain(written)
        if key in self._doubtful:
            line, target = self._doubtful[key]
            return line if written.strip() == line.name else target
        starred = self._starred(written.strip())
        if strict or starred is not None:
            return starred or self._exact(key)
        found = self.symbol(written)
        return (
            found
            if found is not None and not self.vocabulary.symbols.elsewhere(written, found)
            else self._said(written)
        )

    def symbol(self, written: str) -> Quantity | None:
        """The quantity of a spelling of the sheet, or of a textbook whose letters are the same."""
        if written not in self._symbols:
            if len(self._symbols) >= MAX_KEPT:
                self._symbols.clear()
            self._symbols[written] = self._symbol(written)
        return self._symbols[written]

    def _symbol(self, written: str) -> Quantity | None:
        key = plain(written[:MAX_NAME])
        found = self._resolved(key)
        if found is None or (found in self._fixed and "^" in written):
            found = self._rewritten(written) or found
        return found if found is not None else self._spelled(written)

    def _said(self, written: str) -> Quantity | None:
        """What a name in words or in another textbook's letters means; a bare parameter is the given one."""
        label = self.vocabulary.find(written)
        if label is None or (
            "?" in written and (label.whole or label.parameter)
        ):  # a question's text is no name
            return None
        bare = not label.roles and not label.new
        return self.vocabulary.meant(label) or (label.parameter if bare else None)

    def _rewritten(self, written: str) -> Quantity | None:
        """What a name means whose layer is written as in a program, whose hat stands behind, or that ends in |₅."""
        text = _WRAPPED.sub(r"\1", _SUMMED.sub("", _HATTED.sub("ŷ", written)))
        if path := _EVALUATED.fullmatch(text):
            text = f"{path['name']} via {path['path']}"
        if self.problem.notation == "layer":
            text = _LAYERED.sub(lambda m: f"{m['letter']}({m['a'] or m['b']}){m['index'] or ''}", text)
            if self._by_layer:
                text = _SHORT.sub(lambda m: m[0] if m["u"] else f"{m['letter']}({m['layer']})", text)
        if slope := _PRIMED.fullmatch(text):
            of = self._resolved(plain(slope["of"]))
            return activation_slope(of.unit) if of is not None and self._is_slope_of(of) else None
        return self._resolved(plain(text)) if text != written else None

    def _is_slope_of(self, q: Quantity) -> bool:
        """Whether σ′ of this quantity is a line: of a weighted sum before the update."""
        return q.kind is QuantityKind.PRE_ACTIVATION and activation_slope(q.unit).name in self._canonical

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Vocabulary in words, or complete only with what stands around them."""
        return Vocabulary(self.problem, self.symbol)

    def _starred(self, written: str) -> Quantity | None:
        """A weight or bias with a star for “new”, as in W13*; a star in front belongs to bold or slanted print."""
        if not written.endswith("*") or written.startswith("*"):
            return None
        found = self._resolved(plain(f"{written[:-1]}_new"))
        return found if found is not None and found.kind in (QuantityKind.WEIGHT, QuantityKind.BIAS) else None

    def _exact(self, key: str) -> Quantity | None:
        return self._lines.get(key) or self._given.get(key)

    def _resolved(self, key: str) -> Quantity | None:
        """As the sheet writes it, else under another textbook's name, else with a slip of the shift key."""
        variants = list(dict.fromkeys(self._variants(key)))
        for variant in variants:
            found = self._exact(variant)
            if found is not None:
                return found
        folded = (self._unshifted(variant) for variant in variants)
        return next((found for found in folded if found is not None), None)

    def _variants(self, key: str) -> Iterator[str]:
        if key.endswith(NEW.upper()):  # a heading in capitals; what stands before is read as any name is
            key = f"{key[: -len(NEW)]}{NEW}"
        yield key
        short = _TOTAL.sub("", _GREEK.sub(lambda word: word[0].lower(), key))
        yield short
        for letter in ("E", "L"):
            yield _LOSS.sub(letter, short)
        if self.problem.notation == "unit":  # their unit numbers are ours; in layers they would count anew
            for pattern, letter in _MAZUR:
                short = pattern.sub(letter, short)
            yield short
        if key.startswith("d"):
            yield _SHORT_DELTA[self.problem.notation].sub("delta", key, count=1)

    def _unshifted(self, key: str) -> Quantity | None:
        """The one name that differs by capitals alone. A letter that the notation uses itself is no slip."""
        real = self._folded.get(key.lower()) if len(key) > 1 else None
        if real is None or len(real) != len(key):  # some letters grow when they are made small
            return None
        turned = (one for one, other in zip(key, real, strict=True) if one != other)
        return None if any(letter in self._letters for letter in turned) else self._exact(real)

    def _spelled(self, written: str) -> Quantity | None:
        """What the reader of working makes of a name, so that a name in a file is read no worse than one in a line."""
        for spelled in whole(flatten(one_line(written, MAX_NAME)).text.strip()):
            found = self._resolved(plain(spelled.written))
            if found is not None:
                return found
        return None

    # --- local derivatives ---

    def local(self, key: str) -> Formula | None:
        """The local derivative that a name reduced by `plain` stands for, such as `da5dy3`; None if it is none."""
        parts = self.parts(key)
        return partial(self.problem, *parts) if parts is not None else None

    def parts(self, key: str) -> tuple[Quantity, Quantity] | None:
        """What is differentiated by what in such a name."""
        if not key.startswith("d"):
            return None
        for middle in (i for i, c in enumerate(key[:40]) if c == "d" and i > 1):
            over, under = self._resolved(key[1:middle]), self._resolved(key[middle + 1 :])
            if over is not None and under is not None:
                return over, under
        return None
