"""Every format's fixture comes out as the same rows, by sniffing alone."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path

import pandas as pd
import pytest

from disinfo.errors import ParameterError, SchemaError
from disinfo.reading import Format, formats, read_posts
from disinfo.reading.formats import FORMATS

NOW = "2026-01-01"
FIXTURES = Path(__file__).parent / "fixtures"
PATHS = sorted(FIXTURES.iterdir())
TEXT = "The bridge is closed! https://example.org/news/1,2?id=7 #Lipno @marek"
OTHER = 'Most jest zamknięty, a nikt nie wie "dlaczego"'
LINK = "example.org/news/1,2?id=7"
MAREK = {"marek", "12", "did:plc:marek", "marek@inny.example"}
FIRST, SECOND, THIRD = pd.to_datetime(
    ["2025-05-01T08:00:07Z", "2025-05-01T08:01:30Z", "2025-05-01T08:02:00Z"]
)
# What a format cannot say, of what all fixtures hold.
NO_TEXT = {"coortweet"}
NO_REPLY = {
    "4cat", "communalytic", "coortweet", "crowdtangle", "facebook-zeeschuimer",
    "instagram-zeeschuimer", "meta-content-library", "threads-zeeschuimer", "tiktok-research-api",
    "x-clemson", "youtube-videos",
}  # fmt: skip
# Answers that name no post of the fixture: another site's thread, and an id of one server.
OTHER_REPLY = {"open-measures": "443", "mastodon": "1"}
REPOSTS = {
    "bluesky-api", "bluesky-jetstream", "facebook-zeeschuimer", "mastodon", "meta-content-library",
    "qut-toolkit", "reddit", "telegram-4cat", "x-api-v1", "x-api-v2", "x-archive", "x-zeeschuimer",
}  # fmt: skip
QUOTES = {
    "4cat", "bluesky-api", "bluesky-jetstream", "mastodon", "threads-zeeschuimer", "x-api-v1",
    "x-api-v2", "x-archive", "x-zeeschuimer",
}  # fmt: skip
MEDIA = {
    "4cat": "https://pbs/1.jpg", "facebook-zeeschuimer": "facebook-photo:7701",
    "instagram-zeeschuimer": "77_10", "mastodon": "https://files.example/77.jpg",
    "meta-content-library": "7701", "telegram-4cat": "telegram-photo:7701",
    "threads-zeeschuimer": "77_10", "tiktok-research-api": "tiktok-music:7201",
    "tiktok-zeeschuimer": "tiktok-music:7201", "x-api-v1": "77", "x-api-v2": "3_77",
    "x-zeeschuimer": "3_77",
}  # fmt: skip
HASHES = {"bluesky-api": "bafkimage", "bluesky-jetstream": "bafkimage"}
# Rows of a fixture that are no posts.
LEFT_OUT = {
    "bluesky-api": 1, "bluesky-jetstream": 3, "facebook-zeeschuimer": 1,
    "instagram-zeeschuimer": 1, "mastodon": 2, "open-measures": 1, "telegram-4cat": 1,
    "telegram-desktop": 2, "threads-zeeschuimer": 1, "tiktok-comments-zeeschuimer": 1,
    "tiktok-zeeschuimer": 1, "x-api-v1": 1, "x-api-v2": 1, "x-archive": 1, "x-clemson": 1,
    "x-zeeschuimer": 1,
}  # fmt: skip

every_fixture = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)


def read(path):
    posts = read_posts(path, now=NOW)
    return posts, posts.table.sort_values("created_at", kind="stable").to_dict("records")


def test_every_format_has_a_fixture():
    assert {path.stem for path in PATHS} == {form.name for form in FORMATS}


@every_fixture
def test_fixtures_come_out_as_the_same_rows(path):
    posts, rows = read(path)
    name = posts.format
    assert name == path.stem
    unit = pd.Timedelta(seconds=max(1.0, posts.resolution_s))
    assert [row["created_at"].floor(unit) for row in rows[:2]] == [
        FIRST.floor(unit), SECOND.floor(unit)
    ]  # fmt: skip
    first, second = rows[0], rows[1]
    if name not in NO_TEXT:
        # A title or a caption on the picture stands on a line of its own.
        assert [first["text"].replace("\n", " "), second["text"].replace("\n", " ")] == [
            TEXT,
            OTHER,
        ]
        assert first["hashtags"] == ["lipno"]
        assert len(first["mentions"]) == 1
        assert MAREK.issuperset(first["mentions"])
    assert LINK in (first["urls"] if name not in NO_TEXT else [first["object_id"][8:]])
    accounts = {row["account_id"] for row in rows if not pd.isna(row["account_id"])}
    assert len(accounts) >= 2
    if name not in ("coortweet", "qut-toolkit", "4cat", "crowdtangle", "open-measures"):
        platform = name.partition("-")[0].replace("communalytic", "bluesky")
        assert set(posts.table["platform"]) == {platform}


@every_fixture
def test_fixtures_say_what_posts_refer_to(path):
    posts, rows = read(path)
    name, first = posts.format, rows[0]["post_id"]
    if name in NO_REPLY:
        assert "reply_to" not in posts.table or posts.table["reply_to"].isna().all()
    else:
        assert rows[1]["reply_to"] == OTHER_REPLY.get(name, first)
    if name in REPOSTS:
        assert rows[2]["repost_of"] == first
        assert rows[2]["created_at"].floor("min") == THIRD
        assert rows[2]["account_id"] == rows[1]["account_id"]
    else:
        assert "repost_of" not in posts.table or posts.table["repost_of"].isna().all()
    quotes = posts.table["quote_of"].notna().any() if "quote_of" in posts.table else False
    assert quotes == (name in QUOTES)
    assert rows[0].get("media", [])[:1] == ([MEDIA[name]] if name in MEDIA else [])
    if name in HASHES:
        assert rows[0]["media_hash"] == [HASHES[name]]


@every_fixture
def test_every_row_of_a_fixture_is_kept_or_counted(path):
    posts, _ = read(path)
    lost = LEFT_OUT.get(path.stem, 1 if path.name == "tiktok-research-api.json" else 0)
    assert posts.n_read == len(posts) + lost
    left_out = posts.dropped["reason"].str.contains("left out|one row was kept")
    assert posts.dropped.loc[left_out, "n"].sum() == lost


def test_traps_of_single_formats():
    _, (first, *_) = read(FIXTURES / "x-clemson.csv")
    assert first["post_id"] == "1918000000000000001"
    assert first["account_id"] == "905874659358453760"
    assert first["language"] == "pl"
    _, rows = read(FIXTURES / "reddit.ndjson")
    assert [row["account_id"] for row in rows[:3]] == ["anna", "bo", "bo"]
    assert all(pd.isna(row["account_id"]) for row in rows[3:])
    _, rows = read(FIXTURES / "crowdtangle.csv")
    assert [row["account_id"] for row in rows] == ["10", "bo", "bo"]
    assert rows[1]["urls"] == []
    assert rows[2]["text"] == "Most zamknięty"
    _, rows = read(FIXTURES / "mastodon.ndjson")
    assert [row["account_id"] for row in rows[:2]] == ["anna@pol.example", "bo@pol.example"]
    _, rows = read(FIXTURES / "tiktok-research-api.json")
    assert rows[0]["post_id"] == "7301000000000000001"
    posts, _ = read(FIXTURES / "bluesky-jetstream.ndjson")
    assert posts.resolution_s == 1e-6
    _, rows = read(FIXTURES / "open-measures.json")
    assert pd.isna(rows[1]["account_id"])


def test_the_payload_of_a_capture_is_recognised_without_its_wrapper(tmp_path):
    for path in FIXTURES.glob("*zeeschuimer.ndjson"):
        lines = path.read_text(encoding="utf-8").splitlines()
        bare = tmp_path / "bare.ndjson"
        bare.write_text("\n".join(json.dumps(json.loads(line)["data"]) for line in lines))
        wrapped, again = read_posts(path, now=NOW), read_posts(bare, now=NOW)
        assert again.format == path.stem
        pd.testing.assert_frame_equal(wrapped.table, again.table)


def test_places_count_where_a_format_goes_by_them():
    frame = pd.DataFrame(
        [["1", "u", "n", "", "", "text", "1746086407", "https://a.org"]], columns=list("abcdefgh")
    )
    row = read_posts(frame, format="qut-toolkit", now=NOW).table.iloc[0]
    assert (row["post_id"], row["account_id"], row["text"]) == ("1", "u", "text")


def test_a_file_that_fits_none_is_refused_with_what_comes_near():
    with pytest.raises(SchemaError, match=r"columns seen: \['tweetid'.*Nearest format.*x-archive"):
        read_posts([{"tweetid": "1", "userid": "2", "tweet_time": "2020-01-01"}])
    with pytest.raises(SchemaError, match=r"'rest_id'.*Nearest.*'x-zeeschuimer' \(lacks legacy\)"):
        read_posts([{"rest_id": "1", "core": {"x": 1}}])


def chirp_post(record):
    return {"post_id": record["chirp_id"], "text": record["song"]}


CHIRP = Format(name="chirp", marks=(frozenset({"chirp_id"}),), record=chirp_post)


def test_a_format_of_the_user():
    posts = read_posts([{"chirp_id": 1, "song": "tweet"}], format=CHIRP)
    assert (posts.format, posts.table["text"].tolist()) == ("chirp", ["tweet"])


class Entry:
    def __init__(self, name, loaded):
        self.name = self.value = name
        self.loaded = loaded

    def load(self):
        if isinstance(self.loaded, Exception):
            raise self.loaded
        return self.loaded


def test_formats_of_installed_packages(monkeypatch, caplog):
    entries = [Entry("broken", ImportError("x")), Entry("chirp", CHIRP), Entry("no format", 7)]
    monkeypatch.setattr(formats, "entry_points", lambda group: entries)
    formats._added.cache_clear()
    try:
        assert read_posts([{"chirp_id": 1, "song": "tweet"}]).format == "chirp"
        assert read_posts([{"chirp_id": 1, "song": "t"}], format="chirp").format == "chirp"
    finally:
        formats._added.cache_clear()
    assert "broken" in caplog.text
    assert "no format" in caplog.text
    assert metadata.entry_points(group=formats.GROUP) is not None


def test_formats_are_checked_when_built():
    with pytest.raises(ParameterError, match="4 problems"):
        Format(name="auto", marks=(frozenset(),), resolution_s=0)


def test_crowdtangle_without_any_address():
    frame = pd.read_csv(FIXTURES / "crowdtangle.csv", dtype="str").assign(URL=None)
    posts = read_posts(frame, format="crowdtangle", now="2026-01-01")
    assert posts.table["post_id"].str.startswith("p-").all()
    assert len(posts) == len(frame)
