"""What reading left out, counted by reason, and what it assumed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from disinfo.tables import dropped_rows


@dataclass
class Ledger:
    """Counts by reason with one example each, and notes on what was assumed.

    The one thing in this package that is written to as reading goes on. The example is the
    smallest id, or the first place in the file, so the order of the rows cannot show.
    """

    counts: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    lost: int = 0

    def add(self, reason: str, n: int = 1, example: str | None = None) -> None:
        """Count `n` more for a reason; the first example given stays."""
        if n:
            seen, first = self.counts.get(reason, (0, None))
            self.counts[reason] = (seen + n, _writable(example) if first is None else first)

    def lose(self, reason: str, n: int = 1, example: str | None = None) -> None:
        """Count rows that never became rows of a frame."""
        self.add(reason, n, example)
        self.lost += n

    def add_rows(self, reason: str, mask: np.ndarray, ids: Sequence[str] | pd.Series) -> None:
        """Count the rows of a mask; the example is the smallest id among them."""
        n = int(mask.sum())
        if n:
            named = pd.Series(ids).reset_index(drop=True)[mask].dropna()
            seen, first = self.counts.get(reason, (0, None))
            # Rows come in batches, and their order must not show.
            examples = [first, *([str(named.min())] if len(named) else [])]
            known = [example for example in examples if example is not None]
            self.counts[reason] = (seen + n, min(known, default=None))

    def note(self, sentence: str) -> None:
        """Keep a sentence, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def table(self) -> pd.DataFrame:
        """Return the `dropped` table of the stage ``read``."""
        return dropped_rows("read", self.counts)

    def merge(self, other: Ledger) -> None:
        """Add another ledger's counts and notes to this one."""
        for reason, (n, example) in other.counts.items():
            self.add(reason, n, example)
        for sentence in other.notes:
            self.note(sentence)
        self.lost += other.lost


def _writable(example: str | None) -> str | None:
    """Return an id without lone surrogates, which JSON can write and a table cannot hold."""
    return example.encode("utf-8", "replace").decode("utf-8") if example else example
