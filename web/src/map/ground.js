// The backdrop: countries, coasts and borders, which the server has built in.
import GeoJSON from "ol/format/GeoJSON.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import { Fill, Stroke, Style, Text } from "ol/style.js";
import { byId } from "report";
import { get } from "../server.js";
import { color, font } from "./style.js";

const land = new VectorLayer({ source: new VectorSource(), declutter: false });
const lines = new VectorLayer({ source: new VectorSource() });
const names = new VectorLayer({ source: land.getSource(), declutter: "ground", maxZoom: 8 });
const format = new GeoJSON({ featureProjection: "EPSG:3857" });

export function layers() {
  const late = setTimeout(() => { byId("map-note").textContent = "Loading the countries behind the map …"; }, 800);
  const all = [[land, "land.geojson"], [lines, "borders.geojson"]].map(([layer, path]) =>
    // Without its backdrop the map still has the sites.
    get(path).then((collection) => layer.getSource().addFeatures(format.readFeatures(collection)), () => {}));
  Promise.all(all).then(() => {
    clearTimeout(late);
    if (byId("map-note").textContent.includes("countries")) byId("map-note").textContent = "";
  });
  return [land, lines, names];
}

export function colors() {
  land.setBackground(color("sea"));
  land.setStyle(new Style({ fill: new Fill({ color: color("land") }) }));
  const line = (name, width, lineDash) => new Style({ stroke: new Stroke({ color: color(name), width, lineDash }) });
  const kinds = { coast: line("coast", 0.8), border: line("border", 1.2), disputed: line("border", 1.2, [5, 4]) };
  lines.setStyle((feature) => kinds[feature.get("kind")]);
  const text = new Text({ font: font(11.5), fill: new Fill({ color: color("name") }), stroke: new Stroke({ color: color("land"), width: 2 }) });
  const style = new Style({ text });
  names.setStyle((feature) => {
    text.setText(feature.get("name").toUpperCase());
    return style;
  });
}
