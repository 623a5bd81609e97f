"""The engine of one machine."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TYPE_CHECKING

from disinfo.engines.engine import Kernel
from disinfo.errors import EngineError, ParameterError

if TYPE_CHECKING:
    import pyarrow as pa

# A worker that dies is most often one that the system killed for its memory.
_POOLS = 3


@dataclass(frozen=True, kw_only=True)
class Local:
    """Run kernels on this machine.

    Parameters
    ----------
    processes
        1 runs them in this process, which is the fastest for all but very large data: the kernels
        use the cores themselves. More starts as many processes.

    Raises
    ------
    ParameterError
        When `processes` is not positive.

    Notes
    -----
    A process that dies is replaced and its part done again, three times at most.

    Examples
    --------
    >>> import pyarrow as pa
    >>> Local().map(lambda part: part.slice(0, 1), [pa.table({"a": [1, 2]})])[0].num_rows
    1
    """

    processes: int = 1

    def __post_init__(self) -> None:
        if self.processes < 1:
            msg = f"Local: processes must be positive, not {self.processes}"
            raise ParameterError(msg)

    @property
    def n_workers(self) -> int:
        """How many parts are worked on at a time."""
        return self.processes

    def map(self, kernel: Kernel, parts: Sequence[pa.Table], /) -> list[pa.Table]:
        """Apply a kernel to each part.

        Parameters
        ----------
        kernel
            The kernel; with several processes one that can be pickled.
        parts
            The parts.

        Returns
        -------
        list of pyarrow.Table
            What the kernel made of each, in their order.

        Raises
        ------
        EngineError
            When processes keep dying.
        """
        if self.processes == 1 or len(parts) < 2:
            return [kernel(part) for part in parts]
        done: dict[int, pa.Table] = {}
        for _ in range(_POOLS):
            left = [number for number in range(len(parts)) if number not in done]
            if not left:
                break
            self._one_pool(kernel, parts, left, done)
        if len(done) < len(parts):
            msg = (
                f"processes died {_POOLS} times ({len(parts) - len(done)} of {len(parts)} parts "
                "are not done); most often the machine has too little memory for so many"
            )
            raise EngineError(msg)
        return [done[number] for number in range(len(parts))]

    def _one_pool(
        self, kernel: Kernel, parts: Sequence[pa.Table], left: list[int], done: dict[int, pa.Table]
    ) -> None:
        """Work on the parts that are left until all are done or a process dies."""
        # Spawned, not forked: the parent has threads, whose locks a fork would inherit.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(self.processes, len(left)), mp_context=context) as pool:
            running = {number: pool.submit(kernel, parts[number]) for number in left}
            for number, future in running.items():
                try:
                    done[number] = future.result()
                except BrokenProcessPool:
                    continue


ONE_PROCESS = Local()
