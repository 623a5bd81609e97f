"""A STIX 2.1 bundle: campaigns called likely inauthentic, their accounts, stories and evidence.

Narratives and channels are objects of OpenCTI, marked as extensions, as OpenCTI writes them.
DISARM techniques stand in the bundle as suggestions: ``related-to``, never ``uses``.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from disinfo import disarm
from disinfo.export.findings import (
    Account,
    Finding,
    input_name,
    last_time,
    left_out,
    likely_findings,
    settings,
)
from disinfo.export.json_files import write_json
from disinfo.result import Result
from disinfo.text.display import display

# Of this project; objects of the same result have the same ids wherever they are made.
_NAMESPACE = uuid.UUID("5f0d5a3e-6a5b-5d0e-9d53-3f0a3a0d1f6e")
# Of STIX 2.1, section 2.9: the ids of observables come from their content.
_OBSERVABLES = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
_OPENCTI = "extension-definition--ea279b3e-5c71-4632-ac08-831c66a786ba"
_SUGGESTED = 15
"""Confidence of a suggested technique: "doubtful" on the Admiralty scale of STIX."""

Object = dict[str, Any]


def write_stix(result: Result, file: Path) -> None:
    """Write the bundle.

    Parameters
    ----------
    result
        What to write.
    file
        Replaced when it is there.
    """
    write_json(build_bundle(result), file)


def build_bundle(result: Result) -> Object:
    """Return the bundle of a result.

    Parameters
    ----------
    result
        What to write.

    Returns
    -------
    dict
        Ids are made from content, times from the posts: the same result gives the same bundle.

    Examples
    --------
    >>> [one["type"] for one in build_bundle(Result())["objects"]]
    ['identity', 'report']
    """
    maker = _Maker(_stamp(last_time(result)))
    identity = maker.identity()
    objects: dict[str, Object] = {identity["id"]: identity}
    for finding in likely_findings(result):
        for one in maker.campaign_objects(finding):
            objects[one["id"]] = one
    refs = [name for name in objects if name != identity["id"]] or [identity["id"]]
    name = input_name(result)
    report = maker.sdo(
        "report",
        name,
        name=f"Coordination report on {name}",
        description=f"{settings(result)}. {left_out(result)}",
        report_types=["campaign"],
        published=maker.stamp,
        object_refs=refs,
    )
    objects[report["id"]] = report
    bundle_id = _uuid("bundle", *objects)
    return {"type": "bundle", "id": f"bundle--{bundle_id}", "objects": list(objects.values())}


class _Maker:
    """Makes objects of one time and one author."""

    def __init__(self, stamp: str) -> None:
        self.stamp = stamp
        self.author = f"identity--{_uuid('identity', 'disinfo')}"

    def identity(self) -> Object:
        """Return the author: this library."""
        fixed = _stamp(pd.Timestamp("2025-01-01", tz="UTC"))
        return {
            "type": "identity", "spec_version": "2.1", "id": self.author, "created": fixed,
            "modified": fixed, "name": "disinfo", "identity_class": "system",
            "description": "Software that finds coordinated groups in social posts.",
        }  # fmt: skip

    def sdo(self, kind: str, key: str, **properties: object) -> Object:
        """Return a domain object whose id comes from its kind and key."""
        return {
            "type": kind, "spec_version": "2.1", "id": f"{kind}--{_uuid(kind, key)}",
            "created_by_ref": self.author, "created": self.stamp, "modified": self.stamp,
            **properties,
        }  # fmt: skip

    def related(self, source: Object, target: Object, text: str, **properties: object) -> Object:
        """Return a relationship that claims no more than `text` says."""
        return self.sdo(
            "relationship",
            f"{source['id']} {target['id']}",
            relationship_type="related-to",
            source_ref=source["id"],
            target_ref=target["id"],
            description=text,
            **properties,
        )

    def campaign_objects(self, finding: Finding) -> Iterator[Object]:
        """Yield a campaign and all that belongs to it."""
        campaign = self.sdo(
            "campaign",
            finding.campaign_id,
            name=f"Coordinated group {finding.campaign_id}",
            description=finding.summary,
            first_seen=_stamp(finding.first_seen),
            last_seen=_stamp(finding.last_seen),
            confidence=round(100 * finding.probability),
            labels=["likely-inauthentic"],
        )
        yield campaign
        yield self.sdo(
            "note",
            finding.campaign_id,
            abstract="Evidence in bits",
            content=finding.evidence or "no evidence rows",
            object_refs=[campaign["id"]],
        )
        for account in finding.accounts:
            yield from self._account(account, campaign)
        for story in finding.narratives:
            narrative = self.sdo(
                "narrative", story.narrative_id, name=story.label, description=story.summary,
                extensions={_OPENCTI: {"extension_type": "new-sdo"}},
            )  # fmt: skip
            yield narrative
            yield self.related(campaign, narrative, "posts of the group tell this story")
        yield from self._techniques(finding, campaign)

    def _account(self, account: Account, campaign: Object) -> Iterator[Object]:
        observable = user_account(account)
        text = f"member of the group, supported by its own acts with {account.strength:.1f} bits"
        yield observable
        yield self.related(observable, campaign, text)
        channel = self.sdo(
            "channel", observable["id"],
            name=display(account.handle or account.account_id, limit=120),
            channel_types=["social-media-account"],
            extensions={_OPENCTI: {"extension_type": "new-sdo"}},
        )  # fmt: skip
        yield channel
        yield self.related(channel, observable, "the channel is this account")

    def _techniques(self, finding: Finding, campaign: Object) -> Iterator[Object]:
        for one in finding.techniques:
            technique = one.technique
            pattern = self.sdo(
                "attack-pattern",
                f"{technique.technique_id} {disarm.REVISION}",
                name=technique.name,
                external_references=[
                    {
                        "source_name": "DISARM",
                        "external_id": technique.technique_id,
                        "url": technique.url,
                        "description": f"{disarm.FRAMEWORK}, revision {disarm.REVISION}",
                    }
                ],
            )
            text = f"Suggested, not asserted: {one.kind} {one.source}: {display(one.because)}"
            yield pattern
            yield self.related(campaign, pattern, text, confidence=_SUGGESTED)


def user_account(account: Account) -> Object:
    """Return the observable of an account, with the id that STIX prescribes for it."""
    named = {
        "account_type": account.platform.lower(),
        "user_id": account.account_id,
        "account_login": account.handle.lstrip("@"),
    }
    known = {name: _storable(value) for name, value in named.items() if value}
    content = json.dumps(known, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    number = uuid.uuid5(_OBSERVABLES, content)
    return {
        "type": "user-account", "spec_version": "2.1", "id": f"user-account--{number}", **known,
    }  # fmt: skip


def _storable(text: str) -> str:
    """Return text that can be encoded: a lone half of a surrogate pair cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _uuid(*parts: str) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, _storable("\x1f".join(parts)))


def _stamp(time: pd.Timestamp) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03d}Z"
