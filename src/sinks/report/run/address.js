
// The chosen site in the page's address: `#site=ID`.
const addressOf = (i) => (i < 0 ? `${location.pathname}${location.search}` : `#site=${encodeURIComponent(ROWS.id[i])}`);

function addressed() {
  const said = /^#site=(.*)$/.exec(location.hash);
  if (!said) return null;
  try {
    return decodeURIComponent(said[1]);
  } catch {
    return said[1];
  }
}

function tell(text) {
  byId("told").textContent = text;
  byId("told").hidden = !text;
}

// A page in a frame or opened from a store may not change its address: then it stays as it is.
function writeAddress(i) {
  if (addressed() === (i < 0 ? null : ROWS.id[i])) return;
  try {
    history.pushState(null, "", addressOf(i));
  } catch {
    tell("");
  }
}

// Chooses the site of the address, on loading and when the reader goes back; another part of the page chooses nothing.
function followAddress() {
  const id = addressed();
  if (id === null) {
    if (state.chosen >= 0 && !location.hash) choose(-1, false, true);
    return;
  }
  const i = ROWS.id.indexOf(id);
  if (i >= 0) {
    if (i !== state.chosen) choose(i, false, true);
    return;
  }
  choose(-1, false, true);
  tell(`This page has no site with the id “${id}”.${DATA.sites > COUNT ? ` It has rows for ${whole(COUNT)} of ${whole(DATA.sites)} sites.` : ""}`);
}

function listenToAddress() {
  window.addEventListener("popstate", followAddress);
  window.addEventListener("hashchange", followAddress);
  followAddress();
}
