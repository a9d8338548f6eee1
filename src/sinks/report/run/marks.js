
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
  for (const mark of byId("marks").children) {
    const at = onScreen(PLACES[Number(mark.dataset.site)]);
    mark.setAttribute("transform", `translate(${at[0].toFixed(1)} ${at[1].toFixed(1)})${size < 1 ? ` scale(${size})` : ""}`);
  }
  const named = marked.filter((i) => inFrame(onScreen(PLACES[i]))).slice(0, 60);
  if (state.chosen >= 0) named.unshift(state.chosen);
  const marks = new Map(named.map((i) => [i, onScreen(PLACES[i])]));
  for (const [x, y] of marks.values()) taken.push([x - 7, y - 7, x + 7, y + 7]);
  for (const { at: [x, y], radius } of drawnClusters) taken.push([x - radius, y - radius, x + radius, y + radius]);
  const labels = [];
  // The name at the first of some places where it does not stand in the way.
  const stand = (text, size, spots, style) => {
    for (const [x, base, anchor] of spots) {
      const area = boxOf(text, x, base, anchor, size, style === "on" ? 650 : 400);
      if (!free(area)) continue;
      taken.push(area);
      labels.push(svg("text", { x, y: base, "text-anchor": anchor, class: style }, text));
      return;
    }
  };
  const cut = (text) => (text.length > 30 ? `${text.slice(0, 29)}…` : text);
  const beside = (x, y, far) => [[x + far, y + 4, "start"], [x - far, y + 4, "end"], [x, y - far - 1, "middle"], [x, y + far + 9, "middle"],
    [x + far - 4, y - far + 2, "start"], [x + far - 4, y + far + 7, "start"], [x - far + 4, y - far + 2, "end"], [x - far + 4, y + far + 7, "end"]];
  if (state.chosen >= 0) stand(cut(ROWS.name[state.chosen]), 12, beside(...marks.get(state.chosen), 11), "on");
  for (const [text, [x, y], style] of linkNames()) stand(cut(text), 11, style === "ring" ? [[x, y - 3, "middle"], [x, y + 11, "middle"]] : beside(x, y, 7), style);
  if (SHOWN.names) for (const [i, [x, y]] of marks) if (i !== state.chosen) stand(cut(ROWS.name[i]), 12, beside(x, y, 11), null);
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
  popup(onScreen(PLACES[i]), [el("b", {}, ROWS.name[i]), line("security"), line("environment"),
    whys()[i] ? el("p", { class: "quiet" }, dated(whys()[i])) : ""]);
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
