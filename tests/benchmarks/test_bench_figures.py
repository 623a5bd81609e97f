"""Every measured number of README and docs comes from a result; the others are listed with why."""

import pytest

from benchmarks import figures
from benchmarks.results import read_results
from benchmarks.task import HarnessError

MEASURED = {"value": 0.5, "low": 0.4, "high": 0.6, "n_units": 5}
RESULTS = {"t": {"systems": [{"name": "disinfo: x", "metrics": {"F1": MEASURED}}]}}
PAGE = "It has <!-- figure: t :: disinfo: x :: F1 -->.9<!-- /figure --> of them."
PAGES = figures.pages()


def _name(path):
    return path.relative_to(figures.ROOT).as_posix()


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_figures_are_what_the_results_hold(path):
    text = path.read_text(encoding="utf-8")
    assert figures.fill(text, read_results()) == text, "run: python -m benchmarks table"


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_no_number_comes_from_nowhere(path):
    excused = list(figures.unmeasured().get(_name(path), {}))
    found = figures.unsourced(path.read_text(encoding="utf-8"), excused)
    assert not found, (
        "measured? put it between figure comments (benchmarks/figures.py); a definition or an "
        "example? list it in benchmarks/unmeasured.toml"
    )


def test_excuses_are_of_pages_that_are_there_and_give_a_reason():
    names = {_name(path) for path in PAGES}
    for page, phrases in figures.unmeasured().items():
        assert page in names
        assert all(phrases.values())


def test_a_figure_is_filled_and_a_wrong_one_is_refused():
    filled = figures.fill(PAGE, RESULTS)
    assert "-->0.500 (0.400–0.600)<!--" in filled
    assert figures.fill(filled, RESULTS) == filled
    for name in ("t :: disinfo: x", ":: F1"):
        with pytest.raises(HarnessError, match="no result for the figure"):
            figures.fill(PAGE.replace(name, name.replace("x", "y").replace("F1", "F2")), RESULTS)


@pytest.mark.parametrize(
    "text",
    ["AUC .94 on it", "finds 0.9 of them", "names 12 % of them", "30,000 posts a second", "2.5 GB"],
)
def test_a_number_from_nowhere_is_seen(text):
    assert figures.unsourced(text, [])
    assert not figures.unsourced(text, [text])


def test_code_versions_and_figures_are_no_numbers_from_nowhere():
    text = f"`alpha=0.05`, version 0.1.0, section 4.2, in 2025, 20 accounts\n{PAGE}\n"
    assert not figures.unsourced(text, [])
