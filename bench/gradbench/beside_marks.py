#!/usr/bin/env python3
"""The derivative programs beside hand-written ones, in the same run.

    bench/gradbench/beside_marks.py [BUILD] [MARKS]

BUILD is a build directory (build/release); MARKS a copy of the marks (../shared/marks), which is built elsewhere first.
Prints, per size: the mark's and Gradus' nanoseconds (minimum of many runs), their ratio, and nanoseconds per element.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[2]
build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else root / "build/release")
marks = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else root / "../shared/marks")
sizes = {"lse": [["2500"], ["80000"], ["1280000"]], "llsq": [["16", "128"], ["1024", "128"], ["16392", "128"]]}


def output(*command):
    run = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"{' '.join(str(c) for c in command)} failed ({run.returncode}); the marks need AVX-512.\n{run.stderr[-2000:]}")
    return run


with tempfile.TemporaryDirectory() as name:
    work = pathlib.Path(name)
    shutil.copytree(marks, work / "marks")
    output("make", "-C", work / "marks", "mark-inputs", *("mark-" + e for e in sizes))
    print(f"{'eval':6}{'n':>9}{'mark ns':>12}{'gradus ns':>12}{'ratio':>8}{'ns/element':>12}{'prepare ms':>12}{'compile ms':>12}")
    for evaluation, lengths in sizes.items():
        for arguments in lengths:
            path = work / "input.json"
            path.write_text(output(work / "marks/mark-inputs", evaluation, *arguments).stdout)
            mark = json.loads(output(work / f"marks/mark-{evaluation}", path).stdout)["min_ns"]
            path.write_text(json.dumps(json.loads(path.read_text()) | {"min_runs": 200, "min_seconds": 0.5}))
            run = output(build / f"bin/gradbench-{evaluation}", path, "gradient")
            best = min(int(line) for line in run.stdout.splitlines()[1:])
            prepare, compiled = (1e-6 * int(line.split()[1]) for line in run.stderr.splitlines())
            n = int(arguments[0])
            print(f"{evaluation:6}{n:9}{mark:12.0f}{best:12}{best / mark:8.2f}{best / n:12.3f}{prepare:12.1f}{compiled:12.1f}")
