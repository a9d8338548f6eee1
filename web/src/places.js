// The list of places to compare. It is kept in the fragment.
import { byId, el } from "report";
import { asked, go, note } from "./fragment.js";
import { say } from "./panel.js";
import { coordinates, position } from "./words.js";

const MOST = 20;

// Places as {at, name, accuracy}, a site with its id in `site`.
export const places = () => asked("places").split(";").filter(Boolean).map((text) => {
  const [lon, lat, name, accuracy, site] = text.split(",").map(decodeURIComponent);
  return { at: `${lon},${lat}`, name: name || "", accuracy: accuracy || "", site: site || "" };
}).filter((place) => position(place.at));

export function keep(place) {
  const list = places();
  const name = place.name || `Place ${list.length + 1}`;
  if (list.length >= MOST) {
    say(`At most ${MOST} places are compared.`);
    return;
  }
  write([...list, { ...place, name }]);
  byId("compare").open = true;
  say(`${name} is added; ${list.length + 1} to compare.`);
}

function write(list) {
  note({ places: list.map(({ at, name, accuracy, site }) => [...at.split(","), name, accuracy ?? "", site ?? ""].map(encodeURIComponent).join(",")).join(";") });
  draw();
}

export function draw() {
  const list = places();
  byId("places-count").textContent = list.length ? `(${list.length})` : "";
  byId("rank").disabled = list.length < 2;
  byId("clear").disabled = !list.length;
  byId("places").replaceChildren(...list.map((place, index) => el("li", {},
    el("span", {}, place.name, el("span", { class: "small quiet place" }, coordinates(...position(place.at)))),
    el("button", { type: "button", "aria-label": `Remove ${place.name}`, onclick: () => {
      write(list.filter((_, other) => other !== index));
      (byId("places").querySelectorAll("button")[Math.min(index, list.length - 2)] ?? byId("compare").querySelector("summary")).focus();
    } }, "×"))));
  if (!list.length) byId("places").replaceChildren(el("li", { class: "small quiet" }, "None yet: score a coordinate, then add it."));
}

export function start() {
  byId("rank").addEventListener("click", () => go({ ask: "compare" }));
  byId("clear").addEventListener("click", () => {
    write([]);
    byId("compare").querySelector("summary").focus();
  });
}
