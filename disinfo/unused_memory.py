"""Memory that stages have freed, given back to the system.

Allocators keep what was freed for the next one who asks. Stages ask for very different pieces, so
after millions of posts a third of what a process holds is nobody's.
"""

from __future__ import annotations

import ctypes
import sys


def release_unused_memory() -> None:
    """Give freed memory back to the system; does nothing that a caller could see otherwise.

    Notes
    -----
    Arrow's pool everywhere, the heap of the C library on Linux with glibc. Fails to shrink what
    single live objects hold open.
    """
    import pyarrow as pa

    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
