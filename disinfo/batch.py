"""One scoring job from input to saved result: locked, resumable, idempotent, with a summary.

The output folder holds the tables and the manifest, `summary.json` for the machine that started
the job, and, while the job is not done, what its finished stages gave (`.unfinished`).
"""

from __future__ import annotations

import dataclasses
import json
import logging
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import disinfo
from disinfo.engines import Shard, ShardDone, StoredParts
from disinfo.errors import ResultError
from disinfo.fingerprints import code_version, fingerprint, fingerprint_of_stage
from disinfo.folder_lock import LOCK, folder_lock
from disinfo.memory_limit import memory_limit
from disinfo.run_reading import input_files
from disinfo.saved_result import read_manifest
from disinfo.whole_files import storage_errors, whole_file

if TYPE_CHECKING:
    from disinfo import Result

logger = logging.getLogger(__name__)

SUMMARY = "summary.json"
# What the finished stages of a job gave, until the job is done.
UNFINISHED = ".unfinished"
# The vectors that shards have made.
PARTS = ".parts"
DONE, UNCHANGED = "done", "unchanged"


@dataclass(frozen=True, kw_only=True)
class Batch:
    """A job.

    Parameters
    ----------
    source
        A file, or a folder of files.
    out
        The output folder.
    options
        Keyword arguments of `disinfo.detect`.
    since_last
        Whether to do nothing where the folder holds the result of the same files, options and
        version.
    memory_bytes
        The most memory; None for no limit.
    shard
        Index and count of a shard that only embeds its share of the texts; None for the whole job,
        which takes what shards have done.
    """

    source: Path
    out: Path
    options: Mapping[str, Any] = field(default_factory=dict)
    since_last: bool = False
    memory_bytes: int | None = None
    shard: tuple[int, int] | None = None

    def run(self) -> tuple[Result, str]:
        """Do the job.

        Returns
        -------
        result : Result
            What was found, now or by the last job.
        status : str
            ``done`` or ``unchanged``.

        Raises
        ------
        DisinfoError
            As `disinfo.detect`, `Result.save` and `memory_limit` do.
        """
        with folder_lock(self.out):
            asked = self._asked()
            last = self._last(asked) if self.since_last else None
            if last is not None:
                logger.info("nothing new since the last run", extra={"fields": {"event": "end"}})
                return last, UNCHANGED
            with memory_limit(self.memory_bytes):
                options = self._options_with_parts()
                found = disinfo.detect(self.source, **options, resume=self.out / UNFINISHED)
                manifest = {**found.manifest, **asked, "memory_limit_bytes": self.memory_bytes}
                result = dataclasses.replace(found, manifest=manifest)
                result.save(self.out)
            for left in (UNFINISHED, PARTS):
                shutil.rmtree(self.out / left, ignore_errors=True)
            return result, DONE

    def run_shard(self) -> str:
        """Embed this shard's share of the texts, and keep the vectors for the whole job.

        Returns
        -------
        str
            What was done.

        Raises
        ------
        DisinfoError
            As for `run`.
        """
        index, count = self.shard or (1, 1)
        pipeline = self.options.get("pipeline") or disinfo.Pipeline()
        shard = Shard(index=index, count=count, folder=self.out / PARTS, engine=pipeline.engine)
        options = {**self.options, "pipeline": dataclasses.replace(pipeline, engine=shard)}
        # Shards share the folder; what each may not do is run twice.
        with folder_lock(self.out, name=f"{LOCK}-{index}-of-{count}"):
            try:
                with memory_limit(self.memory_bytes):
                    disinfo.detect(self.source, **options)
            except ShardDone as done:
                return str(done)
        return f"shard {index}/{count}: there are no texts to embed"

    def _options_with_parts(self) -> dict[str, Any]:
        """Return the options, with an engine that takes what shards have done, if any has."""
        if not (self.out / PARTS).is_dir():
            return dict(self.options)
        pipeline = self.options.get("pipeline") or disinfo.Pipeline()
        engine = StoredParts(folder=self.out / PARTS, engine=pipeline.engine)
        return {**self.options, "pipeline": dataclasses.replace(pipeline, engine=engine)}

    def _asked(self) -> dict[str, Any]:
        """Return what the result depends on: files by checksum, and a fingerprint of the rest."""
        inputs = input_files(self.source) if self.source.exists() else {}
        pipeline = self.options.get("pipeline") or disinfo.Pipeline()
        names = [item.name for item in dataclasses.fields(pipeline) if item.name != "engine"]
        stages = [getattr(pipeline, name) for name in names]
        parts = [fingerprint_of_stage(stage) for stage in stages]
        known = [part for part in parts if part is not None]
        others = [f"{k}={v!r}" for k, v in sorted(self.options.items()) if k != "pipeline"]
        whole = len(known) == len(parts)
        return {
            "inputs": inputs,
            # A function of the user's may have changed unseen: then nothing is the same question.
            "asked": fingerprint(code_version(), *known, *others) if whole else None,
        }

    def _last(self, asked: Mapping[str, Any]) -> Result | None:
        """Return the last result where it answers the same question."""
        try:
            manifest = read_manifest(self.out)
            same = all(value and manifest.get(name) == value for name, value in asked.items())
            return disinfo.load(self.out) if same else None
        except ResultError as error:
            logger.info("no last result to start from: %s", error)
            return None


def summary_of(result: Result, status: str) -> dict[str, Any]:
    """Return what a machine wants to know of a job.

    Parameters
    ----------
    result
        What was found.
    status
        ``done`` or ``unchanged``.

    Returns
    -------
    dict
        Counts, verdicts, times and memory; values that JSON can hold.
    """
    manifest = result.manifest
    counts = {name: value for name, value in manifest.items() if name.startswith("n_")}
    verdicts = result.campaigns["verdict"].value_counts()
    return {
        "status": status,
        "exit_code": 0,
        **counts,
        "n_dropped": int(result.dropped["n"].sum()),
        "campaigns_by_verdict": {str(name): int(n) for name, n in verdicts.items()},
        "inputs": len(manifest.get("inputs", ())),
        "seconds": manifest.get("seconds"),
        "peak_memory_mb": manifest.get("peak_memory_mb"),
        "resumed_stages": manifest.get("resumed_stages"),
    }


def write_summary(out: Path, summary: Mapping[str, Any]) -> None:
    """Write the summary of a job.

    Parameters
    ----------
    out
        The output folder.
    summary
        From `summary_of`, or status, exit code and error of a job that failed.

    Raises
    ------
    StorageError
        When it cannot be written.
    """
    at = datetime.now(UTC).isoformat(timespec="seconds")
    stamped = {"at": at, "version": disinfo.__version__, **summary}
    with storage_errors(out), whole_file(out / SUMMARY) as part:
        part.write_text(json.dumps(stamped, indent=1, default=str), encoding="utf-8")


def write_failure(out: Path, error: BaseException, exit_code: int) -> None:
    """Write the summary of a job that failed, where the folder lets itself be written to.

    Parameters
    ----------
    out
        The output folder. One that another run holds is left alone: the summary is that run's.
    error
        Why it failed.
    exit_code
        What the command returns.
    """
    kind = type(error).__name__
    summary = {"status": "failed", "exit_code": exit_code, "error": kind, "message": str(error)}
    with suppress(ResultError), folder_lock(out):
        write_summary(out, summary)
