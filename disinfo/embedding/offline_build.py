"""Rebuilding the default model on the user's machine, once.

The folder that comes out is a sentence-transformers model (float32 weights, tokenizer, mean
pooling, default prompt "query: ") with an int8 ONNX file beside it, which is what this library
runs. It is built next to its final place and moved there in one step; the manifest is part of
what is moved, so a folder without one, or with files that do not fit it, is never used.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from disinfo.embedding.onnx_graph import encoder_graph
from disinfo.embedding.package_weights import (
    FILE_NAME,
    PACKAGE,
    PACKAGE_VERSION,
    PURPOSE,
    SHA256,
    PackedModel,
    find_packed_file,
    read_packed_file,
)
from disinfo.embedding.unigram_tokenizer import MAX_TOKENS, unigram_tokenizer
from disinfo.embedding.user_cache import user_cache
from disinfo.errors import MissingExtraError, ModelError

logger = logging.getLogger(__name__)

# Raise this whenever the files would come out differently: it is part of the model's identity.
BUILD = 1
PROMPT = "query: "
ONNX_FILE = "encoder-int8.onnx"
TOKENIZER_FILE = "tokenizer.json"
MANIFEST_FILE = "manifest.json"
# What this library reads itself; the rest is for sentence-transformers and checked by size.
_SERVED = (ONNX_FILE, TOKENIZER_FILE)
_STALE_SECONDS = 24 * 3600
_ATTEMPTS = 3

_HUB_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_HUB_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def default_model_folder(cache: Path | None = None) -> Path:
    """Return the folder of the default model, building it when it is absent or damaged.

    The folder also loads in ``SentenceTransformer(path)``, with float32 weights.

    Parameters
    ----------
    cache
        The cache folder; by default the user's.

    Returns
    -------
    Path
        The folder, checked: sizes of all files, checksums of the ones that this library reads.

    Raises
    ------
    MissingExtraError
        When it must be built and the ``offline`` extra is not installed.
    ModelError
        When the packed weights are not the pinned ones, or the folder cannot be written.

    Examples
    --------
    >>> from sentence_transformers import SentenceTransformer  # doctest: +SKIP
    >>> SentenceTransformer(str(default_model_folder()))  # doctest: +SKIP
    """
    folder = (cache or user_cache()) / "models" / f"multilingual-e5-small-{SHA256[:12]}-{BUILD}"
    if _problem(folder) is None:
        return folder
    packed = find_packed_file()
    logger.info(
        "rebuilding multilingual-e5-small (MIT, weights packed to 4 bits by %s %s) in %s; "
        "this happens once and takes about 650 MB and a minute",
        PACKAGE,
        PACKAGE_VERSION,
        folder,
    )
    started = time.monotonic()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _remove_stale(folder.parent)
        work = Path(tempfile.mkdtemp(prefix=".building-", dir=folder.parent))
        try:
            _write_folder(read_packed_file(packed), work)
            _move_into_place(work, folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        msg = (
            f"cannot write the default embedding model to {folder}: {error}. It needs about "
            "650 MB; set DISINFO_CACHE to a folder with room that can be written"
        )
        raise ModelError(msg) from error
    logger.info("built the default embedding model in %.0f s", time.monotonic() - started)
    return folder


def _problem(folder: Path) -> str | None:
    """Say what is wrong with a built folder, or nothing."""
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        for name, facts in manifest["files"].items():
            if (folder / name).stat().st_size != facts["bytes"]:
                return f"{name} has another size than when it was built"
            if name in _SERVED and _sha256(folder / name) != facts["sha256"]:
                return f"{name} has other bytes than when it was built"
    except FileNotFoundError as error:
        return f"no {error.filename}"
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return f"the manifest cannot be read ({error})"
    return None


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _remove_stale(parent: Path) -> None:
    """Remove what killed builds left behind; a live build is younger."""
    for left in [*parent.glob(".building-*"), *parent.glob(".damaged-*")]:
        try:
            old = time.time() - left.stat().st_mtime > _STALE_SECONDS
        except FileNotFoundError:
            continue
        if old:
            shutil.rmtree(left, ignore_errors=True)


def _move_into_place(work: Path, folder: Path) -> None:
    """Rename the finished folder; when another process was faster and its folder is sound, stop."""
    for _ in range(_ATTEMPTS):
        problem = _problem(folder)
        if problem is None:
            return
        if folder.exists():
            logger.warning("the model folder %s is damaged (%s); replacing it", folder, problem)
            _set_aside(folder)
        try:
            work.rename(folder)
        except OSError:
            if not folder.exists():
                raise
        else:
            return
    if _problem(folder) is not None:
        msg = f"the damaged model folder {folder} cannot be replaced; remove it by hand"
        raise ModelError(msg)


def _set_aside(folder: Path) -> None:
    aside = Path(tempfile.mkdtemp(prefix=".damaged-", dir=folder.parent))
    try:
        folder.rename(aside / folder.name)
    except FileNotFoundError:
        logger.debug("another process moved %s first", folder)
    shutil.rmtree(aside, ignore_errors=True)


def _write_folder(model: PackedModel, folder: Path) -> None:
    """Write all files of the model, the manifest last."""
    _save_onnx(encoder_graph(model), folder / ONNX_FILE)
    unigram_tokenizer(model).save(str(folder / TOKENIZER_FILE))
    _save_weights(model, folder / "model.safetensors")
    for name, content in _configuration(model).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = {
        "model": "multilingual-e5-small",
        "source": f"{PACKAGE}=={PACKAGE_VERSION} {FILE_NAME}",
        "source_sha256": SHA256,
        "build": BUILD,
        "files": {
            path.relative_to(folder).as_posix(): {
                "bytes": path.stat().st_size,
                "sha256": _sha256(path),
            }
            for path in files
        },
    }
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    # A crash of the machine after the rename must not leave empty files behind.
    for path in [*files, folder / MANIFEST_FILE]:
        with path.open("rb+") as stream:
            os.fsync(stream.fileno())


def _save_onnx(graph: Any, path: Path) -> None:
    path.write_bytes(graph.SerializeToString())


def _save_weights(model: PackedModel, path: Path) -> None:
    try:
        from safetensors.numpy import save_file
    except ImportError as error:
        raise MissingExtraError("safetensors", "offline", PURPOSE) from error
    save_file(_hub_weights(model), str(path), metadata={"format": "pt"})


def _hub_weights(model: PackedModel) -> dict[str, NDArray[np.float32]]:
    """Return float32 weights under the names that transformers gives a BertModel."""
    size = model.hidden
    weights = {}
    for name in model.tensors:
        hub_name = _HUB_NAMES.get(name) or _hub_layer_name(name)
        inputs = model.feed_forward if name.endswith("fo.w") else size
        matrix = name in ("emb.word", "emb.pos", "emb.type") or (
            name.endswith(".w") and "ln." not in name
        )
        weights[hub_name] = model.matrix(name, inputs=inputs) if matrix else model.vector(name)
    # The packed file leaves the pooler out, which mean pooling never uses.
    weights["pooler.dense.weight"] = np.zeros((size, size), np.float32)
    weights["pooler.dense.bias"] = np.zeros(size, np.float32)
    return weights


def _hub_layer_name(name: str) -> str:
    layer, part, kind = name.split(".")
    suffix = "weight" if kind == "w" else "bias"
    return f"encoder.layer.{layer[1:]}.{_HUB_LAYER_NAMES[part]}.{suffix}"


def _configuration(model: PackedModel) -> dict[str, Any]:
    """Return the small JSON files of a sentence-transformers folder."""
    base = "sentence_transformers.models"
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": model.hidden,
            "intermediate_size": model.feed_forward,
            "layer_norm_eps": model.epsilon,
            "max_position_embeddings": model.positions,
            "num_attention_heads": model.heads,
            "num_hidden_layers": model.layers,
            "pad_token_id": model.pad,
            "type_vocab_size": model.token_types,
            "vocab_size": model.vocabulary,
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            "bos_token": "<s>",
            "eos_token": "</s>",
            "cls_token": "<s>",
            "sep_token": "</s>",
            "unk_token": "<unk>",
            "pad_token": "<pad>",
            "mask_token": "<mask>",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{base}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{base}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{base}.Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": PROMPT, "passage": "passage: "},
            "default_prompt_name": "query",
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": model.hidden,
            "pooling_mode_mean_tokens": True,
        },
        "2_Normalize/config.json": {},
    }
