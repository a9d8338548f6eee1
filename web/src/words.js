// Sentences and cells that several answers use.
import { WORDS, bearing, el, key, number } from "report";

// The number of a band; what is no score has the word "no data" in answers and layers.
export const band = (word) => Math.max(0, WORDS.indexOf(word));
export const classed = (word) => WORDS[band(word)];
export const told = (score, word) => (score === null || score === undefined ? "no score" : `${number(score)}, ${word}`);
export const coordinates = (lon, lat) => `${Math.abs(lat).toFixed(4)}° ${lat < 0 ? "S" : "N"}, ${Math.abs(lon).toFixed(4)}° ${lon < 0 ? "W" : "E"}`;
// A distance, no finer than the place is known.
export const way = (km, degrees, accuracy) => (km === 0 ? "inside" : `${number(km, accuracy >= 1 ? 0 : 1)} km ${bearing(degrees)}`);
export const signed = (points) => (points === null ? "–" : `${points > 0 ? "+" : points < 0 ? "−" : "±"}${Math.abs(points).toFixed(1)}`);
export const spaced = (word) => word.replaceAll("_", " ");

// A score in a cell: the marker of its band, the number, and the word.
export const scored = (score, word, domain) => el("span", { class: "scored" }, domain === "overall" ? "" : key(band(word), domain), ` ${number(score)} `, el("span", { class: "small quiet" }, classed(word)));

// A position from "lon,lat".
export function position(text) {
  const [lon, lat] = text.split(",").map(Number);
  return Number.isFinite(lon) && Number.isFinite(lat) ? [lon, lat] : null;
}
