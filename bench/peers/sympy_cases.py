"""The symbolic cases of bench/symbolic.cpp in SymPy. Prints `case<TAB>seconds`: the least of several repetitions, its
cache cleared before each. A case that takes more than a minute, or fails, prints nothing."""

import signal
import sys
import time

from sympy import Symbol, cos, diff, exp, sin, symbols, tan
from sympy.core.cache import clear_cache

LIMIT = 60
sys.setrecursionlimit(1_000_000)


class OutOfTime(Exception):
    pass


def stop(*_):
    raise OutOfTime


signal.signal(signal.SIGALRM, stop)


def report(name, build, subject, repetitions=200):
    """`subject(build())`, of which only the subject is timed."""
    best, begun = float("inf"), time.perf_counter()
    signal.alarm(LIMIT)
    try:
        for k in range(repetitions):
            if k >= 3 and time.perf_counter() - begun > 1:
                break
            clear_cache()
            given = build()
            start = time.process_time()
            subject(given)
            best = min(best, time.process_time() - start)
    except (OutOfTime, RecursionError, MemoryError, SyntaxError):
        pass
    signal.alarm(0)
    if best < float("inf"):
        print(f"{name}\t{best:.9g}", flush=True)


x, y, z, r = symbols("x y z r")


def product(argument):
    f = 1
    for k in range(1, 21):
        f *= sin(argument(k))
    return f


def logistic():
    f = x
    for _ in range(20):
        f = r * f * (1 - f)
    return f


def rosenbrock(v):
    return sum(100 * (b - a**2) ** 2 + (1 - a) ** 2 for a, b in zip(v, v[1:]))


report("square", lambda: x**2, lambda f: diff(f, x))
report("fifth", lambda: sin(cos(tan(exp(x**2 + 1)))), lambda f: diff(f, x, 5))
report("tenth", lambda: exp(-(x**2)) * sin(3 * x), lambda f: diff(f, x, 10))
report("product_scaled", lambda: product(lambda k: k * x), lambda f: diff(f, x))
report("product_shifted", lambda: product(lambda k: x + k), lambda f: diff(f, x))
report("logistic", logistic, lambda f: diff(f, x))

if len(sys.argv) > 1:
    with open(sys.argv[1]) as file:
        text = file.read().replace("^", "**")
    names = {"x": x, "y": y, "z": z, "sin": sin, "cos": cos, "exp": exp}
    report("random_parse", lambda: text, lambda t: eval(t, names), 1)  # Python's own parser: SymPy's is slower
    report("random_diff", lambda: eval(text, names), lambda f: diff(f, x), 1)

v = symbols("x0:1000")
report("gradient", lambda: rosenbrock(v), lambda f: [diff(f, s) for s in v], 1)
