"""A problem: a network, its numbers, and the conventions under which it is set; its kinds, levels and files.

From outside: `Specification`, which says what is meant, and `Problem.of`, which makes it complete;
`problem_file.read` and `problem_writer.write`, the table of kinds, and the questions.
"""
