"""Actions (traces): which account acted on which shared object, when.

One table for every kind of object, so that one test serves all of them. A repost acts on what it
reposts and on nothing else: its text and links are those of the original.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo import tables
from disinfo.distinct import distinct, numbered_texts
from disinfo.errors import ParameterError, raise_all
from disinfo.ordering import order_by_and_text, time_steps
from disinfo.text.urls import canonical_url, registered_domain

LAYERS = (
    "url", "repost", "reply", "media", "object", "family", "narrative", "hashtag", "mention",
)  # fmt: skip
# Objects that live for weeks act in time slots, so that each wave of a campaign counts.
SLOTTED = ("family", "narrative", "hashtag", "mention")
SLOT_HOURS = 6
_STAGE = "actions"
_EXTRA = ("slot", "source", "language")
_OF_POST = ("account_id", "created_at", "post_id", "language")


@dataclass(frozen=True, kw_only=True)
class SharedObjects:
    """Extract actions from posts (built-in `ExtractActions` stage).

    Parameters
    ----------
    layers
        Which kinds of object to use, of ``url``, ``repost``, ``reply``, ``media``, ``object``
        (a column object_id), ``family`` (one message in any wording or language), ``narrative``
        (one story), ``hashtag``, ``mention``.
    min_accounts
        An object that fewer accounts act on can link nobody and is left out.

    Raises
    ------
    ParameterError
        When a layer is unknown.

    Notes
    -----
    `source` of an action is what an account follows to come by the object: the domain of a URL,
    the author of a reposted or answered post (where the data hold it), the tag or handle itself;
    for a message or a picture the site that most posts with it link to. The group test compares
    accounts with the audience of the same source, and of the same language where there is none.
    """

    layers: tuple[str, ...] = LAYERS
    min_accounts: int = 2

    def __post_init__(self) -> None:
        unknown = sorted(set(self.layers) - set(LAYERS))
        problems = [f"unknown layer(s) {unknown}; known are {list(LAYERS)}"] if unknown else []
        if self.min_accounts < 2:
            problems.append(f"min_accounts must be at least 2, not {self.min_accounts}")
        raise_all(problems, ParameterError, "SharedObjects")

    def __call__(self, posts: pd.DataFrame, /) -> dict[str, pd.DataFrame]:
        """Return `actions` and `dropped`; posts carry family_id where the language stages ran."""
        usable = posts["account_id"].notna() & posts["created_at"].notna()
        missing = posts.loc[~usable, "post_id"]
        acting = _rows(posts, usable)
        own = _rows(acting, acting["repost_of"].isna()) if "repost_of" in acting else acting
        links = _urls(own)
        parts = [part for layer in self.layers if len(part := _layer(acting, own, links, layer))]
        counts = {
            "post without account or time: takes no part in coordination": (
                len(missing),
                missing.min() if len(missing) else None,
            )
        }
        if not parts:
            return {
                "actions": tables.ACTIONS.empty(),
                "dropped": tables.dropped_rows(_STAGE, counts),
            }
        actions = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
        for name in (extra for extra in _EXTRA if extra in actions):
            told = actions.pop(name)
            # A column that says nothing takes as much memory as one that does.
            if told.fillna("").ne("").any():
                actions[name] = told if name == "slot" else told.fillna("")
        kept = actions.iloc[_in_order(actions, self.min_accounts)]
        return {
            "actions": tables.ACTIONS.check(kept, source=_STAGE),
            "dropped": tables.dropped_rows(_STAGE, counts),
        }


def _rows(posts: pd.DataFrame, chosen: pd.Series) -> pd.DataFrame:
    """Return the chosen rows; most often those are all, and then nothing is copied."""
    return posts if chosen.all() else posts.loc[chosen]


def _in_order(actions: pd.DataFrame, min_accounts: int) -> NDArray[np.int64]:
    """Return rows on objects of enough accounts, by object, time, account and post, each once.

    Texts are put in order as numbers, but for those of posts: there are about as many of them as
    rows.
    """
    # Side by side: Arrow lets go of the interpreter while it looks texts up.
    with ThreadPoolExecutor() as threads:
        columns = (actions[name] for name in ("layer", "object_id", "account_id"))
        (layer, of_layer), (thing, things), (account, accounts) = threads.map(
            numbered_texts, columns
        )
    item = layer * len(things) + thing
    acting = distinct(item * len(accounts) + account) // len(accounts)
    n_accounts = np.bincount(acting, minlength=len(of_layer) * len(things))
    rows = np.flatnonzero(n_accounts[item] >= min_accounts)
    time = time_steps(actions["created_at"])
    keys = [key[rows] for key in (item, time, account)]
    order, copies = order_by_and_text(keys, actions["post_id"].iloc[rows])
    return rows[order[~copies]]


def _layer(posts: pd.DataFrame, own: pd.DataFrame, links: pd.DataFrame, layer: str) -> pd.DataFrame:
    """Return the actions of one layer, possibly none; `own` are the posts that are no reposts."""
    if layer == "url":
        return links
    if layer == "repost":
        return _targets(posts, "repost_of", layer, authors=posts)
    if layer == "reply":
        return _targets(own, "reply_to", layer, authors=posts)
    if layer == "media":
        column = "media_hash" if "media_hash" in own else "media"
        return _with_site(_exploded(own, column, layer), links)
    if layer in ("object", "family"):
        return _with_site(_single(own, f"{layer}_id", layer), links)
    if layer == "narrative":
        return _single(own, "narrative_id", layer)
    tags = _exploded(own, f"{layer}s", layer)
    return tags.assign(source=tags["object_id"])


def _frame(
    posts: pd.DataFrame, layer: str, objects: pd.Series, sources: pd.Series | None = None
) -> pd.DataFrame:
    """Build actions from posts and the object of each; missing objects are left out."""
    chosen = objects.notna() & (objects != "")
    # Only what is used: to take rows of all columns would copy the texts of the posts as well.
    base = posts[[name for name in _OF_POST if name in posts]]
    if not (objects.index.equals(posts.index) and chosen.all()):
        base = base.loc[objects.index[chosen]]
    columns = {
        "account_id": base["account_id"],
        "layer": layer,
        "object_id": objects[chosen].array,
        "created_at": base["created_at"],
        "post_id": base["post_id"],
    }
    if layer in SLOTTED:
        columns["slot"] = _slots(base["created_at"])
    if sources is not None:
        columns["source"] = sources[chosen].array
    if "language" in base:
        columns["language"] = base["language"]
    return pd.DataFrame(columns)


def _slots(times: pd.Series) -> pd.Series:
    """Return the name of the time slot of each time."""
    # There are far fewer slots than actions, and naming one takes longer than finding it.
    place, begins = pd.factorize(times.dt.floor(f"{SLOT_HOURS}h"))
    return pd.Series(begins.strftime("%Y-%m-%dT%H").take(place), times.index, dtype="str")


def _single(posts: pd.DataFrame, column: str, layer: str) -> pd.DataFrame:
    if column not in posts:
        return tables.ACTIONS.empty()
    return _frame(posts, layer, posts[column])


def _with_site(actions: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Give each object the site that most posts with it link to, if any does."""
    if len(actions) == 0 or len(links) == 0:
        return actions
    site_of = links.drop_duplicates("post_id").set_index("post_id")["source"]
    site = actions["post_id"].map(site_of)
    counts = pd.DataFrame({"object_id": actions["object_id"], "site": site}).dropna()
    ranked = counts.value_counts().reset_index()
    ranked = ranked.sort_values(["object_id", "count", "site"], ascending=[True, False, True])
    commonest = ranked.drop_duplicates("object_id").set_index("object_id")["site"]
    # As text even where no post has a link: an empty map would be numbers.
    source = actions["object_id"].map(commonest).astype("str").fillna("")
    return actions.assign(source=source)


def _exploded(posts: pd.DataFrame, column: str, layer: str) -> pd.DataFrame:
    if column not in posts:
        return tables.ACTIONS.empty()
    return _frame(posts, layer, _each_once(posts[column]))


def _each_once(lists: pd.Series) -> pd.Series:
    """Return the items of lists under each other, each once a list; most lists are empty."""
    filled = lists[lists.map(bool)]
    return filled.map(lambda found: sorted(set(found))).explode()


def _urls(posts: pd.DataFrame) -> pd.DataFrame:
    if "urls" not in posts:
        return tables.ACTIONS.empty()
    raw = _each_once(posts["urls"])
    canonical = {url: canonical_url(url) for url in raw.unique()}
    domains = {url: registered_domain(url) for url in raw.unique()}
    return _frame(posts, "url", raw.map(canonical), raw.map(domains))


def _targets(
    posts: pd.DataFrame, column: str, layer: str, *, authors: pd.DataFrame
) -> pd.DataFrame:
    if column not in posts or not len(found := posts[column].dropna()):
        return tables.ACTIONS.empty()
    # Few posts are reposted or answered: only those are looked up.
    known = authors.loc[authors["post_id"].isin(found), ["post_id", "account_id"]]
    author_of = known.drop_duplicates("post_id").set_index("post_id")["account_id"]
    return _frame(posts, layer, found, found.map(author_of).astype("str"))
