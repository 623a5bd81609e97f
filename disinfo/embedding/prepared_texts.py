"""Texts as they go to a model: checked to be strings, read, and kept to a length."""

from __future__ import annotations

from collections.abc import Sequence

from disinfo.errors import InputError
from disinfo.text.normal import readable

# More than 512 tokens in any writing; keeps a pasted book from being tokenised whole.
_MAX_CHARACTERS = 8_192


def checked(texts: Sequence[str]) -> list[str]:
    """Return the texts as a list of strings, or say what else is among them.

    Parameters
    ----------
    texts
        What a caller gave as texts.

    Returns
    -------
    list of str
        The same texts.

    Raises
    ------
    InputError
        When it is one string, or a value is not a string.
    """
    if isinstance(texts, str):
        msg = "texts: one string was given where a sequence of strings belongs; put it in a list"
        raise InputError(msg)
    listed = list(texts)
    wrong = [row for row, text in enumerate(listed) if not isinstance(text, str)]
    if wrong:
        msg = (
            f"texts: {len(wrong)} of {len(listed)} value(s) are not strings, first in row "
            f"{wrong[0]}: {listed[wrong[0]]!r}"
        )
        raise InputError(msg)
    return listed


def prepared(text: str) -> str:
    """Return the text as it goes to a model, without a prompt.

    Parameters
    ----------
    text
        The text of a post.

    Returns
    -------
    str
        At most 8,192 characters, in readable form.

    Examples
    --------
    >>> prepared("Look! https://t.co/abcd")
    'Look!'
    """
    plain = readable(text)[:_MAX_CHARACTERS]
    # A half of a surrogate pair, as cut exports hold it, is no text to a tokenizer.
    return plain if plain.isascii() else plain.encode("utf-8", "replace").decode()
