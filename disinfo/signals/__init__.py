"""Signals: what speaks for and against a campaign's being inauthentic, one file each.

A signal measures and explains; how much its measurement weighs is the score's to say.
"""

from disinfo.signals.account_age import creation_burst, young_accounts
from disinfo.signals.dedication import dedication
from disinfo.signals.equal_counts import equal_counts
from disinfo.signals.handles import handle_template
from disinfo.signals.language_spread import language_spread, language_switch
from disinfo.signals.lookalike_domains import lookalike_domains
from disinfo.signals.machine_residue import machine_residue
from disinfo.signals.machine_writing import MachineWriting, machine_writing
from disinfo.signals.obfuscation import obfuscation
from disinfo.signals.paraphrase_signature import paraphrase_signature
from disinfo.signals.platform_spread import platform_spread
from disinfo.signals.refutation import no_refutation
from disinfo.signals.regularity import regularity
from disinfo.signals.rhythm import rhythm
from disinfo.signals.shared_avatar import shared_avatar
from disinfo.signals.sources import source_concentration
from disinfo.signals.synchrony import synchrony
from disinfo.signals.template_dispersion import template_dispersion
from disinfo.signals.text_reuse import copypasta, paraphrase
from disinfo.signals.topic_switch import topic_switch
from disinfo.stages import Signal

ALL_SIGNALS: tuple[Signal, ...] = (
    copypasta,
    creation_burst,
    dedication,
    equal_counts,
    handle_template,
    language_spread,
    language_switch,
    lookalike_domains,
    machine_residue,
    machine_writing,
    no_refutation,
    obfuscation,
    paraphrase,
    paraphrase_signature,
    platform_spread,
    regularity,
    rhythm,
    shared_avatar,
    source_concentration,
    synchrony,
    template_dispersion,
    topic_switch,
    young_accounts,
)

__all__ = [
    "ALL_SIGNALS",
    "MachineWriting",
    "copypasta",
    "creation_burst",
    "dedication",
    "equal_counts",
    "handle_template",
    "language_spread",
    "language_switch",
    "lookalike_domains",
    "machine_residue",
    "machine_writing",
    "no_refutation",
    "obfuscation",
    "paraphrase",
    "paraphrase_signature",
    "platform_spread",
    "regularity",
    "rhythm",
    "shared_avatar",
    "source_concentration",
    "synchrony",
    "template_dispersion",
    "topic_switch",
    "young_accounts",
]
