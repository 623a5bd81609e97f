"""The schema of every table: columns, types, key, and the checks at each hand-over.

A table is a pandas frame. Its schema is a `Table`: `check` coerces and validates a frame and sorts
it by key, `empty` gives a frame with no rows and the right columns. Identifiers are strings,
always: a 19-digit id read as a float is a different id. Times are UTC with microseconds.

The module knows nothing of the stages that fill the tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from disinfo.errors import SchemaError, did_you_mean, raise_all

Kind = Literal["str", "time", "float", "int", "bool", "list"]

TIME_DTYPE = "datetime64[us, UTC]"
_DTYPES: Mapping[Kind, str] = {
    "str": "str",
    "time": TIME_DTYPE,
    "float": "float64",
    "int": "int64",
    "bool": "bool",
    "list": "object",
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    kind
        ``str``, ``time`` (UTC, microseconds), ``float``, ``int``, ``bool`` or ``list`` (of
        strings).
    nullable
        Whether a value may be missing.
    optional
        Whether the whole column may be absent.
    values
        The only values allowed, where there is a fixed set.
    """

    kind: Kind
    nullable: bool = False
    optional: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Table:
    """The schema of one table.

    Parameters
    ----------
    name
        The table's name, as used in messages and file names.
    columns
        Columns by name, in order.
    key
        Columns that identify a row. Rows are sorted by them and no two rows share them.
    extra
        Whether other columns are carried along untouched.
    """

    name: str
    columns: Mapping[str, Column]
    key: tuple[str, ...] = ()
    extra: bool = False

    def empty(self) -> pd.DataFrame:
        """Return the table with all its columns and no rows.

        Returns
        -------
        DataFrame
            Zero rows; the dtypes of the schema.

        Examples
        --------
        >>> DROPPED.empty().columns.tolist()
        ['stage', 'reason', 'n', 'example_id']
        """
        return pd.DataFrame(
            {name: pd.Series([], dtype=_DTYPES[col.kind]) for name, col in self.columns.items()}
        )

    def check(self, frame: pd.DataFrame, *, source: str = "", sort: bool = True) -> pd.DataFrame:
        """Coerce a frame to the schema, validate it and sort it by key.

        Parameters
        ----------
        frame
            The frame; it is not changed.
        source
            Who made it, for the message.
        sort
            Whether to sort by key; otherwise the order of rows is kept.

        Returns
        -------
        DataFrame
            A new frame: schema columns first and in order, rows sorted by key, index 0 … n-1.

        Raises
        ------
        SchemaError
            With all problems at once: absent columns, values of the wrong type, missing values,
            values outside the allowed set, duplicate keys.

        Examples
        --------
        >>> import pandas as pd
        >>> rows = pd.DataFrame({"stage": ["read"], "reason": ["no text"], "n": [3]})
        >>> DROPPED.check(rows)
        Traceback (most recent call last):
        disinfo.errors.SchemaError: table 'dropped': column(s) 'example_id' not found; ...
        """
        subject = f"table {self.name!r}" + (f" from {source}" if source else "")
        absent = [n for n, c in self.columns.items() if n not in frame.columns and not c.optional]
        if absent:
            seen = [str(column) for column in frame.columns]
            listed = ", ".join(repr(name) for name in absent)
            msg = f"column(s) {listed} not found; columns seen: {seen}." + did_you_mean(
                absent, seen
            )
            raise SchemaError(f"{subject}: {msg}")
        problems: list[str] = []
        out: dict[str, pd.Series] = {}
        for name, column in self.columns.items():
            if name in frame.columns:
                out[name] = _coerce(frame[name], name, column, problems)
        raise_all(problems, SchemaError, subject)
        if self.extra:
            out.update({str(n): frame[n] for n in frame.columns if n not in self.columns})
        checked = pd.DataFrame(out, index=frame.index)
        return self._keyed(checked, subject, sort=sort)

    def _keyed(self, frame: pd.DataFrame, subject: str, *, sort: bool) -> pd.DataFrame:
        if not self.key:
            return frame.reset_index(drop=True)
        keys = list(self.key)
        duplicated = frame.duplicated(keys)
        if duplicated.any():
            example = frame.loc[duplicated.idxmax(), keys].to_dict()
            msg = f"{int(duplicated.sum())} row(s) repeat the key {keys}, for example {example}"
            raise SchemaError(f"{subject}: {msg}")
        ordered = frame.sort_values(keys, kind="stable") if sort else frame
        return ordered.reset_index(drop=True)


def _coerce(series: pd.Series, name: str, column: Column, problems: list[str]) -> pd.Series:
    """Return the series in the column's dtype; append to `problems` what does not fit."""
    if column.kind == "list":
        return _lists(series, name, problems)
    missing = series.isna()
    if missing.any() and not column.nullable:
        at = int(missing.to_numpy().argmax())
        problems.append(
            f"column {name!r}: {int(missing.sum())} missing value(s), first in row {at}"
        )
        return series
    try:
        if column.kind == "time":
            if not isinstance(series.dtype, pd.DatetimeTZDtype) and len(series) and missing.all():
                series = pd.Series(pd.NaT, index=series.index)
            result = pd.to_datetime(series, utc=True).astype(TIME_DTYPE)
        elif column.kind == "str":
            result = _strings(series, name, problems)
        else:
            result = series.astype(_DTYPES[column.kind])
    except (ValueError, TypeError, OverflowError) as error:
        problems.append(f"column {name!r}: not all values are of type {column.kind} ({error})")
        return series
    if column.values:
        wrong = result[~result.isin(column.values) & result.notna()]
        if len(wrong):
            problems.append(
                f"column {name!r}: {len(wrong)} value(s) outside {list(column.values)}, "
                f"for example {wrong.iloc[0]!r}"
            )
    return result


def _strings(series: pd.Series, name: str, problems: list[str]) -> pd.Series:
    """Return the series as strings; a float id is refused, since it may have lost digits."""
    if pd.api.types.is_float_dtype(series.dtype) and series.notna().any():
        problems.append(
            f"column {name!r}: numbers where strings belong (dtype {series.dtype}); "
            "an id read as a float has lost digits: read it as text"
        )
    return series.astype("str")


def _lists(series: pd.Series, name: str, problems: list[str]) -> pd.Series:
    """Return the series as lists of strings; a missing value is an empty list."""
    values: list[list[str]] = []
    wrong = 0
    for value in series:
        if isinstance(value, str | bytes):
            wrong += 1
            values.append([])
        elif hasattr(value, "__iter__"):
            values.append([str(item) for item in value])
        else:
            values.append([])
            wrong += not pd.isna(value)
    if wrong:
        problems.append(f"column {name!r}: {wrong} value(s) are not lists of strings")
    return pd.Series(values, index=series.index, dtype="object")


def _str(*, nullable: bool = False, optional: bool = False, values: tuple[str, ...] = ()) -> Column:
    return Column(kind="str", nullable=nullable, optional=optional, values=values)


_TEXT = _str()
_MAYBE_TEXT = _str(nullable=True)
_EXTRA_TEXT = _str(nullable=True, optional=True)
_EXTRA_LIST = Column(kind="list", nullable=True, optional=True)
_TIME = Column(kind="time")
_MAYBE_TIME = Column(kind="time", nullable=True)
_FLOAT = Column(kind="float")
_MAYBE_FLOAT = Column(kind="float", nullable=True)
_INT = Column(kind="int")
_LIST = Column(kind="list")

LINK_KINDS = ("near", "reworded", "translated", "opposed")
SUBJECTS = ("post", "account", "narrative", "campaign")

POSTS = Table(
    name="posts",
    columns={
        "post_id": _TEXT,
        "account_id": _MAYBE_TEXT,
        "text": _MAYBE_TEXT,
        "created_at": _MAYBE_TIME,
        "platform": _EXTRA_TEXT,
        "language": _EXTRA_TEXT,
        "urls": _EXTRA_LIST,
        "hashtags": _EXTRA_LIST,
        "mentions": _EXTRA_LIST,
        "repost_of": _EXTRA_TEXT,
        "reply_to": _EXTRA_TEXT,
        "quote_of": _EXTRA_TEXT,
        "conversation_id": _EXTRA_TEXT,
        "media": _EXTRA_LIST,
        "media_hash": _EXTRA_LIST,
        "object_id": _EXTRA_TEXT,
    },
    key=("post_id",),
    extra=True,
)
TEXTS = Table(
    name="texts",
    columns={
        "text_id": _TEXT,
        "text": _TEXT,
        "language": _TEXT,
        "n_posts": _INT,
        "n_accounts": _INT,
        "first_seen": _MAYBE_TIME,
    },
    key=("text_id",),
)
LINKS = Table(
    name="links",
    columns={
        "text_a": _TEXT,
        "text_b": _TEXT,
        "kind": _str(values=LINK_KINDS),
        "similarity": _FLOAT,
        "lexical_similarity": _FLOAT,
    },
    key=("text_a", "text_b"),
)
FAMILY_MEMBERS = Table(
    name="family_members", columns={"text_id": _TEXT, "family_id": _TEXT}, key=("text_id",)
)
FAMILIES = Table(
    name="families",
    columns={
        "family_id": _TEXT,
        "n_texts": _INT,
        "n_posts": _INT,
        "n_accounts": _INT,
        "density": _FLOAT,
        "medoid_text_id": _TEXT,
        "languages": _LIST,
    },
    key=("family_id",),
)
MEMBERSHIP = Table(
    name="membership",
    columns={"text_id": _TEXT, "narrative_id": _TEXT, "weight": _FLOAT},
    key=("text_id", "narrative_id"),
)
NARRATIVES = Table(
    name="narratives",
    columns={
        "narrative_id": _TEXT,
        "topic_id": _TEXT,
        "label": _TEXT,
        "keywords": _LIST,
        "medoid_text_id": _TEXT,
        "n_texts": _INT,
        "n_posts": _INT,
        "n_accounts": _INT,
        "n_languages": _INT,
        "first_seen": _MAYBE_TIME,
        "last_seen": _MAYBE_TIME,
        "coherence": _FLOAT,
    },
    key=("narrative_id",),
)
TOPICS = Table(
    name="topics",
    columns={"topic_id": _TEXT, "label": _TEXT, "n_narratives": _INT, "n_posts": _INT},
    key=("topic_id",),
)
LINEAGE = Table(
    name="lineage",
    columns={
        "kind": _str(values=("narrative", "campaign")),
        "old_id": _MAYBE_TEXT,
        "new_id": _TEXT,
        "event": _str(values=("birth", "merge", "split")),
        "at": _MAYBE_TIME,
    },
)
FIRST_SEEN = Table(
    name="first_seen",
    columns={
        "narrative_id": _TEXT,
        "language": _TEXT,
        "platform": _TEXT,
        "account_id": _MAYBE_TEXT,
        "at": _MAYBE_TIME,
    },
    key=("narrative_id", "language", "platform"),
)
ACTIONS = Table(
    name="actions",
    columns={
        "account_id": _TEXT,
        "layer": _TEXT,
        "object_id": _TEXT,
        "created_at": _TIME,
        "post_id": _MAYBE_TEXT,
        "slot": _EXTRA_TEXT,
        "source": _EXTRA_TEXT,
    },
)
EDGES = Table(
    name="edges",
    columns={
        "account_a": _TEXT,
        "account_b": _TEXT,
        "layer": _TEXT,
        "window_s": _INT,
        "co_actions": _INT,
        "expected": _FLOAT,
        "surprise_bits": _FLOAT,
        "p": _FLOAT,
        "q": _MAYBE_FLOAT,
        "carrier_layer": _MAYBE_TEXT,
        "carrier_window_s": _MAYBE_FLOAT,
        "lead_share": _MAYBE_FLOAT,
        "median_delay_s": _MAYBE_FLOAT,
    },
    key=("account_a", "account_b", "layer", "window_s"),
)
CAMPAIGNS = Table(
    name="campaigns",
    columns={
        "campaign_id": _TEXT,
        "n_accounts": _INT,
        "n_posts": _INT,
        "narratives": _LIST,
        "layers": _LIST,
        "window_s": _INT,
        "p": _FLOAT,
        "q": _FLOAT,
        "probability": _MAYBE_FLOAT,
        "low": _MAYBE_FLOAT,
        "high": _MAYBE_FLOAT,
        "verdict": _TEXT,
        "lookalike": _MAYBE_TEXT,
    },
    key=("campaign_id",),
)
MEMBERS = Table(
    name="members",
    columns={
        "campaign_id": _TEXT,
        "account_id": _TEXT,
        "strength": _FLOAT,
        "dedication": _FLOAT,
    },
    key=("campaign_id", "account_id"),
)
CAMPAIGN_OBJECTS = Table(
    name="campaign_objects",
    columns={"campaign_id": _TEXT, "kind": _TEXT, "object_id": _TEXT, "post_id": _TEXT},
    key=("campaign_id", "kind", "object_id", "post_id"),
)
ACCOUNTS = Table(
    name="accounts",
    columns={
        "account_id": _TEXT,
        "probability": _MAYBE_FLOAT,
        "low": _MAYBE_FLOAT,
        "high": _MAYBE_FLOAT,
        "n_posts": _INT,
        "campaign_id": _MAYBE_TEXT,
        "verdict": _TEXT,
    },
    key=("account_id",),
)
EVIDENCE = Table(
    name="evidence",
    columns={
        "subject": _str(values=SUBJECTS),
        "subject_id": _TEXT,
        "signal": _TEXT,
        "value": _MAYBE_FLOAT,
        "bits": _FLOAT,
        "because": _TEXT,
        "status": _str(values=("ok", "missing")),
    },
    key=("subject", "subject_id", "signal"),
)
EXHIBITS = Table(
    name="exhibits",
    columns={
        "subject": _str(values=SUBJECTS),
        "subject_id": _TEXT,
        "signal": _TEXT,
        "post_id": _TEXT,
        "rank": _INT,
    },
    key=("subject", "subject_id", "signal", "rank"),
)
CLAIM_MATCHES = Table(
    name="claim_matches",
    columns={
        "text_id": _TEXT,
        "claim_id": _TEXT,
        "rank": _INT,
        "similarity": _FLOAT,
        "direction": _str(values=("repeats", "opposes")),
    },
    key=("text_id", "rank"),
)
DROPPED = Table(
    name="dropped",
    columns={"stage": _TEXT, "reason": _TEXT, "n": _INT, "example_id": _MAYBE_TEXT},
    key=("stage", "reason"),
)

ALL: Mapping[str, Table] = {
    table.name: table
    for table in (
        POSTS, TEXTS, LINKS, FAMILIES, FAMILY_MEMBERS, NARRATIVES, MEMBERSHIP, TOPICS, LINEAGE,
        FIRST_SEEN, ACTIONS, EDGES, CAMPAIGNS, MEMBERS, CAMPAIGN_OBJECTS, ACCOUNTS, EVIDENCE,
        EXHIBITS, CLAIM_MATCHES, DROPPED,
    )
}  # fmt: skip


def dropped_rows(stage: str, counts: Mapping[str, tuple[int, str | None]]) -> pd.DataFrame:
    """Build rows of the `dropped` table.

    Parameters
    ----------
    stage
        The stage that left something out.
    counts
        For each reason, how many and the id of one example (or None).

    Returns
    -------
    DataFrame
        A `dropped` table; reasons with a count of zero are left out.

    Examples
    --------
    >>> dropped_rows("read", {"no text": (2, "p7"), "no time": (0, None)})["n"].tolist()
    [2]
    """
    rows = [
        {"stage": stage, "reason": reason, "n": n, "example_id": example}
        for reason, (n, example) in counts.items()
        if n
    ]
    return DROPPED.check(pd.DataFrame(rows, columns=list(DROPPED.columns)), source=stage)
