"""A result of any size, made up without a search: the page's cost depends on tables alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from disinfo import tables
from disinfo.result import Result

_LANGUAGES = ("en", "pl", "de", "ru")
_WORDS = (
    "bridge", "harbour", "hostel", "council", "vote", "border", "train", "winter", "price",
    "school", "doctor", "river", "market", "refugee", "plan", "secret", "hidden", "share", "before",
    "gone", "nobody", "tells", "truth", "city", "paper", "minister", "fuel",
)  # fmt: skip


def large_result(
    *, n_posts: int, n_campaigns: int, n_members: int, n_edges: int, seed: int = 0
) -> Result:
    """Make up a result.

    Parameters
    ----------
    n_posts
        Posts, a fifth of them of campaigns.
    n_campaigns, n_members, n_edges
        Campaigns, their members in all, and edges between members of the same campaign.
    seed
        Seed of everything drawn.

    Returns
    -------
    Result
        Tables that fit together and pass their checks. The scores mean nothing.
    """
    rng = np.random.default_rng(seed)
    campaigns = [f"c-{i:04x}" for i in range(n_campaigns)]
    of_member = np.sort(rng.integers(0, n_campaigns, n_members))
    posts = _posts(rng, n_posts, of_member, campaigns)
    narratives = _narratives(posts)
    mine = posts[posts["campaign_id"].notna()]
    return Result(
        posts=tables.POSTS.check(posts, sort=False),
        texts=tables.TEXTS.check(
            posts.drop_duplicates("text_id")[["text_id", "text", "language"]].assign(
                n_posts=1, n_accounts=1, first_seen=posts["created_at"].min()
            )
        ),
        narratives=narratives,
        membership=tables.MEMBERSHIP.check(
            posts.drop_duplicates("text_id")[["text_id", "narrative_id"]].assign(weight=1.0)
        ),
        first_seen=_first_seen(posts),
        edges=_edges(rng, of_member, n_edges),
        campaigns=_campaigns(rng, mine, of_member, campaigns),
        members=_members(rng, of_member, campaigns),
        campaign_objects=tables.CAMPAIGN_OBJECTS.check(
            mine[["campaign_id", "post_id"]].assign(kind="family", object_id="f-" + mine["text_id"])
        ),
        accounts=_accounts(rng, of_member, campaigns),
        evidence=_evidence(rng, campaigns),
        manifest={
            "version": "made up", "created_from": f"{n_posts} posts", "n_read": n_posts,
            "n_posts": n_posts, "n_texts": n_posts // 2, "n_accounts": n_members + 9000,
            "n_accounts_tested": n_members, "n_candidates": 2 * n_campaigns, "alpha": 0.05,
            "prevalence": 0.2, "seed": seed, "lookalikes": ["newswire", "fan club"],
        },
    )  # fmt: skip


def _name(i: int) -> str:
    return f"account_{i:05d}"


def _posts(
    rng: np.random.Generator, n: int, of_member: np.ndarray, campaigns: list[str]
) -> pd.DataFrame:
    is_mine = rng.random(n) < 0.2
    member = rng.integers(0, len(of_member), n)
    text = rng.integers(0, max(2, n // 2), n)
    words = np.array(_WORDS)[rng.integers(0, len(_WORDS), (n, 18))]
    minutes = np.sort(rng.uniform(0, 30 * 1440, n)).round(1)
    return pd.DataFrame(
        {
            "post_id": [f"p{i:07d}" for i in range(n)],
            "account_id": [
                _name(m) if mine else f"person_{o:05d}"
                for m, mine, o in zip(member, is_mine, rng.integers(0, 9000, n), strict=True)
            ],
            "text": [" ".join(row) for row in words],
            "created_at": pd.Timestamp("2025-05-01", tz="UTC") + pd.to_timedelta(minutes, unit="m"),
            "platform": "x",
            "language": np.array(_LANGUAGES)[rng.integers(0, len(_LANGUAGES), n)],
            "text_id": [f"t-{i:06d}" for i in text],
            "family_id": [f"f-{i:06d}" for i in text],
            "narrative_id": [f"n-{i % 700:04d}" for i in text],
            "campaign_id": [
                campaigns[of_member[m]] if mine else None
                for m, mine in zip(member, is_mine, strict=True)
            ],
            "probability": np.nan,
        }
    )


def _narratives(posts: pd.DataFrame) -> pd.DataFrame:
    groups = posts.groupby("narrative_id")
    frame = pd.DataFrame(
        {
            "topic_id": [f"o-{int(name[2:]) % 12}" for name in groups.groups],
            "label": groups["text"].first().str.split().str[:4].str.join(", "),
            "keywords": [["bridge", "hostel"]] * len(groups),
            "medoid_text_id": groups["text_id"].first(), "n_texts": groups["text_id"].nunique(),
            "n_posts": groups.size(), "n_accounts": groups["account_id"].nunique(),
            "n_languages": groups["language"].nunique(),
            "first_seen": groups["created_at"].min(), "last_seen": groups["created_at"].max(),
            "coherence": 0.8,
        }
    ).reset_index()  # fmt: skip
    return tables.NARRATIVES.check(frame)


def _first_seen(posts: pd.DataFrame) -> pd.DataFrame:
    keys = ["narrative_id", "language", "platform"]
    first = posts.sort_values("created_at").drop_duplicates(keys)
    return tables.FIRST_SEEN.check(first[[*keys, "account_id"]].assign(at=first["created_at"]))


def _edges(rng: np.random.Generator, of_member: np.ndarray, n: int) -> pd.DataFrame:
    a = rng.integers(0, len(of_member), 3 * n)
    # A partner of the same campaign: the members of one lie side by side.
    begin = np.searchsorted(of_member, of_member[a], side="left")
    size = np.searchsorted(of_member, of_member[a], side="right") - begin
    b = begin + rng.integers(0, 1 << 30, 3 * n) % size
    pairs = np.unique(np.sort(np.column_stack([a, b])[a != b], axis=1), axis=0)
    pairs = pairs[rng.permutation(len(pairs))[:n]]
    p = 10 ** -rng.uniform(3, 12, len(pairs))
    return tables.EDGES.check(
        pd.DataFrame(
            {
                "account_a": [_name(i) for i in pairs[:, 0]],
                "account_b": [_name(i) for i in pairs[:, 1]],
                "layer": "all", "window_s": 0, "co_actions": 5, "expected": 0.1,
                "surprise_bits": 20.0, "p": p, "q": p * 100, "carrier_layer": "family",
                "carrier_window_s": 3600.0, "lead_share": 0.5, "median_delay_s": 60.0,
            }
        )
    )  # fmt: skip


def _campaigns(
    rng: np.random.Generator, mine: pd.DataFrame, of_member: np.ndarray, campaigns: list[str]
) -> pd.DataFrame:
    n_posts = mine["campaign_id"].value_counts()
    stories = mine.groupby("campaign_id")["narrative_id"].agg(lambda s: sorted(set(s))[:40])
    probability = rng.uniform(0.05, 0.95, len(campaigns))
    return tables.CAMPAIGNS.check(
        pd.DataFrame(
            {
                "campaign_id": campaigns,
                "n_accounts": np.bincount(of_member, minlength=len(campaigns)),
                "n_posts": [int(n_posts.get(name, 0)) for name in campaigns],
                "narratives": [stories.get(name, []) for name in campaigns],
                "layers": [["family"]] * len(campaigns), "window_s": 3600, "p": 1e-6, "q": 1e-4,
                "probability": probability, "low": probability * 0.7,
                "high": np.minimum(1, probability * 1.2),
                "verdict": [
                    "likely inauthentic" if x > 0.8 else "coordinated, unclear" for x in probability
                ],
                "lookalike": None,
            }
        ),
        sort=False,
    )  # fmt: skip


def _members(rng: np.random.Generator, of_member: np.ndarray, campaigns: list[str]) -> pd.DataFrame:
    return tables.MEMBERS.check(
        pd.DataFrame(
            {
                "campaign_id": [campaigns[i] for i in of_member],
                "account_id": [_name(i) for i in range(len(of_member))],
                "strength": rng.uniform(3, 20, len(of_member)),
                "dedication": rng.uniform(0.2, 1, len(of_member)),
            }
        )
    )


def _accounts(
    rng: np.random.Generator, of_member: np.ndarray, campaigns: list[str]
) -> pd.DataFrame:
    probability = rng.uniform(0.1, 0.9, len(of_member))
    return tables.ACCOUNTS.check(
        pd.DataFrame(
            {
                "account_id": [_name(i) for i in range(len(of_member))],
                "probability": probability, "low": probability * 0.7, "high": probability,
                "n_posts": 20, "campaign_id": [campaigns[i] for i in of_member],
                "verdict": "coordinated, unclear",
            }
        )
    )  # fmt: skip


def _evidence(rng: np.random.Generator, campaigns: list[str]) -> pd.DataFrame:
    rows = [
        ("campaign", name, signal, float(rng.uniform(0, 1)), float(rng.normal()), "made up", "ok")
        for name in campaigns
        for signal in ("paraphrase", "synchrony", "dedication", "rhythm", "copypasta")
    ]
    return tables.EVIDENCE.check(pd.DataFrame(rows, columns=list(tables.EVIDENCE.columns)))
