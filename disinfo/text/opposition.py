"""Opposed texts: alike in wording, contrary in claim.

"The bridge is closed" and "The bridge is not closed" share nearly all words, and no embedding
tells them apart. What does is a closed class of words: negations, the vocabulary of refutation,
and numbers. The lists are short on purpose: a cue that is wrong one time in ten costs more
paraphrases than it saves debunks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NEGATIONS = {
    "en": "not no never none nobody nothing cannot without isn't aren't wasn't weren't don't "
    "doesn't didn't won't can't couldn't wouldn't shouldn't hasn't haven't hadn't neither nor",
    "pl": "nie nigdy nikt nic żaden żadna żadne żadnych bez ani",
    "uk": "не ні ніколи ніхто нічого жоден жодна жодних без немає",
    "ru": "не нет никогда никто ничего ни без нету",
    "de": "nicht kein keine keinen keiner keinem keines nie niemals niemand nichts ohne",
    "fr": "pas jamais aucun aucune personne rien sans ni",
    "es": "no nunca nadie nada ningún ninguna ninguno sin ni jamás",
    "it": "non mai nessuno nessuna niente nulla senza né",
    "cs": "ne není nejsou nikdy nikdo nic žádný žádná žádné bez nebude nebyl nebyla",
    "ro": "nu niciodată nimeni nimic niciun nicio fără nici",
    "pt": "não nunca ninguém nada nenhum nenhuma sem nem jamais",
    "tr": "değil yok hiç hiçbir asla",
}
# Stems, matched at the beginning of a word.
_REFUTATIONS = {
    "en": "fake false hoax debunk myth misleading untrue fact-check factcheck disinformation "
    "misinformation fabricated baseless unfounded refute denied denies",
    "pl": "fałsz fake nieprawd dezinformac zdementow dementuj fact-check sprostowan zmyślon "
    "bezpodstawn manipulac",
    "uk": "фейк неправд дезінформац спростув вигадк брехн маніпуляц фактчек безпідставн",
    "ru": "фейк неправд ложь ложн дезинформац опроверг выдумк враньё вранье манипуляц фактчек",
    "de": "falsch fake falschmeldung lüge desinformation faktencheck erfunden dementier widerleg "
    "unwahr irreführend",
    "fr": "faux fausse intox désinformation démenti infox fake trompeu mensong infondé",
    "es": "falso falsa bulo desinformaci desmient mentira fake engaños infundad",
    "it": "falso falsa bufala disinformazion smentit fake menzogn infondat",
    "cs": "falešn nepravd dezinformac vyvrác lživ hoax fake smyšlen",
    "ro": "fals dezinform dezmin minciun fake nefondat",
    "pt": "falso falsa boato desinforma desment mentira fake enganos infundad",
    "tr": "yalan sahte dezenformasyon asılsız uydurma teyit",
}
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,:\u00a0\u202f ]\d+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+")
_NEGATION_SETS = {code: frozenset(words.split()) for code, words in _NEGATIONS.items()}
_REFUTATION_STEMS = {code: tuple(stems.split()) for code, stems in _REFUTATIONS.items()}
# "fake" and the fact-check words are used in every language.
_ANY_STEMS = ("fake", "fact-check", "factcheck", "hoax")

# Above this share of equal letters two texts are the same sentence with something changed; below
# it a negation more or less is a matter of phrasing.
_SAME_SENTENCE = 0.6
_SAME_TEMPLATE = 0.75
_ONE_WORD_CHANGED = 0.85
# A short post makes one claim. A longer one says so much that one negation or number more turns
# nothing about, and its refutation, if it is one, stands at its beginning.
SHORT_WORDS = 40


@dataclass(frozen=True, kw_only=True)
class Stance:
    """The cues of one text.

    Parameters
    ----------
    negations
        Number of negating words.
    refutes
        Whether it uses the vocabulary of refutation.
    numbers
        Its numbers, sorted, each once, without signs between thousands ("3,000" is "3000").
    short
        Whether it is short enough to make one claim only.
    """

    negations: int
    refutes: bool
    numbers: tuple[str, ...]
    short: bool = True


def stance(text: str, language: str) -> Stance:
    """Find the cues of a text.

    Parameters
    ----------
    text
        Readable text.
    language
        ISO 639-1 code; in a language without lists only numbers and international words count.

    Returns
    -------
    Stance
        The cues.

    Examples
    --------
    >>> stance("FAKE: 3 buses did not burn", "en")
    Stance(negations=1, refutes=True, numbers=('3',), short=True)
    """
    words = [word.replace("’", "'") for word in _WORD.findall(text.casefold())]
    negating = _NEGATION_SETS.get(language, frozenset())
    stems = _ANY_STEMS + _REFUTATION_STEMS.get(language, ())
    return Stance(
        negations=sum(word in negating for word in words),
        refutes=any(word.startswith(stems) for word in words[:SHORT_WORDS]),
        numbers=tuple(sorted(_numbers(text))),
        short=len(words) <= SHORT_WORDS,
    )


def _numbers(text: str) -> set[str]:
    """Return the numbers in a text, each once, in one way of writing."""
    found = set()
    for run in _NUMBER.findall(text):
        if _THOUSANDS.fullmatch(run):
            found.add(re.sub(r"\D", "", run))
        else:
            found.update(re.sub(",", ".", part) for part in re.split(r"[\u00a0\u202f ]", run))
    return found


def opposed(a: Stance, b: Stance, *, same_language: bool, lexical_similarity: float) -> bool:
    """Tell whether two texts on the same matter say contrary things.

    Parameters
    ----------
    a, b
        Their cues.
    same_language
        Whether they are in one language; across languages only refutation is compared.
    lexical_similarity
        Edit ratio of the two, 0 to 1.

    Returns
    -------
    bool
        True when one refutes and the other does not; and of two short texts, when near the same
        sentence is negated in one of them or has one number in the place of another.

    Notes
    -----
    Fails on irony, on denials without a cue word ("police: the event went ahead peacefully"), and
    on a paraphrase that turns a negation into its opposite ("did not stay" / "left").

    Examples
    --------
    >>> yes, no = stance("the bridge is closed", "en"), stance("the bridge is not closed", "en")
    >>> opposed(yes, no, same_language=True, lexical_similarity=0.83)
    True
    """
    if a.refutes != b.refutes:
        return True
    if not (a.short and b.short and same_language) or lexical_similarity < _SAME_SENTENCE:
        return False
    if (a.negations == 0) != (b.negations == 0):
        return True
    # Slavic and Romance languages negate twice where English negates once, so counts are compared
    # only where all other words are the same.
    if a.negations != b.negations and lexical_similarity >= _ONE_WORD_CHANGED:
        return True
    changed = bool(set(a.numbers) - set(b.numbers)) and bool(set(b.numbers) - set(a.numbers))
    return changed and lexical_similarity >= _SAME_TEMPLATE


def other_numbers(a: Stance, b: Stance) -> bool:
    """Tell whether two short texts name numbers and have none in common.

    Parameters
    ----------
    a, b
        Their cues.

    Returns
    -------
    bool
        True for "17 degrees on Friday" and "20 degrees on Sunday", which one template and one
        embedding make alike, in any two languages.

    Examples
    --------
    >>> other_numbers(stance("5 buses", "en"), stance("5 autobusów", "pl"))
    False
    """
    named = bool(a.numbers) and bool(b.numbers) and a.short and b.short
    return named and not set(a.numbers) & set(b.numbers)
