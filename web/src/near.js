// What lies near a place or a site.
import { byId, capital, el, many, number, tabled, whole } from "report";
import * as choice from "./choice.js";
import { asked, go } from "./fragment.js";
import { say, show } from "./panel.js";
import { post } from "./server.js";
import { coordinates, spaced, way } from "./words.js";
import * as drawn from "./map/drawn.js";

const LISTED = 100;
// Kinds of receptors are plural as they are.
const PLURAL = { site: "sites", incident: "incidents", mine: "mines", camp: "camps", road: "roads", port: "ports" };

// Incidents by what they count toward: deaths in attacks, accidents and earthquakes are never one sum.
const KINDS = { security: "security incident", accident: "accident", earthquake: "earthquake", other: "other incident" };
const incident = (domain, count) => many(count, KINDS[domain]);

export async function near(focus, signal) {
  const within = Number(asked("within")) || 50;
  const where = asked("site") ? { site: asked("site") } : { at: asked("at") };
  const found = await post("near", { ...where, within: `${within}km`, k: LISTED, ...choice.withoutScheme(where.site ? choice.chosenOfSite() : choice.chosen()) }, signal);
  drawn.near(found, within);
  const total = Object.values(found.totals.kinds).reduce((sum, count) => sum + count, 0);
  const incidents = Object.entries(found.totals.incidents).map(([domain, { count, deaths }]) => `${incident(domain, count)}${deaths === null ? "" : ` with ${many(deaths, "death")}`}`);
  const counts = incidents.concat(Object.entries(found.totals.kinds).filter(([kind]) => kind !== "incident").map(([kind, count]) => `${PLURAL[kind] ?? spaced(kind)} ${whole(count)}`)).join(", ");
  const title = `Within ${within} km of ${found.site ?? coordinates(found.lon, found.lat)}`;
  const first = found.neighbors[0];
  say(`${title}: ${total ? `${counts}; nearest ${first.name ?? first.id}, ${way(first.distance_km, first.bearing_deg)}` : "nothing is mapped or reported"}.`);
  const back = asked("site") ? { ask: "site", site: asked("site") } : { ask: "place", at: asked("at") };
  show([
    el("p", { class: "small no-print" }, el("button", { type: "button", class: "plain", onclick: () => go(back) }, "Back to the scores")),
    el("h2", {}, title),
    el("p", { class: "filters" }, el("label", {}, "Distance", el("select", { id: "within", onchange: (event) => go({ ask: "near", ...where, within: event.target.value }) },
      [10, 25, 50, 100, 200].map((km) => el("option", { value: km, selected: km === within }, `${km} km`))))),
    el("p", {}, total ? `${capital(counts)}.` : "Nothing is mapped or reported there.", found.totals.people === null ? "" : ` ${whole(Math.round(found.totals.people))} people in settlements.`),
    found.uncovered ? el("p", { class: "notice small" }, `Incidents that are not found here are not known: ${found.uncovered}.`) : "",
    found.swapped ? el("p", { class: "notice small" }, "With longitude and latitude the other way round there is something: ", el("button", { type: "button", class: "plain", onclick: () => go({ ask: "near", at: `${found.swapped.lon},${found.swapped.lat}`, within }) }, coordinates(found.swapped.lon, found.swapped.lat)), ".") : "",
    found.neighbors.length ? tabled(`What lies within ${within} km, nearest first`, ["What", "Kind", ["r", "Distance"]], found.neighbors.map((each) => [
      [null, [each.kind === "site" ? el("button", { type: "button", class: "plain", onclick: () => go({ ask: "site", site: each.id }) }, each.name ?? each.id) : capital(each.name ?? each.id),
        each.date || each.fatalities ? el("div", { class: "small quiet" }, [each.date, each.fatalities ? many(each.fatalities, "death") : ""].filter(Boolean).join(", ")) : ""]],
      each.domain ? capital(KINDS[each.domain]) : capital(spaced(each.kind)),
      ["r", [way(each.distance_km, each.bearing_deg, each.position_accuracy_km), each.edge_km === null ? "" : el("div", { class: "small quiet" }, `edge ${number(each.edge_km)} km`)]],
    ])) : "",
    total > found.neighbors.length ? el("p", { class: "small quiet" }, `The nearest ${found.neighbors.length} of ${whole(total)}.`) : "",
  ], focus && document.activeElement !== byId("within"));
}
