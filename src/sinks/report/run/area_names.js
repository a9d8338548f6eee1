
// Names of protected areas on the map: of those within 50 km of the chosen site, and of all where the map is enlarged.
const NAMED_WITHIN = 50;
const ENLARGED = 3;

// A place within an area and within the frame, for the middle of its name: on the row through the middle of what is seen of it.
function middleOf({ lines, box: [left, top, right, bottom] }) {
  const [x0, y0] = [-camera.x / camera.k, -camera.y / camera.k];
  const [x1, y1] = [(camera.width - camera.x) / camera.k, (camera.height - camera.y) / camera.k];
  const y = (Math.max(top, y0) + Math.min(bottom, y1)) / 2;
  const crossed = lines.flatMap((line) => line.slice(1).flatMap(([c, d], at) => {
    const [a, b] = line[at];
    return (b > y) === (d > y) ? [] : [a + ((y - b) / (d - b)) * (c - a)];
  })).sort((a, b) => a - b);
  let best = null;
  for (let at = 0; at + 1 < crossed.length; at += 2) {
    const [from, to] = [Math.max(crossed[at], x0), Math.min(crossed[at + 1], x1)];
    if (to > from && (!best || to - from > best[1] - best[0])) best = [from, to];
  }
  return best && [(best[0] + best[1]) / 2, y];
}

// Text, place on the screen, and how it stands.
function areaNames() {
  if (!showsReceptors()) return [];
  const site = state.chosen < 0 ? null : PLACES[state.chosen];
  const reach = NAMED_WITHIN * unitsPerKm();
  const isNear = (one, j) => site && (one.form === "point" ? SHAPED[j].lines.some(([[a, b]]) => Math.hypot(a - site[0], b - site[1]) <= reach)
    : within(SHAPED[j].lines, ...site) || SHAPED[j].lines.some((line) => apartFrom(line, ...site) <= reach));
  const isEnlarged = camera.k >= ENLARGED * camera.least;
  const names = [];
  RECEPTORS.forEach((one, j) => {
    if (one.kind !== "sensitive_areas" || (one.form === "point" && !pointsShown.has(j)) || !(isEnlarged || isNear(one, j))) return;
    const at = one.form === "point" ? SHAPED[j].lines[0][0] : middleOf(SHAPED[j]);
    if (at && inFrame(onScreen(at))) names.push([one.name, onScreen(at), one.form === "point" ? "end" : "area-name"]);
  });
  return names;
}
