"""Summaries after new texts were placed: what did not change is kept, row for row.

The summaries of a narrative that stands are made from sums, without its old texts' vectors. Its
label, keywords and medoid are those of its birth, so that an analyst finds it again.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from disinfo import tables
from disinfo.narratives.bursts import find_bursts
from disinfo.narratives.describe import (
    centres_table,
    describe,
    first_seen_of,
    sizes_of,
    topics_of,
    with_stability,
)
from disinfo.narratives.growth import Growth
from disinfo.narratives.keywords import class_keywords
from disinfo.narratives.standing import group_sums
from disinfo.stages import Vectors
from disinfo.text.language import UNKNOWN

_LABEL_WORDS = 4


def describe_growth(
    before: Mapping[str, pd.DataFrame],
    posts: pd.DataFrame,
    texts: pd.DataFrame,
    fresh: tuple[pd.DataFrame, Vectors],
    growth: Growth,
) -> dict[str, pd.DataFrame]:
    """Summarise what `grow` did.

    Parameters
    ----------
    before
        `families`, `narratives` and `first_seen` as they were.
    posts, texts
        All of them, posts with text_id, family_id and narrative_id.
    fresh
        The rows of `texts` that are new, and their unit rows.
    growth
        What was done.

    Returns
    -------
    dict of str to DataFrame
        `families`, `family_centres`, `narratives`, `topics`, `first_seen` and
        `bursts`.
    """
    standing = growth.standing.families.set_index("family_id")
    new_texts, vectors = fresh
    own = new_texts.reset_index(drop=True).assign(
        family_id=growth.family_of,
        narrative_id=growth.narrative_of,
        joined_by=np.where(growth.by_words, "words", "marks"),
    )
    # Summaries of what was born come from the new texts alone; they are all that it has.
    membership = own[["text_id", "narrative_id", "joined_by"]].assign(weight=1.0)
    topic_members = standing[["narrative_id", "topic_id"]].dropna().drop_duplicates()
    seen = posts[posts["text_id"].isin(own["text_id"])]
    born = (
        describe(
            seen,
            new_texts,
            vectors,
            {
                "membership": membership,
                "family_members": own[["text_id", "family_id"]],
                "topic_members": topic_members,
            },
        )
        if len(own)
        else dict.fromkeys(("families", "narratives"))
    )
    changed = posts[posts["narrative_id"].isin(growth.touched)]
    families = _families(before["families"], born["families"], changed, texts, growth)
    narratives = _narratives(before["narratives"], born["narratives"], changed, texts, growth)
    kept = before["first_seen"]
    first = first_seen_of(changed, texts)
    return {
        "families": families,
        "family_centres": centres_table(pd.Index(standing.index), growth.standing.sums),
        "narratives": narratives,
        "topics": topics_of(narratives, growth.topic_floor),
        "bursts": find_bursts(posts, narratives.set_index("narrative_id")["topic_id"]),
        "first_seen": tables.FIRST_SEEN.check(
            pd.concat([kept[~kept["narrative_id"].isin(growth.touched)], first], ignore_index=True)
        ),
    }


def _families(
    before: pd.DataFrame,
    born: pd.DataFrame | None,
    changed: pd.DataFrame,
    texts: pd.DataFrame,
    growth: Growth,
) -> pd.DataFrame:
    known = before.set_index("family_id")
    if born is not None:
        added = born.set_index("family_id")
        known = pd.concat([known, added[~added.index.isin(known.index)]])
    grown = growth.standing.families.set_index("family_id")
    moved = grown.index[grown["narrative_id"].isin(growth.touched)]
    sizes = sizes_of(changed, "family_id")
    known.loc[sizes.index, ["n_posts", "n_accounts"]] = sizes[["n_posts", "n_accounts"]]
    n = grown["n_texts"].astype("float64")
    squares = pd.Series((growth.standing.sums**2).sum(axis=1), index=grown.index)
    density = ((squares - n) / (n * (n - 1)).where(n > 1)).fillna(1.0).clip(0, 1)
    known["n_texts"] = grown["n_texts"].reindex(known.index)
    known.loc[moved, "density"] = density[moved]
    language = texts.loc[texts["language"] != UNKNOWN].set_index("text_id")["language"]
    spoken = changed[["family_id", "text_id"]].drop_duplicates()
    spoken = spoken.assign(language=spoken["text_id"].map(language)).dropna(subset=["language"])
    found = spoken.groupby("family_id")["language"].agg(lambda codes: sorted(set(codes)))
    known["languages"] = [
        found.get(name, old) for name, old in zip(known.index, known["languages"], strict=True)
    ]
    return tables.FAMILIES.check(known.rename_axis("family_id").reset_index())


def _narratives(
    before: pd.DataFrame,
    born: pd.DataFrame | None,
    changed: pd.DataFrame,
    texts: pd.DataFrame,
    growth: Growth,
) -> pd.DataFrame:
    told = growth.standing.families["narrative_id"].notna()
    grown, centres = growth.standing.families[told], growth.standing.sums[told]
    alive = set(grown["narrative_id"])
    known = before[before["narrative_id"].isin(alive)].set_index("narrative_id")
    if born is not None:
        added = born.set_index("narrative_id")
        known = pd.concat([known, added[~added.index.isin(known.index)]])
    parts = sorted(alive - set(known.index))
    if parts:
        known = pd.concat([known, _split_off(parts, known, changed, texts, growth)])
    touched = sorted(growth.touched & alive)
    rows = grown["narrative_id"].isin(touched).to_numpy()
    code = pd.Index(touched).get_indexer(grown.loc[rows, "narrative_id"])
    sums = group_sums(centres[rows], code, len(touched))
    n_texts = np.bincount(code, weights=grown.loc[rows, "n_texts"], minlength=len(touched))
    # Those that are here by their marks count, and have no part in the middle.
    counted = changed.groupby("narrative_id")["text_id"].nunique()
    known.loc[counted.index, "n_texts"] = counted
    # The mean cosine of unit vectors to their centre is the length of their mean.
    known.loc[touched, "coherence"] = (np.linalg.norm(sums, axis=1) / n_texts).clip(0, 1)
    sizes = sizes_of(changed, "narrative_id")
    known.loc[sizes.index, sizes.columns] = sizes
    language = texts.loc[texts["language"] != UNKNOWN].set_index("text_id")["language"]
    told = changed.assign(code=changed["text_id"].map(language))
    spoken = told.groupby("narrative_id")["code"].nunique()
    known.loc[spoken.index, "n_languages"] = spoken
    topic = grown.drop_duplicates("narrative_id").set_index("narrative_id")["topic_id"]
    known["topic_id"] = topic.reindex(known.index)
    grown_to = known.rename_axis("narrative_id").reset_index()
    return tables.NARRATIVES.check(with_stability(grown_to, grown_to))


def _split_off(
    parts: list[str],
    known: pd.DataFrame,
    changed: pd.DataFrame,
    texts: pd.DataFrame,
    growth: Growth,
) -> pd.DataFrame:
    """Return first rows for parts that left a narrative: keywords of their own, no figures yet."""
    told = changed[["text_id", "narrative_id"]].drop_duplicates("text_id")
    shown = texts.merge(told, on="text_id")
    keywords = class_keywords(shown["text"], shown["language"], shown["narrative_id"])
    rows = []
    for name in parts:
        words = keywords.get(name, [])
        rows.append(
            {
                "narrative_id": name,
                "label": ", ".join(words[:_LABEL_WORDS]),
                "keywords": words,
                "medoid_text_id": min(told.loc[told["narrative_id"] == name, "text_id"]),
            }
        )
    return pd.DataFrame(rows).set_index("narrative_id").reindex(columns=known.columns)
