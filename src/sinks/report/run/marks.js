
// The markers of sites, the labels beside them if there is room, and the popups.
function drawMarks() {
  // The chosen site stays where its lines and circles are.
  const wanted = state.chosen < 0 || shown.includes(state.chosen) ? shown : [...shown, state.chosen];
  const order = [...wanted].sort((a, b) => (scores()[b] ?? -1) - (scores()[a] ?? -1) || a - b);
  const isMarked = (i, at) => at < MARKS || i === state.chosen;
  marked = order.filter(isMarked);
  unmarked = order.filter((i, at) => !isMarked(i, at));
  dotted = byBand(unmarked.map((i) => PLACES[i]), unmarked.map((i) => bands()[i]), unmarked.map(hasGap));
  const parts = marked.map((i, at) => svg("g", {
    class: `mark b${bands()[i]}${i === state.chosen ? " on" : ""}`, "data-site": i, role: "button", tabindex: at === 0 ? "0" : "-1",
    "aria-label": `${ROWS.name[i]}: ${DOMAINS.map((domain) => `${domain} ${told(domain, i)}`).join(", ")}. ${state.domain !== "overall" && whys()[i] ? whys()[i] : ""}`,
  }, svg("circle", { class: "halo", r: 12 }), svg("path", { class: "fill shape", d: SHAPES[bands()[i]] }), hasGap(i) ? svg("circle", { class: "gap", r: GAP }) : ""));
  // The worst is drawn last, on top; Tab and arrow keys still go from the worst down.
  byId("marks").replaceChildren(...parts.reverse());
  draw();
}

function placeMarks() {
  const size = marked.length > 300 ? 0.7 : 1;
  for (const mark of byId("marks").children) {
    const at = onScreen(PLACES[Number(mark.dataset.site)]);
    mark.setAttribute("transform", `translate(${at[0].toFixed(1)} ${at[1].toFixed(1)})${size < 1 ? ` scale(${size})` : ""}`);
  }
  placeNames(size);
}

// A map holds so many names, and draws a line from so many of the highest to a name that stands aside.
const NAMES = 60;
const ASIDE = 25;
const cut = (text) => (text.length > 30 ? `${text.slice(0, 29)}…` : text);
const beside = (x, y, far) => [[x + far, y + 4, "start"], [x - far, y + 4, "end"], [x, y - far - 1, "middle"], [x, y + far + 9, "middle"],
  [x + far - 4, y - far + 2, "start"], [x + far - 4, y + far + 7, "start"], [x - far + 4, y - far + 2, "end"], [x - far + 4, y + far + 7, "end"]];
// Ends of lines to names aside: sideways first, and the nearest first. A line is short, or its name is left out.
const TURNS = [15, -15, 30, -30, 0, 45, -45, 60, -60, 75, -75, 88, -88].map((degrees) => (degrees * Math.PI) / 180);
const asides = ([x, y]) => [20, 26, 34, 43, 54].filter((far) => far <= Math.max(34, camera.width / 12)).flatMap((far) => TURNS.flatMap((turn) => [1, -1].map((side) => [x + side * far * Math.cos(turn), y + far * Math.sin(turn), side > 0 ? "start" : "end"])));

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
  const standAside = (text, i, at, strict) => asides(at).some(([u, v, anchor]) => {
    const x = u + (anchor === "start" ? 3 : -3);
    const area = boxOf(text, x, v + 4, anchor, 12, 400);
    if (!free(area) || !clearOfOthers(i)(area)) return false;
    const line = along(at, [u, v]);
    if (!line.every((part) => clear(part, boxes.get(i)) || (!strict && !named.some((name) => meet(part, name))))) return false;
    named.push(...line);
    line.forEach(take);
    leaders.push(svg("line", { x1: at[0], y1: at[1], x2: u, y2: v }));
    return write(text, area, x, v + 4, anchor, null);
  });
  for (const box of boxes.values()) take(box);
  for (const { at: [x, y], radius } of drawnClusters) take([x - radius, y - radius, x + radius, y + radius]);
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
      if (!isWorth || !(standAside(text, i, at, true) || standAside(text, i, at, false))) nameless += 1;
    });
  }
  const all = nameless + unmarked.filter((i) => inFrame(onScreen(PLACES[i]))).length;
  byId("unnamed").textContent = !SHOWN.names || !all ? "" : `${many(all, "site")} without a name here: zoom in or see the table.`;
  labels.push(...clusterNumbers(boxes));
  byId("leaders").replaceChildren(...leaders);
  byId("labels").replaceChildren(...labels);
}

// The numbers of clusters, over the markers: in the middle of the ring, or beside it where a marker stands there.
function clusterNumbers(boxes) {
  const marks = [...boxes.values()];
  const numbers = [];
  const open = (area) => inside(area) && !furniture.some((one) => meet(area, one));
  return drawnClusters.map(({ at: [x, y], radius, list }) => {
    const text = shortCount(list.length);
    const spots = [[x, y + 4, "middle"], [x, y - radius - 4, "middle"], [x, y + radius + 12, "middle"], [x + radius + 4, y + 4, "start"], [x - radius - 4, y + 4, "end"]];
    const areas = spots.map(([u, base, anchor]) => boxOf(text, u, base, anchor, 11, 600));
    const covered = areas.map((area) => marks.filter((mark) => meet(area, mark)).length);
    const apart = (area) => !numbers.some((other) => meet(area, other));
    let best = areas.findIndex((area, at) => !covered[at] && apart(area) && (at === 0 ? open(area) : free(area)));
    if (best < 0 && open(areas[0]) && apart(areas[0])) best = 0;
    if (best < 0) return "";
    const [u, base, anchor] = spots[best];
    numbers.push(areas[best]);
    take(areas[best]);
    return svg("text", { class: "cluster-number", x: u, y: base, "text-anchor": anchor }, text);
  }).filter(Boolean);
}

// Tab reaches one marker at a time; arrow keys move on from there.
function focusMark(i) {
  for (const mark of byId("marks").children) {
    const is = Number(mark.dataset.site) === i;
    mark.setAttribute("tabindex", is ? "0" : "-1");
    if (is) mark.focus();
  }
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
