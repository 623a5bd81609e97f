"""The engine of a Ray cluster."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from disinfo.engines.engine import Kernel
from disinfo.errors import EngineError, MissingExtraError, ParameterError

if TYPE_CHECKING:
    import pyarrow as pa

# Parts in flight a worker: enough that none waits, few enough that the driver's memory holds them.
_IN_FLIGHT = 3


@dataclass(frozen=True, kw_only=True)
class Ray:
    """Run kernels on a Ray cluster (extra ``ray``).

    Parameters
    ----------
    workers
        Worker processes of a cluster that is started on this machine; None is one a processor.
    address
        Address of a running cluster, or ``"auto"``; None starts one on this machine, which ends
        with this process.
    retries
        How often a part is done again when its worker dies.

    Raises
    ------
    ParameterError
        When a parameter is out of its range, or `workers` is given for a running cluster.

    Notes
    -----
    Parts are Ray tasks, at most three a worker under way. A worker that dies costs the time of its
    part and nothing else. Fails with data that does not fit into this process's memory: the parts
    are cut here. Nothing is sent to Ray's makers (its usage statistics are switched off).
    """

    workers: int | None = None
    address: str | None = None
    retries: int = 3

    def __post_init__(self) -> None:
        if self.workers is not None and (self.workers < 1 or self.address is not None):
            msg = "Ray: workers must be positive, and is for a cluster started here (no address)"
            raise ParameterError(msg)
        if self.retries < 0:
            msg = f"Ray: retries must not be negative, and is {self.retries}"
            raise ParameterError(msg)

    @property
    def n_workers(self) -> int:
        """How many parts are worked on at a time."""
        if self.workers is not None:
            return self.workers
        return max(1, int(self._cluster().cluster_resources().get("CPU", 1)))

    def map(self, kernel: Kernel, parts: Sequence[pa.Table], /) -> list[pa.Table]:
        """Apply a kernel to each part.

        Parameters
        ----------
        kernel
            The kernel.
        parts
            The parts.

        Returns
        -------
        list of pyarrow.Table
            What the kernel made of each, in their order.

        Raises
        ------
        EngineError
            When workers keep dying.
        MissingExtraError
            When Ray is not installed.
        """
        ray = self._cluster()
        task = ray.remote(num_cpus=1, max_retries=self.retries)(_apply)
        shared = ray.put(kernel)
        done: dict[int, pa.Table] = {}
        running: dict[Any, int] = {}
        for number, part in enumerate(parts):
            if len(running) >= _IN_FLIGHT * self.n_workers:
                _collect(ray, running, done, at_least=1)
            running[task.remote(shared, part)] = number
        _collect(ray, running, done, at_least=len(running))
        return [done[number] for number in range(len(parts))]

    def _cluster(self) -> Any:
        """Connect to the cluster, or start one; return the module."""
        # Before the import, which reads it: nothing leaves the machine without being asked for.
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        try:
            import ray
        except ImportError as error:
            raise MissingExtraError("ray", "ray", "the engine Ray") from error
        if not ray.is_initialized():
            own = {"num_cpus": self.workers, "include_dashboard": False}
            started: dict[str, Any] = {} if self.address else own
            ray.init(
                address=self.address, log_to_driver=False, logging_level=logging.ERROR, **started
            )
        return ray


def _apply(kernel: Kernel, part: pa.Table) -> pa.Table:
    return kernel(part)


def _collect(
    ray: Any, running: dict[Any, int], done: dict[int, pa.Table], *, at_least: int
) -> None:
    """Move finished parts from `running` to `done`."""
    if not running:
        return
    ready, _ = ray.wait(list(running), num_returns=at_least)
    for reference in ready:
        try:
            done[running.pop(reference)] = ray.get(reference)
        except (ray.exceptions.WorkerCrashedError, ray.exceptions.OutOfMemoryError) as error:
            msg = f"a worker died again and again on one part: {error}"
            raise EngineError(msg) from error
