
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
for (const radio of document.querySelectorAll("input[name=domain]")) if (!DOMAINS.includes(radio.value)) radio.closest("label").remove();
document.querySelector(".switch").hidden = DOMAINS.length < 2;
chooseDomain(DOMAINS[0] === "environment");
setDomain(state.domain);
// Only a change of width redraws the charts; drawing changes only the height.
let drawn = wide();
new ResizeObserver(() => {
  if (wide() === drawn) return;
  drawn = wide();
  drawCharts();
  drawMap();
}).observe(byId("charts"));
