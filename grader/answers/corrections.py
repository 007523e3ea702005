"""What a student has crossed out or put right on the same line: `~~0.1~~ 0.2`, `0.229 oops -> 0.0023`.

Only what is plain is taken: behind the word must stand one number, and nothing else but a remark in brackets.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from grader.answers.numbers import Typed, read_number

_CROSSED = re.compile(r"~~(?P<out>[^~]{1,200})~~")
_CUES = (
    r"oops|whoops|correction|corrected|i meant?|no,? wait|sorry|typo|my bad|fixed|edit|scrap that|strike that|ignore that"
    r"|never mind|korrektur|korrigiert|tippfehler|entschuldigung|pardon|erreur|perdón|errata|scusa|refuso"
)
_PUT_RIGHT = re.compile(  # said between a number and the one that stands for it
    rf"(?<![\w.])(?:corrected to|{_CUES}|should(?: have)? be(?:en)?|(?:or )?more (?:precisely|exactly|accurately)|genauer"
    r"|plus précisément|no(?=,(?:[^\d=:]{3,60}[:=])?\s*[-−–+]?\d)|same (?:mistake|error|slip))\b[\s,;:!.)]*",
    re.IGNORECASE,
)
PUTS_RIGHT = re.compile(
    rf"\b(?:{_CUES}|again)\b", re.IGNORECASE
)  # said before an answer that stands for another
TAKES_BACK = re.compile(  # said behind a number of one that follows under the same name
    r"\b(?:wrong|incorrect|mistake|falsch|faux|mal|sbagliato|errado|errato|rifatto|fout|verkeerd|yanlış|błąd|fel)\b",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"(?:.*(?:->|→|⇒|=>|[=:≈])|(?:it )?(?:is|should be|must be))\s*", re.IGNORECASE | re.DOTALL
)
_REMARK = re.compile(
    r"\s*\([^()]*\)\s*$|(?<=\d),?\s+(?:because|since|due to|weil|wegen|parce|porque|perché)\b[^\d=]*$"
)


_HOLDS_MORE = re.compile(
    r"[\d=≈<>*/^]|\b(?:no|not|wrong|mistake|instead|or|should|old|new|nicht|falsch|oder|alt|neu)\b",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\[\s*(?P<out>[-−–+]?\d*[.,]?\d+)\s*\]\s+(?P<kept>[-−–+]?\d*[.,]?\d+)")
_NOT = re.compile(  # a remark on another number: (not 0.5716!), (was 0.003, sign was wrong), “, before it was 0.0181”
    r"(?<=[\d)])\s*(?:\(|[,;–-]\s+(?!not\b|nicht\b))(?P<said>(?:not|was|it was|nicht|vorher|previously|formerly|first"
    r"|before|zuerst|war|statt|instead of|down from|up from|davor|prima|avant|antes|önce|voorheen)\s[^()]*)\)?\s*$",
    re.IGNORECASE,
)
_MARKS = re.compile(r"(?<=\d)\s*(?P<said>[!?]{1,5})\s*$")
_COMMENT = re.compile(r"(?<=[\d)])\s+(?://|#|<-+|←|-+>|→)\s*(?=[^\W\d_]{2})")


_FORMULA_BEHIND = re.compile(r"(?<=[\d)])\s+(?://|#)\s*(?=\S)")  # 0.0181  # ½(t − y)²
_ANOTHER = re.compile(
    r"\d[.,]\d|\b(?:no|not|wrong|mistake|instead|or|should|old|new|nicht|falsch|oder|alt|neu)\b|->|→",
    re.IGNORECASE,
)


class Corrected(NamedTuple):
    """A line without what does not count, and what is said of it."""

    text: str
    remark: str


def corrected(text: str) -> Corrected | None:
    """The line as it was put right; None if nothing was, or if it is not plain what counts.

    Where all has been crossed out the text is empty. A comment behind the answer is taken off, too: `0.5  # by hand`.
    """
    if "~~" in text:
        out = [found["out"].strip() for found in _CROSSED.finditer(text)]
        if not out:
            return None
        return Corrected(_CROSSED.sub(" ", text).strip(), f"crossed out: {'; '.join(out)}")
    comment = _COMMENT.search(text) or _FORMULA_BEHIND.search(text)
    if comment is not None and not (_HOLDS_MORE if comment.re is _COMMENT else _ANOTHER).search(
        text, comment.end()
    ):
        return Corrected(text[: comment.start()], text[comment.end() :].strip())
    if (bracketed := _BRACKETED.fullmatch(text.strip())) is not None:
        return Corrected(bracketed["kept"], f"put right; before: {bracketed['out']}")
    if (aside := _NOT.search(text) or _MARKS.search(text)) is not None:
        return Corrected(text[: aside.start()], aside["said"])
    cues = list(_PUT_RIGHT.finditer(text))
    if not cues:
        return None
    before, behind = text[: cues[0].start()].strip(" ,;("), text[cues[-1].end() :].strip()
    number = _BEHIND.sub("", _REMARK.sub("", behind), count=1).strip()
    if text[: cues[0].start()].rstrip().endswith("(") and text.find(")", cues[-1].start()) < cues[-1].end():
        before = before.rstrip("( ")  # 0.66 (scrap that) 0.6637
    elif before.count("(") > before.count(")") or text[: cues[0].start()].rstrip().endswith("("):
        return None  # what is said in brackets may be a comment
    if not before or not isinstance(read_number(number), Typed) or "?" in behind:
        return None
    return Corrected(number, f"put right; before: {before[-80:]}")
