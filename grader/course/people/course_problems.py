"""The problems of a course: found in a folder of keys and problem files, and known by the codes on the sheets."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answer_keys import keyfile, published
from exercises.common import toml_text
from exercises.common.errors import ByhandError, FileError
from exercises.problems import policy as policies
from exercises.problems import problem_file, problem_writer
from exercises.problems.policy import POLICY, Policy
from grader.course.people.csv_tables import toml_of
from grader.course.people.manifest import CODE, NAME, Manifest, read_manifest
from grader.files.folders import below
from grader.files.links import leads_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.problems.marking import Marking
    from exercises.problems.problem import Problem


@dataclass
class CourseProblems:
    """The problems by the codes that are printed on the sheets.

    texts:      the problem file's text of each, which is all that another process needs.
    problems:   the problems themselves.
    origins:    the file of each.
    papers:     where everything lies on the sheets of those that were printed for paper.
    complaints: what stood in the folder and could not be read.
    notes:      what was noticed, such as a key that was corrected after the sheets were printed.
    """

    texts: dict[str, str] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    papers: dict[str, Any] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def put(self, code: str, problem: Problem, text: str, origin: str) -> None:
        """Add a problem; the same one twice is one. Raises FileError if two problems bear one code."""
        other = self.problems.get(code)
        if other is not None:
            if other != problem:
                raise FileError(
                    f"{origin}: another problem, or other marks, than {self.origins[code]} under the code {code}; "
                    "keep one of them"
                )
            return
        self.problems[code], self.texts[code], self.origins[code] = problem, text, origin

    def kinds(self) -> dict[str, str]:
        """For each code one that stands for all whose lines have the same names."""
        first: dict[Any, str] = {}
        return {code: first.setdefault(kind(problem), code) for code, problem in self.problems.items()}

    def exercise(self, code: str) -> str:
        """What the exercise is called if there is no manifest: variants of one exercise share a title, or a shape."""
        problem = self.problems[code]
        return problem.title or problem.network.title

    def only(self) -> str:
        """The code of the only problem; empty if there are several. A corrected one has two codes."""
        return next(iter(self.problems)) if len({id(p) for p in self.problems.values()}) == 1 else ""

    def marked(self, marking: Marking) -> None:
        """Give every problem one marking scheme."""
        for code, problem in self.problems.items():
            self.problems[code] = replace(problem, marking=marking)
            self.texts[code] = problem_writer.write(self.problems[code])


def set_title(folder: Path) -> str:
    """The title of the problem set that a folder was made from; empty where there is none."""
    title = next((content.get("title") for _, content in _sets(folder)), "")
    return title.strip() if isinstance(title, str) else ""


def set_policy(folder: Path) -> Policy:
    """When the sheets of a folder's problem set are due, and so on: as its policy.toml says, or else the set's own file.

    Raises FileError with everything that is wrong with it.
    """
    own = folder / POLICY
    if own.is_file() and not leads_out(own, folder):
        found = [(own, toml_of(own, f"the rules of a set: {', '.join(policies.KEYS)}"))]
    else:
        found = list(_sets(folder))
    for file, content in found:
        faults: list[str] = []
        policy = policies.read_policy(content, faults.append)
        if faults:
            raise FileError(*(f"{file}: {fault}" for fault in faults))
        return policy
    return Policy()


def _sets(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The set that a folder was made from: its file lies in the folder, or beside it under the folder's name."""
    whole = folder.resolve()
    for file in (*sorted(whole.glob("*.toml")), whole.parent / f"{whole.name}.toml"):
        if leads_out(file, whole.parent) or not file.is_file():
            continue
        try:
            content = toml_text.read(file.read_text(encoding="utf-8-sig"), str(file))
        except (OSError, ValueError, FileError):
            continue
        if isinstance(content.get("exercise"), list):
            yield file, content


def kind(problem: Problem) -> tuple[Any, ...]:
    """What decides how the lines of a problem are named."""
    names = (step.quantity.name for step in problem.graph.steps)
    return (problem.notation, problem.network.title, *names, *(q.name for q in problem.questions))


def find(named: str) -> tuple[CourseProblems, Manifest]:
    """The problems that `named` means (a folder, a problem file, a key, a shipped exercise) and their manifest.

    Raises ByhandError where there are none, or two under one code.
    """
    path = Path(named)
    known_problems = CourseProblems()
    if not path.is_dir():
        _single(named, path, known_problems)
        return known_problems, Manifest()
    manifest = _manifest(path)
    for file, passed_over in below(path):
        if wrong := passed_over or leads_out(file, path):
            known_problems.complaints.append(f"{file}: {wrong}")
    for file in _files(path):
        if file.suffix == ".json":
            _key(file, known_problems)
        elif file.suffix == ".toml":
            _toml(file, known_problems)
    if not known_problems.problems:
        raise FileError(
            *known_problems.complaints,
            f"{path}: no answer keys (*.json) or problem files (*.toml) in this folder",
        )
    missing = sorted({e.code for e in manifest.entries} - {""} - set(known_problems.problems))
    if missing:
        listed = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")  # noqa: PLR2004
        known_problems.complaints.append(
            f"{path}: the manifest names {listed}, but there is no key of that code"
        )
    return known_problems, manifest


def _single(named: str, path: Path, known_problems: CourseProblems) -> None:
    if named in published.names() and not path.exists():
        text = published.text(named)
        problem = problem_file.parse(text, named)
        known_problems.put(problem.code, problem, text, named)
        return
    from answer_keys.problems import load, sort

    load(named)  # raises what is to be said of a file that is no problem
    _key(path, known_problems) if sort(named) == "key" else _toml(path, known_problems)


def _files(folder: Path) -> Iterator[Path]:
    """Every file below a folder in order; what begins with a dot is passed over, and links that lead out of it."""
    for path in sorted(path for path, passed_over in below(folder) if not passed_over):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and not leads_out(path, folder):
            yield path


def _manifest(folder: Path) -> Manifest:
    """The manifest at the top of a folder; where there is none, those further down together."""
    top = folder / NAME
    found = (
        [top]
        if top.is_file() and not leads_out(top, folder)
        else [file for file in _files(folder) if file.name == NAME]
    )
    return Manifest(tuple(dict.fromkeys(entry for file in found for entry in read_manifest(file).entries)))


def _key(file: Path, known_problems: CourseProblems) -> None:
    """A key. Other JSON files are passed over, but one that is called a key is complained about."""
    try:
        problem = keyfile.read(file)
        content = json.loads(file.read_text(encoding="utf-8-sig"))
    except ByhandError as error:
        if file.stem.endswith("-key") or "no byhand answer key" not in str(error):
            known_problems.complaints += error.faults
        return
    _place(file, problem, content["problem"], known_problems, str(content.get("code", "")))
    if isinstance(content.get("paper"), dict):
        stated = str(content.get("code", ""))
        known_problems.papers |= dict.fromkeys(
            {problem.code, stated} & set(known_problems.texts), content["paper"]
        )


def _toml(file: Path, known_problems: CourseProblems) -> None:
    """A problem file. A TOML file with neither a shape nor values is something else and passed over."""
    try:
        problem = problem_file.read(file)
        text = file.read_text(encoding="utf-8-sig")
    except ByhandError as error:
        said = str(error)
        if "shape is missing" not in said or "values is missing" not in said:
            known_problems.complaints += error.faults
        return
    _place(file, problem, text, known_problems, "")


def _place(file: Path, problem: Problem, text: str, known_problems: CourseProblems, stated: str) -> None:
    """Put a problem under its code, and under the code of the sheets that were printed before it was corrected."""
    in_name = CODE.search(file.stem)
    printed = in_name.group() if in_name else stated
    origin = str(file)
    if CODE.fullmatch(printed) and printed != problem.code:
        known_problems.notes.append(
            f"{file}: taken as the corrected key of {printed}; its own code is now {problem.code}"
        )
        known_problems.put(printed, problem, text, origin)
    known_problems.put(problem.code, problem, text, origin)
