"""From a network and a plan to the lines of a hand calculation, in the order of computation.

From outside: `Network`, `Plan`, `StepGraph` and `build`, the tables of activations, losses and optimizers, and
`Notation`, which writes quantities for people.
"""
