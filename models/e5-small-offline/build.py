"""Make the reference means of the default embedding model from the reference corpus beside it.

Run from the root of the repository: ``python models/e5-small-offline/build.py``. The means change
only when the corpus, the model or its quantisation does; rows differ in the last bits between
types of machine.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from disinfo.embedding.centring import compute_means, save_means
from disinfo.embedding.sentence_embedding import SentenceEmbedding


def main() -> None:
    """Embed the corpus, write the means and say how long they are."""
    stage = SentenceEmbedding(centre=False, cache_dir=False)
    means = compute_means(stage)
    save_means(means, Path(__file__).parent, stage.model_id)
    for language, mean in sorted(means.by_language.items()):
        print(f"{language}  length {np.linalg.norm(mean):.3f}")


if __name__ == "__main__":
    main()
