"""Signals: what speaks for and against a campaign's being inauthentic, one file each.

A signal measures and explains; how much its measurement weighs is the score's to say.
"""

from disinfo.signals.account_age import creation_burst, young_accounts
from disinfo.signals.dedication import dedication
from disinfo.signals.language_spread import language_spread, language_switch
from disinfo.signals.obfuscation import obfuscation
from disinfo.signals.refutation import no_refutation
from disinfo.signals.rhythm import rhythm
from disinfo.signals.sources import source_concentration
from disinfo.signals.synchrony import synchrony
from disinfo.signals.text_reuse import copypasta, paraphrase
from disinfo.stages import Signal

ALL_SIGNALS: tuple[Signal, ...] = (
    copypasta,
    creation_burst,
    dedication,
    language_spread,
    language_switch,
    no_refutation,
    obfuscation,
    paraphrase,
    rhythm,
    source_concentration,
    synchrony,
    young_accounts,
)

__all__ = [
    "ALL_SIGNALS",
    "copypasta",
    "creation_burst",
    "dedication",
    "language_spread",
    "language_switch",
    "no_refutation",
    "obfuscation",
    "paraphrase",
    "rhythm",
    "source_concentration",
    "synchrony",
    "young_accounts",
]
