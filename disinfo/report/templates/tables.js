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

// A folded table gets its tools when it is unfolded: most never are.
document.querySelectorAll("table[data-name]").forEach((table) => {
  const fold = table.closest("details:not([open])");
  if (fold) fold.addEventListener("toggle", () => enhance(table), { once: true });
  else enhance(table);
});

// ---- map of narratives: a disc leads to its row
function showNarrative(id) {
  const rows = Array.from(document.querySelectorAll("#narratives tbody tr"));
  for (const row of rows) row.classList.toggle("found", row.dataset.narrative === id);
  const row = rows.find((one) => one.dataset.narrative === id);
  if (!row) return;
  row.hidden = false;
  row.scrollIntoView({ block: "center" });
}
document.querySelectorAll("#map .disc").forEach((disc) => {
  disc.addEventListener("click", () => showNarrative(disc.dataset.narrative));
});
