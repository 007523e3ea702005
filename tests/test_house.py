"""Rules of the house: imports point down only, nothing evaluates text, modules stay short, all is explained."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = ("templates", "exercises", "answer_keys", "grader", "byhand")
MODULES = sorted(
    path
    for package in ORDER
    for path in ([ROOT / "byhand.py"] if package == "byhand" else (ROOT / package).rglob("*.py"))
)
LONGEST = 330
TABLES = "grader/mistakes"  # the catalogue: tables, not code
FORBIDDEN = {"eval", "exec", "compile", "sympify", "parse_expr", "lambdify", "__import__", "parse_latex"}
NOT_IMPORTED = {
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "random",
    "secrets",
    "subprocess",
    "multiprocessing",
    "ctypes",
    "pty",
    "socket",
    "urllib",
    "requests",
}
each_module = pytest.mark.parametrize("path", MODULES, ids=[str(p.relative_to(ROOT)) for p in MODULES])


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path):
    """The modules that a module imports, wherever in it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module


def package(path):
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def test_the_modules_are_found():
    assert len(MODULES) > 50
    assert {package(path) for path in MODULES} == set(ORDER)


@each_module
def test_imports_point_down_only(path):
    own = ORDER.index(package(path))
    for name in imported(path):
        top = name.split(".")[0]
        assert top not in {"tests", "benchmarks"}, name
        assert top not in ORDER or ORDER.index(top) <= own, name


@each_module
def test_no_text_is_ever_evaluated(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            regular = (
                name == "compile" and isinstance(node.func, ast.Attribute) and node.func.value.id == "re"
            )
            assert name not in FORBIDDEN or regular, f"line {node.lineno}: {name}"


@each_module
def test_nothing_is_unpickled_fetched_or_drawn_from_an_unpinned_generator(path):
    found = {name.split(".")[0] for name in imported(path)} & NOT_IMPORTED
    allowed = {
        "answer_keys/commands.py": {"secrets"},  # a seed where none is given
        "exercises/pool.py": {"multiprocessing"},  # processes started afresh
        "answer_keys/set_commands.py": {"secrets"},  # a problem set's own secret
        "grader/formats/guard.py": {"subprocess"},  # see the next test
        "grader/formats/unpack_pdf.py": {"ctypes"},  # runs in the guarded process only
        "grader/symbolic.py": {"random"},  # seeded with the problem's code
    }
    assert found <= allowed.get(str(path.relative_to(ROOT)), set())
    assert all(len(n.args) == 1 for n in ast.walk(tree(path)) if is_call_of(n, "random.Random"))
    uses = [
        n for n in ast.walk(tree(path)) if isinstance(n, ast.Attribute) and ast.unparse(n.value) == "random"
    ]
    assert {n.attr for n in uses} <= {"Random"}


def is_call_of(node, name):
    return isinstance(node, ast.Call) and ast.unparse(node.func) == name


@each_module
def test_no_program_is_started_but_our_own_reader_by_fixed_words(path):
    """`os.system` and its like nowhere; the guard starts this very Python with constants, and no shell."""
    nodes = [
        n for n in ast.walk(tree(path)) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)
    ]
    named = [n.attr for n in nodes if n.value.id == "os"]
    starts = ("system", "popen", "exec", "spawn", "posix_spawn", "fork", "startfile")
    assert not [name for name in named if name.startswith(starts)]
    if path.relative_to(ROOT).as_posix() != "grader/formats/guard.py":
        return
    assert list(imported(path)).count("subprocess") == 1  # as a module, under its own name
    calls = [
        n for n in ast.walk(tree(path)) if isinstance(n, ast.Call) and "subprocess." in ast.unparse(n.func)
    ]
    (call,) = calls
    assert ast.unparse(call.func) == "subprocess.Popen"
    (arguments,) = call.args
    assert ast.unparse(arguments) == "[sys.executable, '-P', '-c', _START]"
    assert {k.arg for k in call.keywords} == {"stdin", "stdout", "stderr", "env"}  # no shell, cwd or **
    (start,) = [
        n for n in ast.walk(tree(path)) if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == "_START"
    ]
    assert ast.literal_eval(start.value) == "from grader.formats.worker import main; main()"
    assert len([n for n in ast.walk(tree(path)) if isinstance(n, ast.Name) and n.id == "_START"]) == 2


@each_module
def test_modules_are_short(path):
    if not str(path.relative_to(ROOT)).startswith(TABLES):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@each_module
def test_whatever_is_public_is_explained(path):
    module = tree(path)
    assert ast.get_docstring(module)
    scopes = [module, *(n for n in module.body if isinstance(n, ast.ClassDef) and not n.name.startswith("_"))]
    for scope in scopes:
        for node in scope.body:
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"line {node.lineno}: {node.name}"


@each_module
def test_files_are_opened_as_utf_8(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"read_text", "write_text"}:
            assert any(k.arg == "encoding" for k in node.keywords), f"line {node.lineno}"


def test_the_wheel_holds_every_package_and_no_other():
    with (ROOT / "pyproject.toml").open("rb") as file:
        build = tomllib.load(file)["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    assert set(build) == {*ORDER[:-1], "byhand.py"}


def test_a_test_that_cannot_fail_is_no_test():
    for path in Path(__file__).parent.glob("test_*.py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                assert any(isinstance(n, (ast.Assert, ast.With, ast.Call)) for n in ast.walk(node)), (
                    f"{path.name}: {node.name}"
                )
                assert not any(
                    isinstance(n, ast.Assert) and isinstance(n.test, ast.Constant) for n in ast.walk(node)
                )
