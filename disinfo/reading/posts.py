"""Posts: what reading gives."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Posts:
    """Posts that were read, with what was left out and what was assumed.

    Parameters
    ----------
    table
        The `posts` table (see `disinfo.tables.POSTS`): kept rows in the order of the input.
    dropped
        The `dropped` table: each reason with a count and one example.
    format
        The name of the format that was recognised; several, joined by ``+``, for a folder.
    resolution_s
        The source's time resolution in seconds: 60.0 where times carry minutes only, 86400.0
        where they are dates. A co-action window below it has no meaning.
    notes
        Sentences on what was assumed, such as the zone of times that carry none.
    n_read
        Rows seen in the source, kept or not.
    """

    table: pd.DataFrame
    dropped: pd.DataFrame
    format: str
    resolution_s: float
    notes: tuple[str, ...] = ()
    n_read: int = 0

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        return f"Posts({_summary(self)})"

    def _repr_html_(self) -> str:
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        tables = "".join(
            f"<h4>{title}</h4>{frame.to_html(escape=True, index=False)}"
            for title, frame in (("first posts", self.table.head()), ("dropped", self.dropped))
        )
        return f"<p>{escape(_summary(self))}</p><ul>{notes}</ul>{tables}"


def _summary(posts: Posts) -> str:
    accounts = posts.table["account_id"].nunique()
    return (
        f"{len(posts.table):,} posts kept of {posts.n_read:,} read, {accounts:,} accounts, "
        f"format {posts.format!r}, time resolution {posts.resolution_s:g} s"
    )
