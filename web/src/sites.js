// The table of sites, and where they are.
import { WORDS, bandOptions, byId, capital, chosenOf, el, many, number, sorted, state, textFilter, whole } from "report";
import * as choice from "./choice.js";
import { asked, go } from "./fragment.js";
import { pages } from "./pages.js";
import { band, scored } from "./words.js";

// How many sites the table and the map hold; the search finds the others.
const MOST = 20000;
const WANTED = ["name", "country", "security_score", "security_band", "environment_score", "environment_band", "environment_at_least", "environment_coverage", "overall_score", "nearest_incident_km", "driver_1_type", "driver_1_date", "driver_1_km", "security_record_gap", "site_id", "as_of"];
let sites = [];
// What the layer of the newest date says of each site, such as its country.
let newest = new Map();
let matched = 0;
let table = null;
let missing = "";
let isWhole = false;
let turn = null;

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

// Loads the sites of the region, scheme and date that are chosen; `loaded` is told when there are some and when there are all.
export async function load(loaded) {
  turn?.abort();
  turn = new AbortController();
  const { signal } = turn;
  const { sites: layer, over_time: dated } = choice.layers();
  const day = choice.date();
  const isDated = dated && (!layer || !choice.isNewest());
  // The sites of the date before stay until those of the new one are there.
  let list = [];
  isWhole = false;
  missing = "";
  const query = { wanted: WANTED, most: MOST, ...(isDated ? { datetime: day } : {}) };
  try {
    if (!isDated && !layer) throw new Error("the server has no layer of sites");
    await pages(isDated ? dated : layer, query, signal, (features, count) => {
      list.push(...features.map(kept));
      matched = count;
      if (list.length > sites.length || list.length >= Math.min(matched, MOST)) sites = [...list];
      draw();
      // The map is drawn with the first and again with the last of them: drawing all takes longer than loading more.
      if (list.length === features.length) loaded();
    });
    sites = list;
    if (!isDated) newest = new Map(list.map((one) => [one.id, one]));
    isWhole = true;
  } catch (error) {
    if (signal.aborted) return;
    missing = error.message;
    sites = list;
  }
  draw();
  loaded();
}

// What the page needs of a feature.
function kept({ id: feature, geometry, properties: of }) {
  const given = (value) => (value === undefined ? null : value);
  const id = String(of.as_of && of.site_id ? of.site_id : feature);
  const { security_band: security, environment_band: environment } = of;
  const point = geometry?.type === "Point" ? geometry.coordinates : null;
  return {
    id, name: of.name ?? id, country: of.country ?? newest.get(id)?.country ?? "", point, security_band: security ?? WORDS[0], environment_band: environment ?? WORDS[0],
    security_score: given(of.security_score), environment_score: given(of.environment_score), overall_score: given(of.overall_score),
    environment_at_least: given(of.environment_at_least), environment_coverage: given(of.environment_coverage),
    nearest_incident_km: given(of.nearest_incident_km), driver_1_type: of.driver_1_type, driver_1_date: of.driver_1_date, driver_1_km: of.driver_1_km,
    record_gap: of.security_record_gap ?? null,
  };
}

// Draws the rows that the filters let through.
export function draw() {
  const text = state.text.trim().toLowerCase();
  const is = (one) => (!text || `${one.name}\n${one.id}`.toLowerCase().includes(text)) && (state.band === "" || band(one[`${state.domain}_band`]) === Number(state.band));
  const list = sites.filter(is);
  table.fill(list);
  const held = Math.min(matched, MOST);
  const parts = [`${many(list.length, "site")}${list.length < sites.length ? ` of ${whole(sites.length)}` : ""}${choice.date() ? ` as of ${choice.date()}` : ""}.`];
  if (!isWhole && !missing) parts.push(sites.length ? `Loading: ${whole(sites.length)} of ${whole(held)} …` : "Loading the sites …");
  if (matched > MOST) parts.push(`The server has ${whole(matched)}: the table and the map have the first ${whole(MOST)}, the search finds the others.`);
  if (missing) parts.push(`${sites.length ? "Not all sites are here" : "No sites"}: ${missing}`);
  byId("count").textContent = [...parts, ...choice.notes()].join(" ");
}

// Marks the row of the site that is shown.
export const mark = () => table.draw();
