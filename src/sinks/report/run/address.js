
// What the reader chose, in the page's address: the site, the score unless it is the first, the filters of sites, the dates
// between which incidents are shown, and the middle of the map in degrees with its zoom once the map was moved, as in
// `#site=ID&score=environment&band=5&group=country:MLI&text=gold&from=2020-01-01&to=2020-12-31&view=-5.900,10.950,8.00`.
const ADDRESSED = ["site", "score", "band", "group", "text", "from", "to", "view"];

function groupAddress() {
  if (!state.group) return "";
  const [column, group] = state.group.split(":").map(Number);
  const portfolio = DATA.portfolio[column];
  return `group=${encodeURIComponent(`${portfolio.column}:${portfolio.groups[group].name}`)}`;
}

function groupAt(text) {
  for (const [column, portfolio] of DATA.portfolio.entries()) {
    const group = listedGroups(portfolio).findIndex((each) => `${portfolio.column}:${each.name}` === text);
    if (group >= 0) return `${column}:${group}`;
  }
  return "";
}

function viewAddress() {
  if (!state.moved) return "";
  const [lon, lat] = degreesOf([(camera.width / 2 - camera.x) / camera.k, (camera.height / 2 - camera.y) / camera.k]);
  return `view=${lon.toFixed(3)},${lat.toFixed(3)},${(camera.k / camera.least).toFixed(2)}`;
}

function holdView(text) {
  const [lon, lat, zoom] = (text || "").split(",").map(Number);
  if (!(Math.abs(lon) <= 360 && Math.abs(lat) <= 90 && zoom > 0)) return;
  const [x, y] = project(lon, lat);
  camera.k = Math.min(mostZoom(), Math.max(camera.least * 0.6, camera.least * zoom));
  camera.x = camera.width / 2 - x * camera.k;
  camera.y = camera.height / 2 - y * camera.k;
  state.moved = true;
  draw();
}

function holdFilters({ band, group, text }) {
  if (state.band === band && state.group === group && state.text === text) return;
  Object.assign(state, { band, group, text });
  for (const [id, value] of [["filter-band", band], ["filter-group", group], ["filter-text", text]]) if (byId(id)) byId(id).value = value;
  filterChanged();
}

function addressOf(i) {
  const { from, to } = wantedEvents;
  const parts = [i < 0 ? "" : `site=${encodeURIComponent(ROWS.id[i])}`, state.domain === DOMAINS[0] ? "" : `score=${state.domain}`, state.band !== "" && `band=${state.band}`, groupAddress(), state.text.trim() && `text=${encodeURIComponent(state.text.trim())}`, from && `from=${from}`, to && `to=${to}`, viewAddress()].filter(Boolean);
  return parts.length ? `#${parts.join("&")}` : `${location.pathname}${location.search}`;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// The first or last day of a year, a month or a day; nothing of any other text.
function dayOf(text, isEnd) {
  if (!/^\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?$/.test(text || "")) return "";
  const month = text.length === 4 ? `${text}-${isEnd ? "12" : "01"}` : text.slice(0, 7);
  return text.length === 10 ? text : isEnd ? lastDay(monthOf(month)) : `${month}-01`;
}

// What the address says; null if it is the place of a section.
function addressed() {
  const parts = location.hash.slice(1).split("&").filter(Boolean).map((part) => [part.split("=")[0], part.includes("=") ? decoded(part.slice(part.indexOf("=") + 1)) : null]);
  if (parts.some(([name, value]) => value === null || !ADDRESSED.includes(name))) return null;
  const said = Object.fromEntries(parts);
  return { site: said.site ?? null, score: DOMAINS.includes(said.score) ? said.score : DOMAINS[0], band: /^[0-5]$/.test(said.band || "") ? said.band : "", group: groupAt(said.group), text: said.text ?? "", from: dayOf(said.from, false), to: dayOf(said.to, true), view: said.view ?? "" };
}

function tell(text) {
  byId("told").textContent = text;
  byId("told").hidden = !text;
}

// A page in a frame or opened from a store may not change its address: then it stays as it is.
function changeAddress(change, i) {
  try {
    history[change](null, "", addressOf(i));
  } catch {
    tell("");
  }
}

function writeAddress(i) {
  const now = addressed();
  if (now && now.site === (i < 0 ? null : ROWS.id[i]) && now.score === state.domain) return;
  if (!now && i < 0 && state.domain === DOMAINS[0]) return;
  changeAddress("pushState", i);
}

// Dates, filters and the view replace those of the address, when they have rested: browsers allow few changes in a second.
let waitingToWrite = 0;
function writeSoon() {
  clearTimeout(waitingToWrite);
  waitingToWrite = setTimeout(() => changeAddress("replaceState", state.chosen), 400);
}

// Chooses what the address says, on loading and when the reader goes back; another part of the page chooses nothing.
function followAddress() {
  const said = addressed();
  clearTimeout(waitingToWrite);
  if (said === null) return;
  follow(said);
  holdView(said.view);
  clearTimeout(waitingToWrite);
}

function follow(said) {
  if (said.score !== state.domain) switchTo(said.score);
  holdFilters(said);
  holdDays(said.from, said.to);
  if (said.site === null) {
    if (state.chosen >= 0) choose(-1, false, true);
    if (state.moved && !said.view) home();
    return;
  }
  const i = ROWS.id.indexOf(said.site);
  if (i >= 0) {
    if (i !== state.chosen) choose(i, false, true);
    return;
  }
  choose(-1, false, true);
  tell(`This page has no site with the id “${said.site}”.${DATA.sites > COUNT ? ` It has rows for ${whole(COUNT)} of ${whole(DATA.sites)} sites.` : ""}`);
}

function listenToAddress() {
  window.addEventListener("popstate", followAddress);
  window.addEventListener("hashchange", followAddress);
  followAddress();
}
