
// Finds a site, a country, a province or a town by its name, shows it on the map and opens it in the panel.
const MOST_FOUND = 9;
const WIDE = { town: 30, province: 120, country: 400 };
let findable = null;
const found = { list: [], at: -1 };

// Countries: those of sites with the rows of their sites, the others with the place of their name on the map.
function countries() {
  const rows = new Map();
  for (let i = 0; i < COUNT; i++) {
    const name = countryOf(i);
    if (!name) continue;
    if (!rows.has(name)) rows.set(name, []);
    rows.get(name).push(i);
  }
  const others = DATA.names.filter(([name]) => !rows.has(name)).map(([name, x, y]) => ({ kind: "country", name, place: [x, y], text: folded(name), about: "" }));
  return [...[...rows].map(([name, list]) => ({ kind: "country", name, rows: list, text: folded(name), about: many(list.length, "site") })), ...others];
}

// Each is {kind, name, text, about}, with a row, rows or a place on the map.
const allFindable = () => (findable ??= [
  ...countries(),
  ...ROWS.id.map((id, row) => ({ kind: "site", name: ROWS.name[row], row, text: folded(`${ROWS.name[row]}\n${id}`), about: [countryOf(row), `${DOMAINS[0]} ${told(DOMAINS[0], row)}`].filter(Boolean).join(" · ") })),
  ...["towns", "provinces"].flatMap((list) => DATA.places[list].map(([name, x, y]) => ({ kind: list.slice(0, -1), name, place: [x, y], text: folded(name), about: "" }))),
]);

// Names that begin with what is sought come first, then those of which a word does; sites before places of equal standing.
function find(text) {
  const wanted = folded(text.trim());
  if (!wanted) return [];
  const standing = (each) => (each.text.startsWith(wanted) ? 0 : each.text.includes(`\n${wanted}`) || each.text.includes(` ${wanted}`) ? 1 : each.text.includes(wanted) ? 2 : 3);
  return allFindable().map((each, at) => [standing(each), at, each]).filter(([rank]) => rank < 3).sort(([a, x], [b, y]) => a - b || x - y).slice(0, MOST_FOUND).map(([, , each]) => each);
}

function showFound(list, at = -1) {
  Object.assign(found, { list, at });
  const [input, box] = [byId("find"), byId("found")];
  const isSought = input.value.trim() !== "";
  box.hidden = !isSought || document.activeElement !== input;
  input.setAttribute("aria-expanded", String(!box.hidden && list.length > 0));
  if (at >= 0 && !box.hidden) input.setAttribute("aria-activedescendant", `found-${at}`);
  else input.removeAttribute("aria-activedescendant");
  box.replaceChildren(...list.map((each, n) => el("li", { id: `found-${n}`, role: "option", "aria-selected": String(n === at), onclick: () => go(each) },
    el("b", {}, each.name), el("span", { class: "quiet" }, ` ${each.kind}${each.about ? ` · ${each.about}` : ""}`))));
  byId("found-count").textContent = !isSought ? "" : list.length ? many(list.length, "result") : "Nothing has this name here.";
}

function go(each) {
  byId("find").value = each.name;
  showFound([]);
  byId("found").hidden = true;
  byId("found-count").textContent = "";
  if (each.kind === "site") {
    choose(each.row, true);
    return;
  }
  if (each.rows) {
    showCountry(each);
    return;
  }
  const [x, y] = each.place;
  const reach = WIDE[each.kind] * unitsPerKm();
  frameOn([x - reach, y - reach, x + reach, y + reach], 20);
  look({ place: each }, true);
}

// A country with sites: the map on all of them.
function showCountry({ name, rows }) {
  const reach = 60 * unitsPerKm();
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const i of rows) {
    const [x, y] = PLACES[i];
    [box[0], box[1], box[2], box[3]] = [Math.min(box[0], x - reach), Math.min(box[1], y - reach), Math.max(box[2], x + reach), Math.max(box[3], y + reach)];
  }
  frameOn(box, 20);
  look({ country: { name, rows } }, true);
}

function countryPanel({ name, rows }) {
  const MOST = 10;
  const scored = rows.filter((i) => scores()[i] !== null).sort((a, b) => scores()[b] - scores()[a]);
  const at = DATA.portfolio.findIndex((portfolio) => portfolio.column === "country");
  const group = at < 0 ? -1 : listedGroups(DATA.portfolio[at]).findIndex((each) => groupName(DATA.portfolio[at], each) === name);
  const only = () => { holdFilters({ band: state.band, group: `${at}:${group}`, text: state.text }); };
  return [backButton(), el("h2", {}, name), el("p", {}, `${many(rows.length, "site")}, ${whole(scored.length)} with ${state.domain === "security" ? "a security" : `an ${state.domain}`} score. `, group >= 0 ? el("button", { type: "button", class: "plain", onclick: only }, "Show only these") : ""),
    el("h3", {}, "The highest scores"), scored.length ? el("ol", { class: "worst" }, scored.slice(0, MOST).map((i) => el("li", {}, key(bands()[i]), chooser(i, ROWS.name[i]), el("span", { class: "num" }, number(scores()[i]))))) : el("p", {}, "No site has a score.")];
}

function listenToSearch() {
  const input = byId("find");
  input.addEventListener("input", () => showFound(find(input.value)));
  input.addEventListener("focus", () => showFound(find(input.value)));
  input.addEventListener("blur", () => { byId("found").hidden = true; input.setAttribute("aria-expanded", "false"); });
  // The list does not take the focus from the field.
  byId("found").addEventListener("pointerdown", (event) => event.preventDefault());
  input.addEventListener("keydown", (event) => {
    const { list, at } = found;
    if (event.key === "ArrowDown" && list.length) showFound(list, (at + 1) % list.length);
    else if (event.key === "ArrowUp" && list.length) showFound(list, (at + list.length - (at < 0 ? 0 : 1)) % list.length);
    else if (event.key === "Enter" && list.length) go(list[Math.max(at, 0)]);
    else if (event.key === "Escape" && !byId("found").hidden) byId("found").hidden = true;
    else return;
    event.preventDefault();
  });
}

// Degrees of a place on the map.
const degreesOf = ([x, y]) => [((DATA.view.lon + (x - DATA.view.width / 2) / DATA.view.per_lon + 540) % 360) - 180, DATA.view.lat - (y - DATA.view.height / 2) / DATA.view.per_lat];
// The distance between two places and the direction of the second, on a sphere.
function apart([lon, lat], [east, north]) {
  const turn = Math.PI / 180;
  const [a, b, across] = [lat * turn, north * turn, (east - lon) * turn];
  const half = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(across / 2) ** 2;
  const to = Math.atan2(Math.sin(across) * Math.cos(b), Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(across)) / turn;
  return [2 * 6371.0088 * Math.asin(Math.min(1, Math.sqrt(half))), (to + 360) % 360];
}

// A town or province: the sites nearest to its name on the map, and the incidents around it.
function placePanel({ kind, name, place }) {
  const NEAREST = 8;
  const AROUND = 50;
  const at = degreesOf(place);
  const nearest = ROWS.lon.map((lon, i) => [i, ...apart(at, [lon, ROWS.lat[i]])]).sort((a, b) => a[1] - b[1]).slice(0, NEAREST);
  const around = ofDomain().filter((i) => isWanted(i) && Math.abs(EVENTS.lat[i] - at[1]) < 1 && apart(at, [EVENTS.lon[i], EVENTS.lat[i]])[0] <= AROUND);
  const what = state.domain === "environment" ? "accident" : "incident";
  return [backButton(), el("h2", {}, name), el("p", { class: "small quiet" }, `${capital(kind)}, here at ${Math.abs(at[1]).toFixed(2)}° ${at[1] < 0 ? "S" : "N"}, ${Math.abs(at[0]).toFixed(2)}° ${at[0] < 0 ? "W" : "E"}${kind === "province" ? ": where its name stands on the map" : ""}.`),
    el("h3", {}, "Nearest sites"), nearest.length ? el("ol", { class: "worst" }, nearest.map(([i, km, to]) => el("li", {}, key(bands()[i]), chooser(i, ROWS.name[i]), el("span", { class: "num" }, `${number(km, km < 10 ? 1 : 0)} km ${bearing(to)}`), el("p", {}, `${capital(state.domain)} ${told(state.domain, i)}`)))) : el("p", {}, "There is no site."),
    el("h3", {}, `Within ${AROUND} km`), el("p", {}, around.length ? [`${many(around.length, what)} on the map, with ${many(around.reduce((sum, i) => sum + deathsOf(i), 0), "death")}. `, el("button", { type: "button", class: "plain", onclick: () => look({ events: around }, true) }, "Read them")] : `No ${what} on the map.`)];
}
