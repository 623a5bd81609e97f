"""Names that sources use for the library's columns, and the renaming at the door.

Aliases name what exports in general call a thing. Names are compared without case and
punctuation, with words split: ``createdAt``, ``created.at`` and ``Created At`` are one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from disinfo.errors import ParameterError, SchemaError, did_you_mean
from disinfo.reading.ledger import Ledger
from disinfo.tables import POSTS

# Best first. A name may stand in several lines; the first line that takes it has it.
ALIASES: Mapping[str, tuple[str, ...]] = {
    name: (name, *aliases.split())
    for name, aliases in {
        "post_id": "tweet_id tweetid id_str status_id message_id content_id comment_id item_id "
        "post_uri rest_id fullname uri id identifier",
        "account_id": "author_id user_id userid user_id_str owner_id actor_id sender_id from_id "
        "channel_id page_id post_owner_id alt_external_id external_author_id author_fullname "
        "profile_id did account author_username author_screen_name username user_name "
        "user_screen_name user_username screen_name author author_name author_handle handle user "
        "channel channel_name page page_name owner sender account_handle account_name account_url "
        "author_url user_url profile_url page_url channel_url facebook_id facebook_url "
        "instagram_url",
        "text": "full_text tweet_text post_text message_text comment_text text_content body "
        "content message raw_content tweet comment comment_body post video_description caption "
        "selftext description",
        "created_at": "timestamp timestamp_ms created_utc creation_time create_time created_time "
        "published_at publish_date publish_time publication_date published posted_at post_created "
        "date_posted post_time tweet_time tweet_created_at timestamp_share unix_timestamp "
        "date_unixtime time_us utc_time datetime date_time time_stamp created posted date time",
        "platform": "network social_network source_platform site",
        "language": "lang tweet_language post_language text_language language_code",
        "urls": "url_list shared_urls shared_url expanded_urls expanded_url url_id external_url "
        "external_link external_links article_url link_attachment_link final_link entities_urls "
        "links link url",
        "hashtags": "hashtag hashtag_list hashtag_names entities_hashtags hashtag_id",
        "mentions": "user_mentions entities_user_mentions mentioned_users mentioned_user mention "
        "mention_ids",
        "repost_of": "repost_id retweet_id retweeted_id retweet_tweetid retweeted_tweet_id "
        "retweeted_status_id retweeted_status_id_str reblog_id reblog_of_id shared_post_id",
        "reply_to": "reply_to_id in_reply_to in_reply_to_id in_reply_to_tweetid "
        "in_reply_to_status_id in_reply_to_status_id_str reply_to_message_id replied_to_id "
        "reply_id parent_id",
        "quote_of": "quote_id quoted_id quote_tweet_id quoted_tweet_id quoted_tweet_tweetid "
        "quoted_status_id quoted_status_id_str",
        "conversation_id": "thread_id conversation link_id",
        "media": "media_id media_ids media_url media_urls images image image_url image_urls "
        "photos photo videos video_url",
        "media_hash": "media_hashes image_hash image_hashes phash phash_id",
        "object_id": "shared_object",
        "account_created_at": "account_creation_date user_created_at author_created_at "
        "account_created",
        "account_followers": "followers followers_count follower_count user_followers_count "
        "author_followers_count user_followers author_followers",
        "account_following": "following following_count friends_count user_friends_count "
        "author_following_count user_following",
        "account_handle": "screen_name user_screen_name author_screen_name username "
        "author_username user_username handle author_handle user_name",
        "account_name": "display_name user_display_name author_display_name author_name",
        "account_bio": "user_profile_description user_description account_description "
        "author_description bio",
        "account_verified": "verified is_verified user_verified author_verified",
    }.items()
}
# A title belongs to the text where the text stands in one of these.
_LONG_TEXT = ("selftext", "description")
# Names under which a source also keeps the address of the post itself.
_OWN_ADDRESS = ("url", "link")
_SHARED = ("urls", "hashtags", "repost_of", "media", "media_hash", "object_id", "domain_id")
_WORD_BREAK = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PUNCTUATION = re.compile(r"[^a-z0-9]+")


def plain_name(name: object) -> str:
    """Return a column name as aliases are written.

    Parameters
    ----------
    name
        The source's name.

    Returns
    -------
    str
        Lower case, words joined by ``_``.

    Examples
    --------
    >>> plain_name("createdAt"), plain_name("Author.Name")
    ('created_at', 'author_name')
    """
    split = _WORD_BREAK.sub("_", str(name).strip().lstrip("\ufeff"))
    return _PUNCTUATION.sub("_", split.lower()).strip("_")


def check_columns(columns: Mapping[str, str] | None) -> dict[str, str]:
    """Return the user's mapping from library names to source names, checked.

    Parameters
    ----------
    columns
        The mapping, or None.

    Returns
    -------
    dict of str to str
        The mapping.

    Raises
    ------
    ParameterError
        When a key is no column of the library, with the nearest name.
    """
    given = dict(columns or {})
    known = {*ALIASES, *POSTS.columns}
    unknown = sorted(name for name in given if name not in known)
    if unknown:
        hint = did_you_mean(unknown, sorted(known))
        msg = f"columns: {unknown} are no columns of a posts table; known: {sorted(known)}.{hint}"
        raise ParameterError(msg)
    return given


def override(frame: pd.DataFrame, source: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return `frame` with the user's columns taken from `source`, over whatever was there.

    Raises
    ------
    SchemaError
        When a source column is absent.
    """
    absent = sorted(name for name in columns.values() if name not in source.columns)
    if absent and len(source.columns):
        seen = [str(name) for name in source.columns]
        msg = f"columns: {absent} not in the source; columns seen: {seen}."
        raise SchemaError(msg + did_you_mean(absent, seen))
    taken = {name: source[old] for name, old in columns.items() if old in source.columns}
    return frame.assign(**taken)


def rename(
    frame: pd.DataFrame, columns: Mapping[str, str] | None = None, ledger: Ledger | None = None
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return a frame with the library's column names, by the user's mapping and by alias.

    Parameters
    ----------
    frame
        A table of any source, one row a post.
    columns
        Library name to source name; wins over aliases.
    ledger
        Where to note choices.

    Returns
    -------
    frame : DataFrame
        Renamed columns; the others as they were.
    chosen : dict of str to str
        Library name to source name, as they were taken.

    Raises
    ------
    SchemaError
        When the mapping names a column that is absent.
    """
    ledger = Ledger() if ledger is None else ledger
    columns = columns or {}
    override(frame, frame, columns)
    by_name: dict[str, str] = {}
    for column in frame.columns:
        by_name.setdefault(plain_name(column), column)
    chosen = {name: old for name, old in columns.items() if old in frame.columns}
    for name, aliases in ALIASES.items():
        if name not in chosen:
            taken = _first(frame, by_name, aliases, set(chosen.values()), ledger)
            if taken is not None:
                chosen[name] = taken
    # A column that the user's mapping displaces is carried along under another name.
    displaced = {name: f"source.{name}" for name, old in chosen.items() if name != old}
    out = frame.rename(columns=displaced | {old: name for name, old in chosen.items()})
    titled = plain_name(chosen.get("text", "")) in _LONG_TEXT or "text" not in chosen
    if titled and "title" in by_name and "text" not in columns:
        out = _with_title(out, by_name["title"])
    return out, chosen


def _first(
    frame: pd.DataFrame,
    by_name: Mapping[str, str],
    aliases: Sequence[str],
    taken: set[str],
    ledger: Ledger,
) -> str | None:
    for alias in aliases:
        column = by_name.get(alias)
        if column is None or column in taken:
            continue
        if alias in _OWN_ADDRESS and _is_own_address(frame[column]):
            ledger.note(f"column {column!r} holds the posts' own addresses: not taken as links")
            continue
        return column
    return None


def _is_own_address(values: pd.Series) -> bool:
    """Return whether every post has another address on one site: permalinks, not shared links."""
    known = values.dropna()
    if not len(known) or not known.map(lambda v: isinstance(v, str)).all():
        return False
    hosts = known.str.extract(r"^\s*(?:https?://)?(?:www\.)?([^/?#]+)", expand=False)
    return bool(known.is_unique and len(hosts.unique()) == 1)


def _with_title(frame: pd.DataFrame, title: str) -> pd.DataFrame:
    """Put a title before the text, unless the text already begins with it."""
    if "text" not in frame.columns:
        return frame.assign(text=frame[title])
    heads = frame[title].astype("str").fillna("")
    texts = frame["text"].astype("str").fillna("")
    joined = [
        text
        if text.startswith(stem := head.strip().rstrip(".… ")) or not stem
        else f"{head}\n{text}".strip()
        for head, text in zip(heads, texts, strict=True)
    ]
    return frame.assign(text=pd.Series(joined, index=frame.index, dtype="str"))


def check_contract(columns: Sequence[str], seen: Sequence[str], nearest: str = "") -> None:
    """Check that the columns found are enough to work with.

    Parameters
    ----------
    columns
        Library names found.
    seen
        The source's own names, for the message.
    nearest
        A sentence on the formats that come nearest.

    Raises
    ------
    SchemaError
        When there is neither `text`, nor account, time and something shared.
    """
    found = set(columns)
    if "text" in found or ({"account_id", "created_at"} <= found and not found.isdisjoint(_SHARED)):
        return
    wanted = [name for name in ("text", "account_id", "created_at") if name not in found]
    listed = list(seen)[:40]
    msg = (
        "posts need 'text', or 'account_id', 'created_at' and something shared "
        f"({', '.join(_SHARED[:-1])}); columns seen: {listed}."
    )
    hint = did_you_mean([alias for name in wanted for alias in ALIASES[name][:3]], listed)
    raise SchemaError(f"{msg}{hint}{nearest} Name them with columns={{'text': '...'}}.")
