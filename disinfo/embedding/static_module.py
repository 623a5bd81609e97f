"""The static tier as a module of sentence-transformers. Importing this loads torch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch

from disinfo.embedding.static_embedding import StaticEmbedding

# Where version 6 has the class, and where version 5 had it.
_PLACES = ("sentence_transformers.base.modules", "sentence_transformers.models")
_place = next(name for name in _PLACES if find_spec(name.rpartition(".")[0]) is not None)
Module: Any = import_module(_place).Module


class StaticModule(Module):  # type: ignore[misc, unused-ignore]
    """Centred static vectors, for ``SentenceTransformer(modules=[StaticModule()])``.

    The folder of a built table loads too, as ``SentenceTransformer(path, trust_remote_code=True)``:
    "remote code" is this class, from the installed package.

    Parameters
    ----------
    folder
        A built table; the one in the user's cache by default.

    Notes
    -----
    Fails to be trained: the table is mapped from disk and read only.

    Examples
    --------
    >>> from sentence_transformers import SentenceTransformer
    >>> model = SentenceTransformer(modules=[StaticModule()])  # doctest: +SKIP
    >>> model.encode(["Good morning!"]).shape  # doctest: +SKIP
    (1, 384)
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        super().__init__()
        self.stage = StaticEmbedding(folder=folder)
        self.dimension = self.stage.dimension

    def preprocess(
        self, inputs: Sequence[str], prompt: str | None = None, **_: Any
    ) -> dict[str, Any]:
        """Embed texts; a prompt means nothing to a table of words and is left out."""
        del prompt
        return {"sentence_embedding": torch.from_numpy(self.stage(list(inputs)))}

    tokenize = preprocess

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Hand the vectors on."""
        return features

    def get_embedding_dimension(self) -> int:
        """Return the numbers in a vector."""
        return self.dimension

    get_sentence_embedding_dimension = get_embedding_dimension

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Write where the table lies; its files stay there."""
        folder = self.stage.folder
        facts = {"folder": None if folder is None else str(Path(folder).absolute())}
        (Path(output_path) / "static.json").write_text(json.dumps(facts) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **_: Any) -> StaticModule:
        """Load from a folder that `save` or the build wrote."""
        folder = Path(model_name_or_path) / subfolder
        pointer = folder / "static.json"
        if pointer.exists():
            return cls(json.loads(pointer.read_text(encoding="utf-8"))["folder"])
        return cls(folder)
