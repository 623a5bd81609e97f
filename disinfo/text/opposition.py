"""Opposed texts: alike in wording, contrary in claim.

"The bridge is closed" and "The bridge is not closed" share nearly all words, and no embedding
tells them apart. What does is a closed class of words: negations, the vocabulary of refutation,
and numbers. The lists are short on purpose: a cue that is wrong one time in ten costs more
paraphrases than it saves debunks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from disinfo.text.contraries import contrary, contrary_sides
from disinfo.text.quantities import figures, quantities

# Words of absence ("without") are left out: they negate a noun, and rewordings bring them in.
_NEGATIONS = {
    "en": "not no never none nobody nothing cannot isn't aren't wasn't weren't don't "
    "doesn't didn't won't can't couldn't wouldn't shouldn't hasn't haven't hadn't neither nor",
    "pl": "nie nigdy nikt nic żaden żadna żadne żadnych żadnego żadnej ani",
    "uk": "не ні ніколи ніхто нічого жоден жодна жодне жодних жодного жодної немає",
    "ru": "не нет никогда никто ничего никакой никаких никакого никакой ни нету",
    "de": "nicht kein keine keinen keiner keinem keines nie niemals niemand nichts",
    "fr": "pas jamais aucun aucune rien ni",
    "es": "no nunca nadie nada ningún ninguna ninguno ni jamás",
    "it": "non mai nessuno nessuna niente nulla né",
    "cs": "ne není nejsou nikdy nikdo nic žádný žádná žádné nebude nebyl nebyla",
    "ro": "nu niciodată nimeni nimic niciun nicio nici",
    "pt": "não nunca ninguém nada nenhum nenhuma nem jamais",
    "tr": "değil yok hiç hiçbir asla",
}
# Beginnings of words; one with "$" at its end is a whole word.
_REFUTATIONS = {
    "en": "fake false$ falsely hoax debunk myth mislead untrue fact-check factcheck disinformation "
    "misinformation fabricat baseless unfounded groundless refute rebut disprove denies$ forged$ "
    "forgery invention$ invented$ doctored$ rumour rumor bogus nonsense unproven unsubstantiated "
    "unverified unconfirmed satire satirical fiction$ fictitious",
    "pl": "fałsz sfałsz fake nieprawd dezinformac zdementow dement fact-check sprostowan "
    "zmyśl wymysł bezpodstawn manipulac zaprzecza zaprzeczy podrobion mit$ plotk pogłosk bzdur "
    "bujd niepotwierdz satyr jakoby rzekom obala obalam odpiera",
    "uk": "фейк неправд дезінформац спросто спросту вигадк вигадал вигадан брехн маніпуляц фактчек "
    "безпідставн підробк підроблен сфабрик заперечу заперечил міф хибн чутк плітк нісенітн "
    "непідтвердж сатир нібито",
    "ru": "фейк неправд ложь$ ложн дезинформац опроверг опроверж выдум враньё вранье манипуляц "
    "фактчек подделк поддельн подделан сфабрик отрица миф вброс слухи слухов слухам слухах слух$ "
    "сплетн чушь вымысел$ небылиц неподтвержд сатир якобы",
    "de": "falsch$ fake falschmeldung falschbehaupt lüge desinformation faktencheck erfunden "
    "dementi bestreit widerleg unwahr irreführ gefälscht fälschung mythos$ widerspricht$ gerücht "
    "märchen$ erlogen haltlos unsinn quatsch unbelegt entlarv satire unbegründet",
    "fr": "faux$ fausse$ nie$ nient$ intox désinformation démenti dément infox fake trompeu "
    "mensong infondé falsifi mythe$ rumeur canular réfut contredit détourné inventé satir",
    "es": "falso$ falsa$ niega$ niegan$ bulo desinformaci desmient desment mentira fake engaños "
    "infundad falsific mito$ rumor patraña montaje$ refut inventad sátira",
    "it": "falso$ falsa$ nega$ negano$ bufala disinformazion smenti fake menzogn infondat",
    "cs": "falešn nepravd popír dezinformac vyvrác vyvrát lživ hoax fake smyšlen",
    "ro": "fals neagă$ dezinform dezmin minciun fake nefondat",
    "pt": "falso$ falsa$ nega$ negam$ boato desinforma desment mentira fake enganos infundad",
    "tr": "yalan reddet reddedi sahte dezenformasyon asılsız uydurma teyit",
}
# Said of a report, whatever their words say alone.
_REFUTING_PHRASES = {
    "en": (
        *("fact check", "made up", "denied that", "denied reports", "denied claims", "no evidence"),
        *("is wrong", "not true", "no such", "no truth", "out of context", "nothing of the kind"),
        *("never happened", "did not happen", "no basis", "no record", "no trace", "no proof"),
    ),
    "pl": (
        *("wprowadza w błąd", "nie jest prawdą", "to nie prawda", "nie ma dowodów", "nic takiego"),
        *("nie miało miejsca", "nie potwierdz", "wyssan", "nie ma podstaw", "wyrwan"),
    ),
    "uk": (
        *("не відповідає дійсності", "вводить в оману", "не підтвер", "нічого подібного"),
        *("немає підстав", "немає доказів", "не відбувалося", "вирван"),
    ),
    "ru": (
        *("не соответствует действительности", "вводит в заблуждение", "не подтвер"),
        *("ничего подобного", "нет доказательств", "нет оснований", "не было такого", "вырван"),
    ),
    "de": (
        *("stimmt nicht", "trifft nicht zu", "stellt klar", "weist zurück", "frei erfunden"),
        *("keine belege", "kein beleg", "keine beweise", "nichts dergleichen", "aus der luft"),
        *("aus dem zusammenhang", "nicht wahr", "keine hinweise"),
    ),
    "fr": (
        *("c'est faux", "aucune preuve", "ne correspond pas", "sans fondement", "hors contexte"),
        *("rien de tel", "pas vrai", "aucun élément"),
    ),
    "es": (
        *("es falso", "no hay pruebas", "no es cierto", "sin fundamento", "fuera de contexto"),
        *("nada de eso", "no existe", "no es verdad"),
    ),
    "ja": ("否定", "デマ", "虚偽", "フェイク", "誤情報", "ファクトチェック"),
    "zh": ("否认", "否認", "谣言", "謠言", "虚假", "虛假", "不实", "不實", "辟谣", "假新闻"),
    "ar": ("نفى", "نفت", "تنفي", "ينفي", "شائعة", "زائف", "كاذب"),
}
# Who speaks of a report: a debunk seldom comes without.
_SOURCES = {
    "en": "say says said told spokes official officials office ministry police authorit expert "
    "regulator according court confirm inspect",
    "pl": "mówi mówią podaje rzecznik urząd ministerstw policja ekspert według sąd potwierdz "
    "komisja zapewnia",
    "uk": "каже кажуть сказа повідом речни міністер поліц експерт регулятор суд$ підтверд заяв",
    "ru": "говор сообщ заяв пресс представител министер полиц эксперт регулятор суд$ подтверд",
    "de": "sagt sagte sagen sprecher behörde ministerium polizei experten laut$ gericht teilt "
    "bestätigt amt$",
    "fr": "dit$ selon$ porte-parole ministère préfecture police expert tribunal confirm autorit",
    "es": "dice dijo según portavoz ministerio policía expert tribunal confirm autoridad",
}
_SOURCE_STEMS = {
    code: tuple(stem for stem in stems.split() if not stem.endswith("$"))
    for code, stems in _SOURCES.items()
}
# At the beginning of a post, before a sign, they answer a report.
_ANSWER = re.compile(r"\W*(?:no|nope|nie|ні|нет|nein|non)\s*[,.:!—–-]")
# As the first word of a post they announce a check.
_OPENERS = {
    *("factcheck", "fact-check", "checked", "sprawdzamy", "sprawdziliśmy", "перевірка"),
    *("перевірили", "проверка", "проверили", "faktencheck", "vérification", "verificación"),
}
_SENTENCE_END = re.compile(r"[.!?…:;\n]+(?:\s|$)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NEGATION_SETS = {code: frozenset(words.split()) for code, words in _NEGATIONS.items()}
# "fake" and the fact-check words are used in every language.
_ANY_STEMS = ("fake", "fact-check", "factcheck", "hoax")
_REFUTATION_STEMS = {
    code: _ANY_STEMS + tuple(stem for stem in stems.split() if not stem.endswith("$"))
    for code, stems in _REFUTATIONS.items()
}
_REFUTATION_WORDS = {
    code: frozenset(stem[:-1] for stem in stems.split() if stem.endswith("$"))
    for code, stems in _REFUTATIONS.items()
}

# Above this share of equal letters two texts are the same sentence with something changed; below
# it a negation more or less is a matter of phrasing.
_SAME_SENTENCE = 0.6
_SAME_TEMPLATE = 0.75
_ONE_WORD_CHANGED = 0.85
# A denial keeps the words of what it denies; "shows no fear" for "is undaunted" does not.
_DENIED_FRAME = 0.75
# A short post makes one claim. A longer one says so much that one negation or number more turns
# nothing about, and its refutation, if it is one, stands at its beginning.
SHORT_WORDS = 40
# Words are compared by so many letters, since their ends are inflected.
_BEGINNING = 5
_SHORTEST_WORD = 3


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
        Its numbers in order, in figures and in words, in one way of writing.
    figures
        Those written in figures.
    sourced
        Whether it says who speaks of the matter.
    short
        Whether it is short enough to make one claim only.
    sides
        On which sides of contrasts (open or closed, May or March) its words stand.
    frame
        Beginnings of its words of three letters and more, in order, without negations.
    sentences
        Number of negations and frame of each of its sentences.
    """

    negations: int
    refutes: bool
    numbers: tuple[str, ...]
    figures: tuple[str, ...] = ()
    sourced: bool = False
    short: bool = True
    sides: frozenset[tuple[int, int]] = frozenset()
    frame: tuple[str, ...] = ()
    sentences: tuple[tuple[int, tuple[str, ...]], ...] = ()


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
    >>> cues = stance("FAKE: 3 buses did not burn", "en")
    >>> cues.negations, cues.refutes, cues.numbers, cues.frame
    (1, True, ('3',), ('fake', 'buses', 'did', 'burn'))
    """
    words = _words(text)
    negating = _NEGATION_SETS.get(language, frozenset())
    short = len(words) <= SHORT_WORDS
    parts = [_words(part) for part in _SENTENCE_END.split(text)] if short else []
    sentences = tuple((sum(w in negating for w in p), _frame(p, negating)) for p in parts if p)
    return Stance(
        negations=sum(word in negating for word in words),
        refutes=_refutes(text, words[:SHORT_WORDS], language),
        numbers=tuple(quantities(text, language)),
        figures=tuple(figures(text)),
        sourced=any(word.startswith(_SOURCE_STEMS.get(language, ("\0",))) for word in words),
        short=short,
        sides=contrary_sides(words, language) if short else frozenset(),
        frame=tuple(stem for _, frame in sentences for stem in frame),
        sentences=sentences,
    )


def _words(text: str) -> list[str]:
    return [word.replace("’", "'") for word in _WORD.findall(text.casefold())]


def _frame(words: list[str], negating: frozenset[str]) -> tuple[str, ...]:
    """Return the beginnings of the words that are neither tiny nor negations."""
    # "n'est" is "est" and a negation.
    plain = [word.split("'")[-1] if word[1:2] == "'" else word for word in words]
    return tuple(
        word[:_BEGINNING] for word in plain if word not in negating and len(word) >= _SHORTEST_WORD
    )


def _refutes(text: str, words: list[str], language: str) -> bool:
    """Tell whether the beginning of a text speaks of a report as untrue."""
    stems = _REFUTATION_STEMS.get(language, _ANY_STEMS)
    whole = _REFUTATION_WORDS.get(language, frozenset())
    opening = " ".join(text.casefold().split(" ")[:SHORT_WORDS])
    return (
        any(word.startswith(stems) or word in whole for word in words)
        or any(phrase in opening for phrase in _REFUTING_PHRASES.get(language, ()))
        or (bool(words) and words[0] in _OPENERS)
        or _ANSWER.match(opening) is not None
    )


def opposed(a: Stance, b: Stance, *, same_language: bool, lexical_similarity: float) -> bool:
    """Tell whether two texts on the same matter say contrary things.

    Parameters
    ----------
    a, b
        Their cues.
    same_language
        Whether they are in one language; across languages only refutation and contraries are
        compared.
    lexical_similarity
        Edit ratio of the two, 0 to 1.

    Returns
    -------
    bool
        True when one refutes and the other does not; when of two short texts one has the contrary
        of a word of the other; and in one language, when near the same sentence is negated in one
        of them, has one number in the place of another, or two words in each other's place.

    Notes
    -----
    Fails on irony, on denials without a cue word ("police: the event went ahead peacefully"), on
    words outside the lists, and on a paraphrase that turns a negation into its opposite ("did not
    stay" / "left").

    Examples
    --------
    >>> yes, no = stance("the bridge is closed", "en"), stance("the bridge is not closed", "en")
    >>> opposed(yes, no, same_language=True, lexical_similarity=0.83)
    True
    """
    if a.refutes != b.refutes:
        return True
    if not (a.short and b.short):
        return False
    if not same_language:
        return contrary(a.sides, b.sides, same_language=False)
    shared = _shared_frame(a, b)
    if max(lexical_similarity, shared) < _SAME_SENTENCE:
        return False
    one, other = _negations(a, b), _negations(b, a)
    if (one == 0) != (other == 0) and shared >= _DENIED_FRAME:
        return True
    # Slavic and Romance languages negate twice where English negates once, so counts are compared
    # only where all other words are the same.
    if one != other and lexical_similarity >= _ONE_WORD_CHANGED:
        return True
    if contrary(a.sides, b.sides, same_language=True) or _exchanged(a.frame, b.frame):
        return True
    if a.frame == b.frame and a.numbers != b.numbers:
        return sorted(a.numbers) == sorted(b.numbers) or _changed(a, b)
    return _changed(a, b) and max(lexical_similarity, shared) >= _SAME_TEMPLATE


def _changed(a: Stance, b: Stance) -> bool:
    """Tell whether each of two texts has a number that the other lacks."""
    return bool(set(a.numbers) - set(b.numbers)) and bool(set(b.numbers) - set(a.numbers))


def _negations(a: Stance, b: Stance) -> int:
    """Count the negations of a text in the sentences that the other text has as well.

    A quotation with a comment ("and nobody writes about it") denies nothing of what it quotes.
    """
    words = set(b.frame)
    return sum(
        negations
        for negations, frame in a.sentences
        if len(words.intersection(frame)) >= _SAME_SENTENCE * len(set(frame))
    )


def _shared_frame(a: Stance, b: Stance) -> float:
    """Return the share of the shorter text's words that the longer one has."""
    one, other = set(a.frame), set(b.frame)
    return len(one & other) / max(min(len(one), len(other)), 1)


def _exchanged(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Tell whether two sentences differ in that two groups of words have changed places.

    What stands between them must stay: moving one group to the front is a matter of style. So is
    turning subject and time about a verb, so between groups there must be two words.
    """
    a, b = (tuple(word for word in frame if len(word) > _SHORTEST_WORD) for frame in (a, b))
    if len(a) != len(b) or a == b or sorted(a) != sorted(b):
        return False
    places = [place for place, (one, other) in enumerate(zip(a, b, strict=True)) if one != other]
    one, other = (frame[places[0] : places[-1] + 1] for frame in (a, b))
    n = len(one)
    return any(
        one[:head] == other[n - head :]
        and one[n - tail :] == other[:tail]
        and one[head : n - tail] == other[tail : n - head]
        and (head == tail == 1 or n - head - tail > 1)
        for head in range(1, n - 1)
        for tail in range(1, n - head)
    )


def doubtful(a: Stance, b: Stance) -> bool:
    """Tell whether one of two short texts denies or cites where the other does not.

    Parameters
    ----------
    a, b
        Their cues, in one language.

    Returns
    -------
    bool
        True for "they get two thousand a month" and "nobody gets that, says the ministry". Many
        rewordings have it too, so it weighs only where little else speaks for one message.

    Examples
    --------
    >>> doubtful(stance("the dam broke", "en"), stance("the dam holds, engineers say", "en"))
    True
    """
    if not (a.short and b.short):
        return False
    return (a.negations == 0) != (b.negations == 0) or a.sourced != b.sourced


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
    named = bool(a.figures) and bool(b.figures) and a.short and b.short
    return named and not (set(a.figures) & set(b.figures) or set(a.numbers) & set(b.numbers))
