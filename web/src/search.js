// The search for a site: a combobox with a list, by the pattern of WAI-ARIA 1.2.
import { byId, el, key } from "report";
import * as choice from "./choice.js";
import { go } from "./fragment.js";
import { get } from "./server.js";
import { band, told } from "./words.js";
import { state } from "report";

let hits = [];
let at = -1;
let turn = null;

export function start() {
  const input = byId("find");
  input.addEventListener("input", () => search(input.value));
  input.addEventListener("keydown", pressed);
  input.addEventListener("blur", () => setTimeout(close, 150));
  input.addEventListener("focus", () => { if (hits.length) open(); });
  // The input keeps the focus while a hit is clicked.
  byId("hits").addEventListener("pointerdown", (event) => event.preventDefault());
}

async function search(text) {
  turn?.abort();
  turn = new AbortController();
  const { signal } = turn;
  if (text.trim().length < 2) {
    hits = [];
    close();
    return;
  }
  await new Promise((done) => { setTimeout(done, 120); });
  if (signal.aborted) return;
  try {
    const found = await get("search", { q: text.trim(), limit: 8 }, signal);
    hits = found.sites;
    list(found.matched);
  } catch (error) {
    if (error.name !== "AbortError") {
      hits = [];
      list(0, error.message);
    }
  }
}

function list(matched, fault) {
  at = -1;
  const rows = hits.map((hit, index) => el("li", { id: `hit-${index}`, role: "option", "aria-selected": "false", onclick: () => choose(index) },
    key(band(hit[`${state.domain}_band`] ?? "no data")),
    el("span", {}, hit.name),
    el("span", { class: "small quiet" }, [hit.country, told(hit[`${state.domain}_score`], hit[`${state.domain}_band`])].filter(Boolean).join(" · "))));
  const more = matched - hits.length;
  const last = fault || (hits.length ? (more > 0 ? `${more} more` : "") : "No site fits");
  byId("hits").replaceChildren(...rows, ...(last ? [el("li", { role: "option", "aria-disabled": "true", "aria-selected": "false", class: "quiet small" }, last)] : []));
  open();
}

function open() {
  byId("hits").hidden = false;
  byId("find").setAttribute("aria-expanded", "true");
}

function close() {
  byId("hits").hidden = true;
  byId("find").setAttribute("aria-expanded", "false");
  move(-1);
}

function move(to) {
  at = to;
  const input = byId("find");
  for (const [index, row] of [...byId("hits").children].entries()) {
    if (row.hasAttribute("aria-disabled")) continue;
    row.setAttribute("aria-selected", String(index === at));
    if (index === at) row.scrollIntoView({ block: "nearest" });
  }
  if (at < 0) input.removeAttribute("aria-activedescendant");
  else input.setAttribute("aria-activedescendant", `hit-${at}`);
}

function choose(index) {
  const hit = hits[index];
  if (!hit) return;
  byId("find").value = hit.name;
  close();
  if (hit.region && hit.region !== choice.layers().region) choice.region(hit.region);
  go({ ask: "site", site: hit.id });
}

function pressed(event) {
  const is = { ArrowDown: at + 1, ArrowUp: at < 0 ? hits.length - 1 : at - 1, Home: null, End: null }[event.key];
  if (is !== undefined && is !== null && hits.length) {
    event.preventDefault();
    open();
    move(is >= hits.length ? 0 : is < 0 ? hits.length - 1 : is);
  } else if (event.key === "Enter") {
    event.preventDefault();
    choose(at < 0 ? 0 : at);
  } else if (event.key === "Escape") {
    if (byId("hits").hidden) byId("find").value = "";
    close();
  }
}
