"""What would change a verdict: which evidence to check by hand, and what to bring."""

from __future__ import annotations

from dataclasses import dataclass

from disinfo.charts.waterfall import Waterfall
from disinfo.report.overview import twin_words
from disinfo.report.words import Words


@dataclass(frozen=True)
class Change:
    """One sentence. `toward` is ``up``, ``down`` or ``open`` (it could go either way)."""

    toward: str
    text: str


def what_would_change(
    fall: Waterfall, verdict: str, lookalike: str, words: Words
) -> tuple[Change, ...]:
    """List what would move a campaign's verdict.

    Parameters
    ----------
    fall
        The campaign's evidence.
    verdict
        The verdict, as in the campaigns table.
    lookalike
        The nearest benign pattern, or an empty string.
    words
        The page's language.

    Returns
    -------
    tuple of Change
        Plain sums of the bits on the page; no probability is computed anew.
    """
    out: list[Change] = []
    for sign, toward in ((1, "down"), (-1, "up")):
        step = fall.strongest(sign)
        if step:
            text = words(
                f"change.{toward}",
                signal=words.named("signal", step.signal),
                bits=words.number(step.bits, digits=1, sign=True),
                total=words.number(fall.total, digits=1, sign=True),
                without=words.number(fall.total - step.bits, digits=1, sign=True),
            )
            out.append(Change(toward, text))
    if lookalike:
        check = words.named("check", lookalike.replace(" ", "_"))
        twin = twin_words(lookalike, words)
        out.append(Change("down", words("change.lookalike", twin=twin, check=check)))
    else:
        out.append(Change("down", words("change.ask")))
    if fall.missing:
        names = ", ".join(words.named("signal", step.signal) for step in fall.missing)
        out.append(Change("open", words("change.missing", signals=names)))
    if verdict == "insufficient data":
        out.append(Change("open", words("change.more_data")))
    return tuple(out)
