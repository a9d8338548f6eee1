// Scores along routes, drawn on the map or typed as lines of `lon lat`.
import { WORDS, byId, el, many, number, stack, tabled } from "report";
import * as choice from "./choice.js";
import { asked, go, note } from "./fragment.js";
import { say, show } from "./panel.js";
import { postGeojson } from "./server.js";
import { band } from "./words.js";
import * as drawn from "./map/drawn.js";
import { drawing } from "./map/draw.js";

export function start() {
  byId("route").addEventListener("submit", (event) => {
    event.preventDefault();
    const { routes, fault } = read(byId("line").value);
    byId("line-fault").textContent = fault;
    byId("line").setAttribute("aria-invalid", String(Boolean(fault)));
    if (fault) {
      byId("line").focus();
      return;
    }
    drawing(false);
    note({ routes: written(routes) });
    go({ ask: "route", along: byId("along").value });
  });
  byId("line").addEventListener("input", () => drawn.routes(read(byId("line").value).routes));
  byId("draw").addEventListener("click", () => drawing(byId("draw").getAttribute("aria-pressed") !== "true"));
}

// Adds points to the last route, or a new route.
export function add(points, isNew) {
  const text = byId("line").value.trimEnd();
  const more = points.map(([lon, lat]) => `${lon.toFixed(5)} ${lat.toFixed(5)}`).join("\n");
  byId("line").value = [text, more].filter(Boolean).join(isNew ? "\n\n" : "\n");
  byId("routes").open = true;
  drawn.routes(read(byId("line").value).routes);
}

// Fills in the routes of the fragment.
export function fill() {
  const routes = asked("routes").split(";").filter(Boolean).map((line) => line.split(",").map((point) => point.split(" ").map(Number)));
  if (routes.length && written(read(byId("line").value).routes) !== asked("routes")) byId("line").value = routes.map((route) => route.map((point) => point.join(" ")).join("\n")).join("\n\n");
  if (routes.length) byId("routes").open = true;
  drawn.routes(routes);
}

const written = (routes) => routes.map((route) => route.map((point) => point.join(" ")).join(",")).join(";");

// The routes of the lines, and what is wrong with them.
function read(text) {
  const routes = [[]];
  const wrong = [];
  text.split("\n").forEach((line, index) => {
    const trimmed = line.trim();
    if (!trimmed) {
      if (routes.at(-1).length) routes.push([]);
      return;
    }
    const numbers = trimmed.split(/[\s,;]+/).map(Number);
    const [lon, lat] = numbers;
    if (numbers.length === 2 && Math.abs(lon) <= 180 && Math.abs(lat) <= 90) routes.at(-1).push([lon, lat]);
    else wrong.push(`Line ${index + 1} is not a longitude and a latitude: ${trimmed}`);
  });
  const whole = routes.filter((route) => route.length);
  if (!wrong.length && !whole.length) wrong.push("There is no point yet.");
  if (!wrong.length && whole.some((route) => route.length < 2)) wrong.push("A route has two points at least.");
  return { routes: whole, fault: wrong[0] ?? "" };
}

export async function corridor(focus, signal) {
  const along = asked("along") || "10";
  byId("along").value = along;
  const { routes } = read(byId("line").value);
  const features = routes.map((coordinates, index) => ({ type: "Feature", id: `route-${index + 1}`, geometry: { type: "LineString", coordinates }, properties: { site_id: `route-${index + 1}`, name: `Route ${index + 1}` } }));
  const choices = { within: `${along}km`, ...choice.chosen() };
  const [answer, steps] = await Promise.all(["corridor", "corridor/steps"].map((path) => postGeojson(path, choices, features, signal)));
  drawn.corridor(routes, answer.routes, steps.features);
  say(answer.routes.map(sentence).join(" "));
  show([
    el("h2", {}, answer.routes.length === 1 ? "The route" : many(answer.routes.length, "route")),
    answer.comparisons.map((one) => el("p", { class: "notice" }, `${titled(one.best)} is the better one: its exposure is ${number(one.exposure_less, 0)} points × km less than that of ${titled(one.other)}, its mean score ${number(Math.abs(one.mean_lower))} ${one.mean_lower < 0 ? "higher" : "lower"}.`)),
    answer.routes.map((route) => [el("h3", {}, route.name), ...told(route, along)]),
    el("p", { class: "small quiet" }, "Security scores at the middle of each kilometer; the map has each in the color of its class."),
  ], focus);
}

const titled = (id) => id.replace("route-", "Route ");

function sentence(route) {
  const worst = route.worst ? `worst ${route.worst.band}, ${number(route.worst.highest)}, from ${number(route.worst.from_km, 0)} to ${number(route.worst.to_km, 0)} km` : "no security score along it";
  return `${route.name}: ${number(route.length_km)} km, mean ${number(route.mean)}; ${worst}.`;
}

function told(route, along) {
  const inBand = (index) => (index ? route.bands_km[WORDS[index]] ?? 0 : route.no_data_km);
  const counts = WORDS.map((_, index) => Math.round(inBand(index) * 10) / 10);
  const { worst } = route;
  return [
    el("div", { class: "figures" }, [["Length", `${number(route.length_km)} km`], ["Mean score", number(route.mean)], ["Incidents", `${route.incidents}`], ["Deaths", `${route.deaths}`]].map(([title, value]) => el("div", {}, el("b", {}, value), el("span", { class: "small quiet" }, title)))),
    worst ? el("p", { class: `worst-stretch card sec b${band(worst.band)}` }, el("span", {}, "Worst stretch"), el("b", {}, `${number(worst.from_km)} to ${number(worst.to_km)} km`), el("span", {}, `${worst.band}, at most ${number(worst.highest)}`)) : el("p", {}, "No step of it has a security score."),
    stack(counts, "security"),
    tabled("Kilometers in each class", ["Class", ["r", "km"], ["r", "Share"]], [5, 4, 3, 2, 1, 0].filter((index) => inBand(index) > 0).map((index) => [WORDS[index], ["r", number(inBand(index))], ["r", `${Math.round((100 * inBand(index)) / route.length_km)} %`]])),
    el("p", { class: "small quiet" }, `Incidents and deaths within ${along} km of it.`),
  ];
}
