"""Warm-ups without a network: the chain rule on a composite function, and on a small computation graph."""
