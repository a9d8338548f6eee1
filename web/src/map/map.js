// The map: OpenLayers on a canvas, so that it needs neither WebGL nor a network.
import Map from "ol/Map.js";
import View from "ol/View.js";
import ScaleLine from "ol/control/ScaleLine.js";
import MouseWheelZoom from "ol/interaction/MouseWheelZoom.js";
import { defaults as interactions } from "ol/interaction/defaults.js";
import { isEmpty } from "ol/extent.js";
import { fromLonLat, toLonLat } from "ol/proj.js";
import { byId } from "report";
import { go, note } from "../fragment.js";
import * as collected from "./collected.js";
import * as draw from "./draw.js";
import * as drawn from "./drawn.js";
import * as ground from "./ground.js";
import * as incidents from "./incidents.js";
import { legend } from "./legend.js";
import * as marks from "./marks.js";
import * as steps from "./steps.js";
import { tip } from "./tip.js";

// How near a click has to be, in pixels.
const NEAR = 12;
const still = matchMedia("(prefers-reduced-motion: reduce)");
let map = null;

export function start() {
  const layers = [...ground.layers([collected.layer]), incidents.layer, drawn.under, marks.layer, steps.layer, drawn.over];
  map = new Map({
    target: "map",
    layers,
    controls: [new ScaleLine({ minWidth: 80 })],
    interactions: interactions({ altShiftDragRotate: false, pinchRotate: false, mouseWheelZoom: false, zoomDuration: slow() }).extend([
      // The wheel scrolls past a map that is not in use.
      new MouseWheelZoom({ onFocusOnly: true, duration: slow() }),
    ]),
    view: new View({ center: fromLonLat([40, 20]), zoom: 2, minZoom: 1, maxZoom: 17, enableRotation: false, multiWorld: true }),
  });
  map.on("singleclick", clicked);
  map.on("moveend", moved);
  map.on("pointermove", (event) => { if (!event.dragging) tip(event, found(event.pixel)); });
  byId("map").addEventListener("pointerleave", () => tip(null));
  byId("map").addEventListener("keydown", pressed);
  byId("zoom-in").addEventListener("click", () => zoom(1));
  byId("zoom-out").addEventListener("click", () => zoom(-1));
  byId("zoom-home").addEventListener("click", home);
  draw.start(map);
  drawn.start(look_at);
  matchMedia("(forced-colors: active)").addEventListener("change", redraw);
  redraw();
}

const slow = () => (still.matches ? 0 : 250);

// Draws everything anew: for other colors, another score, or more sites.
export function redraw() {
  ground.colors();
  collected.draw();
  collected.load(redraw);
  marks.draw();
  incidents.draw(map);
  drawn.redraw();
  legend(() => incidents.load(map));
}

function zoom(by) {
  const view = map.getView();
  view.cancelAnimations();
  view.animate({ zoom: view.getConstrainedZoom(view.getZoom() + by), duration: slow() });
}

// Shows all sites.
export function home() {
  const extent = marks.extent();
  if (!isEmpty(extent)) fit(extent);
}

function fit(extent) {
  map.updateSize();
  map.getView().fit(extent, { padding: [50, 50, 50, 50], maxZoom: 11, duration: slow() });
}

// Moves to what an answer shows, if that is not in view.
function look_at(extent) {
  if (isEmpty(extent)) return;
  const view = map.getView();
  const [west, south, east, north] = view.calculateExtent(map.getSize());
  const inView = extent[0] >= west && extent[1] >= south && extent[2] <= east && extent[3] <= north;
  const small = (extent[2] - extent[0]) * 40 < east - west && (extent[3] - extent[1]) * 40 < north - south;
  if (!inView || small) fit(extent);
}

// The view of a link: longitude, latitude, zoom.
export function look(text) {
  const [lon, lat, level] = text.split(",").map(Number);
  if (![lon, lat, level].every(Number.isFinite)) return;
  map.getView().setCenter(fromLonLat([lon, lat]));
  map.getView().setZoom(level);
}

function moved() {
  const view = map.getView();
  const [lon, lat] = toLonLat(view.getCenter());
  note({ view: `${lon.toFixed(4)},${lat.toFixed(4)},${view.getZoom().toFixed(2)}` });
  steps.moved();
  ground.load(map);
  incidents.load(map);
}

// The site or incident at a pixel.
function found(pixel) {
  const at = map.getCoordinateFromPixel(pixel);
  const near = (feature, most) => {
    const [x, y] = feature ? map.getPixelFromCoordinate(feature.getGeometry().getClosestPoint(at)) : [Infinity, Infinity];
    return Math.hypot(x - pixel[0], y - pixel[1]) <= most ? feature : null;
  };
  const [site, incident] = [marks.layer, incidents.layer].map((layer) => (layer.getVisible() ? layer.getSource().getClosestFeatureToCoordinate(at) : null));
  return near(site, NEAR) ?? near(incident, NEAR / 2);
}

function clicked(event) {
  if (draw.isDrawing()) return;
  const feature = found(event.pixel);
  if (feature?.get("site")) go({ ask: "site", site: feature.get("site").id });
  else score(toLonLat(event.coordinate));
}

const score = ([lon, lat]) => go({ ask: "place", at: `${lon.toFixed(5)},${lat.toFixed(5)}` });
const middle = () => toLonLat(map.getView().getCenter());

function pressed(event) {
  const turn = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (event.altKey && turn) steps.step(turn, map);
  else if (event.altKey || event.ctrlKey || event.metaKey) return;
  else if (event.key === "Enter") {
    const site = steps.current();
    if (site) go({ ask: "site", site: site.id });
    else score(middle());
  } else if (event.key === "0") home(event);
  else if (event.key === "r" || event.key === "R") draw.point(middle());
  else if (event.key === "Escape") {
    steps.clear();
    draw.drawing(false);
  } else return;
  event.preventDefault();
}
