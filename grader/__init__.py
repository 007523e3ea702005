"""Reading what students hand in, judging each line on their own numbers, and naming what went wrong.

From the bottom up: answers, files, mistakes, judging, diagnosis, working, questions, feedback, handback; ambiguity asks
them which numbers to draw, and course, class_report and export serve whoever teaches.
"""
