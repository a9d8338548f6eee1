
// The printed map. Paper has other colors and another size than the screen: there the dots are SVG paths,
// which the style sheet colors and which scale.
const GAP_SHAPE = `M0 -${GAP}A${GAP} ${GAP} 0 1 1 0 ${GAP}A${GAP} ${GAP} 0 1 1 0 -${GAP}Z`;
function drawPrinted() {
  const markers = (places, band, scale) => {
    const seen = new Set();
    let path = "";
    for (const place of places) {
      const at = onScreen(place);
      // Of overlapping dots one is enough.
      const [x, y] = at.map((each) => Math.round(2 * each) / 2);
      const name = x * 65536 + y;
      if (!inFrame(at) || seen.has(name)) continue;
      seen.add(name);
      path += placed(band === null ? GAP_SHAPE : SHAPES[band], x, y, scale) + (band === 0 ? placed(HATCH, x, y, scale) : "");
    }
    return path;
  };
  const parts = [...printedReceptors(), ...printedIncidents()];
  for (const [places, band, scale, gap] of smallMarkers()) {
    if (!places.length) continue;
    parts.push(svg("path", { class: `dots ${band ? "fill " : ""}b${band}`, d: markers(places, band, scale) }));
    if (gap) parts.push(svg("path", { class: "gap", d: markers(places, null, scale) }));
  }
  byId("printed").replaceChildren(...parts);
}

// A shape at a place in another size.
function placed(shape, x, y, scale) {
  const tenths = (value) => Math.round(10 * value) / 10;
  const place = (value, at) => tenths(value * scale + (at % 2 ? y : x));
  return shape.match(/[A-Z][^A-Z]*/g).map((part) => {
    const [command, numbers] = [part[0], (part.match(/-?[\d.]+/g) || []).map(Number)];
    const [a, b, turn, far, sweep, ...end] = numbers;
    const moved = { A: () => [tenths(a * scale), tenths(b * scale), turn, far, sweep, ...end.map(place)], H: () => [place(a, 0)], V: () => [place(a, 1)] }[command];
    return command + (moved ? moved() : numbers.map(place)).join(" ");
  }).join("");
}

function drawnForPaper() {
  map.classList.add("printing");
  drawPrinted();
}

function drawnForScreen() {
  map.classList.remove("printing");
  byId("printed").replaceChildren();
}

// Not every printing program signals it in both ways; without either signal the canvas is printed.
function listenToPrinter() {
  // Paper has all parts of the panel.
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details.section:not([open]), details.all-countries:not([open])")];
    for (const each of closed) each.open = true;
    drawNow();
    drawnForPaper();
  });
  window.addEventListener("afterprint", () => {
    for (const each of closed) each.open = false;
    drawnForScreen();
    draw();
  });
  matchMedia("print").addEventListener("change", ({ matches }) => (matches ? drawnForPaper() : drawnForScreen()));
}
