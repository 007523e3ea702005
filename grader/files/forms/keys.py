"""Telling an answer key, a worked solution or a problem file from a submission: none of them earns a mark."""

from __future__ import annotations

import re
from typing import Any

from grader.files.guarded.guard import unpack

A_KEY = "an answer key or a worked solution of byhand, not a submission; nobody gets marks for it, and a person must look"
A_PROBLEM = "a problem file of byhand, not a submission; a person must look"
_KEY = re.compile(r"byhand answer key|Answer\s*key\s*(?:·|: for instructors)", re.IGNORECASE)
_NAMED = re.compile(r'\\?"(link|shown|symbolic|substituted)\\?"\s*:')
_SHAPES = ({"link", "shown"}, {"symbolic", "substituted"})  # of a line in a key, and in `byhand solve --json`
_PROBLEM = re.compile(r"^[ \t]*(?:# A byhand problem\. Code|\[values\][ \t\r]*$)", re.MULTILINE)
_OURS, _TITLE = (
    re.compile(r"\bbyhand\b"),
    re.compile(r"\bKey to "),
)  # a title of ours, and behind it what it is of


def in_text(text: str, *, table: bool) -> str:
    """What to say of a text that is a key or a problem; empty of any other.

    table: whether it is one; it may hold a whole class, so that one cell is no reason.
    """
    if table and text.lstrip()[:1] not in {"{", "["}:
        return ""
    names = set(_NAMED.findall(text))
    if _KEY.search(text) or any(shape <= names for shape in _SHAPES):
        return A_KEY
    return A_PROBLEM if _PROBLEM.search(text) else ""


def in_pdf(content: dict[str, Any], data: bytes) -> str:
    """What to say of a PDF that is a key; empty of any other. content: what was unpacked of it."""
    ours = _OURS.search(content["info"])
    if ours and _TITLE.search(content["info"], ours.end()):
        return A_KEY
    if any(value.strip() for _, value in content["fields"]):
        return ""
    found = unpack("words", data)
    pages = [] if isinstance(found, str) else found["pages"]
    return A_KEY if any(_KEY.search(" ".join(word[0] for word in page["words"])) for page in pages) else ""
