"""Answers that are no numbers: derivatives in symbols, shapes of matrices, the first wrong line of a solution.

From outside: `judge_question.Questions`, which judges all of a problem's, and `wrong_line` for those who hide a mistake in one.
"""
