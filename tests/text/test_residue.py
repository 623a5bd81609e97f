import time

import pytest

from disinfo.text.residue import find_residue

FOUND = [
    "As an AI language model, I can't give an opinion about the election",
    "I’m sorry, but I cannot fulfill this request as it goes against OpenAI use policy",
    "Sure! Here's a tweet about the refugees: they are coming",
    "Jako model językowy nie mogę wyrażać opinii",
    "Als KI-Sprachmodell habe ich keine Meinung",
    "Вибачте, але я не можу виконати цей запит",
    "Как языковая модель, я не имею мнения",
    "En tant que modèle de langage, je ne peux pas",
    "Vote for [insert candidate name] today!",
    "Here is a rewritten version of the post: the bridge fell",
]
NOT_FOUND = [
    "Language models are overrated, said the minister",
    "I'm sorry, but I cannot come tonight",
    "She works as an AI researcher",
    "Here is the tweet everyone is talking about",
    "Jako model pracowała w Paryżu",
    "Это языковая модель, а не человек",
    "[insert joke here]!"[1:],
    "",
]


@pytest.mark.parametrize("text", FOUND)
def test_residue_is_found(text):
    assert find_residue(text) is not None


@pytest.mark.parametrize("text", NOT_FOUND)
def test_ordinary_words_are_not_residue(text):
    assert find_residue(text) is None


def test_hostile_text_takes_linear_time():
    begin = time.process_time()
    for hostile in ("here is " * 100_000, "as an ai " * 100_000, "[insert " * 100_000):
        find_residue(hostile)
    assert time.process_time() - begin < 1.0
