// ---- network: drawn on a canvas from positions that were computed before; nothing moves by itself
function network(still) {
  const net = data.network;
  const count = net.x.length;
  const lines = net.ends.length / 2;
  const W = 1000, H = W * net.aspect, EDGE = 26;
  const X = net.x.map((v) => EDGE + (v / 10000) * (W - 2 * EDGE));
  const Y = net.y.map((v) => EDGE + (v / 10000) * (H - 2 * EDGE));
  const COLOURS = 8, MOST_LINES_WHILE_MOVING = 6000, MOST_LABELS = 40;
  const home = () => ({ x: 0, y: 0, w: W });
  let view = home();
  let mode = "campaign";
  let showLines = true;
  let only = -1;
  let hits = new Set();
  let picked = -1;

  const box = still.parentNode;
  const canvas = make("canvas", { tabindex: "0", role: "img", id: "net-live" });
  canvas.setAttribute("aria-label", still.getAttribute("aria-label"));
  box.classList.add("live");
  box.append(canvas);
  const tip = make("p", { class: "tip", hidden: "" });
  box.append(tip);
  const pen = canvas.getContext("2d");

  // ---- colours: the style sheet's, read again when the theme changes
  let palette = {};
  function readPalette() {
    const style = getComputedStyle(root);
    const value = (name) => style.getPropertyValue("--" + name).trim();
    palette = {
      none: value("neutral"), ink: value("ink"), paper: value("raised"),
      inauthentic: value("inauthentic"), benign: value("benign"), unclear: value("unclear"),
      insufficient: value("insufficient"), nothing: value("neutral"),
    };
    for (let i = 0; i < COLOURS; i += 1) palette["k" + i] = value("k" + i);
  }
  function colourOf(campaign) {
    if (campaign < 0 || mode === "none") return "none";
    return mode === "verdict" ? net.campaigns[campaign].class : "k" + (campaign % COLOURS);
  }

  // ---- drawing
  let scale = 1, pixels = 1;
  const sx = (i) => (X[i] - view.x) * scale;
  const sy = (i) => (Y[i] - view.y) * scale;
  const isShown = (i) => only < 0 || net.campaign[i] === only;
  // Many dots are drawn small, or they would hide the lines; they grow as one comes nearer.
  const dot = Math.max(1.4, 5.5 * Math.min(1, Math.sqrt(300 / count)));
  const radius = (i) => (net.name[i] ? dot : dot / 2) * Math.min(12 / dot, Math.sqrt(W / view.w));

  function drawLines(limit) {
    const step = Math.max(1, Math.ceil(lines / limit));
    const paths = new Map();
    for (let e = 0; e < lines; e += step) {
      const a = net.ends[2 * e], b = net.ends[2 * e + 1];
      if (!isShown(a) && !isShown(b)) continue;
      const same = net.campaign[a] === net.campaign[b];
      const colour = same ? colourOf(net.campaign[a]) : "none";
      if (!paths.has(colour)) paths.set(colour, new Path2D());
      const path = paths.get(colour);
      path.moveTo(sx(a), sy(a));
      path.lineTo(sx(b), sy(b));
    }
    pen.lineWidth = 1;
    pen.globalAlpha = lines > 5000 ? 0.1 : 0.28;
    for (const [colour, path] of paths) {
      pen.strokeStyle = palette[colour];
      pen.stroke(path);
    }
    pen.globalAlpha = 1;
  }

  function drawTiesOf(node) {
    pen.strokeStyle = palette.ink;
    pen.globalAlpha = 0.7;
    pen.beginPath();
    for (let e = 0; e < lines; e += 1) {
      const a = net.ends[2 * e], b = net.ends[2 * e + 1];
      if (a !== node && b !== node) continue;
      pen.moveTo(sx(a), sy(a));
      pen.lineTo(sx(b), sy(b));
    }
    pen.stroke();
    pen.globalAlpha = 1;
  }

  function drawDots() {
    const groups = new Map();
    for (let i = 0; i < count; i += 1) {
      const faint = !isShown(i) || (hits.size > 0 && !hits.has(i));
      const key = colourOf(net.campaign[i]) + (faint ? "|faint" : "|full");
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(i);
    }
    for (const [key, nodes] of groups) {
      const [colour, strength] = key.split("|");
      pen.globalAlpha = strength === "faint" ? 0.15 : 1;
      pen.fillStyle = palette[colour];
      pen.beginPath();
      for (const i of nodes) {
        pen.moveTo(sx(i) + radius(i), sy(i));
        pen.arc(sx(i), sy(i), radius(i), 0, 2 * Math.PI);
      }
      pen.fill();
    }
    pen.globalAlpha = 1;
    pen.strokeStyle = palette.ink;
    pen.lineWidth = 2.5;
    for (const i of [...hits, ...(picked >= 0 ? [picked] : [])]) {
      pen.beginPath();
      pen.arc(sx(i), sy(i), radius(i) + 2, 0, 2 * Math.PI);
      pen.stroke();
    }
  }

  function drawNames() {
    const near = [];
    const width = canvas.clientWidth, height = canvas.clientHeight;
    for (let i = 0; i < count && near.length <= MOST_LABELS; i += 1) {
      const wanted = hits.has(i) || i === picked || view.w < W / 3;
      if (net.name[i] && wanted && isShown(i) && sx(i) >= 0 && sx(i) <= width && sy(i) >= 0 && sy(i) <= height) near.push(i);
    }
    if (near.length > MOST_LABELS) return;
    pen.font = "12px " + getComputedStyle(document.body).fontFamily;
    pen.lineWidth = 3;
    pen.strokeStyle = palette.paper;
    pen.fillStyle = palette.ink;
    for (const i of near) {
      const name = net.name[i].length > 28 ? net.name[i].slice(0, 27) + "…" : net.name[i];
      pen.strokeText(name, sx(i) + radius(i) + 3, sy(i) + 4);
      pen.fillText(name, sx(i) + radius(i) + 3, sy(i) + 4);
    }
  }

  function draw(moving) {
    pixels = window.devicePixelRatio || 1;
    const width = canvas.clientWidth, height = canvas.clientHeight;
    if (canvas.width !== Math.round(width * pixels) || canvas.height !== Math.round(height * pixels)) {
      canvas.width = Math.round(width * pixels);
      canvas.height = Math.round(height * pixels);
    }
    scale = width / view.w;
    pen.setTransform(pixels, 0, 0, pixels, 0, 0);
    pen.clearRect(0, 0, width, height);
    if (showLines) drawLines(moving ? MOST_LINES_WHILE_MOVING : lines || 1);
    if (picked >= 0) drawTiesOf(picked);
    drawDots();
    drawNames();
  }

  // While it moves a part of the lines is drawn; all of them once it rests.
  let frame = 0, rest = 0;
  function redraw(moving) {
    cancelAnimationFrame(frame);
    clearTimeout(rest);
    frame = requestAnimationFrame(() => draw(moving));
    if (moving && lines > MOST_LINES_WHILE_MOVING) rest = setTimeout(() => redraw(false), 150);
  }

  // ---- moving
  function zoom(factor, cx, cy) {
    const w = Math.min(2 * W, Math.max(W / 60, view.w * factor));
    const ratio = w / view.w;
    view = { x: cx - (cx - view.x) * ratio, y: cy - (cy - view.y) * ratio, w };
    redraw(true);
  }
  const heightOf = () => (view.w * canvas.clientHeight) / Math.max(1, canvas.clientWidth);
  const middle = (factor) => zoom(factor, view.x + view.w / 2, view.y + heightOf() / 2);
  const reset = () => { view = home(); redraw(false); };
  const move = (dx, dy) => { view.x += dx; view.y += dy; redraw(true); };
  const keys = {
    ArrowLeft: () => move(-view.w / 10, 0), ArrowRight: () => move(view.w / 10, 0),
    ArrowUp: () => move(0, -view.w / 10), ArrowDown: () => move(0, view.w / 10),
    "+": () => middle(0.8), "=": () => middle(0.8), "-": () => middle(1.25), 0: reset,
  };
  canvas.addEventListener("keydown", (event) => {
    const action = keys[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });
  canvas.addEventListener("wheel", (event) => {
    // A bare wheel scrolls the page past the network; with Ctrl it zooms.
    if (!event.ctrlKey) return;
    event.preventDefault();
    const at = canvas.getBoundingClientRect();
    zoom(event.deltaY < 0 ? 0.85 : 1.18,
      view.x + (event.clientX - at.left) / scale, view.y + (event.clientY - at.top) / scale);
  }, { passive: false });

  // ---- pointing
  const MOST_TOUCH = 14;
  function nearest(event) {
    const at = canvas.getBoundingClientRect();
    const px = event.clientX - at.left, py = event.clientY - at.top;
    let best = -1, least = MOST_TOUCH * MOST_TOUCH;
    for (let i = 0; i < count; i += 1) {
      if (!isShown(i)) continue;
      const distance = (sx(i) - px) ** 2 + (sy(i) - py) ** 2;
      if (distance < least) { best = i; least = distance; }
    }
    return best;
  }
  function describe(i) {
    const campaign = net.campaigns[net.campaign[i]];
    const text = net.name[i] === null ? data.words.unnamed
      : say("node", { name: net.name[i], campaign: campaign.id, verdict: campaign.verdict });
    let n = 0;
    for (const end of net.ends) n += end === i;
    return text + " · " + say("ties", { n });
  }
  let last = null, moved = false;
  canvas.addEventListener("pointerdown", (event) => {
    last = event;
    moved = false;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (last) {
      const dx = event.clientX - last.clientX, dy = event.clientY - last.clientY;
      moved = moved || Math.abs(dx) + Math.abs(dy) > 3;
      move(-dx / scale, -dy / scale);
      last = event;
      return;
    }
    const i = nearest(event);
    canvas.style.cursor = i >= 0 ? "pointer" : "grab";
    tip.hidden = i < 0;
    if (i >= 0) tip.textContent = describe(i);
  });
  canvas.addEventListener("pointerleave", () => { tip.hidden = true; });
  canvas.addEventListener("pointerup", (event) => {
    if (!moved) pick(nearest(event));
    last = null;
  });
  canvas.addEventListener("pointercancel", () => { last = null; });

  const status = make("span", { role: "status", id: "net-status" });
  function pick(i) {
    picked = i;
    status.textContent = i >= 0 ? describe(i) + " " : "";
    if (i >= 0 && net.campaign[i] >= 0 && net.campaign[i] < data.n_cards) {
      status.append(make("a", { href: "#campaign-" + (net.campaign[i] + 1) }, data.words.card));
    }
    redraw(false);
  }

  // ---- tools
  const search = make("input", {
    type: "search", placeholder: data.words.search_account, "aria-label": data.words.search_account,
  });
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    hits = new Set();
    if (wanted) {
      net.name.forEach((name, i) => { if (name !== null && name.toLowerCase().includes(wanted)) hits.add(i); });
    }
    status.textContent = wanted ? say("found", { n: hits.size }) : "";
    redraw(false);
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || hits.size === 0) return;
    const xs = [...hits].map((i) => X[i]), ys = [...hits].map((i) => Y[i]);
    const w = Math.max(W / 8, 1.4 * (Math.max(...xs) - Math.min(...xs)));
    view = { x: 0, y: 0, w };
    view.x = (Math.max(...xs) + Math.min(...xs) - w) / 2;
    view.y = (Math.max(...ys) + Math.min(...ys) - heightOf()) / 2;
    redraw(false);
  });
  const colour = make("select", { "aria-label": data.words.colour });
  for (const name of ["campaign", "verdict", "none"]) {
    colour.append(make("option", { value: name }, data.words["colour_" + name]));
  }
  colour.addEventListener("change", () => { mode = colour.value; redraw(false); });
  const label = make("label", {}, data.words.colour + " ");
  label.append(colour);
  const linesButton = button(data.words.edges, () => {
    showLines = !showLines;
    linesButton.setAttribute("aria-pressed", String(showLines));
    redraw(false);
  });
  linesButton.setAttribute("aria-pressed", "true");
  const bar = make("div", { class: "bar-tools" });
  bar.append(search, label, linesButton, button(data.words.zoom_in, () => middle(0.7)),
    button(data.words.zoom_out, () => middle(1.43)), button(data.words.reset, reset), status);
  box.before(bar);

  // ---- legend: each entry shows its campaign alone, and all again
  const entries = Array.from(document.querySelectorAll("#net-legend li"));
  entries.forEach((entry, i) => {
    const name = net.campaigns[i].id;
    const toggle = button("", () => {
      only = only === i ? -1 : i;
      entries.forEach((other, j) => other.firstChild.setAttribute("aria-pressed", String(only === j)));
      redraw(false);
    });
    toggle.setAttribute("aria-pressed", "false");
    toggle.setAttribute("aria-label", say("only", { name }));
    toggle.append(...entry.childNodes);
    entry.append(toggle);
  });

  const refresh = () => { readPalette(); redraw(false); };
  new MutationObserver(refresh).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", refresh);
  new ResizeObserver(() => redraw(false)).observe(canvas);
  readPalette();
  draw(false);
}
const still = document.getElementById("net");
if (still) network(still);
