"""Mass production of PDFs: like pages are laid out once.

From outside only `press.Press` and `press.print_pdf`; whatever the press cannot do is laid out plainly.
"""
