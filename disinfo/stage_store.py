"""What finished stages gave, kept on disk so that a run cut short goes on where it stopped.

Each stage has a folder of Parquet and NumPy files with their checksums; it is written under a
temporary name and renamed when it is whole. A stage is known by a key made of everything that it
depends on: what all stages before it gave, its own parameters, and the code. Nothing that was made
from other input, with other parameters or by another version is therefore ever taken.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.metadata
import json
import logging
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.errors import ResultError
from disinfo.folder_lock import folder_lock
from disinfo.saved_frames import read_frame, write_parquet
from disinfo.whole_files import PART, checksum, part_of, storage_errors

logger = logging.getLogger(__name__)

Kept: TypeAlias = pd.DataFrame | NDArray[np.float32]

_CONTENTS = "contents.json"
# Libraries whose version may change the last bits of a figure.
_NUMERIC = ("numpy", "scipy", "pandas", "pyarrow", "scikit-learn", "graspologic-native")


class StageStore:
    """The finished stages of one run.

    Parameters
    ----------
    folder
        Made if it does not exist. One run at a time may use it.

    Notes
    -----
    A stage is read back after it was written, so that a run goes on with the same tables whether
    it made them or found them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.found: list[str] = []
        self._so_far = fingerprint(code_version())
        with storage_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for cut_short in folder.glob(f"*{PART}"):
                shutil.rmtree(cut_short, ignore_errors=True)

    def take_or_make(
        self, stage: str, made_by: str | None, make: Callable[[], Mapping[str, Kept]]
    ) -> dict[str, Kept]:
        """Return what a stage gave: from disk if it is there and sound, else made and kept.

        Parameters
        ----------
        stage
            The stage's name.
        made_by
            A fingerprint of the stage and its parameters; None where that cannot be told (a
            function of the user's), and then the stage is always run.
        make
            Runs the stage.

        Returns
        -------
        dict of str to DataFrame or ndarray
            What the stage gave, by name.

        Raises
        ------
        StorageError
            When the folder cannot be written to.
        """
        key = fingerprint(self._so_far, stage, made_by if made_by is not None else "unknown")
        place = self.folder / f"{stage}-{key}"
        kept = None if made_by is None else _read(place)
        if kept is None:
            with storage_errors(self.folder):
                _write(place, make())
            kept = _read(place)
            if kept is None:
                msg = f"what stage {stage} wrote to {place} could not be read back"
                raise ResultError(msg)
        else:
            self.found.append(stage)
            logger.info("stage %s was finished before: taken from %s", stage, place)
        self._so_far = fingerprint(self._so_far, stage, *_checksums(place))
        return kept

    def clear(self) -> None:
        """Remove everything that was kept."""
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def stage_store(folder: str | os.PathLike[str] | None) -> Iterator[StageStore | None]:
    """Hold a folder and give its store, or None where no folder was named.

    Parameters
    ----------
    folder
        The folder.

    Yields
    ------
    StageStore or None
        The store, while the folder is held.
    """
    if folder is None:
        yield None
        return
    with folder_lock(Path(folder)):
        yield StageStore(Path(folder))


def fingerprint(*parts: str) -> str:
    """Return a short hash of some strings.

    Parameters
    ----------
    parts
        The strings; where one ends and the next begins counts.

    Returns
    -------
    str
        20 hexadecimal digits.

    Examples
    --------
    >>> fingerprint("a", "bc") == fingerprint("ab", "c")
    False
    """
    digest = hashlib.blake2b(digest_size=10)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()


def fingerprint_of_stage(stage: object) -> str | None:
    """Return a fingerprint of a stage's class and parameters.

    Parameters
    ----------
    stage
        A stage, a tuple of functions, or None for a table that the user handed in.

    Returns
    -------
    str or None
        None for a function or class from elsewhere, whose code is not known to be the same.
    """
    parts = []
    for one in stage if isinstance(stage, tuple) else (stage,):
        if one is None:
            return None
        kind = one if hasattr(one, "__qualname__") else type(one)
        if not str(kind.__module__).startswith("disinfo."):
            return None
        # An embedding is more than its parameters: the model behind a name may have changed.
        parts += [kind.__module__, kind.__qualname__, str(getattr(one, "model_id", ""))]
        if dataclasses.is_dataclass(one) and not isinstance(one, type):
            for item in dataclasses.fields(one):
                value = getattr(one, item.name)
                # What a function of the user's does is not seen from outside.
                if item.init and callable(value):
                    return None
                if item.init:
                    parts += [item.name, _described(value)]
    return fingerprint(*parts)


def _described(value: object) -> str:
    """Return a parameter as text; of a file, its content and not its name."""
    if isinstance(value, str | Path) and len(str(value)) < 4096 and Path(value).is_file():
        return checksum(Path(value))
    return repr(value)


@lru_cache(maxsize=1)
def code_version() -> str:
    """Return a fingerprint of this package's code and of the libraries that do its arithmetic.

    Returns
    -------
    str
        The same on any machine that has the same versions.
    """
    package = Path(__file__).parent
    sources = sorted(package.rglob("*.py"))
    parts = [f"{path.relative_to(package)}:{checksum(path)}" for path in sources]
    parts += [f"{name} {importlib.metadata.version(name)}" for name in _NUMERIC]
    return fingerprint(*parts)


def _write(place: Path, parts: Mapping[str, Kept]) -> None:
    temporary = place.with_name(f"{place.name}-{uuid.uuid4().hex[:8]}{PART}")
    temporary.mkdir()
    try:
        contents = {}
        for name, kept in parts.items():
            suffix = "npy" if isinstance(kept, np.ndarray) else "parquet"
            file = temporary / f"{name}.{suffix}"
            with part_of(file) as part:
                if isinstance(kept, np.ndarray):
                    with part.open("wb") as stream:
                        np.save(stream, kept, allow_pickle=False)
                else:
                    write_parquet(kept, part)
            part.replace(file)
            contents[file.name] = checksum(file)
        (temporary / _CONTENTS).write_text(json.dumps(contents), encoding="utf-8")
        shutil.rmtree(place, ignore_errors=True)
        temporary.replace(place)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _read(place: Path) -> dict[str, Kept] | None:
    """Return what a stage gave, or nothing when it is not there or damaged."""
    if not place.is_dir():
        return None
    try:
        contents = json.loads((place / _CONTENTS).read_text(encoding="utf-8"))
        kept: dict[str, Kept] = {}
        for name, expected in contents.items():
            file = place / Path(name).name
            if checksum(file) != expected:
                msg = f"{name} was changed"
                raise ResultError(msg)
            if file.suffix == ".npy":
                kept[file.stem] = np.load(file, allow_pickle=False)
            else:
                kept[file.stem] = read_frame(file)
    except (OSError, ValueError, AttributeError) as error:
        logger.warning("%s is damaged and made again: %s", place, error)
        return None
    return kept


def _checksums(place: Path) -> list[str]:
    contents = json.loads((place / _CONTENTS).read_text(encoding="utf-8"))
    return [f"{name}:{value}" for name, value in sorted(contents.items())]
