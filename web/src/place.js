// The form that scores a coordinate.
import { byId } from "report";
import { go } from "./fragment.js";
import { keep } from "./places.js";
import { position } from "./words.js";

export function start() {
  const form = byId("place");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go({ ask: "place", ...typed() });
  });
  // A pasted pair goes into both fields: longitude first, as everywhere.
  byId("lon").addEventListener("paste", (event) => {
    const pair = event.clipboardData.getData("text").trim().split(/[\s,;]+/);
    if (pair.length !== 2 || !position(pair.join(","))) return;
    event.preventDefault();
    [byId("lon").value, byId("lat").value] = pair;
  });
  byId("keep").addEventListener("click", () => { if (form.reportValidity()) keep(typed()); });
}

function typed() {
  return { at: `${Number(byId("lon").value)},${Number(byId("lat").value)}`, name: byId("name").value.trim(), accuracy: byId("accuracy").value };
}

// Fills in a place that was asked for otherwise.
export function fill({ at, name, accuracy }) {
  const found = position(at);
  if (!found) return;
  [byId("lon").value, byId("lat").value] = found;
  byId("name").value = name ?? "";
  byId("accuracy").value = accuracy ?? "";
}
