"""The cues of denial: words that negate, refute a report, or name who speaks of it.

The lists are short on purpose: a cue that is wrong one time in ten costs more paraphrases than it
saves debunks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# A refutation, if a long post is one, stands within so many words of its beginning.
OPENING_WORDS = 40

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
# What a report is made of or called, and what one does to check it: who repeats a story tells it,
# who debunks it speaks of the story, the picture, the letter.
_REPORTS = {
    "en": "photo picture video$ videos clip$ clips footage recording screenshot post$ posts story$ "
    "stories claim$ claims letter document leaflet message report$ reports",
    "pl": "zdjęci film$ filmik nagrani wideo wpis histori opowieś informacj doniesieni pismo$ "
    "dokument ulotk wiadomoś zrzut",
    "uk": "фото відео ролик запис$ допис історі розповід інформац повідомлен новин лист$ документ "
    "листівк скриншот",
    "ru": "фото видео ролик запис$ запись$ пост$ истори рассказ информац сообщени новост письмо$ "
    "документ листовк скриншот",
    "de": "foto bild$ video aufnahme beitrag$ geschichte meldung behauptung nachricht brief$ "
    "dokument flugblatt zettel$ bildschirmfoto",
    "fr": "photo image vidéo clip$ enregistrement capture publication histoire information lettre$ "
    "document tract$",
    "es": "foto imagen vídeo video grabación captura publicación historia información carta$ "
    "documento folleto",
}
_CHECKS = {
    "en": "check checked explain explains clarif shows tested examined measured counted verif",
    "pl": "sprawdz wyjaśni tłumacz prostuje bada$ badał zbada wykaz",
    "uk": "перевір поясн роз'ясн дослід вимірю уточн",
    "ru": "провер поясн объясн разъясн исслед измер уточн",
    "de": "prüf geprüft erklär erläut klärt klargestellt untersuch gemessen berichtigt",
    "fr": "vérifi expliqu précis montre$ mesur examin",
    "es": "verific explic aclar muestra$ midió examin",
}


Beginnings = tuple[tuple[str, ...], frozenset[str]]


def _split(lists: dict[str, str]) -> dict[str, Beginnings]:
    """Part the beginnings of words from the whole words, which end with "$"."""
    return {
        code: (
            tuple(word for word in words.split() if not word.endswith("$")),
            frozenset(word[:-1] for word in words.split() if word.endswith("$")),
        )
        for code, words in lists.items()
    }


_NOTHING: Beginnings = ((), frozenset())
_SOURCE_WORDS, _REPORT_WORDS, _CHECK_WORDS = map(_split, (_SOURCES, _REPORTS, _CHECKS))
# At the beginning of a post, before a sign, they answer a report.
_ANSWER = re.compile(r"\W*(?:no|nope|nie|ні|нет|nein|non)\s*[,.:!—–-]")
# As the first word of a post they announce a check.
_OPENERS = {
    *("factcheck", "fact-check", "checked", "sprawdzamy", "sprawdziliśmy", "перевірка"),
    *("перевірили", "проверка", "проверили", "faktencheck", "vérification", "verificación"),
}
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


def negating_words(language: str) -> frozenset[str]:
    """Return the words of a language that negate, case-folded.

    Parameters
    ----------
    language
        ISO 639-1 code.

    Returns
    -------
    frozenset of str
        None in a language without a list.

    Examples
    --------
    >>> "never" in negating_words("en")
    True
    """
    return _NEGATION_SETS.get(language, frozenset())


def names_a_source(words: Sequence[str], language: str) -> bool:
    """Tell whether some words say who speaks of a matter.

    Parameters
    ----------
    words
        Case-folded words.
    language
        ISO 639-1 code.

    Returns
    -------
    bool
        False in a language without a list.

    Examples
    --------
    >>> names_a_source(["police", "deny", "it"], "en")
    True
    """
    return _has(words, _SOURCE_WORDS.get(language, _NOTHING))


def speaks_of_a_report(words: Sequence[str], language: str) -> bool:
    """Tell whether some words name a report or its evidence: a story, a video, a letter.

    Parameters
    ----------
    words
        Case-folded words.
    language
        ISO 639-1 code.

    Returns
    -------
    bool
        False in a language without a list.

    Examples
    --------
    >>> speaks_of_a_report(["the", "video", "is", "old"], "en")
    True
    """
    return _has(words, _REPORT_WORDS.get(language, _NOTHING))


def tells_of_a_check(words: Sequence[str], language: str) -> bool:
    """Tell whether some words say that something was checked or explained.

    Parameters
    ----------
    words
        Case-folded words.
    language
        ISO 639-1 code.

    Returns
    -------
    bool
        False in a language without a list.

    Examples
    --------
    >>> tells_of_a_check(["experts", "examined", "it"], "en")
    True
    """
    return _has(words, _CHECK_WORDS.get(language, _NOTHING))


def _has(words: Sequence[str], listed: Beginnings) -> bool:
    stems, whole = listed
    return any(word.startswith(stems) or word in whole for word in words)


def refutes(text: str, words: Sequence[str], language: str) -> bool:
    """Tell whether the beginning of a text speaks of a report as untrue.

    Parameters
    ----------
    text
        Readable text.
    words
        Its case-folded words.
    language
        ISO 639-1 code; in a language without lists only international words count.

    Returns
    -------
    bool
        True where some cue word, phrase or opening does.

    Examples
    --------
    >>> refutes("A hoax about the bridge", ["a", "hoax", "about", "the", "bridge"], "en")
    True
    """
    words = words[:OPENING_WORDS]
    stems = _REFUTATION_STEMS.get(language, _ANY_STEMS)
    whole = _REFUTATION_WORDS.get(language, frozenset())
    opening = " ".join(text.casefold().split(" ")[:OPENING_WORDS])
    return (
        any(word.startswith(stems) or word in whole for word in words)
        or any(phrase in opening for phrase in _REFUTING_PHRASES.get(language, ()))
        or (bool(words) and words[0] in _OPENERS)
        or _ANSWER.match(opening) is not None
    )
