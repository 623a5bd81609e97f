"""Techniques of the DISARM framework that a campaign's own signals suggest.

A suggestion is a pointer for an analyst, with the signal behind it. It is never a finding: DISARM
names what an operation does on purpose, and no signal sees a purpose.

DISARM Framework, DISARM Foundation, CC BY 4.0; names and ids as of the commit in `REVISION`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

FRAMEWORK = "DISARM Red Framework"
REPOSITORY = "https://github.com/DISARMFoundation/DISARMframeworks"
REVISION = "5409c8c7148c4a327f4ba41ea2890c6c3bf811c1"
"""The commit of `REPOSITORY` that the names and ids below were taken from."""

_LEAST_BITS = 0.5


@dataclass(frozen=True)
class Technique:
    """One technique: its id, its name, its tactic."""

    technique_id: str
    name: str
    tactic_id: str

    @property
    def url(self) -> str:
        """The technique's page at the pinned revision."""
        return f"{REPOSITORY}/blob/{REVISION}/generated_pages/techniques/{self.technique_id}.md"


@dataclass(frozen=True)
class Suggestion:
    """A technique and what suggests it: a ``signal``, a ``layer`` or ``platforms``, by name."""

    technique: Technique
    kind: str
    source: str
    because: str


_FLOOD = Technique("T0049", "Flood Information Space", "TA17")
_BY_SIGNAL = {
    "copypasta": Technique("T0084.001", "Use Copypasta", "TA06"),
    "paraphrase": Technique("T0084", "Reuse Existing Content", "TA06"),
    "language_spread": Technique("T0101", "Create Localised Content", "TA05"),
    "obfuscation": Technique("T0121.001", "Bypass Content Blocking", "TA17"),
    "synchrony": _FLOOD,
}
_BY_LAYER = {
    "reply": Technique("T0116", "Comment or Reply on Content", "TA09"),
    "hashtag": _FLOOD,
}
_CROSS_POSTING = Technique("T0119", "Cross-Posting", "TA17")


def suggest_techniques(
    evidence: pd.DataFrame, layers: Iterable[str], platforms: Iterable[str] = ()
) -> tuple[Suggestion, ...]:
    """Suggest techniques for one campaign.

    Parameters
    ----------
    evidence
        The campaign's evidence rows. A signal suggests something when it gave at least half a bit
        for inauthenticity.
    layers
        Layers that carry the campaign.
    platforms
        Platforms of its posts; two or more suggest cross-posting.

    Returns
    -------
    tuple of Suggestion
        One a technique, in order of id. It fails where a benign group leaves the same traces: a
        newswire "reuses content" as well.

    Examples
    --------
    >>> from disinfo import tables
    >>> found = suggest_techniques(tables.EVIDENCE.empty(), ["reply"])
    >>> [suggestion.technique.technique_id for suggestion in found]
    ['T0116']
    """
    found: dict[str, Suggestion] = {}
    for row in evidence.sort_values("bits", ascending=False).to_dict("records"):
        technique = _BY_SIGNAL.get(str(row["signal"]))
        if technique and row["status"] == "ok" and row["bits"] >= _LEAST_BITS:
            because = f"{row['because']} ({row['bits']:+.1f} bits)"
            suggestion = Suggestion(technique, "signal", str(row["signal"]), because)
            found.setdefault(technique.technique_id, suggestion)
    for layer in sorted(set(layers)):
        if layer in _BY_LAYER:
            technique = _BY_LAYER[layer]
            because = f"the group was found by what its members share in the layer {layer}"
            suggestion = Suggestion(technique, "layer", layer, because)
            found.setdefault(technique.technique_id, suggestion)
    names = sorted({name for name in platforms if isinstance(name, str) and name})
    if len(names) > 1:
        because = f"its posts stand on {len(names)} platforms: {', '.join(names)}"
        found["T0119"] = Suggestion(_CROSS_POSTING, "platforms", ", ".join(names), because)
    return tuple(found[name] for name in sorted(found))
