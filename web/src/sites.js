// The table of sites, and where they are.
import { WORDS, bandOptions, byId, capital, chosenOf, el, many, number, sorted, state, textFilter, whole } from "report";
import { asked, go } from "./fragment.js";
import { get } from "./server.js";
import { band, scored } from "./words.js";

// A page of features, and how many sites the table holds; the search finds the others.
const PAGE = 1000;
const MOST = 5000;
const sites = [];
let matched = 0;
let table = null;
let missing = "";

export const all = () => sites;
export const withId = (id) => sites.find((one) => one.id === id);

export function start() {
  table = sorted("table", [
    { id: "name", title: "Site", of: (one) => one.name.toLowerCase() },
    { id: "country", title: "Country", of: (one) => one.country },
    { id: "security", title: "Security", of: (one) => one.security_score, number: true },
    { id: "environment", title: "Environment", of: (one) => one.environment_score, number: true },
    { id: "overall", title: "Overall", of: (one) => one.overall_score, number: true },
    { id: "nearest", title: "Nearest incident, km", of: (one) => one.nearest_incident_km, number: true },
    { id: "why", title: "What adds most" },
  ], "security", row);
  byId("filters").append(textFilter("Name or id", draw), chosenOf("Class", "filter-band", bandOptions(), (value) => { state.band = value; draw(); }));
}

function row(one) {
  const open = el("button", { type: "button", class: "plain", onclick: () => go({ ask: "site", site: one.id }) }, one.name);
  const why = one.driver_1_type ? `${capital(one.driver_1_type)}${one.driver_1_date ? `, ${one.driver_1_date}` : ""}, ${number(one.driver_1_km)} km` : "";
  return el("tr", { class: asked("site") === one.id ? "on" : null },
    el("th", { scope: "row", class: "name" }, open), el("td", {}, one.country),
    el("td", { class: "r" }, scored(one.security_score, one.security_band, "security")),
    el("td", { class: "r" }, scored(one.environment_score, one.environment_band, "environment")),
    el("td", { class: "r" }, number(one.overall_score)), el("td", { class: "r" }, number(one.nearest_incident_km)),
    el("td", { class: "why" }, why));
}

// Loads the sites page by page; `loaded` is told each time.
export async function load(loaded) {
  try {
    do {
      const page = await get("collections/sites/items", { limit: PAGE, offset: sites.length });
      matched = page.numberMatched;
      if (!page.features.length) break;
      sites.push(...page.features.map(kept));
      draw();
      loaded();
    } while (sites.length < Math.min(matched, MOST));
  } catch (error) {
    missing = error.message;
  }
  draw();
}

// What the page needs of a feature.
function kept({ id, geometry, properties: of }) {
  const given = (value) => (value === undefined ? null : value);
  const { name, country, security_band: security, environment_band: environment } = of;
  const point = geometry?.type === "Point" ? geometry.coordinates : null;
  return {
    id: String(id), name: name ?? String(id), country: country ?? "", point, security_band: security ?? WORDS[0], environment_band: environment ?? WORDS[0],
    security_score: given(of.security_score), environment_score: given(of.environment_score), overall_score: given(of.overall_score),
    nearest_incident_km: given(of.nearest_incident_km), driver_1_type: of.driver_1_type, driver_1_date: of.driver_1_date, driver_1_km: of.driver_1_km,
  };
}

// Draws the rows that the filters let through.
export function draw() {
  const text = state.text.trim().toLowerCase();
  const is = (one) => (!text || `${one.name}\n${one.id}`.toLowerCase().includes(text)) && (state.band === "" || band(one[`${state.domain}_band`]) === Number(state.band));
  const list = sites.filter(is);
  table.fill(list);
  const part = matched > sites.length ? ` The server has ${whole(matched)}; the search finds them all.` : "";
  byId("count").textContent = missing && !sites.length ? `No sites: ${missing}` : `${many(list.length, "site")}${list.length < sites.length ? ` of ${whole(sites.length)}` : ""}.${part}`;
}

// Marks the row of the site that is shown.
export const mark = () => table.draw();
