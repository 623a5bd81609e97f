"""The CSV files of X's information-operations archive.

Times carry minutes only. Lists are written as Python writes them, mentions are account ids, and
accounts with few followers have a hash for an id.
"""

from __future__ import annotations

import pandas as pd

from disinfo.reading.format import Format

_NAMES = {
    "tweetid": "post_id",
    "userid": "account_id",
    "tweet_text": "text",
    "tweet_time": "created_at",
    "tweet_language": "language",
    "urls": "urls",
    "hashtags": "hashtags",
    "user_mentions": "mentions",
    "retweet_tweetid": "repost_of",
    "in_reply_to_tweetid": "reply_to",
    "quoted_tweet_tweetid": "quote_of",
    "tweet_client_name": "client",
    "user_screen_name": "account_handle",
    "user_display_name": "account_name",
    "user_profile_description": "account_bio",
    "account_creation_date": "account_created_at",
    "follower_count": "account_followers",
    "following_count": "account_following",
}


def to_posts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the archive's table with library names; other columns as they were."""
    return frame.rename(columns=_NAMES)


X_ARCHIVE = Format(
    name="x-archive",
    title="X, information-operations archive",
    fields_from="readme of the archive; its public loaders",
    marks=(frozenset({"tweetid", "userid", "tweet_text", "tweet_time"}),),
    table=to_posts,
    platform="x",
    resolution_s=60.0,
)
