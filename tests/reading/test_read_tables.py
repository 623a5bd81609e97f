from __future__ import annotations

import gzip

import numpy as np
import pandas as pd
import pytest

from disinfo.errors import InputError, ParameterError, SchemaError
from disinfo.reading import Posts, read_posts
from disinfo.tables import DROPPED, POSTS

NOW = "2026-01-01"
HEADER = "post_id,account_id,text,created_at\n"


def write(folder, content, name="posts.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def reasons(posts):
    return dict(zip(posts.dropped["reason"], posts.dropped["n"], strict=True))


def count(posts, word):
    return sum(n for reason, n in reasons(posts).items() if word in reason)


def test_a_plain_csv(tmp_path):
    path = write(
        tmp_path, HEADER + '2,b,"One, two",2025-05-01T10:00:00Z\n1,a,#Tag @Me x,2025-05-02\n'
    )
    posts = read_posts(path, now=NOW)
    assert posts.table["post_id"].tolist() == ["2", "1"]
    assert posts.table["text"].tolist() == ["One, two", "#Tag @Me x"]
    assert posts.table["hashtags"].tolist() == [[], ["tag"]]
    assert posts.table["mentions"].tolist() == [[], ["me"]]
    assert posts.table["created_at"][0] == pd.Timestamp("2025-05-01T10:00:00Z")
    assert posts.notes == ("times without a zone were taken as UTC",)
    assert (posts.n_read, len(posts), posts.format) == (2, 2, "generic")
    assert posts.dropped.empty
    POSTS.check(posts.table)
    DROPPED.check(posts.dropped)
    assert read_posts(posts) is posts


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiters_and_encodings(tmp_path, delimiter, encoding):
    rows = [["id", "author", "body"], ["1", "anna", "Zażółć, raz; dwa"], ["2", "bo", "x"]]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    posts = read_posts(write(tmp_path, text.encode(encoding)))
    assert posts.table["text"].tolist() == ["Zażółć, raz; dwa", "x"]
    assert posts.table["account_id"].tolist() == ["anna", "bo"]


@pytest.mark.parametrize("content", ["", "\ufeff", "\n\n", HEADER])
def test_nothing_in_gives_nothing_out(tmp_path, content):
    posts = read_posts(write(tmp_path, content))
    assert len(posts) == 0
    assert posts.n_read == 0
    assert posts.table["created_at"].dtype == "datetime64[us, UTC]"


def test_empty_frames_and_lists():
    assert len(read_posts([])) == len(read_posts(pd.DataFrame())) == 0
    assert len(read_posts(pd.DataFrame({"text": pd.Series([], dtype="str")}))) == 0


def test_one_post():
    posts = read_posts([{"text": "alone"}])
    assert posts.table["post_id"].str.startswith("p-").all()
    assert count(posts, "no account id") == count(posts, "no time") == 1


def test_equal_posts_are_kept_apart_whatever_the_order():
    rows = [
        {"account_id": "a", "text": "same", "created_at": "2025-05-01T00:00:00Z", "n": n}
        for n in (3, 1, 2)
    ]
    ids = {n: post for post, n in read_posts(rows).table[["post_id", "n"]].itertuples(index=False)}
    again = {
        n: post
        for post, n in read_posts(rows[::-1]).table[["post_id", "n"]].itertuples(index=False)
    }
    assert len(set(ids.values())) == 3
    assert ids == again


def test_no_usable_column_names_what_was_seen(tmp_path):
    with pytest.raises(
        SchemaError, match=r"columns seen: \['txt', 'n'\].*Did you mean 'txt' for 'text'"
    ):
        read_posts(write(tmp_path, "txt,n\nhello,1\n"))
    with pytest.raises(SchemaError, match="something shared"):
        read_posts(pd.DataFrame({"account_id": ["a"], "created_at": ["2025-01-01"]}))


def test_a_delimiter_nobody_knows(tmp_path):
    with pytest.raises(SchemaError, match="columns seen"):
        read_posts(write(tmp_path, "id^text\n1^hello\n"))


def test_columns_win_over_aliases():
    frame = pd.DataFrame({"text": ["no"], "lead": ["yes"], "who": ["a"]})
    posts = read_posts(frame, columns={"text": "lead", "account_id": "who"})
    assert posts.table.loc[0, ["text", "account_id"]].tolist() == ["yes", "a"]
    with pytest.raises(SchemaError, match="Did you mean 'lead' for 'leed'"):
        read_posts(frame, columns={"text": "leed"})
    with pytest.raises(ParameterError, match="Did you mean 'text' for 'texd'"):
        read_posts(frame, columns={"texd": "lead"})


def test_missing_and_blank_texts():
    frame = pd.DataFrame({"post_id": ["1", "2", "3", "4"], "text": ["a", None, " ", "[deleted]"]})
    posts = read_posts(frame)
    assert posts.table["post_id"].tolist() == ["1"]
    assert count(posts, "neither a text") == 3
    shared = read_posts(frame.assign(urls=["", "https://a.org/x", "", ""]))
    assert shared.table["post_id"].tolist() == ["1", "2"]
    assert shared.table["urls"].tolist() == [[], ["a.org/x"]]
    assert count(shared, "no text") == 1


def test_long_texts_are_kept_and_absurd_ones_cut():
    posts = read_posts([{"text": "x" * 1_000_000}, {"text": "y" * 1_000_001}])
    assert posts.table["text"].str.len().tolist() == [1_000_000, 1_000_000]
    assert count(posts, "cut") == 1


def test_nul_and_broken_bytes(tmp_path):
    posts = read_posts(write(tmp_path, HEADER.encode() + b"1,a,he\0llo,\n2,a,caf\xe9 ok,\n"))
    assert posts.table["text"].tolist() == ["hello", "caf\ufffd ok"]
    assert count(posts, "NUL") == count(posts, "broken bytes") == 1
    assert read_posts([{"text": "a\0b"}]).table["text"].tolist() == ["ab"]


def test_a_row_with_too_many_cells_is_counted(tmp_path):
    posts = read_posts(write(tmp_path, HEADER + "1,a,x,\n2,a,x,,,,\n3,a,y,\n"))
    assert posts.table["post_id"].tolist() == ["1", "3"]
    assert count(posts, "more cells") == 1
    assert posts.n_read == 3


def test_a_quote_that_is_never_closed(tmp_path):
    posts = read_posts(write(tmp_path, HEADER + '1,a,x,\n2,a,"open,\n3,a,y,\n4,a,z,\n'))
    assert posts.table["post_id"].tolist() == ["1"]
    assert count(posts, "never closed") == 3
    assert posts.n_read == 4


def test_duplicate_ids_keep_the_earliest():
    rows = [
        {"post_id": "1", "text": "late", "created_at": "2025-05-02T00:00:00Z"},
        {"post_id": "2", "text": "other", "created_at": "2025-05-02T00:00:00Z"},
        {"post_id": "1", "text": "early", "created_at": "2025-05-01T00:00:00Z"},
    ]
    for order in (rows, rows[::-1]):
        posts = read_posts(order)
        assert sorted(posts.table["text"]) == ["early", "other"]
        assert count(posts, "post id repeated") == 1


def test_the_parts_of_one_post_are_joined():
    frame = pd.DataFrame(
        {
            "account_id": ["a", "a", "b"],
            "post_id": [7, 7, 8],
            "timestamp": [1.6e9] * 3,
            "url_id": pd.array([11, None, 11], dtype="Int64"),
            "hashtag_id": pd.array([None, 5, None], dtype="Int64"),
        }
    )
    posts = read_posts(frame)
    assert posts.table["urls"].tolist() == [["11"], ["11"]]
    assert posts.table["hashtags"].tolist() == [["5"], []]
    assert count(posts, "joined") == 1
    objects = read_posts(
        frame.drop(columns=["url_id", "hashtag_id"]).assign(object_id=["y", "x", "x"])
    )
    assert objects.table["post_id"].tolist() == ["7#2", "7", "8"]


def test_ids_of_nineteen_digits_are_read_exactly(tmp_path):
    big = 1290466270580801538
    frame = pd.DataFrame({"tweet_id": [big, big + 1], "text": ["a", "b"]})
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.to_parquet(tmp_path / "a.parquet")
    frame.to_json(tmp_path / "a.ndjson", orient="records", lines=True)
    sources = [frame, *(tmp_path / f"a.{end}" for end in ("csv", "parquet", "ndjson"))]
    for source in sources:
        assert read_posts(source).table["post_id"].tolist() == [str(big), str(big + 1)]
    with_gap = [{"text": "a", "user_id": big}, {"text": "b", "user_id": None}]
    assert read_posts(with_gap).table["account_id"].tolist()[0] == str(big)


def test_ids_that_lost_digits_are_refused():
    with pytest.raises(SchemaError, match="lost digits"):
        read_posts(pd.DataFrame({"post_id": [1.29e18, np.nan], "text": ["a", "b"]}))
    posts = read_posts(pd.DataFrame({"post_id": [12.0, np.nan], "text": ["a", "b"]}))
    assert posts.table["post_id"][0] == "12"


def test_ids_rounded_by_a_spreadsheet_are_no_ids(tmp_path):
    posts = read_posts(write(tmp_path, "author_id,text\n1.29E+18,a\n1.29E+18,b\n55,c\n"))
    assert posts.table["account_id"].isna().tolist() == [True, True, False]
    assert count(posts, "spreadsheet") == 2


def test_one_id_on_two_platforms_is_two_accounts():
    rows = [
        {"account_id": a, "platform": p, "text": "x"}
        for a, p in (("1", "x"), ("1", "vk"), ("2", "x"))
    ]
    posts = read_posts(rows)
    assert posts.table["account_id"].tolist() == ["x:1", "vk:1", "2"]
    assert any("more than one platform" in note for note in posts.notes)


def test_account_attributes_and_other_columns():
    frame = pd.DataFrame(
        {
            "text": ["x"],
            "user_screen_name": ["Anna"],
            "user_id": ["7"],
            "followers": ["12"],
            "verified": ["False"],
            "account_creation_date": ["2020-01-02"],
            "My Label": [3],
        }
    )
    row = read_posts(frame).table.iloc[0]
    assert (row["account_id"], row["account_handle"], row["account_followers"]) == ("7", "Anna", 12)
    assert not row["account_verified"]
    assert row["account_created_at"] == pd.Timestamp("2020-01-02", tz="UTC")
    assert row["My Label"] == 3


def test_own_addresses_are_no_links_and_titles_are_text():
    frame = pd.DataFrame(
        {
            "url": [f"https://site.org/item/{n}" for n in range(3)],
            "title": ["Short …", "B", ""],
            "description": ["Short and long", "more", "only"],
            "page.url": ["https://www.facebook.com/A/"] * 3,
        }
    )
    posts = read_posts(frame)
    assert posts.table["urls"].tolist() == [[], [], []]
    assert posts.table["text"].tolist() == ["Short and long", "B\nmore", "only"]
    assert posts.table["account_id"].unique().tolist() == ["facebook.com/A"]
    links = frame.assign(url=["https://a.org/1", "https://b.org/2", "https://a.org/1"])
    assert read_posts(links).table["urls"][0] == ["a.org/1"]


def test_packed_files_and_their_limit(tmp_path):
    content = (HEADER + "1,a,hello,\n").encode()
    path = write(tmp_path, gzip.compress(content), "p.csv.gz")
    assert read_posts(path).table["text"].tolist() == ["hello"]
    bomb = write(tmp_path, gzip.compress(HEADER.encode() + b"1,a,x,\n" * 400_000), "b.csv.gz")
    with pytest.raises(InputError, match="max_bytes"):
        read_posts(bomb, max_bytes=1_000_000)
    cut = write(tmp_path, gzip.compress(HEADER.encode() + b"1,a,x,\n" * 50)[:-12], "c.csv.gz")
    assert count(read_posts(cut), "damaged") == 1


def test_folders(tmp_path):
    write(tmp_path, HEADER + "1,a,one,\n", "b.csv")
    write(tmp_path, '{"id": "2", "text": "two"}\n', "a.ndjson")
    write(tmp_path, "Read me first.\n\nNothing, here.", "c.txt")
    posts = read_posts(tmp_path)
    assert posts.table["text"].tolist() == ["two", "one"]
    assert count(posts, "file of the folder") == 1
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no readable file"):
        read_posts(tmp_path / "empty")


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("x.pkl", b"\x80\x04\x95\x00", "pickle"),
        ("x.csv", b"\x80\x05\x95\x00", "pickle"),
        ("x.csv", b"PK\x03\x04rest", "zip"),
        ("x.bin", bytes(range(32)) * 50, "binary"),
        ("x.parquet", b"PAR1 no parquet at all", "Parquet"),
        ("x.json", b'{"a": ', "JSON"),
        ("x.json", b'{"a":' * 100_000, "JSON"),
    ],
)
def test_files_that_are_refused(tmp_path, name, content, match):
    with pytest.raises(InputError, match=match):
        read_posts(write(tmp_path, content, name))


def test_a_missing_file_names_its_neighbour(tmp_path):
    write(tmp_path, HEADER)
    with pytest.raises(InputError, match=r"Did you mean 'posts\.csv'"):
        read_posts(tmp_path / "post.csv")


def test_wrong_parameters():
    with pytest.raises(ParameterError, match="x-archive"):
        read_posts([], format="x-archiv")
    with pytest.raises(ParameterError, match="2 problems"):
        read_posts([], max_rows=-1, max_bytes=0)
    with pytest.raises(InputError, match="not int"):
        read_posts(7)
    with pytest.raises(InputError, match="not int"):
        read_posts([{"text": "x"}, 3])


def test_max_rows_says_so(tmp_path):
    frame = pd.DataFrame({"text": list("abcd")})
    frame.to_csv(tmp_path / "a.csv", index=False)
    for source in (frame, tmp_path / "a.csv", frame.to_dict("records"), tmp_path):
        posts = read_posts(source, max_rows=2)
        assert posts.table["text"].tolist() == ["a", "b"]
        assert any("first 2 rows" in note for note in posts.notes)


def test_the_input_is_not_changed_and_html_is_escaped():
    frame = pd.DataFrame({"body": ["<script>x</script>"], "tags": [["a"]]})
    before = frame.copy(deep=True)
    posts = read_posts(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert isinstance(posts, Posts)
    assert "<script>" not in posts._repr_html_()
    assert "1 posts kept of 1 read" in repr(posts)


def test_the_order_of_rows_does_not_show():
    rows = [
        {
            "id": n % 7 or None,
            "author": f"a{n % 4}",
            "body": f"text {n % 5}",
            "url": f"https://s.org/{n % 3}",
            "date": f"2025-05-{1 + n % 9:02d}T00:00:00Z",
            "platform": ["x", "vk"][n % 2],
            "n": n,
        }
        for n in range(40)
    ]
    one, other = read_posts(rows), read_posts(rows[::-1])
    key = ["post_id"]
    pd.testing.assert_frame_equal(
        one.table.sort_values(key, ignore_index=True),
        other.table.sort_values(key, ignore_index=True),
    )
    pd.testing.assert_frame_equal(one.dropped, other.dropped)
    assert (
        one.n_read
        == len(one)
        + one.dropped.loc[one.dropped["reason"].str.contains("repeated|again"), "n"].sum()
    )


def test_a_made_id_depends_on_its_own_row_alone():
    row = {"account_id": "a", "text": "The bridge is closed.", "created_at": "2025-05-01T10:00:00Z"}
    other = row | {"account_id": "b", "created_at": "2025-05-01T10:00:00.5Z"}
    alone, beside = read_posts([row], now=NOW), read_posts([row, other], now=NOW)
    assert beside.table["post_id"].iloc[0] == alone.table["post_id"].iloc[0]


def test_bare_actions_have_no_columns_of_empty_lists():
    row = {"account_id": "a", "created_at": "2025-05-01T10:00:00Z", "object_id": "o"}
    bare = read_posts([row], now=NOW).table
    assert not {"urls", "hashtags", "mentions"} & set(bare.columns)
    told = read_posts([row | {"text": "Closed again #bridge"}], now=NOW).table
    assert told["hashtags"].tolist() == [["bridge"]]
    assert told["urls"].tolist() == [[]]
