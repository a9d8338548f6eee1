// Places side by side, the lowest risk first.
import { capital, el, many, number, percent, sentences, state, tabled } from "report";
import * as choice from "./choice.js";
import { go } from "./fragment.js";
import { say, show } from "./panel.js";
import { places } from "./places.js";
import { get, given, postGeojson } from "./server.js";
import { scored, coordinates, position, signed, spaced, told } from "./words.js";
import * as drawn from "./map/drawn.js";

// How many incidents and indicators tell why the first two differ.
const REASONS = 6;

export async function compare(focus, signal) {
  const list = places();
  if (list.length < 2) {
    say("Two places at least are needed to compare.");
    show([el("h2", {}, "Compare places"), el("p", {}, "Two places at least are needed: score a coordinate or open a site, and add it to the comparison.")], focus);
    return;
  }
  const features = list.map((place, index) => ({
    type: "Feature",
    geometry: { type: "Point", coordinates: position(place.at) },
    properties: { site_id: `p${index + 1}`, name: place.name, ...(place.accuracy ? { position_accuracy_km: Number(place.accuracy) } : {}) },
  }));
  const ranking = await postGeojson("rank", { ...(state.domain === "environment" ? { by: "environment" } : {}), ...choice.chosen() }, features, signal);
  const of = (one) => one[ranking.by];
  const sites = new Map(list.map((place, index) => [`p${index + 1}`, place.site]).filter(([, site]) => site));
  await Promise.all(ranking.candidates.filter((one) => sites.has(one.id)).map((one) => asSite(one, sites.get(one.id), ranking.by, signal)));
  if (sites.size) inOrder(ranking.candidates, of);
  // Why two places differ is told of bare coordinates.
  const apart = sites.size ? null : ranking.difference;
  drawn.compared(ranking.candidates, ranking.by);
  const [first, second] = ranking.candidates;
  // The ranking tells the class of the score that it is by.
  const score = (one, domain) => (domain === ranking.by ? scored(one[domain], one.band, domain) : number(one[domain]));
  // How far a place is behind the first.
  const behind = (one, domain) => (domain !== ranking.by || one === first || of(one) === null || of(first) === null ? "" : el("div", { class: "small quiet" }, `${signed(of(one) - of(first))} to the first`));
  const known = (one) => (one.environment === null ? `no score, ${percent(one.environment_coverage)} known` : `at least ${number(one.environment_at_least)}`);
  const row = (one) => [
    [null, [one.rank ? `${one.rank} ${one.name}` : one.name, el("div", {}, el("button", { type: "button", class: "plain small", onclick: () => go(one.site ? { ask: "site", site: one.site } : { ask: "place", at: `${one.lon},${one.lat}`, name: one.name }) }, coordinates(one.lon, one.lat)))]],
    [null, [score(one, "security"), behind(one, "security")]],
    [null, [score(one, "environment"), behind(one, "environment"), el("div", { class: "small quiet" }, known(one))]],
    [null, score(one, "overall")],
  ];
  say(`${first.name} has the lowest ${ranking.by} score, ${told(of(first), first.band)}${of(first) !== null && of(second) !== null ? `; ${number(of(second) - of(first))} points below the next` : ""}.`);
  show([
    el("h2", {}, `${many(ranking.candidates.length, "place")} by ${ranking.by} risk`),
    el("div", { class: "scroll flat", tabindex: "0", role: "region", "aria-label": "The places side by side" },
      tabled("The places, the lowest risk first", ["Place", "Security", "Environment", "Overall"], ranking.candidates.map(row))),
    sites.size && sites.size < list.length ? el("p", { class: "notice small" }, "Sites are scored with their roads and other parts, and with what is known of them. The other places are bare coordinates: a road of theirs would count, too.") : "",
    apart ? await why(ranking, signal) : "",
    ranking.candidates.map((one) => el("details", {}, el("summary", {}, one.name), sentences(one.explanation))),
  ], focus);
}

// What the server knows of a site takes the place of what it knows of its coordinate.
async function asSite(one, site, by, signal) {
  const { security, environment, overall, explanation } = await get(`explain/${encodeURIComponent(site)}`, given({ most: 1, ...choice.chosenOfSite() }), signal);
  Object.assign(one, {
    security: security.score, environment: environment.score, environment_at_least: environment.at_least, environment_coverage: environment.coverage,
    overall: overall.score, band: { security, environment, overall }[by].band, explanation, site,
  });
}

// The lowest first, and those without a score last; equal scores have one rank.
function inOrder(candidates, of) {
  candidates.sort((a, b) => (of(a) === null) - (of(b) === null) || of(a) - of(b));
  for (const one of candidates) one.rank = of(one) === null ? null : 1 + candidates.filter((other) => of(other) !== null && of(other) < of(one)).length;
}

async function why({ candidates, difference: apart }, signal) {
  const [first, second] = [apart.first, apart.second].map((id) => candidates.find((one) => one.id === id).name);
  const incidents = await Promise.all(apart.incidents.slice(0, REASONS).map(async (one) => ({ ...one, what: await named(one.what, signal) })));
  const rows = (list) => list.map((one) => [one.what, ["r", number(one.first)], ["r", number(one.second)], ["r", signed(one.second - one.first)]]);
  const heads = (title) => [title, ["r", first], ["r", second], ["r", "Apart"]];
  const indicators = apart.indicators.slice(0, REASONS).map((one) => ({ ...one, what: capital(spaced(one.what)) }));
  return [
    el("h3", {}, `Why ${first} and ${second} differ`),
    incidents.length ? tabled("Incidents by the points that they add to either security score", heads("Incident"), rows(incidents), { shown: true }) : "",
    indicators.length ? tabled("Indicators by the points that they add to either environment score", heads("Indicator"), rows(indicators), { shown: true }) : "",
  ];
}

// An incident's type and day; its id, where the server does not publish it.
async function named(id, signal) {
  const layer = choice.layers().incidents;
  const found = layer && await get(`collections/${encodeURIComponent(layer)}/items/${encodeURIComponent(id)}`, {}, signal).catch(() => null);
  return found ? `${capital(found.properties.event_type ?? id)}${found.properties.date ? `, ${found.properties.date}` : ""}` : id;
}
