"""Records to inline SVG.

Shapes are placed in percent of their box, so that they stretch with the page while their text does
not. Colours are classes of the style sheet. Every drawing stands beside the same facts in text.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from disinfo.report.network import ASPECT, Network
from disinfo.report.timeline import Timeline
from disinfo.report.waterfall import Step, Waterfall

N_COLOURS = 8
_MARGIN = 26
WIDTH = 1000
HEIGHT = round((WIDTH - 2 * _MARGIN) * ASPECT) + 2 * _MARGIN


def draw_step(fall: Waterfall, step: Step) -> Markup:
    """Return the bar of one row of a waterfall."""
    left, right = sorted((_at(fall, step.start), _at(fall, step.end)))
    kind = step.kind if step.kind != "signal" else ("for" if step.bits > 0 else "against")
    bar = Markup('<rect class="bar {}" x="{:.2f}%" y="4" width="{:.2f}%" height="12"/>').format(
        kind, left, max(right - left, 0.4)
    )
    join = Markup('<line class="join" x1="{0:.2f}%" x2="{0:.2f}%" y1="4" y2="22"/>').format(
        _at(fall, step.end)
    )
    return _row(_grid(fall) + bar + join)


def draw_total(fall: Waterfall) -> Markup:
    """Return the last row of a waterfall: where the sum ends."""
    at = _at(fall, fall.total)
    mark = Markup('<circle class="sum" cx="{:.2f}%" cy="10" r="5"/>').format(at)
    return _row(_grid(fall) + mark)


def _row(content: Markup) -> Markup:
    return Markup('<svg class="step" height="20" aria-hidden="true">{}</svg>').format(content)


def _grid(fall: Waterfall) -> Markup:
    lines = [
        Markup('<line class="{}" x1="{:.2f}%" x2="{:.2f}%" y1="0" y2="22"/>').format(
            "even" if probability == 0.5 else "tick", _at(fall, bits), _at(fall, bits)
        )
        for bits, probability in fall.ticks
    ]
    return Markup().join(lines)


def draw_axis(fall: Waterfall) -> Markup:
    """Return the probability scale above a waterfall's bars."""
    labels = [
        Markup('<text x="{:.2f}%" y="12" text-anchor="middle">{:g}%</text>').format(
            _at(fall, bits), probability * 100
        )
        for bits, probability in fall.ticks
    ]
    return Markup('<svg class="axis" height="16" aria-hidden="true">{}</svg>').format(
        Markup().join(labels)
    )


def _at(fall: Waterfall, bits: float) -> float:
    return 100 * (bits - fall.low) / (fall.high - fall.low)


def draw_timeline(line: Timeline, description: str) -> Markup:
    """Return a timeline as columns; `description` says it in words."""
    width = 100 / len(line.counts)
    top = max(line.counts)
    columns = [
        Markup(
            '<rect x="{:.3f}%" y="{:.2f}%" width="{:.3f}%" height="{:.2f}%">'
            "<title>{}</title></rect>"
        ).format(
            i * width,
            100 - 100 * n / top,
            max(width * 0.86, 0.15),
            100 * n / top,
            f"{line.start + i * (line.end - line.start) / len(line.counts):%Y-%m-%d %H:%M} · {n}",
        )
        for i, n in enumerate(line.counts)
        if n
    ]
    return Markup('<svg class="timeline" role="img" aria-label="{}">{}</svg>').format(
        description, Markup().join(columns)
    )


def draw_sparkline(counts: Sequence[int]) -> Markup:
    """Return small columns, or an empty string when there is nothing to show."""
    top = max(counts, default=0)
    if not top:
        return Markup("")
    width = 100 / len(counts)
    columns = [
        Markup('<rect x="{:.2f}%" y="{:.1f}" width="{:.2f}%" height="{:.1f}"/>').format(
            i * width, 18 - 18 * n / top, width * 0.8, 18 * n / top
        )
        for i, n in enumerate(counts)
        if n
    ]
    return Markup('<svg class="spark" width="96" height="18" aria-hidden="true">{}</svg>').format(
        Markup().join(columns)
    )


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
            _colour(network.nodes[a].campaign)
            if network.nodes[a].campaign == network.nodes[b].campaign
            else "none",
            *points[a],
            *points[b],
        )
        for a, b in network.edges
    ]
    dots = [
        Markup(
            '<circle class="{}" data-node="{}" cx="{:.1f}" cy="{:.1f}" r="{}">'
            "<title>{}</title></circle>"
        ).format(_colour(node.campaign), i, *points[i], 7 if node.name else 3.5, titles[i])
        for i, node in enumerate(network.nodes)
    ]
    return Markup('<g class="lines">{}</g><g class="dots">{}</g>').format(
        Markup().join(lines), Markup().join(dots)
    )


def _colour(campaign: int) -> str:
    return f"k{campaign % N_COLOURS}" if campaign >= 0 else "none"
