import numpy as np
import pandas as pd
import pytest

from disinfo import signals, tables
from disinfo.signals.exhibits import exhibits
from disinfo.stages import GROUPS, Findings

START = pd.Timestamp("2025-05-01", tz="UTC")
MEMBERS = ["m0", "m1", "m2", "m3"]


def _findings(*, gap_s=30, language_of=lambda member: "en", text_of=None, columns=()):
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


def test_exhibits_show_different_accounts_first():
    shown = exhibits(_findings())
    assert shown["rank"].tolist() == [1, 2, 3, 4]
    assert exhibits(Findings(posts=tables.POSTS.empty())).empty


@pytest.mark.parametrize("signal", signals.ALL_SIGNALS, ids=lambda signal: signal.__name__)
def test_no_campaign_no_rows(signal):
    assert signal(Findings(posts=tables.POSTS.empty())).empty
