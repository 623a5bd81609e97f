"""The first stage of a run: a source to posts, kept like any other stage."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from disinfo.fingerprints import fingerprint
from disinfo.reading import Format, Posts, read_posts
from disinfo.run_record import RunRecord
from disinfo.stage_store import Kept
from disinfo.whole_files import checksum

_STAGE = "reading"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What is to be read, and how.

    Parameters
    ----------
    source, columns, format, max_rows
        As for `disinfo.detect`.
    """

    source: str | os.PathLike[str] | pd.DataFrame | Sequence[Mapping[str, Any]] | Posts
    columns: Mapping[str, str] | None
    format: str | Format
    max_rows: int | None

    @property
    def name(self) -> str:
        """A short name of the input: a file's name without its folders, or what it is."""
        if isinstance(self.source, str | os.PathLike):
            return Path(self.source).name
        return f"a {type(self.source).__name__} in memory"

    def posts(self, record: RunRecord) -> Posts:
        """Read the posts, or take them from the store of finished stages.

        Parameters
        ----------
        record
            The run's clock and store.

        Returns
        -------
        Posts
            The posts.
        """
        if record.store is None:
            with record.stage(_STAGE):
                return self._read()
        kept = record.kept(_STAGE, self._fingerprint(), lambda: _as_tables(self._read()))
        about = json.loads(kept["about"]["json"].iloc[0])
        return Posts(
            table=kept["posts"],
            dropped=kept["dropped"],
            notes=tuple(about.pop("notes")),
            **about,
        )

    def _read(self) -> Posts:
        return read_posts(
            self.source, columns=self.columns, format=self.format, max_rows=self.max_rows
        )

    def _fingerprint(self) -> str | None:
        """Return a fingerprint of the files and parameters; None for what is no file.

        A format of the user's is code, which a fingerprint cannot see into.
        """
        if isinstance(self.format, Format) or not isinstance(self.source, str | os.PathLike):
            return None
        if not Path(self.source).exists():
            return None
        parameters = [repr(self.columns), self.format, repr(self.max_rows)]
        return fingerprint(*parameters, *input_files(Path(self.source)).values())


def input_files(source: Path) -> dict[str, str]:
    """Return the files that a source consists of, with their checksums.

    Parameters
    ----------
    source
        A file, or a folder whose files are read.

    Returns
    -------
    dict of str to str
        Checksum by name, in order of name.
    """
    files = [source] if source.is_file() else sorted(source.iterdir())
    seen = [path for path in files if path.is_file() and not path.name.startswith(".")]
    return {path.name: checksum(path) for path in seen}


def _as_tables(posts: Posts) -> dict[str, Kept]:
    about = {
        "format": posts.format,
        "resolution_s": posts.resolution_s,
        "notes": list(posts.notes),
        "n_read": posts.n_read,
    }
    return {
        "posts": posts.table,
        "dropped": posts.dropped,
        "about": pd.DataFrame({"json": [json.dumps(about)]}),
    }
