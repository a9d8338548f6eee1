
// The table of sites: filtered, sorted, and shown page by page.
const PAGE = 50;
const PRINTED = 500;
const COLUMNS = [
  { id: "name", title: "Site", of: (i) => ROWS.name[i].toLowerCase() },
  { id: "country", title: "Country", of: (i) => ROWS.country[i] || "~" },
  { id: "security", title: "Security", of: (i) => ROWS.security[i], number: true },
  { id: "security_why", title: "Main driver of security", of: (i) => ROWS.security_why[i] || "~" },
  { id: "environment", title: "Environment", of: (i) => ROWS.environment[i], number: true },
  { id: "environment_why", title: "Main driver of environment", of: (i) => ROWS.environment_why[i] || "~" },
];
let shown = [];

function select() {
  const wanted = state.text.trim().toLowerCase();
  const [column, group] = state.group ? state.group.split(":").map(Number) : [-1, -1];
  const list = [];
  for (let i = 0; i < COUNT; i++) {
    if (state.band !== "" && bands()[i] !== Number(state.band)) continue;
    if (column >= 0 && DATA.members[column][i] !== group) continue;
    if (wanted && !`${ROWS.name[i]}\n${ROWS.id[i]}\n${ROWS.country[i] || ""}`.toLowerCase().includes(wanted)) continue;
    list.push(i);
  }
  const { of, number: isNumber } = COLUMNS.find((each) => each.id === state.sort);
  const turn = state.up ? 1 : -1;
  // A site without a score stands last whichever way the table is sorted.
  const compare = (a, b) => {
    const [x, y] = [of(a), of(b)];
    if (isNumber && (x === null || y === null)) return (x === null) - (y === null) || a - b;
    return (x < y ? -turn : x > y ? turn : 0) || a - b;
  };
  shown = list.sort(compare);
}

function drawTable(rows = PAGE) {
  const pages = Math.max(1, Math.ceil(shown.length / rows));
  state.page = Math.min(state.page, pages - 1);
  const head = COLUMNS.map((column) => el("th", {
    scope: "col", class: column.number ? "r" : null,
    "aria-sort": state.sort === column.id ? (state.up ? "ascending" : "descending") : "none",
  }, el("button", { type: "button", "data-sort": column.id, onclick: () => sortBy(column) }, column.title)));
  byId("table").tHead.replaceChildren(el("tr", {}, head));
  const list = shown.slice(state.page * rows, (state.page + 1) * rows);
  byId("table").tBodies[0].replaceChildren(...list.map(tableRow));
  const filtered = shown.length === COUNT ? many(COUNT, "site") : `${whole(shown.length)} of ${many(COUNT, "site")}`;
  const left = DATA.sites - COUNT;
  byId("count").textContent = filtered + (left > 0
    ? `; the table holds those with the highest scores, ${many(left, "more site is a dot", "more are dots")} on the map and in sites.geojson` : "");
  byId("pages").replaceChildren(...(pages < 2 ? [] : [
    el("button", { type: "button", disabled: state.page === 0, onclick: () => turn(-1) }, "Previous"),
    el("span", { class: "small" }, `Page ${state.page + 1} of ${pages}`),
    el("button", { type: "button", disabled: state.page === pages - 1, onclick: () => turn(1) }, "Next"),
  ]));
}

function turn(by) {
  state.page += by;
  drawTable();
}

function tableRow(i) {
  const score = (domain) => el("td", { class: "r" }, el("span", { class: "nowrap" },
    ROWS[domain][i] === null ? "" : `${number(ROWS[domain][i])} `, key(ROWS[`${domain}_band`][i], domain), ` ${WORDS[ROWS[`${domain}_band`][i]]}`));
  return el("tr", { class: i === state.chosen ? "on" : null, "data-site": i },
    el("th", { scope: "row", class: "name" }, chooser(i, ROWS.name[i])),
    el("td", {}, ROWS.country[i] || "–"),
    score("security"), el("td", { class: "why" }, dated(ROWS.security_why[i] || "–")),
    score("environment"), el("td", { class: "why" }, dated(ROWS.environment_why[i] || "–")));
}

function sortBy(column) {
  // Numbers begin with the highest, words with A.
  state.up = state.sort === column.id ? !state.up : !column.number;
  state.sort = column.id;
  state.page = 0;
  select();
  drawTable();
  byId("table").querySelector(`button[data-sort="${column.id}"]`).focus();
}

function drawFilters() {
  const changed = () => {
    state.page = 0;
    select();
    drawTable();
    drawMarks();
  };
  const options = DATA.portfolio.map((portfolio, at) => el("optgroup", { label: capital(plain(portfolio.column)) },
    portfolio.groups.slice(0, 200).map((group, number) => el("option", { value: `${at}:${number}` }, `${group.name} (${group.sites})`))));
  byId("filters").replaceChildren(
    el("label", {}, "Name, id or country", el("input", { id: "filter-text", type: "search", autocomplete: "off", oninput: (event) => { state.text = event.target.value; changed(); } })),
    el("label", {}, el("span", { id: "band-label" }, "Band"), el("select", { id: "filter-band", onchange: (event) => { state.band = event.target.value; changed(); } },
      el("option", { value: "" }, "all"), [5, 4, 3, 2, 1, 0].map((band) => el("option", { value: band }, WORDS[band])))),
    options.length ? el("label", {}, "Group", el("select", { id: "filter-group", onchange: (event) => { state.group = event.target.value; changed(); } },
      el("option", { value: "" }, "all"), options)) : null,
  );
}
