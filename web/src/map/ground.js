// The backdrop: countries, coasts and borders, and what is drawn on them by zoom, which the server has built in.
import GeoJSON from "ol/format/GeoJSON.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import { Circle, Fill, Stroke, Style, Text } from "ol/style.js";
import { byId } from "report";
import { get } from "../server.js";
import { color, font } from "./style.js";

const land = new VectorLayer({ source: new VectorSource(), declutter: false });
const lines = new VectorLayer({ source: new VectorSource() });
const names = new VectorLayer({ source: land.getSource(), declutter: "ground", maxZoom: 8 });
const format = new GeoJSON({ featureProjection: "EPSG:3857" });

// Parts of the base map, each from a zoom on.
const PARTS = [["far", 0], ["middle", 4.5], ["near", 6.5]].map(([part, minZoom]) => {
  const layer = (more) => new VectorLayer({ source: new VectorSource(), minZoom, ...more });
  return { part, minZoom, asked: false, lakes: layer(), lines: layer(), places: layer({ declutter: "sites" }) };
});

export function layers(onLand) {
  const late = setTimeout(() => { byId("map-note").textContent = "Loading the countries behind the map …"; }, 800);
  const all = [[land, "land.geojson"], [lines, "borders.geojson"]].map(([layer, path]) =>
    // Without its backdrop the map still has the sites.
    get(path).then((collection) => layer.getSource().addFeatures(format.readFeatures(collection)), () => {}));
  Promise.all(all).then(() => {
    clearTimeout(late);
    if (byId("map-note").textContent.includes("countries")) byId("map-note").textContent = "";
  });
  return [land, ...onLand, ...PARTS.map((each) => each.lakes), ...PARTS.map((each) => each.lines), lines, names, ...PARTS.map((each) => each.places)];
}

// Asks for the parts that the zoom shows. What did not come is asked for again when the map moves.
export function load(map) {
  for (const each of PARTS) {
    if (each.asked || map.getView().getZoom() < each.minZoom) continue;
    each.asked = true;
    get(`basemap/${each.part}`).then((found) => {
      const add = (layer, kind) => layer.getSource().addFeatures(format.readFeatures(found[kind]).map((feature) => {
        // Ids are unique in a kind only.
        feature.setId(undefined);
        feature.set("is", kind);
        return feature;
      }));
      add(each.lakes, "lakes");
      add(each.lines, "rivers");
      add(each.lines, "provinces");
      add(each.places, "towns");
      add(each.places, "province_names");
    }, () => { each.asked = false; });
  }
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
  background();
}

function background() {
  const lake = new Style({ fill: new Fill({ color: color("sea") }), stroke: new Stroke({ color: color("river"), width: 0.7 }) });
  const kinds = {
    rivers: new Style({ stroke: new Stroke({ color: color("river"), width: 0.9 }) }),
    provinces: new Style({ stroke: new Stroke({ color: color("province"), width: 0.9, lineDash: [7, 2.5] }) }),
  };
  const label = (size, weight, more) => new Text({ font: font(size, weight), stroke: new Stroke({ color: color("land"), width: 2 }), ...more });
  const texts = {
    towns: new Style({
      image: new Circle({ radius: 1.7, fill: new Fill({ color: color("town") }) }),
      text: label(10.5, "", { textAlign: "left", offsetX: 5, fill: new Fill({ color: color("town") }) }),
    }),
    province_names: new Style({ text: label(11, "italic", { fill: new Fill({ color: color("name") }) }) }),
  };
  const seen = (feature, resolution) => feature.get("least_zoom") <= zoomOf(resolution) + 0.3;
  for (const each of PARTS) {
    each.lakes.setStyle((feature, resolution) => (seen(feature, resolution) ? lake : null));
    each.lines.setStyle((feature, resolution) => (seen(feature, resolution) ? kinds[feature.get("is")] : null));
    each.places.setStyle((feature, resolution) => {
      if (!seen(feature, resolution)) return null;
      const style = texts[feature.get("is")];
      style.getText().setText(feature.get("name"));
      return style;
    });
  }
}

// The zoom of tiles of 256 pixels, as the least zooms are.
const zoomOf = (resolution) => Math.log2(156543.03392804097 / resolution);
