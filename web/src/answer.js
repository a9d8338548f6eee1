// The answer on a place or a site: its scores and what makes them.
import { capital, dated, el, key, many, number, percent, sentences, short, state, tabled, years } from "report";
import * as choice from "./choice.js";
import { asked, go } from "./fragment.js";
import { history, published } from "./history.js";
import { keep } from "./places.js";
import { say, show } from "./panel.js";
import { fill } from "./place.js";
import { get, given, post } from "./server.js";
import { band, classed, coordinates, spaced, told, way } from "./words.js";
import * as drawn from "./map/drawn.js";

// How many incidents are listed.
export const MOST = 12;

export async function place(focus, signal) {
  const question = { at: asked("at"), name: asked("name"), accuracy: asked("accuracy") };
  fill(question);
  const accuracy = question.accuracy ? `${question.accuracy}km` : "";
  const [answer, near] = await Promise.all([
    post("risk", { at: question.at, name: question.name || "This place", accuracy, most: MOST, ...choice.chosen() }, signal),
    nearest({ at: question.at, ...choice.withoutScheme(choice.chosen()) }, signal),
  ]);
  tell(answer, near, { at: question.at, within: 50 }, focus, [
    el("button", { type: "button", onclick: () => keep({ ...question, name: question.name }) }, "Add to the comparison"),
  ]);
}

export async function site(focus, signal) {
  const id = asked("site");
  if (!choice.isLive()) {
    const [answer, parts] = await published(id, signal);
    show([head(answer), parts], focus);
    return;
  }
  const of = choice.chosenOfSite();
  const [answer, near, past] = await Promise.all([
    get(`explain/${encodeURIComponent(id)}`, given({ most: MOST, ...of }), signal),
    nearest({ site: id, ...choice.withoutScheme(of) }, signal),
    history(id, signal),
  ]);
  tell(answer, near, { site: answer.site, within: 50 }, focus, [
    el("button", { type: "button", onclick: () => go({ ask: "what-if", site: answer.site }) }, "What if …"),
    el("button", { type: "button", onclick: () => keep({ at: `${answer.lon},${answer.lat}`, name: answer.name, site: answer.site }) }, "Add to the comparison"),
  ], past);
}

// The nearest incident, which need not be among those that add most.
async function nearest(where, signal) {
  const found = await post("near", { ...where, kind: "incident", k: 1 }, signal);
  return { incident: found.neighbors[0], uncovered: found.uncovered };
}

function tell(answer, near, around, focus, more, past = []) {
  say(sentence(answer, near));
  drawn.answer(answer, Boolean(around.site));
  const parts = [securityPart(answer, near), environmentPart(answer)];
  show([
    head(answer),
    el("p", { class: "buttons no-print" }, el("button", { type: "button", class: "first", onclick: () => go({ ask: "near", ...around }) }, "What lies within 50 km"), more),
    sentences(answer.explanation),
    answer.overall.score === null ? "" : el("p", { class: "small quiet" }, `Both together: ${number(answer.overall.score)}, ${answer.overall.band}; cell ${answer.overall.risk_cell}.`),
    state.domain === "security" ? parts : parts.reverse(),
    past,
    el("p", { class: "small quiet" }, [answer.as_of ? `As of ${answer.as_of}. ` : "", `Scheme ${answer.scheme}. An index of what was reported, not a forecast.`]),
  ], focus);
}

// The whole answer in one sentence.
function sentence({ name, security, environment }, { incident, uncovered }) {
  const said = [security.score === null && uncovered ? `no security score: ${uncovered}` : `security ${told(security.score, security.band)}`];
  if (incident) said.push(`nearest incident ${number(incident.distance_km, incident.position_accuracy_km >= 1 ? 0 : 1)} km`);
  said.push(`environment ${told(environment.score, environment.band)}`);
  if (state.domain === "environment") said.unshift(said.pop());
  return `${name}: ${said.join("; ")}.`;
}

// Its name and both scores.
export function head(answer) {
  const where = [answer.site !== answer.name && answer.site !== "place" ? answer.site : "", answer.country_name, coordinates(answer.lon, answer.lat)];
  return [
    el("h2", {}, answer.name),
    el("p", { class: "small quiet" }, where.filter(Boolean).join(" · ")),
    el("div", { class: "cards" }, card("security", answer.security), card("environment", answer.environment)),
  ];
}

function card(domain, { score, band: word, at_least: least, coverage }) {
  const known = domain === "environment" && score !== null ? `at least ${number(least)}, ${percent(coverage)} known` : "";
  return el("div", { class: `card ${short(domain)} b${band(word)}` },
    el("span", {}, capital(domain)), el("b", {}, number(score)),
    el("span", {}, key(band(word), domain), ` ${classed(word)}`, known ? el("span", { class: "place quiet" }, known) : ""));
}

function securityPart({ security }, { uncovered }) {
  const parts = [el("h3", {}, "What makes the security score")];
  if (security.contributions.length) {
    const rows = security.contributions.map((one) => [
      [null, [capital(one.event_type), one.fatalities ? `, ${many(one.fatalities, "death")}` : "", reported(one)]],
      [null, one.date ? [el("span", { class: "nowrap" }, one.date), ` (${years(one.age_days)})`] : "–"],
      ["r", way(one.distance_km, one.bearing_deg, one.position_accuracy_km)],
      ["r", [percent(one.share), el("br"), number(one.score_without)]],
    ]);
    const { rest } = security;
    if (rest) rows.push([many(rest.count, "weaker incident"), "", "", ["r", percent(rest.contribution / security.score)]]);
    parts.push(tabled("The incidents that add most: their share of the score, and the score without each", ["Incident", "Date (age)", ["r", "Distance"], ["r", "Share, without it"]], rows));
  } else parts.push(el("p", {}, uncovered ? `Not known: ${uncovered}.` : "No incident reported within reach."));
  if (security.score === null && security.contributions.length && uncovered) parts.push(el("p", { class: "notice small" }, `There is no score, because ${uncovered}. What was found may be incomplete.`));
  if (security.event) parts.push(el("p", { class: "small" }, dated(security.event.explanation)));
  if (security.coverage < 0.995) parts.push(el("p", { class: "small notice" }, `Incidents were collected in ${percent(security.coverage)} of the surroundings; beyond, nothing is known.`));
  return parts;
}

// What the source says besides; the actors are its claim.
function reported({ location, actors_claimed: actors, source, source_url: link }) {
  const said = [location, actors && `actors claimed by the source: ${actors}`, source && `reported by ${source}`,
    link && (/^https?:\/\//i.test(link) ? el("a", { href: link, rel: "noopener noreferrer" }, "the report") : link)].filter(Boolean);
  return said.length ? el("div", { class: "small quiet" }, said.flatMap((each, at) => (at ? ["; ", each] : [each]))) : "";
}

function environmentPart({ environment }) {
  const known = environment.indicators.filter((each) => each.value !== null);
  const parts = [el("h3", {}, "What makes the environment score")];
  if (known.length) {
    parts.push(tabled("Points of the score by indicator: from what is known, and from reference values", ["Indicator", ["r", "Value"], ["r", "Points"], ["r", "Assumed"]],
      known.map((each) => [[null, [capital(each.label ?? spaced(each.indicator)), because(each)]], ["r", number(each.value, 2)], ["r", number(each.contribution)], ["r", number(each.assumed)]]).concat(sums(environment))));
  } else parts.push(el("p", {}, "Nothing is known of its surroundings."));
  if (environment.unknown.length) {
    parts.push(el("h4", {}, "Not known"), el("ul", { class: "unknown small" }, environment.unknown.map((each) => el("li", {}, capital(each.label), each.why ? el("span", { class: "quiet" }, `: ${each.why}`) : ""))));
  }
  return parts;
}

// What the rest adds, and the sum, so that the points visibly make the score.
function sums({ score, indicators }) {
  if (score === null) return [];
  const sum = (list, points) => list.reduce((all, each) => all + (each[points] ?? 0), 0);
  const unknown = sum(indicators.filter((each) => each.value === null), "assumed");
  const [found, assumed] = [sum(indicators, "contribution"), sum(indicators, "assumed")];
  return [
    ["What is not known", "", "", ["r", number(unknown)]],
    [`Together ${number(score)}`, "", ["r", number(found)], ["r", number(assumed)]],
  ];
}

function because(each) {
  const driver = each.driver_name ? `${each.driver_name}${each.distance_km === null ? "" : `, ${way(each.distance_km, each.bearing_deg)}`}` : "";
  const said = [driver, each.note].filter(Boolean).join("; ");
  return said ? el("div", { class: "small quiet" }, dated(said)) : "";
}
