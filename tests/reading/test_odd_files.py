"""Files that fuzzing found: each once ended with an exception that was not the library's own."""

import zipfile

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from disinfo.errors import ResultError
from disinfo.reading import read_posts
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
