
// The first drawing, and redrawing when the selection changes.
function drawAll() {
  byId("band-label").textContent = `${capital(state.domain)} band at the last date`;
  select();
  drawRegions();
  drawCrossings();
  drawMap();
  SITE_TABLE.fill(shown);
  drawCharts();
  drawPanel(false);
  drawFrames();
}

function setDomain(domain) {
  state.domain = domain;
  document.body.className = domain;
  drawAll();
}

drawTitle();
drawFilters();
drawReading();
listenToMap();
listenToControls(setDomain, () => {});
chooseDomain(SITES.every((_, i) => of(i, "security").last < 0) && SITES.some((_, i) => of(i, "environment").last >= 0));
setDomain(state.domain);
// Only a change of width redraws the charts; drawing changes only the height.
let drawn = wide();
new ResizeObserver(() => {
  if (wide() === drawn) return;
  drawn = wide();
  drawCharts();
  drawMap();
}).observe(byId("charts"));
