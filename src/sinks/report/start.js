
// What happens when something is chosen, and the first drawing.
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
  if (state.sort === "security" || state.sort === "environment") {
    state.sort = domain;
    state.up = false;
  }
  byId("band-label").textContent = `${capital(domain)} band`;
  select();
  drawTable();
  drawLegend();
  drawPanel(false);
  drawMarks();
}

function setTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  byId("theme").setAttribute("aria-pressed", String(!dark));
  draw();
}

drawGlance();
drawFilters();
drawPortfolio();
drawQuality();
drawMethod();
drawReceipt();
listenToMap();
for (const radio of document.querySelectorAll("input[name=domain]")) radio.addEventListener("change", () => setDomain(radio.value));
byId("theme").addEventListener("click", setTheme);
byId("theme").setAttribute("aria-pressed", String(matchMedia("(prefers-color-scheme: dark)").matches));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
// Paper has no next page: there the table is whole, up to a size that can be printed.
window.addEventListener("beforeprint", () => { state.page = 0; drawTable(PRINTED); });
window.addEventListener("afterprint", () => drawTable());
// With no security score anywhere the other one is what there is to see.
const first = DATA.bands[0][0] === DATA.sites && DATA.bands[1][0] < DATA.sites ? "environment" : "security";
document.querySelector(`input[name=domain][value=${first}]`).checked = true;
setDomain(first);
measure();
