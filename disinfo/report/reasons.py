"""The reason of an evidence row, in the page's language.

The library's own sentences are English. Another language makes its sentence from the row's signal
and value, by the templates in ``strings/reasons_<language>.json``; a signal without a template
keeps the English sentence.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources

from disinfo.charts.waterfall import Step
from disinfo.report.words import Words
from disinfo.text.display import display


@dataclass(frozen=True)
class Reason:
    """A sentence and the language that it is in."""

    text: str
    language: str


@cache
def _templates(language: str) -> dict[str, str]:
    path = resources.files("disinfo.report") / "strings" / f"reasons_{language}.json"
    if not path.is_file():
        return {}
    loaded: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def reason_for(step: Step, words: Words, *, missing: bool = False) -> Reason:
    """Say why, in the page's language where that can be done from the value.

    Parameters
    ----------
    step
        The evidence row.
    words
        The page's language.
    missing
        Whether the signal could not be measured.

    Returns
    -------
    Reason
        The English sentence of the row where the language has no template for its signal.
    """
    status = "missing" if missing else "ok"
    template = _templates(words.language).get(f"{status}.{step.signal}")
    known = math.isfinite(step.value)
    if template is None or ("{" in template and not known):
        return Reason(display(step.because), "en")
    value = step.value if known else 0.0
    text = template.format(
        share=words.percent(value),
        points=words.number(100 * value, digits=0),
        value=words.number(value, digits=2),
        # Synchrony is minus the decimal logarithm of a delay in seconds.
        delay=words.duration(10 ** -max(-12.0, min(12.0, value))),
    )
    return Reason(text, words.language)
