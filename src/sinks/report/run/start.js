
// The handler of a selection, and the first drawing.
function choose(i, focus) {
  state.chosen = i;
  drawPanel(focus);
  for (const mark of byId("marks").children) mark.classList.toggle("on", Number(mark.dataset.site) === i);
  for (const row of byId("table").tBodies[0].rows) row.classList.toggle("on", Number(row.dataset.site) === i);
  draw();
}

function setDomain(domain) {
  state.domain = domain;
  document.body.className = domain;
  if (SITES.by === "security" || SITES.by === "environment") {
    SITES.by = domain;
    SITES.up = false;
  }
  byId("band-label").textContent = `${capital(domain)} band`;
  select();
  drawLegend();
  drawPanel(false);
  drawMarks();
}

drawGlance();
drawFilters();
drawHighest(); // sure
drawPortfolio();
drawDisclosures();
drawQuality();
drawMethod();
drawReceipt();
listenToMap();
listenToPrinter();
listenToControls(setDomain, draw);
chooseDomain(DATA.bands[0][0] === DATA.sites && DATA.bands[1][0] < DATA.sites);
setDomain(state.domain);
measure();
