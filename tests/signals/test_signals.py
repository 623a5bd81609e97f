import gc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from disinfo import signals, tables
from disinfo.signals import campaign_view
from disinfo.signals.campaign_view import campaign_views
from disinfo.signals.exhibits import exhibits
from disinfo.signals.lookalike_domains import imitated
from disinfo.signals.regularity import burstiness
from disinfo.stages import GROUPS, Findings

START = pd.Timestamp("2025-05-01", tz="UTC")
MEMBERS = ["m0", "m1", "m2", "m3"]


def _findings(*, gap_s=30, language_of=lambda member: "en", text_of=None, columns=(), extra=None):
    """Four members act on ten objects, ten others write all day; each argument bends one trait."""
    rows = []
    for wave in range(10):
        for number, member in enumerate(MEMBERS):
            text = text_of(wave, number) if text_of else f"wave {wave}"
            rows.append(
                {
                    "account_id": member,
                    "created_at": START + pd.Timedelta(hours=5 * wave, seconds=gap_s * number),
                    "text": text,
                    "family_id": f"f-{wave}",
                    "language": language_of(number),
                    "urls": [f"https://pushed.example/{wave}"],
                    "shared": True,
                    "account_created_at": START - pd.Timedelta(days=20),
                }
            )
    for other in range(10):
        for post in range(25):
            rows.append(
                {
                    "account_id": f"o{other}",
                    "created_at": START + pd.Timedelta(days=post, hours=8 + post % 12),
                    "text": f"other {other} {post}",
                    "family_id": f"f-o{other}-{post}",
                    "language": "en",
                    "urls": [f"https://site{post % 7}.example/{other}"],
                    "shared": False,
                    "account_created_at": START - pd.Timedelta(days=500 + 90 * other),
                }
            )
    frame = pd.DataFrame(rows)
    frame["post_id"] = [f"p{number:03d}" for number in range(len(frame))]
    if extra is not None:
        frame = frame.assign(**extra(frame))
    frame["text_id"] = "t-" + frame["text"] + frame["language"]
    texts = frame.drop_duplicates("text_id")
    shared = frame[frame["shared"]]
    return Findings(
        posts=tables.POSTS.check(frame.drop(columns=["shared", *columns])),
        texts=tables.TEXTS.check(
            texts[["text_id", "text", "language"]].assign(n_posts=1, n_accounts=1, first_seen=START)
        ),
        groups=GROUPS.check(
            pd.DataFrame(
                {"campaign_id": ["c-1"], "layers": [["url"]], "window_s": 60, "p": 0.0, "q": 0.01}
            )
        ),
        members=tables.MEMBERS.check(
            pd.DataFrame(
                {"campaign_id": "c-1", "account_id": MEMBERS, "strength": 9.0, "dedication": 1.0}
            )
        ),
        campaign_objects=tables.CAMPAIGN_OBJECTS.check(
            pd.DataFrame(
                {
                    "campaign_id": "c-1",
                    "kind": "family",
                    "object_id": shared["family_id"],
                    "post_id": shared["post_id"],
                }
            )
        ),
    )


def _value(signal, findings):
    rows = signal(findings)
    assert len(rows) == 1
    assert rows["bits"].tolist() == [0.0]  # weighing is the score's business
    return rows["value"].iloc[0]


def test_synchrony_is_the_logarithm_of_the_delay():
    assert np.isclose(_value(signals.synchrony, _findings(gap_s=10)), -1)
    assert np.isclose(_value(signals.synchrony, _findings(gap_s=1000)), -3)


def test_copypasta_counts_equal_texts_and_paraphrase_linked_ones():
    assert _value(signals.copypasta, _findings()) == 1.0
    different = _findings(text_of=lambda wave, number: f"wording {number} of wave {wave}")
    assert _value(signals.copypasta, different) == 0.0
    ids = sorted(different.texts["text_id"][different.texts["text"].str.contains("of wave 0")])
    links = pd.DataFrame(
        [[ids[0], ids[1], "reworded", 0.9, 0.3]], columns=list(tables.LINKS.columns)
    )
    linked = Findings(**{**vars(different), "links": tables.LINKS.check(links)})
    assert np.isclose(_value(signals.paraphrase, linked), 2 / 40)
    assert _value(signals.copypasta, linked) == 0.0


def test_dedication():
    assert _value(signals.dedication, _findings()) == 1.0


def test_account_ages():
    assert _value(signals.young_accounts, _findings()) == 1.0
    assert _value(signals.creation_burst, _findings()) == 1.0


@pytest.mark.parametrize("signal", [signals.young_accounts, signals.creation_burst])
def test_missing_columns_are_said(signal):
    rows = signal(_findings(columns=["account_created_at"]))
    assert rows["status"].tolist() == ["missing"]
    assert "account_created_at" in rows["because"].iloc[0]
    assert rows["value"].isna().all()


def test_sources():
    assert _value(signals.source_concentration, _findings()) == 1.0
    rows = signals.source_concentration(_findings(columns=["urls"]))
    assert rows["status"].tolist() == ["missing"]


def test_obfuscation_is_measured_against_others():
    hidden = _findings(text_of=lambda wave, number: f"Vаcсine {wave}")
    assert _value(signals.obfuscation, hidden) == 1.0
    assert _value(signals.obfuscation, _findings()) == 0.0


def test_language_spread_and_switch():
    many = _findings(language_of=lambda number: ["en", "pl", "de", "uk"][number])
    assert _value(signals.language_spread, many) == 1.0
    assert _value(signals.language_spread, _findings()) == 0.0
    assert _value(signals.language_switch, many) == 0.0


def test_refutation():
    debunks = _findings(text_of=lambda wave, number: f"FALSE: nothing of it is true, {wave}")
    assert _value(signals.no_refutation, debunks) == 0.0
    assert _value(signals.no_refutation, _findings()) == 1.0


def test_rhythm_needs_busy_accounts():
    rows = signals.rhythm(_findings())
    assert rows["status"].tolist() == ["missing"]  # ten posts a member are too few


def _handles(frame):
    named = frame["account_id"].where(~frame["shared"], "patriot" + frame["account_id"].str[1:])
    return {"account_handle": named + "_" + frame["account_id"].map(lambda a: a * 2)}


def test_handles_of_one_pattern():
    assert _value(signals.handle_template, _findings(extra=_handles)) == 1.0
    odd = _findings(extra=lambda frame: {"account_handle": "x" + frame["account_id"]})
    # All are made alike, members and others: nothing beyond the usual.
    assert _value(signals.handle_template, odd) == 0.0


def test_equal_counts_are_measured_against_others():
    def counts(frame):
        return {
            "account_followers": np.where(frame["shared"], 106, np.arange(len(frame))),
            "account_following": 0,
        }

    findings = _findings(extra=counts)
    assert _value(signals.equal_counts, findings) == 1.0
    assert "106 followers" in signals.equal_counts(findings)["because"].iloc[0]
    assert (
        _value(
            signals.equal_counts, _findings(extra=lambda f: counts(f) | {"account_followers": 0})
        )
        == 0.0
    )


def test_shared_pictures_leave_out_the_default_one():
    one = _findings(extra=lambda f: {"account_avatar": f["account_id"].where(~f["shared"], "x")})
    assert _value(signals.shared_avatar, one) == 1.0
    default = _findings(extra=lambda _: {"account_avatar": "default.png"})
    assert _value(signals.shared_avatar, default) == 0.0


def test_even_intervals():
    text_of = None
    even = _findings(text_of=text_of)
    assert signals.regularity(even)["status"].tolist() == ["missing"]

    def often(frame):
        # Members every half hour; others early in each of their hours, or late.
        step = frame.groupby("account_id").cumcount()
        jitter = np.random.default_rng(0).exponential(3000, len(frame))
        seconds = np.where(frame["shared"], step * 1800.0, jitter.cumsum())
        return {"created_at": START + pd.to_timedelta(seconds, unit="s")}

    thrice = _findings(extra=lambda frame: often(frame))
    posts = pd.concat(
        [
            thrice.posts.assign(
                post_id=thrice.posts["post_id"] + str(part),
                created_at=thrice.posts["created_at"] + pd.Timedelta(hours=5 * part),
            )
            for part in range(3)
        ]
    )
    busy = Findings(**{**vars(thrice), "posts": tables.POSTS.check(posts)})
    assert _value(signals.regularity, busy) == 1.0


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=50))
def test_burstiness_is_bounded(gaps):
    assert -1.0 - 1e-9 <= burstiness(np.array(gaps)) <= 1.0 + 1e-9


def test_links_to_lookalike_sites():
    def links(site):
        known = "https://bundesblatt.de/x"
        return lambda f: {
            "urls": [[f"https://{site}/a"] if one else [known] for one in f["shared"]]
        }

    assert _value(signals.lookalike_domains, _findings(extra=links("bundesblatt.ltd"))) == 1.0
    assert _value(signals.lookalike_domains, _findings(extra=links("bundesblatt.de"))) == 0.0
    assert _value(signals.lookalike_domains, _findings(extra=links("morgenpost.de"))) == 0.0


@pytest.mark.parametrize(
    "site",
    [
        "bundesblatt.ltd",
        "bundesb1att.de",
        "bundesblat.de",
        "bundesblatt-live.com",
        "xn--bundesbltt-6qi.de",
    ],
)
def test_imitations(site):
    assert imitated(site, ("bundesblatt.de",)) == "bundesblatt.de"
    assert imitated(site, ("morgenpost.de",)) is None
    assert imitated("bbc.co.uk", ("bbc.com",)) is None


def test_a_new_subject_halfway():
    def tags(frame):
        post = frame.groupby("account_id").cumcount()
        late = frame["shared"] & (post >= 5)
        return {"hashtags": [["election"] if one else ["football"] for one in late]}

    assert _value(signals.topic_switch, _findings(extra=tags)) == 1.0
    same = _findings(extra=lambda frame: {"hashtags": [["football"]] * len(frame)})
    assert _value(signals.topic_switch, same) == 0.0


def test_platforms():
    assert signals.platform_spread(_findings())["status"].tolist() == ["missing"]
    spread = _findings(
        extra=lambda f: {"platform": np.where(f["account_id"].isin(["m0", "o1"]), "x", "telegram")}
    )
    assert _value(signals.platform_spread, spread) == 1.0


@pytest.mark.parametrize(
    ("signal", "column"),
    [
        (signals.handle_template, "account_handle"),
        (signals.equal_counts, "account_followers"),
        (signals.shared_avatar, "account_avatar"),
        (signals.topic_switch, "hashtags"),
        (signals.platform_spread, "platform"),
    ],
)
def test_what_a_column_would_show_is_missing_without_it(signal, column):
    rows = signal(_findings())
    assert column not in _findings().posts
    assert rows["status"].tolist() == ["missing"]
    assert rows["value"].isna().all()


def test_removing_a_column_changes_its_own_rows_only():
    def columns(frame):
        return _handles(frame) | {"account_followers": np.arange(len(frame))}

    def evidence(findings):
        rows = pd.concat([signal(findings) for signal in signals.ALL_SIGNALS])
        return rows.set_index("signal").drop(columns=["subject", "subject_id"])

    whole = evidence(_findings(extra=columns))
    without = evidence(_findings(extra=columns, columns=["account_handle"]))
    changed = [name for name in whole.index if not whole.loc[name].equals(without.loc[name])]
    assert changed == ["handle_template"]


def test_views_are_made_once_and_let_go():
    findings = _findings()
    assert campaign_views(findings) is campaign_views(findings)
    key = id(findings)
    assert key in campaign_view._VIEWS
    del findings
    gc.collect()
    assert key not in campaign_view._VIEWS


def test_exhibits_show_different_accounts_first():
    shown = exhibits(_findings())
    assert shown["rank"].tolist() == [1, 2, 3, 4]
    assert exhibits(Findings(posts=tables.POSTS.empty())).empty


@pytest.mark.parametrize("signal", signals.ALL_SIGNALS, ids=lambda signal: signal.__name__)
def test_no_campaign_no_rows(signal):
    assert signal(Findings(posts=tables.POSTS.empty())).empty
