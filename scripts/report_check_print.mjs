// Prints a report to PDF on several papers and looks where on the page the incidents and sites of its map are.
// What is looked for is first given colors of its own; where it should be follows from the projection that the
// data tells, the program's own words in `src/layers/report/view.rs`, and not from the page's script.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const PAPERS = [
  ["A4", { format: "A4" }],
  ["A4 landscape", { format: "A4", landscape: true }],
  ["Letter", { format: "Letter" }],
  ["Letter landscape", { format: "Letter", landscape: true }],
  ["A3", { format: "A3" }],
];
const MARGIN = { top: "10mm", bottom: "10mm", left: "10mm", right: "10mm" };
const DPI = 144;
// How far a dot may be off, in pixels of the picture: its own half side, and what rounding moves it by.
const NEAR = 3;
// The radius of the largest circle for an incident, and how far the middle of a cluster may lie from one of its incidents.
const LARGEST = 12 + 9;
const HUES = {
  frame: ([r, g, b]) => r < 90 && g > 170 && b > 170,
  incident: ([r, g, b]) => r > 170 && g < 110 && b > 170,
  site: ([r, g, b]) => r < 110 && g > 170 && b < 110,
  bar: ([r, g, b]) => r < 110 && g < 110 && b > 190,
};

// Looks at the map on every paper, as it is and moved and zoomed, in the light and the dark.
export async function printed(page, name, data, out, check) {
  await page.evaluate(() => {
    const sheet = document.styleSheets[0];
    for (const rule of [
      ".map { border-color: #0ff !important; }",
      ".mark .shape { fill: #0f0 !important; stroke: #0f0 !important; }",
      "#labels, #links, #leaders, #names, #lines, #bar-text { display: none !important; }",
      "#bar { border: 2px solid #00f !important; border-width: 0 0 6px 0 !important; height: 6px !important; }",
    ]) sheet.insertRule(rule, sheet.cssRules.length);
    for (const each of [0, 1, 2, 3, 4].map((at) => `--kind-${at}`).concat("--event-edge", "--cluster", "--cluster-edge", "--cluster-ink")) document.documentElement.style.setProperty(each, "#f0f", "important");
    // Another color is drawn when something moves.
    for (const each of ["zoom-in", "zoom-home"]) document.getElementById(each).click();
  });
  const views = [["as it opens", ["0"], 1, [0, 0]], ["zoomed and moved", ["0", "+", "+", "ArrowLeft", "ArrowDown"], 2.25, [80, -80]]];
  for (const [view, keys, zoom, moved] of views) {
    await page.focus("#map");
    for (const key of keys) await page.keyboard.press(key);
    await page.evaluate(() => document.activeElement.blur());
    await page.waitForTimeout(150);
    const screen = await page.locator("#map").evaluate((map) => [map.clientWidth, map.clientHeight]);
    const said = await page.locator("#bar-text").textContent();
    const told = parseFloat(said.replace(",", "")) / (said.endsWith(" km") ? 1 : 1000);
    for (const [paper, options] of PAPERS) {
      const what = `${paper}, ${view}`;
      const file = path.join(out, `${name}-${what.replace(/\W+/g, "-")}`);
      await page.pdf({ path: `${file}.pdf`, printBackground: true, margin: MARGIN, ...options });
      execFileSync("pdftoppm", ["-r", String(DPI), "-f", "1", "-l", "1", "-singlefile", `${file}.pdf`, file]);
      compare(picture(`${file}.ppm`), { data, screen, told, zoom, moved }, (of, good) => check(name, `printed on ${what}: ${of}`, good));
      fs.rmSync(`${file}.ppm`);
    }
  }
  await page.keyboard.press("0");
}

function compare(image, { data, screen, told, zoom, moved }, check) {
  const frame = box(image, HUES.frame);
  check("the map is on the first page", frame !== null && frame[2] - frame[0] > 200 && frame[3] - frame[1] > 150);
  if (frame === null) return;
  const [left, top, right, bottom] = frame;
  const [width, height] = screen;
  const scale = (right - left) / width;
  check("the map has the shape that it has on the screen", Math.abs((bottom - top) / height / scale - 1) < 0.01);
  check("the map is on the page", right < image.width && bottom < image.height && (right - left > 0.85 * image.width || bottom - top > 0.3 * image.height));
  // The first view fills the screen's map in one direction and lies in the middle of the other.
  const view = data.view;
  const k = Math.min(width / view.width, height / view.height) * zoom;
  const place = ([lon, lat]) => {
    let east = lon - view.lon;
    if (east > 180) east -= 360;
    if (east < -180) east += 360;
    const x = width / 2 + east * view.per_lon * k + moved[0];
    const y = height / 2 + (view.lat - lat) * view.per_lat * k + moved[1];
    return [left + x * scale, top + y * scale];
  };
  const within = ([x, y]) => x > left + 4 && y > top + 4 && x < right - 4 && y < bottom - 4;
  const sites = data.rows.lon.map((lon, i) => place([lon, data.rows.lat[i]])).filter(within);
  const { events } = data;
  const attacks = events.kind.map((_, i) => i).filter((i) => events.kinds[events.kind[i]] !== "accident");
  const all = attacks.map((i) => place([events.lon[i], events.lat[i]]));
  const incidents = all.filter(within);
  check("there is something to look for", incidents.length > 20 && sites.length > 2);
  // A marker reaches so far from its middle.
  const reach = 13 * scale;
  const under = ([x, y]) => sites.some(([u, v]) => Math.hypot(u - x, v - y) < reach);
  const lost = sites.filter((at) => !near(image, at, NEAR, HUES.site));
  check(`every site is where the projection has it: ${lost.length} of ${sites.length} are not`, lost.length === 0);
  const open = incidents.filter((at) => !under(at));
  const missing = open.filter((at) => !near(image, at, NEAR, HUES.incident));
  check(`every incident is where the projection has it: ${missing.length} of ${open.length} are not`, open.length > 5 && missing.length === 0);
  let [strange, painted] = [0, 0];
  for (const at of pixels(image, HUES.incident)) {
    // The legend below the map has the same colors.
    if (at[1] > bottom || at[0] > right) continue;
    painted += 1;
    if (!all.some(([u, v]) => Math.hypot(u - at[0], v - at[1]) < LARGEST * scale + NEAR)) strange += 1;
  }
  check(`no incident is anywhere else: ${strange} of ${painted} pixels`, painted > 20 && strange === 0);
  const bar = box(image, HUES.bar);
  const perKm = (view.per_lat * k * scale) / 111.195;
  // The middles of the first and the last pixel are a pixel less than it.
  const km = bar === null ? 0 : (bar[2] - bar[0] + 1) / perKm;
  check(`the bar is as long as it says: ${km.toFixed(2)} km, ${told} km`, Math.abs(km - told) * perKm < 2);
}

// A picture as pdftoppm writes it: P6, width, height, 255, then three bytes a pixel.
function picture(file) {
  const bytes = fs.readFileSync(file);
  const [head, width, height] = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 40).toString("latin1"));
  return { width: Number(width), height: Number(height), bytes, from: head.length };
}

const pixel = ({ width, bytes, from }, x, y) => bytes.subarray(from + 3 * (y * width + x), from + 3 * (y * width + x) + 3);

function* pixels(image, hue) {
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) if (hue(pixel(image, x, y))) yield [x + 0.5, y + 0.5];
  }
}

function box(image, hue) {
  let all = null;
  for (const [x, y] of pixels(image, hue)) {
    all = all === null ? [x, y, x, y] : [Math.min(all[0], x), Math.min(all[1], y), Math.max(all[2], x), Math.max(all[3], y)];
  }
  return all;
}

function near(image, [x, y], apart, hue) {
  for (let v = Math.floor(y - apart); v <= y + apart; v++) {
    for (let u = Math.floor(x - apart); u <= x + apart; u++) {
      if (u >= 0 && v >= 0 && u < image.width && v < image.height && hue(pixel(image, u, v))) return true;
    }
  }
  return false;
}
