"""Find coordinated disinformation campaigns in social posts, with a controlled error rate.

The public names are loaded when they are first used, so that ``import disinfo`` stays cheap: it
loads no numpy, no pandas and no model.

Examples
--------
>>> import disinfo
>>> posts = disinfo.read_posts("export.ndjson")  # doctest: +SKIP
>>> result = disinfo.detect(posts)  # doctest: +SKIP
>>> result.campaigns  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from disinfo.claims import match_claims
    from disinfo.embedding import embed
    from disinfo.errors import DisinfoError
    from disinfo.pipeline import Pipeline
    from disinfo.reading import Posts, read_posts
    from disinfo.result import Result, load
    from disinfo.run import detect
    from disinfo.simulation import simulate

__version__ = "0.1.0"

_HOMES = {
    "DisinfoError": "disinfo.errors",
    "Pipeline": "disinfo.pipeline",
    "Posts": "disinfo.reading",
    "Result": "disinfo.result",
    "detect": "disinfo.run",
    "embed": "disinfo.embedding",
    "load": "disinfo.result",
    "match_claims": "disinfo.claims",
    "read_posts": "disinfo.reading",
    "simulate": "disinfo.simulation",
}

__all__ = [
    "DisinfoError",
    "Pipeline",
    "Posts",
    "Result",
    "detect",
    "embed",
    "load",
    "match_claims",
    "read_posts",
    "simulate",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its module when it is first asked for (PEP 562)."""
    if name not in _HOMES:
        msg = f"module 'disinfo' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted([*__all__, "__version__"])
