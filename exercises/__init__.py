"""Exercises on small neural networks: what is asked, how it is computed, how it is written and drawn."""
