"""A problem: a network, its numbers, and the conventions under which it is set; its kinds, levels and files.

From outside: `Problem`, `problem_file.read` and `problem_writer.write`, the table of kinds, and the questions.
"""
