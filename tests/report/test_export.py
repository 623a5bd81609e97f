"""Exports: other tools read them back with the same counts and values; hostile text stays text."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo import tables
from disinfo.disarm import REVISION
from disinfo.errors import ParameterError
from disinfo.export import FORMATS, export_result
from disinfo.export.cells import plain_cell
from disinfo.export.redaction import redact_result
from disinfo.export.stix import build_bundle
from disinfo.result import Result

HOSTILE = [
    "=HYPERLINK(\"http://evil.example\",\"x\")", "@SUM(A1)", "+1+cmd|' /C calc'!A0", "-2+3",
    "\t=1", "\ufeff=1", "＝1", "|x", "<script>alert(1)</script>", "a\x00b\x1b[31m", "\u202ecod.exe",
    "]]>&<!--", "W" * 10_000, 'quote " comma , line\nbreak',
]  # fmt: skip


def _actions(result: Result) -> Result:
    posts = result.posts[result.posts["campaign_id"].notna()]
    rows = posts[["account_id", "created_at", "post_id"]].assign(
        layer="family", object_id=posts["family_id"]
    )
    return dataclasses.replace(result, actions=tables.ACTIONS.check(rows))


@pytest.fixture(scope="module")
def full(result):
    return _actions(result)


@pytest.fixture(scope="module")
def hostile(make_result):
    """Hostile text wherever text can stand, ids of accounts included."""
    result = _actions(make_result(texts=HOSTILE, notes=HOSTILE, created_from=HOSTILE[0]))
    rename = {f"acc{i:02d}": text for i, text in enumerate(HOSTILE[:10])}
    bad = HOSTILE[0] + HOSTILE[8]
    return dataclasses.replace(
        result,
        posts=result.posts.replace({"account_id": rename}).assign(account_handle=bad, platform=bad),
        members=tables.MEMBERS.check(result.members.replace({"account_id": rename})),
        edges=result.edges.replace({"account_a": rename, "account_b": rename}),
        accounts=result.accounts.replace({"account_id": rename}),
        actions=result.actions.replace({"account_id": rename}),
        narratives=result.narratives.assign(label=bad, keywords=[HOSTILE] * 3),
        evidence=result.evidence.assign(because=bad),
    )


def _likely_members(result: Result) -> set[str]:
    likely = result.campaigns.loc[
        result.campaigns["verdict"] == "likely inauthentic", "campaign_id"
    ]
    return set(result.members.loc[result.members["campaign_id"].isin(likely), "account_id"])


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("which", ["full", "hostile", "empty"])
@pytest.mark.parametrize("redact", [False, True])
def test_every_format_is_written_and_leaves_no_parts(name, which, redact, request, tmp_path):
    result = Result() if which == "empty" else request.getfixturevalue(which)
    target = tmp_path / FORMATS[name].usual_name
    assert export_result(result, target, to=name, redact=redact) == target
    assert target.is_dir() == FORMATS[name].is_folder
    assert not [p for p in tmp_path.rglob("*") if ".part" in p.name]


def test_unknown_formats_and_wrong_places_are_refused(full, tmp_path):
    with pytest.raises(ParameterError, match="Did you mean 'stix'"):
        export_result(full, tmp_path / "x", to="stx")
    with pytest.raises(ParameterError, match="is a folder"):
        export_result(full, tmp_path, to="stix")
    (tmp_path / "file").write_text("")
    with pytest.raises(ParameterError, match="is a file"):
        export_result(full, tmp_path / "file", to="csv")


@pytest.mark.parametrize("which", ["full", "hostile"])
def test_graphs_come_back_with_equal_counts_and_values(which, request, tmp_path):
    networkx = pytest.importorskip("networkx")
    result = request.getfixturevalue(which)
    readers = {"gexf": networkx.read_gexf, "graphml": networkx.read_graphml}
    edges = result.edges
    members = set(result.members["account_id"])
    inside = edges[edges["account_a"].isin(members) & edges["account_b"].isin(members)]
    for name, read in readers.items():
        graph = read(export_result(result, tmp_path / f"n.{name}", to=name))
        assert graph.number_of_nodes() == len(members)
        assert graph.number_of_edges() == len(inside)
        if which == "full":
            assert set(graph) == members
            row = inside.iloc[3]
            edge = graph.edges[row["account_a"], row["account_b"]]
            assert edge["p"] == row["p"]
            assert edge["q"] == row["q"]
            node = graph.nodes["acc03"]
            assert node["probability"] == 0.9
            assert node["strength"] == pytest.approx(3 + 3 / 7)
            assert node["campaign"] == "c-aa"
            assert node["start"] < node["end"]
        assert "person07" not in set(graph)


def test_gexf_carries_the_time_of_nodes(full, tmp_path):
    text = export_result(full, tmp_path / "n.gexf", to="gexf").read_text(encoding="utf-8")
    assert 'mode="dynamic"' in text
    assert 'timeformat="date"' in text
    assert text.count('start="2025-05-') >= len(full.members)


@pytest.mark.parametrize("which", ["full", "hostile", "empty"])
def test_stix_is_valid_and_comes_back(which, request, tmp_path):
    stix2 = pytest.importorskip("stix2")
    validator = pytest.importorskip("stix2validator")
    result = Result() if which == "empty" else request.getfixturevalue(which)
    text = export_result(result, tmp_path / "s.json", to="stix").read_text(encoding="utf-8")
    # Narrative and channel are extensions, which the library takes when it is told so.
    bundle = stix2.parse(text, allow_custom=True)
    report = validator.validate_string(text, validator.ValidationOptions(disabled="all"))
    assert report.is_valid, [str(e) for one in report.object_results for e in one.errors]
    kinds = [one["type"] for one in bundle.objects]
    assert kinds.count("user-account") == kinds.count("channel") == len(_likely_members(result))
    likely = result.campaigns[result.campaigns["verdict"] == "likely inauthentic"]
    assert kinds.count("campaign") == len(likely)
    assert kinds.count("narrative") == sum(len(names) for names in likely["narratives"])
    ids = [one["id"] for one in bundle.objects]
    assert len(ids) == len(set(ids))
    for one in bundle.objects:
        for ref in [one.get("source_ref"), one.get("target_ref"), *one.get("object_refs", ())]:
            assert ref is None or ref in ids
    if which == "full":
        by_type = {one["type"]: one for one in bundle.objects}
        assert by_type["campaign"]["confidence"] == 93
        assert "paraphrase: +3.1 bits" in by_type["note"]["content"]
        assert {one["user_id"] for one in bundle.objects if one["type"] == "user-account"} == (
            _likely_members(result)
        )
        assert "1 further coordinated group(s)" in by_type["report"]["description"]


def test_stix_ids_of_accounts_are_those_that_the_library_makes(full):
    stix2 = pytest.importorskip("stix2")
    for one in build_bundle(full)["objects"]:
        if one["type"] == "user-account":
            given = {key: one[key] for key in ("account_type", "user_id", "account_login")}
            assert stix2.v21.UserAccount(**given).id == one["id"]


def test_stix_suggests_techniques_and_asserts_none(full):
    objects = {one["id"]: one for one in build_bundle(full)["objects"]}
    patterns = {name for name, one in objects.items() if one["type"] == "attack-pattern"}
    ties = [one for one in objects.values() if one.get("target_ref") in patterns]
    assert patterns
    assert {tie["target_ref"] for tie in ties} == patterns
    for tie in ties:
        assert tie["relationship_type"] == "related-to"
        assert tie["description"].startswith("Suggested, not asserted: ")
        assert tie["confidence"] < 30
    for name in patterns:
        assert REVISION in objects[name]["external_references"][0]["url"]
    assert not [one for one in objects.values() if one.get("relationship_type") == "uses"]


def test_the_same_result_in_any_order_gives_the_same_bundle(full):
    turned = dataclasses.replace(full, posts=full.posts.iloc[::-1].reset_index(drop=True))
    assert build_bundle(turned) == build_bundle(full)


@pytest.mark.parametrize("which", ["full", "hostile", "empty"])
def test_misp_is_read_by_pymisp(which, request, tmp_path):
    pymisp = pytest.importorskip("pymisp")
    result = Result() if which == "empty" else request.getfixturevalue(which)
    event = pymisp.MISPEvent()
    event.load_file(str(export_result(result, tmp_path / "m.json", to="misp")))
    names = [one.name for one in event.objects]
    assert names.count("user-account") == len(_likely_members(result))
    assert names.count("report") == (result.campaigns["verdict"] == "likely inauthentic").sum()
    assert not event.published
    assert not [a for one in event.objects for a in one.attributes if a.to_ids]
    for one in event.objects:
        template = Path(pymisp.__file__).parent / "data/misp-objects/objects" / one.name
        known = json.loads((template / "definition.json").read_text(encoding="utf-8"))
        assert one.template_uuid == known["uuid"]
        assert {a.object_relation for a in one.attributes} <= set(known["attributes"])
    if which == "full":
        ids = {one.get_attributes_by_relation("user-id")[0].value for one in event.objects
               if one.name == "user-account"}  # fmt: skip
        assert ids == _likely_members(result)


@pytest.mark.parametrize("which", ["full", "hostile"])
def test_csv_comes_back_and_runs_no_formula(which, request, tmp_path):
    result = request.getfixturevalue(which)
    folder = export_result(result, tmp_path / "csv", to="csv")
    for name, frame in result.tables.items():
        back = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
        assert len(back) == len(frame)
        assert list(back.columns) == list(frame.columns)
        for cell in back.to_numpy().ravel():
            assert not re.match(r"[=+@\t\r|%＝＋－＠]", cell), cell[:40]
            assert not cell.startswith("-") or re.fullmatch(r"-[\d.]+(e[+-]?\d+)?", cell)
    scores = pd.read_csv(folder / "campaigns.csv")
    assert scores["probability"].tolist() == result.campaigns["probability"].tolist()
    members = pd.read_csv(folder / "members.csv", dtype={"account_id": str})
    if which == "full":
        assert members["account_id"].tolist() == result.members["account_id"].tolist()


def test_parquet_comes_back_equal(full, tmp_path):
    folder = export_result(full, tmp_path / "parquet", to="parquet")
    for name in ("campaigns", "members", "evidence"):
        back = tables.ALL[name].check(pd.read_parquet(folder / f"{name}.parquet"), sort=False)
        pd.testing.assert_frame_equal(back, getattr(full, name))


def test_coortweet_gets_its_columns_and_every_action(full, tmp_path):
    folder = export_result(full, tmp_path / "c", to="coortweet")
    back = pd.read_csv(folder / "family.csv")
    assert list(back.columns) == ["object_id", "account_id", "content_id", "timestamp_share"]
    assert len(back) == len(full.actions)
    moment = full.actions["created_at"].iloc[0].timestamp()
    assert back["timestamp_share"].iloc[0] == int(moment)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_redacted_export_names_nobody(full, name, tmp_path):
    target = export_result(full, tmp_path / "x", to=name, redact=True)
    files = [p for p in target.rglob("*") if p.is_file()] if target.is_dir() else [target]
    assert files
    for file in files:
        if file.suffix == ".parquet":
            text = pd.read_parquet(file).to_csv()
        else:
            text = file.read_text(encoding="utf-8")
        found = re.search(
            r"(?<![\w-])(?:acc\d\d|outlet\d|person\d\d|p0\d\d\d)(?![\w-])|_handle", text
        )
        assert not found, (file.name, found)
        assert "someone" not in text


def test_redaction_keeps_counts_and_joins(full):
    hidden = redact_result(full)
    for name, frame in full.tables.items():
        assert len(hidden.tables[name]) == len(frame)
    assert set(hidden.members["account_id"]) <= set(hidden.posts["account_id"])
    assert hidden.posts["account_id"].nunique() == full.posts["account_id"].nunique()
    assert set(hidden.campaign_objects["post_id"]) <= set(hidden.posts["post_id"])
    assert "account_handle" not in hidden.posts


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=20))
def test_no_cell_is_a_formula(text):
    cell = str(plain_cell(text))
    assert cell.lstrip("\ufeff \x00")[:1] not in ("=", "@", "＝", "＋", "－", "＠")
    if cell.startswith(("+", "-")):
        float(cell)
