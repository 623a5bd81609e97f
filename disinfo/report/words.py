"""The page's words and numbers in one language.

Strings live in ``strings/<language>.json``; keys are the same in every file (a test checks it).
Texts that come from the result itself (the reason of an evidence row, say) stay as they are.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

from disinfo.errors import ParameterError, did_you_mean

LANGUAGES = ("en", "pl")
NONE = "–"
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@cache
def _strings(language: str) -> dict[str, str]:
    path = resources.files("disinfo.report") / "strings" / f"{language}.json"
    loaded: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


@dataclass(frozen=True)
class Words:
    r"""Strings and number formats of one language.

    Parameters
    ----------
    language
        One of `LANGUAGES`.

    Raises
    ------
    ParameterError
        When there is no such language.

    Examples
    --------
    >>> Words("pl").number(12345.5, digits=1)
    '12\xa0345,5'
    >>> Words("en").count("unit.account", 1)
    '1 account'
    """

    language: str
    _texts: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            hint = did_you_mean([str(self.language)], LANGUAGES)
            msg = f"language {self.language!r} is not one of {list(LANGUAGES)}.{hint}"
            raise ParameterError(msg)
        object.__setattr__(self, "_texts", _strings(self.language))

    def __call__(self, key: str, **values: Any) -> str:
        """Return the string of a key with its placeholders filled."""
        return self._texts[key].format(**values)

    def template(self, key: str) -> str:
        """Return the string of a key with its placeholders open, for the page's script."""
        return self._texts[key]

    def named(self, group: str, name: str) -> str:
        """Return the string of ``group.name``, or the name itself in plain words if unknown."""
        return self._texts.get(f"{group}.{name}", name.replace("_", " "))

    def count(self, key: str, n: int) -> str:
        """Return a number with its noun in the right form."""
        return self._texts[f"{key}.{self._form(n)}"].format(n=self.number(n))

    def _form(self, n: int) -> str:
        if n == 1:
            return "one"
        if self.language == "pl" and n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14):
            return "few"
        return "many"

    def number(self, value: float | None, *, digits: int = 0, sign: bool = False) -> str:
        """Return a number with the language's separators, or a dash when it is missing."""
        if value is None or not math.isfinite(value):
            return NONE
        text = f"{value:{'+' if sign else ''},.{digits}f}".replace("-", "−")
        if self.language == "pl":
            text = text.replace(",", "\xa0").replace(".", ",")
        return text

    def percent(self, value: float | None) -> str:
        """Return a share in percent; never 0 or 100 % unless it is exactly that."""
        if value is None or not math.isfinite(value):
            return NONE
        if 0 < value < 0.01:
            return f"< 1{self._percent_sign}"
        if 0.99 < value < 1:
            return f"> 99{self._percent_sign}"
        digits = 0 if abs(value * 100 - round(value * 100)) < 0.05 or value > 0.1 else 1
        return self.number(value * 100, digits=digits) + self._percent_sign

    @property
    def _percent_sign(self) -> str:
        return "\u00a0%" if self.language == "pl" else "%"

    def interval(self, low: float | None, high: float | None) -> str:
        """Return an interval of shares, or a dash when an end is missing."""
        if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
            return NONE
        return f"{self.percent(low)} – {self.percent(high)}"

    def p_value(self, value: float | None) -> str:
        """Return a p- or q-value; small ones as a power of ten, the smallest as a bound."""
        if value is None or not math.isfinite(value):
            return NONE
        if value < 1e-9:
            # So far out in the tail no model of chance is exact.
            return "< 10⁻⁹"
        if value >= 0.001:
            return self.number(value, digits=3)
        exponent = math.floor(math.log10(value))
        mantissa = self.number(value / 10**exponent, digits=1)
        return f"{mantissa} × 10{str(exponent).translate(_SUPERSCRIPT)}"

    def time(self, value: Any) -> str:
        """Return a time in UTC to the minute, or a dash when it is missing."""
        return NONE if pd.isna(value) else f"{value:%Y-%m-%d %H:%M}"

    def duration(self, seconds: float | None) -> str:
        """Return a length of time in the largest unit that leaves a number of at least one."""
        if seconds is None or not math.isfinite(seconds):
            return NONE
        for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
            if seconds >= size:
                value = seconds / size
                digits = 0 if value >= 10 or value == round(value) else 1
                return f"{self.number(value, digits=digits)} {self(f'unit.{unit}')}"
        return f"{self.number(seconds)} {self('unit.second')}"
