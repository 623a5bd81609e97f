import struct

import numpy as np
import pytest

from disinfo.embedding import SentenceEmbedding, default_model_folder, offline_build
from disinfo.embedding.package_weights import parse_packed

HIDDEN, LAYERS, HEADS, WIDE = 64, 2, 2, 128
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁the", "▁dog", "▁cat", "s", "e", "<mask>"]
MATRICES = {"q": HIDDEN, "k": HIDDEN, "v": HIDDEN, "ao": HIDDEN, "fi": HIDDEN, "fo": WIDE}


def _tensors(random):
    """Names, packed or not, and values of a tiny encoder."""
    yield "emb.word", True, random.normal(0, 1, len(PIECES) * HIDDEN)
    yield "emb.pos", False, random.normal(0, 0.3, 512 * HIDDEN)
    yield "emb.type", False, random.normal(0, 0.3, 2 * HIDDEN)
    for name in (
        "emb.ln",
        *(f"l{layer}.{norm}" for layer in range(LAYERS) for norm in ("aln", "oln")),
    ):
        yield f"{name}.w", False, random.normal(1, 0.1, HIDDEN)
        yield f"{name}.b", False, random.normal(0, 0.1, HIDDEN)
    for layer in range(LAYERS):
        for part, inputs in MATRICES.items():
            outputs = WIDE if part == "fi" else HIDDEN
            yield f"l{layer}.{part}.w", True, random.normal(0, 0.2, outputs * inputs)
            yield f"l{layer}.{part}.b", False, random.normal(0, 0.5, outputs)


def _pack_blocks(values):
    blocks = values.reshape(-1, 32)
    scales = (np.abs(blocks).max(axis=1, keepdims=True) / 7).astype(np.float16)
    whole = np.clip(np.rint(blocks / scales), -8, 7).astype(np.int64) + 8
    halves = (whole[:, :16] | (whole[:, 16:] << 4)).astype(np.uint8)
    return b"".join(s.tobytes() + h.tobytes() for s, h in zip(scales, halves, strict=True))


def pack_tiny():
    """Write the packed file of a tiny encoder, following the layout independently of the reader."""
    text = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, text)])
    scores = [0.0 if piece.startswith("<") else -float(at) for at, piece in enumerate(PIECES)]
    head = b"E5S1" + struct.pack("<I", 1)
    head += struct.pack("<7i", HIDDEN, LAYERS, HEADS, WIDE, len(PIECES), 512, 2)
    head += struct.pack("<fi", 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(offsets[-1]))
    head += offsets.astype("<u4").tobytes() + np.array(scores, "<f4").tobytes() + b"".join(text)
    mapping = struct.pack("<IB2I", 0x133, 2, ord("i"), ord("j"))
    head += struct.pack("<iI", 1, len(mapping)) + mapping
    tensors = [
        (
            name,
            packed,
            _pack_blocks(values) if packed else values.astype("<f4").tobytes(),
            values.size,
        )
        for name, packed, values in _tensors(np.random.default_rng(7))
    ]
    start = len(head) + 4 + sum(2 + len(name) + 21 for name, *_ in tensors)
    directory, body = struct.pack("<i", len(tensors)), b""
    for name, packed, raw, size in tensors:
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", 1 if packed else 0, size, start + len(body), len(raw))
        body += raw
    return head + directory + body


@pytest.fixture(scope="session")
def tiny_bytes():
    return pack_tiny()


@pytest.fixture(scope="session")
def tiny_model(tiny_bytes):
    return parse_packed(tiny_bytes)


@pytest.fixture
def tiny_build(tiny_model, tmp_path, monkeypatch):
    """Make the default model a tiny one, so that building it takes no time."""
    monkeypatch.setattr(offline_build, "find_packed_file", lambda: tmp_path / "unused")
    monkeypatch.setattr(offline_build, "read_packed_file", lambda path: tiny_model)
    return tmp_path / "cache"


@pytest.fixture(scope="session")
def default_folder():
    """The real default model, from the user's cache: built once a machine."""
    return default_model_folder()


@pytest.fixture(scope="session")
def embedding(default_folder):
    return SentenceEmbedding(cache_dir=False)
