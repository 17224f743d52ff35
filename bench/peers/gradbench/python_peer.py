"""GradBench's derivatives in PyTorch (reverse mode, vectorised) and in NumPy (formulas derived by hand).

    python_peer.py torch|numpy INPUT.json EVAL

Prints the derivative as flat numbers, then nanoseconds of CPU time of each run. NumPy has lse, llsq, kmeans and gmm.
"""
import json
import math
import sys
import time

import numpy as np


def lower(d):
    """Rows and columns of a strict lower triangle, column by column."""
    columns, rows = np.triu_indices(d, 1)
    return rows, columns


def torch_peer(name, data):
    import torch

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    tensor = lambda key: torch.tensor(data[key], dtype=torch.float64)

    def gradient(function, *variables):
        for v in variables:
            v.requires_grad_(True)
        return lambda: torch.cat([g.reshape(-1) for g in torch.autograd.grad(function(*variables), variables)])

    if name == "lse":
        return gradient(lambda x: torch.logsumexp(x, 0), tensor("x"))
    if name == "llsq":
        x = tensor("x")
        t = torch.linspace(-1, 1, data["n"])
        power = torch.arange(len(x))

        def loss(x):  # the powers are part of the function
            residual = torch.sign(t) - torch.vander(t, len(x), increasing=True) @ x
            return 0.5 * (residual @ residual)

        return gradient(loss, x)
    if name == "gmm":
        d, k, n, m, gamma = (data[key] for key in ("d", "k", "n", "m", "gamma"))
        x = tensor("x")
        rows, columns = lower(d)
        below = tensor("l").reshape(k, -1)
        nu = d + m + 1
        constant = k * (nu * d * (math.log(gamma) - 0.5 * math.log(2)) - torch.mvlgamma(torch.tensor(nu / 2), d).item())
        constant -= n * d / 2 * math.log(2 * math.pi)

        def objective(alpha, mu, q, l):
            Q = torch.diag_embed(torch.exp(q))
            if d > 1:
                Q = Q.index_put((torch.arange(k)[:, None], torch.tensor(rows), torch.tensor(columns)), l)
            z = torch.einsum("krc,nkc->nkr", Q, x[:, None, :] - mu)
            beta = alpha + q.sum(1) - 0.5 * (z * z).sum(2)
            prior = 0.5 * gamma**2 * (Q * Q).sum() - m * q.sum()
            return torch.logsumexp(beta, 1).sum() - n * torch.logsumexp(alpha, 0) - prior + constant

        return gradient(objective, tensor("alpha"), tensor("mu"), tensor("q"), below)
    if name == "kmeans":
        points, centroids = tensor("points"), tensor("centroids").requires_grad_(True)

        def direction():
            cost = ((points[:, None, :] - centroids) ** 2).sum(2).amin(1).sum()
            (g,) = torch.autograd.grad(cost, centroids, create_graph=True)
            (h,) = torch.autograd.grad(g, centroids, torch.ones_like(g))
            return (g.detach() / h).reshape(-1)

        return direction
    if name == "lstm":
        state, sequence = tensor("state"), tensor("sequence")
        layers, b = len(state) // 2, state.shape[1]

        @torch.jit.script
        def loss(main, extra, state, sequence):
            layers, b = state.shape[0] // 2, state.shape[1]
            weights, biases = main[0::2].reshape(layers, 4, b), main[1::2].reshape(layers, 4, b)
            h, c = [state[2 * l] for l in range(layers)], [state[2 * l + 1] for l in range(layers)]
            inputs = extra[0] * sequence
            last = []
            for t in range(len(sequence) - 1):
                x = inputs[t]
                for l in range(layers):
                    w, v = weights[l], biases[l]
                    gates = torch.stack([x, h[l], x, h[l]]) * w + v
                    s = torch.sigmoid(gates[:3])
                    c[l] = c[l] * s[0] + s[1] * torch.tanh(gates[3])
                    h[l] = s[2] * torch.tanh(c[l])
                    x = h[l]
                last.append(x)
            y = torch.stack(last) * extra[1] + extra[2]
            normal = torch.log(2 + torch.exp(y).sum(1, keepdim=True))
            return -(sequence[1:] * (y - normal)).mean()

        return gradient(lambda main, extra: loss(main, extra, state, sequence), tensor("main_params"), tensor("extra_params"))
    if name == "det":
        size = data["ell"]
        # Minors of the last rows by their columns: those of one more row from those of one less, all sets at once.
        steps = []
        place = {0: 0}
        for rows in range(1, size + 1):
            sets = [s for s in range(1 << size) if bin(s).count("1") == rows]
            columns = [[c for c in range(size) if s >> c & 1] for s in sets]
            rest = [[place[s & ~(1 << c)] for c in cs] for s, cs in zip(sets, columns)]
            place = {s: i for i, s in enumerate(sets)}
            signs = torch.tensor([(-1.0) ** i for i in range(rows)])
            steps.append((size - rows, torch.tensor(columns), torch.tensor(rest), signs))

        def determinant(a):
            a = a.reshape(size, size)
            minors = torch.ones(1)
            for row, columns, rest, signs in steps:
                minors = (a[row][columns] * minors[rest] * signs).sum(1)
            return minors[0]

        return gradient(determinant, tensor("A"))
    if name == "ode":
        steps = data["s"]

        def last(x):
            h = 2 / steps
            one = torch.ones(1)
            slope = lambda y: x * torch.cat([one, y[:-1]])
            y = torch.zeros_like(x)
            for _ in range(steps):
                k1 = slope(y)
                k2 = slope(y + h / 2 * k1)
                k3 = slope(y + h / 2 * k2)
                k4 = slope(y + h * k3)
                y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
            return y[-1]

        return gradient(last, tensor("x"))
    if name == "ba":
        n, m, p = data["n"], data["m"], data["p"]
        index = torch.arange(p)
        full = lambda t, count: t if len(t) == count and t.dim() > 1 else t.expand(count, -1)
        cameras = full(tensor("cam"), n)[index % n]
        points = full(tensor("x"), m)[index % m]
        w = tensor("w").reshape(-1, 1).expand(p, 1) if tensor("w").numel() == 1 else tensor("w").reshape(p, 1)
        feature = full(tensor("feat"), p)
        v = torch.cat([cameras, points, w], 1).contiguous().requires_grad_(True)

        def errors(v):
            r, x = v[:, :3], v[:, 11:14] - v[:, 3:6]
            angle = torch.sqrt((r * r).sum(1, keepdim=True))
            axis, c = r / angle, torch.cos(angle)
            x = x * c + torch.cross(axis, x, dim=1) * torch.sin(angle) + axis * (axis * x).sum(1, keepdim=True) * (1 - c)
            q = x[:, :2] / x[:, 2:]
            radius = (q * q).sum(1, keepdim=True)
            q = q * (1 + v[:, 9:10] * radius + v[:, 10:11] * radius**2)
            return v[:, 14:15] * (v[:, 6:7] * q + v[:, 7:9] - feature)

        def jacobian():
            e = errors(v)
            rows = [torch.autograd.grad(e[:, k].sum(), v, retain_graph=k == 0)[0] for k in (0, 1)]
            return torch.cat([torch.stack(rows, 1).reshape(-1), -2 * v[:, 14].detach()])

        return jacobian
    sys.exit(2)


def numpy_peer(name, data):
    array = lambda key: np.array(data[key], dtype=float)
    if name == "lse":
        x = array("x")

        def gradient():
            e = np.exp(x - x.max())
            return e / e.sum()

        return gradient
    if name == "llsq":
        x = array("x")
        t = np.linspace(-1, 1, data["n"])

        def gradient():
            powers = np.vander(t, len(x), increasing=True)
            return powers.T @ (powers @ x - np.sign(t))

        return gradient
    if name == "kmeans":
        points, centroids = array("points"), array("centroids")

        def direction():
            nearest = (0.5 * (centroids * centroids).sum(1) - points @ centroids.T).argmin(1)
            counts = np.bincount(nearest, minlength=len(centroids))[:, None]
            sums = np.stack([np.bincount(nearest, points[:, c], len(centroids)) for c in range(points.shape[1])], 1)
            return centroids - sums / counts

        return direction
    if name == "gmm":
        d, k, n, m, gamma = (data[key] for key in ("d", "k", "n", "m", "gamma"))
        x, alpha, mu, q, l = (array(key) for key in ("x", "alpha", "mu", "q", "l"))
        rows, columns = lower(d)
        l = l.reshape(k, -1)

        def gradient():
            Q = np.zeros((k, d, d))
            diagonal = np.exp(q)
            Q[:, np.arange(d), np.arange(d)] = diagonal
            Q[:, rows, columns] = l
            centred = x[None] - mu[:, None, :]  # k n d
            z = centred @ Q.transpose(0, 2, 1)
            beta = (alpha + q.sum(1))[:, None] - 0.5 * (z * z).sum(2)
            e = np.exp(beta - beta.max(0))
            w = e / e.sum(0)
            weights = w.sum(1)
            wz = w[:, :, None] * z
            dQ = -wz.transpose(0, 2, 1) @ centred - gamma**2 * Q
            softmax = np.exp(alpha - alpha.max())
            dmu = np.einsum("krc,kr->kc", Q, wz.sum(1))
            dq = weights[:, None] + dQ[:, np.arange(d), np.arange(d)] * diagonal + m
            return [weights - n * softmax / softmax.sum(), dmu, dq, dQ[:, rows, columns]]

        return lambda: np.concatenate([part.reshape(-1) for part in gradient()])
    sys.exit(2)


def main():
    peer, path, name = sys.argv[1:]
    with open(path) as file:
        data = json.load(file)
    run = {"torch": torch_peer, "numpy": numpy_peer}[peer](name, data)
    answer = np.asarray(run()).reshape(-1)
    lines = [json.dumps(answer.tolist())]
    total, runs = 0.0, 0
    while runs < data.get("min_runs", 1) or total < data.get("min_seconds", 0):
        start = time.process_time_ns()
        run()
        took = max(1, time.process_time_ns() - start)
        total, runs = total + 1e-9 * took, runs + 1
        lines.append(str(took))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
