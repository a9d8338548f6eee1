
// The ground by zoom: what has a place in the picture at this enlargement, and names where nothing else stands.
const MOST_PLACES = 70;
// The largest towns, capitals before others of their rank, are named before the sites, so that a reader knows where these lie.
const FIRST_TOWNS = 12;
// A name of a town and of its province, nearer to each other than this, stands once.
const SAME_PLACE = 90;
const STEPS = [...byId("world").querySelectorAll("[data-from]")].map((node) => [node, Number(node.dataset.from), Number(node.dataset.until)]);
const seenPlaces = (list) => list.filter(([, x, y, from]) => from <= Math.log2(camera.k) + 0.3 && inFrame(onScreen([x, y])));
let namedTowns = new Map();

// Names a town where it has room; the dot is part of the area.
function nameTown(town, isClear) {
  const [name, x, y] = town;
  const [left, top] = onScreen([x, y]);
  for (const [u, v, anchor] of [[5, 3.5, "start"], [-5, 3.5, "end"], [0, -5, "middle"], [0, 12.5, "middle"]]) {
    const [a, b, c, d] = boxOf(name, left + u, top + v, anchor, 10.5);
    const area = [Math.min(a, left - 3), Math.min(b, top - 3), Math.max(c, left + 3), Math.max(d, top + 3)];
    if (!free(area) || !isClear(area)) continue;
    take(area);
    namedTowns.set(town, svg("g", {}, svg("circle", { cx: left, cy: top, r: 1.9 }), svg("text", { x: left + u, y: top + v, "text-anchor": anchor }, name)));
    return;
  }
}

// The markers of the first sites and the clusters are not covered; their names come after these.
function nameFirstTowns() {
  namedTowns = new Map();
  const marks = marked.map((i) => onScreen(PLACES[i])).filter((at) => inFrame(at)).slice(0, 60).map(([x, y]) => [x, y, 7]);
  const kept = [...marks, ...drawnClusters.map(({ at: [x, y], radius }) => [x, y, radius]), ...gatherings.map(({ at, radius }) => [...onScreen(at), radius])].map(([x, y, r]) => [x - r, y - r, x + r, y + r]);
  for (const town of seenPlaces(DATA.places.towns).slice(0, FIRST_TOWNS)) nameTown(town, (area) => !kept.some((other) => meet(area, other)));
}

// By the logarithm of pixels for a unit of the map, by which the program has sorted everything.
function drawGround() {
  const now = Math.log2(camera.k);
  for (const [node, from, until] of STEPS) {
    if (now >= from && now < until) node.removeAttribute("display");
    else node.setAttribute("display", "none");
  }
  for (const town of seenPlaces(DATA.places.towns)) if (!namedTowns.has(town) && namedTowns.size < MOST_PLACES) nameTown(town, () => true);
  const parts = [...namedTowns.values()];
  const said = (name, x, y) => [...namedTowns.keys()].some(([town, u, v]) => town === name && Math.hypot(u - x, v - y) * camera.k < SAME_PLACE);
  for (const [name, x, y] of seenPlaces(DATA.places.provinces)) {
    const [left, top] = onScreen([x, y]);
    const area = boxOf(name, left, top + 3, "middle", 12);
    if (parts.length > MOST_PLACES || said(name, x, y) || !free(area)) continue;
    take(area);
    parts.push(svg("text", { class: "province-name", x: left, y: top + 3 }, name));
  }
  byId("places").replaceChildren(...parts);
}
