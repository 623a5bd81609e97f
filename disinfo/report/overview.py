"""The answer first: what was read, what was found, at which error rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from disinfo.report.source import Source
from disinfo.report.words import Words
from disinfo.text.display import display

LOOKALIKE_PREFIX = "coordinated, looks like "
_CLASSES = {
    "likely inauthentic": "inauthentic",
    "coordinated, unclear": "unclear",
    "insufficient data": "insufficient",
    "no finding": "nothing",
}


@dataclass(frozen=True)
class DroppedRow:
    """What a stage left out."""

    stage: str
    reason: str
    n: int
    example: str


@dataclass(frozen=True)
class Overview:
    """The top of the page.

    `by_verdict` counts campaigns by verdict, in the order of the page; `figures` are
    (label, value) pairs.
    """

    headline: str
    answer: str
    by_verdict: tuple[tuple[str, int], ...]
    figures: tuple[tuple[str, str], ...]
    dropped: tuple[DroppedRow, ...]
    input_name: str
    notes: tuple[str, ...]


def verdict_class(verdict: str) -> str:
    """Return the style class of a verdict.

    Examples
    --------
    >>> verdict_class("coordinated, looks like fan club")
    'benign'
    """
    return "benign" if verdict.startswith(LOOKALIKE_PREFIX) else _CLASSES.get(verdict, "unclear")


def verdict_words(verdict: str, words: Words) -> str:
    """Return a verdict in the page's language; an unknown one stays as it is."""
    if verdict.startswith(LOOKALIKE_PREFIX):
        twin = verdict.removeprefix(LOOKALIKE_PREFIX)
        return words("verdict.benign", twin=twin_words(twin, words))
    name = _CLASSES.get(verdict)
    return words(f"verdict.{name}") if name else display(verdict)


def twin_words(twin: str, words: Words) -> str:
    """Return the name of a benign pattern in the page's language."""
    return words.named("twin", display(twin).replace(" ", "_"))


def build_overview(source: Source, words: Words) -> Overview:
    """Sum a result up.

    Parameters
    ----------
    source
        The page's tables.
    words
        The page's language.

    Returns
    -------
    Overview
        Every number is taken from the manifest or counted in a table.
    """
    manifest, campaigns = source.manifest, source.campaigns
    by_verdict = campaigns["verdict"].value_counts(sort=False)
    likely = int(by_verdict.get("likely inauthentic", 0))
    return Overview(
        headline=_headline(len(campaigns), likely, words),
        answer=_answer(source, words),
        by_verdict=tuple((str(v), int(n)) for v, n in by_verdict.items()),
        figures=_figures(source, words),
        dropped=tuple(
            DroppedRow(
                display(row["stage"]), display(row["reason"]), row["n"], display(row["example_id"])
            )
            for row in source.dropped.to_dict("records")
        ),
        input_name=_input_words(manifest, words),
        notes=tuple(display(note) for note in manifest.get("notes") or ()),
    )


def input_name(manifest: Mapping[str, Any]) -> str:
    """Return the name of the input without its folder, which may hold a person's name."""
    name = str(manifest.get("created_from") or "")
    return display(name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1], limit=120)


def _input_words(manifest: Mapping[str, Any], words: Words) -> str:
    name = input_name(manifest)
    return words("input.memory") if name.startswith("a ") and name.endswith(" in memory") else name


def _headline(n: int, likely: int, words: Words) -> str:
    if n == 0:
        return words("headline.none")
    verdict = words.count("headline.likely", likely) if likely else words("headline.unlikely")
    return f"{words.count('headline.found', n)} {verdict}"


def _answer(source: Source, words: Words) -> str:
    manifest = source.manifest
    alpha = words.percent(manifest.get("alpha"))
    tested = words.count("unit.account", int(manifest.get("n_accounts_tested") or 0))
    candidates = words.count("unit.candidate", int(manifest.get("n_candidates") or 0))
    if source.campaigns.empty:
        return words("answer.none", tested=tested, candidates=candidates, alpha=alpha)
    return words(
        "answer.found",
        tested=tested,
        candidates=candidates,
        alpha=alpha,
        named=words.count("unit.account", source.members["account_id"].nunique()),
        prevalence=words.percent(manifest.get("prevalence")),
    )


def _figures(source: Source, words: Words) -> tuple[tuple[str, str], ...]:
    manifest = source.manifest
    times = source.posts["created_at"].dropna()
    period = f"{times.min():%Y-%m-%d} – {times.max():%Y-%m-%d}" if len(times) else "–"
    # Later stages leave out pairs and texts: their counts and those of rows have no common sum.
    unread = source.dropped.loc[source.dropped["stage"] == "read", "n"].sum()
    return (
        (words("figure.read"), words.number(_whole(manifest.get("n_read")))),
        (words("figure.kept"), words.number(_whole(manifest.get("n_posts")))),
        (words("figure.dropped"), words.number(int(unread))),
        (words("figure.texts"), words.number(_whole(manifest.get("n_texts")))),
        (words("figure.accounts"), words.number(_whole(manifest.get("n_accounts")))),
        (words("figure.tested"), words.number(_whole(manifest.get("n_accounts_tested")))),
        (words("figure.candidates"), words.number(_whole(manifest.get("n_candidates")))),
        (words("figure.period"), period),
        (words("figure.alpha"), words.percent(manifest.get("alpha"))),
        (words("figure.prevalence"), words.percent(manifest.get("prevalence"))),
    )


def _whole(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)
