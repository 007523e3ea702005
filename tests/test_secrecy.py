"""What must not get out: keys and seeds on worksheets, in files that others may read, or by way of a page."""

import html
import json
import os
import re
import stat
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pikepdf
import pypdf
import pytest
from click.testing import CliRunner
from weasyprint import urls

import byhand
import templates
from answer_keys.problems import load
from answer_keys.solution import solve
from exercises.common import files
from exercises.printing import pdf
from grader.export import scorm
from grader.practice.numbers import practised
from grader.practice.site import site_files
from grader.services import SERVICES

SEED = "Xq7-the-secret-of-this-set"
SET = f"""
title = "Secret"
seed = "{SEED}"
[[exercise]]
kind = "chain"
shape = [2, 2, 1]
[[exercise]]
kind = "composite"
"""


TEMPLATES = ("--template", "txt", "--template", "csv", "--template", "md", "--template", "xlsx")


def run(*args):
    result = CliRunner().invoke(byhand.main, [str(a) for a in args])
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A set for two students, and a problem drawn alone."""
    top = tmp_path_factory.mktemp("secret")
    (top / "set.toml").write_text(SET, encoding="utf-8")
    (top / "roster.csv").write_text("name,id\nAda,1\nAlan,2\n", encoding="utf-8")
    run("generate", top / "set.toml", "--roster", top / "roster.csv", "--out", top / "out")
    run(
        "generate",
        "--shape",
        "2-2-1",
        "--seed",
        SEED,
        "--html",
        "--for",
        "both",
        *TEMPLATES,
        "--out",
        top / "alone",
    )
    return top


def everything_in(path):
    """All bytes of a PDF, its streams unpacked, its strings decoded."""
    parts = [path.read_bytes()]
    with pikepdf.open(path) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Stream):
                parts.append(one.read_bytes())
            parts.append(str(one).encode())
        assert "/EmbeddedFiles" not in pdf.Root.get("/Names", {})
        assert "/OpenAction" not in pdf.Root
        for field in pdf.Root.AcroForm.Fields if "/AcroForm" in pdf.Root else ():
            assert not str(field.get("/V", "")), field.T
    return b"\n".join(parts)


def strings_in(path):
    """Every text in a PDF that is no page's: metadata, values, tooltips, titles, what is said aloud."""
    with pikepdf.open(path) as pdf:
        waiting, seen = list(pdf.objects), []
        while waiting:
            one = waiting.pop()
            if isinstance(one, pikepdf.String):
                seen.append(str(one))
            elif isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
                waiting += [value for value in one.values() if not getattr(value, "is_indirect", False)]
            elif isinstance(one, pikepdf.Array):
                waiting += [value for value in one if not getattr(value, "is_indirect", False)]
        return seen


def right_numbers(problem):
    """The answers, as they would be printed; those that are given anyway prove nothing."""
    given = {f"{value.normalize():f}" for value in problem.values.values()}
    solution = solve(problem)
    shown = {solution.shown(step.quantity).lstrip("−-") for step in problem.graph.asked_steps}
    return {text for text in shown if len(text) > 4} - given


def test_no_worksheet_tells_the_seed_the_key_or_another_students_numbers(made):
    keys = {path: load(str(path)) for path in (made / "out" / "keys").iterdir()}
    with (made / "out" / "manifest.csv").open(encoding="utf-8") as file:
        rows = [line.split(",") for line in file.read().splitlines()[1:]]
    for booklet in (made / "out" / "booklets").iterdir():
        data = everything_in(booklet)
        whose = booklet.name[0]
        assert SEED.encode() not in data
        text = "".join(page.extract_text() for page in pypdf.PdfReader(booklet).pages)
        for _, _, _, code, _ in (row for row in rows if row[0] != whose):
            assert code.encode() not in data
        own = {row[3] for row in rows if row[0] == whose}
        for problem in (p for p in keys.values() if p.code in own):
            said = text + " ".join(strings_in(booklet))
            assert not [number for number in right_numbers(problem) if number in said]
    for path in (made / "out" / "manifest.csv", made / "out" / "policy.toml"):
        assert not path.exists() or SEED.encode() not in path.read_bytes()


def test_no_sheet_in_any_form_tells_the_seed_or_a_right_number(made):
    """To fill in on the screen or by hand, as a page, and those to type answers into: text, values, tooltips, metadata."""
    (key,) = (made / "alone").glob("*-key.json")
    right = right_numbers(load(str(key)))
    assert len(right) > 10
    sheets = [*(made / "alone").glob("*-worksheet.*"), *(made / "alone").glob("*-answers.*")]
    assert {path.suffix for path in sheets} == {".pdf", ".html", ".txt", ".csv", ".md", ".xlsx"}
    assert len(sheets) == 6
    for path in sheets:
        if path.suffix == ".pdf":
            assert SEED.encode() not in everything_in(path)
            pages = pypdf.PdfReader(path).pages
            said = "".join(page.extract_text() for page in pages) + " ".join(strings_in(path))
        elif path.suffix == ".xlsx":
            with ZipFile(path) as book:
                said = "\n".join(book.read(name).decode() for name in book.namelist())
        else:
            said = path.read_text(encoding="utf-8-sig")
        assert SEED not in said
        assert str(made) not in said
        assert not [number for number in right if number in said], path.name


@pytest.fixture(scope="module")
def site(made):
    """The practice page of the set that the students have, and of a problem that a course has too."""
    (key,) = (made / "alone").glob("*-key.json")
    file = made / "practised.toml"
    file.write_text(f'{SET}[[exercise]]\nproblem = "{key}"\n', encoding="utf-8")
    called, exercises = practised((str(file),), 2, SERVICES)
    return site_files(called, exercises, {"core.zip": b"core"}), exercises, load(str(key))


def test_a_practice_page_tells_no_seed_no_student_and_no_number_that_counts(made, site):
    """It holds the solver, and says so; but nothing of what students are marked on, nor of whoever made it."""
    files, exercises, given = site
    taken = {load(str(path)).code for path in (made / "out" / "keys").iterdir()} | {given.code}
    whole = {name: text if isinstance(text, str) else text.decode() for name, text in files.items()}
    for name, text in whole.items():
        for told in (SEED, str(made), made.name, "Alan", *taken):
            assert told not in text, (name, told)
    assert len(exercises) == 3
    for n, exercise in enumerate(exercises, 1):
        page = json.loads(files[f"data/{n}.json"])
        for own in exercise.problems:
            assert own.values != given.values
            shown = json.dumps([page["shared"], *(one for one in page["each"] if one["code"] == own.code)])
            assert not [number for number in right_numbers(own) if f'"{number}"' in shown], n
    assert "The page holds the solver" in files["index.html"]


def test_a_package_for_a_learning_system_holds_the_page_and_nothing_else(site):
    files, *_ = site
    data = scorm.package("Week 2", files)
    with ZipFile(BytesIO(data)) as packed:
        assert sorted(packed.namelist()) == sorted([*files, "imsmanifest.xml"])
        assert not packed.comment
        for one in packed.infolist():
            assert (one.extra, one.comment, one.date_time) == (b"", b"", (1980, 1, 1, 0, 0, 0))
            if one.filename != "imsmanifest.xml":
                content = files[one.filename]
                assert packed.read(one) == (content.encode() if isinstance(content, str) else content)
        assert SEED not in packed.read("imsmanifest.xml").decode()


def test_what_teachers_upload_is_for_its_owner_only_until_then(tmp_path):
    for system, name in (("moodle", "quiz.xml"), ("canvas", "quiz.zip")):
        run("export", "--to", system, "huddar-1", "--out", tmp_path / name)
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="other modes there")
def test_keys_and_secrets_are_for_their_owner_only(made, tmp_path):
    secret = [p for p in made.rglob("*") if p.is_file() and ("-key" in p.name or p.name == "all-keys.pdf")]
    assert len(secret) > 8
    run("new", tmp_path / "set.toml")
    for path in (*secret, tmp_path / "set.toml"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    for path in (*made.rglob("*worksheet.pdf"), *(made / "out" / "booklets").iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) & 0o044 == 0o044, path


def test_every_page_keeps_to_itself(made, tmp_path):
    """No script, nothing fetched, and a policy that would forbid both."""
    (tmp_path / "a.txt").write_text(
        "name: <script>alert(1)</script><img src=http://x/y>\na3 = 0.755\n", encoding="utf-8"
    )
    run("grade", "huddar-1", tmp_path / "a.txt", "--out", tmp_path / "feedback")
    run("solve", "huddar-1", "--html", tmp_path / "solution.html")
    pages = [*tmp_path.rglob("*.html"), *made.rglob("*.html")]
    assert len(pages) >= 4
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert "<script" not in text
        assert not re.search(r"<[^>]*(?:src|href)=[\"']?(?!data:)\w+:", text), path
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
        assert "default-src 'none'" in policy[1]
        assert "script-src" not in policy[1]


def test_what_was_left_half_written_is_tidied_up_and_nothing_else(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    left = tmp_path / f"{files._OURS}{ended.stdout.strip()}-abc"
    mine = tmp_path / f"{files._OURS}{os.getpid()}-abc"
    other = tmp_path / ".byhand-other"
    for path in (left, mine, other):
        path.write_text("half", encoding="utf-8")
    files.make_folder(tmp_path)
    assert [path.exists() for path in (left, mine, other)] == [False, True, True]


def test_every_page_that_we_write_begins_with_a_policy():
    """All of them: there is no other place in which a page begins."""
    house = Path(byhand.__file__).parent
    places = [
        p for top in ("answer_keys", "exercises", "grader", "templates") for p in (house / top).rglob("*")
    ]
    places = [p for p in places if p.suffix in {".py", ".html", ".js"} and "runtime" not in p.parts]
    pages = {p.name: p.read_text(encoding="utf-8") for p in places}
    begun = {name for name, text in pages.items() if re.search(r"<!doctype html>", text, re.IGNORECASE)}
    printed = {
        "drawing_png.py",
        "paper_legend.html",
        "page_numbers.py",
    }  # laid out as a PDF, and never written
    assert begun - printed == {"base.html", "review.html", "index.html"}
    for name in begun - printed:
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', pages[name])
        assert policy[1].startswith("default-src 'none'; ")
        assert "base-uri 'none'" in policy[1]
        assert "form-action 'none'" in policy[1]
        assert "script-src 'unsafe-inline'" not in policy[1]


REACHING = (
    "<img src='{}'/>", "</style><link rel='stylesheet' href='{}'/>", "url({})", "<object data='{}'></object>",
    "</title><script src='{}'></script>", "&lt;img src='{}'&gt;", "]]><svg><image href='{}'/></svg>", "$${}$$",
    "'); background: url('{}", "<a rel='attachment' href='{}'>x</a>", "<base href='{}'/>",
)  # fmt: skip


@pytest.mark.slow
def test_nothing_is_fetched_whatever_stands_in_titles_names_and_instructions(tmp_path, monkeypatch):
    """Neither from a network nor from a disk: all that a page needs are our own fonts."""
    asked, real = [], urls.URLFetcher.fetch

    def fetch(own, url, *rest):
        asked.append(url)
        return real(own, url, *rest)

    monkeypatch.setattr(urls.URLFetcher, "fetch", fetch)
    pdf._engine.cache_clear()
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    places = "http://127.0.0.1:9/x.png", (tmp_path / "secret.txt").as_uri()
    texts = [words.format(places[n % 2]) for n, words in enumerate(REACHING)]
    whole = json.dumps(" ".join(texts))
    (tmp_path / "set.toml").write_text(
        f"title = {json.dumps(texts[0])}\nseed = 's'\ncourse = {json.dumps(texts[1])}\ninstructions = {whole}\n"
        f"[[exercise]]\nkind = 'composite'\n[[exercise]]\nquestion = {whole}\nlines = 2\n",
        encoding="utf-8",
    )
    people = "".join(f'"{text}",{n}\n' for n, text in enumerate(texts))
    (tmp_path / "roster.csv").write_text(f"name,id\n{people}", encoding="utf-8")
    run("generate", tmp_path / "set.toml", "--roster", tmp_path / "roster.csv", "--out", tmp_path / "set")
    sheets = [{"name": text, "a3": text, "y3": f"0.5 {text}", "y4": "0.68"} for text in texts]
    (tmp_path / "a.json").write_text(json.dumps(sheets), encoding="utf-8")
    said = CliRunner().invoke(
        byhand.main, ["grade", "huddar-1", str(tmp_path / "a.json"), "--out", str(tmp_path / "f")]
    )
    assert said.exit_code == 1, said.output  # what is no number is told
    printed = [*(tmp_path / "set").rglob("*.pdf"), *(tmp_path / "f").glob("*.pdf")]
    assert len(printed) > 2 * len(texts)
    for path in printed:
        data = everything_in(path)
        for object_name in (b"/Launch", b"/EmbeddedFile", b"/GoToR", b"/SubmitForm", b"/JavaScript", b"/URI"):
            assert object_name not in data, path
    reaching = re.compile(
        r"<[^>]*\s(?:src|href|data)\s*=(?!\s*[\"']?data:)|@import|url\((?!data:|[\"']?data:)"
    )
    for path in (tmp_path / "f").glob("*.html"):
        assert not reaching.search(html.unescape(TEXT.sub("", path.read_text(encoding="utf-8")))), path
    fonts = f"{templates.FOLDER.as_uri()}/"
    assert [url for url in asked if not url.startswith((fonts, "data:"))] == []
    assert any(url.startswith(fonts) for url in asked), "nothing was looked at"


TEXT = re.compile(r"(?<=>)[^<]+(?=<(?!/style))|(?<==\")[^\"]*(?=\")")  # what is no tag and no style


def test_a_page_that_names_something_elsewhere_is_laid_out_without_it(tmp_path, monkeypatch, caplog):
    """Should anything of it ever get into a page unescaped."""
    page = "<html><head><meta charset='utf-8'/>{}</head><body><p>Here.</p>{}</body></html>"
    pdf.write_pdf(page.format("", ""))
    opened = []
    monkeypatch.setattr(
        "urllib.request.OpenerDirector.open", lambda _, asked, *__, **___: opened.append(asked)
    )
    (tmp_path / "x.png").write_bytes(b"x")
    for place in ("http://127.0.0.1:9/x.png", (tmp_path / "x.png").as_uri(), "ftp://127.0.0.1/x"):
        inside = f"<img src='{place}'/><svg><image href='{place}'/></svg><object data='{place}'></object>"
        made = pdf.write_pdf(page.format(f"<link rel='stylesheet' href='{place}'/>", inside))
        assert "Here." in pypdf.PdfReader(BytesIO(made)).pages[0].extract_text()
        assert "disallowed protocol" in caplog.text
        caplog.clear()
    assert opened == []
