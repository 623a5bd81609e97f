"""Labels by somebody else: a local language model, a person's list, any function."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from disinfo import tables
from disinfo.errors import ParameterError

Namer = Callable[[Sequence[str], Sequence[str]], str]
_SAMPLES = 5


def relabel(
    narratives: pd.DataFrame,
    texts: pd.DataFrame,
    membership: pd.DataFrame,
    *,
    label: Namer,
    top: int | None = None,
) -> pd.DataFrame:
    """Give narratives other labels.

    Parameters
    ----------
    narratives, texts, membership
        The tables of a result.
    label
        Gets the keywords of a narrative and up to five of its texts, the medoid first, then those
        nearest to the middle; returns the label.
    top
        Only so many of the largest narratives are labelled anew; all if not given.

    Returns
    -------
    DataFrame
        `narratives` with other labels; nothing else is changed.

    Raises
    ------
    ParameterError
        When a label is not a text, or is empty.

    Notes
    -----
    Put it back with ``dataclasses.replace(result, narratives=...)``. What a model writes is not
    checked: it may say more than the texts do.

    Examples
    --------
    >>> import disinfo
    >>> posts = [{"text": "The old bridge is closed"}, {"text": "the OLD bridge is closed!!"}]
    >>> result = disinfo.detect(posts, progress=False)
    >>> relabel(result.narratives, result.texts, result.membership,
    ...     label=lambda keywords, samples: samples[0].split()[2])["label"].tolist()
    ['bridge']
    """
    shown = texts.set_index("text_id")["text"]
    ordered = membership.sort_values(["weight", "text_id"], ascending=[False, True])
    nearest = ordered.groupby("narrative_id")["text_id"].agg(lambda ids: list(ids[:_SAMPLES]))
    ranked = narratives.sort_values(["n_posts", "narrative_id"], ascending=[False, True])
    named = {}
    for row in ranked.iloc[:top].to_dict("records"):
        medoid, name = row["medoid_text_id"], row["narrative_id"]
        others = [text_id for text_id in nearest.get(name, []) if text_id != medoid]
        samples = [str(shown[text_id]) for text_id in [medoid, *others][:_SAMPLES]]
        given = label(list(row["keywords"]), samples)
        if not isinstance(given, str) or not given.strip():
            msg = f"label: narrative {name} got {given!r}, not a text"
            raise ParameterError(msg)
        named[name] = given.strip()
    fresh = narratives["narrative_id"].map(named).fillna(narratives["label"])
    return tables.NARRATIVES.check(narratives.assign(label=fresh))
