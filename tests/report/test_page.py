"""The whole page: what it says, that it is self-contained, and that hostile text stays text."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest

from disinfo import tables
from disinfo.errors import ParameterError
from disinfo.report import render_report, write_report
from disinfo.report.null_check import summarise_null_check
from disinfo.report.source import read_source
from disinfo.report.words import LANGUAGES, Words
from disinfo.signals import ALL_SIGNALS

HOSTILE = [
    "<script>document.title='owned'</script>",
    "\"><img src=x onerror=\"document.title='owned'\">",
    "</script></style></title><script>document.title='owned'</script>",
    "' onmouseover='document.title=1' x='",
    "<!-- {{ 7 * 7 }} {% raw %} javascript:alert(1) https://evil.example/a?b=1&c=2",
    "abc\u202egnp.exe \u2066x\u2069",
    "W" * 10_000,
    "a\x00b\x1b[31m",
    "=HYPERLINK(\"http://evil.example\";\"click\")",
]  # fmt: skip
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


class Page(HTMLParser):
    """Collects elements, their attributes, and whether tags are balanced."""

    VOID = frozenset({"meta", "br", "input", "link", "img"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.broken: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.broken.append(tag)


def _hostile(make_result):
    """Put hostile text into every column of text that a page shows."""
    result = make_result(texts=HOSTILE, notes=HOSTILE, created_from=HOSTILE[0])
    bad = HOSTILE[1] + HOSTILE[2]
    rename = {"acc00": bad, "outlet0": HOSTILE[3]}
    posts = result.posts.replace({"account_id": rename})
    posts.loc[:3, "platform"] = bad
    posts.loc[:3, "language"] = bad
    posts["account_handle"] = HOSTILE[3]
    return replace(
        result,
        posts=posts,
        texts=result.texts.assign(language=bad),
        members=tables.MEMBERS.check(result.members.replace({"account_id": rename})),
        edges=result.edges.replace({"account_a": rename, "account_b": rename}),
        accounts=result.accounts.replace({"account_id": rename}),
        narratives=result.narratives.assign(label=bad, keywords=[HOSTILE] * 3),
        evidence=result.evidence.assign(because=bad, signal=result.evidence["signal"] + bad),
        campaign_objects=result.campaign_objects.assign(kind=bad),
        first_seen=result.first_seen.assign(language=bad),
        campaigns=result.campaigns.assign(verdict=bad, lookalike=bad),
        dropped=tables.dropped_rows(bad, {bad: (3, bad)}),
    )


@pytest.fixture(scope="module")
def hostile_page(make_result):
    return render_report(_hostile(make_result))


@pytest.fixture(scope="module")
def page(result):
    return render_report(result)


@pytest.mark.parametrize("language", ["en", "pl"])
def test_page_is_well_formed_and_self_contained(result, language):
    text = render_report(result, language=language)
    parsed = Page(text)
    assert not parsed.broken
    assert not parsed.open
    for tag, attributes in parsed.elements:
        assert tag not in {"link", "img", "iframe", "base", "object", "embed", "form"}
        assert not [name for name in attributes if name.startswith("on") or name == "src"]
        assert (attributes.get("href") or "#").startswith("#")
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert f'<html lang="{language}">' in text


def test_links_lead_somewhere_and_ids_are_unique(page):
    parsed = Page(page)
    ids = [attributes["id"] for _, attributes in parsed.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {attributes["href"][1:] for tag, attributes in parsed.elements if tag == "a"}
    assert targets <= set(ids)


def test_page_gives_the_answer_first(page):
    start = page[: page.index('id="campaigns"')]
    for words in (
        "2 coordinated groups found; 1 is likely inauthentic.", "74 accounts were tested",
        "false discovery rate of 5%", "assume that 20%", "no text", "bad time", ">15<",
    ):  # fmt: skip
        assert words in start
    assert start.index("c-aa") < start.index("c-bb")
    assert "someone" not in page


def test_card_shows_evidence_and_what_would_change_it(page):
    card = page[page.index('id="campaign-1"') : page.index('id="campaign-2"')]
    for words in (
        "likely inauthentic", "93%", "71% – 98%", "&lt; 10⁻⁹", "1% → 35%", "50% → 98%",
        "+3.1", "−0.6",
        "too few posts", "probability of 93%", "<mark>", "100 of 120 shown", "would fall from +3.7",
        "Officials in Norwick", "Posting rhythm", "compared with: a newswire, a fan club",
        "12 accounts, 120 posts, 3 languages", "120 of 120 posts",
        "<q lang=\"en\"><bdi dir=\"auto\">",
    ):  # fmt: skip
        assert words in card, words
    assert "do the accounts name a common publisher" in page[page.index('id="campaign-2"') :]


def test_accounts_outside_campaigns_are_not_on_the_page(page):
    assert not re.search(r"person\d", page)
    assert "Lunch at the harbour, day 7" not in page


def test_page_warns_when_evidence_and_probability_disagree(result, page):
    wrong = result.campaigns.assign(probability=0.5)
    assert "do not add up" in render_report(replace(result, campaigns=wrong))
    assert "do not add up" not in page


def test_settings_that_a_replaced_stage_lacks_are_dashes(make_result):
    unset = make_result(alpha=None, prevalence=None, seed=None, created_from=None)
    page = render_report(unset)
    assert "a false discovery rate of –" in page
    assert "None" not in page


def test_polish_page_gives_reasons_in_polish(result):
    card = render_report(result, language="pl")
    assert "40% wpisów mówi to samo" in card.replace("\xa0", "")
    assert "za mało kont z dostateczną liczbą wpisów" in card
    assert "reworded by 12 accounts" not in card
    assert "reworded by 12 accounts" in render_report(result)


def _told_in(result, names):
    """Return the result with the posts of its first campaign spread over narratives."""
    first = result.campaigns["campaign_id"].iloc[0]
    mine = result.posts["campaign_id"] == first
    told = [names[i % len(names)] for i in range(int(mine.sum()))]
    posts = result.posts.copy()
    posts.loc[mine, "narrative_id"] = told
    listed = [sorted(set(names)), result.campaigns["narratives"].iloc[1]]
    return replace(result, posts=posts, campaigns=result.campaigns.assign(narratives=listed))


def test_many_stories_are_folded(result):
    text = render_report(_told_in(result, [f"n-{i:02d}" for i in range(30)]))
    assert "25 more" in text


def test_a_story_touched_once_is_not_called_pushed(result):
    # One post of 120 in a narrative of 200 is no story of the group.
    touched = _told_in(result, ["n-hostel"] * 119 + ["n-other"])
    source = read_source(touched)
    assert source.campaigns["narratives"].map(list).iloc[0] == ["n-hostel"]
    row = re.search(r'<tr data-narrative="n-other"[^>]*>', render_report(touched)).group(0)
    assert "ordinary" in row


def test_techniques_are_suggested_with_their_signal(page):
    card = page[page.index('id="campaign-1"') : page.index('id="campaign-2"')]
    assert "T0084" in card
    assert card.count("The same message, reworded") == 3
    assert "Suggestions from the signals named" in card


def test_null_check_is_shown_whatever_it_measures(result):
    table = pd.DataFrame(
        {
            "kind": ["observed", "shuffled", "shuffled"],
            "round": [0, 0, 1],
            "n_campaigns": [2, 0, 2],
            "n_odd": [5, 1, 1],
        }
    )
    rows = summarise_null_check(replace(read_source(result), null_rounds=table))
    assert [(r.kind, r.measure, r.n_rounds, r.mean, r.most, r.observed) for r in rows] == [
        ("shuffled", "n_campaigns", 2, 1.0, 2.0, 2.0),
        ("shuffled", "n_odd", 2, 1.0, 1.0, 5.0),
    ]
    assert "holds no null check" in render_report(result)
    shown = render_report(replace(result, null_rounds=table))
    assert "the same actions with the actors exchanged" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_signal_has_a_name(language):
    words = Words(language)
    names = [signal.__name__ for signal in ALL_SIGNALS]
    # A signal that has no name yet shows its own in plain words; most should have one.
    unnamed = [name for name in names if words.named("signal", name) == name.replace("_", " ")]
    assert len(unnamed) <= len(names) // 4, unnamed


def test_insufficient_data_gives_no_probability(result):
    unknown = result.campaigns.assign(
        verdict="insufficient data", probability=float("nan"), low=float("nan"), high=float("nan")
    )
    text = render_report(replace(result, campaigns=unknown))
    assert "none is called likely inauthentic" in text
    assert text.count("Not given: too little data") == 2
    assert "More posts of these accounts" in text


def test_nothing_found_says_what_could_have_shown(empty_result):
    text = render_report(empty_result)
    assert "No coordinated group found." in text
    assert "8 accounts that share 3 rare items within 10 minutes" in text
    assert "does not show that there is none" in text


def test_tables_without_rows_give_a_page(no_rows_result):
    parsed = Page(render_report(no_rows_result, language="pl"))
    assert not parsed.broken


def test_row_order_does_not_show(result, page):
    shuffled = replace(
        result,
        posts=result.posts.iloc[::-1],
        members=result.members.iloc[::-1],
        evidence=result.evidence.iloc[::-1],
        edges=result.edges.iloc[::-1],
        campaigns=result.campaigns.iloc[::-1],
        campaign_objects=result.campaign_objects.iloc[::-1],
    )
    assert render_report(shuffled) == page


def test_hostile_text_stays_text(hostile_page):
    parsed = Page(hostile_page)
    assert not parsed.broken
    assert not parsed.open
    assert [tag for tag, _ in parsed.elements].count("script") == 2
    assert not [tag for tag, _ in parsed.elements if tag == "img"]
    for _, attributes in parsed.elements:
        assert not [name for name in attributes if name.startswith("on")]
    assert "\u202e" not in hostile_page
    assert "⟦U+202E⟧" in hostile_page
    assert "\x00" not in hostile_page
    assert "W" * 100 not in hostile_page
    assert "{{ 7 * 7 }}" in html.unescape(hostile_page)


def test_write_replaces_whole_and_leaves_nothing_behind(result, tmp_path):
    path = tmp_path / "deep" / "report.html"
    assert write_report(result, path) == path
    path.write_text("old")
    write_report(result, str(path), language="pl")
    assert "skoordynowane grupy" in path.read_text(encoding="utf-8")
    assert [p.name for p in path.parent.iterdir()] == ["report.html"]


def test_write_refuses_a_folder_and_an_unknown_language(result, tmp_path):
    with pytest.raises(ParameterError, match="is a folder"):
        write_report(result, tmp_path)
    with pytest.raises(ParameterError, match="language"):
        write_report(result, tmp_path / "x.html", language="de")
    assert not list(tmp_path.iterdir())


# Sorts the table of campaigns by accounts, filters that of accounts, and searches the network.
DRIVE = """<script>
const errors = [];
window.addEventListener("error", (event) => errors.push(event.message));
const table = document.querySelector('table[data-name="campaigns"]');
const head = table.tHead.rows[0].cells[4].querySelector("button");
head.click();
head.click();
const type = (input, text) => { input.value = text; input.dispatchEvent(new Event("input")); };
type(document.querySelector("#accounts input"), "outlet3");
type(document.querySelector("#network input"), "ACC03");
const found = document.querySelector("#net-status").textContent;
// Every control of the network and the map, whatever it is called.
const net = document.querySelector("#network");
net.querySelector("input").dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
for (const mode of ["verdict", "none", "campaign"]) {
  net.querySelector("select").value = mode;
  net.querySelector("select").dispatchEvent(new Event("change"));
}
for (const control of net.querySelectorAll("button")) control.click();
for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "+", "-", "0"]) {
  document.querySelector("#net-live").dispatchEvent(new KeyboardEvent("keydown", { key }));
}
document.querySelector("#map .disc").dispatchEvent(new MouseEvent("click", { bubbles: true }));
document.querySelector("#tools button").click();
document.body.dataset.seen = JSON.stringify({
  errors,
  theme: document.documentElement.dataset.theme,
  narratives: document.querySelectorAll("#narratives tbody tr.found").length,
  pressed: net.querySelectorAll(".legend [aria-pressed=true]").length,
  order: Array.from(table.tBodies[0].rows, (row) => row.cells[0].textContent.trim()),
  sorted: table.tHead.rows[0].cells[4].getAttribute("aria-sort"),
  left: document.querySelectorAll("#accounts tbody tr:not([hidden])").length,
  said: document.querySelector("#accounts [role=status]").textContent,
  hits: found,
});
</script>"""


def _dom(path, tmp_path):
    binary = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if binary is None:
        pytest.skip(f"no browser: none of {BROWSERS} is on the path")
    command = [
        binary, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--host-resolver-rules=MAP * 0.0.0.0", f"--user-data-dir={tmp_path / 'profile'}",
        "--virtual-time-budget=3000", "--dump-dom", path.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, timeout=90, check=False)
    return done.stdout.decode("utf-8")


def test_browser_runs_the_page_and_nothing_else(hostile_page, tmp_path):
    # Without the content policy, so that escaping alone has to hold.
    bare = re.sub(r"<meta http-equiv=.Content-Security-Policy.[^>]*>", "", hostile_page)
    assert bare != hostile_page
    path = tmp_path / "hostile.html"
    path.write_text(bare, encoding="utf-8")
    dom = _dom(path, tmp_path)
    assert 'data-ready="true"' in dom
    title = re.search(r"<title>(.*?)</title>", dom, re.DOTALL).group(1)
    assert title.startswith("Coordination report")
    assert "2 coordinated groups found" in dom


def test_browser_runs_the_script_under_the_content_policy(page, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    dom = _dom(path, tmp_path)
    assert 'data-ready="true"' in dom
    for words in ("Find an account", "Filter rows", "Copy table", "Light / dark"):
        assert words in dom


def test_script_sorts_filters_and_searches(page, tmp_path):
    path = tmp_path / "page.html"
    bare = re.sub(r"<meta http-equiv=.Content-Security-Policy.[^>]*>", "", page)
    path.write_text(bare.replace("</body>", DRIVE + "</body>"), encoding="utf-8")
    seen = re.search(r'data-seen="([^"]*)"', _dom(path, tmp_path)).group(1)
    assert json.loads(html.unescape(seen)) == {
        "order": ["c-bb", "c-aa"],
        "sorted": "ascending",
        "left": 1,
        "said": "1 of 18 rows",
        "hits": "1 found",
        "errors": [],
        "theme": "dark",
        "narratives": 1,
        # Each entry of the legend was pressed in turn; only the last stays.
        "pressed": 1,
    }
