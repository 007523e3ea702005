"""What every reader fills: answers found in lines of text, and what is said of those that are none.

The forms use it; nobody else has to.
"""
