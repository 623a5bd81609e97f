"""Running any other model through sentence-transformers."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from disinfo.errors import ModelError
from disinfo.stages import Vectors

logger = logging.getLogger(__name__)

# A post has about this many tokens; sentence-transformers counts a batch in texts.
_TOKENS_A_POST = 32
_E5 = re.compile(r"(^|[-_/\\])e5[-_]", re.IGNORECASE)
_E5_PROMPT = "query: "
_WEIGHTS = ("*.safetensors", "*.bin", "*.json", "*.model", "*.txt")


@dataclass(frozen=True, kw_only=True)
class HubEncoder:
    """A sentence-transformers model.

    Parameters
    ----------
    model
        A ``SentenceTransformer``.
    """

    model: Any

    def __call__(self, texts: Sequence[str], *, batch_tokens: int, threads: int) -> Vectors:
        """Embed texts that already hold their prompt.

        Parameters
        ----------
        texts
            Texts with their prompt, n of them.
        batch_tokens
            Tokens in a batch, about.
        threads
            Not used: torch has its own setting.

        Returns
        -------
        ndarray of shape (n, d), float32
            Unit rows. Batches are padded by the model, so a row may differ in its last bits with
            the other texts of the call.
        """
        rows = self.model.encode(
            list(texts),
            prompt="",
            batch_size=max(1, batch_tokens // _TOKENS_A_POST),
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        vectors: Vectors = np.asarray(rows, dtype=np.float32)
        return vectors


def own_prompt(name: str, encoder: HubEncoder) -> str:
    """Return the prompt that a model wants before each text.

    Parameters
    ----------
    name
        The model's name or path.
    encoder
        The loaded model.

    Returns
    -------
    str
        The model's default prompt; ``"query: "`` for a model of the e5 family that names none
        (its instruct variants need none when all texts are of one kind); else nothing.
    """
    chosen = encoder.model.default_prompt_name
    if chosen:
        return str(encoder.model.prompts[chosen])
    if _E5.search(name) and "instruct" not in name.lower():
        return _E5_PROMPT
    return ""


def revision(name: str) -> str | None:
    """Say which version of a model is on this machine, without loading it.

    Parameters
    ----------
    name
        A folder, or the name of a model of the hub.

    Returns
    -------
    str or None
        For a folder a digest of its files' names, sizes and times of change; for a hub name the
        commit, or None when the model is not on this machine yet.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        digest = hashlib.blake2b(digest_size=8)
        for path in sorted(file for kind in _WEIGHTS for file in folder.rglob(kind)):
            facts = path.stat()
            line = f"{path.relative_to(folder).as_posix()} {facts.st_size} {facts.st_mtime_ns}\n"
            digest.update(line.encode())
        return digest.hexdigest()
    from huggingface_hub import try_to_load_from_cache

    for repository in (name, f"sentence-transformers/{name}"):
        found = try_to_load_from_cache(repository, "config.json")
        if isinstance(found, str):
            return Path(found).parent.name
    return None


@lru_cache(maxsize=1)
def load_hub_encoder(name: str) -> HubEncoder:
    """Load a model by name or path; the last one loaded is kept.

    Parameters
    ----------
    name
        A folder, or the name of a model of the hub, which is downloaded when it is not on this
        machine.

    Returns
    -------
    HubEncoder
        The model, on the device that sentence-transformers chooses.

    Raises
    ------
    ModelError
        When it cannot be loaded. A path that does not exist is never looked for on the hub.
    """
    folder = Path(name).expanduser()
    local = folder.is_dir()
    if not local and (name.startswith((".", "~", "/")) or folder.is_absolute()):
        msg = f"there is no folder {name!r} to load an embedding model from"
        raise ModelError(msg)
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(str(folder) if local else name, local_files_only=local)
    except Exception as error:  # torch, transformers and the hub each raise classes of their own
        msg = (
            f"the embedding model {name!r} cannot be loaded: {error}. Give the path of a "
            "sentence-transformers folder, a name from the hub when it can be reached, or "
            "model='default'"
        )
        raise ModelError(msg) from error
    logger.info("%s: thresholds not calibrated for this model", name)
    return HubEncoder(model=model)
