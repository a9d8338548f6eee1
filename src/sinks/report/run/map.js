
// The map: a base map of paths, dots on a canvas, and interactive markers.
const MARKS = 1200;
const map = byId("map");
const camera = { k: 1, x: 0, y: 0, width: 0, height: 0, least: 1 };
let marked = [];
let unmarked = [];

// Degrees to map units, as in the Rust code.
function project(lon, lat) {
  const view = DATA.view;
  let east = lon - view.lon;
  if (east > 180) east -= 360;
  if (east < -180) east += 360;
  return [view.width / 2 + east * view.per_lon, view.height / 2 + (view.lat - lat) * view.per_lat];
}
const PLACES = ROWS.lon.map((lon, i) => project(lon, ROWS.lat[i]));
const REST = DATA.rest.lon.map((lon, i) => project(lon, DATA.rest.lat[i]));
const onScreen = ([x, y]) => [x * camera.k + camera.x, y * camera.k + camera.y];
const inFrame = ([x, y], past = 0) => x >= -past && y >= -past && x <= camera.width + past && y <= camera.height + past;

function measure() {
  const { clientWidth, clientHeight } = map;
  if (!clientWidth || !clientHeight) return;
  const middle = camera.width ? [(camera.width / 2 - camera.x) / camera.k, (camera.height / 2 - camera.y) / camera.k] : null;
  const zoom = camera.width ? camera.k / camera.least : 1;
  camera.width = clientWidth;
  camera.height = clientHeight;
  camera.least = Math.min(clientWidth / DATA.view.width, clientHeight / DATA.view.height);
  camera.k = camera.least * zoom;
  const [x, y] = middle || [DATA.view.width / 2, DATA.view.height / 2];
  camera.x = clientWidth / 2 - x * camera.k;
  camera.y = clientHeight / 2 - y * camera.k;
  for (const id of ["ground", "over"]) byId(id).setAttribute("viewBox", `0 0 ${clientWidth} ${clientHeight}`);
  map.style.setProperty("--shape", clientWidth / clientHeight);
  drawTime();
  draw();
}

// Keeps the center of the map on the base map.
function hold() {
  const { width, height } = DATA.view;
  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
  const x = clamp((camera.width / 2 - camera.x) / camera.k, -width * DATA.margin * 0.7, width * (1 + DATA.margin * 0.7));
  const y = clamp((camera.height / 2 - camera.y) / camera.k, -height * DATA.margin * 0.7, height * (1 + DATA.margin * 0.7));
  camera.x = camera.width / 2 - x * camera.k;
  camera.y = camera.height / 2 - y * camera.k;
}

// What the reader sees is in the address, once the map was moved.
function movedByReader() {
  state.moved = true;
  writeSoon();
}

function zoomAt(factor, x = camera.width / 2, y = camera.height / 2) {
  const k = Math.min(mostZoom(), Math.max(camera.least * 0.6, camera.k * factor));
  camera.x = x - ((x - camera.x) * k) / camera.k;
  camera.y = y - ((y - camera.y) * k) / camera.k;
  camera.k = k;
  movedByReader();
  draw();
}

function home() {
  camera.k = camera.least;
  camera.x = (camera.width - DATA.view.width * camera.k) / 2;
  camera.y = (camera.height - DATA.view.height * camera.k) / 2;
  if (state.moved) writeSoon();
  state.moved = false;
  draw();
}

function move(x, y) {
  camera.x += x;
  camera.y += y;
  movedByReader();
  draw();
}

let waiting = false;
function draw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    drawNow();
  });
}

function drawNow() {
  hold();
  byId("world").setAttribute("transform", `translate(${camera.x} ${camera.y}) scale(${camera.k})`);
  // Its lines stay as wide and as far apart as they are.
  byId("uncollected").setAttribute("patternTransform", `scale(${1 / camera.k}) rotate(45)`);
  byId("uncollected-old").setAttribute("patternTransform", `scale(${1 / camera.k}) rotate(-45)`);
  const enlarged = Math.log2(camera.k / camera.least) + 0.05;
  byId("names").replaceChildren(...DATA.names.filter(([, , , from]) => from <= enlarged).map(([name, x, y]) => {
    const [left, top] = onScreen([x, y]);
    return svg("text", { x: left, y: top }, name);
  }));
  drawSurface();
  drawLines();
  drawBar();
  drawReceptors();
  gatherMarks();
  drawDots();
  drawLinks();
  takeFurniture();
  nameFirstTowns();
  placeMarks();
  clearNames();
  drawGround();
  if (map.classList.contains("printing")) drawPrinted();
}

// Lines of longitude and latitude at round degrees.
function drawLines() {
  const view = DATA.view;
  const lonAt = (x) => view.lon + ((x - camera.x) / camera.k - view.width / 2) / view.per_lon;
  const latAt = (y) => view.lat - ((y - camera.y) / camera.k - view.height / 2) / view.per_lat;
  const [west, east, north, south] = [lonAt(0), lonAt(camera.width), latAt(0), latAt(camera.height)];
  const steps = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 45, 60];
  const step = steps.find((each) => (east - west) / each <= camera.width / 110) || 60;
  const degrees = (value, above, below) => `${Number(Math.abs(value).toFixed(2))}° ${Math.abs(value) === 180 ? "" : value > 0 ? above : value < 0 ? below : ""}`.trim();
  const lines = [];
  for (let lon = Math.ceil(west / step) * step; lon <= east && lines.length < 200; lon += step) {
    const x = ((lon - view.lon) * view.per_lon + view.width / 2) * camera.k + camera.x;
    const turned = ((((lon + 180) % 360) + 360) % 360) - 180;
    lines.push(svg("line", { x1: x, x2: x, y1: 0, y2: camera.height }), x > 50 ? svg("text", { x: x + 3, y: 12 }, degrees(turned, "E", "W")) : "");
  }
  for (let lat = Math.ceil(Math.max(south, -90) / step) * step; lat <= Math.min(north, 90) && lines.length < 400; lat += step) {
    const y = ((view.lat - lat) * view.per_lat + view.height / 2) * camera.k + camera.y;
    lines.push(svg("line", { x1: 0, x2: camera.width, y1: y, y2: y }), svg("text", { x: camera.width - 4, y: y - 3, "text-anchor": "end" }, degrees(lat, "N", "S")));
  }
  byId("lines").replaceChildren(...lines.filter(Boolean));
}

// Receptors that are points, incidents, and the sites that have no marker.
function drawDots() {
  const canvas = byId("dots");
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(camera.width * ratio);
  canvas.height = Math.round(camera.height * ratio);
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  const style = getComputedStyle(document.documentElement);
  // One picture of each marker, however often it stands on the map.
  const dots = (places, band, scale, gap) => {
    if (!places.length) return;
    const side = Math.ceil(22 * scale) + 2;
    const stamp = Object.assign(document.createElement("canvas"), { width: Math.ceil(side * ratio), height: Math.ceil(side * ratio) });
    const ink = stamp.getContext("2d");
    ink.scale(ratio * scale, ratio * scale);
    ink.translate(side / 2 / scale, side / 2 / scale);
    const shape = new Path2D(SHAPES[band]);
    ink.fillStyle = style.getPropertyValue(band ? `--${state.domain}-${band}` : "--unknown-ground");
    ink.fill(shape);
    ink.strokeStyle = style.getPropertyValue(band ? "--dots-edge" : "--unknown-line");
    ink.lineWidth = 1 / scale;
    if (!band) ink.stroke(new Path2D(HATCH));
    ink.stroke(shape);
    if (gap) {
      ink.beginPath();
      ink.arc(0, 0, GAP, 0, 2 * Math.PI);
      ink.strokeStyle = style.getPropertyValue("--gap-edge");
      ink.stroke();
      ink.fillStyle = style.getPropertyValue("--gap");
      ink.fill();
    }
    for (const place of places) {
      const at = onScreen(place);
      if (inFrame(at)) pen.drawImage(stamp, at[0] - side / 2, at[1] - side / 2, side, side);
    }
  };
  drawReceptorPoints(pen, style);
  drawIncidents(pen, style);
  for (const [places, band, scale, gap] of smallMarkers()) dots(places, band, scale, gap);
}
// Small markers: those of the legend in this size; a small hatched circle has one line.
const DOT = { rest: 0.4, site: 0.55 };
const HATCH = "M-4 4L4-4";

// Positions by band, computed once so that panning stays fast.
const ramped = (of) => [0, 1, 2, 3, 4, 5].map(of);
// Of each band the places of sites with a whole record, and of those with a gap in it.
const byBand = (places, list, gaps) => ramped((band) => [false, true].map((gap) => places.filter((_, i) => list[i] === band && gaps[i] === gap)));
const REST_GAPS = new Set(DATA.rest.record_gaps);
const restGap = (j, domain) => domain !== "environment" && REST_GAPS.has(j);
const restBy = (domain) => byBand(REST, DATA.rest[`${domain}_band`], REST.map((_, j) => restGap(j, domain)));
const RESTS = { security: restBy("security"), environment: restBy("environment"), overall: restBy("overall") };
let dotted = ramped(() => [[], []]);
const smallMarkers = () => ramped((band) => [[restDots, DOT.rest], [dotted, DOT.site]].flatMap(([of, scale]) => of[band].map((places, gap) => [places, band, scale, gap > 0]))).flat();

// Sites from whose record of incidents something is missing have a dot in their markers; the environment score is of other data.
const GAPS = new Set(ROWS.record_gaps);
const GAP = 2.6;
const hasGap = (i) => state.domain !== "environment" && GAPS.has(i);

function drawBar() {
  const perKm = (DATA.view.per_lat * camera.k) / 111.195;
  const km = [2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1].find((each) => each * perKm <= 150) || 0.1;
  // As a share of the map, so that it stays true on paper.
  byId("bar").style.width = `${((100 * km * perKm) / camera.width).toFixed(3)}%`;
  byId("bar-text").textContent = km < 1 ? `${km * 1000} m` : `${whole(km)} km`;
}
