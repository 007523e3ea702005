"""Reading printed equations back and doing their arithmetic: with mpmath, and with no formula of byhand's."""

import re
from decimal import ROUND_HALF_UP, Decimal
from html import unescape

import numpy as np
from mpmath import mp, mpf

mp.dps = 60
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<matrix>M\[\d+\])|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|(?P<vulgar>[½⅓¼⅔])|(?P<name>[A-Za-zσΦφ√]+(?:′|\^)?|10\^)|(?P<sign>[-+−·/()|⊙]))"
)
_VULGAR = {"½": mpf(1) / 2, "⅓": mpf(1) / 3, "¼": mpf(1) / 4, "⅔": mpf(2) / 3}
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def _sigma(a):
    return 1 / (1 + mp.exp(-a))


def _kinked(below):
    return (lambda a: a if a > 0 else below * a), (lambda a: mpf(1) if a > 0 else mpf(below))


_LEAK = mpf(1) / 100
FUNCTIONS = {
    "σ": _sigma,
    "tanh": mp.tanh,
    "ReLU": _kinked(0)[0],
    "ReLU′": _kinked(0)[1],
    "LReLU": _kinked(_LEAK)[0],
    "LReLU′": _kinked(_LEAK)[1],
    "ELU": lambda a: a if a > 0 else mp.exp(a) - 1,
    "ELU′": lambda a: mpf(1) if a > 0 else mp.exp(a),
    "Φ": mp.ncdf,
    "φ": mp.npdf,
    "ln": mp.log,
    "sin": mp.sin,
    "cos": mp.cos,
    "√": mp.sqrt,
    "e^": mp.exp,
    "10^": lambda a: mpf(10) ** a,
}


class NotArithmeticError(Exception):
    """Letters that are no function: the line in symbols."""


def evaluate(text, matrices=(), functions=FUNCTIONS):
    """The value of printed arithmetic; `M[0]` stands for the first of `matrices`, arrays of two dimensions."""
    return _Reader(text, matrices, functions).whole()


class _Reader:
    def __init__(self, text, matrices, functions):
        self.tokens, at = [], 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            if found is None or (found["name"] and found["name"] not in functions):
                raise NotArithmeticError(text)
            self.tokens.append((found.lastgroup, found[found.lastgroup]))
            at = found.end()
        self.tokens.append(("end", ""))
        self.matrices, self.functions, self.text = matrices, functions, text

    def peek(self, *signs):
        kind, text = self.tokens[0]
        return kind == "sign" and text in signs

    def take(self, *signs):
        assert not signs or self.peek(*signs), (self.text, self.tokens)
        return self.tokens.pop(0)

    def whole(self):
        value = self.sum()
        assert self.tokens[0][0] == "end", (self.text, self.tokens)
        return value

    def sum(self):
        value = self.product()
        while self.peek("+", "−", "-"):
            _, sign = self.take()
            other = self.product()
            value = value + other if sign == "+" else value - other
        return value

    def product(self):
        value = self.signed()
        while True:
            if self.peek("·", "/", "⊙"):
                _, sign = self.take()
                other = self.signed()
                value = value / other if sign == "/" else value * other
            elif self.tokens[0][0] in {"number", "matrix", "vulgar", "name"} or self.peek("("):
                other = self.raised()
                both = isinstance(value, np.ndarray) and isinstance(other, np.ndarray)
                value = value @ other if both else value * other
            else:
                return value

    def signed(self):
        if self.peek("−", "-"):
            self.take()
            return -self.signed()
        return self.raised()

    def raised(self):
        value = self.atom()
        while self.tokens[0][0] == "raised":
            value = value ** int(self.take()[1].translate(_RAISED))
        return value

    def atom(self):
        kind, text = self.take()
        match kind:
            case "number":
                return mpf(text)
            case "vulgar":
                return _VULGAR[text]
            case "matrix":
                return self.matrices[int(text[2:-1])]
            case "name":
                return self.functions[text](self.atom())
        assert text in "(|", (self.text, kind, text)
        value = self.sum()
        self.take(")" if text == "(" else "|")
        return value if text == "(" else abs(value)


def comes_to(value, printed, places):
    """Whether a value, rounded half up to the places, is the number that is printed."""
    exact = Decimal(mp.nstr(value, 50)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return exact == Decimal(printed.replace("−", "-"))


def from_html(html):
    """Printed arithmetic in one line of text: fractions and exponents as they are typed."""
    text = html
    while text != (text := _fraction(text)):
        pass
    text = re.sub(r"\b(e|10)<sup>(.*?)</sup>", r"\1^(\2)", text)
    text = re.sub(
        r"<sup>(\d+)</sup>", lambda m: m[1].translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")), text
    )
    return unescape(re.sub(r"<[^>]+>", "", text))


def _fraction(html):
    inner = r"((?:(?!<span).)*?)"
    return re.sub(
        rf'<span class="frac"><span>{inner}</span><span class="under">{inner}</span></span>',
        r"((\1)/(\2))",
        html,
    )
