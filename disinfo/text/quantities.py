"""Numbers in a text, in figures and in words.

"3,000 ballots", "three thousand ballots" and "3 тис. бюлетенів" name one number. The words are a
closed class in seven languages; "one" is left out, since in most of them it is an article as well.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Value and its words, apart by "/"; German hundreds and tens are put together by rule.
_WORDS = {
    "en": "2 two/3 three/4 four/5 five/6 six/7 seven/8 eight/9 nine/10 ten/11 eleven/12 twelve "
    "dozen/13 thirteen/14 fourteen/15 fifteen/16 sixteen/17 seventeen/18 eighteen/19 nineteen"
    "/20 twenty/30 thirty/40 forty/50 fifty/60 sixty/70 seventy/80 eighty/90 ninety",
    "pl": "2 dwa dwie dwóch dwaj dwoje/3 trzy trzech trzej troje/4 cztery czterech czterej/5 pięć "
    "pięciu/6 sześć sześciu/7 siedem siedmiu/8 osiem ośmiu/9 dziewięć dziewięciu/10 dziesięć "
    "dziesięciu/11 jedenaście jedenastu/12 dwanaście dwunastu/13 trzynaście trzynastu/14 "
    "czternaście czternastu/15 piętnaście piętnastu/16 szesnaście szesnastu/17 siedemnaście/18 "
    "osiemnaście/19 dziewiętnaście/20 dwadzieścia dwudziestu/30 trzydzieści trzydziestu/40 "
    "czterdzieści czterdziestu/50 pięćdziesiąt pięćdziesięciu/60 sześćdziesiąt sześćdziesięciu/70 "
    "siedemdziesiąt/80 osiemdziesiąt/90 dziewięćdziesiąt/200 dwieście dwustu/300 trzysta trzystu"
    "/400 czterysta czterystu/500 pięćset pięciuset/600 sześćset/700 siedemset/800 osiemset"
    "/900 dziewięćset",
    "uk": "2 два дві двох двоє/3 три трьох троє/4 чотири чотирьох четверо/5 п'ять п'яти п'ятеро"
    "/6 шість шести шестеро/7 сім семи семеро/8 вісім восьми/9 дев'ять дев'яти/10 десять десяти"
    "/11 одинадцять/12 дванадцять/13 тринадцять/14 чотирнадцять/15 п'ятнадцять/16 шістнадцять"
    "/17 сімнадцять/18 вісімнадцять/19 дев'ятнадцять/20 двадцять двадцяти/30 тридцять тридцяти"
    "/40 сорок сорока/50 п'ятдесят п'ятдесяти/60 шістдесят шістдесяти/70 сімдесят/80 вісімдесят"
    "/90 дев'яносто/200 двісті двохсот/300 триста трьохсот/400 чотириста чотирьохсот/500 п'ятсот"
    "/600 шістсот/700 сімсот/800 вісімсот/900 дев'ятсот",
    "ru": "2 два две двух двое/3 три трёх трех трое/4 четыре четырёх четырех четверо/5 пять пяти "
    "пятеро/6 шесть шести шестеро/7 семь семи семеро/8 восемь восьми/9 девять девяти/10 десять "
    "десяти/11 одиннадцать/12 двенадцать/13 тринадцать/14 четырнадцать/15 пятнадцать/16 "
    "шестнадцать/17 семнадцать/18 восемнадцать/19 девятнадцать/20 двадцать двадцати/30 тридцать "
    "тридцати/40 сорок сорока/50 пятьдесят пятидесяти/60 шестьдесят шестидесяти/70 семьдесят"
    "/80 восемьдесят/90 девяносто/200 двести двухсот/300 триста трёхсот/400 четыреста/500 пятьсот"
    "/600 шестьсот/700 семьсот/800 восемьсот/900 девятьсот",
    "de": "2 zwei beide/3 drei/4 vier/5 fünf/6 sechs/7 sieben/8 acht/9 neun/10 zehn/11 elf/12 zwölf"
    "/13 dreizehn/14 vierzehn/15 fünfzehn/16 sechzehn/17 siebzehn/18 achtzehn/19 neunzehn"
    "/20 zwanzig/30 dreißig/40 vierzig/50 fünfzig/60 sechzig/70 siebzig/80 achtzig/90 neunzig",
    "fr": "2 deux/3 trois/4 quatre/5 cinq/6 six/7 sept/8 huit/9 neuf/10 dix/11 onze/12 douze"
    "/13 treize/14 quatorze/15 quinze/16 seize/20 vingt/30 trente/40 quarante/50 cinquante"
    "/60 soixante/70 septante/80 quatre-vingts/90 nonante quatre-vingt-dix",
    "es": "2 dos/3 tres/4 cuatro/5 cinco/6 seis/7 siete/8 ocho/9 nueve/10 diez/11 once/12 doce"
    "/13 trece/14 catorce/15 quince/16 dieciséis/17 diecisiete/18 dieciocho/19 diecinueve"
    "/20 veinte/30 treinta/40 cuarenta/50 cincuenta/60 sesenta/70 setenta/80 ochenta/90 noventa"
    "/200 doscientos doscientas/300 trescientos trescientas/400 cuatrocientos/500 quinientos"
    "/600 seiscientos/700 setecientos/800 ochocientos/900 novecientos",
}
_TIMES = {
    "en": "100 hundred/1000 thousand/1000000 million millions/1000000000 billion bn",
    "pl": "100 sto stu/1000 tysiąc tysiące tysięcy tys/1000000 milion miliony milionów mln"
    "/1000000000 miliard miliardy miliardów mld",
    "uk": "100 сто ста/1000 тисяча тисячі тисяч тис/1000000 мільйон мільйони мільйонів млн"
    "/1000000000 мільярд мільярди мільярдів млрд",
    "ru": "100 сто ста/1000 тысяча тысячи тысяч тыс/1000000 миллион миллиона миллионов млн"
    "/1000000000 миллиард миллиарда миллиардов млрд",
    "de": "100 hundert/1000 tausend tsd/1000000 million millionen mio/1000000000 milliarde "
    "milliarden mrd",
    "fr": "100 cent cents/1000 mille/1000000 million millions/1000000000 milliard milliards",
    "es": "100 cien ciento cientos/1000 mil/1000000 millón millones",
}
_TOKEN = re.compile(r"\d+(?:[.,:\u00a0\u202f ]\d+)*|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+")
_SPACES = re.compile(r"[\u00a0\u202f ]")


def _table(lines: str) -> dict[str, int]:
    found = {}
    for entry in lines.casefold().split("/"):
        value, *words = entry.split()
        found.update(dict.fromkeys(words, int(value)))
    return found


@lru_cache(maxsize=len(_WORDS))
def _lists(language: str) -> tuple[dict[str, int], dict[str, int]]:
    """Return the words of a language that name a number, and those that multiply one."""
    words, times = _table(_WORDS[language]), _table(_TIMES[language])
    if language == "de":
        units = {word: value for word, value in words.items() if value < 10} | {"ein": 1}
        tens = {word: value for word, value in words.items() if value >= 20}
        words |= {f"{u}und{t}": units[u] + tens[t] for u in units for t in tens}
        below = dict(words)
        for name, by in (("hundert", 100), ("tausend", 1000)):
            words |= {f"{word}{name}": value * by for word, value in below.items()}
    return words, times


def figures(text: str) -> list[str]:
    """Return the numbers written in figures, in order, in one way of writing.

    Parameters
    ----------
    text
        Readable text.

    Returns
    -------
    list of str
        "3,000" is "3000", and a comma is a point.

    Examples
    --------
    >>> figures("3,000 of 4,5 million")
    ['3000', '4.5']
    """
    return [one for run in _TOKEN.findall(text) if run[0].isdigit() for one in _written(run)]


def _written(run: str) -> list[str]:
    if _THOUSANDS.fullmatch(run):
        return [re.sub(r"\D", "", run)]
    return [part.replace(",", ".") for part in _SPACES.split(run)]


def quantities(text: str, language: str) -> list[str]:
    """Return the numbers of a text, in order, whether in figures or in words.

    Parameters
    ----------
    text
        Readable text.
    language
        ISO 639-1 code; in a language without a list only figures are found.

    Returns
    -------
    list of str
        Numbers in figures; a number and a word that multiplies it are one.

    Notes
    -----
    Fails on fractions ("half a million"), on French numbers from 70 in several words, and on
    whatever names a number by another noun ("a couple").

    Examples
    --------
    >>> quantities("three thousand ballots, 2.5 million voters, twenty-two towns", "en")
    ['3000', '2500000', '22']
    >>> quantities("трьох тисяч", "uk") == quantities("3 тис.", "uk")
    True
    """
    if language not in _WORDS:
        return figures(text)
    words, times = _lists(language)
    found: list[str] = []
    open_value: float | None = None
    step = 0.0
    for token in _tokens(text, words):
        if token[0].isdigit():
            found += [] if open_value is None else [_plain(open_value)]
            *whole, last = _written(token)
            found += whole
            try:
                open_value, step = float(last), 0.0
            except ValueError:  # "12:30"
                found.append(last)
                open_value = None
        elif token in times and (open_value is not None or times[token] != 1000**2):
            value = times[token]
            open_value = value if open_value is None else open_value * value
            step = value
        elif token in words:
            value = words[token]
            if open_value is not None and value < step:
                open_value += value
            else:
                found += [] if open_value is None else [_plain(open_value)]
                open_value = float(value)
            step = 10.0 if 20 <= value < 100 and value % 10 == 0 else 100.0 * (value >= 200)
        elif open_value is not None:
            found.append(_plain(open_value))
            open_value = None
    return found if open_value is None else [*found, _plain(open_value)]


def _tokens(text: str, words: dict[str, int]) -> list[str]:
    """Return words and runs of figures, "twenty-two" in two."""
    found: list[str] = []
    for token in _TOKEN.findall(text.casefold()):
        plain = token.replace("’", "'")
        if "-" in plain and plain not in words and plain.split("-")[0] in words:
            found += [part for part in plain.split("-") if part]
        else:
            found.append(plain)
    return found


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)
