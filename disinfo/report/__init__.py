"""One self-contained HTML page about a result.

`write_report` is the whole public surface. Inside, `source` picks what a page may show, the data
modules (`overview`, `cards`, `waterfall`, `timeline`, `network`, ...) turn tables into small frozen
records, `drawing` turns records into SVG, and `templates/` holds the page. Nothing here computes a
score: every probability, p, q and bit comes from the result's tables.
"""

from __future__ import annotations

from disinfo.report.page import render_report, write_report

__all__ = ["render_report", "write_report"]
