"""A whole result without names."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import pandas as pd

from disinfo import tables
from disinfo.export.findings import input_name
from disinfo.pseudonyms import Pseudonyms, pseudonyms_for
from disinfo.result import Result

_ACCOUNTS = frozenset({"account_id", "account_a", "account_b"})
_POSTS = frozenset(
    {"post_id", "repost_of", "reply_to", "quote_of", "conversation_id", "example_id"}
)
_PERSONAL = frozenset({"mentions", "media"})
# Made by this library from content, or words from a fixed list: nothing in them names anybody.
_IMPERSONAL = frozenset(
    {
        "text_id", "text_a", "text_b", "family_id", "narrative_id", "topic_id", "campaign_id",
        "medoid_text_id", "old_id", "new_id", "language", "languages", "platform", "kind", "layer",
        "layers", "carrier_layer", "signal", "subject", "status", "verdict", "lookalike", "stage",
        "event", "direction", "narratives", "claim_id",
    }
)  # fmt: skip
_ADDED = ("text_id", "family_id", "narrative_id", "campaign_id", "probability")


def redact_result(result: Result) -> Result:
    """Return the result with accounts, posts and handles replaced by pseudonyms.

    Parameters
    ----------
    result
        Any result; it is not changed.

    Returns
    -------
    Result
        The same tables with the same rows. Columns that the source carried along are left out,
        since nothing is known of what they hold.

    Notes
    -----
    This is pseudonymisation, not anonymity: the wording of a post can be searched for, and a person
    named in a text without a handle stays named.
    """
    handles = [result.posts[c] for c in ("account_handle",) if c in result.posts]
    names = pseudonyms_for(result.posts, result.members["account_id"], *handles)
    kept = [c for c in (*tables.POSTS.columns, *_ADDED) if c in result.posts]
    shown = {**result.tables, "posts": result.posts[kept]}
    redacted = {name: _redact_frame(frame, names) for name, frame in shown.items()}
    manifest = {**result.manifest, "created_from": input_name(result)}
    return dataclasses.replace(result, **redacted, manifest=names.deep(manifest))


def _redact_frame(frame: pd.DataFrame, names: Pseudonyms) -> pd.DataFrame:
    changed = {
        name: _redact_column(str(name), frame, names)
        for name in frame.columns
        if name not in _IMPERSONAL and not pd.api.types.is_numeric_dtype(frame[name])
        and not pd.api.types.is_datetime64_any_dtype(frame[name])
    }  # fmt: skip
    return frame.assign(**changed)


def _redact_column(name: str, frame: pd.DataFrame, names: Pseudonyms) -> pd.Series:
    column = frame[name]
    if name == "subject_id":
        by_subject: Mapping[str, Callable[[object], object]] = {
            "account": names.account,
            "post": names.post,
        }
        values = [
            by_subject.get(str(subject), names.text)(value)
            for subject, value in zip(frame["subject"], column, strict=True)
        ]
    elif name == "object_id":
        kinds = frame["kind"] if "kind" in frame else frame.get("layer", pd.Series("", frame.index))
        values = [
            names.object(value, str(kind)) if isinstance(value, str) else value
            for kind, value in zip(kinds, column, strict=True)
        ]
    else:
        values = [_rule(name, names)(value) for value in column]
    return pd.Series(values, index=frame.index, dtype=column.dtype)


def _rule(name: str, names: Pseudonyms) -> Callable[[object], object]:
    """Return what is done to each value of a column that is not in `_IMPERSONAL`."""
    if name in _ACCOUNTS:
        return names.account
    if name in _POSTS:
        return names.post
    if name in _PERSONAL:
        return lambda value: (
            [names.account(item) for item in value] if isinstance(value, list) else value
        )
    return names.deep
