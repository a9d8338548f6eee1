
// Which receptors that are points the map shows at a zoom, and how large: at first those that add to a score, and where the map
// is enlarged the others, as they have room.
const POINT_CELL = 15;
const ALL_FROM = 2;
const ADDS_MOST = (j) => Math.max(0, ...RECEPTORS[j].adds.map(([, , points, value]) => points ?? value ?? 0));
const POINTS = RECEPTORS.map((one, j) => j).filter((j) => RECEPTORS[j].form === "point")
  .map((j) => [j, ADDS_MOST(j)]).sort(([a, x], [b, y]) => y - x || (RECEPTORS[b].population || 0) - (RECEPTORS[a].population || 0) || a - b).map(([j]) => j);
let pointsShown = new Set();
let pointsShownFor = "";

// The doublings of the first view.
const doublings = () => Math.max(0, Math.log2(camera.k / camera.least));
const pointScale = () => 0.62 + 0.38 * Math.min(1, doublings() / 3);

function choosePoints() {
  const step = Math.round(doublings());
  const site = state.chosen < 0 ? null : PLACES[state.chosen];
  const name = `${step} ${state.chosen} ${state.looked?.receptor ?? ""}`;
  if (name === pointsShownFor) return;
  pointsShownFor = name;
  pointsShown = new Set();
  const size = POINT_CELL / (camera.least * 2 ** step);
  const near = NAMED_WITHIN * unitsPerKm();
  const taken = new Set();
  for (const j of POINTS) {
    const { kind, adds } = RECEPTORS[j];
    const [x, y] = SHAPED[j].lines[0][0];
    const isNear = site && Math.hypot(x - site[0], y - site[1]) <= near;
    if (state.looked?.receptor !== j && !adds.length && step < ALL_FROM && !isNear) continue;
    const cell = `${kind} ${Math.floor(x / size)} ${Math.floor(y / size)}`;
    if (state.looked?.receptor !== j && taken.has(cell)) continue;
    taken.add(cell);
    pointsShown.add(j);
  }
}

// How many points of each kind are in the frame, told in the legend.
function tellPoints(drawn) {
  for (const node of byId("legend").querySelectorAll("[data-points]")) {
    const { points } = node.dataset;
    node.textContent = `· ${whole(drawn.filter((j) => RECEPTORS[j].kind === points).length)} of ${readTold(points)}`;
  }
}
