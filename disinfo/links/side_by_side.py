"""What pairs of texts can differ in at all, asked of all pairs at once.

Of a million pairs that speak of one matter few have a negation, a contrary or an unlike number
between them, and only those need their words compared one by one. Nothing here decides anything
that `disinfo.text.opposition` would decide otherwise: a pair that is turned away has none of what
its rules ask for.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from disinfo.text.contraries import contrary_at_once, single_sides
from disinfo.text.opposition import Stance, opposed, other_detail, other_numbers

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


class Stances:
    """The cues of n texts, compared in pairs.

    Parameters
    ----------
    stances
        Of each text.
    languages
        ISO 639-1 code of each.

    Notes
    -----
    Fails in nothing that the rules of `disinfo.text.opposition` do not fail in: it is they that
    decide.

    Examples
    --------
    >>> import numpy as np
    >>> from disinfo.text.opposition import stance
    >>> texts = ["The dam broke", "The dam is a hoax", "The dam broke today"]
    >>> table = Stances([stance(text, "en") for text in texts], ["en"] * 3)
    >>> table.opposed(np.array([0, 0]), np.array([1, 2]), np.array([0.6, 0.8])).tolist()
    [True, False]
    """

    def __init__(self, stances: Sequence[Stance], languages: Sequence[str]) -> None:
        self._stances = stances
        self._language = ids_of(languages)
        self._refutes = np.array([cues.refutes for cues in stances], bool)
        self._short = np.array([cues.short for cues in stances], bool)
        self._sourced = np.array([cues.sourced for cues in stances], bool)
        self._negates = np.array([cues.negations > 0 for cues in stances], bool)
        self._of_report = np.array([cues.of_report for cues in stances], bool)
        self._checked = np.array([cues.checked for cues in stances], bool)
        self._sides = single_sides([cues.sides for cues in stances])
        self._named = np.array([bool(cues.figures) for cues in stances], bool)
        self._numbers = ids_of([frozenset(cues.numbers) for cues in stances])
        self._figures = ids_of([(frozenset(c.figures), frozenset(c.numbers)) for c in stances])
        self._words = ids_of([tuple(sorted(w for w in c.frame if len(w) > 3)) for c in stances])

    def short(self, a: Ints, b: Ints) -> Bools:
        """Tell of which pairs both texts make one claim only."""
        result: Bools = self._short[a] & self._short[b]
        return result

    def same_language(self, a: Ints, b: Ints) -> Bools:
        """Tell which pairs are in one language."""
        result: Bools = self._language[a] == self._language[b]
        return result

    def opposed(self, a: Ints, b: Ints, lexical: NDArray[np.float64]) -> Bools:
        """Return what `disinfo.text.opposition.opposed` says of each pair.

        Parameters
        ----------
        a, b
            Places of m pairs of texts.
        lexical
            Edit ratio of each pair, shape (m,).

        Returns
        -------
        ndarray of shape (m,), bool
            True where two texts say contrary things.
        """
        tells = self.short(a, b) & self.same_language(a, b)
        tells &= (
            self._negates[a]
            | self._negates[b]
            | contrary_at_once(self._sides, a, b, same_language=True)
            | (self._words[a] == self._words[b])
        )
        tells |= self._refutes[a] != self._refutes[b]
        return self._asked(opposed, tells, a, b, lexical)

    def other_detail(self, a: Ints, b: Ints, lexical: NDArray[np.float64]) -> Bools:
        """Return what `disinfo.text.opposition.other_detail` says of each pair.

        Parameters
        ----------
        a, b
            Places of m pairs of texts.
        lexical
            Edit ratio of each pair, shape (m,).

        Returns
        -------
        ndarray of shape (m,), bool
            True where two texts are alike but for a number, a day or an hour.
        """
        tells = np.zeros(len(a), dtype=bool)
        same = self.same_language(a, b)
        for its, within, times in (
            (np.flatnonzero(same), True, (True,)),
            (np.flatnonzero(~same), False, (True, False)),
        ):
            one, other = a[its], b[its]
            tells[its] = within & (self._numbers[one] != self._numbers[other])
            for when in times:
                tells[its] |= contrary_at_once(
                    self._sides, one, other, same_language=within, of_time=when
                )
        return self._asked(other_detail, tells & self.short(a, b), a, b, lexical)

    def other_numbers(self, a: Ints, b: Ints) -> Bools:
        """Return what `disinfo.text.opposition.other_numbers` says of each pair."""
        tells = self._named[a] & self._named[b] & self.short(a, b)
        return once_each(
            self._figures,
            a,
            b,
            tells,
            lambda i, j: other_numbers(self._stances[i], self._stances[j]),
        )

    def doubtful(self, a: Ints, b: Ints) -> Bools:
        """Return what `disinfo.text.opposition.doubtful` says of each pair."""
        differ = self._negates[a] != self._negates[b]
        differ |= self._sourced[a] != self._sourced[b]
        result: Bools = differ & self.short(a, b)
        return result

    def comments(self, a: Ints, b: Ints) -> Bools:
        """Return what `disinfo.text.opposition.comments` says of each pair."""
        result = self.short(a, b)
        result &= self._comments_on(a, b) | self._comments_on(b, a)
        return result

    def _comments_on(self, a: Ints, b: Ints) -> Bools:
        cues = (self._of_report, self._checked, self._sourced, self._negates)
        own = np.array([cue[a] & ~cue[b] for cue in cues])
        result: Bools = own[0] | (own.sum(axis=0) > 1)
        return result

    def _asked(
        self,
        rule: Callable[..., bool],
        tells: Bools,
        a: Ints,
        b: Ints,
        lexical: NDArray[np.float64],
    ) -> Bools:
        """Ask a rule about some of the pairs; it is not so of the others."""
        result = np.zeros(len(a), dtype=bool)
        its = np.flatnonzero(tells)
        a, b = a[its], b[its]
        same = self.same_language(a, b).tolist()
        result[its] = [
            rule(self._stances[i], self._stances[j], same_language=one, lexical_similarity=ratio)
            for i, j, one, ratio in zip(a.tolist(), b.tolist(), same, lexical[its], strict=True)
        ]
        return result


def ids_of(values: Sequence[Hashable]) -> Ints:
    """Return a number for each value, the same for equal values.

    Parameters
    ----------
    values
        n hashable values.

    Returns
    -------
    ndarray of shape (n,), int64
        Numbers from 0 on.

    Examples
    --------
    >>> ids_of(["a", "b", "a"]).tolist()
    [0, 1, 0]
    """
    seen: dict[Hashable, int] = {}
    return np.array([seen.setdefault(value, len(seen)) for value in values], dtype=np.int64)


def once_each(ids: Ints, a: Ints, b: Ints, tells: Bools, rule: Callable[[int, int], bool]) -> Bools:
    """Ask a rule about some pairs, once for each two values.

    Parameters
    ----------
    ids
        Number of the value that the rule looks at, of each of n texts.
    a, b
        Places of m pairs of texts.
    tells
        Which pairs to ask about; bool of shape (m,).
    rule
        Asked of two texts.

    Returns
    -------
    ndarray of shape (m,), bool
        False where it was not asked.

    Examples
    --------
    >>> import numpy as np
    >>> a, b, yes = np.array([0, 1]), np.array([2, 2]), np.ones(2, dtype=bool)
    >>> once_each(np.array([5, 5, 7]), a, b, yes, lambda i, j: i == 0).tolist()
    [True, True]
    """
    result = np.zeros(len(a), dtype=bool)
    its = np.flatnonzero(tells)
    a, b = a[its], b[its]
    n = int(ids.max(initial=0)) + 1
    _, first, which = np.unique(ids[a] * n + ids[b], return_index=True, return_inverse=True)
    answers = [rule(i, j) for i, j in zip(a[first].tolist(), b[first].tolist(), strict=True)]
    result[its] = np.array(answers, dtype=bool)[which]
    return result
