"""Which formats there are, and writing one of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from disinfo.errors import ParameterError, did_you_mean
from disinfo.export.coortweet import write_coortweet
from disinfo.export.graphs import write_gexf, write_graphml
from disinfo.export.misp import write_misp
from disinfo.export.redaction import redact_result
from disinfo.export.stix import write_stix
from disinfo.export.tables import write_csv_tables, write_parquet_tables
from disinfo.result import Result


@dataclass(frozen=True)
class Format:
    """One format: how it is written, and the usual name of its file or folder."""

    write: Callable[[Result, Path], None]
    usual_name: str
    is_folder: bool = False


FORMATS = {
    "csv": Format(write_csv_tables, "csv", is_folder=True),
    "parquet": Format(write_parquet_tables, "parquet", is_folder=True),
    "coortweet": Format(write_coortweet, "coortweet", is_folder=True),
    "gexf": Format(write_gexf, "network.gexf"),
    "graphml": Format(write_graphml, "network.graphml"),
    "stix": Format(write_stix, "stix.json"),
    "misp": Format(write_misp, "misp.json"),
}


def export_result(
    result: Result, path: str | os.PathLike[str], *, to: str, redact: bool = False
) -> Path:
    """Write a result in the format of another tool.

    Parameters
    ----------
    result
        What to write.
    path
        A file; for ``csv``, ``parquet`` and ``coortweet`` a folder.
    to
        A name in `FORMATS`.
    redact
        Whether accounts, posts and handles are replaced by pseudonyms, the same ones as in a
        redacted report.

    Returns
    -------
    Path
        What was written.

    Raises
    ------
    ParameterError
        When there is no such format, or a file stands where a folder goes or the other way round.

    Notes
    -----
    ``stix`` and ``misp`` hold the campaigns called "likely inauthentic" and the accounts in them,
    and say how many other groups were left out: what such platforms are told is soon acted upon.
    A redacted export does not hide the wording of posts.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = export_result(Result(), f"{folder}/network.gexf", to="gexf")
    ...     file.stat().st_size > 0
    True
    """
    if to not in FORMATS:
        msg = f"to={to!r} is not one of {sorted(FORMATS)}." + did_you_mean([str(to)], list(FORMATS))
        raise ParameterError(msg)
    chosen, target = FORMATS[to], Path(path)
    if chosen.is_folder and target.is_file():
        msg = f"{to} writes a folder, but {target} is a file"
        raise ParameterError(msg)
    if not chosen.is_folder and target.is_dir():
        msg = f"{to} writes one file, but {target} is a folder; name a file in it"
        raise ParameterError(msg)
    (target if chosen.is_folder else target.parent).mkdir(parents=True, exist_ok=True)
    chosen.write(redact_result(result) if redact else result, target)
    return target
