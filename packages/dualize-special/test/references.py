"""Writes references.json: values and derivatives from mpmath at 40 digits.

    python3 packages/dualize-special/test/references.py > packages/dualize-special/test/references.json

Each row is [arguments, [f, f', f'', f''']], derivatives by the last argument.
"""

import json
from mpmath import mp, mpf, pi, sqrt, taylor, erf, erfc, erfinv, gamma, loggamma, psi, beta, exp, log, fabs
from mpmath import gammainc, betainc, besselj, bessely, besseli, besselk, factorial, re

mp.dps = 40


def row(f, *args):
    """Arguments are the doubles nearest to what is written here, so both sides see the same numbers."""
    exact = [mpf(a) for a in args]
    coefficients = taylor(lambda x: f(*exact[:-1], x), exact[-1], 3)
    values = [re(c) * factorial(k) for k, c in enumerate(coefficients)]
    return [list(args), [mp.nstr(v, 25) for v in values]]


def table(f, *rows):
    return [row(f, *(r if isinstance(r, tuple) else (r,))) for r in rows]


def integral(f, slope, *rows):
    """A function whose derivative has a closed form: only that is differentiated."""
    made = []
    for args in rows:
        exact = [mpf(a) for a in args]
        with mp.workdps(400):  # what is tiny keeps its digits in the differences that taylor takes
            coefficients = taylor(lambda x: slope(*exact[:-1], x), exact[-1], 2)
        values = [f(*exact)] + [re(c) * factorial(k) for k, c in enumerate(coefficients)]
        made.append([list(args), [mp.nstr(v, 25) for v in values]])
    return made


def bessel(f, below, above, *rows):
    """f' = below f(n-1) + above f(n+1), three times (DLMF 10.6.1, 10.29.1)."""
    made = []
    for n, x in rows:
        terms, values = {0: mpf(1)}, []
        at = {k: re(f(mpf(n) + k, mpf(x))) for k in range(-3, 4)}
        for _ in range(4):
            values.append(sum(c * at[k] for k, c in terms.items()))
            step = {}
            for k, c in terms.items():
                step[k - 1] = step.get(k - 1, 0) + c * below
                step[k + 1] = step.get(k + 1, 0) + c * above
            terms = step
        made.append([[n, x], [mp.nstr(v, 25) for v in values]])
    return made


def lgamma(x):
    return log(fabs(gamma(x)))


def pairs(orders, xs):
    return [(n, x) for n in orders for x in xs]


positive = [1e-8, 0.01, 0.3, 0.7, 1.0, 1.3, 1.5, 2.0, 2.6, 4.5, 8.0, 12.25, 20.5, 35.0]
negative = [-0.3, -0.75, -1.4, -2.6, -5.2]
wide = [0.05, 0.4, 1.0, 1.7, 2.5, 4.0, 6.3, 9.0, 13.0, 19.5, 26.0, 48.0, 100.0]

tables = {
    "erf": table(erf, *[s * x for s in (1, -1) for x in (1e-9, 0.02, 0.3, 0.5, 0.9, 1.4, 2.2, 3.5, 5.1)]),
    "erfc": integral(erfc, lambda x: -2 / sqrt(pi) * exp(-x * x), *[(x,) for x in [-2.2, -0.4, 1e-9, 0.02, 0.3, 0.5, 0.9, 1.4, 2.2, 3.5, 5.1, 9.0, 20.0]]),
    "erfinv": table(erfinv, *[s * x for s in (1, -1) for x in (1e-9, 0.02, 0.3, 0.5, 0.8, 0.95, 0.999, 0.9999999)]),
    "gamma": table(gamma, *positive, *negative),
    "lgamma": table(lgamma, *positive, 120.0, 1e6, *negative),
    "digamma": table(lambda x: psi(0, x), *positive, 120.0, 1e6, *negative),
    "polygamma": table(lambda n, x: psi(int(n), x), *pairs([1, 2, 5], [0.02, 0.5, 1.0, 1.7, 4.5, 12.25, 35.0, -0.3, -2.6])),
    "beta": table(beta, *pairs([0.3, 1.0, 2.5, 14.0], [0.2, 1.0, 3.5, 20.0])),
    "betaln": table(lambda a, b: log(beta(a, b)), *pairs([0.3, 1.0, 2.5, 14.0], [0.2, 1.0, 3.5, 20.0, 300.0])),
    "gammainc": integral(lambda a, x: gammainc(a, 0, x, regularized=True), lambda a, x: x ** (a - 1) * exp(-x) / gamma(a), *pairs([0.3, 1.0, 2.5, 14.0, 60.0], [0.05, 0.7, 2.0, 9.0, 30.0])),
    "gammaincc": integral(lambda a, x: gammainc(a, x, regularized=True), lambda a, x: -x ** (a - 1) * exp(-x) / gamma(a), *pairs([0.3, 1.0, 2.5, 14.0, 60.0], [0.05, 0.7, 2.0, 9.0, 30.0])),
    "betainc": integral(lambda a, b, x: betainc(a, b, 0, x, regularized=True), lambda a, b, x: x ** (a - 1) * (1 - x) ** (b - 1) / beta(a, b), *[(a, b, x) for a, b in [(0.5, 0.5), (1.0, 3.0), (2.5, 1.5), (8.0, 10.0), (40.0, 3.0)] for x in [0.02, 0.3, 0.5, 0.9]]),
    "besselJ": bessel(besselj, 0.5, -0.5, *pairs([0, 1, 2, 7, 30], wide), *pairs([0, 1, 2, 3], [-2.5]), *pairs([0.5, 1.25, 3.7, 20.5, -0.4, -2.3], wide)),
    "besselY": bessel(bessely, 0.5, -0.5, *pairs([0, 1, 2, 7, 30], wide), *pairs([0.5, 1.25, 3.7, 20.5, -0.4, -2.3], wide)),
    "besselI": bessel(besseli, 0.5, 0.5, *pairs([0, 1, 2, 7, 30], wide), *pairs([0, 1, 2, 3], [-2.5]), *pairs([0.5, 1.25, 3.7, 20.5, -0.4, -2.3], wide)),
    "besselK": bessel(besselk, -0.5, -0.5, *pairs([0, 1, 2, 7, 30], wide), *pairs([0.5, 1.25, 3.7, 20.5, -0.4, -2.3], wide)),
}

print("{\n" + ",\n".join(f'"{name}": [\n' + ",\n".join(json.dumps(r) for r in rows) + "\n]" for name, rows in tables.items()) + "\n}")
