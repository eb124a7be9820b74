"""Lays out a graph in layers: each node before its results, with few crossing lines.

The steps are those of Sugiyama, Tagawa and Toda (1981): layers by the longest path, dummy nodes for
long edges in the layers that they cross, orders by barycentres, coordinates near the neighbours'.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

_SWEEPS = 8
_LINE = 10.0
"""The size of an edge in a layer that it crosses."""


@dataclass(frozen=True)
class Layout:
    """Where nodes and edges are; lengths are in the unit of the sizes given.

    Attributes:
        layers: each node's layer; the root's is 0.
        places: each node's centre, along its layer.
        edges: by operand and result, the (layer, place) points of the line, operand first.
        depth: how many layers there are.
        width: the size of the widest one; places are between 0 and this.
    """

    layers: list[int]
    places: list[float]
    edges: dict[tuple[int, int], list[tuple[int, float]]]
    depth: int
    width: float


def layered(operands: Sequence[Sequence[int]], sizes: Sequence[float], gap: float) -> Layout:
    """Lay out a graph.

    Args:
        operands: the operands of each node, by position; node 0 is the root, and all are reachable
            from it.
        sizes: each node's size along its layer.
        gap: the free space between two neighbours.
    """
    layers = _layers(operands)
    rows: list[list[int]] = [[] for _ in range(max(layers) + 1)]
    for node in _depth_first(operands):
        rows[layers[node]].append(node)
    extents = list(sizes)
    chains: dict[tuple[int, int], list[int]] = {}
    for result, own in enumerate(operands):
        for operand in dict.fromkeys(own):
            between = range(layers[result] + 1, layers[operand])
            chain = [result]
            for layer in between:
                chain.append(len(extents))
                rows[layer].append(len(extents))
                extents.append(_LINE)
            chains[operand, result] = [*chain, operand]
    above: list[list[int]] = [[] for _ in extents]
    below: list[list[int]] = [[] for _ in extents]
    for chain in chains.values():
        for upper, lower in zip(chain, chain[1:], strict=False):
            above[lower].append(upper)
            below[upper].append(lower)
    rows = _untangled(rows, above, below)
    places = _placed(rows, above, below, extents, gap)
    low = min(place - size / 2 for place, size in zip(places, extents, strict=True))
    places = [place - low for place in places]
    width = max(place + size / 2 for place, size in zip(places, extents, strict=True))
    edges = {
        ends: [
            (layers[result] + step, places[point])
            for result in ends[1:]
            for step, point in enumerate(chain)
        ][::-1]
        for ends, chain in chains.items()
    }
    return Layout(layers, places[: len(operands)], edges, len(rows), width)


def _layers(operands: Sequence[Sequence[int]]) -> list[int]:
    """The longest path from the root to each node; edges that close a cycle do not count."""
    waiting = [0] * len(operands)
    for own in operands:
        for operand in set(own):
            waiting[operand] += 1
    layers = [0] * len(operands)
    left = dict.fromkeys(range(len(operands)))
    while left:
        node = next((node for node in left if not waiting[node]), next(iter(left)))
        del left[node]
        for operand in set(operands[node]) & left.keys():
            layers[operand] = max(layers[operand], layers[node] + 1)
            waiting[operand] -= 1
    return layers


def _depth_first(operands: Sequence[Sequence[int]]) -> list[int]:
    """All nodes, depth first from the root."""
    met: dict[int, None] = {}
    pending = [*range(len(operands) - 1, 0, -1), 0]
    while pending:
        node = pending.pop()
        if node not in met:
            met[node] = None
            pending.extend(reversed(operands[node]))
    return list(met)


def _untangled(
    rows: list[list[int]], above: list[list[int]], below: list[list[int]]
) -> list[list[int]]:
    """The rows in the order with the fewest crossings found by some sweeps down and up."""
    best, fewest = rows, _crossings(rows, below)
    for sweep in range(_SWEEPS):
        rows = [list(row) for row in rows]
        down = sweep % 2 == 0
        neighbours = above if down else below
        for row, before in _pairs(rows, down=down):
            rank = {node: place for place, node in enumerate(before)}
            row.sort(key=_barycentre(neighbours, rank, row))
        crossings = _crossings(rows, below)
        if crossings < fewest:
            best, fewest = rows, crossings
    return best


def _pairs(rows: list[list[int]], *, down: bool) -> list[tuple[list[int], list[int]]]:
    """Each row with the one before it on a sweep."""
    ordered = rows if down else rows[::-1]
    return list(zip(ordered[1:], ordered, strict=False))


def _barycentre(
    neighbours: list[list[int]], rank: dict[int, int], row: list[int]
) -> Callable[[int], float]:
    """A sort key: the mean of a node's neighbours' places, or its own place if it has none."""
    own = {node: place for place, node in enumerate(row)}

    def key(node: int) -> float:
        ranks = [rank[other] for other in neighbours[node] if other in rank]
        return sum(ranks) / len(ranks) if ranks else own[node]

    return key


def _crossings(rows: list[list[int]], below: list[list[int]]) -> int:
    count = 0
    for upper, lower in zip(rows, rows[1:], strict=False):
        rank = {node: place for place, node in enumerate(lower)}
        ends = [sorted(rank[o] for o in below[node] if o in rank) for node in upper]
        flat = [end for each in ends for end in each]
        count += sum(flat[i] > flat[j] for i in range(len(flat)) for j in range(i + 1, len(flat)))
    return count


def _placed(
    rows: list[list[int]],
    above: list[list[int]],
    below: list[list[int]],
    extents: Sequence[float],
    gap: float,
) -> list[float]:
    """Places along the rows, as near to the neighbours' places as the sizes allow."""
    places = [0.0] * len(extents)
    for row in rows:
        _spread(row, [0.0] * len(row), places, extents, gap)
    for sweep in range(_SWEEPS + 1):
        down = sweep % 2 == 0
        neighbours = above if down else below
        for row, _ in _pairs(rows, down=down):
            wanted = [_mean([places[o] for o in neighbours[node]], places[node]) for node in row]
            _spread(row, wanted, places, extents, gap)
    return places


def _mean(numbers: Sequence[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise


def _spread(
    row: Sequence[int],
    wanted: Sequence[float],
    places: list[float],
    extents: Sequence[float],
    gap: float,
) -> None:
    """Set a row's places: nearest to those wanted, by least squares, without overlap.

    Less the space that nodes take, the places only have to ascend: pool adjacent violators.
    """
    offsets, offset = [], 0.0
    for before, node in zip([None, *row], row, strict=False):
        if before is not None:
            offset += (extents[before] + extents[node]) / 2 + gap
        offsets.append(offset)
    pools: list[tuple[float, int]] = []  # a sum of wishes, and how many
    for wish, start in zip(wanted, offsets, strict=True):
        total, count = wish - start, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            total, count = total + pools[-1][0], count + pools[-1][1]
            pools.pop()
        pools.append((total, count))
    ascending = [total / count for total, count in pools for _ in range(count)]
    for node, start, base in zip(row, offsets, ascending, strict=True):
        places[node] = base + start
