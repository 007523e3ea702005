"""Grading a course: folders of keys and of submissions, a roster, results for every student.

From the bottom up: people, placing, work, results; the commands are adapters around `gathering`, `run` and `regrade`.

What stands in the folder RESULTS when a run has ended:

`results.csv`     a row a student: name, id, a column for each exercise (in its points), total, out_of, needs a person.
`results.jsonl`   a line for each student and exercise, in the order of the roster and then of the exercises. It
                  is the record of `byhand grade --json` with these before it:
                    student_id   as on the roster; empty where nobody gave one
                    exercise     the exercise's name: as in the manifest, else the problem's title or shape
                    points       what the exercise is worth; its share is points × score / out_of
                    earned       that share; null where nothing could be counted
                    file         the file that counts, and the place in it
                    overridden   the quantities that a person decided on, in the order of the lines
                  `student` is the name on the roster, and `code` the code that is printed on the sheet.
`files.csv`       a row for every file handed in (and for each row of a table) with what became of it.
`to-settle.csv`   what a person has to decide; rows of it, completed and saved as `settled.csv`, are obeyed: a row
                  with a code binds that sheet of its file, a row without one the whole file. Its rows “pending”
                  are the totals that stand in the gradebooks although they are not final.
`answers.jsonl`   every answer as it was read, before any judgement: what marks are recomputed from.
`moodle.csv`      for Moodle's grade import; beside it the gradebook of Canvas, if one was given.
`feedback/`       a page to hand back for each student and exercise.
`feedback-whole/` where there are several exercises, one file for each student, the total on top.
`mail-merge.csv`  a row a student with mail address, marks and the file to send; with what Moodle or Canvas named, also
                  `feedback-moodle.zip` or `feedback-canvas.zip`, to be uploaded as they are.
`.byhand/`        a database of what was done already, so that only what is new is done again. It may be deleted.
"""
