"""Put the page together and write it."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from disinfo.errors import ParameterError
from disinfo.report import drawing
from disinfo.report.cards import MOST_CARDS, build_cards, number_or_none
from disinfo.report.drawing_maps import N_COLOURS
from disinfo.report.listings import list_accounts, list_narratives
from disinfo.report.null_check import summarise_null_check
from disinfo.report.overview import (
    build_overview,
    input_name,
    twin_words,
    verdict_class,
    verdict_words,
)
from disinfo.report.page_charts import PageCharts, draw_page_charts, layer_label
from disinfo.report.reasons import reason_for
from disinfo.report.redaction import redact as redact_source
from disinfo.report.script_json import script_json
from disinfo.report.source import Reportable, Source, read_source
from disinfo.report.words import NONE, Words
from disinfo.text.display import display

_STORIES_UNFOLDED = 5
_SCRIPTS = ("page.js", "tables.js", "network.js", "ready.js")
_SCRIPT_TEXTS = (
    "filter", "copy", "copied", "copy_failed", "rows_shown", "found", "theme", "zoom_in",
    "zoom_out", "reset", "search_account", "colour", "colour_campaign", "colour_verdict",
    "colour_none", "edges", "node", "ties", "card", "only", "unnamed",
)  # fmt: skip


def write_report(
    result: Reportable, path: str | Path, *, language: str = "en", redact: bool = False
) -> Path:
    """Write one self-contained HTML page about a result.

    The file opens from disk without a network: no address in it is ever fetched, and links in
    posts are shown as text. The page is written beside its place and then moved there, so that a
    reader never sees half of one.

    Parameters
    ----------
    result
        A `Result`, or anything that has its tables and manifest.
    path
        Where to write; folders are made, a page that is there is replaced.
    language
        ``en`` or ``pl``. Labels and notes stay as the result has them.
    redact
        Whether accounts, post ids and handles are replaced by pseudonyms. The wording of a post
        can still be searched for: this is pseudonymisation, not anonymity.

    Returns
    -------
    Path
        Where the page is.

    Raises
    ------
    ParameterError
        When the language is unknown or `path` is a folder.

    Notes
    -----
    Shows at most 40 campaigns as cards, 200 narratives, 500 accounts and some 1,200 posts; each
    cut says "n of N". Everything is in the tables that `Result.save` writes.
    """
    target = Path(path)
    if target.is_dir():
        msg = f"report path {str(target)!r} is a folder; name a file in it, such as report.html"
        raise ParameterError(msg)
    html = render_report(result, language=language, redact=redact)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_text(html, encoding="utf-8", newline="\n")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def render_report(result: Reportable, *, language: str = "en", redact: bool = False) -> str:
    """Return the page that `write_report` writes.

    Parameters
    ----------
    result
        A `Result`, or anything that has its tables and manifest.
    language
        ``en`` or ``pl``.
    redact
        Whether accounts, post ids and handles are replaced by pseudonyms.

    Returns
    -------
    str
        A whole HTML document. The same result gives the same document.

    Raises
    ------
    ParameterError
        When the language is unknown.
    """
    words = Words(language)
    source = read_source(result)
    if redact:
        source = redact_source(source)
    script, style = _script(), _asset("style.css")
    context = {
        "language": language,
        "redacted": redact,
        "script": Markup(script),
        "style": Markup(style),
        "policy": _content_policy(script, style),
        **_contents(source, words),
    }
    return _environment(words).get_template("page.html").render(context)


def _contents(source: Source, words: Words) -> dict[str, Any]:
    """Return what the template shows."""
    cards = build_cards(source, words)
    charts = draw_page_charts(source, words)
    return {
        "overview": build_overview(source, words),
        "manifest": source.manifest,
        "settings": _flat(source.manifest),
        "campaigns": _campaign_rows(source, words),
        "cards": cards,
        "cards_cut": len(source.campaigns) > MOST_CARDS,
        "narratives": list_narratives(source, cards),
        "accounts": list_accounts(source, words),
        "null_rows": summarise_null_check(source),
        "charts": charts,
        "layer_label": lambda layer: layer_label(layer, words),
        "n_colours": N_COLOURS,
        "n_stories": _STORIES_UNFOLDED,
        "likely_from": _likely_from(source.manifest),
        "twins": [twin_words(twin, words) for twin in source.manifest.get("lookalikes") or ()],
        "reason": lambda step, missing=False: reason_for(step, words, missing=missing),
        "data": script_json(_data(charts, source, words)),
        "draw": drawing,
        "display": display,
    }


def _likely_from(manifest: Mapping[str, Any]) -> float | None:
    """Return the least probability for the gravest verdict; None where the stage is another."""
    score = (manifest.get("parameters") or {}).get("score")
    return number_or_none(score.get("likely_from")) if isinstance(score, Mapping) else None


def _campaign_rows(source: Source, words: Words) -> list[dict[str, Any]]:
    return [
        {
            **row,
            "campaign_id": display(row["campaign_id"]),
            "verdict": verdict_words(row["verdict"], words),
            "verdict_class": verdict_class(row["verdict"]),
        }
        for row in source.campaigns.to_dict("records")
    ]


def _data(charts: PageCharts, source: Source, words: Words) -> dict[str, Any]:
    """Return what the script needs: the network, and its own words."""
    return {
        "network": charts.network_data,
        "n_cards": min(len(source.campaigns), MOST_CARDS),
        "words": {name: words.template(f"script.{name}") for name in _SCRIPT_TEXTS},
    }


def _flat(settings: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Return nested settings as (dotted name, value) pairs."""
    out: list[tuple[str, str]] = []
    for key, value in settings.items():
        name = f"{prefix}{display(str(key))}"
        if isinstance(value, Mapping) and value:
            out.extend(_flat(value, f"{name}."))
        elif name == "created_from":
            out.append((name, input_name(settings)))
        else:
            text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
            text = NONE if value is None else text
            out.append((name, display(text, limit=2000)))
    return out


def _environment(words: Words) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_asset),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["t"] = words
    return environment


def _asset(name: str) -> str:
    return (resources.files("disinfo.report") / "templates" / name).read_text(encoding="utf-8")


def _script() -> str:
    """Return the page's script: the parts in order, inside one function of their own."""
    parts = "\n".join(_asset(name) for name in _SCRIPTS)
    return f'(function () {{\n"use strict";\n{parts}\n}})();'


def _content_policy(script: str, style: str) -> str:
    """Return a policy that lets run this one script and this one style sheet, nothing else.

    Escaping already keeps posts from becoming markup; the policy is the second lock.
    """
    return (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
