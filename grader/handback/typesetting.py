"""Sentences of a report as HTML, with indices set as elsewhere on a page."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from markupsafe import escape

from exercises.pages.rendering import trusted

if TYPE_CHECKING:
    from markupsafe import Markup

_LOW = re.compile("[₀-₉]+(?:,[₀-₉]+)*")
_HIGH = re.compile("[⁰¹²³⁴-⁹⁽⁾ⁿᵉʷᵀ]+")


def with_indices(words: str) -> Markup:
    """A sentence with indices as they are set elsewhere, not in the tiny figures of Unicode."""
    html = _LOW.sub(lambda m: f"<sub>{unicodedata.normalize('NFKC', m[0])}</sub>", str(escape(words)))
    return trusted(_HIGH.sub(lambda m: f"<sup>{unicodedata.normalize('NFKC', m[0])}</sup>", html))
