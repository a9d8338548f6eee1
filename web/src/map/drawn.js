// What an answer shows on the map.
import Feature from "ol/Feature.js";
import { createEmpty, extend } from "ol/extent.js";
import LineString from "ol/geom/LineString.js";
import Point from "ol/geom/Point.js";
import { circular } from "ol/geom/Polygon.js";
import VectorLayer from "ol/layer/Vector.js";
import { fromLonLat } from "ol/proj.js";
import VectorSource from "ol/source/Vector.js";
import { getDistance, offset } from "ol/sphere.js";
import { Circle, Fill, Stroke, Style, Text } from "ol/style.js";
import { state } from "report";
import { band } from "../words.js";
import { color, font, marker, tone } from "./style.js";

const below = new VectorSource();
const above = new VectorSource();
export const under = new VectorLayer({ source: below, style: (feature) => feature.get("look")() });
export const over = new VectorLayer({ source: above, style: (feature) => feature.get("look")() });
let lookAt = () => {};
let typed = [];

export const start = (look) => { lookAt = look; };
export function redraw() {
  under.changed();
  over.changed();
}

export function clear() {
  below.clear();
  above.clear();
  draw(typed);
}

const put = (source, geometry, look) => {
  const feature = new Feature({ geometry, look });
  source.addFeature(feature);
  return feature.getGeometry().getExtent();
};
const show = (...extents) => lookAt(extents.reduce(extend, createEmpty()));
const at = (lon, lat) => new Point(fromLonLat([lon, lat]));
const line = (points) => new LineString(unbroken(points).map((each) => fromLonLat(each)));
const circle = (lon, lat, km) => circular([lon, lat], km * 1000, 96).transform("EPSG:4326", "EPSG:3857");
const dot = (name, radius) => new Circle({ radius, fill: new Fill({ color: color(name) }), stroke: new Stroke({ color: color("card"), width: 1 }) });

// The way over the antimeridian is the short one.
function unbroken(points) {
  const list = [];
  for (const [lon, lat] of points) {
    const before = list.at(-1)?.[0] ?? lon;
    list.push([lon - 360 * Math.round((lon - before) / 360), lat]);
  }
  return list;
}

// A place with its band, and lines to what adds most to its score.
export function answer(of, isSite) {
  clear();
  const { lon, lat } = of;
  const links = () => new Style({ stroke: new Stroke({ color: color("accent"), width: 1.4 }) });
  const ends = () => new Style({ image: dot("accent", 3.5) });
  if (state.domain === "security") {
    // From elsewhere than the place itself, such as from its road, the way starts where this page does not know.
    for (const one of of.security.contributions.filter((each) => each.part === of.site).slice(0, 5)) {
      const to = offset([lon, lat], one.distance_km * 1000, (one.bearing_deg * Math.PI) / 180);
      put(below, line([[lon, lat], to]), links);
      put(above, at(...to), ends);
    }
  }
  put(below, circle(lon, lat, 50), ring);
  put(above, at(lon, lat), () => [chosen(), new Style({ image: marker(state.domain, band(of[state.domain].band)), text: isSite ? undefined : label(of.name) })]);
  show(circle(lon, lat, 50).getExtent());
}

const ring = () => new Style({ stroke: new Stroke({ color: color("accent"), width: 1.4, lineDash: [4, 4] }), fill: new Fill({ color: color("shade") }) });
const chosen = () => new Style({ image: new Circle({ radius: 13, stroke: new Stroke({ color: color("accent"), width: 3 }) }) });
const label = (text) => new Text({ text, font: font(12.5, "600"), offsetY: -22, fill: new Fill({ color: color("ink") }), stroke: new Stroke({ color: color("halo"), width: 4 }) });

// What lies around a place.
export function near(found, within) {
  clear();
  const around = circle(found.lon, found.lat, within);
  put(below, around, ring);
  for (const one of found.neighbors) put(above, at(one.lon, one.lat), () => new Style({ image: dot(one.kind === "incident" ? "dots-edge" : "accent", 3.5) }));
  put(above, at(found.lon, found.lat), chosen);
  show(around.getExtent());
}

// Candidates, with their ranks.
export function compared(candidates, by) {
  clear();
  const domain = by === "environment" ? by : "security";
  show(...candidates.map((one) => put(above, at(one.lon, one.lat), () => [chosen(), new Style({ image: marker(domain, by === domain ? band(one.band) : 0), text: label(one.rank ? `${one.rank} ${one.name}` : one.name) })])));
}

// Routes as they are typed.
export function routes(list) {
  typed = list;
  clear();
}

function draw(list) {
  for (const route of list) {
    if (route.length > 1) put(below, line(route), () => [new Style({ stroke: new Stroke({ color: color("card"), width: 6 }) }), new Style({ stroke: new Stroke({ color: color("accent"), width: 3 }) })]);
    for (const point of route) put(below, at(...point), () => new Style({ image: dot("accent", 3.5) }));
  }
}

// Routes with their steps in the colors of their classes, and their worst stretches.
export function corridor(lines, answers, steps) {
  clear();
  for (const { geometry, properties: of } of steps) {
    for (const part of geometry.coordinates) put(below, line(part), () => [
      new Style({ stroke: new Stroke({ color: color("edge"), width: 6, lineCap: "butt" }) }),
      new Style({ zIndex: 1, stroke: new Stroke({ color: tone("security", band(of.security_band)), width: 4, lineCap: "butt" }) }),
    ]);
  }
  const extents = lines.map((route) => line(route).getExtent());
  lines.forEach((route, index) => {
    const { worst, name, length_km: length } = answers[index];
    put(above, at(...stretch(route, 0.5, 0.5)[0]), () => new Style({ text: label(name) }));
    if (!worst) return;
    put(above, line(stretch(route, worst.from_km / length, worst.to_km / length)), () => [
      new Style({ stroke: new Stroke({ color: color("edge"), width: 9 }) }),
      new Style({ stroke: new Stroke({ color: tone("security", band(worst.band)), width: 6 }) }),
    ]);
  });
  show(...extents);
}

// The part of a route between two shares of its length.
function stretch(route, from, to) {
  const points = unbroken(route);
  const lengths = points.slice(1).map((point, index) => getDistance(points[index], point));
  const total = lengths.reduce((sum, each) => sum + each, 0);
  const place = (share) => {
    let left = share * total;
    for (const [index, length] of lengths.entries()) {
      if (left <= length || index === lengths.length - 1) {
        const part = length ? Math.min(1, left / length) : 0;
        const [a, b] = [points[index], points[index + 1]];
        return { index, point: [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part] };
      }
      left -= length;
    }
    return { index: 0, point: points[0] };
  };
  const [start, end] = [place(from), place(to)];
  return [start.point, ...points.slice(start.index + 1, end.index + 1), end.point];
}
