"""What a run on a file will do and cost, said before any of it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from disinfo.errors import InputError, ParameterError
from disinfo.reading import Format, Posts, read_posts
from disinfo.reading.row_counts import rows_in
from disinfo.text.language import identify

_SAMPLE_ROWS = 20_000
_MOST_IDENTIFIED = 2_000
# The model reads no more of a text than this many characters, about 512 tokens.
_READ_CHARACTERS = 2_000
# What a run costs: each feature's share of CPU seconds and of peak memory in bytes, fitted on four
# files of 500 to 1,200 posts by `python -m benchmarks.plan_costs`, which names them and checks both
# on three others. Seconds are 1.4 times those fitted: of the machines that this was measured on,
# one took twice as long as another.
_SECONDS = {"run": 3.5, "texts": 4.0e-4, "characters": 8.8e-5}
_MEMORY = {"run": 5.64e8, "texts": 1.97e5, "characters": 924.0}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What was recognised in a source, and what a run on it will take.

    Parameters
    ----------
    format
        The name of the format.
    n_rows, n_posts, n_texts, n_accounts
        Rows of the source, posts kept, distinct texts and accounts. The rows are counted, or
        estimated where `whole` is false; so are the others then, from the sample.
    n_characters
        Characters of the distinct texts that the model will read.
    languages
        Share of texts by language, commonest first.
    first, last
        The earliest and the latest time of the sample; None where there is none.
    dropped
        What will be left out: the `dropped` table of reading, counts scaled to the whole.
    notes
        What was assumed.
    whole
        Whether the sample was the whole source.
    sample_rows
        Rows of the sample.
    seconds
        CPU seconds that a run will take.
    memory_bytes
        Peak memory of a run.
    """

    format: str
    n_rows: int
    n_posts: int
    n_texts: int
    n_accounts: int
    n_characters: int
    languages: Mapping[str, float]
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    dropped: pd.DataFrame
    notes: tuple[str, ...]
    whole: bool
    sample_rows: int
    seconds: float
    memory_bytes: float

    def lines(self) -> list[str]:
        """Return the plan in words, one statement a line."""
        about = "" if self.whole else "about "
        span = (
            "no times" if self.first is None else f"{self.first:%Y-%m-%d} to {self.last:%Y-%m-%d}"
        )
        shares = ", ".join(
            f"{name} {share:.0%}" for name, share in list(self.languages.items())[:6]
        )
        said = [
            f"format:     {self.format}",
            f"rows:       {about}{self.n_rows:,}; {about}{self.n_posts:,} posts to keep, "
            f"{about}{self.n_texts:,} distinct texts, {about}{self.n_accounts:,} accounts",
            f"languages:  {shares or 'no texts'}",
            f"time span:  {span}",
        ]
        if not self.whole:
            said.append(f"  judged by the first {self.sample_rows:,} rows")
        rows = self.dropped.to_dict("records")
        said += [f"left out:   {about}{row['n']:,} {row['reason']}" for row in rows]
        said += [f"note:       {note}" for note in self.notes]
        return [
            *said,
            f"memory:     about {self.memory_bytes / 1e9:.1f} GB",
            f"time:       about {_duration(self.seconds)} of one processor core, "
            "less where vectors are kept from earlier runs",
        ]


def make_plan(
    source: str | Path,
    *,
    format: str | Format = "auto",
    columns: Mapping[str, str] | None = None,
    sample_rows: int = _SAMPLE_ROWS,
) -> Plan:
    r"""Say what a run on a source will do and cost, from its first rows.

    Parameters
    ----------
    source
        A file, an archive or a folder.
    format, columns
        As for `read_posts`.
    sample_rows
        How many rows to look at.

    Returns
    -------
    Plan
        The plan.

    Raises
    ------
    InputError
        When the source cannot be used: the same error that a run would give.
    ParameterError
        When a parameter is out of its range.

    Notes
    -----
    Judged by the first rows: a source that is sorted, by language say, is not like its beginning.
    Time and memory rest on one machine and on files of about a thousand posts, nearly each with a
    text of its own: a source of very many posts with few texts, or of none, takes more than is
    said. Accounts and texts are scaled in proportion, which is too many where they repeat.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "posts.csv"
    >>> _ = path.write_text("id,text,date\n1,Vote!,2025-05-01\n2,,2025-05-02\n")
    >>> plan = make_plan(path)
    >>> plan.format, plan.n_rows, plan.n_posts, plan.dropped["n"].tolist()[:1]
    ('generic', 2, 1, [1])
    """
    if sample_rows < 1:
        raise ParameterError(f"make_plan: sample_rows must be positive; it is {sample_rows}")
    if not isinstance(source, str | Path):
        raise InputError(f"source: a path is expected, not {type(source).__name__}")
    posts = read_posts(source, format=format, columns=columns, max_rows=sample_rows)
    whole = posts.n_read < sample_rows
    n_rows = posts.n_read if whole else max(posts.n_read, rows_in(Path(source)))
    return _scaled(posts, n_rows, whole=whole)


def _scaled(posts: Posts, n_rows: int, *, whole: bool) -> Plan:
    scale = n_rows / max(1, posts.n_read)
    table = posts.table
    texts = table["text"].dropna().drop_duplicates()
    times = table["created_at"].dropna()
    read = texts.str.len().clip(upper=_READ_CHARACTERS).sum()
    # Every how-manieth text, so that the beginning does not decide.
    looked_at = texts.iloc[:: max(1, len(texts) // _MOST_IDENTIFIED)].tolist()
    languages = pd.Series(identify(looked_at), dtype="str").value_counts(normalize=True)
    dropped = posts.dropped.assign(n=(posts.dropped["n"] * scale).round().astype("int64"))
    notes = tuple(note for note in posts.notes if "max_rows" not in note)
    sizes = {
        "n_posts": round(len(table) * scale),
        "n_texts": round(len(texts) * scale),
        "n_characters": round(int(read) * scale),
    }
    features = {"run": 1.0, "posts": sizes["n_posts"], "texts": sizes["n_texts"],
                "characters": sizes["n_characters"]}  # fmt: skip
    return Plan(
        format=posts.format, n_rows=n_rows, n_accounts=round(table["account_id"].nunique() * scale),
        languages=languages.to_dict(), dropped=dropped, notes=notes, whole=whole,
        first=times.min() if len(times) else None, last=times.max() if len(times) else None,
        sample_rows=posts.n_read, seconds=_cost(_SECONDS, features),
        memory_bytes=_cost(_MEMORY, features), **sizes,
    )  # fmt: skip


def features_of(plan: Plan) -> dict[str, float]:
    """Return the numbers that the costs of a plan are proportional to."""
    return {"run": 1.0, "posts": plan.n_posts, "texts": plan.n_texts,
            "characters": plan.n_characters}  # fmt: skip


def _cost(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    return sum(weight * features[name] for name, weight in weights.items())


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
