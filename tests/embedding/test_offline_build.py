import json
import logging
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from disinfo.embedding import offline_build
from disinfo.embedding.offline_build import ONNX_FILE, default_model_folder
from disinfo.errors import MissingExtraError, ModelError


def test_a_built_folder_is_complete_and_used_again(tiny_build, monkeypatch, caplog):
    with caplog.at_level(logging.INFO):
        folder = default_model_folder(tiny_build)
    assert "rebuilding multilingual-e5-small" in caplog.text
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {"modules.json", "model.safetensors", "tokenizer.json", ONNX_FILE} <= set(
        manifest["files"]
    )
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]

    monkeypatch.setattr(offline_build, "find_packed_file", lambda: pytest.fail("built twice"))
    assert default_model_folder(tiny_build) == folder


@pytest.mark.parametrize("name", [ONNX_FILE, "tokenizer.json", "model.safetensors"])
def test_a_cut_file_is_built_again(tiny_build, name):
    folder = default_model_folder(tiny_build)
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: len(whole) // 2])
    assert default_model_folder(tiny_build) == folder
    assert len((folder / name).read_bytes()) == len(whole)


def test_a_changed_byte_in_a_served_file_is_found(tiny_build):
    folder = default_model_folder(tiny_build)
    whole = bytearray((folder / ONNX_FILE).read_bytes())
    whole[len(whole) // 2] ^= 1
    (folder / ONNX_FILE).write_bytes(whole)
    default_model_folder(tiny_build)
    assert (folder / ONNX_FILE).read_bytes() != bytes(whole)


@pytest.mark.parametrize("manifest", [None, "", "[]", '{"files": 3}', '{"model": "x"}'])
def test_a_folder_without_a_sound_manifest_is_built_again(tiny_build, manifest):
    folder = default_model_folder(tiny_build)
    (folder / "manifest.json").unlink()
    if manifest is not None:
        (folder / "manifest.json").write_text(manifest, encoding="utf-8")
    default_model_folder(tiny_build)
    assert "files" in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def test_builders_at_the_same_time_leave_one_sound_folder(tiny_build):
    with ThreadPoolExecutor(4) as pool:
        folders = set(pool.map(lambda _: default_model_folder(tiny_build), range(4)))
    assert len(folders) == 1
    assert offline_build._problem(folders.pop()) is None


def test_an_interrupted_build_leaves_nothing_in_place(tiny_build, monkeypatch):
    def stop(model, path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(offline_build, "_save_weights", stop)
    with pytest.raises(ModelError, match=r"No space left.*DISINFO_CACHE"):
        default_model_folder(tiny_build)
    assert not list((tiny_build / "models").iterdir())


def test_a_place_that_cannot_be_written_is_named(tiny_build):
    tiny_build.write_text("a file where a folder belongs", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot write the default embedding model to"):
        default_model_folder(tiny_build)


def test_a_missing_onnx_names_the_extra(tiny_build, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(MissingExtraError, match=r"disinfo\[offline\]"):
        default_model_folder(tiny_build)
    assert not list((tiny_build / "models").iterdir())
