"""Network, map and stream of narratives as inline SVG; colours are classes of the style sheet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from disinfo.charts.layout import ASPECT
from disinfo.charts.narrative_map import NarrativeMap
from disinfo.charts.network import Network
from disinfo.charts.stream import Stream
from disinfo.text.display import display

N_COLOURS = 8
_MARGIN = 26
WIDTH = 1000
HEIGHT = round((WIDTH - 2 * _MARGIN) * ASPECT) + 2 * _MARGIN
STREAM_HEIGHT = 260
_LETTER = 6.4
_LEAST_LETTERS = 4


def draw_network(network: Network, titles: Sequence[str]) -> Markup:
    """Return edges and nodes; `titles[i]` is what is said of node i."""
    points = [
        (
            _MARGIN + node.x * (WIDTH - 2 * _MARGIN),
            _MARGIN + node.y * (HEIGHT - 2 * _MARGIN),
        )
        for node in network.nodes
    ]
    lines = [
        Markup('<line class="{}" x1="{:.0f}" y1="{:.0f}" x2="{:.0f}" y2="{:.0f}"/>').format(
            colour_class(network.nodes[a].campaign)
            if network.nodes[a].campaign == network.nodes[b].campaign
            else "none",
            *points[a],
            *points[b],
        )
        for a, b in network.edges
    ]
    dots = [
        Markup(
            '<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="{}"><title>{}</title></circle>'
        ).format(colour_class(node.campaign), *points[i], 7 if node.name else 3.5, titles[i])
        for i, node in enumerate(network.nodes)
    ]
    return Markup('<g class="lines">{}</g><g class="dots">{}</g>').format(
        Markup().join(lines), Markup().join(dots)
    )


def draw_map(narratives: NarrativeMap, titles: Sequence[str]) -> Markup:
    """Return one disc a narrative, with its label where there is room for it."""
    discs = [
        Markup(
            '<g class="disc" data-narrative="{}"><circle class="{}" cx="{:.1f}" cy="{:.1f}" '
            'r="{:.1f}"><title>{}</title></circle>{}</g>'
        ).format(
            display(disc.narrative_id),
            colour_class(disc.campaign),
            disc.x * WIDTH,
            disc.y * WIDTH,
            max(disc.r * WIDTH, 1.5),
            titles[i],
            _label(disc.label, disc.x * WIDTH, disc.y * WIDTH, disc.r * WIDTH),
        )
        for i, disc in enumerate(narratives.discs)
    ]
    return Markup().join(discs)


def map_box(narratives: NarrativeMap) -> str:
    """Return the view box of a map."""
    return f"-4 -4 {narratives.width * WIDTH + 8:.0f} {narratives.height * WIDTH + 8:.0f}"


def _label(text: str, x: float, y: float, r: float) -> Markup:
    letters = int(1.7 * r / _LETTER)
    if letters < _LEAST_LETTERS:
        return Markup("")
    shown = display(text, limit=200).replace("\n", " ")
    # Whole words or none: a word cut in two says nothing.
    while len(shown) > letters and "," in shown:
        shown = shown.rpartition(",")[0].rstrip()
    if len(shown) > letters:
        return Markup("")
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>').format(
        x, y + 4, shown
    )


def draw_stream(stream: Stream, titles: Sequence[str]) -> Markup:
    """Return one area a layer, stacked; the areas stretch with the page."""
    counts = np.array([layer.counts for layer in stream.layers], dtype=np.float64)
    tops = np.cumsum(counts[::-1], axis=0)[::-1]
    floors = tops - counts
    highest = max(float(tops.max()), 1.0)
    step = WIDTH / counts.shape[1]
    areas = []
    for i, layer in enumerate(stream.layers):
        upper = _stairs(tops[i], step, highest)
        lower = _stairs(floors[i], step, highest)[::-1]
        path = "M" + "L".join(f"{x:.0f},{y:.1f}" for x, y in [*upper, *lower]) + "Z"
        name = f"k{i % N_COLOURS}" if layer.narrative_id else "none"
        areas.append(
            Markup('<path class="{}" d="{}"><title>{}</title></path>').format(name, path, titles[i])
        )
    return Markup().join(areas)


def _stairs(
    heights: np.ndarray[tuple[int], np.dtype[np.float64]], step: float, highest: float
) -> list[tuple[float, float]]:
    """Return the outline of columns: two corners a bin, so that no count is drawn between bins."""
    level = STREAM_HEIGHT * (1 - heights / highest)
    return [(x, float(y)) for i, y in enumerate(level) for x in (i * step, (i + 1) * step)]


def colour_class(campaign: int) -> str:
    """Return the style class of a campaign; -1 is none."""
    return f"k{campaign % N_COLOURS}" if campaign >= 0 else "none"
