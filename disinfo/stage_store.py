"""What finished stages gave, kept on disk so that a run cut short goes on where it stopped.

Each stage has a folder of Parquet and NumPy files with their checksums; it is written under a
temporary name and renamed when it is whole. A stage is known by a key made of everything that it
depends on: what all stages before it gave, its own parameters, and the code. Nothing that was made
from other input, with other parameters or by another version is therefore ever taken.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.errors import ResultError
from disinfo.fingerprints import code_version, fingerprint
from disinfo.folder_lock import folder_lock
from disinfo.saved_frames import read_frame, write_parquet
from disinfo.whole_files import PART, checksum, part_of, storage_errors

logger = logging.getLogger(__name__)

Kept: TypeAlias = pd.DataFrame | NDArray[np.float32]

_CONTENTS = "contents.json"


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
