"""The documentation: snippets run, commands parse, links lead somewhere, pages are complete."""

import ast
import dataclasses
import inspect
import re
import runpy
import shlex
import socket
from pathlib import Path

import pytest
import yaml
from typer.main import get_command
from typer.testing import CliRunner

import disinfo
from disinfo import (
    claims,
    cli,
    coordination,
    embedding,
    engines,
    errors,
    links,
    narratives,
    reading,
    report,
    scoring,
    signals,
    simulation,
    stages,
    tables,
    testing,
    writing,
)

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]
FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```\s*$", re.MULTILINE | re.DOTALL)
# On these pages the commands are run as well, between the snippets.
RUN_COMMANDS = {"tutorial.md"}
# Stands on a page where a reader puts the id that he was shown.
ANY_CAMPAIGN = "c-0123456789"


def _name(page):
    return str(page.relative_to(ROOT))


def _read(page):
    return page.read_text(encoding="utf-8")


def _fences(text):
    """Yield the first word of each fence, its other marks, its body and the line it begins on."""
    for found in FENCE.finditer(text):
        language, _, marks = found["info"].strip().partition(" ")
        yield language, marks, found["body"], text.count("\n", 0, found.start("body"))


def _commands(body):
    return [line for line in body.splitlines() if line.startswith("disinfo ")]


every_page = pytest.mark.parametrize("page", PAGES, ids=_name)


@pytest.fixture(scope="session")
def export(tmp_path_factory):
    """The small election of the tutorial, as a file."""
    world = simulation.simulate(
        n_posts=1500,
        days=14,
        campaigns=(simulation.Campaign(kind="reworded", n_accounts=12, n_waves=14),),
        twins=(simulation.Twin(kind="newswire"),),
        seed=1,
    )
    path = tmp_path_factory.mktemp("docs") / "export.ndjson"
    world.posts.to_json(path, orient="records", lines=True, date_format="iso")
    return path


@pytest.fixture
def offline(monkeypatch):
    def refuse(*_):
        raise AssertionError("a snippet wants the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def _invoke(command, namespace):
    words = shlex.split(command.replace(ANY_CAMPAIGN, namespace.get("campaign_id", "")))[1:]
    outcome = CliRunner().invoke(cli.app, words)
    assert outcome.exit_code == 0, f"{command}: {outcome.output}"


@pytest.mark.parametrize("page", [p for p in PAGES if "```python" in _read(p)], ids=_name)
@pytest.mark.usefixtures("offline")
def test_snippets_run(page, export, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / export.name).write_bytes(export.read_bytes())
    namespace = {"__name__": "snippet"}
    ran = 0
    for language, marks, body, line in _fences(_read(page)):
        if language == "python" and "no-run" not in marks:
            # Blank lines before it, so that a traceback names the line of the page.
            exec(compile("\n" * line + body, str(page), "exec"), namespace)
            ran += 1
        if language == "sh" and page.name in RUN_COMMANDS:
            for command in _commands(body):
                _invoke(command, namespace)
    # A fence that is not closed, or closed twice, would hide snippets from this test.
    assert ran == len(re.findall(r"^```python(?!.*no-run)", _read(page), re.MULTILINE))


def test_few_snippets_are_not_run():
    marks = [marks for page in PAGES for language, marks, *_ in _fences(_read(page)) if marks]
    assert len(marks) <= 2, marks


def _parse(command):
    group = get_command(cli.app)
    _, name, *words = shlex.split(command)
    assert name in group.commands, command
    group.commands[name].make_context(name, words)  # raises where an option does not exist


def _all_commands(text):
    yield from (line for language, _, body, _ in _fences(text) for line in _commands(body))
    plain = FENCE.sub("", text)
    yield from re.findall(r"^    (disinfo .+)$", plain, re.MULTILINE)
    # A bare `disinfo detect` in a sentence names the command and is no call of it.
    yield from re.findall(r"`(disinfo [a-z]+ [^`]+)`", plain)


@every_page
def test_commands_parse(page):
    commands = list(_all_commands(_read(page)))
    for command in commands:
        if "COMMAND" not in command:
            _parse(command)
    shown = re.findall(r"^ *(?:\$ )?(disinfo [a-z]+.*?) *$", _read(page), re.MULTILINE)
    missed = [line for line in shown if not any(line in command for command in commands)]
    assert missed == [], "commands of the page that were not parsed"


def test_a_wrong_command_would_be_seen():
    found = list(_all_commands("```sh\ndisinfo detect x.csv --out o --colums a=b\n```\n"))
    with pytest.raises(Exception, match="colums"):
        _parse(found[0])


@every_page
def test_make_targets_exist(page):
    targets = set(re.findall(r"^([a-z-]+):", _read(ROOT / "Makefile"), re.MULTILINE))
    assert set(re.findall(r"^    make ([a-z-]+)", _read(page), re.MULTILINE)) <= targets


def _slugs(text):
    """Return the anchors of the headings that both the site and a code host make."""
    both = set()
    for title in re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE):
        kept = re.sub(r"[^\w\s-]", "", title.replace("`", "")).strip().lower()
        if re.sub(r"[-\s]+", "-", kept) == kept.replace(" ", "-"):
            both.add(kept.replace(" ", "-"))
    return both


def _broken_links(page):
    text = re.sub(r"`[^`\n]*`", "", FENCE.sub("", _read(page)))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if re.match(r"https?:", path):
            continue
        other = (page.parent / path) if path else page
        if not other.exists():
            yield f"{target}: no such file"
        elif anchor and anchor not in _slugs(_read(other)):
            yield f"{target}: no such heading"


@every_page
def test_links_resolve(page):
    assert not list(_broken_links(page))


def test_a_broken_link_would_be_seen(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A title\n[a](#a-title) [b](#no-title) [c](none.md)\n")
    assert len(list(_broken_links(page))) == 2


@every_page
def test_words(page):
    text = _read(page)
    assert not re.findall(r"(?i)\b(?:bots?|trolls?|guilty)\b", text)
    assert not re.findall(r"(?:^|[\s`\"'(])(?:/(?:home|root|tmp|work|Users|mnt)/|[A-Z]:\\)", text)


def _section(text, heading):
    found = re.search(rf"^### {heading}\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"api.md has no section {heading}"
    return found[1]


def _documented(section):
    return dict(re.findall(r"^\| `(\w+)` \| (?:`([^`]*)`)?[^|]*\|", section, re.MULTILINE))


STAGES = [
    type(getattr(disinfo.Pipeline(), f.name))
    for f in dataclasses.fields(disinfo.Pipeline)
    if f.name not in ("signals", "engine")
]


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__)
def test_api_has_every_parameter_of_a_stage(stage):
    expected = {f.name: repr(f.default) for f in dataclasses.fields(stage) if f.init}
    assert _documented(_section(_read(DOCS / "api.md"), stage.__name__)) == expected


@pytest.mark.parametrize("name", ["detect", "read_posts", "embed", "match_claims", "simulate"])
def test_api_has_every_parameter_of_a_function(name):
    documented = _documented(_section(_read(DOCS / "api.md"), name))
    parameters = inspect.signature(getattr(disinfo, name)).parameters
    assert list(documented) == list(parameters)
    for parameter in parameters.values():
        if documented[parameter.name]:
            assert documented[parameter.name] == repr(parameter.default)


def test_api_has_every_public_name():
    text = _read(DOCS / "api.md")
    packages = (claims, coordination, embedding, links, narratives, reading, report)
    packages += (scoring, signals, simulation, writing, engines)
    names = [f"disinfo.{name}" for name in disinfo.__all__]
    names += [name for package in packages for name in package.__all__]
    assert not [name for name in names if not re.search(rf"\b{re.escape(name)}\b", text)]


def test_pages_on_stages_are_complete():
    replacing, how = _read(DOCS / "replace-a-stage.md"), _read(DOCS / "how-it-works.md")
    # The engine says where stages run and is none.
    fields = [f.name for f in dataclasses.fields(disinfo.Pipeline) if f.name != "engine"]
    assert not [name for name in fields if f"`{name}`" not in replacing]
    kits = [name for name, kit in vars(testing).items()
            if name.startswith("check_") and kit.__module__ == testing.__name__]  # fmt: skip
    assert len(kits) == len(fields)
    assert not [name for name in kits if f"testing.{name}(" not in replacing]
    assert not [s.__name__ for s in signals.ALL_SIGNALS if f"| `{s.__name__}` |" not in how]


def test_the_page_of_tables_is_current():
    build = runpy.run_path(str(DOCS / "build_tables.py"))["build"]
    assert build() == _read(DOCS / "tables.md"), "run: python docs/build_tables.py"
    assert {table.name for table in (stages.GROUPS, stages.TOPIC_MEMBERS)}.isdisjoint(tables.ALL)


def test_the_page_of_formats_is_current():
    build = runpy.run_path(str(DOCS / "build_formats.py"))["build"]
    assert build() == _read(DOCS / "formats.md"), "run: python docs/build_formats.py"


def test_every_exception_is_documented():
    tree = _read(DOCS / "errors-and-dropped.md")
    kinds = [k for k in vars(errors).values() if inspect.isclass(k) and issubclass(k, Exception)]
    assert not [kind.__name__ for kind in kinds if kind.__name__ not in tree]


def _pieces(node):
    """Yield the fixed pieces of a string or an f-string."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from _pieces(part)


def _called(call):
    """Return the last name of what is called."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _counted(node, in_stage):
    """Return the nodes below this one that may be a reason counted in `dropped`."""
    if isinstance(node, ast.Call) and _called(node) in ("add", "lose", "add_rows", "_count"):
        return node.args[:2]
    if isinstance(node, ast.FunctionDef) and node.name == "to_post":
        return [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return)]
    if in_stage and isinstance(node, ast.Dict):
        return node.keys
    if in_stage and isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "reason":
        return [node.value]
    if in_stage and isinstance(node, ast.Subscript) and ast.unparse(node.value) == "counts":
        return [node.slice]
    return []


def _reasons(path):
    """Yield the pieces of every reason that a module counts in `dropped`."""
    source = _read(path)
    for node in ast.walk(ast.parse(source)):
        for counted in _counted(node, "dropped_rows(" in source):
            yield from _pieces(counted)


def test_every_reason_is_documented():
    page = _read(DOCS / "errors-and-dropped.md")
    modules = [*(ROOT / "disinfo").glob("reading/**/*.py"), *(ROOT / "disinfo").glob("links/*.py")]
    modules += (ROOT / "disinfo").glob("coordination/*.py")
    modules += (ROOT / "disinfo").glob("claims/*.py")
    pieces = {piece.strip() for path in modules for piece in _reasons(path)}
    reasons = {piece for piece in pieces if len(piece.split()) > 2}
    assert len(reasons) > 25
    assert not [piece for piece in sorted(reasons) if piece not in page]


def test_the_site_has_every_page():
    site = yaml.safe_load(_read(ROOT / "mkdocs.yml"))

    def pages(entries):
        for entry in entries:
            for value in entry.values():
                yield from pages(value) if isinstance(value, list) else [value]

    assert sorted(pages(site["nav"])) == sorted(page.name for page in DOCS.glob("*.md"))


def test_citation():
    citation = yaml.safe_load(_read(ROOT / "CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(citation)
    assert str(citation["version"]) == disinfo.__version__
    assert citation["license"] == "Apache-2.0"


def test_licence_is_whole():
    text = _read(ROOT / "LICENSE")
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert "Unicode" in _read(ROOT / "NOTICE")
