"""The tools beside Gradus: finding, building, checking and timing them. Programs of peers are built into build/bench."""
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PEERS = HERE.parent / "peers/gradbench"
SCALAR = ("gmm", "ba", "lstm", "kmeans", "llsq", "lse", "det", "ode")


def build(target, source, *flags, depends=()):
    """Compiles when a source is newer; the reason as a string when that fails."""
    newest = max(p.stat().st_mtime for p in (source, *depends))
    if target.exists() and target.stat().st_mtime > newest:
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    command = ["g++", "-std=c++20", "-O3", "-march=native", "-w", *flags[0], str(source), "-o", str(target), *flags[1]]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return None
    return next((line for line in done.stderr.splitlines() if "error" in line), "compiler failed")


def least(nanoseconds):
    """Seconds. What is far below the median is a clock that stood still for the time of a call."""
    times = sorted(nanoseconds)
    return 1e-9 * next(t for t in times if t >= times[len(times) // 2] / 2)


def close(ours, theirs, scale, bound):
    if len(ours) != len(theirs):
        return f"{len(theirs)} numbers in place of {len(ours)}"
    worst = max(abs(a - b) for a, b in zip(ours, theirs))
    return None if worst <= bound * scale else f"differs by {worst / scale:.1e} of the largest entry; not timed"


class Peer:
    """A program that prints the derivative as flat numbers, then nanoseconds, one a line."""

    def __init__(self, name, version, command, evals=SCALAR):
        self.name, self.version, self.start, self.evals = name, version, command, evals

    def command(self, name, path, function):
        return [*self.start, path, name]

    def answer(self, name, text):
        values = json.loads(text.splitlines()[0])
        return values[:30] + values[-1:] if name == "ba" else values

    def check(self, run, name, path, expected, function, ours, scale):
        done = run(self.command(name, path, function))
        if isinstance(done, str):
            return done
        return close(ours, self.answer(name, done[0]), scale, 1e-6)

    def least(self, text):
        return least([int(line) for line in text.splitlines()[1:]])

    def seconds(self, run, name, path, function):
        done = run(self.command(name, path, function))
        return None if isinstance(done, str) else self.least(done[0])


class Manual(Peer):
    """GradBench's own programs: INPUT.json FUNCTION; timings are objects."""

    def command(self, name, path, function):
        return [self.start / f"manual-{name}", path, function]

    def answer(self, name, text):
        output = json.loads(text.splitlines()[0])
        if name == "gmm":
            output = [output[block] for block in ("alpha", "mu", "q", "l")]
        flat = lambda n: [n] if not isinstance(n, list) else [v for part in n for v in flat(part)]
        return output["vals"] if name == "ba" else flat(output)

    def least(self, text):
        lines = (json.loads(line) for line in text.splitlines()[1:])
        return least([line["nanoseconds"] for line in lines if line["name"] == "evaluate"])


class Mark(Peer):
    """Compares itself with our answer, to 1e-9."""

    def command(self, name, path, function):
        return [self.start / f"mark-{name}", path]

    def check(self, run, name, path, expected, function, ours, scale):
        done = run([*self.command(name, path, function), expected])
        return done if isinstance(done, str) else None

    def least(self, text):
        return 1e-9 * json.loads(text)["min_ns"]


def marks(out, shared, names):
    folder = shared / "marks"
    if not folder.exists():
        return None, [f"No marks: {folder} is not there."]
    narrow = "avx512dq" not in pathlib.Path("/proc/cpuinfo").read_text()
    pairs = HERE.parent / "peers/avx2/immintrin.h"
    flags = ["-I", str(pairs.parent)] if narrow else []
    built, missing = [], []
    for name in names:
        source = folder / f"{name}.cpp"
        if not source.exists():
            continue
        depends = (folder / "common.h", *([pairs] if narrow else []))
        wrong = build(out / f"marks/mark-{name}", source, flags, ["-lmvec", "-lm"], depends=depends)
        built += [] if wrong else [name]
        missing += [f"Mark {name} is left out: {wrong}"] if wrong else []
    version = "written for AVX-512, here each of its vectors emulated by two of AVX2" if narrow else "AVX-512"
    return Mark("mark", version, out / "marks", tuple(built)) if built else None, missing


def scalar_peer(out, key, name, flags, version):
    source = PEERS / f"{key}.cpp"
    wrong = build(out / f"peers/{key}", source, *flags, depends=(PEERS / "evals.hpp",))
    return (None, f"{name} is left out: {wrong}") if wrong else (Peer(name, version, [out / f"peers/{key}"]), None)


def commit_of(folder):
    done = subprocess.run(["git", "-C", folder, "describe", "--tags", "--always"], capture_output=True, text=True)
    return done.stdout.strip() or str(folder)


def package_version(package):
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True)
    return done.stdout.strip() or "version unknown"


def python_peer(key, module, name, evals):
    show = f"import {module}; print({module}.__version__)"
    done = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True)
    if done.returncode != 0:
        return None, f"{name} is left out: no Python module {module}."
    return Peer(name, done.stdout.strip(), [sys.executable, PEERS / "python_peer.py", key], evals), None


def manual(out, root, names):
    if not root:
        return None, "GradBench's manual derivatives are left out: GRADBENCH does not point to a checkout."
    root, built = pathlib.Path(root), []
    for name in names:
        source = root / f"tools/manual/{name}.cpp"
        more = [str(root / "tools/manual/ht_d.cpp")] if name == "ht" else []
        if source.exists() and not build(out / f"peers/manual-{name}", source, ["-I", str(root / "cpp"), *more], []):
            built.append(name)
    return Manual("manual", f"GradBench {commit_of(root)}", out / "peers", tuple(built)), None


def find_tools(out, shared, names):
    """Tools that are here, and a line about each that is not."""
    mark, missing = marks(out, shared, names)
    found = [(mark, None)]
    if pathlib.Path("/usr/include/adolc/adolc.h").exists():
        found.append(scalar_peer(out, "adolc", "ADOL-C", ([], ["-ladolc"]), package_version("libadolc-dev")))
    else:
        found.append((None, "ADOL-C is left out: no libadolc-dev."))
    found.append(python_peer("torch", "torch", "PyTorch", SCALAR))
    found.append(python_peer("numpy", "numpy", "NumPy by hand", ("gmm", "llsq", "lse", "kmeans")))
    for key, name, variable, flags in (
        ("cppad", "CppAD", "CPPAD", lambda r: (["-DNDEBUG", "-I", f"{r}/include"], [])),
        ("codipack", "CoDiPack", "CODIPACK", lambda r: (["-I", f"{r}/include"], [])),
        ("adept", "Adept", "ADEPT", lambda r: (["-I", f"{r}/include"], [f"-L{r}/lib", f"-Wl,-rpath,{r}/lib", "-ladept"])),
    ):
        root = os.environ.get(variable)
        if not root:
            found.append((None, f"{name} is left out: {variable} does not point to a checkout."))
        elif not (PEERS / f"{key}.cpp").exists():
            found.append((None, f"{name} is left out: it has no program here."))
        else:
            found.append(scalar_peer(out, key, name, flags(root), commit_of(root)))
    found.append(manual(out, os.environ.get("GRADBENCH"), names))
    return [tool for tool, _ in found if tool], missing + [line for _, line in found if line]
