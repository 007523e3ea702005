"""Answer keys as JSON: the problem, every answer, and how it was drawn. For instructors only."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from exercises.common.errors import FileError, ProblemError
from exercises.problems import problem_file, problem_writer

if TYPE_CHECKING:
    from pathlib import Path

    from answer_keys.drawing_services import Coincide
    from answer_keys.solution import Solution
    from exercises.problems.problem import Problem

FORMAT = "byhand answer key 1"


def to_json(
    solution: Solution,
    seed: str | None = None,
    coincide: Coincide | None = None,
    paper: dict[str, Any] | None = None,
) -> str:
    """The key's text.

    seed:     what the numbers were drawn from; None if they were typed by hand.
    coincide: which mistakes these numbers still hide or make look alike; None if nobody looked.
    paper:    where everything lies on its sheet, if that is for paper.
    """
    problem = solution.problem
    content = {
        "format": FORMAT,
        "code": problem.code,
        "seed": seed,
        "problem": problem_writer.write(problem),
        **({} if coincide is None else {"coincide": coincide}),
        "answers": {
            step.quantity.name: {
                "label": problem.label(step.quantity).text,
                "link": str(step.link),
                "shown": solution.shown(step.quantity),
                "value": float(solution.values[step.quantity]),
            }
            for step in problem.graph.steps
        },
        **({"questions": solution.questions} if problem.questions else {}),
        **({} if paper is None else {"paper": paper}),
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def read(path: Path) -> Problem:
    """The problem of a key file. Raises FileError or ProblemError, naming the file."""
    text = _content(path).get("problem")
    if not isinstance(text, str):
        raise ProblemError(f"{path}: the key holds no problem")
    return problem_file.parse(text, str(path))


def seed(path: Path) -> str | None:
    """What the problem of a key file was drawn from, if the key says so. Raises FileError as `read` does."""
    found = _content(path).get("seed")
    return found if isinstance(found, str) else None


def paper(path: Path) -> dict[str, Any] | None:
    """Where everything lies on the sheet of a key file; None if that was not made for paper. Raises as `read` does."""
    found = _content(path).get("paper")
    return found if isinstance(found, dict) else None


def _content(path: Path) -> dict[str, Any]:
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror}); expected an answer key") from None
    except (ValueError, RecursionError) as error:
        raise FileError(f"{path}: not valid JSON ({error}); expected an answer key") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise FileError(f"{path}: no byhand answer key; expected a file written by byhand generate")
    return content
