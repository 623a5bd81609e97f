"""Building the table of word vectors on the user's machine, once.

The most frequent words of each language (from ``wordfreq``, whose lists are CC BY-SA and are read
here, never shipped) are embedded one by one by the default model, each within a short phrase of its
language: alone, a word says neither what language it is nor that it is part of a post. The mean of
each language's phrases is subtracted; words are brought together with their translations and drawn
towards the nearest words of the pivot languages (`disinfo.embedding.word_geometry`); rows are
rounded to 8 bits. A row's weight is the smooth inverse frequency of its word (Arora et al. 2017)
times how near words of the pivot languages are: what has no counterpart says little across
languages.

The words are embedded part by part. A build that is stopped, by a person or a full disk, goes on
with the first part that is missing.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm.auto import tqdm

from disinfo.embedding.offline_build import BUILD as TEACHER_BUILD
from disinfo.embedding.offline_build import default_model_folder
from disinfo.embedding.onnx_encoder import available_cores, load_onnx_encoder
from disinfo.embedding.package_weights import SHA256
from disinfo.embedding.static_table import (
    BUILD,
    KEYS_FILE,
    MANIFEST_FILE,
    VECTORS_FILE,
    WEIGHTS_FILE,
    configuration,
    open_table,
    table_folder,
    unfinished_folder,
)
from disinfo.embedding.static_words import keys
from disinfo.embedding.word_geometry import (
    centred,
    drawn_together,
    joint_maps,
    mapped,
    rarity_weights,
    trust,
)
from disinfo.errors import MissingExtraError, ModelError
from disinfo.stages import Vectors

logger = logging.getLogger(__name__)

PURPOSE = "building the static embedding model"
# One word has some six tokens; more words at once than posts keep the processor as busy.
_BATCH_TOKENS = 1_024
_CHUNK = 2_048
_STEPS = 127

# What sentence-transformers is told to load the folder with.
MODULE = "disinfo.embedding.static_module.StaticModule"

Teacher = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, kw_only=True)
class Part:
    """Words of one language that are embedded in one go.

    Parameters
    ----------
    name
        File name, with a digest of what is embedded.
    language
        The language.
    texts
        The language's phrase with each word in it.
    """

    name: str
    language: str
    texts: tuple[str, ...]


def build_static(
    *, cache: Path | None = None, progress: bool | None = None, teacher: Teacher | None = None
) -> Path:
    """Build the static model where it is not built yet.

    Parameters
    ----------
    cache
        The cache folder; by default the user's.
    progress
        Show a bar; None shows one in a terminal.
    teacher
        Embeds words; the default model by default.

    Returns
    -------
    Path
        The folder of the table. It also loads in
        ``SentenceTransformer(path, trust_remote_code=True)``.

    Raises
    ------
    MissingExtraError
        When ``wordfreq`` or what the default model needs is not installed.
    ModelError
        When the folder cannot be written, or what is there is damaged.

    Notes
    -----
    Takes some 20 minutes of two cores and 200 MB on disk, four times that while it builds. Fails to
    give a language with another script than Latin and Cyrillic anything better than spelling.

    Examples
    --------
    >>> build_static()  # doctest: +SKIP
    """
    folder = table_folder(cache)
    if folder.exists():
        open_table(folder)  # says what is wrong with it
        return folder
    config = configuration()
    lists = word_lists(config)
    parts = plan(lists, config["carrier"], config["words_per_part"])
    work = unfinished_folder(folder)
    try:
        work.mkdir(parents=True, exist_ok=True)
        _embed_parts(parts, work, teacher or _default_teacher(), progress)
        _finish(lists, parts, work, folder, config)
        shutil.rmtree(work)
    except OSError as error:
        msg = (
            f"cannot write the static embedding model to {folder}: {error}. It needs about 800 MB "
            "while it is built; make room or set DISINFO_CACHE to a folder that can be written, "
            "and start it again: finished parts are kept"
        )
        raise ModelError(msg) from error
    return folder


def word_lists(config: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Return the most frequent words of each language with their frequencies.

    Parameters
    ----------
    config
        The configuration.

    Returns
    -------
    dict of str to dict
        Words with at least one letter, the most frequent first.

    Raises
    ------
    MissingExtraError
        When ``wordfreq`` is not installed.
    """
    try:
        import wordfreq
    except ImportError as error:
        raise MissingExtraError("wordfreq", "static", PURPOSE) from error
    lists = {}
    for language in config["languages"]:
        frequencies = wordfreq.get_frequency_dict(language, wordlist="best")
        ranked = sorted(frequencies.items(), key=lambda entry: (-entry[1], entry[0]))
        lettered = [entry for entry in ranked if any(char.isalpha() for char in entry[0])]
        lists[language] = dict(lettered[: config["words_per_language"]])
    return lists


def plan(
    lists: Mapping[str, Mapping[str, float]], carrier: Mapping[str, str], words_per_part: int
) -> list[Part]:
    """Divide the words into parts, frequent words of all languages first.

    Parameters
    ----------
    lists
        Words by language, the most frequent first.
    carrier
        A phrase for each language, with {} where the word stands.
    words_per_part
        Words of a language in a part at most.

    Returns
    -------
    list of Part
        The parts of a language follow one another in the order of its words.

    Examples
    --------
    >>> lists = {"en": {"a": 0.1, "dog": 0.01}, "pl": {"pies": 0.01}}
    >>> [part.texts for part in plan(lists, {"en": "my {}", "pl": "mój {}"}, 1)]
    [('my a',), ('mój pies',), ('my dog',)]
    """
    parts = []
    for at in range(0, max(map(len, lists.values()), default=0), words_per_part):
        for language, listed in lists.items():
            found = list(listed)[at : at + words_per_part]
            if found:
                texts = tuple(carrier[language].format(word) for word in found)
                digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]
                name = f"{at:06d}-{language}-{digest}.npy"
                parts.append(Part(name=name, language=language, texts=texts))
    return parts


def _default_teacher() -> Teacher:
    encoder = load_onnx_encoder(default_model_folder())

    def embed(listed: Sequence[str]) -> Vectors:
        return encoder(listed, batch_tokens=_BATCH_TOKENS, threads=available_cores())

    return embed


def _embed_parts(
    parts: Sequence[Part], work: Path, teacher: Teacher, progress: bool | None
) -> None:
    """Embed the words of each part that is not there yet."""
    hidden = None if progress is None else not progress
    total = sum(len(part.texts) for part in parts)
    with tqdm(total=total, desc="static model", unit=" words", disable=hidden) as bar:
        for part in parts:
            if (work / part.name).exists():
                bar.update(len(part.texts))
                continue
            chunks = []
            for at in range(0, len(part.texts), _CHUNK):
                chunks.append(teacher(part.texts[at : at + _CHUNK]).astype(np.float16))
                bar.update(len(chunks[-1]))
            # Under another name until it is whole: what is there under its own name is complete.
            unfinished = work / f"{part.name}.writing"
            with unfinished.open("wb") as stream:
                np.save(stream, np.concatenate(chunks), allow_pickle=False)
            unfinished.replace(work / part.name)


def _finish(
    lists: Mapping[str, Mapping[str, float]],
    parts: Sequence[Part],
    work: Path,
    folder: Path,
    config: Mapping[str, Any],
) -> None:
    """Turn the parts into the table and move it into place."""
    # Rows in the order of rank over all languages: what is asked for often lies together.
    entries = sorted(
        (rank, at, language, word)
        for at, (language, listed) in enumerate(lists.items())
        for rank, word in enumerate(listed)
    )
    row_of = {(language, word): row for row, (_, _, language, word) in enumerate(entries)}
    built = work / "table"
    shutil.rmtree(built, ignore_errors=True)
    built.mkdir()
    frequent = {
        language: gather(parts, work, language)[: config["pivot_words"]].copy()
        for language in lists
    }
    maps = joint_maps(frequent, config["pivots"])
    pivots = {name: mapped(frequent[name], maps[name]) for name in config["pivots"]}
    vectors = np.lib.format.open_memmap(
        built / VECTORS_FILE, "w+", np.int8, (len(entries), len(maps[config["pivots"][0]][0]))
    )
    every_key = np.zeros(len(entries), np.uint64)
    weights = np.zeros(len(entries), np.float32)
    for language, listed in lists.items():
        rows = np.array([row_of[language, word] for word in listed], np.int64)
        turned, nearness = drawn_together(
            mapped(gather(parts, work, language), maps[language]),
            [pivot for name, pivot in pivots.items() if name != language],
        )
        steps = np.abs(turned).max(axis=1) / _STEPS
        vectors[rows] = np.rint(turned / steps[:, None]).astype(np.int8)
        every_key[rows] = keys(list(listed), language)
        rarity = rarity_weights(np.array([*listed.values()]), config)
        weights[rows] = steps * rarity * trust(nearness, config)
    vectors.flush()
    np.save(built / KEYS_FILE, every_key, allow_pickle=False)
    np.save(built / WEIGHTS_FILE, weights, allow_pickle=False)
    modules = [{"idx": 0, "name": "0", "path": "", "type": MODULE}]
    (built / "modules.json").write_text(json.dumps(modules) + "\n", encoding="utf-8")
    _write_manifest(built, lists, config)
    built.rename(folder)


def gather(parts: Sequence[Part], work: Path, language: str) -> NDArray[np.float32]:
    """Return the centred vectors of the words of one language.

    Parameters
    ----------
    parts
        The plan.
    work
        Where the parts lie.
    language
        A language of the plan.

    Returns
    -------
    ndarray of shape (n, d), float32
        Unit rows, in the order of the words.
    """
    own = [part.name for part in parts if part.language == language]
    loaded = [np.load(work / name, allow_pickle=False) for name in own]
    return centred(np.concatenate(loaded).astype(np.float32))


def _write_manifest(
    built: Path, lists: Mapping[str, Mapping[str, float]], config: Mapping[str, Any]
) -> None:
    facts = {"build": BUILD, "teacher": f"{SHA256}/{TEACHER_BUILD}", "config": dict(config)}
    identity = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
    for language, listed in lists.items():
        identity.update("\n".join([language, *listed]).encode())
    manifest = {
        "model_id": f"static@{identity.hexdigest()[:12]}/int8",
        "languages": list(lists),
        "words": {language: len(listed) for language, listed in lists.items()},
        "word_lists": f"wordfreq {version('wordfreq')} (CC BY-SA 4.0, built here, not shipped)",
        **facts,
        "files": {
            path.name: {
                "bytes": path.stat().st_size,
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
            for path in sorted(built.iterdir())
        },
    }
    text = json.dumps(manifest, indent=1) + "\n"
    (built / MANIFEST_FILE).write_text(text, encoding="utf-8")
