
// The markers of sites, the labels beside them if there is room, and the popups.
function drawMarks() {
  const order = [...shown].sort((a, b) => (scores()[b] ?? -1) - (scores()[a] ?? -1) || a - b);
  marked = order.slice(0, MARKS);
  unmarked = order.slice(MARKS);
  dotted = byBand(unmarked.map((i) => PLACES[i]), unmarked.map((i) => bands()[i]));
  const parts = marked.map((i, at) => svg("g", {
    class: `mark b${bands()[i]}${i === state.chosen ? " on" : ""}`, "data-site": i, role: "button", tabindex: at === 0 ? "0" : "-1",
    "aria-label": `${ROWS.name[i]}: security ${told("security", i)}, environment ${told("environment", i)}. ${whys()[i] || ""}`,
  }, svg("circle", { class: "halo", r: 12 }), svg("path", { class: "fill shape", d: SHAPES[bands()[i]] })));
  // The worst is drawn last, on top; Tab and arrow keys still go from the worst down.
  byId("marks").replaceChildren(...parts.reverse());
  draw();
}

function placeMarks() {
  const size = marked.length > 300 ? 0.7 : 1;
  const taken = [];
  const labels = [];
  for (const mark of byId("marks").children) {
    const at = onScreen(PLACES[Number(mark.dataset.site)]);
    mark.setAttribute("transform", `translate(${at[0].toFixed(1)} ${at[1].toFixed(1)})${size < 1 ? ` scale(${size})` : ""}`);
  }
  const visible = marked.filter((i) => inFrame(onScreen(PLACES[i])));
  const named = visible.slice(0, 60);
  if (state.chosen >= 0) named.unshift(state.chosen);
  for (const i of named) {
    const [x, y] = onScreen(PLACES[i]);
    taken.push([x - 7, y - 7, x + 7, y + 7, i]);
  }
  const done = new Set();
  for (const i of named) {
    if (done.has(i)) continue;
    done.add(i);
    const [x, y] = onScreen(PLACES[i]);
    const text = ROWS.name[i].length > 30 ? `${ROWS.name[i].slice(0, 29)}…` : ROWS.name[i];
    const width = text.length * 6.4;
    const spots = [[x + 11, y + 4, "start"], [x - 11, y + 4, "end"], [x, y - 12, "middle"], [x, y + 20, "middle"],
      [x + 7, y - 9, "start"], [x + 7, y + 18, "start"], [x - 7, y - 9, "end"], [x - 7, y + 18, "end"]];
    for (const [left, base, anchor] of spots) {
      const start = anchor === "start" ? left : anchor === "end" ? left - width : left - width / 2;
      const area = [start, base - 11, start + width, base + 3, i];
      const free = area[0] > 4 && area[2] < camera.width - 4 && taken.every((other) => other[4] === i || area[2] < other[0] || other[2] < area[0] || area[3] < other[1] || other[3] < area[1]);
      if (free) {
        taken.push([...area.slice(0, 4), -1]);
        labels.push(svg("text", { x: left, y: base, "text-anchor": anchor }, text));
        break;
      }
    }
  }
  byId("labels").replaceChildren(...labels);
}

// Tab reaches one marker at a time; arrow keys move on from there.
function focusMark(i) {
  for (const mark of byId("marks").children) {
    const is = Number(mark.dataset.site) === i;
    mark.setAttribute("tabindex", is ? "0" : "-1");
    if (is) mark.focus();
  }
}

function tip(i) {
  const node = byId("tip");
  if (i < 0) {
    node.style.visibility = "hidden";
    return;
  }
  const line = (domain) => el("p", {}, key(ROWS[`${domain}_band`][i], domain), ` ${capital(domain)} ${told(domain, i)}`);
  node.replaceChildren(el("b", {}, ROWS.name[i]), line("security"), line("environment"),
    whys()[i] ? el("p", { class: "quiet" }, dated(whys()[i])) : "");
  const [x, y] = onScreen(PLACES[i]);
  const { offsetWidth, offsetHeight } = node;
  const left = x + 16 + offsetWidth > camera.width ? x - 16 - offsetWidth : x + 16;
  node.style.left = `${Math.max(4, Math.min(left, camera.width - offsetWidth - 4))}px`;
  node.style.top = `${Math.max(4, Math.min(y - offsetHeight / 2, camera.height - offsetHeight - 4))}px`;
  node.style.visibility = "visible";
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
