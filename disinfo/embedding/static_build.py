"""Building the table of word vectors on the user's machine, once.

The most frequent words of each language (from ``wordfreq``, whose lists are CC BY-SA and are read
here, never shipped) are embedded one by one by the default model. The mean of each language's
words is subtracted, so that a word and its translation come to lie close together; the spectrum of
all words is flattened; each word is drawn towards the English words nearest to it; rows are rounded
to 8 bits. A row's weight is the smooth inverse frequency
of its word (Arora et al. 2017).

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
from disinfo.embedding.offline_build import PROMPT, default_model_folder
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
    rarity_weights,
    spectrum_map,
    unit,
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
    """Words that are embedded in one go.

    Parameters
    ----------
    name
        File name, with a digest of the words.
    words
        Words that no earlier part has.
    """

    name: str
    words: tuple[str, ...]


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
    Takes some 15 minutes of one core and 100 MB on disk, three times that while it builds. Fails to
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
    parts = plan(lists, config["words_per_part"])
    work = unfinished_folder(folder)
    try:
        work.mkdir(parents=True, exist_ok=True)
        _embed_parts(parts, work, teacher or _default_teacher(), progress)
        _finish(lists, parts, work, folder, config)
        shutil.rmtree(work)
    except OSError as error:
        msg = (
            f"cannot write the static embedding model to {folder}: {error}. It needs about 300 MB "
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


def plan(lists: Mapping[str, Mapping[str, float]], words_per_part: int) -> list[Part]:
    """Divide the words into parts, frequent words of all languages first.

    Parameters
    ----------
    lists
        Words by language, the most frequent first.
    words_per_part
        Words of a language in a part at most.

    Returns
    -------
    list of Part
        A word that several languages share is in one part only.

    Examples
    --------
    >>> lists = {"en": {"a": 0.1, "dog": 0.01}, "pl": {"a": 0.1, "pies": 0.01}}
    >>> [part.words for part in plan(lists, 1)]
    [('a',), ('dog',), ('pies',)]
    """
    seen: set[str] = set()
    parts = []
    ranked = {language: list(entries) for language, entries in lists.items()}
    for at in range(0, max(map(len, ranked.values()), default=0), words_per_part):
        for language, listed in ranked.items():
            new = tuple(word for word in listed[at : at + words_per_part] if word not in seen)
            seen.update(new)
            if new:
                digest = hashlib.sha256("\n".join(new).encode()).hexdigest()[:12]
                parts.append(Part(name=f"{at:06d}-{language}-{digest}.npy", words=new))
    return parts


def _default_teacher() -> Teacher:
    encoder = load_onnx_encoder(default_model_folder())

    def embed(listed: Sequence[str]) -> Vectors:
        return encoder(
            [PROMPT + word for word in listed],
            batch_tokens=_BATCH_TOKENS,
            threads=available_cores(),
        )

    return embed


def _embed_parts(
    parts: Sequence[Part], work: Path, teacher: Teacher, progress: bool | None
) -> None:
    """Embed the words of each part that is not there yet."""
    hidden = None if progress is None else not progress
    total = sum(len(part.words) for part in parts)
    with tqdm(total=total, desc="static model", unit=" words", disable=hidden) as bar:
        for part in parts:
            if (work / part.name).exists():
                bar.update(len(part.words))
                continue
            chunks = []
            for at in range(0, len(part.words), _CHUNK):
                chunks.append(teacher(part.words[at : at + _CHUNK]).astype(np.float16))
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
    raw = [np.load(work / part.name, mmap_mode="r", allow_pickle=False) for part in parts]
    place = {
        word: (number, row)
        for number, part in enumerate(parts)
        for row, word in enumerate(part.words)
    }
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
    vectors = np.lib.format.open_memmap(
        built / VECTORS_FILE, "w+", np.int8, (len(entries), raw[0].shape[1])
    )
    every_key = np.zeros(len(entries), np.uint64)
    weights = np.zeros(len(entries), np.float32)
    rotation = spectrum_map((gather(raw, place, listed) for listed in lists.values()), config)
    first = gather(raw, place, lists[config["languages"][0]])
    pivot = unit(centred(first) @ rotation)[: config["pivot_words"]]
    for language, listed in lists.items():
        rows = np.array([row_of[language, word] for word in listed], np.int64)
        turned = drawn_together(unit(centred(gather(raw, place, listed)) @ rotation), pivot)
        steps = np.abs(turned).max(axis=1) / _STEPS
        vectors[rows] = np.rint(turned / steps[:, None]).astype(np.int8)
        every_key[rows] = keys(list(listed), language)
        weights[rows] = steps * rarity_weights(np.array([*listed.values()]), config)
    vectors.flush()
    np.save(built / KEYS_FILE, every_key, allow_pickle=False)
    np.save(built / WEIGHTS_FILE, weights, allow_pickle=False)
    modules = [{"idx": 0, "name": "0", "path": "", "type": MODULE}]
    (built / "modules.json").write_text(json.dumps(modules) + "\n", encoding="utf-8")
    _write_manifest(built, lists, config)
    built.rename(folder)


def gather(
    raw: Sequence[NDArray[np.float16]],
    place: Mapping[str, tuple[int, int]],
    listed: Mapping[str, float],
) -> NDArray[np.float32]:
    """Return the teacher's vectors of the words of one language, shape (n, d)."""
    where = np.array([place[word] for word in listed], np.int64)
    vectors = np.empty((len(where), raw[0].shape[1]), np.float32)
    for number in np.unique(where[:, 0]).tolist():
        own = where[:, 0] == number
        vectors[own] = raw[number][where[own, 1]]
    return vectors


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
