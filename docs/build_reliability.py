"""Draw reliability.svg from the result of the benchmark task campaign-reliability.

python docs/build_reliability.py
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULT = HERE.parent / "benchmarks" / "results" / "campaign-reliability.json"
PLOT = HERE / "reliability.svg"
EDGES = (0.0, 0.05, 0.2, 0.5, 0.8, 1.0)

_SIDE, _LEFT, _TOP = 320, 60, 20
_COLOURS = ("#1f77b4", "#d95f02")
_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 460 440" font-family="sans-serif" '
    'font-size="12" role="img"><title>Reliability of campaign probabilities</title>'
    '<rect width="460" height="440" fill="#ffffff"/>'
)


def _x(probability: float) -> float:
    return round(_LEFT + _SIDE * probability, 1)


def _y(share: float) -> float:
    return round(_TOP + _SIDE * (1 - share), 1)


def _axes() -> list[str]:
    parts = [
        f'<rect x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}" fill="none" '
        'stroke="#888"/>',
        f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#888" '
        'stroke-dasharray="4 4"/>',
        f'<text x="{_x(0.5)}" y="{_TOP + _SIDE + 36}" text-anchor="middle">mean probability</text>',
        f'<text x="16" y="{_y(0.5)}" text-anchor="middle" '
        f'transform="rotate(-90 16 {_y(0.5)})">share inauthentic</text>',
    ]
    for tick in (0, 0.2, 0.4, 0.6, 0.8, 1):
        parts.append(
            f'<text x="{_x(tick)}" y="{_TOP + _SIDE + 16}" text-anchor="middle">{tick:g}</text>'
        )
        parts.append(f'<text x="{_LEFT - 8}" y="{_y(tick) + 4}" text-anchor="end">{tick:g}</text>')
    return parts


def _points(system: dict[str, Any], colour: str, number: int) -> list[str]:
    """Draw a point a range of probabilities, with the interval of the share."""
    metrics = system["metrics"]
    parts = []
    for low, high in pairwise(EDGES):
        name = f"{low:g} to {high:g}".replace("0.", ".")
        share, forecast = metrics[f"inauthentic, {name}"], metrics[f"mean probability, {name}"]
        if share["value"] is None or forecast["value"] is None:
            continue
        x, y = _x(forecast["value"]) + 3 * number, _y(share["value"])
        if share["low"] is not None and share["high"] is not None:
            parts.append(
                f'<line x1="{x}" y1="{_y(share["low"])}" x2="{x}" y2="{_y(share["high"])}" '
                f'stroke="{colour}"/>'
            )
        n = metrics[f"groups, {name}"]["value"]
        parts.append(f'<circle cx="{x}" cy="{y}" r="4" fill="{colour}"><title>{n:g} groups</title>'
                     "</circle>")  # fmt: skip
    y = _TOP + _SIDE + 60 + 18 * number
    parts.append(f'<circle cx="{_LEFT}" cy="{y - 4}" r="4" fill="{colour}"/>')
    parts.append(f'<text x="{_LEFT + 10}" y="{y}">{system["name"]}</text>')
    return parts


def build() -> str:
    """Return the plot."""
    systems = json.loads(RESULT.read_text(encoding="utf-8"))["systems"]
    drawn = [one for one in systems if one["name"].startswith("disinfo")]
    parts = [_HEAD, *_axes()]
    for number, (system, colour) in enumerate(zip(drawn, _COLOURS, strict=True)):
        parts += _points(system, colour, number)
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    PLOT.write_text(build(), encoding="utf-8")
