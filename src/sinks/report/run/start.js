
// The handler of a selection, and the first drawing.
function choose(i, focus, followed) {
  state.chosen = i;
  state.looked = null;
  tell("");
  if (i >= 0) state.moved = false;
  if (!followed) writeAddress(i);
  drawPanel();
  if (!followed) bringPanel(focus);
  drawLegend();
  tellFiltered();
  if (i >= 0) zoomTo(i);
  const strangers = marked.filter((one) => one !== i && !shown.includes(one));
  if (gatherings.length || strangers.length || (i >= 0 && !marked.includes(i))) drawMarks();
  for (const mark of byId("marks").children) mark.classList.toggle("on", Number(mark.dataset.site) === i);
  for (const row of byId("table").tBodies[0].rows) row.classList.toggle("on", Number(row.dataset.site) === i);
  draw();
}

// Shows incidents or a receptor in the panel, and where they are on the map.
function look(what, focus) {
  state.looked = what;
  drawPanel();
  bringPanel(focus);
  draw();
}

function switchTo(domain) {
  document.querySelector(`input[name=domain][value=${domain}]`).checked = true;
  setDomain(domain);
}

function setDomain(domain) {
  state.domain = domain;
  state.looked = null;
  document.body.className = domain;
  if (DOMAINS.includes(SITES.by)) {
    SITES.by = domain;
    SITES.up = false;
  }
  byId("band-label").textContent = `${capital(domain)} band`;
  select();
  drawLegend();
  drawSwitches();
  drawTime();
  redrawPortfolio();
  drawPanel();
  drawMarks();
}

drawGlance();
drawFilters();
drawCautionKey();
drawHighest(); // sure
drawEventTable();
drawReceptorTable();
drawPortfolio();
drawDisclosures();
drawQuality();
drawMethod();
drawReceipt();
tellTables();
listenToMap();
listenToTime();
listenToPrinter();
offerDomains();
listenToControls((domain) => {
  setDomain(domain);
  writeAddress(state.chosen);
}, draw);
drawDownloads();
listenToSearch();
foldSections();
listenToEscape();
chooseDomain(!DOMAINS.includes("security"));
setDomain(state.domain);
measure();
listenToAddress();
