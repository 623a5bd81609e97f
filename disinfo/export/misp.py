"""A MISP event: campaigns called likely inauthentic, as objects of MISP's own templates.

The event is unpublished, shared with the own organisation only, and no attribute is marked for
detection: what becomes of it is decided by a person.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from disinfo import disarm
from disinfo.export.findings import (
    Account,
    Finding,
    Narrative,
    input_name,
    last_time,
    left_out,
    likely_findings,
    settings,
)
from disinfo.export.json_files import write_json
from disinfo.result import Result
from disinfo.text.display import display

_NAMESPACE = uuid.UUID("8f7f5f0a-51e5-5e5b-8f5c-0d8f4f5f7b1c")
# Templates of misp-objects: name, uuid, version.
_USER_ACCOUNT = ("user-account", "49606b06-22f0-4ac8-8eee-2f12ad46f3d3", "6")
_NARRATIVE = ("narrative", "83bea299-514a-4719-a84b-f6fd0997fac1", "4")
_REPORT = ("report", "70a68471-df22-4e3f-aa1a-5a3be19f82df", "8")
_OWN_ORGANISATION, _INHERIT = "0", "5"
_THREAT_UNDEFINED, _ANALYSIS_ONGOING = "4", "1"

Object = dict[str, Any]


def write_misp(result: Result, file: Path) -> None:
    """Write the event.

    Parameters
    ----------
    result
        What to write.
    file
        Replaced when it is there.
    """
    write_json(build_event(result), file)


def build_event(result: Result) -> Object:
    """Return the event of a result.

    Parameters
    ----------
    result
        What to write.

    Returns
    -------
    dict
        With the key ``Event``; the same result gives the same event.

    Examples
    --------
    >>> build_event(Result())["Event"]["Object"]
    []
    """
    time = last_time(result)
    stamp = str(int(time.timestamp()))
    name = input_name(result)
    objects = [one for finding in likely_findings(result) for one in _objects(finding, stamp)]
    return {
        "Event": {
            "uuid": str(uuid.uuid5(_NAMESPACE, f"event {name} {stamp}")),
            "info": f"Coordination report on {name}. {settings(result)}. {left_out(result)}",
            "date": time.strftime("%Y-%m-%d"),
            "timestamp": stamp,
            "threat_level_id": _THREAT_UNDEFINED,
            "analysis": _ANALYSIS_ONGOING,
            "distribution": _OWN_ORGANISATION,
            "published": False,
            "Attribute": [],
            "Object": objects,
        }
    }


def _objects(finding: Finding, stamp: str) -> list[Object]:
    key = finding.campaign_id
    return [
        _summary(finding, stamp),
        *(_account(one, key, stamp) for one in finding.accounts),
        *(_narrative(one, key, stamp) for one in finding.narratives),
    ]


def _summary(finding: Finding, stamp: str) -> Object:
    techniques = "\n".join(
        f"{one.technique.technique_id} {one.technique.name}: {one.kind} {one.source}, "
        f"{display(one.because)}"
        for one in finding.techniques
    )
    suggested = (
        f"\nTechniques to consider ({disarm.FRAMEWORK}, revision {disarm.REVISION[:12]}), "
        f"suggested and not asserted:\n{techniques}"
        if techniques
        else ""
    )
    text = f"{finding.summary}\nEvidence:\n{finding.evidence}{suggested}"
    values = [
        ("title", "text", f"Coordinated group {finding.campaign_id}"),
        ("summary", "text", text),
    ]
    return _object(_REPORT, finding.campaign_id, finding.campaign_id, values, stamp)


def _account(account: Account, campaign: str, stamp: str) -> Object:
    values = [("user-id", "text", account.account_id)]
    if account.handle:
        values.append(("username", "text", account.handle.lstrip("@")))
    if account.platform:
        values.append(("account-type", "text", account.platform))
    comment = f"member of {campaign}, supported by its own acts with {account.strength:.1f} bits"
    return _object(_USER_ACCOUNT, f"{campaign} {account.account_id}", comment, values, stamp)


def _narrative(story: Narrative, campaign: str, stamp: str) -> Object:
    values = [("narrative-summary", "text", f"{story.label}\n{story.summary}")]
    comment = f"told by posts of {campaign}"
    return _object(_NARRATIVE, f"{campaign} {story.narrative_id}", comment, values, stamp)


def _object(
    template: tuple[str, str, str],
    key: str,
    comment: str,
    values: list[tuple[str, str, str]],
    stamp: str,
) -> Object:
    name, template_uuid, version = template
    own = _number(f"{name} {key}")
    return {
        "name": name, "meta-category": "misc", "template_uuid": template_uuid,
        "template_version": version, "uuid": own, "timestamp": stamp, "comment": comment,
        "distribution": _INHERIT,
        "Attribute": [
            {
                "uuid": _number(f"{own} {relation}"), "object_relation": relation, "type": kind,
                "category": "Other", "value": value, "to_ids": False, "disable_correlation": False,
                "distribution": _INHERIT, "timestamp": stamp,
            }
            for relation, kind, value in values
        ],
    }  # fmt: skip


def _number(key: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, key.encode("utf-8", "replace").decode("utf-8")))
