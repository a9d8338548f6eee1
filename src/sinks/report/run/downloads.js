
// What a reader takes from the page: the sites and the incidents shown as tables, the map as a picture, and the files that were
// written beside the page.
const RUNS = /^[=+\-@\t\r\n]/;
// A cell that a spreadsheet would run as a formula begins with an apostrophe.
function cell(value) {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" && RUNS.test(value) && !/^[-+.\deE]+$/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
// The mark at the beginning tells spreadsheets that it is UTF-8.
const csvOf = (columns, rows) => `\ufeff${[columns.map(([name]) => name), ...rows.map((row) => columns.map(([, of]) => of(row)))].map((cells) => cells.map(cell).join(",")).join("\n")}\n`;

function save(name, blob) {
  const url = URL.createObjectURL(blob);
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
const saveTable = (name, columns, rows) => save(name, new Blob([csvOf(columns, rows)], { type: "text/csv" }));

const SITE_COLUMNS = [
  ["id", (i) => ROWS.id[i]], ["name", (i) => ROWS.name[i]], ["country", (i) => countryOf(i)], ...(ROWS.commodity ? [["commodity", (i) => ROWS.commodity[i]]] : []),
  ["longitude", (i) => ROWS.lon[i]], ["latitude", (i) => ROWS.lat[i]],
  ...DOMAINS.flatMap((domain) => [
    [`${domain}_score`, (i) => ROWS[domain][i]], [`${domain}_band`, (i) => WORDS[ROWS[`${domain}_band`][i]]],
    ...(domain === "environment" ? [["environment_at_least", (i) => ROWS.environment_at_least[i]], ["environment_coverage", (i) => ROWS.environment_coverage[i]]] : []),
    ...(domain === "security" ? [["security_coverage", (i) => ROWS.security_coverage[i]]] : []),
    ...(domain === "overall" ? [] : [[`${domain}_main_driver`, (i) => whys(domain)[i]]]),
  ]),
  ["as_of", () => DATA.as_of],
];
const EVENT_COLUMNS = [
  ["id", (i) => saidOf(i).id], ["date", (i) => EVENTS.date[i]], ["type", (i) => EVENTS.kinds[EVENTS.kind[i]]], ["event_type", saidWhat], ["sub_event_type", finerOf],
  ["fatalities", (i) => EVENTS.deaths[i]], ["place", placeOf], ["region", regionOf], ["actors_claimed_by_source", (i) => textAt(saidOf(i).actors)], ["source", (i) => textAt(saidOf(i).source)],
  ["notes", (i) => saidOf(i).notes], ["longitude", (i) => EVENTS.lon[i]], ["latitude", (i) => EVENTS.lat[i]],
];
// What each file beside the page is, by the end of its name.
const BESIDE = { "risk.xlsx": "workbook of all tables", "disclosures.csv": "disclosures", "portfolio.csv": "sites in groups", "atlas.pdf": "a page for each site", "risk.gpkg": "all layers", "risk.qgz": "QGIS project", "rejects.csv": "what was found wrong", "receipt.json": "inputs and outputs by hash" };

function drawDownloads() {
  const button = (id, text, onclick) => el("button", { type: "button", id, onclick }, text);
  const { files } = DATA.facts;
  byId("downloads").replaceChildren(el("h3", {}, "Download"), el("div", { class: "takes" },
    COUNT ? button("save-sites", "Sites shown, as CSV", () => saveTable("sites_shown.csv", SITE_COLUMNS, SITES.list)) : "",
    EVENTS.kind.length ? button("save-incidents", "Incidents shown, as CSV", () => saveTable("incidents_shown.csv", EVENT_COLUMNS, EVENT_TABLE.list)) : "",
    button("save-map", "Map shown, as PNG", () => pictureOfMap().toBlob((blob) => save(`map_${state.domain}.png`, blob)))),
  files.length ? el("p", { class: "small" }, "In the folder of this page: ", files.map((file, at) => [at ? " · " : "", el("a", { href: encodeURIComponent(file) }, file), BESIDE[file] ? el("span", { class: "quiet" }, ` (${BESIDE[file]})`) : ""])) : "");
}
