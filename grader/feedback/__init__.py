"""What the student is told: verdicts, marks and sentences of one sheet, as a report.

From outside: `report.Report`, and `sheet_numbers` for the page; the other modules are its parts.
"""
