// Draws routes on the map, by pointer or by keys.
import Draw from "ol/interaction/Draw.js";
import { toLonLat } from "ol/proj.js";
import { Circle, Fill, Stroke, Style } from "ol/style.js";
import { byId } from "report";
import { say } from "../panel.js";
import { add } from "../route.js";
import { color } from "./style.js";

let map = null;
let tool = null;

export const start = (of) => { map = of; };
export const isDrawing = () => tool !== null;

export function drawing(on) {
  if (on === isDrawing()) return;
  byId("draw").setAttribute("aria-pressed", String(on));
  byId("map").classList.toggle("drawing", on);
  if (!on) {
    map.removeInteraction(tool);
    // The click that ends a route asks nothing.
    setTimeout(() => { tool = null; }, 300);
    return;
  }
  const line = new Stroke({ color: color("accent"), width: 3, lineDash: [6, 6] });
  tool = new Draw({ type: "LineString", style: new Style({ stroke: line, image: new Circle({ radius: 5, fill: new Fill({ color: color("accent") }), stroke: new Stroke({ color: color("card"), width: 1.5 }) }) }) });
  tool.on("drawend", (event) => {
    const points = event.feature.getGeometry().getCoordinates().map((each) => toLonLat(each));
    add(points, true);
    drawing(false);
    byId("line").focus();
    say(`A route of ${points.length} points is drawn.`);
  });
  map.addInteraction(tool);
  byId("map").focus();
  say("Click along the route; a double click ends it. By keys: R adds the middle of the map.");
}

// Adds a point by a key.
export function point(at) {
  add([at], false);
  say(`The middle of the map is added to the route: ${at.map((each) => each.toFixed(4)).join(", ")}.`);
}
