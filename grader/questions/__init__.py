"""Answers that are no numbers: derivatives in symbols, shapes of matrices, the first wrong line of a solution.

From outside: `judge_question.Questions`, which judges all of a problem's, and `wrong_line` for whoever plants a mistake.
"""
