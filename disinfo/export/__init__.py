"""A result in the formats of other tools.

`export_result` is the whole public surface; one module a format. Nothing here computes a score.
"""

from __future__ import annotations

from disinfo.export.formats import FORMATS, export_result

__all__ = ["FORMATS", "export_result"]
