"""The words of a label: without signs of LaTeX, the spaces inside a derivative, and the many ways to say “via”."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.answers.lexicon import FAR_EAST, NUMERALS, ROLES
from grader.answers.plain_signs import FRACTION, flatten, one_line

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_LABEL = 120
_FRACTION = re.compile(FRACTION + r"\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}")
_APART = re.compile(r"(?<=∂) +| +(?=/ ?[∂d])|(?<=/) +(?=[∂d])")  # spaces inside a derivative
_ARROW = re.compile(r"(?<=\d) ?[→⇒⟶] ?(?=[A-Za-z]{0,6} ?\d|o\b)")
_NEXT = re.compile(r"\s?[(\[^]\{?[nkt]\s?\+\s?1\}?[)\]]?$")  # w_31(n+1)
_VIA_JOINED = re.compile(r"_(?:via|through)_?(?=\d)")  # dE_dy_via5
_LAYER_BEHIND = re.compile(r"\b([wbzδ]\d{0,2}) \((\d)\)$", re.IGNORECASE)  # w1 (2)
_ON_HIGH = re.compile(r"(?<=[wbzδ\d])\^\{?(\d)\}?(?!\d)")  # w_11^1
_BRACKET = re.compile(r"(?<![σfg])\((?!\d\))")  # but w11(1) is one symbol
_SAID = re.compile(
    r"(?:(?<=[\d}])|(?<=\b[A-Z]))\s?\(([^\W\d_]{3,20}|[^\W\d_A-Za-z]{1,20})\s?(\d{0,2})\)$"
)  # w13(neu)
_THROUGH = re.compile(
    r"\b(?:via|through|over|by way of|über|par|por|vía|tramite|attraverso)\s+(?:the )?"
    r"(?:output |path )?(?:unit |node |neuron |neurone )?(?=\d)"
)
_ELIDED = re.compile(
    r"(?<![^\W_])(?:dell|all|sull|nell|l|d)['’](?=[^\W\d_]{3})", re.IGNORECASE
)  # dell'uscita
_NABLA = re.compile(r"(?:grad|∇|nabla)_?\{?(\w{1,12})\}? [LEJ]\b|grad(?:ient)? w\.?r\.?t\.? (?=\w)")
_RESPECT = re.compile(
    r"(?:the |die |la |a )?(?:partial |partielle )?"
    r"(?:derivative|derivada|derivata|dérivée|ableitung|slope|gradient)(?: partielle| parziale| parcial)?\s+"
    r"(?:of|der|des|von|di|del|della|de|do|da)?\s*(?P<over>\S.{0,40}?)\s+"
    r"(?:with respect to|w\.?r\.?t\.?|nach|rispetto (?:ad|al|alla|a)|par rapport (?:à|au)|(?:con )?respecto (?:al|a)"
    r"|em relação (?:ao|a|à))\s+(?P<under>\S.{0,30})",
    re.IGNORECASE,
)
_OF_ALL = re.compile(r"(?<=\w)\((?:theta|Θ|θ)\)")  # J(theta)
_HYPOTHESIS = re.compile(r"\bh_?(?:theta|Θ|θ)(?:\([xX]\)|(?!\w))")
_PLAIN = re.compile(r"(?!grad)[A-Za-z]\w{0,12}(?: \w{1,12})?", re.ASCII)  # as most labels are
_SLOPE = re.compile(r"(?<![\w/])(?P<of>[^\W\d_]{1,6}(?:_[a-z])?) ?\.?\*? ?\( ?1 ?\.?- ?(?P=of) ?\)")  # y(1-y)
WORD = re.compile(r"[^\s,;:!?]+")
_COUNTED = frozenset({"unit", "layer", "hidden", "outer"})  # “neuron three”


def _derivative(found: re.Match[str]) -> str:
    """A derivative in words, “derivative of the error with respect to y5”, in signs; unchanged where it is not plain."""
    sides = []
    for side in (found["over"], found["under"]):
        words = side.strip(" ,").split()
        symbol = words[-1] if re.search(r"[\dŷ_]", words[-1]) or len(words[-1]) == 1 else ""
        loss = any(ROLES.get(word.lower()) == "loss" for word in words)
        sides.append(symbol or ("E" if loss else ""))
    return f"d{sides[0]}/d{sides[1]}" if all(sides) else found[0]


def words_of(written: str, in_label: Callable[[str], str], *, layered: bool) -> tuple[str, list[str]]:
    """A label in plain signs, and its words.

    in_label: gives weights that are told by their ends their names; layered: whether the notation is that by layers.
    """
    flat = written if _PLAIN.fullmatch(written) else _flat(written)
    flat = in_label(_THROUGH.sub("via ", _VIA_JOINED.sub(" via ", flat)))
    flat = _ON_HIGH.sub(r"(\1)", _LAYER_BEHIND.sub(r"\1(\2)", flat)) if layered else flat
    flat = _SAID.sub(r" \1 \2", flat)
    words = WORD.findall(spaced(_BRACKET.sub(" (", flat) if " " in flat.strip() else flat))
    words = [word[1:-1] if word[0] == "(" and word[-1] == ")" else word for word in words]
    counted = [ROLES.get(last.lower()) in _COUNTED for last in ("", *words)]
    return flat, [NUMERALS.get(w.lower(), w) if told else w for told, w in zip(counted, words, strict=False)]


def _flat(written: str) -> str:
    """A label without signs of LaTeX, with derivatives in words as signs."""
    arrowed = _ARROW.sub("->", _NEXT.sub(" new", one_line(written, MAX_LABEL)))  # 1→3 joins two units
    flat = _FRACTION.sub(r"\1/\2", flatten(arrowed).text)
    flat = _NABLA.sub(r"dL/d\1", _RESPECT.sub(_derivative, _ELIDED.sub(" ", _APART.sub("", flat))))
    flat = _HYPOTHESIS.sub("yhat", _OF_ALL.sub("", flat))
    return _SLOPE.sub(lambda m: f"slope {'activation' if len(m['of']) == 1 else m['of']}", flat)


def spaced(text: str) -> str:
    """Words of the Far East with spaces around them, where they are not parts of a symbol."""
    return FAR_EAST.sub(lambda m: f" {m[0]} ", text) if not text.isascii() else text
