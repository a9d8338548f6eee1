
// The ground by zoom: what has a place in the picture at this enlargement, and names where nothing else stands.
const MOST_PLACES = 70;
const STEPS = [...byId("world").querySelectorAll("[data-from]")].map((node) => [node, Number(node.dataset.from), Number(node.dataset.until)]);

// By the logarithm of pixels for a unit of the map, by which the program has sorted everything.
function drawGround() {
  const now = Math.log2(camera.k);
  for (const [node, from, until] of STEPS) {
    if (now >= from && now < until) node.removeAttribute("display");
    else node.setAttribute("display", "none");
  }
  const seen = (list) => list.filter(([, x, y, from]) => from <= now + 0.3 && inFrame(onScreen([x, y])));
  const parts = [];
  const stand = (area, ...drawn) => {
    if (parts.length > MOST_PLACES || !free(area)) return false;
    take(area);
    parts.push(svg("g", {}, ...drawn));
    return true;
  };
  for (const [name, x, y] of seen(DATA.places.towns)) {
    const [left, top] = onScreen([x, y]);
    for (const [side, anchor] of [[1, "start"], [-1, "end"]]) {
      // The dot is part of the area.
      const [a, b, c, d] = boxOf(name, left + side * 5, top + 3.5, anchor, 10.5);
      const area = [Math.min(a, left - 3), b, Math.max(c, left + 3), d];
      if (stand(area, svg("circle", { cx: left, cy: top, r: 1.7 }), svg("text", { x: left + side * 5, y: top + 3.5, "text-anchor": anchor }, name))) break;
    }
  }
  for (const [name, x, y] of seen(DATA.places.provinces)) {
    const [left, top] = onScreen([x, y]);
    stand(boxOf(name, left, top + 3, "middle", 12), svg("text", { class: "province-name", x: left, y: top + 3 }, name));
  }
  byId("places").replaceChildren(...parts);
}
