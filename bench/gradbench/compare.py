#!/usr/bin/python3
"""GradBench's derivatives: Gradus, the marks and other tools, in one run.

    compare.py [--quick] [--build BUILD] [--rounds N] [EVAL...]

Writes build/bench/gradbench.md and a chart of each eval. What is measured, and the environment variables that point to
other tools: bench/README.md.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import chart
import inputs
from tools import find_tools, least

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("GRADUS_SHARED", ROOT / "../shared")).resolve()

# eval: functions, what the axis of the chart is, sizes. A size: arguments of its input; its target as a multiple of the
# mark or in seconds; whether it is one of --quick. The size of the chart is `of` these arguments.
TIMES, SECONDS = "times the mark", "seconds"
FUNCTION = 12  # operations that a function counts as, like Cost::function_weight
EVALS = {
    "gmm": ("objective", "jacobian", "K·D² (N = 1000)", lambda d, k: k * d * d,
            [((2, 5), (2.5, TIMES), True), ((10, 25), (2.5, TIMES), True), ((20, 50), None, False),
             ((64, 25), (2, TIMES), False)]),
    "ba": ("objective", "jacobian", "observations", lambda number: {1: 31843, 5: 225911}.get(number, number),
           [((1,), (3, TIMES), True), ((5,), (3, TIMES), False)]),
    "lstm": ("objective", "jacobian", "layers · length", lambda l, t: l * t,
             [((2, 1024), (2, TIMES), True), ((4, 4096), (2, TIMES), False)]),
    "kmeans": ("cost", "dir", "k·n·d", lambda k, n, d: k * n * d,
               [((10, 1000, 8), None, False), ((100, 1000, 16), None, False), ((100, 10000, 16), (2.5, TIMES), True)]),
    "llsq": ("primal", "gradient", "n (m = 128)", lambda n: n,
             [((16,), None, False), ((128,), None, False), ((1024,), None, False), ((16392,), (1.25, TIMES), True)]),
    "lse": ("primal", "gradient", "n", lambda n: n,
            [((2500,), None, False), ((20000,), None, False), ((80000,), (1.1, TIMES), True), ((1280000,), None, False)]),
    "det": ("primal", "gradient", "rows", lambda n: n,
            [((5,), None, False), ((7,), None, False), ((9,), (20e-6, SECONDS), True), ((11,), None, False)]),
    "ht": ("objective", "jacobian", "file", lambda kind, number: number,
           [(("simple_small", 1), None, False), (("complicated_small", 1), (5, TIMES), True),
            (("complicated_small", 5), None, False), (("complicated_big", 7), (5, TIMES), False)]),
    "ode": ("primal", "gradient", "n (steps: 100 and more)", lambda n, s: n,
            [((1000, 100), (3, TIMES), True), ((4000, 1000), None, False), ((10000, 100), (3, TIMES), False),
            ((10000, 2500), None, False)]),
    "particle": ("ff", "rr", "", None, [((), None, False)]),
    "saddle": ("ff", "rr", "", None, [((), None, False)]),
}

def flat(nested):
    if not isinstance(nested, list):
        return [nested]
    return [number for part in nested for number in flat(part)]


def numbers(name, output):
    """Gradus' output in the order in which other tools give their numbers."""
    if name == "gmm":
        return [v for block in ("alpha", "mu", "q", "l") for v in flat(output[block])]
    return output["vals"] if name == "ba" else flat(output)


def peak_memory(process):
    """Bytes, of a process that runs. What wait4 says of a child is at least what this process had when it began."""
    try:
        status = pathlib.Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def run(command, timeout=300):
    """Output and peak memory in bytes; the reason as a string when it failed."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen([str(c) for c in command], stdout=out, stderr=err)
        start, memory = time.monotonic(), 0
        while child.poll() is None:
            memory = max(memory, peak_memory(child.pid))
            if time.monotonic() - start > timeout:
                child.kill()
                child.wait()
                return f"more than {timeout} s"
            time.sleep(0.01)
        out.seek(0), err.seek(0)
        text, errors = out.read().decode(), err.read().decode()
        if child.returncode != 0:
            return (errors.strip().splitlines() or [f"status {child.returncode}"])[-1]
        return text, errors, memory


class Gradus:
    name = "Gradus"

    def __init__(self, build):
        self.build = build

    def command(self, name, path, function):
        return [self.build / f"bin/gradbench-{name}", path, function]

    def operations(self, name, path):
        """What each function's program is counted to do (docs/cost.md), a call of exp and the like as twelve operations."""
        done = run(self.command(name, path, "--cost"))
        if isinstance(done, str):
            return {}
        lines = [line.split() for line in done[0].splitlines()[1:]]
        try:
            return {words[0]: float(words[1]) + FUNCTION * float(words[2]) for words in lines}
        except ValueError:  # counts with names: rounds of loops that are not known before
            return {}


def measure(args, name, tools, work):
    primal, derivative, axis, size, sizes = EVALS[name]
    gradus = Gradus(args.build)
    rows = []
    for arguments, target, quick in sizes:
        if args.quick and not quick:
            continue
        data = getattr(inputs, name)(SHARED / "data", *arguments)
        label = " ".join([name, *(str(a) for a in arguments)])
        if data is None:
            print(f"{label}: no file in {SHARED / 'data'}, left out", flush=True)
            continue
        path = work / "input.json"
        extra = {"min_runs": 3, "min_seconds": 0.1 if args.quick else 0.25, "processor_time": True}
        path.write_text(json.dumps(data | extra))
        row = {"label": label, "size": size(*arguments) if size else 1, "target": target, "others": {}, "notes": []}
        first = run(gradus.command(name, path, derivative))
        if isinstance(first, str):
            print(f"{label}: {first}", flush=True)
            row["notes"].append(f"{label}: {first}")
            rows.append(row)
            continue
        answer = json.loads(first[0].splitlines()[0])
        row["prepare"], row["compile"] = (1e-9 * int(line.split()[1]) for line in first[1].splitlines()[:2])
        row["memory"] = first[2]
        row["operations"] = gradus.operations(name, path)
        expected = work / "expected.json"
        expected.write_text(json.dumps({derivative: answer}))
        ours = numbers(name, answer)
        scale = max(abs(v) for v in ours)
        agreeing = []
        for tool in tools:
            if name not in tool.evals:
                continue
            wrong = tool.check(run, name, path, expected, derivative, ours, scale)
            if wrong:
                row["notes"].append(f"{tool.name}, {label}: {wrong}")
                print(row["notes"][-1], flush=True)
            else:
                agreeing.append(tool)
        for _ in range(args.rounds):
            for what, function in (("primal", primal), ("derivative", derivative)):
                done = run(gradus.command(name, path, function))
                if not isinstance(done, str):
                    best = least([int(line) for line in done[0].splitlines()[1:]])
                    row[what] = min(best, row.get(what, best))
            for tool in agreeing:
                seconds = tool.seconds(run, name, path, derivative)
                if seconds is not None:
                    row["others"][tool.name] = min(seconds, row["others"].get(tool.name, seconds))
        row["each"] = {f: row[what] / row["operations"][f] for what, f in (("primal", primal), ("derivative", derivative))
                       if row["operations"].get(f) and what in row}
        rows.append(row)
        print(f"{label}: {show(row.get('derivative'))}, " + ", ".join(f"{t} {show(s)}" for t, s in row["others"].items()), flush=True)
    return rows


def show(seconds):
    if seconds is None:
        return "–"
    for unit, factor in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if seconds * factor >= 1 or unit == "µs":
            return f"{seconds * factor:.3g} {unit}"


def verdict(row, emulated):
    """The mark's ratio and what the target says about it."""
    mark, ours, target = row["others"].get("mark"), row.get("derivative"), row["target"]
    ratio = f"{ours / mark:.2f}" if mark and ours else "–"
    if target is None or ours is None:
        return ratio, "–"
    bound, kind = target
    if kind == SECONDS:
        return ratio, f"≤ {show(bound)} {'✓' if ours <= bound else '✗'}"
    if not mark:
        return ratio, f"≤ {bound:g} × (no mark)"
    return ratio, f"≤ {bound:g} × {'✓' if ours <= bound * mark else '✗'}{' emulated' if emulated else ''}"


def each(row):
    """Picoseconds of a counted operation, of the derivative."""
    found = row.get("each", {}).get(EVALS[row["label"].split()[0]][1])
    return f"{found * 1e12:.0f}" if found else "–"


def table(rows, tools):
    others = [t.name for t in tools if t.name != "mark"]
    emulated = any(t.name == "mark" and "emulated" in t.version.lower() for t in tools)
    head = ["workload", "primal", "derivative", "ratio", "ps/operation", "prepare", "of it compile", "peak memory", "mark", "÷ mark", "target", *others]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        ours, primal = row.get("derivative"), row.get("primal")
        ratio, target = verdict(row, emulated)
        cells = [row["label"], show(primal), show(ours), f"{ours / primal:.2f}" if ours and primal else "–",
                 each(row), show(row.get("prepare")), show(row.get("compile")), f"{row['memory'] / 2**20:.0f} MB" if "memory" in row else "–",
                 show(row["others"].get("mark")), ratio, target, *(show(row["others"].get(t)) for t in others)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def machine():
    info = pathlib.Path("/proc/cpuinfo").read_text()
    model = next((l.split(":")[1].strip() for l in info.splitlines() if l.startswith("model name")), platform.machine())
    vectors = "AVX-512" if "avx512dq" in info else "AVX2" if "avx2" in info else "neither AVX2 nor AVX-512"
    return f"{model}, {os.cpu_count()} cores, {vectors}; load {os.getloadavg()[0]:.1f} at the start"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="one size of each eval, one round")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("evals", nargs="*", metavar="EVAL")
    args = parser.parse_args()
    args.rounds = args.rounds or (1 if args.quick else 3)
    unknown = [e for e in args.evals if e not in EVALS]
    if unknown:
        parser.error(f"no such eval: {', '.join(unknown)} (there are {', '.join(EVALS)})")
    out = ROOT / "build/bench"
    out.mkdir(parents=True, exist_ok=True)
    here = machine()
    names = args.evals or list(EVALS)
    tools, missing = find_tools(out, SHARED, names)
    for line in missing:
        print(line, flush=True)
    rows, charts = [], []
    with tempfile.TemporaryDirectory() as work:
        for name in names:
            measured = measure(args, name, tools, pathlib.Path(work))
            rows += measured
            series = {"Gradus": [(r["size"], r["derivative"]) for r in measured if "derivative" in r],
                      "Gradus, primal": [(r["size"], r["primal"]) for r in measured if "primal" in r]}
            for tool in tools:
                series[tool.name] = [(r["size"], r["others"][tool.name]) for r in measured if tool.name in r["others"]]
            series = {n: line for n, line in series.items() if line}
            if EVALS[name][3] and series:
                (out / f"gradbench_{name}.svg").write_text(chart.draw(f"{name}: derivative", EVALS[name][2], series))
                charts.append(name)
                each = {f: [(r["size"], r["each"][f]) for r in measured if f in r.get("each", {})] for f in EVALS[name][:2]}
                each = {n: line for n, line in each.items() if line}
                if each:
                    title = f"{name}: time of a counted operation"
                    (out / f"gradbench_{name}_each.svg").write_text(chart.draw(title, EVALS[name][2], each))
                    charts.append(f"{name}_each")
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    text = [f"# GradBench's derivatives, {datetime.date.today()}, Gradus {commit}", "", f"Machine: {here}.",
            f"Processor time, least over runs in {args.rounds} interleaved round{'s' * (args.rounds > 1)}. "
            + "; ".join(f"{t.name}: {t.version}" for t in tools) + ".", "", table(rows, tools), ""]
    text += [f"![{name}](gradbench_{name}.svg)" for name in charts]
    notes = missing + [note for row in rows for note in row["notes"]]
    text += [""] + [f"- {note}" for note in notes]
    (out / "gradbench.md").write_text("\n".join(text) + "\n")
    (out / "gradbench.json").write_text(json.dumps(rows, indent=1))
    print(f"\n{table(rows, tools)}\n\n{out / 'gradbench.md'}")


if __name__ == "__main__":
    main()
