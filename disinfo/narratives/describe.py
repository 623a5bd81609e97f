"""Summaries of families, narratives and topics: sizes, times, labels, who had it first."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo import tables
from disinfo.narratives.bursts import find_bursts
from disinfo.narratives.keywords import class_keywords
from disinfo.narratives.marks import gathered, marks_of_posts
from disinfo.narratives.stability import WEAK
from disinfo.narratives.standing import FEW, blocks, sums_in_parts
from disinfo.stages import Vectors
from disinfo.text.language import UNKNOWN, identify
from disinfo.text.normal import normal_form, readable
from disinfo.unused_memory import release_unused_memory

_LABEL_WORDS = 4
_MEDOID_CHARACTERS = 60


def text_table(posts: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Collapse posts into distinct texts.

    Parameters
    ----------
    posts
        The `posts` table.

    Returns
    -------
    texts : DataFrame
        The `texts` table: posts with one normal form are one row; the text shown is that of the
        earliest post (smallest post_id among equals).
    text_id : Series of str
        The text of each post, aligned with `posts`; missing where a post has no text.

    Examples
    --------
    >>> import pandas as pd
    >>> posts = pd.DataFrame({"post_id": ["1", "2"], "account_id": ["a", "b"],
    ...     "text": ["Hello there!", "hello THERE"], "created_at": pd.NaT})
    >>> text_table(posts)[0]["n_accounts"].tolist()
    [2]
    """
    has_text = posts["text"].fillna("").str.strip() != ""
    shown = posts.loc[has_text]
    written = shown[["post_id", "account_id", "text", "created_at"]]
    distinct = {text: _text_id(text) for text in written["text"].unique()}
    written = written.assign(text_id=written["text"].map(distinct))
    ordered = written.sort_values(["created_at", "post_id"], na_position="last", kind="stable")
    grouped = ordered.groupby("text_id", sort=True)
    texts = pd.DataFrame(
        {
            "text": grouped["text"].first(),
            "n_posts": grouped.size(),
            "n_accounts": grouped["account_id"].nunique(),
            "first_seen": grouped["created_at"].min(),
        }
    )
    texts["marks"] = gathered(marks_of_posts(shown), written["text_id"]).reindex(texts.index)
    texts = texts.reset_index()
    # The language is that of the text itself: a platform's tag is often the account's.
    texts["language"] = identify(texts["text"].tolist())
    return tables.TEXTS.check(texts), written["text_id"].reindex(posts.index)


def _text_id(text: str) -> str:
    return "t-" + hashlib.blake2b(normal_form(text).encode(), digest_size=8).hexdigest()


def main_narrative(membership: pd.DataFrame) -> pd.Series:
    """Return the narrative to which each text belongs most.

    Parameters
    ----------
    membership
        The `membership` table.

    Returns
    -------
    Series of str
        Narrative ids by text_id; the smallest id among equal weights.
    """
    ordered = membership.sort_values(
        ["text_id", "weight", "narrative_id"], ascending=[True, False, True]
    )
    return ordered.drop_duplicates("text_id").set_index("text_id")["narrative_id"]


def words_of(membership: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of texts that are in their narrative by their words.

    Parameters
    ----------
    membership
        The `membership` table; without a column joined_by all are.

    Returns
    -------
    DataFrame
        Some of its rows.

    Examples
    --------
    >>> words_of(pd.DataFrame({"text_id": ["t-1", "t-2"], "joined_by": ["words", "marks"]}))[
    ...     "text_id"].tolist()
    ['t-1']
    """
    if "joined_by" not in membership:
        return membership
    return membership[membership["joined_by"] == "words"]


def describe(
    posts: pd.DataFrame, texts: pd.DataFrame, embeddings: Vectors, grouped: dict[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Summarise what a narrative stage returned.

    Parameters
    ----------
    posts
        Posts with text_id, family_id and narrative_id.
    texts
        The `texts` table.
    embeddings
        Unit rows, one a text.
    grouped
        `membership` and, where the stage gave them, `family_members` and `topic_members`.

    Returns
    -------
    dict of str to DataFrame
        `families`, `family_centres`, `narratives`, `topics`, `first_seen` and
        `bursts`.
    """
    release_unused_memory()
    narrative_of = texts["text_id"].map(main_narrative(grouped["membership"]))
    family_of = texts["text_id"].map(grouped["family_members"].set_index("text_id")["family_id"])
    by_words = texts["text_id"].isin(words_of(grouped["membership"])["text_id"])
    narratives = _narratives(posts, texts, embeddings, narrative_of, by_words)
    topic_of = grouped["topic_members"].set_index("narrative_id")["topic_id"]
    narratives["topic_id"] = narratives["narrative_id"].map(topic_of)
    narratives = with_stability(narratives, grouped["topic_members"])
    families = _families(posts, texts, embeddings, family_of)
    # What words and labels left behind, before the centres take as much as the vectors.
    release_unused_memory()
    return {
        "families": families,
        "family_centres": _family_centres(embeddings, family_of),
        "narratives": tables.NARRATIVES.check(narratives),
        "topics": topics_of(narratives, _floor(grouped["topic_members"])),
        "first_seen": first_seen_of(posts, texts),
        "bursts": find_bursts(posts, topic_of),
    }


def with_stability(narratives: pd.DataFrame, topic_members: pd.DataFrame) -> pd.DataFrame:
    """Add how stable narratives are, and mark the weak ones.

    Parameters
    ----------
    narratives
        narrative_id and n_texts of each.
    topic_members
        narrative_id and, where it is known, stability.

    Returns
    -------
    DataFrame
        With `stability`, and `weak`: told by one text, or less stable than .6.
    """
    stable = pd.Series(np.nan, index=narratives.index)
    if "stability" in topic_members:
        known = topic_members.set_index("narrative_id")["stability"]
        stable = narratives["narrative_id"].map(known).astype("float64")
    weak = (narratives["n_texts"] == 1) | (stable < WEAK)
    return narratives.assign(stability=stable, weak=weak)


def sizes_of(posts: pd.DataFrame, column: str) -> pd.DataFrame:
    """Count posts and accounts of each group of posts, with its first and last time.

    Parameters
    ----------
    posts
        Posts.
    column
        The group of each; posts without one are left out.

    Returns
    -------
    DataFrame
        n_posts, n_accounts, first_seen and last_seen by group.
    """
    grouped = posts.dropna(subset=[column]).groupby(column)
    return pd.DataFrame(
        {
            "n_posts": grouped.size(),
            "n_accounts": grouped["account_id"].nunique(),
            "first_seen": grouped["created_at"].min(),
            "last_seen": grouped["created_at"].max(),
        }
    )


def _family_centres(embeddings: Vectors, family_of: pd.Series) -> pd.DataFrame:
    codes, names = pd.factorize(family_of, sort=True)
    # Column by column, as a table holds them: it takes them as they are.
    rows = np.empty((len(names), embeddings.shape[1]), dtype=np.float32, order="F")
    for which, _, sums in sums_in_parts(embeddings, codes, len(names)):
        rows[which] = sums
        del sums
    return centres_table(pd.Index(names), rows)


def centres_table(families: pd.Index, sums: NDArray[np.floating[Any]]) -> pd.DataFrame:
    """Return where each family lies.

    Parameters
    ----------
    families
        family_id of each.
    sums
        Sum of the vectors of its texts, shape (n, d).

    Returns
    -------
    DataFrame
        The `family_centres` table; float32.
    """
    columns = [f"v{number}" for number in range(sums.shape[1])]
    frame = pd.DataFrame(sums.astype(np.float32, copy=False), columns=columns, copy=False)
    frame.insert(0, "family_id", families)
    in_order = families.is_monotonic_increasing
    return tables.FAMILY_CENTRES.check(frame, sort=not in_order)


def _centres(texts: pd.DataFrame, embeddings: Vectors, group: pd.Series) -> pd.DataFrame:
    """Return medoid (the text nearest to the centre), coherence (mean cosine to it) and resultant.

    The resultant is the length of the sum of the vectors.
    """
    codes, names = pd.factorize(group, sort=True)
    cosine = np.zeros(len(codes))
    resultant = np.zeros(len(names))
    for which, rows, sums in sums_in_parts(embeddings, codes, len(names)):
        resultant[which] = np.linalg.norm(sums, axis=1)
        sums /= np.maximum(resultant[which], 1e-12)[:, None]
        for part in blocks(len(rows), FEW):
            own = rows[part]
            centre = sums[codes[own] - which.start]
            cosine[own] = np.einsum("ij,ij->i", embeddings[own], centre)
    frame = pd.DataFrame({"text_id": texts["text_id"], "code": codes})[codes >= 0]
    frame["cosine"] = cosine[codes >= 0]
    # Rounded, so that the medoid of equals is the smallest id and not a matter of rounding.
    frame["rank"] = -frame["cosine"].round(5)
    nearest = frame.sort_values(["code", "rank", "text_id"]).drop_duplicates("code")
    return pd.DataFrame(
        {
            "medoid_text_id": nearest["text_id"].to_numpy(),
            "coherence": frame.groupby("code")["cosine"].mean().clip(0, 1).to_numpy(),
            "n_texts": frame.groupby("code").size().to_numpy(),
            "resultant": resultant,
        },
        index=pd.Index(names),
    )


def _families(
    posts: pd.DataFrame, texts: pd.DataFrame, embeddings: Vectors, family_of: pd.Series
) -> pd.DataFrame:
    centres = _centres(texts, embeddings, family_of)
    known = texts.loc[texts["language"] != UNKNOWN]
    languages = known.groupby(family_of)["language"].agg(lambda s: sorted(set(s)))
    out = centres.join(sizes_of(posts, "family_id"))
    # Mean cosine over all pairs, from the length of their sum: no pair has to be formed.
    n = out["n_texts"]
    pairwise = (out["resultant"] ** 2 - n) / (n * (n - 1)).where(n > 1)
    out["density"] = pairwise.fillna(1.0).clip(0, 1)
    out["languages"] = languages.reindex(out.index).map(
        lambda found: found if isinstance(found, list) else []
    )
    return tables.FAMILIES.check(out.rename_axis("family_id").reset_index())


def _narratives(
    posts: pd.DataFrame,
    texts: pd.DataFrame,
    embeddings: Vectors,
    narrative_of: pd.Series,
    by_words: pd.Series,
) -> pd.DataFrame:
    # What a crowd says beside the words of a story has no part in its middle.
    out = _centres(texts, embeddings, narrative_of.where(by_words)).drop(columns="resultant")
    out["n_texts"] = narrative_of.value_counts().reindex(out.index)
    out = out.join(sizes_of(posts, "narrative_id"))
    known = texts["language"] != UNKNOWN
    n_languages = texts[known].groupby(narrative_of[known])["language"].nunique()
    out["n_languages"] = n_languages.reindex(out.index).fillna(0).astype("int64")
    shown = texts.set_index("text_id")["text"]
    keywords = class_keywords(texts["text"], texts["language"], narrative_of)
    out["keywords"] = [keywords.get(name, []) for name in out.index]
    medoids = [readable(shown[text_id]) or shown[text_id] for text_id in out["medoid_text_id"]]
    out["label"] = [
        ", ".join(words[:_LABEL_WORDS]) if words and n > 1 else medoid[:_MEDOID_CHARACTERS]
        for words, n, medoid in zip(out["keywords"], out["n_texts"], medoids, strict=True)
    ]
    return out.rename_axis("narrative_id").reset_index()


def _floor(topic_members: pd.DataFrame) -> float:
    """Return the cosine from which later narratives join a topic; NaN where not said."""
    if "floor" not in topic_members or topic_members.empty:
        return float("nan")
    return float(topic_members["floor"].iloc[0])


def topics_of(narratives: pd.DataFrame, floor: float) -> pd.DataFrame:
    """Summarise topics; each is labelled by its biggest narrative.

    Parameters
    ----------
    narratives
        The `narratives` table.
    floor
        Mean cosine to a topic from which a later narrative joins it.

    Returns
    -------
    DataFrame
        The `topics` table.
    """
    ordered = narratives.sort_values(["n_posts", "narrative_id"], ascending=[False, True])
    grouped = ordered.groupby("topic_id")
    return tables.TOPICS.check(
        pd.DataFrame(
            {
                "label": grouped["label"].first(),
                "n_narratives": grouped.size(),
                "n_posts": grouped["n_posts"].sum(),
                "floor": floor,
            }
        ).reset_index()
    )


def first_seen_of(posts: pd.DataFrame, texts: pd.DataFrame) -> pd.DataFrame:
    """Find who had each narrative first, by language and platform.

    Parameters
    ----------
    posts
        Posts with text_id and narrative_id.
    texts
        Their texts.

    Returns
    -------
    DataFrame
        The `first_seen` table.
    """
    columns = ["post_id", "account_id", "created_at", "text_id", "narrative_id", "platform"]
    told = posts[posts.columns.intersection(columns)].dropna(subset=["narrative_id"])
    language = told["text_id"].map(texts.set_index("text_id")["language"])
    platform = told["platform"] if "platform" in told else pd.Series("", index=told.index)
    frame = told.assign(language=language, platform=platform.fillna(""), at=told["created_at"])
    ordered = frame.sort_values(["at", "post_id"], na_position="last", kind="stable")
    keys = ["narrative_id", "language", "platform"]
    first = ordered.drop_duplicates(keys)[[*keys, "account_id", "at"]]
    return tables.FIRST_SEEN.check(first)
