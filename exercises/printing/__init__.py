"""From the HTML of a page to PDFs: one, many alike, bound into booklets, merged for the printer.

From outside: `pdf.write_pdf`, the press for many like pages, `booklet.bind` and `merge.merge`.
"""
