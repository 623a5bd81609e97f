"""What a run leaves behind about itself: times, memory, versions, notes."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import disinfo
from disinfo.progress import showing
from disinfo.reading import Posts
from disinfo.stage_store import Kept, StageStore
from disinfo.stages import HANDED_ON
from disinfo.unused_memory import release_unused_memory

logger = logging.getLogger(__name__)

STAGES = (
    "reading", "texts", "embedding", "links", "narratives", "actions", "edges", "campaigns",
    "signals", "score", "null check",
)  # fmt: skip


class RunRecord:
    """The clock and progress bar of one run.

    Parameters
    ----------
    progress
        Whether to show a bar of stages; None shows one on a terminal only.
    store
        Where finished stages are kept, if they are.
    """

    def __init__(self, *, progress: bool | None, store: StageStore | None = None) -> None:
        from tqdm.auto import tqdm

        self.store = store
        self.seconds: dict[str, float] = {}
        self.notes: tuple[str, ...] = ()
        shown = sys.stderr.isatty() if progress is None else progress
        self._shown = shown
        self._bar = tqdm(total=len(STAGES), disable=not shown, unit="stage", leave=False)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time one stage.

        Parameters
        ----------
        name
            The stage's name.

        Yields
        ------
        None
            While the stage runs.
        """
        self._bar.set_description(name)
        begin = time.perf_counter()
        try:
            with showing(self._shown):
                yield
        except BaseException:
            self._bar.close()
            raise
        release_unused_memory()
        self.seconds[name] = round(time.perf_counter() - begin, 3)
        fields = {"event": "stage", "stage": name, "seconds": self.seconds[name]}
        logger.info("stage %s took %.2f s", name, self.seconds[name], extra={"fields": fields})
        self._bar.update()
        if name == STAGES[-1]:
            self._bar.close()

    def kept(
        self, name: str, made_by: str | None, make: Callable[[], Mapping[str, Kept]]
    ) -> dict[str, Any]:
        """Run a stage under the clock, or take from the store what it gave.

        Parameters
        ----------
        name
            The stage's name.
        made_by
            A fingerprint of the stage and its parameters, None where that cannot be told.
        make
            Runs the stage.

        Returns
        -------
        dict of str to DataFrame or ndarray
            What the stage gave, by name.
        """
        with self.stage(name):
            if self.store is None:
                return dict(make())
            given = self.store.take_or_make(name, made_by, make)
            # An empty column has no type on disk; the schema gives it back.
            return {
                table: HANDED_ON[table].check(part, source=name, sort=False)
                if table in HANDED_ON
                else part
                for table, part in given.items()
            }

    def manifest(self, posts: Posts, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Return the run's manifest.

        Parameters
        ----------
        posts
            What was read.
        settings
            Counts and parameters.

        Returns
        -------
        dict
            Values that JSON can hold.
        """
        return {
            "version": disinfo.__version__,
            "format": posts.format,
            "resolution_s": posts.resolution_s,
            "notes": [*posts.notes, *self.notes],
            **settings,
            "seconds": dict(self.seconds),
            # Stages that an earlier run, cut short, had finished.
            "resumed_stages": list(self.store.found) if self.store is not None else [],
            "peak_memory_mb": _peak_memory_mb(),
        }


def _peak_memory_mb() -> float | None:
    """Return the highest memory of this process so far; None where the system does not say."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in KiB, macOS in bytes.
    return round(peak / (1024 if sys.platform != "darwin" else 1024**2), 1)
