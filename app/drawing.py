"""Draws a scenario's graph as SVG and PNG, by matplotlib, which brings its own fonts."""

import itertools
import re
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dialogs.graph import Graph, Kind, Node
from dialogs.layout import Layout, layout

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 3.0, 1.0
"""A box, in inches."""
GAP, FALL = 0.35, 0.75
"""Between boxes side by side, and from layer to layer."""
LETTERS = 34
"""Of a line within a box."""
COLOURS: dict[Kind, str] = {
    "start": "#e8eaed",
    "say": "#e3f2fd",
    "ask": "#fff8e1",
    "consent": "#fce4ec",
    "phone": "#fff3e0",
    "wait": "#ede7f6",
    "branch": "#f1f8e9",
    "call": "#e0f2f1",
    "handover": "#ffebee",
    "end": "#e0e0e0",
}
# The font that comes with matplotlib has no pictures.
_PICTURES = re.compile(r"[\U00010000-\U0010ffff\ufe0f\u200d\u20e3]")


def draw(graph: Graph, paths: Sequence[Path]) -> None:
    """Write the graph into these files, each in the format of its ending."""
    from matplotlib import rc_context  # noqa: PLC0415 - it is heavy, and only drawing needs it
    from matplotlib.figure import Figure  # noqa: PLC0415 - heavy, see above

    placed = layout([node.id for node in graph.nodes], [(it.start, it.end) for it in graph.edges])
    columns = 1 + max((column for column, _ in placed.places.values()), default=0)
    rows = 1 + max((row for _, row in placed.places.values()), default=0)
    # In an SVG letters stay letters, to be searched; the same graph is the same file.
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "vestnik", "font.size": 8}):
        figure = Figure(figsize=(columns * (WIDTH + GAP), rows * (HEIGHT + FALL)))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(-(WIDTH + GAP) / 2, (columns - 0.5) * (WIDTH + GAP))
        axes.set_ylim(-(rows - 0.5) * (HEIGHT + FALL), (HEIGHT + FALL) / 2)
        for edge in graph.edges:
            _edge(axes, placed, edge.start, edge.end, edge.label)
        for node in graph.nodes:
            _node(axes, node, *_at(*placed.places[node.id]))
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            dated = {"Date": None} if path.suffix == ".svg" else {}
            figure.savefig(path, dpi=130, facecolor="white", metadata=dated)


def _at(column: float, row: int) -> tuple[float, float]:
    return column * (WIDTH + GAP), -row * (HEIGHT + FALL)


def _node(axes: "Axes", node: Node, x: float, y: float) -> None:
    from matplotlib.patches import FancyBboxPatch  # noqa: PLC0415 - heavy, see above

    corner = 0.4 if node.kind in ("start", "end") else 0.08
    axes.add_patch(
        FancyBboxPatch(
            (x - WIDTH / 2 + corner, y - HEIGHT / 2 + corner),
            WIDTH - 2 * corner,
            HEIGHT - 2 * corner,
            boxstyle=f"round,pad={corner},rounding_size={corner}",
            facecolor=COLOURS[node.kind],
            edgecolor="#5f6368",
            linewidth=0.8,
        )
    )
    title = node.id if node.kind == "start" else f"{node.id} · {node.kind}"
    axes.text(x, y + HEIGHT / 2 - 0.2, title, ha="center", va="center", weight="bold")
    words = "\n".join(textwrap.wrap(_plain(node.text), LETTERS)[:3])
    axes.text(x, y - 0.1, words, ha="center", va="center", parse_math=False)


def _edge(axes: "Axes", placed: Layout, start: str, end: str, label: str) -> None:
    from matplotlib.patches import FancyArrowPatch  # noqa: PLC0415 - heavy, see above
    from matplotlib.path import Path as Curve  # noqa: PLC0415 - heavy, see above

    if start == end:
        return
    points = [_at(*it) for it in placed.roads[start, end]]
    down = points[0][1] > points[-1][1]
    half = HEIGHT / 2 if down else -HEIGHT / 2
    first, last = points[0], points[-1]
    points = [(first[0], first[1] - half), *points[1:-1], (last[0], last[1] + half)]
    vertices, codes = [points[0]], [Curve.MOVETO]
    for (x, y), (to_x, to_y) in itertools.pairwise(points):
        middle = (y + to_y) / 2
        vertices += [(x, middle), (to_x, middle), (to_x, to_y)]
        codes += [Curve.CURVE4] * 3
    axes.add_patch(
        FancyArrowPatch(
            path=Curve(vertices, codes),
            arrowstyle="-|>",
            mutation_scale=9,
            color="#5f6368" if down else "#b06000",
            linewidth=0.9,
        )
    )
    if label:
        x, y = (points[0][0] + points[1][0]) / 2, (points[0][1] + points[1][1]) / 2
        words = "\n".join(textwrap.wrap(_plain(label), 24)[:2])
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
        axes.text(x, y, words, ha="center", va="center", size=7, bbox=box, parse_math=False)


def _plain(text: str) -> str:
    return _PICTURES.sub("", text).strip()
