#!/usr/bin/env python3
"""Each eval against the reference answer: |a - b| at most 1e-9 of the largest entry of its output block.

    bench/gradbench/check.py BUILD DATA [EVAL...]
"""
import json
import pathlib
import subprocess
import sys


def numbers(value):
    if isinstance(value, list):
        return [x for part in value for x in numbers(part)]
    return [value]


def blocks(value):
    if isinstance(value, dict):
        return [b for key in sorted(value) for b in blocks(value[key])]
    return [numbers(value)]


def error(ours, theirs):
    worst = 0.0
    for a, b in zip(blocks(ours), blocks(theirs), strict=True):
        scale = max(map(abs, b)) or 1.0
        worst = max([worst] + [abs(x - y) / scale for x, y in zip(a, b, strict=True)])
    return worst


build, data = map(pathlib.Path, sys.argv[1:3])
evals = sys.argv[3:] or sorted(p.name.split(".")[0] for p in data.glob("*.expected.json"))
failed = False
for name in evals:
    expected = json.loads((data / f"{name}.expected.json").read_text())
    for function, answer in expected.items():
        run = subprocess.run([build / f"bin/gradbench-{name}", data / f"{name}.input.json", function], capture_output=True, text=True)
        if run.returncode != 0:
            print(f"{name:8}{function:12}failed: {run.stderr.strip()}")
            failed = True
            continue
        ours = json.loads(run.stdout.splitlines()[0])
        worst = error(ours, answer)
        good = worst <= 1e-9
        failed = failed or not good
        print(f"{name:8}{function:12}{'ok' if good else 'WRONG':6}{worst:.1e}  {int(run.stdout.splitlines()[1]) / 1e3:.1f} us")
sys.exit(failed)
