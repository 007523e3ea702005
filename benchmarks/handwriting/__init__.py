"""Training of the reader of handwriting: what is drawn, the network, and which writers are kept from it."""
