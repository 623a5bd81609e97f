import numpy as np
import pandas as pd
import pytest

from disinfo import tables
from disinfo.errors import ParameterError
from disinfo.narratives import GroupByMeaning, describe, relabel, text_table
from disinfo.narratives.keywords import class_keywords
from disinfo.narratives.stability import resampled_stability
from disinfo.narratives.standing import units
from disinfo.narratives.stop_words import stop_words

NONE = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
LANGUAGES = ("en", "pl", "uk", "ru", "de", "fr", "es", "it", "cs", "sk", "ro", "hu", "bg")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_function_words(language):
    words = stop_words(language)
    assert len(words) > 60
    assert all(word == word.casefold() for word in words)


def test_function_words_are_no_keywords_even_of_two_texts():
    texts = pd.Series(["because the bridge fell", "because that bridge burned"])
    found = class_keywords(texts, pd.Series(["en", "en"]), pd.Series(["a", "a"]))
    assert set(found["a"]) == {"bridge", "fell", "burned"}


def _described():
    rows = np.repeat(np.eye(3, 16), 4, axis=0) + 0.02 * np.random.default_rng(0).normal(
        size=(12, 16)
    )
    nouns = np.repeat(["bridge", "harvest", "ferry"], 4)
    posts = pd.DataFrame(
        {
            "post_id": [f"{n:02d}" for n in range(12)],
            "account_id": "a",
            "text": [f"{noun} story {'again ' * n}" for n, noun in enumerate(nouns)],
            "created_at": pd.Timestamp("2025-05-01", tz="UTC"),
        }
    )
    texts, text_id = text_table(posts)
    order = text_id.to_numpy().argsort()
    grouped = GroupByMeaning()(texts, units(rows[order]), tables.LINKS.empty())
    narrative = grouped["membership"].set_index("text_id")["narrative_id"]
    family = grouped["family_members"].set_index("text_id")["family_id"]
    posts = posts.assign(
        text_id=text_id, narrative_id=text_id.map(narrative), family_id=text_id.map(family)
    )
    return texts, grouped, describe(posts, texts, units(rows[order]), grouped)


def test_labels_may_come_from_a_function_and_nothing_else_changes():
    texts, grouped, described = _described()
    before = described["narratives"]
    asked = []

    def label(keywords, samples):
        asked.append((keywords, samples))
        return f"  about {samples[0].split()[0]} "

    after = relabel(before, texts, grouped["membership"], label=label)
    assert set(after["label"]) == {"about bridge", "about harvest", "about ferry"}
    assert all(len(samples) == 4 for _, samples in asked)
    pd.testing.assert_frame_equal(after.drop(columns="label"), before.drop(columns="label"))
    one = relabel(before, texts, grouped["membership"], label=label, top=1)
    assert (one["label"] != before["label"]).sum() == 1
    with pytest.raises(ParameterError, match="not a text"):
        relabel(before, texts, grouped["membership"], label=lambda keywords, samples: "")


def test_clear_stories_are_stable_and_no_narrative_is_hidden():
    _, grouped, described = _described()
    narratives = described["narratives"]
    assert len(narratives) == 3
    assert (narratives["stability"] > 0.9).all()
    assert not narratives["weak"].any()
    assert grouped["topic_members"]["stability"].notna().all()


def test_a_story_held_together_by_chance_is_less_stable():
    # One family far from two near ones: together above the floor on average only.
    rng = np.random.default_rng(3)
    centres = np.zeros((3, 64))
    centres[0, :2], centres[1, :2], centres[2, :3] = (1, 0), (0.9, 0.4), (0.28, 0.0, 0.96)
    rows = units(np.repeat(centres, 6, axis=0) + 0.12 * rng.normal(size=(18, 64)))
    families = np.repeat(np.arange(3), 6)
    loose = resampled_stability(rows, families, np.zeros(18, dtype=int), NONE, floor=0.2)
    firm = resampled_stability(rows[:12], families[:12], np.zeros(12, dtype=int), NONE, floor=0.2)
    assert firm[0] == 1.0
    assert 0.4 < loose[0] < 1.0


def test_texts_alone_have_no_stability():
    found = resampled_stability(
        np.eye(3, dtype=np.float32), np.arange(3), np.arange(3), NONE, floor=0.3
    )
    assert np.isnan(found).all()
