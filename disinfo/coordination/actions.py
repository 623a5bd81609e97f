"""Actions (traces): which account acted on which shared object, when.

One table for every kind of object, so that one test serves all of them. A repost acts on what it
reposts and on nothing else: its text and links are those of the original.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from disinfo import tables
from disinfo.coordination.layer_rows import OnObjects, acting_posts, rows_in_order
from disinfo.errors import ParameterError, raise_all
from disinfo.text.urls import canonical_url, registered_domain

LAYERS = (
    "url", "repost", "reply", "media", "object", "family", "narrative", "hashtag", "mention",
)  # fmt: skip
_STAGE = "actions"


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
        counts = {
            "post without account or time: takes no part in coordination": (
                len(missing),
                missing.min() if len(missing) else None,
            )
        }
        acting = _rows(posts, usable).reset_index(drop=True)
        own = _rows(acting, acting["repost_of"].isna()) if "repost_of" in acting else acting
        links = _urls(own)
        found = [_layer(acting, own, links, layer) for layer in sorted(set(self.layers))]
        in_order = partial(
            rows_in_order, acting=acting_posts(acting), min_accounts=self.min_accounts
        )
        # Side by side: Arrow lets go of the interpreter while it looks texts up.
        with ThreadPoolExecutor() as threads:
            parts = list(threads.map(in_order, [on for on in found if len(on.objects)]))
        return {
            "actions": tables.ACTIONS.check(_joined(parts), source=_STAGE),
            "dropped": tables.dropped_rows(_STAGE, counts),
        }


def _rows(posts: pd.DataFrame, chosen: pd.Series) -> pd.DataFrame:
    """Return the chosen rows; most often those are all, and then nothing is copied."""
    return posts if chosen.all() else posts.loc[chosen]


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Put the layers under each other; what only some of them tell is empty in the others."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return tables.ACTIONS.empty()
    joined = pd.concat(filled, ignore_index=True) if len(filled) > 1 else filled[0]
    for name in ("source", "language"):
        if name in joined:
            joined[name] = joined[name].fillna("")
    return joined


def _layer(posts: pd.DataFrame, own: pd.DataFrame, links: OnObjects, layer: str) -> OnObjects:
    """Return who acts on what in one layer, possibly nobody.

    `own` are the posts that are no reposts; the index of both is the post's row.
    """
    if layer == "url":
        return links
    if layer in ("repost", "reply"):
        acting, column = (posts, "repost_of") if layer == "repost" else (own, "reply_to")
        return _targets(acting, column, layer, authors=posts)
    if layer == "media":
        column = "media_hash" if "media_hash" in own else "media"
        return _with_site(_on(layer, _each_once(own, column)), links)
    if layer in ("object", "family"):
        return _with_site(_on(layer, _single(own, f"{layer}_id")), links)
    if layer == "narrative":
        return _on(layer, _single(own, "narrative_id"))
    tags = _on(layer, _each_once(own, f"{layer}s"))
    return replace(tags, sources=tags.objects)


def _on(layer: str, objects: pd.Series, sources: pd.Series | None = None) -> OnObjects:
    """Pair posts and objects; where the object is missing, the post takes no part."""
    chosen = objects.notna() & (objects != "")
    if not chosen.all():
        objects, sources = objects[chosen], None if sources is None else sources[chosen]
    return OnObjects(
        layer=layer,
        objects=objects.astype("str"),
        sources=None if sources is None else sources.astype("str"),
    )


def _single(posts: pd.DataFrame, column: str) -> pd.Series:
    return posts[column] if column in posts else pd.Series([], dtype="str")


def _each_once(posts: pd.DataFrame, column: str) -> pd.Series:
    """Return the items of lists under each other, each once a list; most lists are empty."""
    if column not in posts:
        return pd.Series([], dtype="str")
    filled = posts.loc[posts[column].map(bool), column]
    return filled.map(lambda found: sorted(set(found))).explode()


def _with_site(on: OnObjects, links: OnObjects) -> OnObjects:
    """Give each object the site that most posts with it link to, if any does."""
    if len(on.objects) == 0 or links.sources is None or len(links.sources) == 0:
        return on
    site_of = links.sources[~links.sources.index.duplicated()]
    site = site_of.reindex(on.objects.index)
    counts = pd.DataFrame({"object_id": on.objects.array, "site": site.array}).dropna()
    ranked = counts.value_counts().reset_index()
    ranked = ranked.sort_values(["object_id", "count", "site"], ascending=[True, False, True])
    commonest = ranked.drop_duplicates("object_id").set_index("object_id")["site"]
    # As text even where no post has a link: an empty map would be numbers.
    return replace(on, sources=on.objects.map(commonest).astype("str").fillna(""))


def _urls(posts: pd.DataFrame) -> OnObjects:
    raw = _each_once(posts, "urls")
    canonical = {url: canonical_url(url) for url in raw.unique()}
    domains = {url: registered_domain(url) for url in raw.unique()}
    return _on("url", raw.map(canonical), raw.map(domains))


def _targets(posts: pd.DataFrame, column: str, layer: str, *, authors: pd.DataFrame) -> OnObjects:
    found = _single(posts, column).dropna()
    if not len(found):
        return _on(layer, found)
    # Few posts are reposted or answered: only those are looked up.
    known = authors.loc[authors["post_id"].isin(found), ["post_id", "account_id"]]
    author_of = known.drop_duplicates("post_id").set_index("post_id")["account_id"]
    return _on(layer, found, found.map(author_of).astype("str"))
