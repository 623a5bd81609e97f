"""Build the static embedding model in the user's cache folder, and its reference means beside this.

Run from the root of the repository: ``python models/static/build.py``. The table is what
``disinfo models build static`` makes: words from ``wordfreq``, vectors from the default model.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from disinfo.embedding import StaticEmbedding, build_static
from disinfo.embedding.centring import compute_means, save_means


def main() -> None:
    """Build what is not built yet, write the means and say how long they are."""
    print(build_static())
    stage = StaticEmbedding(centre=False)
    means = compute_means(stage)
    save_means(means, Path(__file__).parent, stage.model_id)
    for language, mean in sorted(means.by_language.items()):
        print(f"{language}  length {np.linalg.norm(mean):.3f}")


if __name__ == "__main__":
    main()
