"""Mass production of PDFs: like pages are laid out once (see `press`)."""
