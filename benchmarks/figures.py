"""Figures in README and docs: filled in from results, and none that comes from nowhere.

A measured number stands between two comments, which a reader of the page does not see::

    <!-- figure: links-d3lta :: semhash :: pair F1 -->0.483 (0.406-0.554)<!-- /figure -->

``python -m benchmarks table`` writes what the result holds between them. Numbers that are no
measurement (definitions, parameters) are listed with their reason in ``unmeasured.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.page import PAGE, cell
from benchmarks.results import read_results
from benchmarks.task import HarnessError

ROOT = Path(__file__).parents[1]
UNMEASURED = Path(__file__).parent / "unmeasured.toml"
_FIGURE = re.compile(
    r"<!-- figure: ([^>]+?) :: ([^>]+?) :: ([^>]+?) -->(.*?)<!-- /figure -->", re.S
)
# Written from results by a command of its own, which a test compares.
_WRITTEN = re.compile(r"<!-- measured: begin -->.*?<!-- measured: end -->", re.DOTALL)
_CODE = re.compile(r"^```[^\n]*\n.*?^```\s*$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
# What looks like a measurement: a share or score, a percentage, a rate, an amount of memory.
_MEASURED = re.compile(
    r"(?<![\w.\-/§])0?\.\d+\b(?!\.\d)"
    r"|(?<![\w.\-/])\d[\d,]*(?:\.\d+)?(?: ?%| (?:MB|GB)\b| \w+ (?:a|per) (?:CPU )?second)"
)


def pages() -> list[Path]:
    """Return README and the pages of the documentation; the page of tables is made elsewhere."""
    return [ROOT / "README.md", *(p for p in sorted((ROOT / "docs").glob("*.md")) if p != PAGE)]


def fill(text: str, results: Mapping[str, dict[str, Any]]) -> str:
    """Return a page with its figures as the results have them.

    Parameters
    ----------
    text
        The page.
    results
        Results by task.

    Returns
    -------
    str
        The page; only what stands between the comments is changed.

    Raises
    ------
    HarnessError
        When a figure names a task, a system or a metric that has no result.
    """

    def filled(found: re.Match[str]) -> str:
        task, system, metric, _ = (part.strip() for part in found.groups())
        rows = {row["name"]: row for row in results.get(task, {"systems": []})["systems"]}
        measured = rows.get(system, {}).get("metrics", {}).get(metric)
        if measured is None:
            msg = f"no result for the figure {task} :: {system} :: {metric}"
            raise HarnessError(msg)
        return f"<!-- figure: {task} :: {system} :: {metric} -->{cell(measured)}<!-- /figure -->"

    return _FIGURE.sub(filled, text)


def unsourced(text: str, excused: list[str]) -> list[str]:
    """Return the numbers of a page that look measured and come from no result.

    Parameters
    ----------
    text
        The page; code and figures are passed over.
    excused
        Phrases of the page that may hold such numbers.

    Returns
    -------
    list of str
        Each number with the line that it stands on.
    """
    rest = _CODE.sub("", _FIGURE.sub("", _WRITTEN.sub("", text)))
    flat = re.sub(r"[ \t]+", " ", rest)
    for phrase in excused:
        flat = flat.replace(phrase, "")
    return [
        f"{found.group()}: {line.strip()}"
        for line in flat.splitlines()
        for found in _MEASURED.finditer(line)
    ]


def unmeasured() -> dict[str, list[dict[str, str]]]:
    """Return the phrases with numbers that are no measurement of ours, by page, each with why."""
    return tomllib.loads(UNMEASURED.read_text(encoding="utf-8"))


def fill_pages() -> list[Path]:
    """Write the figures of all pages from the committed results; return the pages."""
    results = read_results()
    for path in pages():
        text = path.read_text(encoding="utf-8")
        filled = fill(text, results)
        if filled != text:
            path.write_text(filled, encoding="utf-8")
    return pages()
