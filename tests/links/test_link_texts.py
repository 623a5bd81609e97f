import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo import tables
from disinfo.errors import ModelError, ParameterError, SchemaError
from disinfo.links import LinkByMeaning
from disinfo.links.calibration import load_calibration
from disinfo.text.opposition import comments, doubtful, opposed, other_detail, other_numbers, stance


def _table(texts, languages):
    return tables.TEXTS.check(
        pd.DataFrame(
            {
                "text_id": [f"t-{number}" for number in range(len(texts))],
                "text": texts,
                "language": languages,
                "n_posts": 1,
                "n_accounts": 1,
                "first_seen": pd.NaT,
            }
        )
    )


def _vectors(groups, d=32, noise=0.3):
    """Unit vectors: equal groups lie together, others apart."""
    rng = np.random.default_rng(0)
    centres = {group: rng.normal(size=d) for group in sorted(set(groups))}
    rows = np.array([centres[g] + noise * rng.normal(size=d) for g in groups])
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_kinds():
    texts = [
        "The old bridge in Lipno is closed from Monday",
        "The old bridge in Lipno is closed from Monday!!! now",
        "From Monday on nobody may cross the ancient crossing at Lipno",
        "Stary most w Lipnie jest zamknięty od poniedziałku",
        "FAKE: no, the old bridge in Lipno is open as ever",
        "A completely different matter about football and cups",
    ]
    table = _table(texts, ["en", "en", "en", "pl", "en", "en"])
    links = LinkByMeaning()(table, _vectors([0, 0, 0, 0, 0, 1]))["links"]
    kind = {(a, b): k for a, b, k in zip(links.text_a, links.text_b, links.kind, strict=True)}
    assert kind["t-0", "t-1"] == "near"
    assert kind["t-0", "t-3"] == "translated"
    assert kind["t-0", "t-4"] == "opposed"
    assert all("t-5" not in pair for pair in kind)
    assert links["similarity"].between(0, 1).all()


def test_boilerplate_makes_no_copies():
    texts = [
        "RT @wire_service: Rain in the north https://short.example/abc",
        "RT @wire_service: Cup final tonight https://short.example/abc",
    ]
    links = LinkByMeaning()(_table(texts, ["en", "en"]), _vectors([0, 1]))["links"]
    assert links.empty


def test_short_texts_are_linked_only_as_copies():
    output = LinkByMeaning()(_table(["good morning", "hello there"], ["en"] * 2), _vectors([0, 0]))
    assert output["links"].empty
    assert output["dropped"]["n"].tolist() == [2]


@pytest.mark.parametrize(
    ("language", "claim", "denial"),
    [
        ("en", "The bridge is closed", "The bridge is not closed"),
        ("pl", "Most jest zamknięty", "Most nie jest zamknięty"),
        ("uk", "Міст закритий сьогодні", "Міст не закритий сьогодні"),
        ("ru", "Мост сегодня закрыт", "Мост сегодня не закрыт"),
        ("de", "Die Brücke ist gesperrt", "Die Brücke ist nicht gesperrt"),
        ("fr", "Le pont est fermé", "Le pont n'est pas fermé"),
        ("es", "El puente está cerrado", "El puente no está cerrado"),
    ],
)
def test_negation_opposes_and_a_copy_does_not(language, claim, denial):
    one, other = stance(claim, language), stance(denial, language)
    assert opposed(one, other, same_language=True, lexical_similarity=0.8)
    assert not opposed(one, one, same_language=True, lexical_similarity=1.0)


def test_a_long_text_is_not_turned_about_by_one_negation():
    long = "The bridge is closed and here is what happened on each day of that week. " * 4
    one, other = stance(long, "en"), stance(long + "Nobody knows why.", "en")
    assert not opposed(one, other, same_language=True, lexical_similarity=0.95)


def test_numbers_are_compared_by_value_and_one_left_out_changes_nothing():
    three, written = stance("3,000 ballots, 2 bags", "en"), stance("3000 ballots, 2 bags", "en")
    assert three.numbers == written.numbers
    fewer = stance("3 000 ballots in bags", "en")
    assert not opposed(three, fewer, same_language=True, lexical_similarity=0.9)


def test_a_copy_that_names_another_place_is_renamed_and_not_opposed():
    texts = [
        "we all saw that Lena Roth was paid in Lipno by the bank",
        "we all saw that Lena Roth was paid in Karsk by the bank",
        "yes it is true that Lena Roth was paid in Lipno by the bank",
    ]
    links = LinkByMeaning(min_lexical=0.7)(_table(texts, ["en"] * 3), _vectors([0, 0, 0]))["links"]
    kind = {(a, b): k for a, b, k in zip(links.text_a, links.text_b, links.kind, strict=True)}
    assert kind["t-0", "t-1"] == "renamed"
    assert kind["t-0", "t-2"] == "near"


def test_quoting_with_a_comment_links_what_an_edit_ratio_does_not():
    claim = "the dam above the town was opened on purpose at night"
    quote = "look what my neighbour sends me today: " + claim + " and nobody says a word about it"
    texts = [claim, quote, *[f"{w} has a story of its own to tell about {w}" for w in "abcdefgh"]]
    vectors = _vectors([0, 0, 1, 2, 3, 4, 5, 6, 7, 8], noise=0.7)
    links = LinkByMeaning()(_table(texts, ["en"] * len(texts)), vectors)["links"]
    assert {("t-0", "t-1")} <= set(zip(links.text_a, links.text_b, strict=True))


def _pair_of_rewordings():
    texts = [
        "the ministry keeps all village schools open next year",
        "every small country school goes on after the holidays, says the government",
    ]
    return _table(texts, ["en", "en"]), _vectors([0, 0])


def test_a_judge_is_asked_and_believed():
    asked = []

    def judge(first, second):
        asked.extend(zip(first, second, strict=True))
        return np.full(len(first), 0.9)

    texts, vectors = _pair_of_rewordings()
    assert LinkByMeaning()(texts, vectors)["links"]["kind"].tolist() == ["reworded"]
    assert LinkByMeaning(judge=judge)(texts, vectors)["links"]["kind"].tolist() == ["opposed"]
    assert asked == [tuple(texts["text"])]


@pytest.mark.parametrize("said", [[0.5, 0.5], [1.5], [float("nan")]])
def test_a_judge_that_gives_no_probabilities_is_named(said):
    with pytest.raises(SchemaError, match="one probability a pair"):
        LinkByMeaning(judge=lambda first, second: np.array(said))(*_pair_of_rewordings())


def test_two_that_change_places_are_opposed():
    one, other = (
        stance("Police shot at protesters", "en"),
        stance("Protesters shot at police", "en"),
    )
    moved = stance("At protesters police shot", "en")
    assert opposed(one, other, same_language=True, lexical_similarity=0.5)
    assert not opposed(one, moved, same_language=True, lexical_similarity=0.5)


@pytest.mark.parametrize(
    ("language", "claim", "flip"),
    [
        ("en", "Bread prices will rise in May", "Bread prices will fall in May"),
        ("pl", "Urząd zamknie most w marcu", "Urząd otworzy most w marcu"),
        ("uk", "Міст закрито у березні", "Міст відкрито у березні"),
        ("ru", "Завод построят летом", "Завод снесут летом"),
        ("de", "Die Miete steigt im Juni", "Die Miete sinkt im Juni"),
        ("fr", "Le maire interdit la fête", "Le maire autorise la fête"),
        ("es", "El precio sube en enero", "El precio baja en enero"),
    ],
)
def test_a_contrary_word_in_the_same_sentence_opposes(language, claim, flip):
    one, other = stance(claim, language), stance(flip, language)
    assert opposed(one, other, same_language=True, lexical_similarity=0.8)
    assert not opposed(one, one, same_language=True, lexical_similarity=1.0)


def test_a_negation_in_the_comment_denies_nothing_of_the_quotation():
    claim = "They opened the dam on purpose to flood the town"
    quote = f"{claim}. And nobody in the papers writes a word"
    one, other = stance(claim, "en"), stance(quote, "en")
    assert not opposed(one, other, same_language=True, lexical_similarity=0.6)


def test_changed_numbers_count_only_in_the_same_template():
    three, five = stance("3 buses burned in Lipno", "en"), stance("5 buses burned in Lipno", "en")
    assert other_detail(three, five, same_language=True, lexical_similarity=0.95)
    told = stance("Lipno: flames took 5 coaches last night, say firemen", "en")
    assert not other_detail(three, told, same_language=True, lexical_similarity=0.3)


@pytest.mark.parametrize(
    ("language", "then", "now"),
    [
        ("en", "Three buses burned in Lipno", "Thirty buses burned in Lipno"),
        ("en", "The storm killed 3 in Lipno", "The storm killed five in Lipno"),
        ("pl", "Burza w Lipnie: strajk od środy", "Burza w Lipnie: strajk od piątku"),
        ("uk", "Міст закрито у березні", "Міст закрито у квітні"),
        ("ru", "Завод построят летом", "Завод построят зимой"),
        ("de", "Der Zug nach Lindau fährt um 9 Uhr", "Der Zug nach Lindau fährt um 11 Uhr"),
        ("fr", "Le pont ferme lundi", "Le pont ferme mardi"),
    ],
)
def test_a_report_that_moves_on_is_changed_and_not_opposed(language, then, now):
    one, other = stance(then, language), stance(now, language)
    for a, b in ((one, other), (other, one)):
        assert other_detail(a, b, same_language=True, lexical_similarity=0.9)
        assert not opposed(a, b, same_language=True, lexical_similarity=0.9)
    assert not other_detail(one, one, same_language=True, lexical_similarity=1.0)


def test_a_toll_that_rises_makes_a_changed_link():
    texts = ["The storm in Lipno has killed 3 people", "The storm in Lipno has killed 5 people"]
    links = LinkByMeaning()(_table(texts, ["en", "en"]), _vectors([0, 0]))["links"]
    assert links["kind"].tolist() == ["changed"]


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 10**6), st.integers(2, 10**6), st.floats(0.0, 1.0))
def test_no_toll_is_the_contrary_of_another_and_its_denial_is(then, now, ratio):
    said = [stance(f"The flood in Lipno left {n} people without a home", "en") for n in (then, now)]
    denied = stance(f"The flood in Lipno did not leave {now} people without a home", "en")
    told = {"same_language": True, "lexical_similarity": ratio}
    assert not opposed(*said, **told)
    assert other_detail(*said, **told) == other_detail(*said[::-1], **told) == (then != now)
    assert opposed(said[0], denied, **told)
    assert opposed(denied, said[1], **told)


def test_a_contrary_in_a_translation_is_a_detail():
    # "Eagle wins" and "Salt loses" tell one final, and no frame says so across languages.
    won, lost = stance("The Eagle wins the cup final", "en"), stance("«Сіль» програє фінал", "uk")
    assert not opposed(won, lost, same_language=False, lexical_similarity=0.1)
    assert other_detail(won, lost, same_language=False, lexical_similarity=0.1)


def test_two_denials_are_not_contrary_for_the_words_of_one():
    fake = stance("Fact check: the claim that the dam broke is false", "en")
    denied = stance("The dam did not break, say engineers", "en")
    claim = stance("The dam broke, engineers say", "en")
    assert not opposed(fake, denied, same_language=True, lexical_similarity=0.4)
    assert opposed(fake, claim, same_language=True, lexical_similarity=0.4)


def test_parameters_and_cards_are_checked(tmp_path):
    with pytest.raises(ParameterError, match="min_lexical"):
        LinkByMeaning(min_lexical=1.5)
    broken = tmp_path / "card.json"
    broken.write_text(json.dumps({"curves": {}}))
    with pytest.raises(ModelError, match=r"card\.json"):
        load_calibration(broken)


def test_probability_grows_with_similarity():
    for curve in load_calibration().curves.values():
        margin = np.linspace(-1, 1, 21)
        share = np.linspace(0, 1, 21)
        assert (np.diff(curve.probability(margin, share, share)) >= 0).all()


def test_one_template_filled_in_twice_is_no_rewording():
    texts = [
        "The weather service expects a warm Friday with up to 17 degrees in the valley",
        "On Sunday the temperature may climb to 20 degrees, says the meteorological office",
        "Up to 17 degrees are in store for us on Friday, meteorologists say",
    ]
    links = LinkByMeaning()(_table(texts, ["en"] * 3), _vectors([0, 0, 0]))["links"]
    assert links[["text_a", "text_b"]].to_numpy().tolist() == [["t-0", "t-2"]]


@pytest.mark.parametrize(
    ("language", "claim", "flip"),
    [
        ("en", "Tax: 300 a dog and 200 a cat", "Tax: 200 a dog and 300 a cat"),
        (
            "en",
            "Ukrainian refugees earn more in Seeburg than German nurses",
            "German nurses earn more in Seeburg than Ukrainian refugees",
        ),
        ("de", "Der Zug hatte zwei Stunden Verspätung", "Der Zug hatte zwei Minuten Verspätung"),
        ("pl", "Most jest zamknięty na wschodzie Lipna", "Most jest zamknięty na zachodzie Lipna"),
        ("uk", "Щеплення роблять без згоди батьків", "Щеплення роблять за згодою батьків"),
    ],
)
def test_numbers_groups_and_units_that_change_places_oppose(language, claim, flip):
    one, other = stance(claim, language), stance(flip, language)
    assert opposed(one, other, same_language=True, lexical_similarity=0.9)


def test_a_group_moved_to_the_front_opposes_nothing():
    one = stance("The old bridge in Lipno closed on Monday evening", "en")
    other = stance("On Monday evening the old bridge in Lipno closed", "en")
    assert not opposed(one, other, same_language=True, lexical_similarity=0.8)
    verb_second = stance("Bürgermeister Brandt schloss am Montagabend die Brücke", "de")
    other = stance("Am Montagabend schloss Bürgermeister Brandt die Brücke", "de")
    assert not opposed(verb_second, other, same_language=True, lexical_similarity=0.8)


def test_numbers_in_words_agree_with_figures():
    one, other = stance("3,000 ballots", "en"), stance("three thousand ballots", "en")
    assert not other_numbers(one, other)
    assert not opposed(one, other, same_language=True, lexical_similarity=0.9)


def test_who_denies_or_cites_alone_is_doubtful():
    claim = stance("They hand each of them two thousand a month", "en")
    assert doubtful(claim, stance("Nobody gets two thousand a month", "en"))
    assert doubtful(claim, stance("The sum is 200, says the ministry", "en"))
    assert not doubtful(claim, stance("Two thousand each, month by month", "en"))


def test_translations_need_more_than_rewordings():
    texts = ["The old bridge in Lipno is closed", "Stary most w Lipnie jest zamknięty"]
    table = _table(texts, ["en", "pl"])
    vectors = np.array([[1.0, 0.0], [0.4, np.sqrt(0.84)]], dtype=np.float32)
    loose = LinkByMeaning(min_translated=0.05)(table, vectors)["links"]
    assert loose["kind"].tolist() == ["translated"]
    assert 0.05 < loose["similarity"].iloc[0] < 0.9
    assert len(LinkByMeaning()(table, vectors)["links"]) == 0


def test_a_text_about_the_report_is_no_rewording_of_it():
    claim = "The bridge in Lipno collapsed last night and three lorries fell into the river"
    about = "That video with the lorries in the river at Lipno comes from another country"
    again = "Three lorries are in the river since the crossing at Lipno gave way after dark"
    table = _table([claim, about, again], ["en"] * 3)
    links = LinkByMeaning()(table, _vectors([0, 0, 0], noise=0.1))["links"]
    pairs = set(zip(links.text_a, links.text_b, strict=True))
    assert ("t-0", "t-2") in pairs
    assert ("t-0", "t-1") not in pairs
    cues = [stance(text, "en") for text in (claim, about, again)]
    assert comments(cues[0], cues[1])
    assert not comments(cues[0], cues[2])
