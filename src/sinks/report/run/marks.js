
// The markers of sites, the labels beside them if there is room, and the popups.
let ranked = [];
let rankOf = [];
function drawMarks() {
  ranked = [...sitesOnMap()].sort((a, b) => (scores()[b] ?? -1) - (scores()[a] ?? -1) || a - b);
  rankOf = [];
  ranked.forEach((i, at) => { rankOf[i] = at; });
  gatheredFor = null;
  draw();
}

// Makes the markers of single sites and of those that are gathered at this zoom.
function gatherMarks() {
  if (!gather(ranked)) return;
  const score = (i) => (i === undefined ? -2 : scores()[i] ?? -1);
  const all = [...marked.map((i) => ({ site: i, score: score(i) })), ...gatherings.map((one, at) => ({ one, at, score: score(one.rows[0]) }))].sort((a, b) => b.score - a.score);
  const parts = all.map(({ site: i, one, at }, rank) => (one ? gatheredMark(one, at, rank === 0) : svg("g", {
    class: `mark b${bands()[i]}${i === state.chosen ? " on" : ""}`, "data-site": i, role: "button", tabindex: rank === 0 ? "0" : "-1",
    "aria-label": `${ROWS.name[i]}: ${DOMAINS.map((domain) => `${domain} ${told(domain, i)}`).join(", ")}. ${state.domain !== "overall" && whys()[i] ? whys()[i] : ""}`,
  }, svg("circle", { class: "halo", r: 12 }), svg("path", { class: "fill shape", d: SHAPES[bands()[i]] }), hasGap(i) ? svg("circle", { class: "gap", r: GAP }) : "")));
  // The worst is drawn last, on top; Tab and arrow keys still go from the worst down.
  byId("marks").replaceChildren(...parts.reverse());
  tellGathered();
}
const markList = () => [...byId("marks").children].reverse();
const placeOfMark = (mark) => (mark.dataset.site ? PLACES[Number(mark.dataset.site)] : gatherings[Number(mark.dataset.gathered)].at);

function placeMarks() {
  const size = marked.length > 300 ? 0.7 : 1;
  for (const mark of byId("marks").children) {
    const at = onScreen(placeOfMark(mark));
    mark.setAttribute("transform", `translate(${at[0].toFixed(1)} ${at[1].toFixed(1)})${size < 1 && mark.dataset.site ? ` scale(${size})` : ""}`);
  }
  placeNames(size);
}

// A map holds so many names, and draws a line from so many of the highest to a name that stands aside.
const NAMES = 60;
const ASIDE = 25;
const FIRST = 12;
const cut = (text) => (text.length > 30 ? `${text.slice(0, 29)}…` : text);
const beside = (x, y, far) => [[x + far, y + 4, "start"], [x - far, y + 4, "end"], [x, y - far - 1, "middle"], [x, y + far + 9, "middle"],
  [x + far - 4, y - far + 2, "start"], [x + far - 4, y + far + 7, "start"], [x - far + 4, y - far + 2, "end"], [x - far + 4, y + far + 7, "end"]];
// Ends of lines to names aside: sideways first, and the nearest first. A line is short, or its name is left out; those of the
// first may be longer.
const TURNS = [15, -15, 30, -30, 0, 45, -45, 60, -60, 75, -75, 88, -88].map((degrees) => (degrees * Math.PI) / 180);
const asides = ([x, y], isFirst) => [20, 26, 34, 43, 54, 68, 84, 104].filter((far) => far <= (isFirst ? Math.max(54, Math.min(104, camera.width / 5)) : Math.min(54, Math.max(34, camera.width / 12)))).flatMap((far) => TURNS.flatMap((turn) => [1, -1].map((side) => [x + side * far * Math.cos(turn), y + far * Math.sin(turn), side > 0 ? "start" : "end"])));

// How far a box lies from a place.
const farFrom = ([left, top, right, bottom], [x, y]) => Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));

// The names by rank of the score: beside the marker, or aside at the end of a line; the lower ones where room is left. No name
// stands on a marker.
function placeNames(size) {
  const inView = marked.map((i) => [i, onScreen(PLACES[i])]).filter(([, at]) => inFrame(at));
  const reach = 7 * Math.max(size, 0.8);
  const boxes = new Map(inView.map(([i, [x, y]]) => [i, [x - reach, y - reach, x + reach, y + reach]]));
  const labels = [];
  const leaders = [];
  const named = [];
  // A line to a name crosses nothing if it can, else markers, and of the first sites also other lines; never a name.
  const lines = [];
  // A name is nearer to its own symbol than to any other, by so many pixels; one at the end of a line is clear of all others.
  const ownFirst = (i, at) => (area) => inView.every(([other, place]) => other === i || farFrom(area, place) >= farFrom(area, at) + 5);
  const clearOfOthers = (i) => (area) => inView.every(([other, place]) => other === i || farFrom(area, place) >= reach + 4);
  let nameless = 0;
  const write = (text, area, x, base, anchor, style) => {
    take(area);
    named.push(area);
    labels.push(svg("text", { x, y: base, "text-anchor": anchor, class: style }, text));
    return true;
  };
  // At the first of some places where it does not stand in the way.
  const stand = (text, letters, spots, style, fits = () => true) => spots.some(([x, base, anchor]) => {
    const area = boxOf(text, x, base, anchor, letters, style === "on" ? 650 : 400);
    return free(area) && fits(area) && write(text, area, x, base, anchor, style);
  });
  // Boxes along a line, from outside the marker where it begins.
  const along = ([x, y], [u, v]) => {
    const length = Math.hypot(u - x, v - y);
    const steps = Math.max(1, Math.round((length - reach) / 5));
    return Array.from({ length: steps }, (_, at) => reach + 2 + ((length - reach - 2) * (at + 1)) / steps)
      .map((far) => [x + ((u - x) * far) / length, y + ((v - y) * far) / length]).map(([a, b]) => [a - 1.5, b - 1.5, a + 1.5, b + 1.5]);
  };
  const standAside = (text, i, at, isFirst, mayCross) => asides(at, isFirst).some(([u, v, anchor]) => {
    const x = u + (anchor === "start" ? 3 : -3);
    const area = boxOf(text, x, v + 4, anchor, 12, 400);
    if (!free(area) || !clearOfOthers(i)(area)) return false;
    const line = along(at, [u, v]);
    if (!line.every((part) => clear(part, boxes.get(i)) || (mayCross > 0 && !named.some((name) => meet(part, name)) && (mayCross > 1 || !lines.some((other) => meet(part, other)))))) return false;
    lines.push(...line);
    line.forEach(take);
    leaders.push(svg("line", { x1: at[0], y1: at[1], x2: u, y2: v }));
    return write(text, area, x, v + 4, anchor, null);
  });
  for (const box of boxes.values()) take(box);
  for (const line of asideLines()) {
    along(line.at, line.from).forEach(take);
    labels.push(drawnAside(line));
  }
  const rounds = gatherings.map(({ at, radius }) => ({ at: onScreen(at), radius })).filter(({ at }) => inFrame(at));
  for (const { at: [x, y], radius } of [...drawnClusters, ...rounds]) take([x - radius, y - radius, x + radius, y + radius]);
  if (state.chosen >= 0) stand(cut(ROWS.name[state.chosen]), 12, beside(...onScreen(PLACES[state.chosen]), 11), "on", ownFirst(state.chosen, onScreen(PLACES[state.chosen])));
  for (const [text, [x, y], style] of linkNames()) stand(cut(text), 11, style === "ring" ? [[x, y - 3, "middle"], [x, y + 11, "middle"]] : beside(x, y, 7), style);
  for (const [text, [x, y], style] of areaNames()) stand(cut(text), 11, style === "end" ? beside(x, y, 7) : [[x, y + 4, "middle"], [x, y - 9, "middle"], [x, y + 17, "middle"]], style);
  if (SHOWN.names) {
    // Few sites without a score are named like the highest: that nothing is known of them is worth a look.
    const few = countsOf(state.domain)[0] <= 10;
    inView.forEach(([i, at], rank) => {
      if (i === state.chosen) return;
      const text = cut(ROWS.name[i]);
      if (rank < NAMES && stand(text, 12, beside(...at, 11), null, ownFirst(i, at))) return;
      const isWorth = rank < ASIDE || (few && scores()[i] === null);
      if (!isWorth || !(rank < FIRST ? [0, 1, 2] : [0, 1]).some((mayCross) => standAside(text, i, at, rank < FIRST, mayCross))) nameless += 1;
    });
  }
  const isInFrame = (place) => inFrame(onScreen(place));
  const all = nameless + unmarked.filter((i) => isInFrame(PLACES[i])).length + gatherings.filter((one) => isInFrame(one.at)).reduce((sum, one) => sum + one.count, 0);
  byId("unnamed").textContent = !SHOWN.names || !all ? "" : `${many(all, "site")} without a name here: zoom in or see the table.`;
  labels.push(...clusterNumbers([...boxes.values(), ...rounds.map(({ at: [x, y], radius }) => [x - radius, y - radius, x + radius, y + radius])]));
  byId("leaders").replaceChildren(...leaders);
  byId("labels").replaceChildren(...labels);
}

// The numbers of clusters, over the markers and always within their ring: in its middle, or where no marker stands.
function clusterNumbers(marks) {
  const numbers = [];
  const open = (area) => inside(area) && !furniture.some((one) => meet(area, one)) && !numbers.some((other) => meet(area, other));
  return drawnClusters.map(({ at: [x, y], radius, list }) => {
    const text = shortCount(list.length);
    const aside = Math.max(0, radius - 6);
    const spots = [[0, 0], [0, -aside], [0, aside], [aside / 2, 0], [-aside / 2, 0]].map(([u, v]) => [x + u, y + 4 + v]);
    const areas = spots.map(([u, base]) => boxOf(text, u, base, "middle", 11, 600));
    const best = [areas.findIndex((area) => open(area) && !marks.some((mark) => meet(area, mark))), open(areas[0]) ? 0 : -1].find((at) => at >= 0);
    if (best === undefined) return "";
    numbers.push(areas[best]);
    take(areas[best]);
    return svg("text", { class: "cluster-number", x: spots[best][0], y: spots[best][1], "text-anchor": "middle" }, text);
  }).filter(Boolean);
}

// Tab reaches one marker at a time; arrow keys move on from there.
function focusMark(wanted) {
  for (const mark of byId("marks").children) mark.setAttribute("tabindex", mark === wanted ? "0" : "-1");
  wanted?.focus();
}

// The popup beside a place; without any words it is hidden.
function popup(at, words) {
  const node = byId("tip");
  if (!words) {
    node.style.visibility = "hidden";
    return;
  }
  node.replaceChildren(...words.filter(Boolean));
  const [x, y] = at;
  const { offsetWidth, offsetHeight } = node;
  const left = x + 16 + offsetWidth > camera.width ? x - 16 - offsetWidth : x + 16;
  node.style.left = `${Math.max(4, Math.min(left, camera.width - offsetWidth - 4))}px`;
  node.style.top = `${Math.max(4, Math.min(y - offsetHeight / 2, camera.height - offsetHeight - 4))}px`;
  node.style.visibility = "visible";
}

function tip(i) {
  if (i < 0) {
    popup();
    return;
  }
  const line = (domain) => el("p", {}, key(ROWS[`${domain}_band`][i], domain), ` ${capital(domain)} ${told(domain, i)}`);
  popup(onScreen(PLACES[i]), [el("b", {}, ROWS.name[i]), ...DOMAINS.map(line),
    state.domain !== "environment" && cautionWords(i) ? el("p", { class: "quiet" }, capital(cautionWords(i))) : "",
    state.domain !== "overall" && whys()[i] ? el("p", { class: "quiet" }, dated(whys()[i])) : ""]);
}

// The site without a marker under the pointer, if any.
function dotAt(x, y) {
  let [best, nearest] = [-1, 64];
  for (const i of unmarked) {
    const [u, v] = onScreen(PLACES[i]);
    const apart = (u - x) ** 2 + (v - y) ** 2;
    if (apart < nearest) [best, nearest] = [i, apart];
  }
  return best;
}
