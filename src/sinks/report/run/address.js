
// What the reader chose, in the page's address: the site, the score unless it is the first, and the dates between which
// incidents are shown, as in `#site=ID&score=environment&from=2020-01-01&to=2020-12-31`.
const ADDRESSED = ["site", "score", "from", "to"];
function addressOf(i) {
  const { from, to } = wantedEvents;
  const parts = [i < 0 ? "" : `site=${encodeURIComponent(ROWS.id[i])}`, state.domain === DOMAINS[0] ? "" : `score=${state.domain}`, from && `from=${from}`, to && `to=${to}`].filter(Boolean);
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
  return { site: said.site ?? null, score: DOMAINS.includes(said.score) ? said.score : DOMAINS[0], from: dayOf(said.from, false), to: dayOf(said.to, true) };
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

// Dates replace those of the address, when a handle has rested: browsers allow few changes in a second.
let datesWritten = 0;
function writeDates() {
  clearTimeout(datesWritten);
  datesWritten = setTimeout(() => changeAddress("replaceState", state.chosen), 400);
}

// Chooses what the address says, on loading and when the reader goes back; another part of the page chooses nothing.
function followAddress() {
  const said = addressed();
  if (said === null) return;
  if (said.score !== state.domain) switchTo(said.score);
  holdDays(said.from, said.to);
  if (said.site === null) {
    if (state.chosen >= 0) choose(-1, false, true);
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
