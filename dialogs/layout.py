"""Places the boxes of a graph in layers, so that the ways lead down and cross as little as may be.

The usual steps for layered drawings: turn the edges that lead back, put each node below those that
lead to it, let long edges pass through places of their own, order each layer by the middles of its
neighbours, and move boxes towards them without overlap.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SWEEPS = 12

Pair = tuple[str, str]
Place = str | tuple[str, str, int]
"""A node, or where an edge passes through a layer."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns (any number, 1.0 is a box's width and gap) and layers, from the top.

    `roads` are the places through which an edge leads, from its start to its end.
    """

    places: Mapping[str, tuple[float, int]]
    roads: Mapping[Pair, tuple[tuple[float, int], ...]]


def layout(nodes: Sequence[str], edges: Iterable[Pair]) -> Layout:
    """The places of the nodes, and the roads of the edges."""
    pairs = [pair for pair in dict.fromkeys(edges) if pair[0] != pair[1]]
    turned = _leading_back(nodes, pairs)
    down = [(end, start) if (start, end) in turned else (start, end) for start, end in pairs]
    layers = _layers(nodes, down)
    chains = {pair: _chain(pair, layers) for pair in dict.fromkeys(down)}
    rows = _rows(nodes, layers, chains.values())
    columns = _columns(rows, _neighbours(chains.values()))
    level = {place: number for number, row in enumerate(rows) for place in row}
    roads = {
        pair: tuple(
            (columns[place], level[place])
            for place in (reversed(chains[pair[1], pair[0]]) if pair in turned else chains[pair])
        )
        for pair in pairs
    }
    return Layout({name: (columns[name], level[name]) for name in nodes}, roads)


def _leading_back(nodes: Sequence[str], pairs: Sequence[Pair]) -> set[Pair]:
    """The edges that lead to a node on the way to them."""
    following = _following(pairs)
    back, seen = set[Pair](), set[str]()
    for first in nodes:
        # The way to the node that is looked at, and what is left to look at on each of its steps.
        way = {} if first in seen else {first: iter(following[first])}
        seen.add(first)
        while way:
            node, left = next(reversed(way.items()))
            to = next(left, None)
            if to is None:
                del way[node]
            elif to in way:
                back.add((node, to))
            elif to not in seen:
                seen.add(to)
                way[to] = iter(following[to])
    return back


def _layers(nodes: Sequence[str], down: Sequence[Pair]) -> dict[str, int]:
    """Each node one below the lowest that leads to it; a way in right above where it leads."""
    following, before = _following(down), Counter(end for _, end in down)
    layers = {node: 0 for node in nodes if not before[node]}
    ready, left = list(layers), before.copy()
    while ready:
        node = ready.pop()
        for to in following[node]:
            layers[to] = max(layers.get(to, 0), layers[node] + 1)
            left[to] -= 1
            if not left[to]:
                ready.append(to)
    for node in nodes:
        if not before[node] and following[node]:
            layers[node] = min(layers[it] for it in following[node]) - 1
    return layers


def _chain(pair: Pair, layers: Mapping[str, int]) -> tuple[Place, ...]:
    start, end = pair
    between = range(layers[start] + 1, layers[end])
    return (start, *((start, end, layer) for layer in between), end)


def _rows(
    nodes: Sequence[str], layers: Mapping[str, int], chains: Iterable[tuple[Place, ...]]
) -> list[list[Place]]:
    rows: list[list[Place]] = [[] for _ in range(max(layers.values(), default=-1) + 1)]
    for node in nodes:
        rows[layers[node]].append(node)
    for chain in chains:
        for place in chain[1:-1]:
            rows[place[2] if isinstance(place, tuple) else 0].append(place)
    return rows


def _neighbours(chains: Iterable[tuple[Place, ...]]) -> dict[Place, list[Place]]:
    known: dict[Place, list[Place]] = defaultdict(list)
    for chain in chains:
        for upper, lower in itertools.pairwise(chain):
            known[upper].append(lower)
            known[lower].append(upper)
    return known


def _columns(rows: list[list[Place]], known: Mapping[Place, list[Place]]) -> dict[Place, float]:
    columns: dict[Place, float] = {}
    for row in rows:
        columns.update((place, number - len(row) / 2) for number, place in enumerate(row))
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else list(reversed(rows)):
            wanted = {place: _middle(place, columns, known) for place in row}
            row.sort(key=wanted.__getitem__)
            _spread(row, wanted, columns)
    least = min(columns.values(), default=0.0)
    return {place: column - least for place, column in columns.items()}


def _middle(
    place: Place, columns: Mapping[Place, float], known: Mapping[Place, list[Place]]
) -> float:
    near = [columns[it] for it in known.get(place, ())]
    return sum(near) / len(near) if near else columns[place]


def _spread(
    row: Sequence[Place], wanted: Mapping[Place, float], columns: dict[Place, float]
) -> None:
    """Near the wanted columns, at least one apart: the mean of pushing right and pushing left."""
    right, left = list[float](), list[float]()
    for place in row:
        right.append(max(wanted[place], right[-1] + 1 if right else wanted[place]))
    for place in reversed(row):
        left.append(min(wanted[place], left[-1] - 1 if left else wanted[place]))
    for place, one, other in zip(row, right, reversed(left), strict=True):
        columns[place] = (one + other) / 2


def _following(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    following: dict[str, list[str]] = defaultdict(list)
    for start, end in pairs:
        following[start].append(end)
    return following
