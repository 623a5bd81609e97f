"""Records to inline SVG.

Shapes are placed in percent of their box, so that they stretch with the page while their text does
not. Colours are classes of the style sheet. Every drawing stands beside the same facts in text.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from disinfo.charts.timeline import Timeline
from disinfo.charts.waterfall import Step, Waterfall


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
