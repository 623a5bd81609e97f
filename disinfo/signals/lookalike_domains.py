"""Signal `lookalike_domains`: links to sites whose names imitate well-known ones.

Innocent causes: national editions (bbc.com, bbc.co.uk), short forms of one's own name, parodies
that say what they are, two honest names a letter apart.
"""

from __future__ import annotations

from functools import cache

import pandas as pd
from rapidfuzz.distance import OSA

from disinfo.signals.campaign_view import CampaignView, Reading, campaign_evidence, other_posts
from disinfo.signals.sources import linked_domains
from disinfo.stages import Findings
from disinfo.text.lookalikes import skeleton

_MIN_LINKS = 5
# A site is well known, in this data, when so many accounts outside the campaign link to it.
_MIN_AUDIENCE = 5
# Shorter names lie near one another by chance.
_MIN_LETTERS = 6
# The most sites of a campaign that are looked at, commonest first.
_MAX_SITES = 50


def lookalike_domains(findings: Findings, /) -> pd.DataFrame:
    """Measure which share of the links goes to names that imitate sites others link to.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is the share of the campaign's links whose site looks like another, one
        that at least five other accounts link to: letters exchanged for look-alikes, one letter
        off, a word added by a hyphen, or the same name under another ending. A site that nobody
        else in the data links to cannot be recognised as the model.
    """
    known = cache(lambda: _well_known(other_posts(findings)))

    def read(view: CampaignView) -> Reading:
        pushed = linked_domains(view.posts)
        if len(pushed) < _MIN_LINKS:
            return Reading(value=None, because=f"fewer than {_MIN_LINKS} links in its posts")
        counts = pushed["domain"].value_counts().sort_index().sort_values(
            ascending=False, kind="stable"
        )  # fmt: skip
        models = {site: imitated(site, known()) for site in counts.index[:_MAX_SITES]}
        found = {site: model for site, model in models.items() if model}
        n = int(counts[list(found)].sum())
        because = f"{n} of {len(pushed)} links go to sites named like well-known ones"
        if found:
            site, model = next(iter(found.items()))
            because += f" ({site}, like {model})"
        return Reading(value=n / len(pushed), because=because)

    return campaign_evidence(findings, "lookalike_domains", read)


def imitated(site: str, known: tuple[str, ...]) -> str | None:
    """Return the well-known site that a name imitates.

    Parameters
    ----------
    site
        A registered domain.
    known
        Registered domains that are well known.

    Returns
    -------
    str or None
        The first that it looks like; None where it looks like none, or is one of them.

    Examples
    --------
    >>> imitated("spiegel.ltd", ("spiegel.de", "welt.de"))
    'spiegel.de'
    >>> imitated("welt.de", ("spiegel.de", "welt.de")) is None
    True
    """
    if site in known:
        return None
    name = _name(site)
    for model in known:
        other = _name(model)
        if len(other) < _MIN_LETTERS or len(name) < _MIN_LETTERS:
            continue
        if name == other or other in name.split("-"):
            return model
        if OSA.distance(name, other, score_cutoff=1) <= 1:
            return model
    return None


def _name(site: str) -> str:
    """Return the part of a domain that people read, with look-alike letters folded."""
    first = site.split(".")[0]
    if first.startswith("xn--"):
        try:
            first = first.encode("ascii").decode("idna")
        except UnicodeError:
            return ""
    # rn reads as m, 0 as o, 1 as l.
    return skeleton(first).replace("rn", "m").replace("0", "o").replace("1", "l")


def _well_known(posts: pd.DataFrame) -> tuple[str, ...]:
    links = linked_domains(posts).drop_duplicates()
    audience = links["domain"].value_counts()
    return tuple(sorted(audience.index[audience >= _MIN_AUDIENCE]))
