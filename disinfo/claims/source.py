"""Known and fact-checked claims: from a table, or from ClaimReview as fact-checkers publish it.

References
----------
schema.org/ClaimReview; the answers of the Google Fact Check Tools API and the feed of Data Commons
wrap the same object.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from disinfo import tables
from disinfo.errors import FormatError, InputError, ParameterError

STAGE = "claims"
_LARGEST_FILE = 1_000_000_000
_DEEPEST = 8
_CSV = {".csv": ",", ".tsv": "\t"}

ClaimSource: TypeAlias = (
    str | os.PathLike[str] | pd.DataFrame | Sequence[Mapping[str, Any]] | Mapping[str, Any]
)


@dataclass(frozen=True, kw_only=True)
class Claims:
    """Claims that were read.

    Parameters
    ----------
    table
        The `claims` table.
    dropped
        What was left out and why.
    """

    table: pd.DataFrame
    dropped: pd.DataFrame


def read_claims(source: ClaimSource) -> Claims:
    """Read known claims.

    Parameters
    ----------
    source
        A frame or a list of records with claim_id, text and, where known, title (of the article
        that checks the claim), verdict and url; a CSV, TSV, Parquet, JSON or NDJSON file of the
        same; or ClaimReview: a JSON-LD object, a list, a ``@graph``, a ``dataFeedElement`` feed, or
        an answer of the Google Fact Check Tools API, as a file or as parsed JSON.

    Returns
    -------
    Claims
        ``table`` with one row a claim, ``dropped`` with what could not be used.

    Raises
    ------
    InputError
        When the file cannot be read or is larger than 1 GB.
    SchemaError
        When a table has no text.

    Notes
    -----
    A claim without an id gets one made from its text and address. Of claims that share an id the
    first in order of text is kept. Fails on feeds that write the claim into an article's body only:
    what counts is ``claimReviewed``.

    Examples
    --------
    >>> review = {"@type": "ClaimReview", "claimReviewed": "The bridge is closed",
    ...     "url": "https://facts.example/1", "reviewRating": {"alternateName": "False"}}
    >>> read_claims([review]).table[["text", "verdict"]].to_dict("records")
    [{'text': 'The bridge is closed', 'verdict': 'False'}]
    """
    given = _load(Path(source)) if isinstance(source, str | os.PathLike) else source
    if isinstance(given, pd.DataFrame):
        frame = given
    else:
        reviews = list(_reviews(given, _DEEPEST))
        frame = pd.DataFrame(reviews if reviews else _records(given))
        if frame.empty and "text" not in frame:
            frame = tables.CLAIMS.empty()
    return _cleaned(frame)


def _load(path: Path) -> object:
    """Return the frame or the JSON value of a file."""
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise InputError(f"{path}: more than {_LARGEST_FILE:,} bytes; split the file")
        if path.suffix in _CSV:
            return pd.read_csv(path, sep=_CSV[path.suffix], dtype="str", keep_default_na=False)
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from error
    try:
        return json.loads(text)
    except RecursionError:
        raise FormatError(f"{path}: JSON nested too deeply") from None
    except ValueError:
        try:
            return [json.loads(line) for line in text.split("\n") if line.strip()]
        except (ValueError, RecursionError) as error:
            raise FormatError(f"{path}: neither JSON nor NDJSON ({error})") from None


def _records(value: object) -> list[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        inner = value.get("claims", [value])
        value = inner if isinstance(inner, list) else [value]
    if not isinstance(value, Sequence) or not all(isinstance(one, Mapping) for one in value):
        msg = f"claims must be a table, a list of records or a file, not {type(value).__name__}"
        raise ParameterError(msg)
    return list(value)


def _reviews(value: object, depth: int) -> Iterator[dict[str, Any]]:
    """Yield the claims of all ClaimReview objects in a JSON value, however they are wrapped."""
    if depth == 0 or isinstance(value, str):
        return
    if isinstance(value, Mapping):
        kind = value.get("@type")
        if "claimReviewed" in value or "ClaimReview" in (
            kind if isinstance(kind, list) else [kind]
        ):
            yield _of_review(value)
        elif isinstance(value.get("claimReview"), list):
            yield from (_of_api(value, one) for one in value["claimReview"][:1])
        else:
            for name in ("@graph", "dataFeedElement", "item", "claims", "itemListElement"):
                yield from _reviews(value.get(name), depth - 1)
    elif isinstance(value, Sequence):
        for one in value:
            yield from _reviews(one, depth - 1)


def _of_review(review: Mapping[str, Any]) -> dict[str, Any]:
    rating = review.get("reviewRating")
    verdict = rating.get("alternateName") if isinstance(rating, Mapping) else None
    return {
        "claim_id": review.get("@id"),
        "text": review.get("claimReviewed"),
        "title": review.get("headline") or review.get("name"),
        "verdict": verdict,
        "url": review.get("url"),
    }


def _of_api(claim: Mapping[str, Any], review: object) -> dict[str, Any]:
    found = review if isinstance(review, Mapping) else {}
    return {
        "claim_id": None,
        "text": claim.get("text"),
        "title": found.get("title"),
        "verdict": found.get("textualRating"),
        "url": found.get("url"),
    }


def _cleaned(frame: pd.DataFrame) -> Claims:
    """Complete ids, drop rows without text and repeated ids, and count both."""
    known = [name for name in tables.CLAIMS.columns if name in frame]
    table = frame[known].reset_index(drop=True).astype("object")
    for name in known:
        strings = table[name].map(lambda cell: isinstance(cell, str | int) and str(cell).strip())
        table[name] = strings.where(strings.map(bool), None)
    counts: dict[str, tuple[int, str | None]] = {}
    if "text" in table:
        empty = table["text"].isna()
        counts["claim without a text: left out"] = (int(empty.sum()), None)
        table = table[~empty]
        given = table["claim_id"] if "claim_id" in table else pd.Series(None, index=table.index)
        address = table["url"].fillna("") if "url" in table else pd.Series("", index=table.index)
        made = [_claim_id(text, url) for text, url in zip(table["text"], address, strict=True)]
        table["claim_id"] = given.where(given.notna(), pd.Series(made, index=table.index))
        table = table.sort_values(["claim_id", "text"], kind="stable")
        repeated = table.duplicated("claim_id")
        example = str(table.loc[repeated, "claim_id"].iloc[0]) if repeated.any() else None
        counts["claim with an id already read: left out"] = (int(repeated.sum()), example)
        table = table[~repeated]
    return Claims(
        table=tables.CLAIMS.check(table, source="claims"),
        dropped=tables.dropped_rows(STAGE, counts),
    )


def _claim_id(text: str, url: str) -> str:
    return "k-" + hashlib.blake2b(f"{url}\n{text}".encode(), digest_size=6).hexdigest()
