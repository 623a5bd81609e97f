from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile

import pytest
import zstandard

from disinfo.errors import FormatError, InputError
from disinfo.reading import read_posts

N = 8000
LINES = b"".join(b'{"id": "%d", "text": "post %d"}\n' % (n, n) for n in range(N))


def bzip(data):
    # Small blocks, of which some are whole before a cut.
    return bz2.compress(data, 1)


def zstd(data):
    # As a stream: without the size in front.
    stream = zstandard.ZstdCompressor().compressobj()
    return stream.compress(data) + stream.flush()


def wide_zstd(data):
    """Return a frame that asks for the window of the Pushshift dumps, 2^31, with one raw block."""
    window = (31 - 10) << 3
    block = (1 | len(data) << 3).to_bytes(3, "little")
    return b"\x28\xb5\x2f\xfd" + bytes([0, window]) + block + data


PACKINGS = {"gz": gzip.compress, "bz2": bzip, "xz": lzma.compress, "zst": zstd}
every_packing = pytest.mark.parametrize("ending", PACKINGS)


def count(posts, word):
    rows = posts.dropped[posts.dropped["reason"].str.contains(word)]
    return int(rows["n"].sum())


@every_packing
def test_packed_files(tmp_path, ending):
    # The ending says nothing: the first bytes do.
    path = tmp_path / "posts.dat"
    path.write_bytes(PACKINGS[ending](LINES))
    posts = read_posts(path)
    assert len(posts) == posts.n_read == N
    assert posts.dropped["n"][posts.dropped["reason"].str.contains("left out")].sum() == 0


def test_the_window_of_the_pushshift_dumps(tmp_path):
    packed = wide_zstd(LINES[:100_000].rpartition(b"\n")[0])
    with pytest.raises(zstandard.ZstdError):
        zstandard.ZstdDecompressor().decompressobj().decompress(packed)
    (tmp_path / "RC_2025-05.zst").write_bytes(packed)
    assert len(read_posts(tmp_path / "RC_2025-05.zst")) > 2000


@every_packing
def test_a_packed_file_that_is_cut_is_read_up_to_the_cut(tmp_path, ending):
    packed = PACKINGS[ending](LINES)
    (tmp_path / "posts.dat").write_bytes(packed[: -len(packed) // 4])
    (tmp_path / "whole.ndjson").write_bytes(LINES[:40])
    posts = read_posts(tmp_path)
    assert count(posts, "damaged") == 1
    assert 0 < len(posts) < N


@every_packing
def test_a_small_file_that_holds_a_large_one(tmp_path, ending):
    bomb = b'{"text": "x"}\n' * 400_000
    (tmp_path / "posts.dat").write_bytes(PACKINGS[ending](bomb))
    with pytest.raises(InputError, match="max_bytes"):
        read_posts(tmp_path / "posts.dat", max_bytes=1_000_000)


def test_frames_of_zstd_in_a_row(tmp_path):
    half = LINES.index(b"\n", len(LINES) // 2) + 1
    (tmp_path / "posts.zst").write_bytes(zstd(LINES[:half]) + zstd(LINES[half:]))
    assert len(read_posts(tmp_path / "posts.zst")) == N


def test_archives(tmp_path):
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.writestr("posts.ndjson", LINES)
    assert len(read_posts(tmp_path / "one.zip")) == N
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        archive.writestr("b.csv", "id,text\nb,two\n")
        archive.writestr("in/a.ndjson.gz", gzip.compress(b'{"id": "a", "text": "one"}\n'))
        archive.writestr("__MACOSX/b.csv", "id,text\nc,three\n")
        archive.writestr(".hidden", "id,text\nd,four\n")
        archive.writestr("readme.txt", "Nothing, here.")
    posts = read_posts(tmp_path / "many.zip")
    assert posts.table["post_id"].tolist() == ["b", "a"]
    assert count(posts, "file of the folder") == 1
    assert len(read_posts(tmp_path)) == N + 2


def test_archives_that_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "sheet.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
    with pytest.raises(FormatError, match="spreadsheet"):
        read_posts(tmp_path / "sheet.xlsx")
    with zipfile.ZipFile(tmp_path / "inner.zip", "w") as archive:
        archive.write(tmp_path / "sheet.xlsx", "deep.zip")
    with pytest.raises(FormatError, match="inside an archive"):
        read_posts(tmp_path / "inner.zip")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    with pytest.raises(InputError):
        read_posts(tmp_path / "empty.zip")
    raw = bytearray((tmp_path / "inner.zip").read_bytes())
    raw[40:60] = b"x" * 20
    (tmp_path / "broken.zip").write_bytes(raw)
    with pytest.raises(InputError):
        read_posts(tmp_path / "broken.zip")


def test_a_broken_block_inside_an_archive(tmp_path):
    with zipfile.ZipFile(tmp_path / "p.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("posts.ndjson", LINES)
    raw = bytearray((tmp_path / "p.zip").read_bytes())
    middle = len(raw) // 2
    raw[middle : middle + 50] = b"\xff" * 50
    (tmp_path / "p.zip").write_bytes(raw)
    try:
        posts = read_posts(tmp_path / "p.zip")
    except InputError:
        return
    assert count(posts, "damaged") == 1
