"""From posts to words, and from a word that is not in the table to something that is known of it.

A word that the table lacks is looked up without its last one to three letters (inflection). What
is still unknown (a name, a number, a script without spaces) is spelled: it gets the sum of fixed
random directions of its groups of three characters, so that two spellings of one name lie close
together and everything else lies apart. Cyrillic and accented letters are spelled in plain Latin
ones, because a name keeps its sound across scripts.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float32]

LONGEST_CUT = 3
# What is left of a word after a cut; less would be any word.
SHORTEST_STEM = 4
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_APOSTROPHE = re.compile(r"['’]")
# More tells nothing about a word, and a pasted block of code has words of thousands of letters.
_MAX_LETTERS = 40
_GROUP = 3
_DIRECTIONS = 4096
_CYRILLIC = dict(
    zip(
        "абвгґдезиіїйклмнопрстуфыэєё",
        ("a", "b", "v", "g", "g", "d", "e", "z", "i", "i", "i", "i", "k", "l", "m", "n", "o", "p",
         "r", "s", "t", "u", "f", "y", "e", "e", "e"),
        strict=True,
    )
)  # fmt: skip
_LATIN = str.maketrans(
    _CYRILLIC
    | {"ж": "zh", "х": "h", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "iu", "я": "ia"}
    | {"ь": "", "ъ": "", "ł": "l", "ß": "ss", "ı": "i", "ø": "o", "đ": "d", "w": "v", "y": "i"}
)


def words(text: str) -> list[str]:
    """Return the words of a text, lowered, in order; numbers are words.

    Parameters
    ----------
    text
        A text in the form that `disinfo.text.normal.readable` gives.

    Returns
    -------
    list of str
        Possibly empty.

    Examples
    --------
    >>> words("300 refugees, and nobody's asked us!")
    ['300', 'refugees', 'and', "nobody's", 'asked', 'us']
    """
    return _WORD.findall(text.lower())


def parts(word: str) -> list[str]:
    """Return the parts of a word at its apostrophes, the word itself where it has none.

    Parameters
    ----------
    word
        A word.

    Returns
    -------
    list of str
        Parts.

    Examples
    --------
    >>> parts("l'homme"), parts("dog")
    (['l', 'homme'], ['dog'])
    """
    return _APOSTROPHE.split(word)


def key(word: str, language: str) -> int:
    """Return the 64-bit key under which the table keeps a word of a language.

    Parameters
    ----------
    word
        A lowered word.
    language
        An ISO 639-1 code.

    Returns
    -------
    int
        The same on every machine.
    """
    spelled = f"{language}\x1f{word}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(spelled, digest_size=8).digest(), "little")


def keys(listed: Sequence[str], language: str) -> NDArray[np.uint64]:
    """Return the key of each word, shape (n,)."""
    return np.fromiter((key(word, language) for word in listed), np.uint64, len(listed))


def latin(word: str) -> str:
    """Return a word in plain Latin letters, as near to its sound as one table can come.

    Parameters
    ----------
    word
        A lowered word.

    Returns
    -------
    str
        Other scripts than Latin and Cyrillic stay as they are.

    Examples
    --------
    >>> latin("ліндау"), latin("škoda")
    ('lindau', 'skoda')
    """
    if word.isascii():
        return word.translate(_LATIN)
    bare = unicodedata.normalize("NFD", word.translate(_LATIN))
    return "".join(char for char in bare if not unicodedata.combining(char))


@lru_cache(maxsize=2)
def _directions(width: int) -> Floats:
    """Return fixed random directions; the seed is part of the table's identity."""
    drawn = np.random.Generator(np.random.PCG64(0)).standard_normal((_DIRECTIONS, width))
    unit: Floats = (drawn / np.sqrt(width)).astype(np.float32)
    return unit


def spelled(listed: Sequence[str], width: int) -> Floats:
    """Return the direction of each word by its spelling alone.

    Parameters
    ----------
    listed
        Any strings, empty ones too, n of them.
    width
        Numbers in a vector.

    Returns
    -------
    ndarray of shape (n, width), float32
        Unit rows. A number is one direction, not groups of digits: 1300 is not nearly 300.
    """
    columns: list[int] = []
    ends = np.zeros(len(listed) + 1, np.int64)
    for row, word in enumerate(listed):
        plain = f"<{latin(word[:_MAX_LETTERS])}>"
        if word.isdecimal() or len(plain) <= _GROUP:
            columns.append(_direction(plain))
        else:
            last = len(plain) - _GROUP + 1
            columns += [_direction(plain[at : at + _GROUP]) for at in range(last)]
        ends[row + 1] = len(columns)
    ones = np.ones(len(columns), np.float32)
    counts = csr_array((ones, np.array(columns, np.int64), ends), shape=(len(listed), _DIRECTIONS))
    total: Floats = np.asarray(counts @ _directions(width), np.float32)
    total /= np.linalg.norm(total, axis=1, keepdims=True)
    return total


@lru_cache(maxsize=65_536)
def _direction(group: str) -> int:
    """Return the number of the direction of a group of characters."""
    spelled_out = group.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(spelled_out, digest_size=4).digest(), "little") % (
        _DIRECTIONS
    )
