"""Measure the report's page: ``python -m benchmarks.browser [FOLDER of a saved result ...]``.

AXE names the file axe.min.js of axe-core; without it accessibility is skipped, which the result
says. Folders of saved results are measured beside a made-up result of 100,000 posts with 5,000
accounts and 50,000 lines in its network.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import disinfo
from benchmarks.browser.accessibility import barriers
from benchmarks.browser.controls import answer_questions, work_controls
from benchmarks.browser.large_result import large_result
from benchmarks.browser.session import browser, complaints, frame_ms, times_of
from benchmarks.scale.results import write

_ROUNDS = 5
_THEMES = ("light", "dark")
_LANGUAGES = ("en", "pl")


def measure(name: str, result: disinfo.Result, folder: Path) -> dict[str, Any]:
    """Render a result, open it several times, work it, and return what was seen."""
    begin = time.process_time()
    pages = {_LANGUAGES[0]: result.report(folder / f"{name}.html")}
    rendered = time.process_time() - begin
    for language in _LANGUAGES[1:]:
        pages[language] = result.report(folder / f"{name}-{language}.html", language=language)
    page = pages[_LANGUAGES[0]]
    rounds: list[dict[str, float]] = []
    for number in range(_ROUNDS):
        with browser(dark=number % 2 == 1) as driver:
            rounds.append({**times_of(driver, page), "frame_ms": frame_ms(driver)})
            _no_complaints(driver)
    with browser() as driver:
        driver.get(page.as_uri())
        answered = answer_questions(driver)
    return {
        "page": name,
        "posts": len(result.posts),
        "campaigns": len(result.campaigns),
        "megabytes": round(page.stat().st_size / 1e6, 2),
        "render_cpu_s": round(rendered, 1),
        **{
            key: _spread([r[key] for r in rounds])
            for key in ("paint_ms", "main_ms", "loaded_ms", "frame_ms")
        },
        "console_messages": 0,
        "questions": answered,
        "controls": {language: _worked(path) for language, path in pages.items()},
        "axe_barriers": {
            f"{language}, {theme}": _accessibility(path, dark=theme == "dark")
            for language, path in pages.items()
            for theme in _THEMES
        },
    }


def _no_complaints(driver: Any) -> None:
    said = complaints(driver)
    if said:
        raise AssertionError(said)


def _worked(page: Path) -> dict[str, Any]:
    with browser() as driver:
        driver.get(page.as_uri())
        seen = work_controls(driver)
        _no_complaints(driver)
    return seen


def _accessibility(page: Path, *, dark: bool) -> list[str] | str:
    axe = os.environ.get("AXE")
    if not axe:
        return "skipped: AXE is not set"
    return barriers(lambda: browser(dark=dark), page, Path(axe))


def _spread(values: list[float]) -> dict[str, float]:
    return {
        "median": round(statistics.median(values)),
        "least": round(min(values)),
        "most": round(max(values)),
    }


def _results(folders: list[str]) -> Iterator[tuple[str, disinfo.Result]]:
    for folder in folders:
        yield Path(folder).name, disinfo.load(folder)
    made_up = large_result(n_posts=100_000, n_campaigns=60, n_members=5000, n_edges=50_000)
    yield "made-up-100000", made_up


def main() -> None:
    """Measure and write the result."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [measure(name, result, Path(folder)) for name, result in _results(sys.argv[1:])]
    write("pages", "AXE=axe.min.js python -m benchmarks.browser FOLDER", {"pages": rows})


if __name__ == "__main__":
    main()
