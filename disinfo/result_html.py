"""A result in a notebook: what was read, what was found, and how to go on."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import pandas as pd

from disinfo.text.display import display

_MOST_ROWS = 20
_COLUMNS = (
    "campaign_id", "verdict", "probability", "low", "high", "q", "n_accounts", "n_posts", "layers",
)  # fmt: skip
_COUNTS = (
    ("n_read", "rows read"), ("n_posts", "posts kept"), ("n_texts", "distinct texts"),
    ("n_accounts", "accounts"), ("n_accounts_tested", "accounts tested"),
    ("n_candidates", "candidate groups"),
)  # fmt: skip


def result_html(campaigns: pd.DataFrame, manifest: Mapping[str, Any]) -> str:
    """Return the summary that a notebook shows.

    Parameters
    ----------
    campaigns
        The campaigns of a result.
    manifest
        Its manifest.

    Returns
    -------
    str
        HTML without script and style, all text of the data escaped.

    Examples
    --------
    >>> from disinfo import tables
    >>> "No campaign found" in result_html(tables.CAMPAIGNS.empty(), {})
    True
    """
    counts = ", ".join(
        f"{manifest[key]:,} {words}" for key, words in _COUNTS if isinstance(manifest.get(key), int)
    )
    likely = int((campaigns["verdict"] == "likely inauthentic").sum())
    head = (
        f"{len(campaigns)} coordinated group(s) found, {likely} called likely inauthentic "
        f"(false discovery rate {_text(manifest.get('alpha'))}, "
        f"prevalence {_text(manifest.get('prevalence'))})."
        if len(campaigns)
        else f"No campaign found. {_text(manifest.get('smallest_campaign') or '')}"
    )
    parts = [f"<p><b>{head}</b></p>"]
    if counts:
        parts.append(f"<p>{counts}.</p>")
    if len(campaigns):
        parts.append(_table(campaigns))
        parts.append(
            "<p>Coordination is not guilt: read <code>result.explain(campaign_id)</code> and the "
            "posts; <code>result.report(path)</code> shows both.</p>"
        )
    return f"<div>{''.join(parts)}</div>"


def _table(campaigns: pd.DataFrame) -> str:
    rows = campaigns.head(_MOST_ROWS)[list(_COLUMNS)]
    safe = rows.assign(
        **{name: [display(value) for value in rows[name]] for name in ("campaign_id", "verdict")},
        layers=[display(", ".join(value)) for value in rows["layers"]],
        q=[f"{value:.2g}" for value in rows["q"]],
    )
    shown: str = safe.to_html(index=False, escape=True, float_format="%.2f", na_rep="–")
    cut = f"<p>{_MOST_ROWS} of {len(campaigns):,} shown.</p>" if len(campaigns) > _MOST_ROWS else ""
    return shown + cut


def _text(value: object) -> str:
    return html.escape(display(str(value)))
