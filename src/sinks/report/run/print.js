
// The printed map. Paper has other colors and another size than the screen: there the dots are SVG paths,
// which the style sheet colors and which scale.
function drawPrinted() {
  const squares = (places, size) => {
    const seen = new Set();
    let path = "";
    for (const place of places) {
      const at = onScreen(place);
      // Of overlapping dots one is enough.
      const [x, y] = at.map((each) => Math.round(2 * each) / 2);
      const name = x * 65536 + y;
      if (!inFrame(at) || seen.has(name)) continue;
      seen.add(name);
      path += `M${x - size / 2} ${y - size / 2}h${size}v${size}h${-size}z`;
    }
    return path;
  };
  const parts = [...printedReceptors(), ...printedIncidents()];
  for (let band = 0; band <= 5; band++) {
    for (const [places, size] of [[RESTS[state.domain][band], DOT.rest], [dotted[band], DOT.site]]) {
      if (places.length) parts.push(svg("path", { class: `dots ${band ? "fill " : ""}b${band}`, d: squares(places, size) }));
    }
  }
  byId("printed").replaceChildren(...parts);
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
  window.addEventListener("beforeprint", () => {
    drawNow();
    drawnForPaper();
  });
  window.addEventListener("afterprint", () => {
    drawnForScreen();
    draw();
  });
  matchMedia("print").addEventListener("change", ({ matches }) => (matches ? drawnForPaper() : drawnForScreen()));
}
