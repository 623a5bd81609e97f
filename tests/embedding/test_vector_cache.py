import logging
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.embedding import vector_cache
from disinfo.embedding.vector_cache import VectorCache


@pytest.fixture
def cache(tmp_path):
    return VectorCache(folder=tmp_path, model_id="model@1/float32")


def _vectors(n, width=8, seed=0):
    return np.random.default_rng(seed).normal(size=(n, width)).astype(np.float32)


def _texts(n):
    return [f"text {at}" for at in range(n)]


def _only_part(cache):
    (part,) = cache.home.iterdir()
    return part


def test_what_was_stored_is_found_bit_for_bit(cache):
    keys, vectors = cache.keys(_texts(50)), _vectors(50)
    cache.store(keys[:30], vectors[:30])
    cache.store(keys[30:45], vectors[30:45])
    found, loaded = cache.load(keys)
    assert found.tolist() == [True] * 45 + [False] * 5
    assert (loaded[:45] == vectors[:45]).all()


@settings(deadline=None, max_examples=100)
@given(st.lists(st.text(), unique=True, max_size=20), st.text())
def test_keys_tell_texts_and_models_apart(texts, other):
    first = VectorCache(folder=".", model_id="a")
    second = VectorCache(folder=".", model_id="a" + other + "b")
    every = np.vstack([first.keys(texts), second.keys(texts)])
    assert len(np.unique(every, axis=0)) == 2 * len(texts)


def test_models_do_not_share_a_folder(cache, tmp_path):
    cache.store(cache.keys(["x"]), _vectors(1))
    other = VectorCache(folder=tmp_path, model_id="model@1/int8")
    assert other.home != cache.home
    assert not other.load(other.keys(["x"]))[0].any()


@pytest.mark.parametrize("byte", range(16, 16 + 3 * (16 + 4 + 32), 5))
def test_a_changed_byte_costs_its_row_only(cache, byte):
    keys, vectors = cache.keys(_texts(3)), _vectors(3)
    cache.store(keys, vectors)
    part = _only_part(cache)
    raw = bytearray(part.read_bytes())
    raw[byte] ^= 0x40
    part.write_bytes(raw)
    found, loaded = cache.load(keys)
    assert (loaded[found] == vectors[found]).all()
    # A changed key breaks the order of keys, which may hide another row, never alter one.
    assert not found.all()
    assert found.any()


@pytest.mark.parametrize("end", [0, 7, 16, 40, -1])
def test_a_cut_part_is_left_aside_and_replaced(cache, caplog, end):
    keys, vectors = cache.keys(_texts(4)), _vectors(4)
    cache.store(keys, vectors)
    part = _only_part(cache)
    part.write_bytes(part.read_bytes()[:end])
    with caplog.at_level(logging.WARNING):
        assert not cache.load(keys)[0].any()
    assert "damaged" in caplog.text
    cache.store(keys, vectors)
    assert cache.load(keys)[0].all()


def test_many_parts_are_joined_without_losing_a_row(cache, monkeypatch):
    monkeypatch.setattr(vector_cache, "_MAX_PARTS", 5)
    keys, vectors = cache.keys(_texts(30)), _vectors(30)
    for at in range(30):
        cache.store(keys[at : at + 1], vectors[at : at + 1])
    assert len(list(cache.home.iterdir())) <= 6
    found, loaded = cache.load(keys)
    assert found.all()
    assert (loaded == vectors).all()


def test_the_oldest_parts_go_when_there_is_too_much(tmp_path):
    cache = VectorCache(folder=tmp_path, model_id="m", max_bytes=3_000)
    keys, vectors = cache.keys(_texts(60)), _vectors(60)
    for at in range(0, 60, 20):
        cache.store(keys[at : at + 20], vectors[at : at + 20])
        for age, part in enumerate(cache._parts()):
            os.utime(part, ns=(10**18 - age * 10**9,) * 2)
    found, _ = cache.load(keys)
    assert found.tolist() == [False] * 20 + [True] * 40


def test_a_folder_that_cannot_be_written_costs_a_warning(tmp_path, caplog):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    cache = VectorCache(folder=tmp_path / "file", model_id="m")
    cache.store(cache.keys(["x"]), _vectors(1))
    assert "vectors were not cached" in caplog.text
    assert not cache.load(cache.keys(["x"]))[0].any()


def test_two_processes_write_at_the_same_time(cache):
    script = (
        "import sys, numpy as np\n"
        "from disinfo.embedding import vector_cache\n"
        "vector_cache._MAX_PARTS = 8\n"
        "folder = vector_cache.Path(sys.argv[1])\n"
        "cache = vector_cache.VectorCache(folder=folder, model_id=sys.argv[2])\n"
        "vectors = np.arange(320, dtype=np.float32).reshape(40, 8)\n"
        "keys = cache.keys([f'text {at}' for at in range(40)])\n"
        "for at in range(40):\n"
        "    cache.store(keys[at:at + 1], vectors[at:at + 1])\n"
        "    found, loaded = cache.load(keys[:at + 1])\n"
        "    assert (loaded[found] == vectors[:at + 1][found]).all()\n"
    )
    command = [sys.executable, "-c", script, str(cache.folder), cache.model_id]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    workers = [subprocess.Popen(command, env=environment) for _ in range(2)]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    keys = cache.keys([f"text {at}" for at in range(40)])
    found, loaded = cache.load(keys)
    assert found.all()
    assert (loaded == np.arange(320, dtype=np.float32).reshape(40, 8)).all()
