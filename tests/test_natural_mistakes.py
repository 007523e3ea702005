"""What people try first: each natural mistake is answered by one sentence that says what to do instead."""

import pytest
from click.testing import CliRunner

from answer_keys import published
from byhand import main

OWN = published.text("huddar-1")
NAMED = {
    "own.toml": OWN,
    "set.toml": 'seed = "s"\n[[exercise]]\nkind = "chain"\n',
    "wrong-set.toml": 'seed = "s"\n[[exercise]]\nkind = "chian"\nplaecs = 3\n',
    "single.toml": 'seed = "s"\n[exercise]\nkind = "chain"\n',
    "empty.toml": "",
    "broken.toml": 'title = "x\n',
    "roster.csv": "name,id\nAda,1\n",
    "answers.txt": "a3 = 0.5\n",
    "answers.json": '{"a3": 1}',
    "sheet.pdf": "%PDF-1.7\n",
    "folder/answers.txt": "a3 = 0.5\n",
}
EXPECTED = "expected a problem file (.toml), an answer key (.json) or a shipped name such as huddar-1"
MISTAKES = [
    # generate: what is named
    ("generate nosuch.toml", "nosuch.toml: neither a file nor a shipped exercise; the shipped ones are"),
    ("generate huddar1", "did you mean huddar-1?"),
    ("generate Huddar-1", "did you mean huddar-1?"),
    ("generate folder", f"folder: a folder; {EXPECTED}"),
    ("generate sheet.pdf", f"sheet.pdf: a PDF; {EXPECTED}"),
    ("generate roster.csv", f"roster.csv: neither a problem file nor an answer key; {EXPECTED}"),
    (
        "generate answers.json",
        "answers.json: no byhand answer key; expected a file written by byhand generate",
    ),
    (
        "generate empty.toml",
        "empty.toml: neither a problem (it has no shape and no [values]) nor a problem set",
    ),
    ("generate broken.toml", "broken.toml: not valid TOML"),
    ("generate single.toml", "exercise: expected tables that begin with [[exercise]]"),
    ("generate 2-2-1", "`byhand generate --shape 2-2-1` draws such a problem"),
    ("generate chain", "`byhand generate --kind chain` draws such a problem"),
    # generate: options that do not go with it
    (
        "generate own.toml --seed 3",
        "--seed: own.toml is printed as it is, and nothing is drawn; leave that out",
    ),
    ("generate own.toml --kind chain --no-bias", "--kind, --bias/--no-bias: own.toml is printed as it is"),
    (
        "generate own.toml --count 1",
        "(what goes with it: --out, --paper, --for, --layout, --scratch, --copy-sheet, --html, --template, ",
    ),
    ("generate huddar-1 --roster roster.csv", '[[exercise]] and below it problem = "huddar-1"'),
    ("generate set.toml --shape 2-2-1", "--shape: the set says that, for each exercise; write it there"),
    (
        "generate set.toml --html",
        "(what goes with it: --roster, --out, --paper, --for, --layout, --scratch, --title)",
    ),
    ("generate set.toml --roster nosuch.csv", "nosuch.csv: cannot be read"),
    ("generate set.toml --roster set.toml", "set.toml: no header with the columns name and id"),
    ("generate --roster roster.csv", "--roster goes with a problem set; byhand new writes one to start from"),
    # words that are misspelt
    ("generate --kind chian", "'optimizer'; did you mean chain?"),
    ("generate --kind fullpass", "did you mean full-pass?"),
    ("generate --activation sigmoyd", "did you mean sigmoid?"),
    ("generate --loss mse", "'mse' is not one of 'half-squared-error'"),
    ("generate --shape 2,2,1", "expected unit counts such as 2-2-1"),
    ("genrate", "no such command “genrate”; did you mean generate?"),
    ("draw", "no such command “draw”; expected one of new, generate, solve, grade"),
    # solve, check, explain
    ("solve set.toml", "set.toml: a problem set, not a problem; `byhand generate set.toml --out FOLDER`"),
    ("solve answers.txt", "answers.txt: neither a problem (it has no shape and no [values])"),
    ("check folder", f"folder: a folder; {EXPECTED}"),
    ("check sheet.pdf", "byhand generate writes both files beside each worksheet"),
    ("explain delta", "delta: no mistake has this code; expected one of A01"),
    ("explain huddar-1", "(byhand explain lists them all)"),
    # export
    ("export own.toml", "Missing option '--to'"),
    (
        "export --to blackboard own.toml",
        "'blackboard' is not one of 'moodle', 'canvas', 'new-quizzes', 'brightspace', 'gradescope'",
    ),
    (
        "export --to moodle folder",
        "folder: no problem file (.toml) and no answer key (…-key.json) in this folder",
    ),
    ("export --to moodle set.toml", "set.toml: a problem set, not a problem"),
    (
        "export --to moodle own.toml --out quiz.zip",
        "quiz.zip: moodle takes a .xml file; name it so, or name a folder",
    ),
    ("export --to canvas answers.txt", "answers.txt: neither a problem"),
    # grade
    (
        "grade answers.txt own.toml",
        "the problem comes first, and then what was handed in: byhand grade own.toml answ",
    ),
    ("grade answers.txt huddar-1", "byhand grade huddar-1 answers.txt"),
    ("grade set.toml answers.txt", "FOLDER is what to grade by"),
    ("grade folder answers.txt", "folder: no answer keys (*.json) or problem files (*.toml) in this folder"),
    ("grade own.toml", "Missing argument 'SUBMISSION…'"),
    ("grade nosuch answers.txt", "nosuch: neither a file nor a shipped exercise"),
]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with what somebody may have at hand, and the folder that one is in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    for name, text in NAMED.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def call(line):
    return CliRunner().invoke(main, line.split())


@pytest.mark.parametrize(("line", "told"), MISTAKES, ids=[line for line, _ in MISTAKES])
def test_a_natural_mistake_is_answered_by_one_sentence(here, line, told):
    before = sorted(here.rglob("*"))
    result = call(line)
    said = " ".join(result.stderr.split())
    assert result.exit_code == 2, result.output
    assert told in said
    assert said.count("Error:") == 1
    assert "stumbled" not in said
    assert sorted(here.rglob("*")) == before, "nothing is written"


def test_each_fault_of_a_set_is_told_at_once(here):
    said = call("generate wrong-set.toml").stderr
    assert "exercise 1: plaecs is unknown; did you mean places?" in said
    assert "did you mean chain?" in said
    assert sorted(p.name for p in here.iterdir()) == sorted({name.partition("/")[0] for name in NAMED})


@pytest.mark.parametrize(
    "line",
    [
        "generate --kind Full-Pass --activation Sigmoid --shape 1-1 --out out",
        "export --to Moodle own.toml --out out.xml",
        "generate huddar-1 --title Mine --paper Letter --out out",
        "explain h1",
    ],
)
def test_what_is_meant_beyond_doubt_is_done(here, line):
    assert call(line).exit_code == 0
    assert (here / "own.toml").read_text(encoding="utf-8") == OWN


def test_a_set_obeys_paper_and_title(here):
    assert call("generate set.toml --paper letter --title Friday --out out").exit_code == 0
    import pypdf

    page = pypdf.PdfReader(here / "out" / "booklets" / "booklet.pdf").pages[0]
    assert abs(float(page.mediabox.width) - 612) < 1
    assert "Friday" in page.extract_text()
    assert call("export --to canvas out/keys --skip-small --out quiz.zip").exit_code == 0
    assert (here / "quiz.zip").is_file()


def test_a_key_by_another_name_is_a_key_all_the_same(here):
    assert call("generate huddar-1 --out out").exit_code == 0
    (key,) = (here / "out").glob("*-key.json")
    key.rename(here / "key.txt")
    assert call("solve key.txt").output == call("solve huddar-1").output
