// Colors of the style sheet on the canvas, and the markers of the bands.
import Icon from "ol/style/Icon.js";
import { SHAPES } from "report";

export const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
export const tone = (domain, band) => (band ? color(`${domain}-${band}`) : color("unknown"));
export const font = (size, weight = "") => `${weight} ${size}px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif`.trim();

const DENSE = 3;
const SIDE = 26;
const GAP = 2.6;
const made = new Map();

// Markers are drawn anew after a change of colors.
export const forget = () => made.clear();

// The marker of a band, in the shape that the reports have, with a dot if the record behind it has a gap.
export function marker(domain, band, size = 1, gap = false) {
  const name = `${domain} ${band} ${size} ${gap}`;
  if (!made.has(name)) made.set(name, new Icon({ img: picture(domain, band, gap), scale: size / DENSE, declutterMode: "obstacle" }));
  return made.get(name);
}

function picture(domain, band, gap) {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE * DENSE, height: SIDE * DENSE });
  const pen = canvas.getContext("2d");
  pen.scale(DENSE, DENSE);
  pen.translate(SIDE / 2, SIDE / 2);
  const shape = new Path2D(SHAPES[band]);
  pen.fillStyle = band ? tone(domain, band) : color("unknown-ground");
  pen.fill(shape);
  if (!band) hatch(pen, shape);
  pen.lineJoin = "round";
  pen.lineWidth = 1.1;
  pen.strokeStyle = color("edge");
  pen.stroke(shape);
  if (gap) dot(pen);
  return canvas;
}

function dot(pen) {
  pen.beginPath();
  pen.arc(0, 0, GAP, 0, 2 * Math.PI);
  pen.fillStyle = color("gap");
  pen.fill();
  pen.lineWidth = 1;
  pen.strokeStyle = color("gap-edge");
  pen.stroke();
}

function hatch(pen, shape) {
  pen.save();
  pen.clip(shape);
  pen.beginPath();
  for (let at = -16; at <= 16; at += 4) {
    pen.moveTo(at - 8, 8);
    pen.lineTo(at + 8, -8);
  }
  pen.lineWidth = 1.6;
  pen.strokeStyle = color("unknown-line");
  pen.stroke();
  pen.restore();
}
