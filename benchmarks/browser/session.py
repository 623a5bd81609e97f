"""A page in a headless Chromium without a network: times, errors, controls, accessibility."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.task import AbsentError

_PAINT = "first-contentful-paint"
# The largest thing in view is the headline with the paragraph below it.
_LARGEST = """
const done = arguments[0];
new PerformanceObserver((list) => {
  done(Math.max(...list.getEntries().map((entry) => entry.startTime)));
}).observe({ type: "largest-contentful-paint", buffered: true });
setTimeout(() => done(null), 3000);
"""
_TIMES = f"""
const paint = performance.getEntriesByName("{_PAINT}")[0];
const main = performance.getEntriesByType("navigation")[0];
return {{paint: paint ? paint.startTime : null, loaded: main.domContentLoadedEventEnd,
         ready: document.documentElement.dataset.ready === "true"}};
"""
# Key 0 shows the whole network again, with all its lines.
_FRAME = """
const done = arguments[0];
const begin = performance.now();
document.querySelector("#net-live").dispatchEvent(new KeyboardEvent("keydown", {key: "0"}));
requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begin)));
"""


@contextmanager
def browser(width: int = 1280, height: int = 900, *, dark: bool = False) -> Iterator[Any]:
    """Start a browser; `AbsentError` says what is missing where none can be started."""
    try:
        from selenium import webdriver
        from selenium.common.exceptions import WebDriverException
    except ImportError as error:
        msg = "selenium is not installed"
        raise AbsentError(msg) from error
    options = webdriver.ChromeOptions()
    flags = (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        "--host-resolver-rules=MAP * ~NOTFOUND", f"--window-size={width},{height}",
    )  # fmt: skip
    for flag in flags:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    # The driver on the path is taken; nothing is looked up elsewhere.
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    try:
        driver = webdriver.Chrome(options=options, service=service)
    except WebDriverException as error:
        msg = f"no Chromium with its driver: {error.msg}"
        raise AbsentError(msg) from error
    try:
        driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]},
        )
        yield driver
    finally:
        driver.quit()


def times_of(driver: Any, page: Path) -> dict[str, float]:
    """Open a page and say when its content was painted and its script done, milliseconds."""
    driver.get(page.as_uri())
    found: dict[str, Any] = driver.execute_script(_TIMES)
    deadline = time.monotonic() + 30
    while (not found["ready"] or found["paint"] is None) and time.monotonic() < deadline:
        time.sleep(0.1)
        found = driver.execute_script(_TIMES)
    if not found["ready"]:
        msg = f"{page.name}: the script did not come to its end"
        raise AssertionError(msg)
    driver.set_script_timeout(20)
    main = driver.execute_async_script(_LARGEST)
    return {
        "paint_ms": float(found["paint"] or -1),
        "main_ms": float(-1 if main is None else main),
        "loaded_ms": float(found["loaded"]),
    }


def frame_ms(driver: Any) -> float:
    """Return how long the whole network takes to be drawn again."""
    driver.set_script_timeout(20)
    return float(driver.execute_async_script(_FRAME))


def complaints(driver: Any) -> list[str]:
    """Return what the page wrote to the console so far."""
    return [str(entry["message"])[:300] for entry in driver.get_log("browser")]
