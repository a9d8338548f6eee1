// The security incidents in view, beside security scores.
import Feature from "ol/Feature.js";
import Point from "ol/geom/Point.js";
import VectorLayer from "ol/layer/Vector.js";
import { fromLonLat, toLonLat } from "ol/proj.js";
import VectorSource from "ol/source/Vector.js";
import { Circle, Fill, Stroke, Style } from "ol/style.js";
import { byId, state, whole } from "report";
import * as choice from "../choice.js";
import { pages } from "../pages.js";
import { color } from "./style.js";

// As many as are drawn at once.
const MOST = 10000;
const WANTED = ["event_type", "date", "fatalities", "location", "used"];
const source = new VectorSource();
export const layer = new VectorLayer({ source });
let turn = null;
let shown = true;
let last = "";

export const isShown = () => shown;
export function toggle() {
  shown = !shown;
}

export function draw(map) {
  layer.setStyle(new Style({ image: new Circle({ radius: 2.6, fill: new Fill({ color: color("dots-edge") }), stroke: new Stroke({ color: color("card"), width: 0.4 }) }) }));
  load(map);
}

export async function load(map) {
  const { incidents } = choice.layers();
  const visible = shown && state.domain === "security" && Boolean(incidents);
  layer.setVisible(visible);
  const size = map.getSize();
  if (!visible || !size) {
    byId("map-note").textContent = "";
    return;
  }
  const bbox = box(map.getView().calculateExtent(size));
  // At an earlier date later incidents have not happened.
  const query = { bbox, ...(choice.isNewest() ? {} : { datetime: `../${choice.date()}` }) };
  const asked = JSON.stringify([incidents, query]);
  if (asked === last) return;
  last = asked;
  const { signal } = (turn?.abort(), turn = new AbortController());
  const late = setTimeout(() => { byId("map-note").textContent = "Loading the incidents in view …"; }, 500);
  const found = [];
  let matched = 0;
  try {
    await pages(incidents, { wanted: WANTED, most: MOST, ...query }, signal, (features, count) => {
      matched = count;
      found.push(...features.filter((one) => one.geometry?.type === "Point" && one.properties.used !== false)
        .map((one) => new Feature({ geometry: new Point(fromLonLat(one.geometry.coordinates)), incident: { id: one.id, ...one.properties } })));
    });
    source.clear();
    source.addFeatures(found);
    clearTimeout(late);
    byId("map-note").textContent = matched > MOST ? `The map shows ${whole(MOST)} of the ${whole(matched)} incidents in view.` : "";
  } catch (error) {
    clearTimeout(late);
    if (error.name === "AbortError") return;
    last = "";
    byId("map-note").textContent = `The incidents are not shown: ${error.message}`;
  }
}

// West, south, east, north in degrees; west is greater than east over the antimeridian.
// In whole degrees, so that the address does not tell what the map is centered on.
function box([west, south, east, north]) {
  const world = 2 * 20037508.342789244;
  const [[, low], [, high]] = [toLonLat([0, south]), toLonLat([0, north])];
  const whole = east - west >= world;
  const lon = (x) => toLonLat([x, 0])[0];
  return [whole ? -180 : Math.floor(lon(west)), Math.max(-90, Math.floor(low)), whole ? 180 : Math.ceil(lon(east)), Math.min(90, Math.ceil(high))].join(",");
}
