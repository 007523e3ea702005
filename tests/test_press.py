"""The press prints what a layout would, whatever the numbers; alone or among many, and in whatever process."""

import io
import re
import shutil
import subprocess
from concurrent.futures import Executor, Future, ProcessPoolExecutor

import pikepdf
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import drawn, made, network

from answer_keys import problem_set, production
from answer_keys.booklets import cover_pdf
from answer_keys.key_page import marked_key
from answer_keys.owner import Owner
from answer_keys.solution import solve
from exercises.common.processes import spread
from exercises.common.slots import MARK, slot
from exercises.drawing.draw import Order
from exercises.pages import worksheet_page
from exercises.printing import pdf
from exercises.printing.merge import merge
from exercises.printing.press.press import CODES, Press
from exercises.printing.press.shaping import PAIRED, PLACEHOLDER
from exercises.problems.problem import _ALPHABET
from exercises.problems.recast import as_convention
from grader.judging.right_work import ranges

DPI = 100
LONG = "A title too long for one line, as titles sometimes are, with ½ and “quotes” & Größe"

pytestmark = pytest.mark.slow


def worksheet(problem, paper="a4", owner=None):
    return worksheet_page.marked_worksheet(problem, paper, owner), True, worksheet_page.keywords(problem)


def key(problem, paper="a4"):
    return marked_key(solve(problem), paper), False, worksheet_page.keywords(problem)


def marker(problem):
    page = marked_key(solve(problem), ranges=ranges([problem])[0])
    return page, False, worksheet_page.keywords(problem)


CASES = {
    "2-2-1": lambda: worksheet(drawn((2, 2, 1), seed="p1")),
    "3-2-1, no biases, layer notation, key on letter": lambda: key(
        drawn((3, 2, 1), "tanh", bias="no", seed="p2", notation="layer"), "letter"
    ),
    "2-2-2, relu": lambda: worksheet(drawn((2, 2, 2), "relu", bias="no", seed="p3")),
    "2-2-2-1": lambda: worksheet(drawn((2, 2, 2, 1), bias="no", seed="p5"), "letter"),
    "softmax, key": lambda: key(drawn((2, 2), "softmax", "cross-entropy", seed="p4")),
    "long numbers, many signs, key": lambda: key(made((2, 1), "silu", seed=3, places=9)),
    "key with a marker's sheet": lambda: marker(drawn((2, 2, 1), seed="p9")),
    "in symbols": lambda: worksheet(drawn((1, 1), seed="p6", symbolic=True, delta="negative-gradient")),
    "a long title, key": lambda: key(drawn((1, 1), seed="p6", title=LONG)),
    "steps of descent, key": lambda: key(made((1, 1), bias="no", kind="descent", steps=2)),
    "matrices": lambda: worksheet(made((2, 1), kind="matrix")),
    "somebody's key": lambda: (
        marked_key(solve(drawn((2, 2, 1), seed="p7")), owner="O’Neill, Sinéad · s1001"),
        False,
        (),
    ),
    "somebody's worksheet": lambda: worksheet(drawn((2, 2, 1), seed="p7"), owner="Sofía Griffin"),
    "numbers on lines of their own, key": lambda: key(drawn((4, 2, 1), seed="p9")),
    "a worked solution": lambda: worksheet(
        as_convention(drawn((2, 2, 2, 1), seed="p8", delta="negative-gradient"))
    ),
}
each_case = pytest.mark.parametrize("name", CASES)


@pytest.fixture(scope="module")
def press():
    return Press()


def plain(sheet):
    html, forms, keywords = sheet
    return pdf.write_pdf(html, forms=forms, keywords=keywords)


def pressed(press, sheet):
    html, forms, keywords = sheet
    before = press.plain
    data = press.pdf(html, forms=forms, keywords=keywords)
    assert press.plain == before, "it was laid out in the plain way"
    return data


def program(name, *options, data):
    if shutil.which(name) is None:
        pytest.skip(f"no {name} here")
    done = subprocess.run([name, *options], input=data, capture_output=True, check=True)
    assert not done.stderr
    return done.stdout


def tags(document):
    """The whole structure, and what each number of the parent tree leads to."""
    pages = {one.objgen: n for n, one in enumerate(document.pages)}

    def told(element):
        kids = [
            "mark"
            if isinstance(kid, int)
            else ("field", str(kid.Obj.T))
            if kid.get("/Type") == "/OBJR"
            else told(kid)
            for kid in element.K
        ]
        box = [round(float(v), 3) for v in element.A.BBox] if "/A" in element else None
        own = pages[element.Pg.objgen] if "/Pg" in element else None
        return str(element.S), own, str(element.get("/Alt", "")), box, kids

    root = document.Root.StructTreeRoot
    numbers = list(root.ParentTree.Nums)
    parents = [
        (int(n), [str(e.S) for e in found] if isinstance(found, pikepdf.Array) else str(found.S))
        for n, found in zip(numbers[::2], numbers[1::2], strict=True)
    ]
    return [told(one) for one in root.K], parents


def fields(document):
    form = document.Root.get("/AcroForm")
    return form and [
        (
            *(str(field[name]) for name in ("/T", "/TU", "/DA", "/V", "/FT", "/F")),
            int(field.get("/Ff", 0)),
            int(field.StructParent),
            [round(float(v), 3) for v in field.Rect],
        )
        for field in form.Fields
    ]


def outline(document):
    found = []

    def add(items, depth):
        for item in items:
            left, top = (round(float(v), 3) for v in list(item.destination)[2:4])
            found.append((depth, item.title, left, top))
            add(item.children, depth + 1)

    with document.open_outline() as items:
        add(items.root, 0)
    return found


def settings_of(document):
    return [
        {name: str(document.Root.get(name)) for name in ("/Lang", "/MarkInfo", "/ViewerPreferences")},
        dict(document.docinfo.items()),
        [
            [
                str(page.get(name))
                for name in ("/MediaBox", "/TrimBox", "/BleedBox", "/Tabs", "/StructParents")
            ]
            for page in document.pages
        ],
    ]


@each_case
def test_the_press_prints_what_a_layout_would(press, name):
    sheet = CASES[name]()
    expected, found = plain(sheet), pressed(press, sheet)
    with pikepdf.open(io.BytesIO(expected)) as one, pikepdf.open(io.BytesIO(found)) as other:
        assert not other.check_pdf_syntax()
        for read in (tags, fields, outline, settings_of):
            assert str(read(one)) == str(read(other))
    readers = [pypdf.PdfReader(io.BytesIO(data)) for data in (expected, found)]
    texts = [[page.extract_text() for page in reader.pages] for reader in readers]
    assert texts[0] == texts[1]
    for options in (["-raw"], ["-layout"]):
        shown = [program("pdftotext", *options, "-", "-", data=data) for data in (expected, found)]
        assert shown[0] == shown[1]
    images = [program("pdftoppm", "-r", str(DPI), "-gray", "-", data=data) for data in (expected, found)]
    assert images[0] == images[1]
    assert len(found) < len(expected) * 1.3


def test_where_a_title_is_broken_beside_a_name_the_footer_is_laid_out(press):
    problem = drawn((1, 1), seed="p6", symbolic=True, title=LONG)
    html, forms, keywords = sheet = worksheet(problem, owner="Ada Lovelace")
    before = press.plain
    assert press.pdf(html, forms=forms, keywords=keywords) == plain(sheet)
    assert press.plain == before + 1


@pytest.mark.quick
def test_bytes_do_not_depend_on_what_was_printed_before(press):
    sheets = [kind(drawn((1, 1), seed=f"d{n}")) for n in range(3) for kind in (worksheet, key)]
    among = [pressed(press, sheet) for sheet in sheets]
    assert among[-2:] == [pressed(Press(), sheet) for sheet in sheets[-2:]]
    assert len(set(among)) == len(sheets)


def test_what_is_known_is_not_laid_out_again(press, monkeypatch):
    for kind in (worksheet, key):
        pressed(press, kind(drawn((1, 1), seed="known 0")))
    monkeypatch.setattr("exercises.printing.press.page_template.laid_out", None)
    for kind in (worksheet, key):
        pressed(press, kind(drawn((1, 1), seed="known 2")))  # whose key says the same


STRANGE = {
    "a float": lambda html: html.replace("<header>", '<header style="float: left">', 1),
    "its own placeholder": lambda html: html.replace("network</h1>", f"network {PLACEHOLDER}</h1>", 1),
    "a mark too many": lambda html: html.replace("network</h1>", f"{MARK}network</h1>", 1),
    "numbers where nobody sees them": lambda html: html.replace("<header>", f'<header title="{slot(1)}">', 1),
    "a drawing of another kind": lambda html: html.replace('r="5.0"', 'r="5.0" opacity=".5"', 1),
    "a transparent number": lambda html: html.replace("<b>= ", '<b style="opacity: .5">= ', 1),
    "a footer that is out of reach": lambda html: html.replace("network</h1>", f"{'X' * 300}</h1>", 1),
    "a transparent line": lambda html: html.replace('class="about"', 'style="opacity: .5"', 1),
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_the_press_does_not_know_is_laid_out_in_the_plain_way(press, name, monkeypatch):
    html, _, keywords = key(drawn((1, 1), seed="strange"))
    changed = STRANGE[name](html)
    assert changed != html
    asked = []
    monkeypatch.setattr(
        "exercises.printing.press.press.write_pdf",
        lambda text, **options: asked.append((text, options)) or b"plain",
    )
    assert press.pdf(changed, keywords=keywords) == b"plain"
    assert asked == [(changed, {"forms": False, "keywords": keywords})]


def test_what_looks_like_a_mark_in_a_name_is_no_harm(press):
    problem = drawn((1, 1), seed="known 0")
    html, forms, keywords = worksheet(problem, owner=f"Ad{MARK}a{MARK} L")
    found = press.pdf(html, forms=forms, keywords=keywords)
    expected = plain(worksheet(problem, owner="Ada L"))
    texts = [program("pdftotext", "-raw", "-", "-", data=data) for data in (found, expected)]
    assert texts[0] == texts[1]


def boxes(data):
    return program("pdftotext", "-bbox", "-", "-", data=data).decode()


def named(data):
    """The picture of the line that says whose the first page is."""
    part = ["-x", "60", "-y", "155", "-W", "500", "-H", "35", "-l", "1"]
    return program("pdftoppm", "-r", "100", *part, "-gray", "-", data=data)


NAMES = (
    *("ليلى الخطيب · s1003", "דנה כהן · s17", "علی\u200cرضا · s4", "Иван Петров · s1", "Łukasz Żak · s2"),
    *("Nguyễn Văn Ánh · s3", "Αλέξης & Ωμέγα", "Zoë Efﬁ Ǆurić"),
)


def test_names_in_any_letters_come_from_the_press_each_in_its_own_fonts(monkeypatch):
    """All of them from one layout: a class of such names must not be laid out page by page."""
    press, problem = Press(), drawn((1, 1), seed="names")
    pages = [worksheet(problem, owner=name) for name in NAMES]
    expected = [plain(page) for page in pages]
    first = pressed(press, pages[0])
    monkeypatch.setattr("exercises.printing.press.page_template.laid_out", None)
    found = [first, *(pressed(press, page) for page in pages[1:])]
    for name, one, other in zip(NAMES, found, expected, strict=True):
        texts = [program("pdftotext", "-raw", "-", "-", data=data).decode() for data in (one, other)]
        assert texts[0] == texts[1], name
        places = [re.findall(r'[xy]M\w+="([\d.]+)"', boxes(data)) for data in (one, other)]
        assert places[0], name  # of each word; the name's line may lie a little higher
        assert all(abs(float(a) - float(b)) < 1 for a, b in zip(*places, strict=True)), name
        ink = [sum(255 - shade for shade in named(data)) for data in (one, other)]
        assert ink[0] > 2e4, name
        assert abs(ink[0] / ink[1] - 1) < 0.02, name
        with pikepdf.open(io.BytesIO(one)) as document, pikepdf.open(io.BytesIO(other)) as laid_out:
            assert not document.check_pdf_syntax()
            for read in (tags, fields, outline):
                without_places = [re.sub(r"[\d.]+", "", str(read(own))) for own in (document, laid_out)]
                assert without_places[0] == without_places[1]
    assert found[3] == pressed(press, pages[3])


@pytest.mark.quick
def test_covers_come_from_the_press(tmp_path, monkeypatch):
    path = tmp_path / "set.toml"
    path.write_text(
        'title = "Week 2"\nseed = "s"\n[[exercise]]\nshape = [1, 1]\npoints = 3\n', encoding="utf-8"
    )
    found, problem, pages = problem_set.read(path), drawn((1, 1), seed="cover"), []
    own = Press()
    monkeypatch.setattr(
        "exercises.printing.press.press.print_pdf",
        lambda page, **options: pages.append((page, options)) or own.pdf(page, **options),
    )
    for name in ("Sofía Griffin", "ליאור כהן", "Ada Lovelace"):
        covers = [cover_pdf(found, Owner("s1", name), [problem], key=key) for key in (False, True)]
        expected = [pdf.write_pdf(page, **options) for page, options in pages[-2:]]
        for one, other in zip(covers, expected, strict=True):
            texts = [program("pdftotext", "-layout", "-", "-", data=data) for data in (one, other)]
            assert texts[0] == texts[1]
    assert (len(pages), own.plain) == (6, 0)


# --- glyphs ---


@pytest.fixture(scope="module")
def face(press):
    pressed(press, key(drawn((1, 1), seed="known 0")))
    (template, *_) = press.templates.values()
    return next(face for face, *_ in template.reading.numbers if face.style["letter_spacing"] == "normal")


@given(text=st.text(PAIRED.replace(PLACEHOLDER, ""), min_size=2, max_size=40).filter(str.strip))
@settings(max_examples=40)
def test_numbers_put_together_from_pairs_are_as_pango_sets_them(face, text):
    assert face._pairs()
    expected = face._joined(face._glyphs(text))
    assert face._paired(text) == expected


@pytest.mark.quick
def test_codes_are_written_with_the_letters_that_the_press_expects():
    assert set(CODES) == {*_ALPHABET, "-"}


# --- many ---


class Here(Executor):
    """Does everything at once."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - as every executor does
            future.set_exception(error)
        return future


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_files_do_not_depend_on_who_makes_them_nor_on_how_many_there_are(tmp_path, monkeypatch):
    monkeypatch.setattr(production, "TOGETHER", 1)
    order = Order(network((1, 1)))

    def produced(name, count, executor):
        production.produce(order, "s", count, tmp_path / name, "a4", html=True, executor=executor)
        return files(tmp_path / name)

    alone = produced("alone", 2, None)
    with ProcessPoolExecutor(1, max_tasks_per_child=100) as pool:  # started afresh, not forked
        assert produced("pool", 2, pool) == alone
    one = produced("one", 1, Here())
    assert {name: alone[name] for name in one} == one
    assert len(alone) == 2 * 6


def test_many_go_to_several_processes_by_themselves(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(production.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(production, "TOGETHER", 16)
    monkeypatch.setattr(production, "SPREAD_FROM", 50)
    monkeypatch.setattr(
        "exercises.common.processes.spread",
        lambda _, calls, executor: asked.append((calls, executor)) or [16, 16, 16, 2],
    )
    assert production.produce(Order(network((1, 1))), "s", 50, tmp_path, "a4", html=False) == 50
    ((calls, executor),) = asked
    assert executor is None
    assert [(first, last) for _, first, last in calls] == [(1, 16), (17, 32), (33, 48), (49, 50)]


@pytest.mark.quick
def test_what_is_spread_comes_back_in_order_and_faults_are_raised():
    assert list(spread(pow, [(n, 2) for n in range(30)], Here())) == [n * n for n in range(30)]
    with pytest.raises(ZeroDivisionError):
        list(spread(divmod, [(1, 1), (1, 0)], Here()))


# --- merged for the printer ---


@pytest.fixture(scope="module")
def booklets(press):
    return [pressed(press, worksheet(drawn((2, 2, 1), seed=f"m{n}"))) for n in range(3)]


def merged(*args, **kwargs):
    return pikepdf.open(io.BytesIO(merge(*args, **kwargs)))


def test_every_student_starts_on_a_front_side(press, booklets):
    single = pressed(press, worksheet(drawn((1, 1), seed="single")))
    with merged([single, *booklets, single]) as document:
        counts = [len(pypdf.PdfReader(io.BytesIO(one)).pages) for one in (single, booklets[0])]
        assert counts == [1, 2]
        assert len(document.pages) == 2 + 3 * 2 + 2
        assert not document.check_pdf_syntax()
        blank = document.pages[1]
        assert blank.mediabox == document.pages[0].mediabox
        assert "/Contents" not in blank or not blank.Contents.read_bytes().strip()
    with merged([single, *booklets, single], duplex=False) as document:
        assert len(document.pages) == 1 + 3 * 2 + 1


def test_names_stand_in_the_outline_and_in_the_page_labels(booklets):
    names = ["Ada Lovelace", "Émilie du Châtelet"]
    data = merge(booklets[:2], names, title="Tuesday")
    reader = pypdf.PdfReader(io.BytesIO(data))
    assert [item.title for item in reader.outline] == names
    assert [reader.get_destination_page_number(item) for item in reader.outline] == [0, 2]
    assert reader.page_labels[:3] == ["Ada Lovelace · 1", "Ada Lovelace · 2", "Émilie du Châtelet · 1"]
    assert reader.metadata.title == "Tuesday"
    titles = [item.title for item in pypdf.PdfReader(io.BytesIO(merge(booklets[:1]))).outline]
    assert titles == [pypdf.PdfReader(io.BytesIO(booklets[0])).metadata.title]


def test_merged_pages_look_the_same_and_share_what_is_equal(booklets):
    data = merge(booklets)
    assert data == merge(iter(booklets))
    assert len(data) < len(booklets[0]) + 12_000 * len(booklets)
    with pikepdf.open(io.BytesIO(data)) as document:
        files = [o for o in document.objects if isinstance(o, pikepdf.Stream) and "/Subtype" in o]
        assert len(files) == len({f.read_raw_bytes() for f in files})
        assert "/AcroForm" not in document.Root
        assert not any("/Annots" in page for page in document.pages)
    texts = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    expected = [p.extract_text() for one in booklets for p in pypdf.PdfReader(io.BytesIO(one)).pages]
    assert texts == expected


def test_what_was_typed_into_fields_is_printed(booklets):
    with pikepdf.open(io.BytesIO(booklets[0])) as document:
        document.Root.AcroForm.Fields[0].V = pikepdf.String("Grace Hopper")
        out = io.BytesIO()
        document.save(out)
    reader = pypdf.PdfReader(io.BytesIO(merge([out.getvalue()])))
    assert reader.get_fields() is None
    assert "Grace Hopper" in reader.pages[0].extract_text()
