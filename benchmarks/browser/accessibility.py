"""Accessibility of a page by axe-core: the whole of it, however long it is.

All rules but one run over the whole page at once. Contrast takes time that grows with the square of
the page's length, since every text asks what lies behind it; what one section shows does not depend
on the others, so contrast is checked section by section and five cards at a time, with the rest of
the page taken out.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

# Serious and critical are what axe-core calls a barrier.
BARRIERS = ("serious", "critical")
_CONTRAST = "color-contrast"
_CUT = """
const cards = [...document.querySelectorAll('#campaigns > .card')];
const blocks = [...document.querySelectorAll('main > section:not(#campaigns)')].map((s) => [s]);
while (cards.length) blocks.push(cards.splice(0, 5));
const kept = arguments[0];
if (kept >= 0) blocks.forEach((b, n) => n === kept || b.forEach((element) => element.remove()));
return blocks.length;
"""


def barriers(
    open_browser: Callable[[], AbstractContextManager[Any]], page: Path, axe: Path
) -> list[str]:
    """Run axe-core over a page and return its serious and critical findings.

    Parameters
    ----------
    open_browser
        Gives a browser.
    page
        The page's file.
    axe
        axe-core's script; it is read where it lies and is no part of this project.

    Returns
    -------
    list of str
        One a rule that is broken and piece of the page, with the first place.

    Raises
    ------
    ValueError
        When the page has no section to check.
    """
    with open_browser() as driver:
        driver.get(page.as_uri())
        n_pieces = driver.execute_script(_CUT, -1)
        found = _run(driver, axe, {"rules": {_CONTRAST: {"enabled": False}}})
    if not n_pieces:
        msg = f"no section in {page.name}"
        raise ValueError(msg)
    for piece in range(n_pieces):
        with open_browser() as driver:
            driver.get(page.as_uri())
            driver.execute_script(_CUT, piece)
            found += _run(driver, axe, {"runOnly": [_CONTRAST]})
    return list(dict.fromkeys(found))


def _run(driver: Any, axe: Path, options: dict[str, Any]) -> list[str]:
    # Through the protocol, which the page's content policy does not bind.
    driver.execute_cdp_cmd("Runtime.evaluate", {"expression": axe.read_text(encoding="utf-8")})
    # The still drawing is one picture to a reader, and thousands of elements to the checker.
    asked = f"{json.dumps({'exclude': [['#net > *']]})}, {json.dumps(options)}"
    answer = driver.execute_cdp_cmd(
        "Runtime.evaluate",
        {
            "expression": f"axe.run({asked}).then((r) => JSON.stringify(r.violations.map((v) => "
            "[v.id, v.impact, v.nodes.length, v.nodes[0].html.slice(0, 160)])))",
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    found = json.loads(answer["result"]["value"])
    return [f"{impact}: {name}, {n} times, first {html}" for name, impact, n, html in found
            if impact in BARRIERS]  # fmt: skip
