// Steps from site to site by keys, the highest score in view first.
import Feature from "ol/Feature.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import { Circle, Stroke, Style } from "ol/style.js";
import { state } from "report";
import { say } from "../panel.js";
import { told } from "../words.js";
import { features } from "./marks.js";
import { color } from "./style.js";

const source = new VectorSource();
export const layer = new VectorLayer({ source });
let at = -1;
let list = [];

export const current = () => list[at]?.get("site");

export function step(by, map) {
  if (at < 0) {
    const view = map.getView().calculateExtent(map.getSize());
    const score = (feature) => feature.get("site")[`${state.domain}_score`] ?? -1;
    list = features().filter((feature) => feature.getGeometry().intersectsExtent(view)).sort((a, b) => score(b) - score(a));
  }
  if (!list.length) {
    say("No site is in view.");
    return;
  }
  at = at < 0 ? (by > 0 ? 0 : list.length - 1) : (at + by + list.length) % list.length;
  const site = current();
  source.clear();
  source.addFeature(new Feature(list[at].getGeometry().clone()));
  layer.setStyle(new Style({ image: new Circle({ radius: 13, stroke: new Stroke({ color: color("accent"), width: 3.5 }) }) }));
  say(`${at + 1} of ${list.length}: ${site.name}, ${state.domain} ${told(site[`${state.domain}_score`], site[`${state.domain}_band`])}. Enter opens it.`);
}

export function clear() {
  at = -1;
  source.clear();
}

// After a move other sites are in view.
export function moved() {
  clear();
}
