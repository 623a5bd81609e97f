"use strict";
// The page is whole without this script: it adds sorting, filtering, copying, a theme switch and
// movement of the network. Text from posts is only ever read as text, never as markup.
(function () {
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById("data").textContent);
  const say = (name, values) =>
    data.words[name].replace(/\{(\w+)\}/g, (_, key) => String(values[key]));

  function make(tag, attributes, text) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
    if (text) element.textContent = text;
    return element;
  }

  function button(text, action) {
    const element = make("button", { type: "button" }, text);
    element.addEventListener("click", action);
    return element;
  }

  // ---- theme
  const dark = () =>
    root.dataset.theme
      ? root.dataset.theme === "dark"
      : window.matchMedia("(prefers-color-scheme: dark)").matches;
  document.getElementById("tools").append(
    button(data.words.theme, () => { root.dataset.theme = dark() ? "light" : "dark"; })
  );

  // ---- tables
  const collator = new Intl.Collator(root.lang, { numeric: true, sensitivity: "base" });

  function sortKey(row, column) {
    const cell = row.cells[column];
    return cell.dataset.sort !== undefined ? cell.dataset.sort : cell.textContent.trim();
  }

  function compare(a, b) {
    if (a === "" || b === "") return (a === "") - (b === "");
    const x = Number(a), y = Number(b);
    return Number.isNaN(x) || Number.isNaN(y) ? collator.compare(a, b) : x - y;
  }

  function sortBy(table, head, column) {
    const rising = head.getAttribute("aria-sort") === "descending" ||
      (!head.getAttribute("aria-sort") && !head.classList.contains("num"));
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", rising ? "ascending" : "descending");
    const body = table.tBodies[0];
    const rows = Array.from(body.rows).map((row) => [sortKey(row, column), row]);
    rows.sort(([a], [b]) => {
      const empty = a === "" || b === "";
      return rising || empty ? compare(a, b) : compare(b, a);
    });
    body.append(...rows.map(([, row]) => row));
  }

  // A spreadsheet would run a cell that begins like a formula; an apostrophe makes it text.
  function plain(text) {
    const flat = text.replace(/\s+/g, " ").trim();
    return /^[=+@\t\r]/.test(flat) || (/^-/.test(flat) && Number.isNaN(Number(flat))) ? "'" + flat : flat;
  }

  function asText(table) {
    const rows = [table.tHead.rows[0], ...Array.from(table.tBodies[0].rows).filter((row) => !row.hidden)];
    return rows
      .map((row) => Array.from(row.cells).map((cell) => plain(cell.textContent)).join("\t"))
      .join("\n");
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (error) {
      const area = make("textarea", { "aria-hidden": "true" });
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  }

  function enhance(table) {
    Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
      const label = head.textContent;
      head.textContent = "";
      head.append(button(label, () => sortBy(table, head, column)));
    });
    const rows = Array.from(table.tBodies[0].rows);
    const name = table.caption ? table.caption.textContent.trim() : table.dataset.name;
    const status = make("span", { role: "status" });
    const filter = make("input", {
      type: "search", placeholder: data.words.filter, "aria-label": data.words.filter + ": " + name,
    });
    filter.addEventListener("input", () => {
      const wanted = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !wanted.every((word) => text.includes(word));
      }
      status.textContent = say("rows_shown", {
        n: rows.filter((row) => !row.hidden).length, total: rows.length,
      });
    });
    const copier = button(data.words.copy, async () => {
      status.textContent = (await copy(asText(table))) ? data.words.copied : data.words.copy_failed;
    });
    const bar = make("div", { class: "bar-tools" });
    const long = rows.length > 5;
    if (long) bar.append(filter);
    bar.append(copier, status);
    if (long) table.parentNode.before(bar);
    else table.parentNode.after(bar);
  }
  document.querySelectorAll("table[data-name]").forEach(enhance);

  // ---- network
  function network(svg) {
    const whole = svg.viewBox.baseVal;
    const home = { x: whole.x, y: whole.y, w: whole.width, h: whole.height };
    const view = { ...home };
    const dots = Array.from(svg.querySelectorAll("circle[data-node]"));
    const radius = new Map(dots.map((dot) => [dot, Number(dot.getAttribute("r"))]));
    const show = () => {
      svg.setAttribute("viewBox", [view.x, view.y, view.w, view.h].join(" "));
      // Dots grow more slowly than the distances between them, so that zooming in separates them.
      const scale = Math.sqrt(view.w / home.w);
      for (const [dot, r] of radius) dot.setAttribute("r", String(r * scale));
    };
    const zoom = (factor, cx, cy) => {
      const w = Math.min(home.w * 2, Math.max(home.w / 30, view.w * factor));
      const ratio = w / view.w;
      view.x = cx - (cx - view.x) * ratio;
      view.y = cy - (cy - view.y) * ratio;
      view.w = w;
      view.h *= ratio;
      show();
    };
    const middle = (factor) => zoom(factor, view.x + view.w / 2, view.y + view.h / 2);
    const reset = () => { Object.assign(view, home); show(); };
    const move = (dx, dy) => { view.x += dx * view.w; view.y += dy * view.h; show(); };
    const keys = {
      ArrowLeft: () => move(-0.1, 0), ArrowRight: () => move(0.1, 0),
      ArrowUp: () => move(0, -0.1), ArrowDown: () => move(0, 0.1),
      "+": () => middle(0.8), "=": () => middle(0.8), "-": () => middle(1.25), 0: reset,
    };
    svg.addEventListener("keydown", (event) => {
      const action = keys[event.key];
      if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      action();
    });
    svg.addEventListener("wheel", (event) => {
      // A bare wheel scrolls the page past the network; with Ctrl it zooms.
      if (!event.ctrlKey) return;
      event.preventDefault();
      const box = svg.getBoundingClientRect();
      zoom(event.deltaY < 0 ? 0.85 : 1.18,
        view.x + ((event.clientX - box.left) / box.width) * view.w,
        view.y + ((event.clientY - box.top) / box.height) * view.h);
    }, { passive: false });
    let last = null;
    svg.addEventListener("pointerdown", (event) => {
      last = event;
      svg.setPointerCapture(event.pointerId);
    });
    svg.addEventListener("pointermove", (event) => {
      if (!last) return;
      const box = svg.getBoundingClientRect();
      move(-(event.clientX - last.clientX) / box.width, -(event.clientY - last.clientY) / box.height);
      last = event;
    });
    for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => { last = null; });

    const status = make("span", { role: "status" });
    const search = make("input", {
      type: "search", placeholder: data.words.search_account, "aria-label": data.words.search_account,
    });
    search.addEventListener("input", () => {
      const wanted = search.value.trim().toLowerCase();
      let hits = 0;
      for (const dot of dots) {
        const name = data.nodes[Number(dot.dataset.node)];
        const hit = wanted !== "" && name !== null && name.toLowerCase().includes(wanted);
        dot.classList.toggle("hit", hit);
        hits += hit;
      }
      svg.classList.toggle("searching", hits > 0);
      status.textContent = wanted ? say("found", { n: hits }) : "";
    });
    const bar = make("div", { class: "bar-tools" });
    bar.append(search, button(data.words.zoom_in, () => middle(0.7)),
      button(data.words.zoom_out, () => middle(1.43)), button(data.words.reset, reset), status);
    svg.parentNode.before(bar);
  }
  const svg = document.getElementById("net");
  if (svg) network(svg);

  // ---- print: a folded part would be lost on paper; the lists of posts would fill it
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("details:not(.long)").forEach((part) => { part.open = true; });
  });

  root.dataset.ready = "true";
})();
