
// The sites: short texts for each, and their table with its filters.
const ROWS = DATA.rows;
const COUNT = ROWS.id.length;
const scores = (domain = state.domain) => ROWS[domain];
const bands = (domain = state.domain) => ROWS[`${domain}_band`];
const whys = (domain = state.domain) => (domain === "overall" ? BOTH : ROWS[`${domain}_why`]);
// The scores that any site has, or of which anything is known; one that no site has is not offered, unless there is none at all.
const countsOf = (domain) => (domain === "overall" ? DATA.overall_bands : DATA.bands[domain === "security" ? 0 : 1]);
const scoredOf = (domain) => DATA.sites - countsOf(domain)[0];
const isTold = (domain) => scoredOf(domain) > 0 || (domain === "environment" && ROWS.environment_at_least.some((least) => least !== null));
const TOLD = ["security", "environment", "overall"].filter(isTold);
const DOMAINS = TOLD.length ? TOLD : ["security", "environment"];
// What is known of the environment: at least, where that is below the score or there is none, and the known share.
const known = (i) => {
  const [least, share] = [ROWS.environment_at_least[i], ROWS.environment_coverage[i]];
  if (least === null) return "";
  return [ROWS.environment[i] === null || least < ROWS.environment[i] ? `at least ${number(least)}` : "", share < 0.995 ? `${percent(share)} known` : ""].filter(Boolean).join(", ");
};
const told = (domain, i) => {
  const score = ROWS[domain][i];
  const more = domain === "environment" ? known(i) : "";
  return score === null ? more || "no score" : `${number(score)} ${WORDS[ROWS[`${domain}_band`][i]]}${more ? ` (${more})` : ""}`;
};
const BOTH = ROWS.id.map((_, i) => (ROWS.overall[i] === null ? null : `security ${told("security", i)}; environment ${told("environment", i)}`));
const countryOf = (i) => DATA.countries[ROWS.country[i]] || ROWS.country[i] || "";
// The groups that the page lists: the others are in portfolio.csv.
const listedGroups = (portfolio) => portfolio.groups.slice(0, 200);
// The name of a group; a country's code is told by its name.
function groupName(portfolio, group) {
  const [columns, names] = [portfolio.column.split(" x "), group.name.split(" x ")];
  if (columns.length !== names.length) return group.name;
  return names.map((name, at) => (columns[at] === "country" && DATA.countries[name]) || name).join(" x ");
}
// A column of the sites that has the name of another is told apart.
const titleOf = (portfolio) => {
  const name = plain(portfolio.column);
  return portfolio.column !== name && DATA.portfolio.some((other) => other !== portfolio && plain(other.column) === name) ? `${name}, as in the sites' file` : name;
};
state.group = "";
let shown = [];
// What a search looks in: all that the page tells of a site in columns and groups.
let searched = null;
const searchable = () => (searched ??= ROWS.id.map((id, i) => [ROWS.name[i], id, ROWS.country[i], countryOf(i), ROWS.commodity?.[i], ...DOMAINS.map((domain) => whys(domain)[i]),
  ...DATA.portfolio.map((portfolio, at) => { const group = portfolio.groups[DATA.members[at][i]]; return group && groupName(portfolio, group); })].filter(Boolean).map(folded).join("\n")));

const SITES = sorted("table", [
  { id: "name", title: "Site", of: (i) => ROWS.name[i].toLowerCase() },
  { id: "country", title: "Country", of: (i) => countryOf(i) || "~" },
  ...DOMAINS.flatMap((domain) => [
    { id: domain, title: capital(domain), of: (i) => ROWS[domain][i], number: true },
    ...(domain === "overall" ? [] : [{ id: `${domain}_why`, title: `Main driver of ${domain}`, of: (i) => whys(domain)[i] || "~" }]),
  ]),
], DOMAINS[0], tableRow);

function select() {
  const wanted = folded(state.text.trim());
  const [column, group] = state.group ? state.group.split(":").map(Number) : [-1, -1];
  shown = [];
  for (let i = 0; i < COUNT; i++) {
    if (state.band !== "" && bands()[i] !== Number(state.band)) continue;
    if (column >= 0 && DATA.members[column][i] !== group) continue;
    if (wanted && !searchable()[i].includes(wanted)) continue;
    shown.push(i);
  }
  SITES.fill(shown);
  tellFiltered();
  const filtered = shown.length === COUNT ? many(COUNT, "site") : `${whole(shown.length)} of ${many(COUNT, "site")}`;
  const left = DATA.sites - COUNT;
  byId("count").replaceChildren(...(shown.length || !COUNT ? [filtered + (left > 0
    ? `; the table holds those with the highest scores, ${many(left, "more site is a small marker", "more are small markers")} on the map and in sites.geojson` : "")]
    : [wanted ? `No site matches “${state.text.trim()}”${state.band !== "" || state.group ? " with these filters" : ""}. ` : "No site matches these filters. ", el("button", { type: "button", onclick: clearFilters }, "Show all sites")]));
}

function clearFilters() {
  for (const id of ["filter-text", "filter-band", "filter-group"]) if (byId(id)) byId(id).value = "";
  [state.text, state.band, state.group] = ["", "", ""];
  filterChanged();
  byId("filter-text").focus({ preventScroll: true });
}

// The table, the map, its legend and the list beside it show the same sites.
function filterChanged() {
  select();
  drawLegend();
  if (state.chosen < 0 && !state.looked) drawPanel();
  drawMarks();
  writeSoon();
}

function tableRow(i) {
  const score = (domain, marks) => el("td", { class: "r" }, el("span", { class: "nowrap" },
    ROWS[domain][i] === null ? "" : `${number(ROWS[domain][i])} `, key(ROWS[`${domain}_band`][i], domain), ` ${WORDS[ROWS[`${domain}_band`][i]]}`), marks || "",
    domain === "environment" && known(i) ? el("div", { class: "small quiet" }, known(i)) : "");
  return el("tr", { class: i === state.chosen ? "on" : null, "data-site": i },
    el("th", { scope: "row", class: "name" }, chooser(i, ROWS.name[i]), ROWS.commodity?.[i] ? el("div", { class: "small quiet" }, ROWS.commodity[i]) : ""),
    el("td", {}, countryOf(i) || "–"),
    DOMAINS.map((domain) => [domain === "security" ? score(domain, cautionMarks(i)) : score(domain), domain === "overall" ? "" : el("td", { class: "why" }, dated(whys(domain)[i] || "–"))]));
}

function drawFilters() {
  const changed = filterChanged;
  const options = DATA.portfolio.map((portfolio, at) => el("optgroup", { label: capital(titleOf(portfolio)) },
    listedGroups(portfolio).map((group, number) => el("option", { value: `${at}:${number}` }, `${groupName(portfolio, group)} (${group.sites})`))));
  byId("filters").replaceChildren(
    textFilter("Search in every column", changed),
    chosenOf(el("span", { id: "band-label" }, "Band"), "filter-band", bandOptions(), (value) => { state.band = value; changed(); }),
    ...(options.length ? [chosenOf("Group", "filter-group", [el("option", { value: "" }, "all"), options], (value) => { state.group = value; changed(); })] : []),
  );
}
