
// The sites: short texts for each, and their table with its filters.
const ROWS = DATA.rows;
const COUNT = ROWS.id.length;
const scores = (domain = state.domain) => ROWS[domain];
const bands = (domain = state.domain) => ROWS[`${domain}_band`];
const whys = (domain = state.domain) => ROWS[`${domain}_why`];
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
const countryOf = (i) => DATA.countries[ROWS.country[i]] || ROWS.country[i] || "";
// The name of a group; a country's code is told by its name.
function groupName(portfolio, group) {
  const [columns, names] = [portfolio.column.split(" x "), group.name.split(" x ")];
  if (columns.length !== names.length) return group.name;
  return names.map((name, at) => (columns[at] === "country" && DATA.countries[name]) || name).join(" x ");
}
state.group = "";
let shown = [];

const SITES = sorted("table", [
  { id: "name", title: "Site", of: (i) => ROWS.name[i].toLowerCase() },
  { id: "country", title: "Country", of: (i) => countryOf(i) || "~" },
  { id: "security", title: "Security", of: (i) => ROWS.security[i], number: true },
  { id: "security_why", title: "Main driver of security", of: (i) => ROWS.security_why[i] || "~" },
  { id: "environment", title: "Environment", of: (i) => ROWS.environment[i], number: true },
  { id: "environment_why", title: "Main driver of environment", of: (i) => ROWS.environment_why[i] || "~" },
], "security", tableRow);

function select() {
  const wanted = state.text.trim().toLowerCase();
  const [column, group] = state.group ? state.group.split(":").map(Number) : [-1, -1];
  shown = [];
  for (let i = 0; i < COUNT; i++) {
    if (state.band !== "" && bands()[i] !== Number(state.band)) continue;
    if (column >= 0 && DATA.members[column][i] !== group) continue;
    if (wanted && !`${ROWS.name[i]}\n${ROWS.id[i]}\n${ROWS.country[i] || ""}\n${countryOf(i)}`.toLowerCase().includes(wanted)) continue;
    shown.push(i);
  }
  SITES.fill(shown);
  const filtered = shown.length === COUNT ? many(COUNT, "site") : `${whole(shown.length)} of ${many(COUNT, "site")}`;
  const left = DATA.sites - COUNT;
  byId("count").textContent = filtered + (left > 0
    ? `; the table holds those with the highest scores, ${many(left, "more site is a dot", "more are dots")} on the map and in sites.geojson` : "");
}

function tableRow(i) {
  const score = (domain) => el("td", { class: "r" }, el("span", { class: "nowrap" },
    ROWS[domain][i] === null ? "" : `${number(ROWS[domain][i])} `, key(ROWS[`${domain}_band`][i], domain), ` ${WORDS[ROWS[`${domain}_band`][i]]}`),
    domain === "environment" && known(i) ? el("div", { class: "small quiet" }, known(i)) : "");
  return el("tr", { class: i === state.chosen ? "on" : null, "data-site": i },
    el("th", { scope: "row", class: "name" }, chooser(i, ROWS.name[i])),
    el("td", {}, countryOf(i) || "–"),
    score("security"), el("td", { class: "why" }, dated(ROWS.security_why[i] || "–")),
    score("environment"), el("td", { class: "why" }, dated(ROWS.environment_why[i] || "–")));
}

function drawFilters() {
  const changed = () => {
    select();
    drawMarks();
  };
  const options = DATA.portfolio.map((portfolio, at) => el("optgroup", { label: capital(plain(portfolio.column)) },
    portfolio.groups.slice(0, 200).map((group, number) => el("option", { value: `${at}:${number}` }, `${groupName(portfolio, group)} (${group.sites})`))));
  byId("filters").replaceChildren(
    textFilter("Name, id or country", changed),
    chosenOf(el("span", { id: "band-label" }, "Band"), "filter-band", bandOptions(), (value) => { state.band = value; changed(); }),
    ...(options.length ? [chosenOf("Group", "filter-group", [el("option", { value: "" }, "all"), options], (value) => { state.group = value; changed(); })] : []),
  );
}
