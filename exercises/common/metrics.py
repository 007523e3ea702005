"""The measures of a page, each once: modules reckon with them, and templates get them by `named`.

Lengths are millimetres unless a comment says otherwise. Sizes of type are those of style.css, which has them in
points, rounded up a little where a line must surely fit.
"""

from __future__ import annotations

# --- paper ---
A4_HEIGHT, LETTER_HEIGHT = 297.0, 279.4
A4_TOP, A4_SIDE, A4_BOTTOM = 15, 17, 17  # margins
LETTER_TOP, LETTER_SIDE, LETTER_BOTTOM = 13, 19.95, 15  # so that both papers share one layout
TEXT_WIDTH = 176.0  # between the margins, on either paper
CELLS_TOP, CELLS_BOTTOM = (
    15,
    35,
)  # margins of sheets with cells, which have corner marks and a code on every page
PAGE = {
    "a4": A4_HEIGHT - A4_TOP - A4_BOTTOM,  # between the top and bottom margins
    "letter": LETTER_HEIGHT - LETTER_TOP - LETTER_BOTTOM,
    "a4-cells": A4_HEIGHT - CELLS_TOP - CELLS_BOTTOM,
    "letter-cells": LETTER_HEIGHT - CELLS_TOP - CELLS_BOTTOM,
}

# --- type ---
TITLE_SIZE = 7.41  # 21 points
LABEL_SIZE = 3.88  # 11 points
TEXT_SIZE = 3.53  # 10 points
BOXED_SIZE = 3.175  # 9 points
TERM_SIZE = 2.65  # 7.5 points
HEADED_SIZE = 2.8  # 7.5 points, and a little more, for it is sans
INDEX = 0.68  # of a letter's size
VIA_SIZE = 0.85  # of a label's

# --- the head of the first page ---
TITLE_LINE = 8.6
CODE_WIDTH = 35  # beside the title
ABOUT = 4.2  # what the page is
WHO = 11.0  # name, ID, date
TASK_ABOVE, TASK_LINE = 1.5, 4.77

# --- drawings ---
FIGURE_ABOVE, FIGURE_BELOW = 4, 3
FIGURE_BETWEEN = 3.0  # two drawings

# --- what is given ---
GIVEN_TITLE = 4.1
GIVEN_ROW = 5.0
GIVEN_BELOW = 1.5  # a line of sets
NUMBER_AFTER = 2.6  # the space behind a number
SET_BESIDE = 2.3  # on either side of a set
CELL_BESIDE = 1.8  # on either side of a cell

# --- the box of conventions ---
TERM_WIDTH = 20.0
BOXED_LINE = 4.45
BOX_AROUND = 6.3  # below the given values; frame and padding of the box

# --- lines to fill in ---
SECTION_ABOVE = 4.0
WORK_ABOVE = 14.0  # in a roomy sheet, below a group of lines: space for two lines of handwriting
ROOMY_SECTION = SECTION_ABOVE + WORK_ABOVE
SECTION_TITLE = 5.45  # and the line below it
HALF_WIDTH, HALF_BETWEEN = 84.0, 8
CAPTION_LINE, CAPTION_ABOVE, CAPTION_INTO = 3, 1.8, 1.5  # it reaches into the line below
CAPTION = CAPTION_LINE + CAPTION_ABOVE - CAPTION_INTO
LINE_ABOVE = 2.4  # where a caption reaches into
RULE_BESIDE = 1.8  # on either side of the room to work in, and left of a field

# --- answers in cells, for a sheet that is written on and comes back as a picture ---
CELL_WIDTH, CELL_HEIGHT = 4.6, 6.8
CELL_BETWEEN = 1.8
CELL_FRAME = 0.18
POINT_WIDTH = 3.0  # in place of the gap between figures before the point and behind it
EQUALS_SIGN = 2.14
TIMES_TEN_WIDTH, POWER_RAISED = 9.0, 1.4  # the same before an exponent, whose cells stand higher
LOOK, LOOK_BESIDE = 3.6, 3.4  # the box to tick, and the space before it

# --- questions, and the lines of a worked solution ---
PROMPT, SYMBOL, WORDS, SHAPES = 6.6, 9.4, 20.4, 10.5
INTRODUCTION = 12.0
PRINTED, PRINTED_HEADING = 5.2, 6.4

# --- matrices ---
MATRIX_FIELD = 8.4  # from one row of fields to the next
MATRIX_ROW = 4.6  # the same for printed numbers
MATRIX_AROUND = 2  # above and below one of fields

# --- feedback ---
REMARK_ABOVE = 1.2
TITLE_BELOW = 0.8  # so that nothing sticks to the line below a section's title
SENTENCE_LEFT, SENTENCE_INDENT, SENTENCE_RIGHT = 6, 3, 20
SENTENCE_WIDTH = TEXT_WIDTH - SENTENCE_LEFT - SENTENCE_INDENT - SENTENCE_RIGHT
SENTENCES_ABOVE, SENTENCES_BELOW = 0.3, 1.6


def named() -> dict[str, str]:
    """Give each measure by its name in small letters, written as in style sheets: `1.8`, `.6`, `176`."""
    return {
        name.lower(): f"{value:g}".removeprefix("0") if value else "0"
        for name, value in globals().items()
        if name.isupper() and isinstance(value, int | float)
    }
