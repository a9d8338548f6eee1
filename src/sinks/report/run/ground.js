
// The ground by zoom: what has a place in the picture at this enlargement, and names where nothing else stands.
const PLACED = { most: 70, dot: 1.7 };
const STEPS = [...byId("world").querySelectorAll("[data-from]")].map((node) => [node, Number(node.dataset.from), Number(node.dataset.until)]);

// The logarithm of pixels for a unit of the map, by which the program has sorted everything.
const enlargement = () => Math.log2(camera.k);

function drawGround() {
  const now = enlargement();
  for (const [node, from, until] of STEPS) {
    const shown = now >= from && now < until;
    if (shown) node.removeAttribute("display");
    else node.setAttribute("display", "none");
  }
  drawPlaces(now);
}

function drawPlaces(now) {
  const parts = [];
  const names = (list, room, draw) => {
    let left = PLACED.most;
    for (const [name, x, y, from] of list) {
      if (from > now + 0.3 || !left) continue;
      const at = onScreen([x, y]);
      if (!inFrame(at, -4)) continue;
      const area = room(name, at).find(free);
      if (!area) continue;
      taken.push(area);
      parts.push(...draw(name, at, area));
      left -= 1;
    }
  };
  // Beside its dot, which stands in the area, too.
  const beside = (name, [x, y]) => {
    const width = name.length * 5.7 + 6;
    return [[x - 3, y - 7, x + width, y + 6, 1], [x - width, y - 7, x + 3, y + 6, -1]];
  };
  const centered = (name, [x, y]) => {
    const half = name.length * 3.4 + 3;
    return [[x - half, y - 8, x + half, y + 6]];
  };
  names(DATA.places.towns, beside, (name, [x, y], [, , , , side]) => [
    svg("circle", { cx: x, cy: y, r: PLACED.dot }),
    svg("text", { x: x + side * 5, y: y + 3.5, "text-anchor": side > 0 ? "start" : "end" }, name),
  ]);
  names(DATA.places.provinces, centered, (name, [x, y]) => [svg("text", { class: "province-name", x, y: y + 3 }, name)]);
  byId("places").replaceChildren(...parts);
}
