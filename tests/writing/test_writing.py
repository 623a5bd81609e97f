import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.errors import ModelError, SchemaError
from disinfo.writing import fit_writing, load_writing, machine_posts, machine_share, pool
from disinfo.writing.pooling import intraclass_correlation
from disinfo.writing.style import letter_ngrams, ngrams, style_tokens

SPREADS = {"human": -1.0, "machine": 1.0, "spread": 1.0, "correlation": 0.1}


def _human(n=150, seed=0):
    """Posts of people who write carelessly: no capitals, dots in rows, an account each five."""
    rng = np.random.default_rng(seed)
    words = list("abcdefgh") + "the and but so you it is was not bridge city vote".split()  # noqa: SIM905
    texts = [" ".join(rng.choice(words, 12)) + "..." for _ in range(n)]
    return pd.DataFrame(
        {"text": texts, "language": "en", "account_id": [f"a{k // 5}" for k in range(n)]}
    )


@pytest.fixture(scope="module")
def model():
    return fit_writing(_human(), statement="made up")


def test_shipped_posts_are_machine_posts_only():
    posts = machine_posts()
    assert posts.groupby("language").size().to_dict() == {"en": 292, "ru": 90, "uk": 98}
    assert posts["kind"].nunique() == 5
    assert "pair_id" not in posts


def test_a_model_tells_apart_what_differs(model):
    style = model.styles["en"]
    fresh = _human(40, seed=1)
    human = style.score(fresh["text"].tolist())
    machine = style.score(machine_posts().query("language == 'en'")["text"].tolist()[:40])
    assert human.mean() < machine.mean()
    assert style.pool(human).bits < 0 < style.pool(machine).bits
    assert style.share(human).high < style.share(machine).low
    assert set(model.styles) == {"en"}  # people wrote nothing else


def test_own_scores_are_those_of_the_regression(model):
    from disinfo.writing import fitting

    machine = machine_posts().query("language == 'en'").sort_values("text")
    human = _human().sort_values("text")
    words = frozenset(model.styles["en"].function_words)
    scorer = fitting._scorer(human["text"].tolist(), machine["text"].tolist(), words)
    texts = ["So it is: the BRIDGE — again! 👍", "i was not you...", ""]
    assert np.allclose(model.styles["en"].score(texts), scorer(texts), atol=0.01)


def test_order_of_rows_cannot_show(model):
    again = fit_writing(_human().iloc[::-1], machine_posts().iloc[::-1], statement="made up")
    assert again == model


def test_a_model_survives_saving(model, tmp_path):
    model.save(tmp_path / "writing.json")
    assert load_writing(tmp_path / "writing.json") == model


@pytest.mark.parametrize(
    "content", ["", "[]", '{"format": 2}', '{"format": 1, "styles": {"en": {}}}']
)
def test_broken_models_are_refused(content, tmp_path):
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(ModelError):
        load_writing(tmp_path / "x.json")


def test_what_cannot_be_fitted_is_said():
    with pytest.raises(SchemaError, match="language"):
        fit_writing(pd.DataFrame({"text": ["x"]}))
    with pytest.raises(SchemaError, match="40"):
        fit_writing(_human(20))
    with pytest.raises(SchemaError, match="40"):
        fit_writing(_human().assign(language="pl"))


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=60), st.floats(0, 1))
def test_more_machine_like_posts_never_lower_the_bits(scores, correlation):
    spreads = SPREADS | {"correlation": correlation}
    before, after = pool(scores, **spreads), pool([s + 0.5 for s in scores], **spreads)
    assert after.bits > before.bits
    assert 1 - 1e-9 <= before.n_eff <= len(scores) + 1e-9


def test_correlated_posts_are_worth_less():
    scores = [0.5] * 100
    assert pool(scores, **SPREADS).n_eff < 10
    assert pool(scores, **SPREADS | {"correlation": 0.0}).n_eff == 100


def test_bits_are_calibrated_where_the_model_holds():
    rng = np.random.default_rng(0)
    bits, truth = [], []
    for number in range(4000):
        machine = number % 2 == 0
        mean = 0.5 if machine else -0.5
        shift = rng.normal(0, np.sqrt(0.1))
        scores = mean + shift + rng.normal(0, np.sqrt(0.9), 10)
        spreads = {"human": -0.5, "machine": 0.5, "spread": 1.0, "correlation": 0.1}
        bits.append(pool(scores, **spreads).bits)
        truth.append(machine)
    probability = 1 / (1 + 2 ** -np.array(bits))
    for low, high in ((0.1, 0.3), (0.3, 0.7), (0.7, 0.9)):
        inside = (probability > low) & (probability < high)
        assert abs(probability[inside].mean() - np.array(truth)[inside].mean()) < 0.06


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(0.1, 0.9))
def test_the_share_is_near_the_truth(seed, share):
    rng = np.random.default_rng(seed)
    machine = rng.random(400) < share
    scores = np.where(machine, 1.5, -1.5) + rng.normal(0, 1, 400)
    found = machine_share(scores, human=-1.5, machine=1.5, spread=1.0, correlation=0.0)
    assert found.low <= found.share <= found.high
    assert abs(found.share - machine.mean()) < 0.12


def test_no_posts_no_statement():
    assert pool([], **SPREADS).bits == 0
    nothing = machine_share([], **SPREADS)
    assert (nothing.low, nothing.high) == (0.0, 1.0)


def test_intraclass_correlation_is_found_again():
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(200), 10)
    scores = rng.normal(0, np.sqrt(0.3), 200)[groups] + rng.normal(0, np.sqrt(0.7), 2000)
    assert abs(intraclass_correlation(scores, groups) - 0.3) < 0.07
    assert intraclass_correlation([1.0, 2.0], ["a", "b"]) == 0.0


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_a_style(text):
    tokens = style_tokens(text, {"the"})
    assert tokens[0] == "<"
    assert tokens[-1] == ">"
    assert all(list(ngrams(tokens)))
    list(letter_ngrams(text))


def test_a_reworded_human_post_is_left_out_with_its_rewording():
    from disinfo.writing.fitting import _with_pairs

    human = pd.DataFrame({"pair_id": ["p1", "p2", None, "p3"]})
    machine = pd.DataFrame({"pair_id": ["p2", "p1", None]})
    kinds = np.array(["formal", "terse", "formal"])
    folds = _with_pairs(np.array([4, 4, 4, 4]), human, machine, kinds)
    assert folds.tolist() == [1, 0, 4, 4]
    alone = _with_pairs(np.array([4, 4, 4, 4]), human[[]], machine, kinds)
    assert alone.tolist() == [4, 4, 4, 4]


def test_pairs_do_not_make_the_model_doubt_itself():
    """What a person writes about is no trait of people; rewordings share it."""
    rng = np.random.default_rng(3)
    subjects = [f"{a}{b}" for a in "bcdfghklmn" for b in ("aru", "ole", "iti", "ume", "ado", "eno")]
    rows = []
    for number, subject in enumerate(subjects):
        words = " ".join(rng.permutation([subject, subject + "s", "bridge", "river", "people"]))
        rows.append(("human", words + "...", "", f"p{number}"))
        rows.append(("machine", words.capitalize() + ".", "abc"[number % 3], f"p{number}"))
    table = pd.DataFrame(rows, columns=["side", "text", "kind", "pair_id"]).assign(language="en")
    human, machine = (table[table["side"] == side] for side in ("human", "machine"))
    knowing = fit_writing(human, machine).styles["en"]
    ignorant = fit_writing(human.drop(columns="pair_id"), machine).styles["en"]
    assert knowing.machine - knowing.human > ignorant.machine - ignorant.human
