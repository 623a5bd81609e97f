"""Files that fuzzing found: each once ended with an exception that was not the library's own."""

import json
import zipfile

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from disinfo.errors import InputError, ResultError
from disinfo.reading import read_parts, read_posts
from disinfo.saved_frames import read_frame


def test_of_two_columns_that_mean_the_same_the_first_is_taken(tmp_path):
    file = tmp_path / "posts.csv"
    rows = {"id": ["1"], "text": ["Hello there"], "author": ["anna"]}
    stamp = {"timestamp": ["2025-05-01 08:00:07"], "unix_timestamp": ["1746086407"]}
    more = {"thread_id": ["1"], "link": ["https://x.com/a"], "url": ["https://x.com/b"]}
    pd.DataFrame(rows | stamp | more | {"author_id": ["10"], "body": ["Hello"]}).to_csv(
        file, index=False
    )
    posts = read_posts(file, format="4cat")
    assert len(posts.table) == 1
    assert any("the first is taken" in note for note in posts.notes)


def test_a_zip_member_without_a_name_is_passed_over(tmp_path):
    file = tmp_path / "posts.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("qqqqqqqq", "x")
        archive.writestr("posts.csv", "account_id,created_at,text\na,2025-05-01,Hello there\n")
    file.write_bytes(file.read_bytes().replace(b"qqqqqqqq", b"\0qqqqqqq"))
    assert len(read_posts(file).table) == 1


def test_a_column_name_that_is_no_text_is_a_damaged_file(tmp_path):
    file = tmp_path / "links.parquet"
    pq.write_table(pa.table({"abcdefgh": [1, 2]}), file)
    file.write_bytes(file.read_bytes().replace(b"abcdefgh", b"abcdefg\xd3"))
    with pytest.raises(ResultError, match="not a sound Parquet file"):
        read_frame(file)


def test_bytes_of_a_parquet_text_that_are_no_utf8_are_replaced_and_counted(tmp_path):
    file = tmp_path / "posts.parquet"
    rows = {"account_id": ["anna", "bert"], "created_at": ["2025-05-01"] * 2}
    table = pa.table(rows | {"text": ["Good morning XYZ", "Nothing odd here \ufffd"]})
    pq.write_table(table, file, compression="none", use_dictionary=False)
    file.write_bytes(file.read_bytes().replace(b"XYZ", b"X\xf3Z"))
    posts = read_posts(file)
    assert set(posts.table["text"]) == {"Good morning X\ufffdZ", "Nothing odd here \ufffd"}
    counted = posts.dropped.set_index("reason")["n"]
    assert counted["broken bytes: replaced by U+FFFD"] == 1
    with pytest.raises(ResultError, match="not a sound Parquet file"):
        read_frame(file)


def test_a_zip_of_a_version_that_does_not_exist_is_a_damaged_file(tmp_path):
    file = tmp_path / "posts.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("posts.csv", "account_id,created_at,text\na,2025-05-01,Hello there\n")
    data = bytearray(file.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 6] = 113
    file.write_bytes(data)
    with pytest.raises(InputError, match="damaged zip archive"):
        read_posts(file)


@pytest.mark.parametrize("zone", ["UTK", "Europe/Warsaw", "../../etc/passwd", "+99:99"])
def test_times_of_a_parquet_file_are_moments_whatever_its_zone_is_called(zone, tmp_path):
    file = tmp_path / "posts.parquet"
    noon = pa.array([1746100800, None], pa.timestamp("s", zone))
    rows = {"account_id": ["anna", "bert"], "text": ["Good morning to all", "Good night to all"]}
    pq.write_table(pa.table(rows | {"created_at": noon}), file)
    moment = pd.Timestamp("2025-05-01T12:00Z")
    assert read_posts(file).table["created_at"].dropna().tolist() == [moment]
    assert read_frame(file)["created_at"].dropna().tolist() == [moment]


def test_an_unknown_zone_within_a_record_is_a_damaged_file(tmp_path):
    file = tmp_path / "posts.parquet"
    record = pa.array([{"at": 0}], pa.struct([("at", pa.timestamp("s", "UTK"))]))
    pq.write_table(pa.table({"account_id": ["anna"], "text": ["Hello"], "times": record}), file)
    with pytest.raises(ResultError, match="not a sound Parquet file"):
        read_frame(file)
    with pytest.raises(InputError, match="damaged Parquet file"):
        read_posts(file)


def test_an_id_made_for_a_further_object_is_never_one_that_was_given(tmp_path):
    twice = [("x", "a", "o1"), ("x", "a", "o2"), ("x#2", "b", "o3")]
    rows = [
        {
            "post_id": post,
            "account_id": who,
            "created_at": "2025-05-01T10:00:00Z",
            "object_id": thing,
        }
        for post, who, thing in twice
    ]
    table = read_posts(rows).table
    assert sorted(table["post_id"]) == ["x", "x##2", "x#2"]
    assert table.set_index("post_id")["object_id"].to_dict() == {
        "x": "o1",
        "x##2": "o2",
        "x#2": "o3",
    }
    source = tmp_path / "rows.jsonl"
    source.write_text("\n".join(json.dumps(row) for row in rows[::-1]))
    parts = read_parts(source, tmp_path / "parts", part_rows=1)
    read = pd.concat([pd.read_parquet(file) for file in parts.files])
    assert sorted(read["post_id"]) == ["x", "x##2", "x#2"]
