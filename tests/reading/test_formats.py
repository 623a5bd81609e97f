from __future__ import annotations

import json

import pandas as pd
import pytest

from disinfo.errors import FormatError, SchemaError
from disinfo.reading import read_posts


def count(posts, word):
    return sum(
        n
        for reason, n in zip(posts.dropped["reason"], posts.dropped["n"], strict=True)
        if word in reason
    )


def save(folder, document, name="export.json", *, lines=False):
    path = folder / name
    text = "\n".join(map(json.dumps, document)) if lines else json.dumps(document, indent=1)
    path.write_text(text, encoding="utf-8")
    return path


AUTHOR = {
    "id": "10",
    "username": "anna",
    "name": "Anna",
    "created_at": "2020-01-01T00:00:00.000Z",
    "verified": True,
    "public_metrics": {"followers_count": 5, "following_count": 6},
}
PAGE = {
    "data": [
        {
            "id": "1",
            "author_id": "10",
            "text": "RT @bo: long te…",
            "created_at": "2025-05-01T10:00:00.000Z",
            "lang": "pl",
            "conversation_id": "1",
            "referenced_tweets": [{"type": "retweeted", "id": "5"}],
            "entities": {"mentions": [{"username": "Bo", "id": "11"}]},
            "attachments": {"media_keys": ["3_77"]},
        },
        {
            "id": "2",
            "author_id": "10",
            "text": "see https://a.org/x #Vote",
            "created_at": "2025-05-01T10:01:00.000Z",
            "lang": "pl",
            "referenced_tweets": [{"type": "quoted", "id": "6"}, {"type": "replied_to", "id": "7"}],
        },
    ],
    "includes": {
        "users": [AUTHOR],
        "tweets": [
            {
                "id": "5",
                "author_id": "11",
                "text": "long text with the link at its end",
                "entities": {
                    "urls": [{"expanded_url": "https://b.org/story", "url": "https://t.co/q"}],
                    "hashtags": [{"tag": "News"}],
                },
            }
        ],
    },
    "meta": {"result_count": 2},
}


@pytest.mark.parametrize("lines", [True, False])
def test_x_api_pages(tmp_path, lines):
    posts = read_posts(save(tmp_path, [PAGE] if lines else PAGE, lines=lines))
    assert (posts.format, posts.n_read) == ("x-api-v2", 2)
    first, second = posts.table.iloc[0], posts.table.iloc[1]
    assert first["text"] == "long text with the link at its end"
    assert (first["repost_of"], first["urls"], first["hashtags"]) == (
        "5",
        ["b.org/story"],
        ["news"],
    )
    assert (first["mentions"], first["media"], first["language"]) == (["bo"], ["3_77"], "pl")
    assert (first["account_handle"], first["account_followers"], first["platform"]) == (
        "anna",
        5,
        "x",
    )
    assert (second["quote_of"], second["reply_to"], second["urls"]) == (
        "6",
        "7",
        ["a.org/x"],
    )
    assert second["hashtags"] == ["vote"]


def test_x_api_flattened(tmp_path):
    tweet = {**PAGE["data"][1], "author": AUTHOR, "edit_history_tweet_ids": ["2"]}
    posts = read_posts(save(tmp_path, [tweet], "t.ndjson", lines=True))
    assert posts.format == "x-api-v2"
    assert posts.table.loc[0, "account_handle"] == "anna"


def test_columns_of_a_nested_record():
    tweet = {**PAGE["data"][1], "author": AUTHOR, "edit_history_tweet_ids": ["2"]}
    posts = read_posts([tweet], columns={"account_id": "author.username"})
    assert posts.table.loc[0, "account_id"] == "anna"


def test_x_archive():
    frame = pd.DataFrame(
        {
            "tweetid": ["1", "2"],
            "userid": ["hash=", "7"],
            "user_screen_name": ["a", "b"],
            "follower_count": ["0.0", "9"],
            "account_creation_date": ["2014-01-01"] * 2,
            "account_language": ["en"] * 2,
            "tweet_language": ["ru", "und"],
            "tweet_text": ["x", "y"],
            "tweet_time": ["2016-05-01 10:07", "2016-05-01 10:08"],
            "hashtags": ["['A', 'b']", "[]"],
            "urls": ["['http://a.org/1,2', 'http://b.org']", ""],
            "user_mentions": ["[123, 456]", "[]"],
            "retweet_tweetid": ["99", ""],
            "in_reply_to_tweetid": ["", "1"],
            "quoted_tweet_tweetid": ["", ""],
        }
    )
    posts = read_posts(frame)
    assert (posts.format, posts.resolution_s) == ("x-archive", 60.0)
    row = posts.table.iloc[0]
    assert (row["hashtags"], row["mentions"], row["repost_of"]) == (
        ["a", "b"],
        ["123", "456"],
        "99",
    )
    assert row["urls"] == ["a.org/1,2", "b.org"]
    assert (row["language"], row["platform"], row["account_followers"]) == ("ru", "x", 0)
    assert posts.table["language"].isna().tolist() == [False, True]
    assert str(row["created_at"]) == "2016-05-01 10:07:00+00:00"


CHAT = {
    "name": "Kanal",
    "type": "public_channel",
    "id": 55,
    "messages": [
        {"id": 1, "type": "service", "date": "2025-05-01T10:00:00", "action": "create_channel"},
        {
            "id": 2,
            "type": "message",
            "date": "2025-05-01T12:00:00",
            "date_unixtime": "1746093600",
            "from": "Kanal",
            "from_id": "channel55",
            "forwarded_from": "Other",
            "text": [
                "See ",
                {"type": "link", "text": "https://a.org/x"},
                " ",
                {"type": "hashtag", "text": "#Vote"},
                {"type": "text_link", "text": "here", "href": "https://b.org"},
                {"type": "mention", "text": "@Bo"},
            ],
        },
        {
            "id": 3,
            "type": "message",
            "date": "2025-05-01T12:00:00",
            "text": "old export",
            "reply_to_message_id": 2,
        },
        {"id": 4, "type": "message", "date_unixtime": "1746093700", "text": ""},
    ],
}


def test_telegram_chat(tmp_path):
    posts = read_posts(save(tmp_path, CHAT, "result.json"))
    assert (posts.format, posts.n_read, len(posts)) == ("telegram-desktop", 4, 2)
    assert count(posts, "service") == count(posts, "neither a text") == 1
    first, second = posts.table.iloc[0], posts.table.iloc[1]
    assert (first["post_id"], first["account_id"], first["platform"]) == (
        "55-2",
        "channel55",
        "telegram",
    )
    assert first["text"] == "See https://a.org/x #Votehere@Bo"
    assert (first["urls"], first["hashtags"], first["mentions"]) == (
        ["a.org/x", "b.org"],
        ["vote"],
        ["bo"],
    )
    assert str(first["created_at"]) == "2025-05-01 10:00:00+00:00"
    assert (second["account_id"], second["reply_to"]) == ("channel55", "55-2")
    assert pd.isna(second["created_at"])


def test_telegram_full_export(tmp_path):
    posts = read_posts(save(tmp_path, {"chats": {"list": [CHAT, {**CHAT, "id": 56}]}}))
    assert posts.table["post_id"].tolist() == ["55-2", "55-3", "56-2", "56-3"]


def event(operation, collection, rkey, record, time_us=1746093600123456):
    return {
        "did": "did:plc:a",
        "time_us": time_us,
        "kind": "commit",
        "commit": {
            "operation": operation,
            "collection": collection,
            "rkey": rkey,
            "record": record,
        },
    }


def test_jetstream(tmp_path):
    post = {
        "text": "hello #tag",
        "createdAt": "1970-01-01T00:00:00Z",
        "langs": ["pl", "en"],
        "facets": [
            {"features": [{"$type": "x#link", "uri": "https://a.org/x"}]},
            {"features": [{"tag": "Tag"}]},
            {"features": [{"did": "did:plc:b"}]},
        ],
        "embed": {"record": {"uri": "at://q"}, "images": [{"image": {"ref": {"$link": "bafy1"}}}]},
        "reply": {"root": {"uri": "at://r"}, "parent": {"uri": "at://p"}},
    }
    events = [
        {"did": "did:plc:a", "time_us": 1, "kind": "identity", "identity": {}},
        event("create", "app.bsky.feed.post", "3k", post),
        event(
            "create", "app.bsky.feed.repost", "3r", {"subject": {"uri": "at://orig", "cid": "c"}}
        ),
        event("create", "app.bsky.feed.like", "3l", {"subject": {"uri": "at://orig"}}),
        {**event("delete", "app.bsky.feed.post", "3d", None)},
    ]
    posts = read_posts(save(tmp_path, events, "j.jsonl", lines=True))
    assert (posts.format, posts.n_read, len(posts), posts.resolution_s) == (
        "bluesky-jetstream",
        5,
        2,
        1e-6,
    )
    assert count(posts, "neither a new post") == 3
    first, second = posts.table.iloc[0], posts.table.iloc[1]
    assert first["post_id"] == "at://did:plc:a/app.bsky.feed.post/3k"
    assert (first["urls"], first["hashtags"], first["mentions"]) == (
        ["a.org/x"],
        ["tag"],
        ["did:plc:b"],
    )
    assert (first["quote_of"], first["reply_to"], first["media_hash"]) == (
        "at://q",
        "at://p",
        ["bafy1"],
    )
    assert str(first["created_at"]) == "2025-05-01 10:00:00.123456+00:00"
    assert second["repost_of"] == "at://orig"


def test_4cat_csv(tmp_path):
    pd.DataFrame(
        {
            "id": ["9"],
            "thread_id": ["8"],
            "timestamp": ["2025-05-01 10:00:00"],
            "unix_timestamp": ["1746093600"],
            "link": ["https://twitter.com/a/status/9"],
            "body": ["x"],
            "author": ["anna"],
            "author_fullname": ["Anna A"],
            "author_id": ["77"],
            "language_guess": ["pl"],
            "hashtags": ["A,b"],
            "urls": ["https://a.org/1,2,https://b.org"],
            "images": ["https://i.org/1.jpg"],
            "mentions": ["Bo,Cy"],
            "is_retweet": ["no"],
        }
    ).to_csv(tmp_path / "4cat.csv", index=False)
    posts = read_posts(tmp_path / "4cat.csv")
    row = posts.table.iloc[0]
    assert posts.format == "4cat"
    assert (row["post_id"], row["account_id"], row["conversation_id"]) == ("9", "77", "8")
    assert (row["account_name"], row.get("account_handle", "")) == (
        "Anna A",
        "",
    )
    assert (row["urls"], row["hashtags"], row["mentions"]) == (
        ["a.org/1,2", "b.org"],
        ["a", "b"],
        ["bo", "cy"],
    )
    assert (row["media"], row["is_retweet"]) == (["https://i.org/1.jpg"], "no")


def test_4cat_telegram_forwards():
    frame = pd.DataFrame(
        {
            "id": ["5", "5"],
            "thread_id": ["chan", "other"],
            "author": ["1", "2"],
            "body": ["x", "y"],
            "timestamp": ["2025-05-01 10:00:00"] * 2,
            "unix_timestamp": ["1746093600"] * 2,
            "link_attached": ["", "https://a.org"],
            "author_forwarded_from_name": ["O", ""],
            "author_forwarded_from_id": ["33", ""],
            "unix_timestamp_forwarded_from": ["1746000000", ""],
            "reply_to": ["4", ""],
        }
    ).replace("", None)
    table = read_posts(frame).table
    assert table["post_id"].tolist() == ["chan-5", "other-5"]
    assert table["repost_of"].tolist()[0] == "telegram:33@1746000000"
    assert table["repost_of"].isna().tolist() == [False, True]
    assert table["reply_to"].tolist()[0] == "chan-4"
    assert table["urls"].tolist() == [[], ["a.org"]]


def test_a_format_that_is_asked_for_must_fit():
    with pytest.raises(FormatError, match="is JSON"):
        read_posts(pd.DataFrame({"text": ["x"]}), format="x-api-v2")
    with pytest.raises(SchemaError, match=r"'tweetid'.*Did you mean 'tweet_id'"):
        read_posts(pd.DataFrame({"tweet_id": ["x"]}), format="x-archive")
    with pytest.raises(SchemaError, match="no record has"):
        read_posts([PAGE], columns={"text": "headline"})
