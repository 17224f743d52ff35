"""Inputs of GradBench's evals: ADBench's files where there are any, else drawn as GradBench draws them.

Every function gives the object that `gradbench-EVAL INPUT.json FUNCTION` reads, or None where a file is missing.
"""
import pathlib

import numpy as np


def _numbers(path):
    return [float(word) for word in path.read_text().split()]


def gmm(data, d, k, n=1000):
    file = data / f"adbench/gmm/gmm_d{d}_K{k}.txt"
    below = d * (d - 1) // 2
    if file.exists() and n == 1000:
        values = np.array(_numbers(file)[3:])
        sizes = [(k,), (k, d), (k, d + below), (n, d)]
        parts, at = [], 0
        for size in sizes:
            count = int(np.prod(size))
            parts.append(values[at : at + count].reshape(size))
            at += count
        alpha, mu, icf, x = parts
        gamma, m = values[at : at + 2]
        q, l = icf[:, :d], icf[:, d:]
    else:
        random = np.random.default_rng(31337)
        x, alpha, mu = random.normal(size=(n, d)), random.normal(size=k), random.uniform(size=(k, d))
        q, l, gamma, m = random.normal(size=(k, d)), random.normal(size=(k, below)), 1.0, 0
    arrays = {"x": x, "alpha": alpha, "mu": mu, "q": q, "l": l}
    return {"d": d, "k": k, "n": n, "m": int(m), "gamma": float(gamma)} | {a: v.tolist() for a, v in arrays.items()}


def ba(data, number):
    file = next((data / "adbench/ba").glob(f"ba{number}_*.txt"), None)
    if file is None:
        return None
    lines = [[float(word) for word in line.split()] for line in file.read_text().splitlines()]
    n, m, p = (int(v) for v in lines[0])
    return {"n": n, "m": m, "p": p, "cam": lines[1], "x": lines[2], "w": lines[3][0], "feat": lines[4]}


def lstm(data, layers, length):
    file = data / f"adbench/lstm/lstm_l{layers}_c{length}.txt"
    if file.exists():
        lines = [[float(word) for word in line.split()] for line in file.read_text().splitlines() if line.strip()]
        main, rest = lines[1 : 1 + 2 * layers], lines[1 + 2 * layers :]
        extra, state, sequence = rest[:3], rest[3 : 3 + 2 * layers], rest[3 + 2 * layers :]
    else:
        np.random.seed(31337)
        state = np.random.random((2 * layers, 14)).tolist()
        main = np.random.random((2 * layers, 56)).tolist()
        extra = np.random.random((3, 14)).tolist()
        sequence = (np.random.random((length, 14)) < 0.45).astype(float).tolist()  # in place of the bits of a text
    return {"main_params": main, "extra_params": extra, "state": state, "sequence": sequence}


def kmeans(data, k, n, d):
    np.random.seed(31337)
    points = np.random.rand(n, d).tolist()
    return {"points": points, "centroids": points[-k:]}


def llsq(data, n, m=128):
    np.random.seed(31337)
    return {"x": np.random.rand(m).tolist(), "n": n}


def lse(data, n):
    np.random.seed(31337)
    return {"x": np.random.rand(n).tolist()}


def det(data, size):
    np.random.seed(31337)
    return {"A": np.random.rand(size * size).tolist(), "ell": size}


def ode(data, n, s):
    np.random.seed(31337)
    return {"x": np.random.rand(n).tolist(), "s": s}


def particle(data):
    return {"w": 0.0}


def saddle(data):
    return {"start": [1.0, 1.0]}


def hello(data):
    return 1.0


def ht(data, kind, number):
    """kind: simple_small, complicated_small, ... A model is bones.txt, vertices.txt and triangles.txt."""
    folder = data / "adbench/ht" / kind
    file = next(folder.glob(f"hand{number}_*.txt"), None)
    if file is None:
        return None
    rows = lambda name: [line.split(":") for line in (folder / "model" / name).read_text().splitlines()]
    matrix = lambda words: np.array(words, dtype=float).reshape(4, 4).tolist()
    bones, vertices = rows("bones.txt"), rows("vertices.txt")
    weights = np.zeros((len(vertices), len(bones)))
    for at, words in enumerate(vertices):
        for pair in range(int(words[8])):
            weights[at, int(words[9 + 2 * pair])] = float(words[10 + 2 * pair])
    lines = [line.split() for line in file.read_text().splitlines()]
    count, parameters = int(lines[0][0]), int(lines[0][1])
    seen, rest = lines[1 : 1 + count], lines[1 + count :]
    us = [[float(w) for w in line] for line in rest[:count]] if kind.startswith("complicated") else []
    model = {
        "bone_count": len(bones),
        "bone_names": [words[0] for words in bones],
        "parents": [int(words[1]) for words in bones],
        "base_relatives": [matrix(words[2:18]) for words in bones],
        "inverse_base_absolutes": [matrix(words[18:34]) for words in bones],
        "base_positions": [[float(w) for w in words[:3]] + [1.0] for words in vertices],
        "weights": weights.tolist(),
        "triangles": [[int(w) for w in words] for words in rows("triangles.txt")],
        "is_mirrored": False,
    }
    return {
        "theta": [float(line[0]) for line in rest[len(us) : len(us) + parameters]],
        "us": us,
        "data": {
            "model": model,
            "correspondences": [int(line[0]) for line in seen],
            "points": [[float(w) for w in line[1:4]] for line in seen],
        },
    }
