
// The risk surface: the security score that a site would have, at every place where incidents were collected.
const SURFACE = byId("surface");
const showsSurface = () => SURFACE !== null && SHOWN.surface && state.domain !== "environment";

function drawSurface() {
  SURFACE?.setAttribute("display", showsSurface() ? "inline" : "none");
}

// Its colors side by side, and what a place without a color is.
function surfaceKeys() {
  if (!showsSurface()) return null;
  const colors = [1, 2, 3, 4, 5].map((band) => svg("rect", { class: `zone-key zone-${band}`, x: 5 * band - 3, y: 2, width: 5, height: 14 }));
  // On land, as on the map.
  return row("Surface", [el("span", {}, symbol(svg("rect", { class: "zone-land", x: 2, y: 2, width: 25, height: 14 }), ...colors), "from very low to very high: the security score that a site would have there; no color: not scored")]);
}
