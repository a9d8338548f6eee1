
// The risk surface: the security score that a site would have, at every place where incidents were collected.
const SURFACE = byId("surface");
const showsSurface = () => SURFACE !== null && SHOWN.surface && state.domain !== "environment";

function drawSurface() {
  SURFACE?.setAttribute("display", showsSurface() ? "inline" : "none");
}

// Its bands, and what a place without a color is.
function surfaceKeys() {
  if (!showsSurface()) return null;
  const zone = (band) => svg("svg", { class: "symbol", viewBox: "0 0 28 18", "aria-hidden": "true", focusable: "false" }, svg("rect", { class: `zone-key zone-${band}`, x: 3, y: 2, width: 22, height: 14 }));
  const bands = [5, 4, 3, 2, 1].map((band) => el("span", {}, zone(band), DATA.labels[band]));
  return row("Risk surface", [bands, el("span", {}, "security score that a site would have there; no color: not scored")]);
}
