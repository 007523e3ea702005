"""What a column's heading says: a line of the problem, the student, or nothing that matters here."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from typing import TYPE_CHECKING

from exercises.common.wording import IN_WORDS
from exercises.formulas.quantity import QuantityKind
from grader.files.labels.identity import is_student_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exercises.formulas.quantity import Quantity
    from grader.answers.names import Names

MAX_HEADING = 400
_NUMBERED = re.compile(r"^(?:question|frage|q)?\s*\d+\s*[:.)]\s*", re.IGNORECASE)
_PARTS = re.compile(r"[:=()\[\]?≈—]|\s[–-]\s")
_EDGES = ' \t.,;!?"“”„`*$:=≈'
_JOINING = re.compile(r"new|neu|updated|via|after", re.IGNORECASE)
_IN_WORDS = re.compile(rf"\s*(?:\d+\s*:\s*)?{IN_WORDS}\b")
_MARKING = re.compile(r"\[(?:score|feedback)\]\s*$|^(?:points|feedback)\s*-\s|^\d+(?:\.\d+)?$", re.IGNORECASE)
_LONGEST_NAME = 4  # words, such as “∂E/∂y₃ via 5 new”


class PersonPart(Enum):
    """A part of a student's name, the best first, or what a form notes besides; CODE names the problem."""

    FULL = 1
    FIRST = 2
    LAST = 3
    MAIL = 4
    ID = 5
    META = 6
    CODE = 7


NOBODY = frozenset({None, PersonPart.META, PersonPart.CODE})


_WORDS = {
    PersonPart.FULL: "yourname whatisyourname nameofstudent displayname vollständigername nom",
    PersonPart.FIRST: "firstname givenname forename firstnames vorname prénom",
    PersonPart.LAST: "lastname surname familyname nachname familienname",
    PersonPart.MAIL: "email emailaddress mail username emailadresse benutzername youremail",
    PersonPart.ID: "id studentid sisid idnumber studentnumber matriculationnumber matrikelnummer",
    PersonPart.META: "timestamp zeitstempel starttime completiontime lastmodifiedtime startedon started completed "
    "timetaken duration state status grade score totalpoints quizfeedback gradepostedtime section sectionid "
    "sectionsisid submitted attempt ncorrect nincorrect institution department language date endtime "
    "startzeit fertigstellungszeit begonnen beendet verbrauchtezeit bewertung no nr lfdnr "
    "line row item step comment comments anycomments remark remarks",
}
_CODES = frozenset({"code", "problem", "problemcode", "codeofproblem", "sheetcode", "worksheetcode"})
_KINDS = {word: who for who, words in _WORDS.items() for word in words.split()}


def is_in_words(text: str) -> bool:
    """Whether a heading, or a question, is one of ours that is answered in words: whatever it names, it asks no line."""
    return _IN_WORDS.match(text) is not None


def who(heading: str) -> PersonPart | None:
    """Whether a heading announces the student or is one of the columns that every form has."""
    if is_in_words(heading):
        return PersonPart.META
    if is_student_key(heading):
        return PersonPart.FULL
    if _MARKING.search(heading.strip()):
        return PersonPart.META
    text = unicodedata.normalize("NFKC", heading[:80]).lower()
    word = "".join(c for c in text if c.isalpha())
    if word in _CODES:  # but “Problem 3” is a question
        return None if any(c.isdigit() for c in text) else PersonPart.CODE
    return _KINDS.get(word)


def person(cells: Mapping[PersonPart, str]) -> str:
    """A student's name from whatever is known of it; empty if nothing is."""
    parts = " ".join(cells[kind] for kind in (PersonPart.FIRST, PersonPart.LAST) if cells.get(kind))
    return cells.get(PersonPart.FULL) or parts or cells.get(PersonPart.MAIL) or cells.get(PersonPart.ID) or ""


def quantities(heading: str, names: Names) -> list[Quantity]:
    """The lines that a heading may mean: one if it is clear, several if it is not, none if it is no line's.

    In this order: the whole heading; its part before the first equals sign; its parts between colons,
    brackets and dashes; its words.
    """
    text = " ".join(heading[:MAX_HEADING].split())
    whole = names.find(text) or names.find(bare := _NUMBERED.sub("", text))
    if whole is not None:
        return [whole]
    found = _in_parts(bare, names)
    questions = [q for q in found if q.kind is QuantityKind.QUESTION]
    if len(questions) == 1:  # its own name stands there; what else does is what it asks about
        return questions
    if names.vocabulary.heading(bare).new:  # “a3 neu” is no name here, and least of all that of the old value
        return [q for q in found if q.updated]
    return found


def _in_parts(bare: str, names: Names) -> list[Quantity]:
    before, equals, _ = bare.partition("=")
    if equals:
        first = names.find(before.strip(_EDGES))
        if first is not None:
            return [first]
    parts = (names.find(part.strip(_EDGES), strict=True) for part in _PARTS.split(bare) if part.strip(_EDGES))
    return list(dict.fromkeys(q for q in parts if q is not None)) or in_words(bare, names)


def in_words(text: str, names: Names) -> list[Quantity]:
    """Every line named by a word of a text, or by a few words such as “new W13”, in order."""
    words = text.split()[:100]
    found: dict[Quantity, None] = {}
    place = 0
    while place < len(words):
        for length in range(min(_LONGEST_NAME, len(words) - place), 0, -1):
            window = " ".join(words[place : place + length])
            if length > 1 and not _JOINING.search(window):
                continue
            edges = (_EDGES, _EDGES + "()[]{}")
            quantity = next((q for e in edges if (q := names.find(window.strip(e), strict=True))), None)
            if quantity is not None:
                found[quantity] = None
                place += length - 1
                break
        place += 1
    return list(found)
