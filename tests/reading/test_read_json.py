from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.errors import InputError
from disinfo.reading import read_posts, records
from disinfo.reading.formats import FORMATS


def write(folder, content, name):
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def count(posts, word):
    return sum(
        n
        for reason, n in zip(posts.dropped["reason"], posts.dropped["n"], strict=True)
        if word in reason
    )


def test_lines_that_are_no_json_are_counted(tmp_path):
    content = '{"id": 1, "text": "a\\u2028b"}\nnoise\n[1]\n\n{"id": 2, "text": "b"}\n{"id": 3, "te'
    posts = read_posts(write(tmp_path, content, "p.jsonl"))
    assert posts.table["post_id"].tolist() == ["1", "2"]
    assert count(posts, "no JSON") == 2
    assert count(posts, "no object") == 1
    assert posts.n_read == 5


def test_lines_are_recognised_without_the_ending(tmp_path):
    content = '{"id": 1, "text": "a"}\n{"id": 2, "text": "b"}\n'
    assert len(read_posts(write(tmp_path, content, "p.json"))) == 2


def test_lines_that_are_too_long_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "LONGEST_LINE", 1_000)
    long = json.dumps({"id": 9, "text": "x" * 9_000_000})
    content = f'{{"id": 1, "text": "a"}}\n{long}\n{{"id": 2, "text": "b"}}\n'
    posts = read_posts(write(tmp_path, content, "p.ndjson"))
    assert posts.table["post_id"].tolist() == ["1", "2"]
    assert count(posts, "longer") == 1


def test_documents(tmp_path):
    posts = [{"id": 1, "text": "a"}, {"id": 2, "text": "b"}]
    pretty = json.dumps(posts, indent=2)
    for name, content in (
        ("array", pretty),
        ("object", json.dumps({"data": posts}, indent=1)),
        ("one", json.dumps({"posts": posts})),
    ):
        assert len(read_posts(write(tmp_path, content, f"{name}.json"))) == 2
    cut = read_posts(write(tmp_path, pretty[:-20], "cut.json"))
    assert cut.table["post_id"].tolist() == ["1"]
    assert count(cut, "cut or broken") == 1


def test_a_document_that_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "LARGEST_DOCUMENT", 100)
    with pytest.raises(InputError, match="NDJSON"):
        read_posts(write(tmp_path, json.dumps([{"text": "x" * 200}]), "p.json"))


def test_nested_records_and_lone_surrogates():
    rows = [{"text": "a\ud800b", "author": {"id": 12, "username": "anna"}, "more": {"deep": [1]}}]
    row = read_posts(rows).table.iloc[0]
    assert (row["account_id"], row["account_handle"], row["text"]) == ("12", "anna", "a?b")
    assert row["more.deep"] == [1]


def test_records_of_different_shapes_meet_in_one_table():
    shapes = [{"id": 1, "n": 1}, {"id": "x", "flag": True}, {"id": 2**63, "n": 1.5, "tags": ["a"]}]
    rows = [{**shapes[n // 5_000], "id": f"{n}", "text": "t"} for n in range(12_000)]
    rows[0]["id"], rows[-1]["id"] = 77_777, 2**70
    table = read_posts(rows).table
    assert len(table) == 12_000
    assert table["post_id"].iloc[0] == "77777"
    assert table["post_id"].iloc[-1] == str(2**70)


def test_too_many_columns_are_left_out_and_said():
    rows = [{"text": "a", **{f"c{i}": i for i in range(600)}}]
    posts = read_posts(rows)
    assert len(posts.table.columns) < 520
    assert any("500 columns" in note for note in posts.notes)


def test_classic_x_records_go_by_alias():
    tweet = {
        "id": 1,
        "id_str": "1290466270580801538",
        "full_text": "hi",
        "created_at": "Wed Oct 10 20:19:24 +0000 2018",
        "user": {"id_str": "99", "screen_name": "anna", "followers_count": 5, "name": "Anna"},
        "entities": {
            "urls": [{"url": "https://t.co/x", "expanded_url": "https://a.org/1"}],
            "hashtags": [{"text": "Vote"}],
            "user_mentions": [{"screen_name": "Bo", "id_str": "3"}],
        },
        "retweeted_status": {"id_str": "77"},
    }
    row = read_posts([tweet]).table.iloc[0]
    assert (row["post_id"], row["account_id"], row["repost_of"]) == (
        "1290466270580801538",
        "99",
        "77",
    )
    assert (row["urls"], row["hashtags"], row["mentions"]) == (
        ["a.org/1"],
        ["vote"],
        ["bo"],
    )
    assert str(row["created_at"]) == "2018-10-10 20:19:24+00:00"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "text",
                    "data",
                    "includes",
                    "users",
                    "entities",
                    "urls",
                    "features",
                    "facets",
                    "commit",
                    "record",
                    "messages",
                    "type",
                    "from_id",
                    "chats",
                    "list",
                    "author",
                    "attachments",
                    "media_keys",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from([form.name for form in FORMATS if form.record is not None]),
    st.lists(
        st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "text",
                    "data",
                    "includes",
                    "entities",
                    "author_id",
                    "referenced_tweets",
                    "attachments",
                    "did",
                    "commit",
                    "time_us",
                    "chats",
                    "messages",
                    "type",
                    "text_entities",
                    "created_at",
                ]
            ),
            _JSON,
            max_size=5,
        ),
        max_size=4,
    ),
)
def test_no_record_is_a_traceback(name, rows):
    try:
        posts = read_posts(rows, format=name)
    except InputError:
        return
    assert len(posts) <= posts.n_read


def test_a_lone_surrogate_in_an_id_of_a_row_left_out_is_written():
    rows = [{"id": "\ud800", "action": {"_": "x"}}, {"id": 1, "message": "x"}]
    posts = read_posts(rows, format="telegram-4cat")
    assert "?" in posts.dropped["example_id"].tolist()


_KEYS = [
    "id",
    "text",
    "created_at",
    "user_id",
    "followers",
    "verified",
    "urls",
    "hashtags",
    "lang",
    "title",
    "url",
    "media",
    "account_created",
    "platform",
    "object_id",
    "description",
    "author",
]


@settings(deadline=None, max_examples=150)
@given(st.lists(st.dictionaries(st.sampled_from(_KEYS), _JSON, max_size=6), max_size=4))
def test_no_generic_record_is_a_traceback(rows):
    try:
        posts = read_posts(rows)
    except InputError:
        return
    assert len(posts) <= posts.n_read == len(rows)
