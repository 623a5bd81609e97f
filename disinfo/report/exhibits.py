"""The posts of a campaign that a reader is shown."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import pandas as pd

from disinfo.report.word_diff import Piece, mark_differences
from disinfo.text.display import display

MOST_QUOTES = 9
_PER_LANGUAGE = 3


@dataclass(frozen=True)
class Post:
    """One post. `pieces` is its text, in runs that differ from the reference post or not."""

    post_id: str
    account: str
    at: object
    platform: str
    language: str
    pieces: tuple[Piece, ...]
    is_reference: bool = False

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Quotes:
    """Posts side by side; `chosen_by` says whether signals chose them or only their order."""

    posts: tuple[Post, ...]
    n_candidates: int
    chosen_by: str


def quoted_posts(posts: pd.DataFrame, exhibits: pd.DataFrame) -> Quotes:
    """Choose posts to set side by side and mark where they differ.

    Parameters
    ----------
    posts
        The campaign's posts, oldest first.
    exhibits
        The campaign's rows of `exhibits`; without any, the first posts are taken.

    Returns
    -------
    Quotes
        At most `MOST_QUOTES`, of different accounts where there are any, a few a language. The
        first one of a language is the reference for the others, since words of two languages
        cannot be compared.
    """
    proof = exhibits.sort_values(["rank", "signal"])["post_id"].drop_duplicates()
    by_id = posts.drop_duplicates("post_id").set_index("post_id")
    ids = [post for post in proof if post in by_id.index]
    chosen_by = "exhibits" if ids else "order"
    order = ids or list(by_id.index)
    rows = by_id.loc[order].reset_index()
    rows = rows[rows["text"].notna()]
    # One account quoted twice shows less than two accounts quoted once.
    again = rows.groupby("account_id", dropna=False).cumcount()
    rows = rows.assign(_again=again).sort_values("_again", kind="stable")
    several = len(rows["language"].dropna().unique()) > 1
    nth = rows.groupby("language", dropna=False).cumcount()
    shown = rows[nth < _PER_LANGUAGE] if several else rows
    shown = shown.head(MOST_QUOTES)
    return Quotes(tuple(_compared(shown)), len(rows), chosen_by)


def _compared(rows: pd.DataFrame) -> list[Post]:
    ordered = rows.assign(language=rows["language"].fillna("")).sort_values(
        "language", kind="stable"
    )
    out: list[Post] = []
    for _, group in groupby(ordered.to_dict("records"), key=lambda row: row["language"]):
        reference: str | None = None
        for row in group:
            text = display(row["text"])
            if reference is None:
                pieces = [Piece(text, differs=False)]
            else:
                pieces = mark_differences(reference, text)
            out.append(_post(row, tuple(pieces), is_reference=reference is None))
            reference = text if reference is None else reference
    return out


def listed_posts(posts: pd.DataFrame, most: int) -> tuple[Post, ...]:
    """Return the campaign's first posts, spread evenly over its time when there are too many."""
    if len(posts) > most:
        posts = posts.iloc[[i * len(posts) // most for i in range(most)]]
    return tuple(
        _post(row, (Piece(display(row["text"], limit=280), differs=False),), is_reference=False)
        for row in posts.to_dict("records")
    )


def _post(row: dict[str, object], pieces: tuple[Piece, ...], *, is_reference: bool) -> Post:
    return Post(
        post_id=display(row["post_id"], limit=80),
        account=display(row["account_id"], limit=80),
        at=row["created_at"],
        platform=display(row["platform"], limit=40),
        language=display(row["language"], limit=20),
        pieces=pieces,
        is_reference=is_reference,
    )
