// Sentences and cells that several answers use.
import { WORDS, bearing, el, key, number } from "report";

export const band = (word) => Math.max(0, WORDS.indexOf(word));
export const told = (score, word) => (score === null || score === undefined ? "no data" : `${number(score)}, ${word}`);
export const coordinates = (lon, lat) => `${Math.abs(lat).toFixed(4)}° ${lat < 0 ? "S" : "N"}, ${Math.abs(lon).toFixed(4)}° ${lon < 0 ? "W" : "E"}`;
export const way = (km, degrees) => (km === 0 ? "inside" : `${number(km)} km ${bearing(degrees)}`);
export const signed = (points) => (points === null ? "–" : `${points > 0 ? "+" : points < 0 ? "−" : "±"}${Math.abs(points).toFixed(1)}`);
export const spaced = (word) => word.replaceAll("_", " ");

// A score in a cell: the marker of its band, the number, and the word.
export const scored = (score, word, domain) => el("span", { class: "scored" }, domain === "overall" ? "" : key(band(word), domain), ` ${number(score)} `, el("span", { class: "small quiet" }, word));

// A position from "lon,lat".
export function position(text) {
  const [lon, lat] = text.split(",").map(Number);
  return Number.isFinite(lon) && Number.isFinite(lat) ? [lon, lat] : null;
}
