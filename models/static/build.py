"""Build the static embedding model in the user's cache folder.

Run from the root of the repository: ``python models/static/build.py``. It does what
``disinfo models build static`` does: words from ``wordfreq``, vectors from the default model.
"""

from __future__ import annotations

from disinfo.embedding import build_static


def main() -> None:
    """Build what is not built yet and say where it lies."""
    print(build_static())


if __name__ == "__main__":
    main()
