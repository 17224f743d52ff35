"""A chart of time against size, both axes logarithmic, as SVG."""
import math
from xml.sax.saxutils import escape

COLOURS = {"Gradus": "#0b5cad", "Gradus, primal": "#7fb2e5", "mark": "#222222"}
OTHERS = ["#c2410c", "#15803d", "#7e22ce", "#b45309", "#be185d", "#0f766e", "#64748b"]
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 460, 80, 170, 44, 56


def _duration(exponent):
    names = {-12: "1 ps", -9: "1 ns", -6: "1 µs", -3: "1 ms", 0: "1 s"}
    below = max(e for e in names if e <= max(exponent, -12))
    return names[below].replace("1", str(10 ** (exponent - below)), 1)


def _ticks(low, high):
    """Powers of ten within; with fewer than two of them also their doubles and quintuples."""
    powers = range(math.floor(low), math.ceil(high) + 1)
    for steps in ([1], [1, 2, 5]):
        ticks = [p + math.log10(s) for p in powers for s in steps]
        ticks = [t for t in ticks if low - 1e-9 <= t <= high + 1e-9]
        if len(ticks) >= 3:
            return ticks
    return ticks


def draw(title, axis, series):
    """`series`: name -> [(size, seconds)]. The text of the SVG."""
    points = [p for line in series.values() for p in line]
    low_x, high_x = (f(math.log10(x) for x, _ in points) for f in (min, max))
    low_y, high_y = math.floor(min(math.log10(y) for _, y in points)), math.ceil(max(math.log10(y) for _, y in points))
    if high_x - low_x < 0.2:
        low_x, high_x = low_x - 0.1, high_x + 0.1
    if high_y == low_y:
        high_y += 1
    across = lambda x: LEFT + (x - low_x) / (high_x - low_x) * (WIDTH - LEFT - RIGHT)
    up = lambda y: HEIGHT - BOTTOM - (y - low_y) / (high_y - low_y) * (HEIGHT - TOP - BOTTOM)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="24" font-size="16">{escape(title)}</text>',
    ]
    for y in range(low_y, high_y + 1):
        out.append(f'<path d="M{LEFT} {up(y):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        out.append(f'<text x="{LEFT - 8}" y="{up(y) + 4:.1f}" text-anchor="end">{_duration(y)}</text>')
    for x in _ticks(low_x, high_x) or sorted({math.log10(x) for x, _ in points}):
        value = 10**x
        label = f"{value:,.0f}" if value < 1e6 else f"{value / 1e6:g} M"
        out.append(f'<path d="M{across(x):.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#eee"/>')
        out.append(f'<text x="{across(x):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{label}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">{escape(axis)}</text>')
    others = iter(OTHERS * 3)
    ends = []
    for name, line in series.items():
        colour = COLOURS.get(name) or next(others)
        line = sorted((across(math.log10(x)), up(math.log10(y))) for x, y in line)
        dash = ' stroke-dasharray="5 4"' if name in ("Gradus, primal", "mark") else ""
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in line)
        width = 2.5 if name == "Gradus" else 1.5
        out.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dash}/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in line]
        ends.append([line[-1][1], name, colour])
    ends.sort()
    for at in range(1, len(ends)):  # labels stand apart
        ends[at][0] = max(ends[at][0], ends[at - 1][0] + 15)
    over = max(0, ends[-1][0] - (HEIGHT - BOTTOM))
    for y, name, colour in ends:
        out.append(f'<text x="{WIDTH - RIGHT + 10}" y="{y - over + 4:.1f}" fill="{colour}">{escape(name)}</text>')
    return "\n".join(out + ["</svg>\n"])
