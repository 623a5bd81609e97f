"""The CSV files of tweets that Clemson researchers gathered and FiveThirtyEight published.

Ids went through a spreadsheet: `external_author_id` and `tweet_id` may have lost digits, so the
account is `alt_external_id` and the post's id is read from `article_url`. Dates are month first
and carry minutes only; languages are English words.
Fields: the README of FiveThirtyEight's repository of these tweets.
"""

from __future__ import annotations

import pandas as pd

from disinfo.reading.format import Format
from disinfo.reading.tabular import joined_cells, renamed

_NAMES = {
    "content": "text",
    "author": "account_handle",
    "followers": "account_followers",
    "following": "account_following",
}
_LINKS = ("tco1_step1", "tco2_step1", "tco3_step1")
_LANGUAGES = {
    "albanian": "sq", "arabic": "ar", "bulgarian": "bg", "catalan": "ca", "croatian": "hr",
    "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "estonian": "et",
    "farsi (persian)": "fa", "finnish": "fi", "french": "fr", "german": "de", "greek": "el",
    "hebrew": "he", "hindi": "hi", "hungarian": "hu", "icelandic": "is", "indonesian": "id",
    "italian": "it", "japanese": "ja", "korean": "ko", "latvian": "lv", "lithuanian": "lt",
    "macedonian": "mk", "malay": "ms", "norwegian": "no", "polish": "pl", "portuguese": "pt",
    "romanian": "ro", "russian": "ru", "serbian": "sr", "simplified chinese": "zh",
    "slovak": "sk", "slovenian": "sl", "somali": "so", "spanish": "es", "swedish": "sv",
    "tagalog (filipino)": "tl", "thai": "th", "traditional chinese": "zh", "turkish": "tr",
    "ukrainian": "uk", "urdu": "ur", "uzbek": "uz", "vietnamese": "vi",
}  # fmt: skip


def to_posts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with library names."""
    out = renamed(frame, _NAMES)
    # The whole table has one order of day and month, which one file alone may not show.
    times = pd.to_datetime(
        frame["publish_date"], format="%m/%d/%Y %H:%M", errors="coerce", utc=True
    )
    out["created_at"] = frame["publish_date"].where(times.isna(), times.astype("str"))
    account = frame["external_author_id"]
    if "alt_external_id" in frame.columns:
        account = frame["alt_external_id"].fillna(account)
    out["account_id"] = account
    post = frame["tweet_id"] if "tweet_id" in frame.columns else pd.Series(None, frame.index)
    if "article_url" in frame.columns:
        exact = (
            frame["article_url"].astype("str").str.extract(r"/status(?:es)?/(\d+)", expand=False)
        )
        post = exact.fillna(post.astype("str"))
    out["post_id"] = post
    links = [name for name in _LINKS if name in frame.columns]
    if links:
        out["urls"] = joined_cells(frame, links)
    words = frame["language"].astype("str").str.strip()
    out["language"] = words.str.lower().map(_LANGUAGES).fillna(words)
    return out


X_CLEMSON = Format(
    name="x-clemson",
    title="X, the Clemson and FiveThirtyEight tables",
    fields_from="README of FiveThirtyEight's repository of these tweets",
    marks=(frozenset({"external_author_id", "content", "publish_date", "language"}),),
    table=to_posts,
    platform="x",
    resolution_s=60.0,
)
