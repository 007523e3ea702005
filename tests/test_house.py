"""Rules of the house: imports point down only, nothing evaluates text, modules stay short, all is explained."""

import ast
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from house import MODULES, ORDER, ROOT, TOPS, floors, imported, package, tree

from exercises.common import metrics
from exercises.printing import pdf

LONGEST = 330
FLOORS = 10
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
SPELT = {  # where a library is imported by another name than it is installed by
    "fonttools": "fontTools",
    "opencv-python-headless": "cv2",
    "zxing-cpp": "zxingcpp",
    "pillow": "PIL",
    "pillow-heif": "pillow_heif",
}
FOR_DEVELOPERS = {"dev", "fuzz", "dask", "train"}  # extras whose libraries no module imports by name


def each_module(test):
    """A test of every module, one case a package."""

    @pytest.mark.parametrize("name", ORDER)
    def of_a_package(name):
        for path in MODULES:
            if package(path) == name:
                test(path)

    of_a_package.__name__, of_a_package.__doc__ = test.__name__, test.__doc__
    return of_a_package


def test_the_order_names_every_package_and_no_other():
    assert len(MODULES) > 50
    assert {package(path) for path in MODULES} == set(ORDER)
    assert len(set(ORDER)) == len(ORDER)


@each_module
def test_imports_point_down_only(path):
    """Those for typing too; so there is no circle of packages either."""
    before = ORDER[: ORDER.index(package(path)) + 1]
    for name in imported(path):
        top = name.split(".")[0]
        assert top not in {"tests", "benchmarks"}, name
        inner = name if name in ORDER else name.rpartition(".")[0]
        assert top not in TOPS or inner in before, name


def test_no_module_imports_itself_by_way_of_others():
    """No circle inside a package either."""
    names = {
        ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p for p in MODULES
    }
    below = {name: {n for n in imported(path) if n in names and n != name} for name, path in names.items()}
    while leaves := [name for name, others in below.items() if not others & set(below)]:
        for name in leaves:
            del below[name]
    assert not below, f"in a circle, or above one: {sorted(below)}"


def test_the_house_has_few_floors():
    """Rooms are the folders at the top, those in `grader`, and its commands."""
    assert max(floors().values()) <= FLOORS


@pytest.mark.parametrize("name", ORDER)
def test_each_package_says_what_lives_there_and_what_may_be_touched(name):
    if name == "byhand":
        return
    text = ast.get_docstring(tree(ROOT / name.replace(".", "/") / "__init__.py"))
    assert text.count(".") >= 2, name


def test_a_class_name_stands_once():
    places = {}
    for path in MODULES:
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(path.relative_to(ROOT).as_posix())
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


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
        "exercises/common/processes.py": {"multiprocessing"},  # processes started afresh
        "answer_keys/set_commands.py": {"secrets"},  # a problem set's own secret
        "grader/files/guarded/guard.py": {"subprocess"},  # see the next test
        "grader/files/guarded/unpack_pdf.py": {"ctypes"},  # runs in the guarded process only
        "grader/questions/symbolic.py": {"random"},  # seeded with the problem's code
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
    if path.relative_to(ROOT).as_posix() != "grader/files/guarded/guard.py":
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
    assert ast.literal_eval(start.value) == "from grader.files.guarded.worker import main; main()"
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
    assert set(build) == {*TOPS[:-1], "byhand.py"}


def outside(paths):
    """The libraries that modules import, wherever in them, with the standard one left out."""
    names = {name.split(".")[0] for path in paths for name in imported(path)}
    return names - set(sys.stdlib_module_names) - set(TOPS)


def declared():
    """The libraries of `pyproject.toml` by what is imported of them: those of the product, of its extras, and all."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    lists = {"": project["dependencies"], **project["optional-dependencies"]}
    found = {
        extra: {SPELT.get(n := re.match(r"[\w-]+", entry)[0], n) for entry in entries}
        for extra, entries in lists.items()
    }
    more = [libraries for extra, libraries in found.items() if extra not in FOR_DEVELOPERS]
    return found[""], set().union(*more), set().union(*found.values()) - {project["name"]}


def test_every_library_that_is_imported_is_declared_and_no_other():
    """WeasyPrint's own objects are asked for behind its door, by name."""
    own, optional, every = declared()
    assert own <= outside(MODULES) | {"weasyprint"} <= optional
    rest = [path for top in ("tests", "benchmarks", ".ci") for path in (ROOT / top).rglob("*.py")]
    beside = {path.stem for path in rest} | {"tests", "benchmarks"}
    assert outside(rest) - beside <= every


@each_module
def test_there_is_one_door_to_weasyprint(path):
    behind = {"weasyprint", "pydyf", "cssselect2", "tinycss2", "tinyhtml5"}
    words = {
        n.value.split(".")[0]
        for n in ast.walk(tree(path))
        if isinstance(n, ast.Constant) and isinstance(n.value, str)
    }
    found = (words | {name.split(".")[0] for name in imported(path)}) & behind
    assert found == ({"weasyprint"} if path.name == "weasy.py" else set())


def test_a_measure_of_the_page_stands_once_and_is_used():
    """In `metrics`; modules and style sheets get it from there. Round numbers may mean something else."""
    own = {name: value for name, value in vars(metrics).items() if name.isupper()}
    home = ROOT / "exercises/common/metrics.py"
    texts = [path.read_text(encoding="utf-8") for path in MODULES if path != home]
    sheet = (ROOT / "templates/style.css").read_text(encoding="utf-8")
    used = Counter(re.findall(r"\w+", " ".join([*texts, sheet.upper(), home.read_text(encoding="utf-8")])))
    assert not [name for name in own if used[name] < 2]
    assert len(re.findall(r"\$\{\w+\}", sheet)) > 40
    telling = ("TEXT_WIDTH", "TITLE_SIZE", "TEXT_SIZE", "LABEL_SIZE", "BOXED_SIZE", "SECTION_TITLE")
    for number in (str(own[name]) for name in telling):
        alone = rf"(?<![\d.]){re.escape(number)}(?!\d)"
        assert not [text for text in texts if number in text and re.search(alone, text)], number
    assert "$" not in pdf.style()
    assert metrics.named()["rule_beside"] == "1.8"
    assert metrics.named()["sentences_above"] == ".3"


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
