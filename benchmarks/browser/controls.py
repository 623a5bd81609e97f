"""Every control of the page worked by script, and the steps that four questions take."""

from __future__ import annotations

from typing import Any

# Works every table: folded parts are opened by a click on their summary, as a reader would.
_TABLES = """
const done = arguments[0];
const wrong = [];
let worked = 0;
const expect = (holds, what) => { worked += 1; if (!holds) wrong.push(what); };
const type = (input, text) => {
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
};
const later = () => new Promise((resolve) => setTimeout(resolve, 60));
(async () => {
  for (const fold of document.querySelectorAll("details")) {
    const was = fold.open;
    fold.querySelector("summary").click();
    expect(fold.open !== was, "fold " + fold.textContent.slice(0, 40));
    if (!fold.open) fold.querySelector("summary").click();
  }
  await later();
  for (const table of document.querySelectorAll("table[data-name]")) {
    const name = table.dataset.name, rows = table.tBodies[0].rows.length;
    const heads = Array.from(table.tHead.rows[0].cells);
    for (const head of heads) {
      const sort = head.querySelector("button");
      if (!sort) { wrong.push(name + ": no button to sort"); continue; }
      sort.click();
      const first = head.getAttribute("aria-sort");
      sort.click();
      expect(first && first !== head.getAttribute("aria-sort"), name + ": sorting");
      expect(table.tBodies[0].rows.length === rows, name + ": rows lost by sorting");
    }
    const place = table.closest(".scroll");
    const tools = [place.previousElementSibling, place.nextElementSibling]
      .find((one) => one && one.classList.contains("bar-tools"));
    if (!tools) { wrong.push(name + ": no tools"); continue; }
    const filter = tools.querySelector("input");
    if (filter) {
      type(filter, "no such words anywhere");
      expect(Array.from(table.tBodies[0].rows).every((row) => row.hidden), name + ": filtering");
      type(filter, "");
      expect(Array.from(table.tBodies[0].rows).every((row) => !row.hidden), name + ": unfiltering");
    }
    tools.querySelector("button").click();
    await later();
    expect(tools.querySelector("[role=status]").textContent !== "", name + ": copying");
  }
  const theme = document.querySelector("#tools button");
  const before = getComputedStyle(document.body).backgroundColor;
  theme.click();
  expect(getComputedStyle(document.body).backgroundColor !== before, "theme");
  theme.click();
  // The way there is animated; where it ends is what counts.
  document.documentElement.style.scrollBehavior = "auto";
  for (const link of document.querySelectorAll("nav a, #findings td a, .skip")) {
    link.click();
    await later();
    const at = document.querySelector(link.getAttribute("href")).getBoundingClientRect();
    expect(at.top < innerHeight && at.bottom > 0, "link " + link.getAttribute("href"));
  }
  done({ worked, wrong });
})();
"""
_NETWORK = """
const done = arguments[0];
const wrong = [];
let worked = 0;
const net = document.querySelector("#network"), canvas = document.querySelector("#net-live");
if (!canvas) { done({ worked, wrong: ["no network to work"] }); return; }
const status = document.querySelector("#net-status");
const rest = () => new Promise((resolve) => setTimeout(resolve, 400));
const picture = () => canvas.toDataURL();
const drawsAnew = async (what, action) => {
  const before = picture();
  action();
  await rest();
  for (let wait = 0; wait < 20 && picture() === before; wait += 1) await rest();
  worked += 1;
  if (picture() === before) wrong.push(what);
};
const key = (name) => canvas.dispatchEvent(new KeyboardEvent("keydown", { key: name }));
(async () => {
  canvas.scrollIntoView({ block: "center", behavior: "instant" });
  await rest();
  const [lines, zoomIn, zoomOut, whole] = net.querySelectorAll(".bar-tools button");
  await drawsAnew("lines off", () => lines.click());
  await drawsAnew("lines on", () => lines.click());
  await drawsAnew("zoom in", () => zoomIn.click());
  await drawsAnew("zoom out", () => zoomOut.click());
  zoomIn.click();
  await rest();
  await drawsAnew("whole network", () => whole.click());
  for (const name of ["+", "ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown", "-"]) {
    await drawsAnew("key " + name, () => key(name));
  }
  key("+");
  await rest();
  await drawsAnew("key 0", () => key("0"));
  const colour = net.querySelector("select");
  for (const mode of ["none", "campaign"]) {
    await drawsAnew("colour " + mode, () => {
      colour.value = mode;
      colour.dispatchEvent(new Event("change"));
    });
  }
  const some = net.querySelector(".legend button");
  await drawsAnew("legend", () => some.click());
  await drawsAnew("legend again", () => some.click());
  const search = net.querySelector("input");
  const named = document.querySelector("#accounts tbody td").textContent.trim();
  const find = (text) => { search.value = text; search.dispatchEvent(new Event("input")); };
  await drawsAnew("search", () => find(named.slice(0, 12)));
  await drawsAnew("go to what was found",
    () => search.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" })));
  find("");
  key("0");
  await rest();
  const disc = document.querySelector("#map .disc");
  if (disc) {
    disc.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    worked += 1;
    if (!document.querySelector("#narratives tr.found")) wrong.push("disc of the map");
  }
  done({ worked, wrong });
})();
"""
# A dot is somewhere: points of a grid are pressed until one answers.
_DOT = """
const canvas = document.querySelector("#net-live");
canvas.scrollIntoView({ block: "center", behavior: "instant" });
const at = canvas.getBoundingClientRect();
const press = (type, x, y) => canvas.dispatchEvent(new PointerEvent(type, {
  clientX: x, clientY: y, pointerId: 1, bubbles: true }));
canvas.setPointerCapture = () => {};
for (let y = at.top + 6; y < at.bottom; y += 9) {
  for (let x = at.left + 6; x < at.right; x += 9) {
    press("pointerdown", x, y);
    press("pointerup", x, y);
    if (document.querySelector("#net-status a")) return true;
  }
}
return false;
"""
# What a reader sees without a click, and what each click shows.
_QUESTIONS = """
const seen = (element) => Boolean(element && element.getClientRects().length);
const steps = {};
const card = document.querySelector("#campaign-1");
document.querySelector("#findings td a").click();
steps["who: the card"] = seen(card);
const members = card.querySelector('table[data-name="members-1"]');
members.closest("details").querySelector("summary").click();
steps["who: its members"] = seen(members) && members.tBodies[0].rows.length > 0;
steps["since when: no further click"] = seen(card.querySelector(".timeline"));
steps["how sure: no further click"] = seen(card.querySelector(".key"));
steps["show me: no further click"] = seen(card.querySelector(".quote"));
const posts = card.querySelector('table[data-name="posts-1"]');
posts.closest("details").querySelector("summary").click();
steps["show me: all posts"] = seen(posts) && posts.tBodies[0].rows.length > 0;
return steps;
"""


def work_controls(driver: Any) -> dict[str, Any]:
    """Work every control of an open page.

    Returns
    -------
    dict
        ``worked``, how many expectations were tried, and ``wrong``, those that did not hold.
    """
    driver.set_script_timeout(300)
    tables = driver.execute_async_script(_TABLES)
    network = driver.execute_async_script(_NETWORK)
    dot = [] if driver.execute_script(_DOT) else ["a dot of the network leads to its card"]
    return {
        "worked": tables["worked"] + network["worked"] + 1,
        "wrong": [*tables["wrong"], *network["wrong"], *dot],
    }


def answer_questions(driver: Any) -> dict[str, Any]:
    """Take the steps of who, since when, how sure and show me on a page just opened.

    Returns
    -------
    dict
        ``clicks``, how many were made, and whether each step showed its answer.
    """
    answered = driver.execute_script(_QUESTIONS)
    return {"clicks": 3, "answered": answered}
