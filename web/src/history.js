// A site at the dates of the layers: a table of its scores, and the whole answer where only layers are known.
import { el, number, sentences, state, tabled } from "report";
import * as choice from "./choice.js";
import { say } from "./panel.js";
import { get } from "./server.js";
import { coordinates, scored, told } from "./words.js";
import * as drawn from "./map/drawn.js";

// The scores of a site at all dates, the newest first; nothing if there is only one date.
export const history = async (site, signal) => listed(await states(site, signal));

// A site at all dates.
async function states(site, signal) {
  const { over_time: layer, dates } = choice.layers();
  if (!layer || dates.length < 2) return [];
  const found = await get(`collections/${encodeURIComponent(layer)}/items`, { filter: `site_id='${site.replaceAll("'", "''")}'`, sortby: "-as_of", limit: 1000 }, signal);
  return found.features;
}

function listed(features) {
  const rows = features.map(({ properties: of }) => [
    of.as_of === choice.date() ? el("b", { class: "nowrap" }, of.as_of) : el("span", { class: "nowrap" }, of.as_of),
    ["r", scored(of.security_score, of.security_band, "security")], ["r", scored(of.environment_score, of.environment_band, "environment")],
  ]);
  if (!rows.length) return [];
  return [el("details", {}, el("summary", {}, `At ${rows.length} dates`), tabled("Its scores at each date, the newest first", ["Date", ["r", "Security"], ["r", "Environment"]], rows))];
}

// What the layers say of a site.
export async function published(site, signal) {
  const { sites: layer } = choice.layers();
  const [newest, past] = await Promise.all([
    layer && choice.isNewest() ? get(`collections/${encodeURIComponent(layer)}/items/${encodeURIComponent(site)}`, {}, signal) : null,
    states(site, signal),
  ]);
  const feature = newest ?? past.find((one) => one.properties.as_of === choice.date());
  if (!feature) throw new Error("the layers have no such site");
  const of = feature.properties;
  const name = of.name ?? site;
  const [lon, lat] = feature.geometry.coordinates;
  const score = (domain) => ({ score: of[`${domain}_score`] ?? null, band: of[`${domain}_band`] ?? "no data", at_least: of.environment_at_least ?? null, coverage: of.environment_coverage ?? 0 });
  const answer = { site, name, lon, lat, country_name: of.country ?? "", security: { ...score("security"), contributions: [] }, environment: score("environment") };
  const said = ["security", "environment"].map((domain) => `${domain} ${told(answer[domain].score, answer[domain].band)}`);
  if (state.domain === "environment") said.reverse();
  say(`${name}: ${said.join("; ")}.`);
  drawn.answer(answer, true);
  const near = of.nearest_incident_km === undefined || of.nearest_incident_km === null ? "" : `The nearest incident: ${number(of.nearest_incident_km)} km${of.nearest_incident_date ? `, ${of.nearest_incident_date}` : ""}${of.nearest_incident_type ? `, ${of.nearest_incident_type}` : ""}.`;
  return [answer, [
    of.explanation ? sentences(of.explanation) : "",
    near ? el("p", { class: "small" }, near) : "",
    listed(past),
    el("p", { class: "small quiet" }, [choice.date() ? `As of ${choice.date()}. ` : "", "As it was published; what makes the scores can be told only with the inputs."]),
  ]];
}
