// Where security incidents were not collected, no longer, or by an old record only, if a layer of land tells it: thin lines on
// the land, as in the reports.
import GeoJSON from "ol/format/GeoJSON.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import { Fill, Style } from "ol/style.js";
import { state } from "report";
import * as choice from "../choice.js";
import { get } from "../server.js";
import { color } from "./style.js";

const source = new VectorSource();
export const layer = new VectorLayer({ source });
const format = new GeoJSON({ featureProjection: "EPSG:3857" });
// The pixels from line to line, and whether they lean to the left.
const LINES = { no: [9, false], ended: [14, false], old: [11, true] };
const MEANINGS = { no: "No incidents collected", ended: "Incidents no longer collected", old: "Newest incident 5 years old or older" };
let asked = "";
let known = null;

// Asks for the land of the region and scheme that are shown; `loaded` is told when it has come.
export async function load(loaded) {
  const { sites } = choice.layers();
  const name = sites?.replace(/sites$/, "land");
  if (!name || name === sites || name === asked) return;
  asked = name;
  source.clear();
  try {
    known ??= new Set((await get("collections")).collections.map((one) => one.id));
    if (!known.has(name)) return;
    const { features } = await get(`collections/${encodeURIComponent(name)}/items`, { limit: 1000 });
    if (asked !== name) return;
    const hatched = features.filter((one) => one.properties.incidents_collected in LINES);
    source.addFeatures(format.readFeatures({ type: "FeatureCollection", features: hatched }));
    loaded();
  } catch {
    // Without its lines the map still has the sites.
    asked = "";
  }
}

// What the lines mean that the map has.
export const meanings = () => (state.domain === "security" ? Object.keys(LINES).filter((word) => source.getFeatures().some((one) => one.get("incidents_collected") === word)).map((word) => [word, MEANINGS[word]]) : []);

export function draw() {
  layer.setVisible(state.domain === "security");
  const styles = Object.fromEntries(Object.keys(LINES).map((word) => [word, new Style({ fill: new Fill({ color: lines(word) }) })]));
  layer.setStyle((feature) => styles[feature.get("incidents_collected")]);
}

// A sample of the lines, for the legend.
export function sample(word) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 18, height: 18, className: "key" });
  canvas.setAttribute("aria-hidden", "true");
  const pen = canvas.getContext("2d");
  pen.fillStyle = color("land");
  pen.fillRect(0, 0, 18, 18);
  pen.fillStyle = lines(word);
  pen.fillRect(0, 0, 18, 18);
  return canvas;
}

function lines(word) {
  const [apart, left] = LINES[word];
  const canvas = Object.assign(document.createElement("canvas"), { width: apart, height: apart });
  const pen = canvas.getContext("2d");
  pen.globalAlpha = 0.38;
  pen.strokeStyle = color("name");
  pen.lineWidth = 1;
  pen.beginPath();
  // The line, and those that end in the corners of the tile.
  for (const at of [-apart, 0, apart]) {
    pen.moveTo(at - 1, left ? -1 : apart + 1);
    pen.lineTo(at + apart + 1, left ? apart + 1 : -1);
  }
  pen.stroke();
  return pen.createPattern(canvas, "repeat");
}
