"""Which stories a group pushes, and how it tells them itself."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from disinfo.text.display import display

# A group pushes a narrative when it wrote this share of it, or spent that share of itself on it.
# One repost of the day's news must not make the news its story.
OF_NARRATIVE, OF_GROUP = 0.2, 0.1


@dataclass(frozen=True)
class Story:
    """A narrative in the words of the group: `says` is what most of its accounts posted.

    `n_posts` are the group's, of `n_total` in the data.
    """

    narrative_id: str
    label: str
    says: str
    language: str
    n_posts: int
    n_total: int


def pushed_narratives(
    campaigns: pd.DataFrame, campaign_posts: pd.DataFrame, narratives: pd.DataFrame
) -> list[list[str]]:
    """Return the narratives of each campaign that it pushes, those with most of its posts first.

    Parameters
    ----------
    campaigns
        The campaigns table; its column `narratives` lists all that a campaign had a post in.
    campaign_posts
        One row a campaign and post, with narrative_id.
    narratives
        The narratives table, for the number of posts of each.

    Returns
    -------
    list of list of str
        One list a campaign, in the order of `campaigns`.
    """
    counts = campaign_posts.groupby(["campaign_id", "narrative_id"])["post_id"].nunique()
    own = campaign_posts.groupby("campaign_id")["post_id"].nunique()
    totals = narratives.set_index("narrative_id")["n_posts"]
    listed = []
    for campaign, names in zip(campaigns["campaign_id"], campaigns["narratives"], strict=True):
        found = {str(name): int(counts.get((campaign, name), 0)) for name in names}
        pushed = [
            name
            for name, n in found.items()
            if n and (n >= OF_NARRATIVE * totals.get(name, n) or n >= OF_GROUP * own[campaign])
        ]
        listed.append(sorted(pushed, key=lambda name: (-found[name], name)))
    return listed


def tell_stories(
    names: list[str], posts: pd.DataFrame, narratives: pd.DataFrame, language: str
) -> tuple[Story, ...]:
    """Return a group's stories with a text of its own for each.

    Parameters
    ----------
    names
        Narrative ids, in the order to show them.
    posts
        The group's posts.
    narratives
        The narratives table.
    language
        The page's language: a text in it is taken where the group wrote one.

    Returns
    -------
    tuple of Story
        The text is the one that most accounts of the group posted, the first of equals.
    """
    known = narratives.set_index("narrative_id")
    out = []
    for name in names:
        own = posts[posts["narrative_id"] == name]
        text, spoken = _most_told(own.dropna(subset="text"), language)
        n_posts = int(own["post_id"].nunique())
        out.append(
            Story(
                narrative_id=display(name),
                label=display(known["label"].get(name, ""), limit=200),
                says=display(text, limit=280),
                language=display(spoken, limit=20),
                n_posts=n_posts,
                n_total=int(known["n_posts"].get(name, n_posts)),
            )
        )
    return tuple(out)


def _most_told(posts: pd.DataFrame, language: str) -> tuple[str, str]:
    """Return the text that most accounts posted, and its language."""
    readable = posts[posts["language"] == language]
    rows = readable if len(readable) else posts
    if rows.empty:
        return "", ""
    told = rows.groupby("text")["account_id"].nunique()
    text = min(told[told == told.max()].index)
    spoken = rows.loc[rows["text"] == text, "language"].dropna()
    return str(text), str(min(spoken)) if len(spoken) else ""
