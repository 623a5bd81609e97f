"""What an engine is: something that applies a kernel to the parts of a table.

A kernel is a pure function from one Arrow table to another. The stage that has the data cuts it
into parts along a key of its own (texts by row, actions by object), so a part can be worked on by
whoever is free, twice if need be, and the answer depends on the parts alone. That is why every
engine gives the same tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:
    import pyarrow as pa

Kernel: TypeAlias = Callable[["pa.Table"], "pa.Table"]


@runtime_checkable
class Engine(Protocol):
    """Applies kernels to parts. Frozen, picklable, and silent about what the parts mean."""

    @property
    def n_workers(self) -> int:
        """How many parts are worked on at a time; a stage makes a few times as many parts."""

    def map(self, kernel: Kernel, parts: Sequence[pa.Table], /) -> list[pa.Table]:
        """Return what the kernel makes of each part, in the order of the parts."""
