"""A page without names: everything is replaced before anything is drawn.

The whole `Source` is rewritten, so that no later step can leak a name that it never saw.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import pandas as pd

from disinfo.pseudonyms import Pseudonyms, pseudonyms_for
from disinfo.report.source import Source


def redact(source: Source) -> Source:
    """Return the source with accounts, post ids and handles replaced by pseudonyms.

    Parameters
    ----------
    source
        What a page would show.

    Returns
    -------
    Source
        The same page without names.

    Notes
    -----
    This is pseudonymisation, not anonymity: the wording of a post can be searched for, and a
    person named in a text without a handle stays named.
    """
    handles = source.campaign_posts["account_handle"]
    names = pseudonyms_for(source.posts, source.members["account_id"], handles)
    objects = source.campaign_objects
    new_objects = [
        names.object(value, kind)
        for value, kind in zip(objects["object_id"], objects["kind"], strict=True)
    ]
    shown = _mapped(source.campaign_posts, names, accounts=["account_id"], texts=["text"])
    return dataclasses.replace(
        source,
        posts=_mapped(source.posts, names, accounts=["account_id"]),
        campaign_posts=shown.assign(account_handle=pd.NA),
        texts=_mapped(source.texts, names, texts=["text"]),
        narratives=_mapped(source.narratives, names, texts=["label"]).assign(
            keywords=[names.deep(list(words)) for words in source.narratives["keywords"]]
        ),
        first_seen=_mapped(source.first_seen, names, accounts=["account_id"]),
        edges=_mapped(source.edges, names, accounts=["account_a", "account_b"]),
        members=_mapped(source.members, names, accounts=["account_id"]),
        campaign_objects=_mapped(objects.assign(object_id=new_objects), names),
        accounts=_mapped(source.accounts, names, accounts=["account_id"]),
        evidence=_mapped(source.evidence, names, texts=["because"]),
        exhibits=_mapped(source.exhibits, names),
        dropped=_mapped(source.dropped, names, posts=["example_id"], texts=["reason"]),
        manifest=names.deep(dict(source.manifest)),
    )


def _mapped(
    frame: pd.DataFrame,
    names: Pseudonyms,
    *,
    accounts: Iterable[str] = (),
    posts: Iterable[str] = ("post_id",),
    texts: Iterable[str] = (),
) -> pd.DataFrame:
    """Return the frame with those columns replaced; columns it lacks are passed over."""
    changed: dict[str, list[object]] = {}
    for columns, replace in ((accounts, names.account), (posts, names.post), (texts, names.text)):
        for column in columns:
            if column in frame.columns:
                changed[column] = [replace(value) for value in frame[column]]
    return frame.assign(**{name: pd.array(values, dtype="str") for name, values in changed.items()})
