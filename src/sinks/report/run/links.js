
// What belongs to the chosen site: lines to what drives its score, rings around it, and the names of what they lead to.
const KM_PER_DEGREE = 111.195;
const unitsPerKm = () => DATA.view.per_lat / KM_PER_DEGREE;
// Points below which nothing is drawn.
const LEAST = 0.05;
const driversOf = (i) => {
  const detail = DATA.details[i];
  if (!detail) return [];
  const behind = new Map();
  // What adds to several indicators has one line.
  for (const each of detail.indicators.filter((one) => one.at && one.km > 0 && one.points >= LEAST).sort((a, b) => b.points - a.points)) {
    if (!behind.has(String(each.at))) behind.set(String(each.at), { ...each, name: each.driver });
  }
  const of = { security: detail.drivers.filter((one) => one.points >= LEAST), environment: [...behind.values()] };
  return of[state.domain] || [...of.security, ...of.environment];
};
// Where a line begins: at the part of the site from which is measured, or at its point.
const startOf = (i, end) => (end.from ? project(...end.from) : PLACES[i]);

function drawLinks() {
  const parts = [];
  const i = state.chosen;
  if (i >= 0) {
    const from = onScreen(PLACES[i]);
    const lat = ROWS.lat[i];
    const perKm = unitsPerKm() * camera.k;
    const squeeze = DATA.view.per_lon / DATA.view.per_lat / Math.cos((lat * Math.PI) / 180);
    if (SHOWN.rings && Math.abs(lat) < 85) {
      const window = DATA.method.window_km;
      const ring = (km, style) => svg("ellipse", { class: style, cx: from[0], cy: from[1], rx: perKm * km * squeeze, ry: perKm * km });
      if (state.domain !== "environment") parts.push(ring(window, "ring"), DATA.method.rings_km.filter((km) => km !== window).map((km) => ring(km, "ring thin")));
      else parts.push([1, 10, 50].map((km) => ring(km, "ring thin")));
    }
    if (SHOWN.links) {
      for (const end of driversOf(i)) {
        const [start, to] = [onScreen(startOf(i, end)), onScreen(project(...end.at))];
        parts.push(svg("line", { x1: start[0], y1: start[1], x2: to[0], y2: to[1] }), svg("circle", { class: "link-end", cx: to[0], cy: to[1], r: end.event === undefined || end.event === null ? 4 : RADII[end.event] + 2.5 }));
      }
    }
  }
  if (state.looked) parts.push(lookedAt());
  byId("links").replaceChildren(...parts.flat(Infinity));
}

// A ring around the incidents or the receptor that the panel tells about.
function lookedAt() {
  const { events, receptor, place, sites, country } = state.looked;
  if (country) return [];
  if (place || sites) {
    const [x, y] = onScreen(place ? place.place : sites.at);
    return [svg("circle", { class: "looked", cx: x, cy: y, r: 14 })];
  }
  if (events) {
    return events.slice(0, 50).map((i) => {
      const [x, y] = onScreen(EVENT_PLACES[i]);
      return svg("circle", { class: "looked", cx: x, cy: y, r: RADII[i] + 5 });
    });
  }
  const one = RECEPTORS[receptor];
  if (one.form === "point") {
    const [x, y] = onScreen(SHAPED[receptor].lines[0][0]);
    return [svg("circle", { class: "looked", cx: x, cy: y, r: sizeOf(one) * pointScale() + 5 })];
  }
  return [svg("path", { class: "looked shape-of", d: pathOf(SHAPED[receptor], one.form === "area"), transform: `translate(${camera.x} ${camera.y}) scale(${camera.k})` })];
}

// Names at the ends of the lines and on the rings: text, place, and where they may stand.
function linkNames() {
  const names = [];
  const i = state.chosen;
  if (i < 0) return names;
  if (SHOWN.links && state.domain !== "security") {
    for (const end of driversOf(i)) if (end.name) names.push([end.name, onScreen(project(...end.at)), "end"]);
  }
  if (SHOWN.rings && Math.abs(ROWS.lat[i]) < 85) {
    const [x, y] = onScreen(PLACES[i]);
    const radii = state.domain !== "environment" ? DATA.method.rings_km : [1, 10, 50];
    for (const km of radii) names.push([`${km} km`, [x, y - km * unitsPerKm() * camera.k], "ring"]);
  }
  return names;
}

// Moves and zooms so that a box in map units fills the map, but for a margin in pixels.
// Eighty times the first view, and in any case 40 pixels a kilometer.
const mostZoom = () => Math.max(80 * camera.least, 40 / unitsPerKm());
function frameOn([left, top, right, bottom], margin) {
  const room = (side) => Math.max(40, side - 2 * margin);
  const fit = Math.min(room(camera.width) / Math.max(right - left, 1e-6), room(camera.height) / Math.max(bottom - top, 1e-6));
  camera.k = Math.min(mostZoom(), Math.max(camera.least * 0.6, fit));
  camera.x = camera.width / 2 - ((left + right) / 2) * camera.k;
  camera.y = camera.height / 2 - ((top + bottom) / 2) * camera.k;
  movedByReader();
  draw();
}

// A site with what its score comes from, both ends of every line: the circle within which years are counted, or at least 10 km.
function zoomTo(i) {
  const reach = state.domain !== "environment" ? DATA.method.window_km : 11;
  const [x, y] = PLACES[i];
  const high = reach * unitsPerKm();
  const wide = Math.min(20, DATA.view.per_lon / DATA.view.per_lat / Math.max(0.05, Math.cos((ROWS.lat[i] * Math.PI) / 180))) * high;
  const ends = driversOf(i).filter((each) => each.km <= MOST_SHOWN).flatMap((each) => [startOf(i, each), project(...each.at)]);
  const [xs, ys] = [[x - wide, x + wide, ...ends.map(([u]) => u)], [y - high, y + high, ...ends.map(([, v]) => v)]];
  frameOn([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)], 24);
  state.moved = false;
}
// What is farther does not widen the picture.
const MOST_SHOWN = 200;
