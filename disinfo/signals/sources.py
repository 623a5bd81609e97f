"""Signal `source_concentration`: the accounts push few sites that nobody else links to.

Innocent causes: the staff of a small outlet, a club's own site, a regional paper's readers.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from disinfo.signals.campaign_view import CampaignView, Reading, campaign_evidence
from disinfo.stages import Findings
from disinfo.text.urls import registered_domain

_MIN_LINKS = 5


def source_concentration(findings: Findings, /) -> pd.DataFrame:
    """Measure how much the campaign is the audience of the site that it links to most.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is the share of the campaign's links that go to its commonest site,
        times the members' share of all accounts that link to that site.
    """
    everyone = cache(lambda: linked_domains(findings.posts))

    def read(view: CampaignView) -> Reading:
        pushed = linked_domains(view.posts)
        if len(pushed) < _MIN_LINKS:
            return Reading(value=None, because=f"fewer than {_MIN_LINKS} links in its posts")
        counts = pushed["domain"].value_counts()
        site = min(counts.index[counts == counts.max()])
        links = everyone()
        audience = set(links.loc[links["domain"] == site, "account_id"])
        own = audience & set(view.members["account_id"])
        share = counts.max() / len(pushed)
        return Reading(
            value=float(share * len(own) / max(len(audience), 1)),
            because=f"{share:.0%} of its links go to {site}, to which {len(own)} of the members "
            f"and {len(audience) - len(own)} of the other accounts link",
        )

    return campaign_evidence(findings, "source_concentration", read)


def linked_domains(posts: pd.DataFrame) -> pd.DataFrame:
    """List the sites that posts link to.

    Parameters
    ----------
    posts
        Rows of `posts`.

    Returns
    -------
    DataFrame
        One row a link: account_id, domain (registered domain). Empty without a column ``urls``.
    """
    if "urls" not in posts:
        return pd.DataFrame({"account_id": [], "domain": []})
    links = posts[["account_id", "urls"]].explode("urls").dropna(subset=["urls"])
    known = {url: registered_domain(url) for url in links["urls"].unique()}
    links["domain"] = links["urls"].map(known)
    return links[links["domain"].fillna("") != ""]
