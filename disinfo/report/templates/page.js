// The page is whole without this script: it adds sorting, filtering, copying, a theme switch and a
// network that moves. Text from posts is only ever read as text, never as markup.
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

// ---- print: a folded part would be lost on paper; the lists of posts would fill it
window.addEventListener("beforeprint", () => {
  document.querySelectorAll("details:not(.long)").forEach((part) => { part.open = true; });
});
