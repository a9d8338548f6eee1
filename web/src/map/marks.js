// The sites on the map, each in the shape and color of its band.
import Feature from "ol/Feature.js";
import { createEmpty } from "ol/extent.js";
import Point from "ol/geom/Point.js";
import VectorLayer from "ol/layer/Vector.js";
import { fromLonLat } from "ol/proj.js";
import VectorSource from "ol/source/Vector.js";
import { Fill, Stroke, Style, Text } from "ol/style.js";
import { state } from "report";
import { all } from "../sites.js";
import { band } from "../words.js";
import { color, font, forget, marker } from "./style.js";

const source = new VectorSource();
let drawn = null;
export const layer = new VectorLayer({ source, declutter: "sites" });
export const extent = () => (source.isEmpty() ? createEmpty() : source.getExtent());
export const features = () => source.getFeatures();

// Whether something is missing from the record behind the score that is shown; the environment score is of other data.
const hasGap = (site) => state.domain === "security" && site.record_gap !== null;
export const haveGaps = () => features().some((feature) => hasGap(feature.get("site")));

export function draw() {
  forget();
  const sites = all().filter((site) => site.point);
  if (drawn !== all()) {
    drawn = all();
    source.clear();
    source.addFeatures(sites.map((site) => new Feature({ geometry: new Point(fromLonLat(site.point)), site })));
  }
  const size = sites.length > 300 ? 0.7 : 1;
  const fill = new Fill({ color: color("ink") });
  const stroke = new Stroke({ color: color("halo"), width: 3 });
  layer.setStyle((feature, resolution) => {
    const site = feature.get("site");
    const score = site[`${state.domain}_score`] ?? -1;
    const named = resolution < 6000 && (sites.length < 60 || resolution < 1200);
    return new Style({
      image: marker(state.domain, band(site[`${state.domain}_band`]), size, hasGap(site)),
      // The worst is on top, and keeps its name where there is room for one.
      zIndex: score,
      text: named ? new Text({ text: site.name.length > 30 ? `${site.name.slice(0, 29)}…` : site.name, font: font(12), fill, stroke, offsetX: 11, textAlign: "left" }) : undefined,
    });
  });
}
