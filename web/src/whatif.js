// What if incidents of a site had not happened, or others had.
import { byId, capital, el, key, many, number, tabled } from "report";
import { MOST, head } from "./answer.js";
import * as choice from "./choice.js";
import { asked, go } from "./fragment.js";
import { say, show } from "./panel.js";
import { get, given, post } from "./server.js";
import { band, classed, signed, told, way } from "./words.js";
import * as drawn from "./map/drawn.js";

const TYPES = ["attack", "explosion", "protest", "riot", "looting", "battle", "accident", "spill"];

export async function whatIf(focus, signal) {
  const site = asked("site");
  const [without, add] = [asked("without"), asked("add")];
  const path = `explain/${encodeURIComponent(site)}`;
  const changed = without || add ? await post(path, { without, add, most: MOST, ...choice.chosenOfSite() }, signal) : null;
  const before = changed?.before ?? await get(path, given({ most: MOST, ...choice.chosenOfSite() }), signal);
  drawn.answer(before, true);
  const gone = new Set(without ? JSON.parse(without) : []);
  const [lon, lat, type, deaths, date] = add ? add.split(",") : [before.lon.toFixed(4), before.lat.toFixed(4), "attack", "", ""];
  const compute = (event) => {
    event.preventDefault();
    const out = [...event.target.querySelectorAll("input[name=out]:checked")].map((box) => box.value);
    const more = byId("add").checked ? [byId("add-lon").value, byId("add-lat").value, byId("add-type").value.trim(), byId("add-deaths").value, byId("add-date").value].join(",").replace(/,+$/, "") : "";
    go({ ask: "what-if", site, without: out.length ? JSON.stringify(out) : "", add: more });
  };
  say(changed ? `What if: security ${told(changed.before.security.score, changed.before.security.band)} becomes ${told(changed.after.security.score, changed.after.security.band)}.` : `What if at ${before.name}: choose incidents to take out, or add one.`);
  show([
    el("p", { class: "small no-print" }, el("button", { type: "button", class: "plain", onclick: () => go({ ask: "site", site }) }, "Back to the scores")),
    changed ? [el("h2", {}, `What if: ${before.name}`), difference(changed)] : head(before),
    el("form", { id: "what-if", method: "post", onsubmit: compute },
      el("fieldset", {}, el("legend", {}, "Take incidents out"),
        before.security.contributions.length ? "" : el("p", { class: "small quiet" }, "No incident counts here."),
        before.security.contributions.map((one) => el("label", { class: "row" },
          el("input", { type: "checkbox", name: "out", value: one.id, checked: gone.has(one.id) }),
          el("span", {}, `${capital(one.event_type)}${one.fatalities ? `, ${many(one.fatalities, "death")}` : ""}`, el("span", { class: "place small quiet" }, `${one.date ?? "no date"}, ${way(one.distance_km, one.bearing_deg, one.position_accuracy_km)}, without it ${number(one.score_without)}`))))),
      el("fieldset", {}, el("legend", {}, "Add an incident"),
        el("label", { class: "row" }, el("input", { type: "checkbox", id: "add", checked: Boolean(add) }), "It happens here:"),
        el("div", { class: "pair" }, field("Longitude", "add-lon", { type: "number", step: "any", min: -180, max: 180, value: lon }), field("Latitude", "add-lat", { type: "number", step: "any", min: -90, max: 90, value: lat })),
        el("div", { class: "pair" }, field("Type", "add-type", { type: "text", value: type, list: "types" }), field("Deaths", "add-deaths", { type: "number", min: 0, step: 1, value: deaths ?? "" })),
        el("datalist", { id: "types" }, TYPES.map((each) => el("option", { value: each }))),
        field("Date (today's, if empty)", "add-date", { type: "date", value: date ?? "" })),
      el("p", { class: "buttons" }, el("button", { type: "submit", class: "first" }, "Compute"))),
  ], focus);
  // Whoever fills in the incident wants it to count.
  for (const id of ["add-lon", "add-lat", "add-type", "add-deaths", "add-date"]) byId(id).addEventListener("input", () => { byId("add").checked = true; });
}

const field = (title, id, attributes) => el("label", {}, title, el("input", { id, ...attributes }));

function difference({ before, after }) {
  const row = (title, domain) => {
    const [a, b] = [before[domain], after[domain]];
    const score = (one) => ["r", [domain === "overall" ? "" : key(band(one.band), domain), ` ${number(one.score)}`, el("div", { class: "small quiet" }, classed(one.band))]];
    return [title, score(a), score(b), ["r", signed(a.score === null || b.score === null ? null : b.score - a.score)]];
  };
  return tabled("The scores before and after", ["Score", ["r", "Before"], ["r", "After"], ["r", "Change"]], [row("Security", "security"), row("Environment", "environment"), row("Overall", "overall")]);
}
