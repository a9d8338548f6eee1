
// The receptors on the map (rivers, protected areas, settlements, faults, dams), with what they add to scores, and the
// shapes of the sites.
const RECEPTORS = DATA.receptors.list;
const RECEPTOR_NAMES = {
  rivers: ["river", "rivers"], water_bodies: ["water body", "water bodies"], sensitive_areas: ["protected area", "protected areas"], settlements: ["settlement", "settlements"],
  earthquakes: ["earthquake", "earthquakes"], faults: ["fault", "faults"], tailings: ["tailings dam", "tailings dams"], water_stress: ["basin", "basins of water stress"],
};
const kindsMapped = () => Object.keys(RECEPTOR_NAMES).filter((kind) => RECEPTORS.some((one) => one.kind === kind));

// How many of a kind are in reach of a site, of all that were read, and what reach is.
function reachTold(kind) {
  const [, read, near, km] = DATA.receptors.kinds.find(([word]) => word === kind) ?? [kind, 0, null, null];
  if (near === null) return `${whole(read)} in the files`;
  const drawn = RECEPTORS.filter((one) => one.kind === kind && one.sites).length;
  return `${whole(near)} in reach${km ? ` (${number(km, Number.isInteger(km) ? 0 : 1)} km)` : ""} of ${whole(read)} in the files${drawn < near ? `, ${whole(drawn)} drawn` : ""}`;
}

// A protected area or a river that no site has in its reach is drawn, paler: its ground is protected all the same, and a river
// does not end where reach does.
const isFar = (one) => FAR_KINDS.includes(one.kind) && !one.sites && !one.adds.length;
const FAR_KINDS = ["sensitive_areas", "rivers"];
const readTold = (kind) => {
  const [, read, near, km] = DATA.receptors.kinds.find(([word]) => word === kind) ?? [kind, 0, null, null];
  return `${whole(read)} shown${near === null ? "" : `; ${whole(near)} in reach${km ? ` (${number(km, Number.isInteger(km) ? 0 : 1)} km)` : ""}`}`;
};

// Corners in map units, of ways in small parts of a unit.
function corners(ways) {
  let [x, y] = [0, 0];
  const list = [];
  for (let at = 0; at + 1 < ways.length; at += 2) {
    x += ways[at] / DATA.receptors.per_unit;
    y += ways[at + 1] / DATA.receptors.per_unit;
    list.push([x, y]);
  }
  return list;
}
function unpacked(one) {
  const lines = one.lines.map(corners);
  const all = lines.flat();
  const range = (axis) => all.reduce(([low, high], each) => [Math.min(low, each[axis]), Math.max(high, each[axis])], [Infinity, -Infinity]);
  const [[left, right], [top, bottom]] = [range(0), range(1)];
  return { lines, box: [left, top, right, bottom] };
}
const SHAPED = RECEPTORS.map(unpacked);
const FOOTPRINTS = DATA.footprints.map(unpacked);
const pathOf = ({ lines }, closed) => lines.map((line) => `M${line.map(([x, y]) => `${x.toFixed(4)} ${y.toFixed(4)}`).join("L")}${closed ? "z" : ""}`).join("");
// What is drawn as a shape is built once; points are drawn with the dots.
let built = false;
function buildReceptors() {
  built = true;
  const drawn = (list, shaped, style) => list.map((one, j) => (one.form === "point" ? "" : svg("path", { class: style(one), d: pathOf(shaped[j], one.form === "area") }))).filter(Boolean);
  byId("receptors").replaceChildren(...drawn(RECEPTORS, SHAPED, (one) => `${one.form} of-${one.kind}${isFar(one) ? " far" : ""}`));
  byId("footprints").replaceChildren(...drawn(DATA.footprints, FOOTPRINTS, (one) => `footprint ${one.form}`));
}
const showsReceptors = () => SHOWN.receptors && state.domain === "environment";

function drawReceptors() {
  if (!built) buildReceptors();
  const turned = `translate(${camera.x} ${camera.y}) scale(${camera.k})`;
  byId("receptors").setAttribute("transform", turned);
  byId("footprints").setAttribute("transform", turned);
  byId("receptors").style.display = showsReceptors() ? "" : "none";
  byId("footprints").style.display = SHOWN.receptors ? "" : "none";
}

// Points: settlements by their population, dams as triangles, earthquakes by their magnitude as rings.
const sizeOf = (one) => (one.kind === "settlements" ? 2 + Math.min(4, Math.log10(1 + (one.population || 0)) / 1.5) : one.kind === "earthquakes" ? Math.max(3, 2.2 * (one.magnitude || 4) - 6) : 4.5);
function pointPath(one, x, y, size = 1) {
  const r = sizeOf(one) * size;
  if (one.kind === "tailings") return `M${x} ${y - r}l${r} ${1.8 * r}h${-2 * r}z`;
  if (one.kind === "settlements") return `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`;
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
}
function receptorPoints() {
  if (!showsReceptors()) return [];
  choosePoints();
  const parts = [];
  const drawn = new Set();
  RECEPTORS.forEach((one, j) => {
    if (!pointsShown.has(j)) return;
    for (const [place] of SHAPED[j].lines) {
      const at = onScreen(place);
      if (!inFrame(at, 8)) continue;
      parts.push([one, at]);
      drawn.add(j);
    }
  });
  tellPoints([...drawn]);
  return parts;
}
function drawReceptorPoints(pen, style) {
  const color = (name) => style.getPropertyValue(`--${name}`);
  for (const [one, [x, y]] of receptorPoints()) {
    const path = new Path2D(pointPath(one, x, y, pointScale()));
    if (one.kind !== "earthquakes") {
      pen.fillStyle = color(`of-${one.kind}`);
      pen.fill(path);
    }
    pen.strokeStyle = one.kind === "earthquakes" ? color("of-earthquakes") : color("event-edge");
    pen.lineWidth = one.kind === "earthquakes" ? 1.4 : 0.8;
    pen.stroke(path);
  }
  if (SHOWN.receptors) {
    DATA.footprints.forEach((one, j) => {
      if (one.form !== "point") return;
      for (const [place] of FOOTPRINTS[j].lines) {
        const [x, y] = onScreen(place);
        if (inFrame([x, y])) {
          pen.strokeStyle = color("ink");
          pen.lineWidth = 1.2;
          pen.strokeRect(x - 2.5, y - 2.5, 5, 5);
        }
      }
    });
  }
}
const printedReceptors = () => receptorPoints().map(([one, [x, y]]) => svg("path", { class: `point of-${one.kind}`, d: pointPath(one, Number(x.toFixed(1)), Number(y.toFixed(1)), pointScale()) }));

// The receptor under the pointer: points before lines, lines before areas.
function receptorAt(x, y) {
  if (!showsReceptors()) return -1;
  const [u, v] = [(x - camera.x) / camera.k, (y - camera.y) / camera.k];
  const reach = 5 / camera.k;
  let [best, nearest] = [-1, Infinity];
  SHAPED.forEach(({ lines, box: [left, top, right, bottom] }, j) => {
    if (u < left - reach || u > right + reach || v < top - reach || v > bottom + reach) return;
    const { form } = RECEPTORS[j];
    if (form === "point" && !pointsShown.has(j)) return;
    const apart = form === "point" ? Math.min(...lines.map(([[a, b]]) => Math.hypot(a - u, b - v))) - reach
      : Math.min(...lines.map((line) => apartFrom(line, u, v)));
    const weight = apart <= reach ? { point: 0, line: 1, area: 2 }[form] : form === "area" && within(lines, u, v) ? 3 : Infinity;
    if (weight < nearest) [best, nearest] = [j, weight];
  });
  return best;
}
function apartFrom(line, u, v) {
  let least = Infinity;
  for (let at = 1; at < line.length; at++) {
    const [[a, b], [c, d]] = [line[at - 1], line[at]];
    const length = (c - a) ** 2 + (d - b) ** 2;
    const share = length ? Math.max(0, Math.min(1, ((u - a) * (c - a) + (v - b) * (d - b)) / length)) : 0;
    least = Math.min(least, Math.hypot(a + share * (c - a) - u, b + share * (d - b) - v));
  }
  return least;
}
function within(lines, u, v) {
  let inside = false;
  for (const line of lines) {
    for (let at = 1; at < line.length; at++) {
      const [[a, b], [c, d]] = [line[at - 1], line[at]];
      if ((b > v) !== (d > v) && u < a + ((v - b) * (c - a)) / (d - b)) inside = !inside;
    }
  }
  return inside;
}

const LEVELS = { strict: "strictly protected", managed: "managed for conservation", sustainable: "sustainable use", other: "other protection" };
// What it is, in a phrase.
const about = (one) => [RECEPTOR_NAMES[one.kind][0], one.designation && LEVELS[one.designation], one.population !== undefined && `${whole(Math.round(one.population))} people`,
  one.magnitude !== undefined && `magnitude ${number(one.magnitude)}`, one.date].filter(Boolean).join(", ");
const addsTold = ([, label, points, value]) => (points === null ? `${label}: value ${number(value, 2)} (beside the score)` : `${label}: ${number(points)} points`);

function receptorTip(j) {
  const one = RECEPTORS[j];
  const [first] = one.near;
  const most = one.adds[0];
  return [el("b", {}, one.name), el("p", {}, capital(about(one))), first ? el("p", { class: "quiet" }, `Nearest site: ${ROWS.name[first[0]]}, ${first[1] === 0 ? "inside" : `${number(first[1])} km`}`) : "",
    most ? el("p", { class: "quiet" }, `At ${ROWS.name[most[0]]}, ${addsTold(most)}`) : ""];
}

function receptorPanel(j) {
  const one = RECEPTORS[j];
  return [backButton(), el("h2", {}, one.name), el("p", { class: "small quiet" }, `${capital(about(one))}.`),
    one.adds.length ? [el("h3", {}, "What it adds"), el("ul", { class: "list" }, one.adds.map((adds) => el("li", {}, chooser(adds[0], ROWS.name[adds[0]]), `: ${addsTold(adds)}`)))] : el("p", {}, isFar(one) ? "No site has it in its reach." : "It is in reach, but at no site nearest to what a score counts."),
    one.near.length ? [el("h3", {}, "Sites that have it in reach"), el("ul", { class: "list" }, one.near.map(([row, km]) => el("li", {}, chooser(row, ROWS.name[row]), `, ${km === 0 ? "inside" : `${kmTold(km)} km`}`))), one.sites > one.near.length ? el("p", { class: "small quiet" }, `and ${whole(one.sites - one.near.length)} more`) : ""] : ""];
}

// The table of receptors, which keys reach.
const kmOf = (j) => (RECEPTORS[j].near.length ? RECEPTORS[j].near[0][1] : null);
const RECEPTOR_TABLE = sorted("receptor-table", [
  { id: "receptor", title: "Name", of: (j) => RECEPTORS[j].name.toLowerCase() },
  { id: "kind", title: "Kind", of: (j) => RECEPTORS[j].kind },
  { id: "sites-near", title: "Sites in reach", of: (j) => RECEPTORS[j].sites, number: true },
  { id: "km", title: "Nearest, km", of: kmOf, number: true },
  { id: "nearest", title: "Nearest site", of: (j) => (RECEPTORS[j].near.length ? ROWS.name[RECEPTORS[j].near[0][0]].toLowerCase() : "~") },
  { id: "adds", title: "Most it adds", of: (j) => (RECEPTORS[j].adds.length ? RECEPTORS[j].adds[0][2] : null), number: true },
], "adds", (j) => {
  const one = RECEPTORS[j];
  const [first, most] = [one.near[0], one.adds[0]];
  return el("tr", {}, el("th", { scope: "row", class: "name" }, el("button", { type: "button", class: "plain", "data-receptor": j, onclick: () => showReceptor(j) }, one.name)),
    el("td", {}, capital(about(one))), el("td", { class: "r" }, whole(one.sites)), el("td", { class: "r" }, first ? number(first[1]) : "–"), el("td", {}, first ? chooser(first[0], ROWS.name[first[0]]) : "–"),
    el("td", { class: "why" }, most ? `${addsTold(most)}, at ${ROWS.name[most[0]]}` : "–"));
}, { page: 15, printed: 25 });

function showReceptor(j) {
  if (state.domain !== "environment" && DOMAINS.includes("environment")) switchTo("environment");
  const [left, top, right, bottom] = SHAPED[j].box;
  const least = 8 * unitsPerKm();
  frameOn([left - least, top - least, right + least, bottom + least], 30);
  look({ receptor: j }, true);
}

function drawReceptorTable() {
  const section = byId("receptors-section");
  if (!RECEPTORS.length) {
    leaveOut(section);
    return;
  }
  const fill = (kind) => RECEPTOR_TABLE.fill(RECEPTORS.map((_, j) => j).filter((j) => (!kind || RECEPTORS[j].kind === kind) && !isFar(RECEPTORS[j])));
  byId("receptor-filters").replaceChildren(chosenOf("Kind", "receptor-kind", [el("option", { value: "" }, "all"), kindsMapped().map((kind) => el("option", { value: kind }, RECEPTOR_NAMES[kind][1]))], fill));
  const { more } = DATA.receptors;
  byId("receptor-note").textContent = `What lies within reach of the sites, and what it adds to their environment scores: ${DATA.receptors.kinds.map(([kind]) => `${RECEPTOR_NAMES[kind][1]} ${reachTold(kind)}`).join("; ")}. A site's lines lead to those that add to its score.${more ? ` ${many(more, "more is", "more are")} in receptors.geojson, receptor_lines.geojson and receptor_areas.geojson.` : ""}`;
  fill("");
}
