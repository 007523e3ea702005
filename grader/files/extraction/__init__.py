"""What every reader fills: answers found in lines of text, and what is said of those that are none.

From outside: `submission`, what all reading ends in; the rest is for the readers.
"""
