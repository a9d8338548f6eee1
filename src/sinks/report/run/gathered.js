
// Where many sites lie on each other they are one marker with their number, in the color of the highest band among them, or
// gray with an edge in that color where most have no score. It zooms in, or lists them where they lie too close together for that.
const MANY_SITES = 200;
const SITES_TOGETHER = 6;
const SITE_CELL = 42;
let gatheredFor = "";
let gatherings = [];
// Sites without a row that are drawn one by one, by band.
let restDots = ramped(() => [[], []]);
const DARK_INK = "#000000";
const LIGHT_INK = "#ffffff";

// Puts the sites of a list and those without a row into cells, whose size changes only when the zoom doubles: then markers
// stay while the map moves.
function gather(order) {
  const step = Math.round(Math.log2(camera.k / camera.least));
  const isCrowded = order.length + REST.length > MANY_SITES && camera.k < mostZoom() * 0.99;
  const name = `${isCrowded ? step : ""} ${state.domain} ${state.chosen}`;
  if (name === gatheredFor) return false;
  gatheredFor = name;
  const bandOfRest = DATA.rest[`${state.domain}_band`];
  gatherings = [];
  restDots = RESTS[state.domain];
  let single = order;
  if (isCrowded) {
    const size = SITE_CELL / (camera.least * 2 ** step);
    const cells = new Map();
    const put = ([x, y], list, one) => {
      const cell = `${Math.floor(x / size)} ${Math.floor(y / size)}`;
      if (!cells.has(cell)) cells.set(cell, { rows: [], rest: [] });
      cells.get(cell)[list].push(one);
    };
    for (const i of order) if (i !== state.chosen) put(PLACES[i], "rows", i);
    REST.forEach((place, j) => put(place, "rest", j));
    single = state.chosen < 0 ? [] : [state.chosen];
    const left = [];
    const isFew = ({ rows, rest }) => rows.length + rest.length < SITES_TOGETHER;
    gatherings = apartFromEachOther([...cells.values()].filter((cell) => !isFew(cell)).map((cell) => gathering(cell, bandOfRest)), step, bandOfRest);
    for (const cell of [...cells.values()].filter(isFew)) {
      single.push(...cell.rows);
      left.push(...cell.rest);
    }
    single.sort((a, b) => rankOf[a] - rankOf[b]);
    restDots = byBand(left.map((j) => REST[j]), left.map((j) => bandOfRest[j]), left.map((j) => restGap(j, state.domain)));
  }
  const isMarked = (i, at) => at < MARKS || i === state.chosen;
  marked = single.filter(isMarked);
  unmarked = single.filter((i, at) => !isMarked(i, at));
  dotted = byBand(unmarked.map((i) => PLACES[i]), unmarked.map((i) => bands()[i]), unmarked.map(hasGap));
  return true;
}

// Those that would lie on each other are one; the largest take up the others.
function apartFromEachOther(all, step, bandOfRest) {
  const perUnit = camera.least * 2 ** step;
  const kept = [];
  for (const one of all.sort((a, b) => b.count - a.count || a.at[0] - b.at[0])) {
    const at = kept.findIndex((other) => Math.hypot(other.at[0] - one.at[0], other.at[1] - one.at[1]) * perUnit < 0.9 * (other.radius + one.radius));
    if (at < 0) kept.push(one);
    else kept[at] = { ...gathering({ rows: [...kept[at].rows, ...one.rows], rest: [...kept[at].rest, ...one.rest] }, bandOfRest), at: kept[at].at };
  }
  for (const one of kept) one.rows.sort((a, b) => rankOf[a] - rankOf[b]);
  return kept;
}

function gathering({ rows, rest }, bandOfRest) {
  const places = [...rows.map((i) => PLACES[i]), ...rest.map((j) => REST[j])];
  const counts = [0, 0, 0, 0, 0, 0];
  for (const i of rows) counts[bands()[i]] += 1;
  for (const j of rest) counts[bandOfRest[j]] += 1;
  const mean = (axis) => places.reduce((sum, place) => sum + place[axis], 0) / places.length;
  const ends = (axis) => places.reduce(([low, high], place) => [Math.min(low, place[axis]), Math.max(high, place[axis])], [Infinity, -Infinity]);
  const [[left, right], [top, bottom]] = [ends(0), ends(1)];
  const count = places.length;
  return { at: [mean(0), mean(1)], box: [left, top, right, bottom], rows, rest, counts, count, band: counts.findLastIndex(Boolean), radius: 7.5 + 3.4 * Math.log10(count) };
}

// A place for the number of many incidents: where they are, or the nearest around sites that are gathered there at which it lies
// on no other.
const TURNED = Array.from({ length: 12 }, (_, at) => (at * Math.PI) / 6);
function besideGathered([x, y], radius) {
  const rounds = [...gatherings.map((one) => [onScreen(one.at), one.radius]), ...drawnClusters.map((one) => [one.at, one.radius])];
  const lies = ([u, v], by) => rounds.filter(([at, other]) => Math.hypot(at[0] - u, at[1] - v) < by * (other + radius));
  const near = lies([x, y], 0.95);
  const ends = near.flatMap(([at, other]) => [1, 1.7, 2.4].map((times) => [at, times * (other + radius + 1)]));
  const spots = ends.flatMap(([[u, v], far]) => TURNED.map((turn) => [u + far * Math.cos(turn), v + far * Math.sin(turn)]));
  const free = spots.filter((spot) => !lies(spot, 0.95).length).sort((a, b) => Math.hypot(a[0] - x, a[1] - y) - Math.hypot(b[0] - x, b[1] - y));
  return free[0] ?? [x, y];
}

// Lines from the numbers of incidents that lie aside to where their incidents are.
const isAside = ({ at, from, radius }) => Math.hypot(at[0] - from[0], at[1] - from[1]) > radius;
const asideLines = () => drawnClusters.filter(isAside).map(({ at: [x, y], from: [u, v], radius }) => {
  const share = radius / Math.hypot(u - x, v - y);
  return { at: [x + (u - x) * share, y + (v - y) * share], from: [u, v] };
});
const drawnAside = ({ at: [x, y], from: [u, v] }) => svg("g", { class: "aside" }, svg("line", { x1: x, y1: y, x2: u, y2: v }), svg("circle", { cx: u, cy: v, r: 2.2 }));

const bandsOf = (counts) => [5, 4, 3, 2, 1, 0].filter((band) => counts[band]).map((band) => `${whole(counts[band])} ${WORDS[band]}`).join(", ");

// Black or white, whichever is easier to read on a color `#rrggbb`.
function inkOn(color) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(color.trim().slice(at, at + 2), 16) / 255).map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? DARK_INK : LIGHT_INK;
}

const EDGE_WIDTH = 3;
const isMostlyUnscored = ({ band, counts, count }) => band > 0 && counts[0] > count / 2;

function gatheredMark(one, at, first) {
  const isGray = !one.band || isMostlyUnscored(one);
  const style = getComputedStyle(document.documentElement);
  const ink = isGray ? DARK_INK : inkOn(style.getPropertyValue(`--${state.domain}-${one.band}`));
  return svg("g", { class: `mark gathered b${one.band}`, "data-gathered": at, role: "button", tabindex: first ? "0" : "-1",
    "aria-label": `${one.count < 1000 ? many(one.count, "site") : `${shortCount(one.count)} (${whole(one.count)}) sites`} close together, by ${state.domain} score: ${bandsOf(one.counts)}. Enter zooms in.` },
  svg("circle", { class: "halo", r: one.radius + 4 }), svg("circle", { class: one.band ? "fill shape" : "unscored shape", r: one.radius }),
  isMostlyUnscored(one) ? svg("circle", { class: "unscored most", r: one.radius - EDGE_WIDTH }) : "",
  svg("text", { y: 3.8, "text-anchor": "middle", fill: ink }, shortCount(one.count)));
}

const gatheredTip = (one) => [el("b", {}, many(one.count, "site")), el("p", {}, `${capital(state.domain)}: ${bandsOf(one.counts)}`),
  one.rows.length && scores()[one.rows[0]] !== null ? el("p", { class: "quiet" }, `Highest: ${ROWS.name[one.rows[0]]}, ${number(scores()[one.rows[0]])}`) : "", el("p", { class: "quiet" }, "Click to zoom in")];

// Where zooming does not part them, the panel lists them. With `focus` it or the first marker then has the focus.
function openGathered(one, focus) {
  const [left, top, right, bottom] = one.box;
  if (Math.max(right - left, bottom - top) * mostZoom() < 30) {
    look({ sites: one }, focus);
    return;
  }
  frameOn([left, top, right, bottom], 60);
  if (focus) requestAnimationFrame(() => requestAnimationFrame(() => focusMark(markList().find((mark) => inFrame(onScreen(placeOfMark(mark)))))));
}

function gatheredPanel(one) {
  const most = 50;
  return [backButton(), el("h2", {}, `${many(one.count, "site")} close together`), el("p", { class: "small quiet" }, `By ${state.domain} score: ${bandsOf(one.counts)}.`),
    el("ol", { class: "worst" }, one.rows.slice(0, most).map((i) => el("li", {}, key(bands()[i]), chooser(i, ROWS.name[i]), el("span", { class: "num" }, number(scores()[i]))))),
    one.count > Math.min(most, one.rows.length) ? el("p", { class: "small quiet" }, `${whole(one.count - Math.min(most, one.rows.length))} more are in sites.geojson.`) : ""];
}

// The legend tells of them where there are any.
function tellGathered() {
  const round = (band, inside, text) => [symbol(svg("circle", { class: band ? `b${band} fill shape` : "unscored shape", cx: 14, cy: 9, r: 8 }), inside, svg("text", { x: 14, y: 12.5, "text-anchor": "middle" }, "9")), text];
  const gray = Math.max(0, ...gatherings.filter(isMostlyUnscored).map((one) => one.band));
  byId("gathered-key").replaceChildren(...(gatherings.length ? round(0, "", "many together, in the color of the highest") : []),
    ...(gray ? round(gray, svg("circle", { class: "unscored most", cx: 14, cy: 9, r: 5.5 }), "most without a score: only the edge in that color") : []));
}
