"""The questions of a set that are answered in words, in a file beside the manifest: no key and no sheet holds them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from markupsafe import escape

from exercises.common import toml_text
from exercises.common.errors import FileError
from exercises.common.file_names import slug
from exercises.common.wording import IN_WORDS

if TYPE_CHECKING:
    from pathlib import Path

    from answer_keys.set_exercises import ProblemSet

FILE = "questions.toml"  # beside the problems that were made from the set
_KEYS = ("exercise", "title", "question", "points")


@dataclass(frozen=True, slots=True)
class InWords:
    """A question that a person marks: the exercise's name, its title, its paragraphs and what it is worth."""

    exercise: str
    title: str
    paragraphs: tuple[str, ...]
    points: Decimal

    @property
    def heading(self) -> str:
        """What its sheet is called."""
        return f"Exercise {self.exercise}: {self.title}"

    @property
    def name(self) -> str:
        """By which a learning-management system knows it."""
        return f"byhand-exercise-{slug(self.exercise, 40, 80, 'x')}"

    @property
    def html(self) -> str:
        """The question, with words in front by which it is known when responses come back."""
        first, *rest = (str(escape(paragraph)) for paragraph in self.paragraphs)
        return "".join(f"<p>{text}</p>" for text in (f"{IN_WORDS} {escape(self.exercise)}: {first}", *rest))


def written(found: ProblemSet) -> str:
    """The file for a set; empty where all its exercises have problems."""
    import tomlkit

    document = tomlkit.document()
    document.add(
        tomlkit.comment("The questions of this set that are answered in words; byhand export reads them.")
    )
    tables = tomlkit.aot()
    for exercise in found.exercises:
        if exercise.words is not None:
            words = exercise.words
            values = (
                exercise.name,
                words.title,
                "\n\n".join(words.paragraphs),
                f"{exercise.points.normalize():f}",
            )
            tables.append(tomlkit.item(dict(zip(_KEYS, values, strict=True))))
    document.add("question", tables)
    return tomlkit.dumps(document) if tables else ""


def read_in_words(folder: Path) -> list[InWords]:
    """The questions of the set that a folder was made from. Raises FileError where its file is not as it was written."""
    path = folder / FILE
    if not path.is_file():
        return []
    try:
        tables = toml_text.read(path.read_text(encoding="utf-8-sig"), str(path))["question"]
        return [_read(table) for table in tables]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
        raise FileError(
            f"{path}: expected tables [[question]] with {', '.join(_KEYS)}, each in quotation marks"
        ) from None


def _read(table: dict[str, str]) -> InWords:
    exercise, title, question, points = (table[key] for key in _KEYS)
    paragraphs = tuple(text for text in question.split("\n\n") if text.strip())
    worth = Decimal(points)
    if not paragraphs or not worth.is_finite() or not exercise.strip():
        raise ValueError(question)
    return InWords(exercise.strip(), title.strip(), paragraphs, worth)
