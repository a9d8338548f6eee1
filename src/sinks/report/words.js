// The texts and elements that every part of a page uses. Data reaches a page only as text nodes and attributes.
const SVG = "http://www.w3.org/2000/svg";
const WORDS = ["no score", "very low", "low", "medium", "high", "very high"];
// Marker shapes from no data to very high: the shape repeats what the color encodes.
const SHAPES = [
  "M0-6A6 6 0 1 1 0 6A6 6 0 1 1 0-6Z",
  "M0-5A5 5 0 1 1 0 5A5 5 0 1 1 0-5Z",
  "M0-6.5L6.2 4.9H-6.2Z",
  "M-5-5H5V5H-5Z",
  "M0-7.5L7.5 0L0 7.5L-7.5 0Z",
  "M0-10L2.47-3.4L9.51-3.09L3.99 1.3L5.88 8.09L0 4.2L-5.88 8.09L-3.99 1.3L-9.51-3.09L-2.47-3.4Z",
];
const state = { domain: "security", chosen: -1, text: "", band: "" };
const byId = (id) => document.getElementById(id);

// Creates an element with attributes and children; strings become text nodes. Null and false are left out.
function make(space, name, attributes, children) {
  const node = space ? document.createElementNS(space, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}
const el = (name, attributes, ...children) => make(null, name, attributes, children);
const svg = (name, attributes, ...children) => make(SVG, name, attributes, children);

const number = (value, digits = 1) => (value === null || value === undefined ? "–" : value.toFixed(digits));
const whole = (value) => value.toLocaleString("en-US");
const percent = (share) => (share > 0 && share < 0.005 ? "< 1 %" : `${Math.round(100 * share)} %`);
const many = (count, one, several = `${one}s`) => `${whole(count)} ${count === 1 ? one : several}`;
const bearing = (degrees) => ["N", "NE", "E", "SE", "S", "SW", "W", "NW"][Math.round(degrees / 45) % 8];
const years = (days) => (days === null ? "–" : days < 730 ? `${whole(days)} d` : `${(days / 365.25).toFixed(1)} y`);
// A column, or several crossed, without what marks the sites' own.
const plain = (column) => column.split(" x ").map((name) => name.replace(/^site_/, "")).join(" x ").replace(/_/g, " ");
// A text as a search compares it: without case and accents.
const folded = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

const short = (domain) => ({ security: "sec", environment: "env" })[domain] || "ove";
const risk = (domain) => (domain === "environment" ? "environmental" : domain);

// A text whose dates are not broken at their hyphens.
const dated = (text) => text.split(/(\d{4}-\d{2}-\d{2})/).map((part, at) => (at % 2 ? el("span", { class: "nowrap" }, part) : part));

// The explanation with a paragraph for each question.
const QUESTIONS = / (?=Environment[ :]|What adds most of what lies near: |What it can do: |What can strike it: |What we do not know: )/;
const sentences = (text) => text.split(QUESTIONS).map((part) => el("p", {}, dated(part)));

// A band's marker beside a text; the text always states the band too.
function key(band, domain = state.domain) {
  return svg("svg", { class: `key ${short(domain)}`, viewBox: "-9 -9 18 18", "aria-hidden": "true", focusable: "false" },
    svg("g", { class: `b${band}` }, svg("path", { class: "fill shape", d: SHAPES[band], transform: band === 5 ? "scale(.85)" : null })));
}

// The counts of bands as one stacked bar, the worst on the left.
function stack(counts, domain, thin) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const parts = [];
  let left = 0;
  for (const band of [5, 4, 3, 2, 1, 0]) {
    if (!counts[band]) continue;
    const width = (1000 * counts[band]) / total;
    parts.push(svg("g", { class: `b${band}` }, svg("rect", { class: "fill", x: left, width, y: 0, height: 20 },
      svg("title", {}, `${counts[band]} ${WORDS[band]}`))));
    left += width;
  }
  const label = [5, 4, 3, 2, 1, 0].filter((band) => counts[band]).map((band) => `${counts[band]} ${WORDS[band]}`).join(", ");
  return el("div", { class: `stack ${short(domain)}${thin ? " thin" : ""}` },
    svg("svg", { viewBox: "0 0 1000 20", preserveAspectRatio: "none", role: "img", "aria-label": label || "no site" }, parts));
}

// A plain table: a caption, headers and rows; a header or cell is a text, an element, or [class, content].
const tabled = (...of) => labelCells(plainTable(...of));
function plainTable(caption, heads, rows, attributes = {}) {
  const cell = (name, extra) => (content) => {
    const [style, inner] = Array.isArray(content) ? content : [null, content];
    return el(name, { class: style, ...extra }, inner);
  };
  return el("table", attributes,
    el("caption", { class: attributes.shown ? null : "hidden" }, caption),
    el("thead", {}, el("tr", {}, heads.map(cell("th", { scope: "col" })))),
    el("tbody", {}, rows.map((row) => el("tr", {}, cell("th", { scope: "row" })(row[0]), row.slice(1).map(cell("td"))))));
}
// Each cell knows its header: on a narrow screen rows are cards, and the headers stand in them.
function labelCells(table) {
  const titles = [...table.tHead.rows[0].cells].map((head) => head.textContent);
  const once = (title) => titles.indexOf(title) === titles.lastIndexOf(title);
  // Headers that occur twice belong to the one before them that does not.
  const heads = titles.map((title, at) => (once(title) ? title : `${titles.slice(0, at).reverse().find(once) || ""} ${title.toLowerCase()}`.trim()));
  const roles = [[table, "table"], [table.tHead, "rowgroup"], [table.tBodies[0], "rowgroup"]];
  for (const row of table.rows) {
    roles.push([row, "row"]);
    [...row.cells].forEach((cell, at) => {
      roles.push([cell, cell.tagName === "TD" ? "cell" : cell.scope === "row" ? "rowheader" : "columnheader"]);
      if (cell.tagName === "TD") cell.dataset.label = heads[at];
    });
  }
  // Cards are no table to a browser; the roles say that they still are one.
  for (const [node, role] of roles) node.setAttribute("role", role);
  return table;
}
const scrolled = (label, table) => el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, table);
const chooser = (i, text) => el("button", { type: "button", class: "plain", onclick: () => choose(i, true) }, text);

// Connects the buttons at the top: `domain` is called for another score, `redraw` for other colors.
function listenToControls(domain, redraw) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  for (const radio of document.querySelectorAll("input[name=domain]")) radio.addEventListener("change", () => domain(radio.value));
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  const changed = () => {
    byId("theme").textContent = isDark() ? "Light" : "Dark";
    redraw();
  };
  byId("theme").textContent = isDark() ? "Light" : "Dark";
  byId("theme").addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    changed();
  });
  dark.addEventListener("change", changed);
}

// Without any security score the environment score is shown first.
function chooseDomain(noSecurity) {
  state.domain = noSecurity ? "environment" : "security";
  document.querySelector(`input[name=domain][value=${state.domain}]`).checked = true;
}
