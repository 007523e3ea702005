"""The floor plan of the house, read off its imports: packages, the modules in them, and who imports whom."""

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
# From the bottom up. A package imports from those before it, and from itself; nothing points up.
ORDER = (
    "templates",
    "exercises.common",
    "exercises.formulas",
    "exercises.networks",
    "exercises.problems",
    "exercises.drawing",
    "exercises.figures",
    "exercises.printing",
    "exercises.printing.press",
    "exercises.pages",
    "exercises.paper",
    "exercises",
    "answer_keys.published",
    "answer_keys",
    "grader.scans",
    "grader.answers",
    "grader.files.labels",
    "grader.files.guarded",
    "grader.files.extraction",
    "grader.files.tables",
    "grader.files.forms",
    "grader.files",
    "grader.mistakes",
    "grader.judging",
    "grader.working",
    "grader.diagnosis",
    "grader.handwriting",
    "grader.questions",
    "grader.feedback",
    "grader.handback",
    "grader.ambiguity",
    "grader.stacks",
    "grader.course.people",
    "grader.course.placing",
    "grader.course.work",
    "grader.course.results",
    "grader.course",
    "grader.class_report",
    "grader.practice.standin",
    "grader.practice",
    "grader.export",
    "grader",
    "byhand",
)
TOPS = tuple(dict.fromkeys(name.split(".")[0] for name in ORDER))
MODULES = sorted(
    path for top in TOPS for path in ([ROOT / "byhand.py"] if top == "byhand" else (ROOT / top).rglob("*.py"))
)


@cache
def tree(path):
    """A module, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def name_of(path):
    """The dotted name of a module."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def package(path):
    """The package that a module belongs to; an `__init__` belongs to its own."""
    parent = ".".join(path.relative_to(ROOT).parts[:-1])
    return parent or name_of(path)


@cache
def names():
    """The dotted names of all modules."""
    return frozenset(map(name_of, MODULES))


@cache
def imported(path):
    """The modules that a module imports, wherever in it, for typing too; names from packages as modules."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            found += [name if name in names() else node.module for name in inner]
    return found


def room(name, split=("grader",)):
    """The room of a package: a folder at the top of the house, or one in those that are split."""
    return ".".join(name.split(".")[: 2 if name.startswith(split) else 1])


@cache
def arrows(split=("grader",)):
    """Each room, and how many modules of which others its modules import."""
    own = {name_of(path): room(package(path), split) for path in MODULES}
    found = {here: defaultdict(int) for here in own.values()}
    for path in MODULES:
        here = own[name_of(path)]
        for name in set(imported(path)):
            if name in own and own[name] != here:
                found[here][own[name]] += 1
    return found


def floors(split=("grader",)):
    """The floor of each room: one above the highest of those that it imports."""
    found = arrows(split)

    @cache
    def floor(name):
        return 1 + max((floor(below) for below in found[name]), default=0)

    return {name: floor(name) for name in found}
