
// The chosen site and the score shown, in the page's address: `#site=ID&score=environment`; the first score is not told.
function addressOf(i) {
  const parts = [i < 0 ? "" : `site=${encodeURIComponent(ROWS.id[i])}`, state.domain === DOMAINS[0] ? "" : `score=${state.domain}`].filter(Boolean);
  return parts.length ? `#${parts.join("&")}` : `${location.pathname}${location.search}`;
}

// What the address says: the id of a site, and a score; null if it is the place of a section.
function addressed() {
  const said = /^#(?:site=([^&]*))?&?(?:score=(\w+))?$/.exec(location.hash);
  if (!said) return location.hash ? null : { site: null, score: DOMAINS[0] };
  const score = DOMAINS.includes(said[2]) ? said[2] : DOMAINS[0];
  if (said[1] === undefined) return { site: null, score };
  try {
    return { site: decodeURIComponent(said[1]), score };
  } catch {
    return { site: said[1], score };
  }
}

function tell(text) {
  byId("told").textContent = text;
  byId("told").hidden = !text;
}

// A page in a frame or opened from a store may not change its address: then it stays as it is.
function writeAddress(i) {
  const now = addressed();
  if (now && now.site === (i < 0 ? null : ROWS.id[i]) && now.score === state.domain) return;
  if (!now && i < 0 && state.domain === DOMAINS[0]) return;
  try {
    history.pushState(null, "", addressOf(i));
  } catch {
    tell("");
  }
}

// Chooses the score and the site of the address, on loading and when the reader goes back; another part of the page chooses
// nothing.
function followAddress() {
  const said = addressed();
  if (said === null) return;
  if (said.score !== state.domain) switchTo(said.score);
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
