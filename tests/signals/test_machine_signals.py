from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from disinfo import signals, tables
from disinfo.errors import ModelError
from disinfo.signals import MachineWriting
from disinfo.stages import GROUPS, Findings
from disinfo.writing import fit_writing, machine_posts

START = pd.Timestamp("2025-05-01", tz="UTC")


def _careless(n, seed):
    rng = np.random.default_rng(seed)
    words = [
        "the",
        "and",
        "but",
        "so",
        "i",
        "you",
        "it",
        "is",
        "was",
        "not",
        "bridge",
        "city",
        "vote",
        "money",
        "road",
        "school",
    ]
    return [" ".join(rng.choice(words, 12)) + "..." for _ in range(n)]


def _findings(members_text, links=()):
    """Five members write twelve texts each, thirty others write carelessly."""
    careless = _careless(30 * 6, seed=3)
    rows = [(f"m{k % 5}", text, True) for k, text in enumerate(members_text)]
    rows += [(f"o{k % 30:02d}", text, False) for k, text in enumerate(careless)]
    frame = pd.DataFrame(rows, columns=["account_id", "text", "shared"])
    frame["post_id"] = [f"p{k:03d}" for k in range(len(frame))]
    frame["text_id"] = "t-" + frame["text"]
    frame["family_id"] = "f-" + frame["post_id"]
    frame["narrative_id"] = np.where(frame["shared"], "n-1", "n-2")
    frame["language"] = "en"
    frame["created_at"] = START + pd.to_timedelta(np.arange(len(frame)), unit="min")
    texts = frame.drop_duplicates("text_id")
    shared = frame[frame["shared"]]
    members = pd.DataFrame({"account_id": sorted(set(shared["account_id"]))})
    return Findings(
        posts=tables.POSTS.check(frame.drop(columns="shared")),
        texts=tables.TEXTS.check(
            texts[["text_id", "text", "language"]].assign(n_posts=1, n_accounts=1, first_seen=START)
        ),
        links=tables.LINKS.check(pd.DataFrame(list(links), columns=list(tables.LINKS.columns)))
        if links
        else tables.LINKS.empty(),
        groups=GROUPS.check(
            pd.DataFrame(
                {"campaign_id": ["c-1"], "layers": [["url"]], "window_s": 60, "p": 0.0, "q": 0.01}
            )
        ),
        members=tables.MEMBERS.check(
            members.assign(campaign_id="c-1", strength=9.0, dedication=1.0)
        ),
        campaign_objects=tables.CAMPAIGN_OBJECTS.check(
            pd.DataFrame(
                {
                    "campaign_id": "c-1",
                    "kind": "family",
                    "object_id": "f-x",
                    "post_id": shared["post_id"],
                }
            )
        ),
    )


@pytest.fixture(scope="module")
def machine_texts():
    return machine_posts().query("language == 'en'")["text"].tolist()[:60]


@pytest.fixture(scope="module")
def model():
    human = pd.DataFrame({"text": _careless(150, seed=0), "language": "en"})
    return fit_writing(human, statement="made up")


def test_without_a_model_it_says_so(machine_texts):
    rows = signals.machine_writing(_findings(machine_texts))
    assert rows["status"].tolist() == ["missing"]
    assert "fit_writing" in rows["because"].iloc[0]


def test_pooled_writing_of_campaign_accounts_and_narratives(machine_texts, model, tmp_path):
    model.save(tmp_path / "m.json")
    rows = MachineWriting(model=tmp_path / "m.json")(_findings(machine_texts))
    assert rows["bits"].eq(0).all()
    campaign = rows[rows["subject"] == "campaign"].iloc[0]
    assert campaign["value"] > 0
    assert "likelier like machine posts" in campaign["because"]
    accounts = rows[rows["subject"] == "account"].set_index("subject_id")["value"]
    assert accounts["m0"] > 0 > accounts["o00"]
    assert set(rows.loc[rows["subject"] == "narrative", "subject_id"]) == {"n-1", "n-2"}


def test_no_single_post_is_judged(machine_texts, model):
    rows = MachineWriting(model=model)(_findings(machine_texts))
    posts = rows[rows["subject"] == "post"]
    assert len(posts) == 60
    assert posts["because"].str.contains("nothing of this post alone").all()
    few = MachineWriting(model=model, min_posts=61)(_findings(machine_texts))
    assert few[few["subject"] == "campaign"]["status"].tolist() == ["missing"]
    with pytest.raises(ModelError):
        MachineWriting(model="no such file")


def test_residue_rows_for_campaign_and_posts(machine_texts):
    texts = ["As an AI language model, I love this party", *machine_texts[:19]]
    rows = signals.machine_residue(_findings(texts))
    campaign = rows[rows["subject"] == "campaign"].iloc[0]
    assert np.isclose(campaign["value"], 1 / 20)
    post = rows[rows["subject"] == "post"]
    assert post["subject_id"].tolist() == ["p000"]
    assert "As an AI language model" in post["because"].iloc[0]


def _reworded(texts, lexical):
    ids = ["t-" + text for text in texts]
    return [(*sorted((a, b)), "reworded", 0.9, lexical) for a, b in pairwise(ids)]


def test_paraphrase_signature_compares_with_others(machine_texts):
    others = _careless(30 * 6, seed=3)[:20]
    links = _reworded(machine_texts, 0.3) + _reworded(others, 0.6)
    assert signals.paraphrase_signature(_findings(machine_texts, links))["value"].tolist() == [1.0]
    alone = signals.paraphrase_signature(_findings(machine_texts, _reworded(machine_texts, 0.3)))
    assert alone["status"].tolist() == ["missing"]


def test_one_hand_differs_less_than_strangers(machine_texts):
    rng = np.random.default_rng(0)
    uniform = [f"News — {word} is here! #vote" for word in "abcdefghijklmnopqrst"]
    value = signals.template_dispersion(_findings(uniform))["value"].iloc[0]
    mixed = [
        text.upper() if rng.random() < 0.5 else text + "!!! 👍👍" * int(rng.integers(0, 4))
        for text in machine_texts
    ]
    assert value > 0.9 > signals.template_dispersion(_findings(mixed))["value"].iloc[0]
