"""Stacks of paper: every page is found by itself, cut where its cells are, or asked for again by a true sentence."""

import io
import json
from functools import cache
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from making import drawn
from photographs import as_file, photograph, printed, tick, write
from PIL import Image

from exercises.paper.sheet import paper_sheet
from exercises.paper.stamping import stamped_cover
from grader.files.forms import scan
from grader.files.guarded import guard
from grader.scans import libraries
from grader.scans.cells import HIGH, WIDE
from grader.scans.cutting import cut, rows_of
from grader.scans.finding import SCALE
from grader.scans.parts import SheetPart

PROBLEM = drawn((2, 2, 1), seed="scan")


@cache
def sheet():
    return paper_sheet(PROBLEM)


@cache
def answers():
    return {name: f"{'-' * (n % 2)}{n % 3}.{1234 + n}" for n, name in enumerate(sheet().where["cells"])}


@pytest.fixture(scope="module")
def pages():
    written = write(printed(sheet().pdf), sheet().where, answers())
    tick(written, sheet().where, "a3")
    return written


def stack(data, papers=None):
    known = {PROBLEM.code: sheet().where} if papers is None else papers
    found = scan.read_stack(data, "stack.pdf", known)
    found.parts = [SheetPart.from_json(json.loads(json.dumps(part))) for part in found.parts]
    return found


def ink(cell):
    """How much darker than paper a cell is inside its frame, from 0 to 1."""
    return float(1 - cell[10:-10, 9:-9].mean() / 255)


def checked(part):
    """Whatever was written into cells is in their pictures, upright, and nothing is in those left empty."""
    assert part.code == PROBLEM.code
    expected = {name for name, own in sheet().where["cells"].items() if own["page"] == part.page}
    assert {one.quantity for one in part.answers} == expected
    for one in part.answers:
        text = answers()[one.quantity]
        assert one.cells.shape == (len(one.roles), HIGH, WIDE)
        assert one.ticked == (one.quantity == "a3")
        written = [text.startswith("-"), False, True, True, True, True, True]
        for cell, has in zip(one.cells, written, strict=True):
            assert (ink(cell) > 0.04) == has, (one.quantity, ink(cell), has)
            assert cell[:3].mean() > 215  # the margins are white
            assert cell[:, :2].mean() > 200
        assert one.sharpness > 0.15


@pytest.mark.parametrize("form", ["PDF", pytest.param("TIFF", marks=pytest.mark.slow)])
def test_a_stack_of_pages_in_any_order_and_either_way_up(pages, form):
    blank = np.full_like(pages[0], 252)
    found = stack(as_file([pages[2], blank, np.rot90(pages[0], 2), pages[1]], form))
    assert not found.complaints
    assert [(part.page, part.place) for part in found.parts] == [(3, "page 1"), (1, "page 3"), (2, "page 4")]
    assert all(part.pages == 3 for part in found.parts)
    for part in found.parts:
        checked(part)


@pytest.mark.part(4)
@pytest.mark.parametrize(("form", "turn"), [("JPEG", 1), ("PNG", 3), ("WEBP", 2), ("HEIF", 0)], ids=str)
def test_a_photograph(pages, form, turn):
    seen = photograph(pages[1], bend=1.5, seed=turn, turn=turn)
    found = stack(as_file([seen], form))
    assert not found.complaints
    (part,) = found.parts
    assert (part.page, part.place) == (2, "")
    checked(part)


@pytest.mark.parametrize("bend", [2.0, *(pytest.param(v, marks=pytest.mark.slow) for v in (0.0, 3.0))])
def test_bent_paper_is_cut_where_its_cells_are(pages, bend):
    found = stack(as_file([photograph(pages[0], bend=bend, seed=4, shade=0.35, blur=1.3, size=1600)]))
    (part,) = found.parts
    checked(part)
    assert part.identity.cells.shape == (10, HIGH, WIDE)


def test_frames_fainter_than_the_ink_are_found_where_the_paper_is_curled():
    """Drawn, not photographed: frames as a blurred picture has them, with black ink inside and across them."""
    rows = [row for row in rows_of(sheet().where) if row.page == 2]
    flat, rng = np.full((2376, 1680), 250, np.uint8), np.random.default_rng(3)

    def sunk(x):
        return 3.5 * np.sin(x / 210 * 2.6)

    for row in rows:
        for x, y, wide, high in row.boxes:
            at = [
                round(v * SCALE) for v in (x, y + sunk(x + wide / 2), x + wide, y + high + sunk(x + wide / 2))
            ]
            flat[at[1] : at[3], at[0] : at[2]] -= 16
            flat[at[1] + 2 : at[3] - 2, at[0] + 2 : at[2] - 2] = 250
            for _ in range(2):
                top, left = at[1] + rng.integers(0, 30), at[0] + rng.integers(2, 25)
                flat[top : top + 5, left : left + 14] = 40
    flat = np.clip(flat + rng.normal(0, 2.5, flat.shape), 0, 255).astype(np.uint8)
    assert min(answer.sharpness for answer in cut(flat, rows)) > 0.3


def test_a_photograph_that_lies_on_its_side_by_its_own_word(pages):
    image = Image.fromarray(np.rot90(photograph(pages[1]), 1))
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    image.save(out, "JPEG", exif=exif)
    assert [part.page for part in stack(out.getvalue()).parts] == [2]


def test_a_corner_that_is_cut_off_is_made_up_for_by_the_code(pages):
    torn = pages[1].copy()
    torn[:200, :200] = 255
    (part,) = stack(as_file([torn])).parts
    checked(part)


def test_pages_that_cannot_be_read_are_asked_for_again_and_why(pages):
    torn = pages[1].copy()
    torn[:250] = 255
    (said,) = stack(as_file([torn])).complaints
    assert said == (
        f"stack.pdf: page 2 of {PROBLEM.code} could not be read: the corner marks at the upper left and upper right "
        "cannot be seen; scan or photograph it again"
    )
    torn[-600:] = 255
    (said,) = stack(as_file([torn])).complaints
    assert "no page of byhand is to be seen on it" in said
    dark = (pages[1] * 0.2).astype(np.uint8)
    (said,) = stack(as_file([dark[:, 300:-300]])).complaints
    assert "too dark" in said
    smeared = photograph(pages[1], blur=9)
    (said,) = stack(as_file([smeared])).complaints
    assert "blurred" in said


def test_strangers_and_covers(pages):
    other = paper_sheet(drawn((1, 1), seed="stranger"))
    found = stack(as_file([*printed(other.pdf), pages[0]], "PDF"))
    assert [part.page for part in found.parts] == [1]
    assert found.strangers == {drawn((1, 1), seed="stranger").code: "page 1"}
    cover = pikepdf.new()
    cover.add_blank_page(page_size=(595.28, 841.89))
    out = io.BytesIO()
    cover.pages[0].Contents = cover.make_stream(b"")
    cover.save(out)
    found = stack(as_file(printed(stamped_cover(out.getvalue()))))
    assert (found.parts, found.complaints, found.strangers) == ([], [], {})


def test_a_printed_sheet_is_no_scan(pages):
    assert not scan.is_scan(sheet().pdf)
    assert scan.is_scan(as_file(pages, "PDF"))


def broken():
    good = as_file([photograph(drawn_page())])
    yield "cut off", good[: len(good) // 3], "damaged or cut off"
    yield "no picture", b"\xff\xd8\xff" + b"nothing" * 50, "not a readable picture"
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    yield "bomb", bomb.getvalue(), "million pixels"
    yield "no PDF", b"%PDF-1.7\nnothing", "not a readable PDF"
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(sheet().pdf)) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(user="u", owner="o"))
    yield "locked", locked.getvalue(), "save it without a password"
    huge = pikepdf.new()
    huge.add_blank_page(page_size=(14_000, 14_000))
    out = io.BytesIO()
    huge.save(out)
    yield "huge paper", out.getvalue(), ""


def drawn_page():
    return printed(sheet().pdf)[0]


def test_broken_files_are_told_and_do_no_harm(pages):
    for name, data, said in broken():
        found = stack(data)
        assert not found.parts, name
        assert len(found.complaints) == bool(said), name
        assert said in " ".join(found.complaints), name
    assert stack(as_file(pages, "PDF")).parts


@pytest.mark.slow
def test_the_other_process_may_end_between_two_pages(pages, monkeypatch):
    asked = guard._FOR_SCANS._ask

    def ends(form, data, most):
        if data.startswith(b"2 "):
            monkeypatch.undo()
            guard._FOR_SCANS.stop()
        return (
            guard._FOR_SCANS._ask(form, data, most)
            if form == "scan-page" and data.startswith(b"2 ")
            else asked(form, data, most)
        )

    monkeypatch.setattr(guard._FOR_SCANS, "_ask", ends)
    assert [part.page for part in stack(as_file(pages, "PDF")).parts] == [1, 2, 3]


def test_pages_that_are_not_ours_have_one_share_together(monkeypatch):
    """What lies around is not paid by the page: else a file of two thousand would cost hours."""
    asked = []

    def slow(form, _, *, most=guard.USUAL, afresh=False):  # noqa: ARG001 - as it is called
        if form == "scan":
            return {"pages": 50, "pictures": True, "most": 2_000}
        asked.append(most)
        return {"content": "", "flat": None, "shape": [], "size": [], "blank": False, "note": "nothing"}

    monkeypatch.setattr(scan, "unpack", slow)
    monkeypatch.setattr(scan, "spent", lambda: 3.0 * len(asked))
    found = stack(b"")
    assert asked == [8.0, 5.0, 2.0]
    assert found.complaints[3:] == [
        "stack.pdf, page 4: this page and those after it take too long; not read, a person must look"
    ]


def test_what_a_file_leaves_behind_is_no_part_of_the_libraries(pages):
    """Else each large file would raise the limit of memory for the next one."""
    limits = []
    for times in (1, 3, 1):
        large = [np.kron(page, np.ones((times, times), np.uint8)) for page in pages[:1]]
        assert stack(as_file(large, "TIFF")).parts
        limit = Path(f"/proc/{guard._FOR_SCANS.process.pid}/limits").read_text(encoding="ascii")
        limits.append(next(line for line in limit.splitlines() if line.startswith("Max data size")))
    assert len(set(limits)) == 1
    assert "unlimited" not in limits[0].split("size")[1].split()[0]


def test_a_process_that_keeps_too_much_is_replaced(monkeypatch):
    monkeypatch.setattr(guard, "_exchange", lambda *_: {guard.SPENT: 0.0, guard.GROWN: True})
    guard.unpack("scan-page", b"1 x", afresh=True)
    assert guard._FOR_SCANS.process is None


def test_without_the_libraries_a_sentence_says_what_to_install(monkeypatch):
    libraries.library.cache_clear()

    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(libraries, "import_module", missing)
    with pytest.raises(ValueError, match=r"pip install 'byhand\[scan\]'"):
        libraries.cv()
    libraries.library.cache_clear()


@pytest.mark.slow
def test_files_damaged_on_purpose_never_stop_the_rest(pages):
    """Cut off, overwritten, with bits turned, in every form: a sentence or a page, and the next file is read as ever."""
    rng = np.random.default_rng(13)
    seen = photograph(pages[1])
    whole = [as_file(pages[:2], "PDF"), as_file(pages[:2], "TIFF")]
    whole += [as_file([seen], form) for form in ("JPEG", "PNG", "WEBP", "HEIF")]
    told = read = 0
    for data in whole:
        for n in range(12):
            broken = bytearray(data)
            if n % 3 == 0:
                del broken[int(rng.integers(20, len(broken))) :]
            else:
                at = rng.integers(8, len(broken), 1 + 40 * (n % 3 == 1))
                for place in at:
                    broken[place] = int(rng.integers(256))
            found = stack(bytes(broken))
            told += bool(found.complaints)
            read += len(found.parts)
            assert all(one.startswith("stack.pdf") and len(one) < 400 for one in found.complaints)
    assert told > 10
    assert read > 10
    assert stack(whole[2]).parts


@pytest.mark.slow
def test_a_pdf_of_three_thousand_pages_is_read_as_far_as_is_said():
    huge = pikepdf.new()
    huge.add_blank_page(page_size=(595, 842))
    for _ in range(2_999):
        huge.pages.append(huge.pages[0])
    out = io.BytesIO()
    huge.save(out)
    opened = guard.unpack("scan", out.getvalue())
    assert opened["pages"] == 3_000
    assert opened["most"] == 2_000


def test_black_and_white_and_dithered_scans(pages):
    bits = (pages[1] > 150).astype(np.uint8) * 255
    dithered = np.asarray(Image.fromarray(pages[0]).convert("1")).astype(np.uint8) * 255
    found = stack(as_file([bits, dithered], "PDF"))
    assert [part.page for part in found.parts] == [2, 1]
    for part in found.parts:
        checked(part)
