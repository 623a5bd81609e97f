"""Which words of a post differ from another one's."""

from __future__ import annotations

import difflib
import itertools
import re
from dataclasses import dataclass

_PIECE = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_PIECES = 400


@dataclass(frozen=True)
class Piece:
    """A run of text, and whether it differs from the reference."""

    text: str
    differs: bool


def mark_differences(reference: str, text: str) -> list[Piece]:
    """Split a text into runs that the reference has too, in this order, and runs that differ.

    Parameters
    ----------
    reference
        The text to compare with.
    text
        The text to split; joining the pieces gives it back.

    Returns
    -------
    list of Piece
        Case is ignored in the comparison, spaces between two differing words are part of the run.
        A text of more than 400 words and marks is returned whole and unmarked.

    Examples
    --------
    >>> [p.text for p in mark_differences("they plan attacks", "They prepare attacks") if p.differs]
    ['prepare']
    """
    old, new = _PIECE.findall(reference), _PIECE.findall(text)
    if max(len(old), len(new)) > _MOST_PIECES:
        return [Piece(text, differs=False)]
    matcher = difflib.SequenceMatcher(
        a=[word.lower() for word in old if not word.isspace()],
        b=[word.lower() for word in new if not word.isspace()],
        autojunk=False,
    )
    same = {block.b + i for block in matcher.get_matching_blocks() for i in range(block.size)}
    return _runs(new, same)


def _runs(pieces: list[str], same: set[int]) -> list[Piece]:
    differs: list[bool] = []
    at = 0
    for piece in pieces:
        differs.append(not piece.isspace() and at not in same)
        at += not piece.isspace()
    for i in range(1, len(pieces) - 1):
        if pieces[i].isspace():
            differs[i] = differs[i - 1] and differs[i + 1]
    marked = zip(differs, pieces, strict=True)
    return [
        Piece("".join(piece for _, piece in run), differs=flag)
        for flag, run in itertools.groupby(marked, key=lambda pair: pair[0])
    ]
