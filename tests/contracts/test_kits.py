"""Every built-in stage passes its kit, and each kit notices a stage that breaks its contract."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from disinfo import tables, testing
from disinfo.coordination import GroupTest, SharedObjects, SurpriseNull
from disinfo.links import LinkByMeaning
from disinfo.narratives import GroupByMeaning
from disinfo.scoring import ScorecardScore
from disinfo.signals import ALL_SIGNALS


def test_built_in_stages_pass():
    testing.check_link_texts(LinkByMeaning())
    testing.check_group_narratives(GroupByMeaning())
    testing.check_extract_actions(SharedObjects())
    testing.check_link_accounts(SurpriseNull())
    testing.check_group_accounts(GroupTest())
    testing.check_score(ScorecardScore())


@pytest.mark.parametrize("signal", ALL_SIGNALS, ids=lambda signal: signal.__name__)
def test_built_in_signals_pass(signal):
    testing.check_signal(signal)


def test_stages_are_frozen_and_keyword_only():
    for stage in (LinkByMeaning, GroupByMeaning, SharedObjects, SurpriseNull, GroupTest):
        assert stage.__dataclass_params__.frozen
        assert all(f.kw_only for f in dataclasses.fields(stage))


def test_the_default_embedding_passes():
    from disinfo.embedding import SentenceEmbedding

    testing.check_embed(SentenceEmbedding())


def _unit(rows):
    array = np.array(rows, dtype=np.float32).reshape(len(rows), 8)
    return array / np.maximum(np.linalg.norm(array, axis=1, keepdims=True), np.float32(1e-9))


def _hash_vectors(texts):
    return _unit([np.random.default_rng(len(text)).normal(size=8) for text in texts])


def test_a_plain_function_is_a_stage():
    testing.check_embed(_hash_vectors)


def test_an_embedding_that_looks_at_its_batch_is_noticed():
    def centred_on_the_batch(texts):
        array = _hash_vectors(texts)
        return _unit(array - array.mean(axis=0) * 0.5 if len(texts) else array)

    with pytest.raises(AssertionError, match="batch mates"):
        testing.check_embed(centred_on_the_batch)


def test_a_link_stage_that_invents_texts_is_noticed():
    def invents(texts, embeddings):
        row = ["t-0", "t-unknown", "near", 1.0, 1.0]
        return pd.DataFrame([row], columns=list(tables.LINKS.columns))

    with pytest.raises(AssertionError, match="unknown texts"):
        testing.check_link_texts(invents)


def test_an_edge_stage_that_forgets_the_number_of_pairs_is_noticed():
    def forgets(actions):
        edges = SurpriseNull(max_p=1.0)(actions)["edges"]
        return edges.assign(q=edges["p"] / 2)

    with pytest.raises(AssertionError, match="below p"):
        testing.check_link_accounts(forgets)


def test_a_group_stage_that_names_strangers_is_noticed():
    def strangers(actions, edges):
        found = GroupTest()(actions, edges)
        extra = pd.DataFrame(
            {"campaign_id": ["c-x"], "account_id": ["nobody"], "strength": 1.0, "dedication": 1.0}
        )
        return {**found, "members": pd.concat([found["members"], extra])}

    with pytest.raises(AssertionError, match="unknown accounts"):
        testing.check_group_accounts(strangers)


def test_a_signal_that_weighs_what_is_missing_is_noticed():
    def imputes(findings):
        row = ["campaign", "c-1", "x", np.nan, 3.0, "a guess", "missing"]
        return pd.DataFrame([row], columns=list(tables.EVIDENCE.columns))

    with pytest.raises(AssertionError, match="0 bits"):
        testing.check_signal(imputes)
