
// The incidents on the map: circles on a canvas, sized by deaths and colored by type or age; where there are masses of
// them, clusters with their number.
const EVENTS = DATA.events;
const EVENT_PLACES = EVENTS.lon.map((lon, i) => project(lon, EVENTS.lat[i]));
const ACCIDENT = EVENTS.kinds.length - 1;
// The classes of types, each with its color `--kind-N`; and those of ages, in days, with `--age-N`.
const LABELS = Object.fromEntries(EVENTS.kinds.map((word, at) => [word, EVENTS.labels[at]]));
const KINDS = [["battles"], ["explosions"], ["violence_against_civilians"], ["riots", "protests", "looting"], ["strategic_developments", "unknown"], ["accident"]]
  .map((words) => [words.map((word, at) => (at ? LABELS[word].toLowerCase() : LABELS[word])).join(", "), words]);
const AGES = [["up to 90 days old", 90], ["91 to 365 days", 365], ["1 to 3 years", 1096], ["older, or without a date", Infinity]];
const KIND_OF = EVENTS.kinds.map((word) => KINDS.findIndex(([, words]) => words.includes(word)));
const kindOf = (i) => KIND_OF[EVENTS.kind[i]];
const ageOf = (i) => (EVENTS.age_days[i] === null ? AGES.length - 1 : AGES.findIndex(([, most]) => EVENTS.age_days[i] <= most));
const classOf = (i) => (state.color === "age" ? ageOf(i) : kindOf(i));
const isAccident = (i) => EVENTS.kind[i] === ACCIDENT;
const textAt = (at) => (at === undefined || at === null ? "" : EVENTS.texts[at]);
// What the page calls an incident; its source may call it otherwise.
const whatOf = (i) => EVENTS.called[EVENTS.name[i]];
const saidWhat = (i) => textAt(EVENTS.what[i]);
const deathsOf = (i) => EVENTS.deaths[i] || 0;
const radiusOf = (i) => Math.min(12, 2.4 + 1.25 * Math.sqrt(deathsOf(i)));
const RADII = EVENTS.lon.map((_, i) => radiusOf(i));
state.color = "type";
// Security incidents make security scores, accidents environment scores; beside the other score they would mislead.
const SECURITY_EVENTS = EVENTS.kind.map((_, i) => i).filter((i) => !isAccident(i));
const ACCIDENTS = EVENTS.kind.map((_, i) => i).filter(isAccident);
const ALL_EVENTS = EVENTS.kind.map((_, i) => i);
const ofDomain = () => ({ security: SECURITY_EVENTS, environment: ACCIDENTS, overall: ALL_EVENTS })[state.domain];
// The filters of the table of incidents and the dates below the map hold for both.
const wantedEvents = { kind: "", text: "", from: "", to: "" };
let wantedList = null;
const isWanted = (i) => wantedList === null || wantedList.has(i);
const eventsShown = () => (!SHOWN.incidents ? [] : wantedList === null ? ofDomain() : ofDomain().filter(isWanted));
const searchedEvents = ALL_EVENTS.map(() => null);
const searchableEvent = (i) => (searchedEvents[i] ??= folded([EVENTS.date[i], whatOf(i), saidWhat(i), finerOf(i), whereOf(i), textAt(saidOf(i).actors), textAt(saidOf(i).source), saidOf(i).id].filter(Boolean).join("\n")));
const isOfWords = (i, wanted = folded(wantedEvents.text.trim())) => (wantedEvents.kind === "" || kindOf(i) === Number(wantedEvents.kind)) && (!wanted || searchableEvent(i).includes(wanted));
const isOfDates = (i, { from, to } = wantedEvents) => (!from && !to) || (EVENTS.date[i] !== null && EVENTS.date[i] >= from && (!to || EVENTS.date[i] <= to));
function countWanted() {
  const { kind, text, from, to } = wantedEvents;
  const wanted = folded(text.trim());
  wantedList = kind === "" && !wanted && !from && !to ? null : new Set(ALL_EVENTS.filter((i) => isOfWords(i, wanted) && isOfDates(i)));
}
// What filters changed is drawn anew: the list, the map, and the bars below it or only their handles.
let eventFiltersChanged = () => {};
let clearEventFilters = () => {};

// With less room for each than this, in square pixels, those that lie close together are one cluster: the cells of a grid
// that moves with the map.
const ROOM = 700;
const crowded = (count) => count * ROOM > camera.width * camera.height;
const CLUSTER = 8;
const CELL = 46;
const STACK = 9;
let drawnEvents = [];
let drawnClusters = [];

function placeEvents() {
  const inView = [];
  for (const i of eventsShown()) {
    const at = onScreen(EVENT_PLACES[i]);
    if (inFrame(at, 12)) inView.push([i, at]);
  }
  // Masses are gathered in wide cells, a few only where they lie on each other.
  const side = crowded(inView.length) ? CELL : STACK;
  // The size changes only when the zoom doubles, so that clusters stay while the map moves.
  const size = side / (camera.least * 2 ** Math.round(Math.log2(camera.k / camera.least)));
  const cells = new Map();
  for (const one of inView) {
    const [x, y] = EVENT_PLACES[one[0]];
    const name = `${Math.floor(x / size)} ${Math.floor(y / size)}`;
    if (cells.has(name)) cells.get(name).push(one);
    else cells.set(name, [one]);
  }
  drawnClusters = [];
  drawnEvents = [];
  for (const members of cells.values()) {
    if (members.length < CLUSTER) drawnEvents.push(...members);
    else {
      const mean = (axis) => members.reduce((sum, [, at]) => sum + at[axis], 0) / members.length;
      const radius = 7 + 4 * Math.log10(members.length);
      const from = [mean(0), mean(1)];
      drawnClusters.push({ at: besideGathered(from, radius), from, radius, list: members.map(([i]) => i) });
    }
  }
  // The largest first, so that none hides another; of equal ones the newest is on top.
  drawnEvents.sort(([a], [b]) => RADII[b] - RADII[a] || b - a);
}

function drawIncidents(pen, style) {
  placeEvents();
  const word = state.color === "age" ? "age" : "kind";
  const colors = (state.color === "age" ? AGES : KINDS).map((_, at) => style.getPropertyValue(`--${word}-${at}`));
  pen.strokeStyle = style.getPropertyValue("--event-edge");
  pen.lineWidth = 0.8;
  for (const [i, [x, y]] of drawnEvents) {
    pen.beginPath();
    pen.arc(x, y, RADII[i], 0, 2 * Math.PI);
    pen.globalAlpha = 0.78;
    pen.fillStyle = colors[classOf(i)];
    pen.fill();
    pen.globalAlpha = 1;
    pen.stroke();
  }
  for (const { at: [x, y], radius, list } of drawnClusters) {
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fillStyle = style.getPropertyValue("--cluster");
    pen.fill();
    pen.lineWidth = 3.5;
    for (const [at, from, to] of slices(list)) {
      pen.beginPath();
      pen.arc(x, y, radius, 2 * Math.PI * (from - 0.25), 2 * Math.PI * (to - 0.25));
      pen.strokeStyle = colors[at];
      pen.stroke();
    }
  }
}
// The classes of a cluster's incidents as parts of a turn.
function slices(list) {
  const counts = [];
  for (const i of list) counts[classOf(i)] = (counts[classOf(i)] || 0) + 1;
  let from = 0;
  return counts.map((count, at) => {
    const to = from + count / list.length;
    const slice = [at, from, to];
    from = to;
    return slice;
  }).filter(Boolean);
}
const shortCount = (count) => (count < 1000 ? String(count) : `${(count / 1000).toFixed(count < 10000 ? 1 : 0)}k`);

// The same for paper, as paths.
function printedIncidents() {
  placeEvents();
  const word = state.color === "age" ? "age" : "kind";
  const circle = (x, y, r) => `M${(x - r).toFixed(1)} ${y.toFixed(1)}a${r.toFixed(1)} ${r.toFixed(1)} 0 1 0 ${(2 * r).toFixed(1)} 0a${r.toFixed(1)} ${r.toFixed(1)} 0 1 0 ${(-2 * r).toFixed(1)} 0z`;
  const paths = (state.color === "age" ? AGES : KINDS).map(() => "");
  for (const [i, [x, y]] of drawnEvents) paths[classOf(i)] += circle(x, y, RADII[i]);
  return [
    ...paths.map((d, at) => (d ? svg("path", { class: `incidents ${word}-${at}`, d }) : "")).filter(Boolean),
    ...drawnClusters.map(({ at: [x, y], radius, list }) => svg("g", { class: "cluster" }, svg("circle", { cx: x, cy: y, r: radius }),
      slices(list).map(([at, from, to]) => svg("circle", { class: `slice ${word}-${at}`, cx: x, cy: y, r: radius, pathLength: 1, "stroke-dasharray": `${to - from} 1`, transform: `rotate(${360 * from - 90} ${x} ${y})` })))),
  ];
}

// The incidents under the pointer, the nearest first, and the cluster there.
function eventsAt(x, y) {
  const near = [];
  for (const [i, [u, v]] of drawnEvents) {
    const apart = Math.hypot(u - x, v - y);
    if (apart <= RADII[i] + 3) near.push([apart, i]);
  }
  return near.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, i]) => i);
}
const clusterAt = (x, y) => drawnClusters.find(({ at: [u, v], radius }) => Math.hypot(u - x, v - y) <= radius + 2);

const deathsTold = (i) => (EVENTS.deaths[i] === null ? "deaths not known" : many(EVENTS.deaths[i], "death"));
const saidOf = (i) => EVENTS.said[i] || {};
const placeOf = (i) => textAt(saidOf(i).location);
const regionOf = (i) => textAt(saidOf(i).region);
// The place with its province.
const whereOf = (i) => [placeOf(i), regionOf(i)].filter((text, at, all) => text && all.indexOf(text) === at).join(", ");
const finerOf = (i) => textAt(saidOf(i).finer);
// What the source calls the type above, if the name of the incident does not say it.
const typeBelow = (i) => (folded(whatOf(i)).includes(folded(saidWhat(i))) ? "" : saidWhat(i));

// A few lines on an incident for the popup.
function eventTip(list) {
  const [i] = list;
  const actors = textAt(saidOf(i).actors);
  return [el("b", {}, whatOf(i)), el("p", {}, dated([EVENTS.date[i] || "no date", whereOf(i), deathsTold(i)].filter(Boolean).join(" · "))),
    actors ? el("p", { class: "quiet" }, `Actors, as claimed by the source: ${actors}`) : "",
    list.length > 1 ? el("p", { class: "quiet" }, `${many(list.length - 1, "more incident")} here`) : "",
    el("p", { class: "quiet" }, "Click to read the source's words")];
}

function clusterTip({ list }) {
  const deaths = list.reduce((sum, i) => sum + deathsOf(i), 0);
  const dates = list.map((i) => EVENTS.date[i]).filter(Boolean).sort();
  const kinds = KINDS.map(([name], at) => [name, list.filter((i) => kindOf(i) === at).length]).filter(([, count]) => count).sort((a, b) => b[1] - a[1]);
  return [el("b", {}, many(list.length, "incident")), el("p", {}, dated(`${many(deaths, "death")}${dates.length ? `, ${dates[0]} to ${dates[dates.length - 1]}` : ""}`)),
    el("p", { class: "quiet" }, kinds.map(([name, count]) => `${name}: ${whole(count)}`).join("; ")), el("p", { class: "quiet" }, "Click to zoom in")];
}

// Zooms in on a cluster; where its incidents lie too close together for that, they are listed.
function openCluster({ list }) {
  const xs = list.map((i) => EVENT_PLACES[i][0]);
  const ys = list.map((i) => EVENT_PLACES[i][1]);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const wide = Math.max(right - left, bottom - top);
  if (wide * mostZoom() < 30 || camera.k >= mostZoom() * 0.99) look({ events: list });
  else frameOn([left, top, right, bottom], 60);
}

// The panel's words on incidents: what happened, as the source tells it.
function eventPanel(list) {
  const most = 50;
  return [backButton(), el("h2", {}, list.length > 1 ? many(list.length, "incident") : whatOf(list[0])),
    list.length > 1 ? el("p", { class: "small quiet" }, "In the words of their sources, the newest first.") : "",
    ...[...list].sort((a, b) => a - b).slice(0, most).map((i) => eventWords(i, list.length > 1)),
    list.length > most ? el("p", { class: "small quiet" }, `${whole(list.length - most)} more are in the table of incidents and in incidents.geojson.`) : ""];
}

function eventWords(i, several) {
  const said = saidOf(i);
  const link = said.link && (/^https?:\/\//i.test(said.link) ? el("a", { href: said.link, rel: "noopener noreferrer" }, said.link) : said.link);
  const adds = DATA.details.flatMap((detail, row) => detail.drivers.filter((driver) => driver.event === i).map((driver) => [row, driver]));
  const rows = [
    ["Date", EVENTS.date[i] ? `${EVENTS.date[i]} (${years(EVENTS.age_days[i])} ago)` : "not known"],
    ["Deaths", EVENTS.deaths[i] === null ? "not known" : whole(EVENTS.deaths[i])],
    ["Type in the source's words", saidWhat(i)],
    ["Sub-event", finerOf(i)],
    ["Place", whereOf(i)],
    ["Actors, as claimed by the source", textAt(said.actors)],
    ["Source", textAt(said.source)],
    ["Report", link],
    ["What the source says", said.notes],
    ["Position", `${Math.abs(EVENTS.lat[i]).toFixed(3)}° ${EVENTS.lat[i] < 0 ? "S" : "N"}, ${Math.abs(EVENTS.lon[i]).toFixed(3)}° ${EVENTS.lon[i] < 0 ? "W" : "E"}`],
    ["Id", said.id],
  ].filter(([, value]) => value);
  return el("div", { class: "words" }, several ? el("h3", {}, whatOf(i)) : "",
    el("dl", {}, rows.map(([name, value]) => [el("dt", {}, name), el("dd", {}, typeof value === "string" ? dated(value) : value)])),
    EVENTS.said[i] ? "" : el("p", { class: "small quiet" }, "This page has the source's words for the newest incidents and those behind scores; incidents.geojson has them for all."),
    adds.length ? el("p", { class: "small" }, "Among the incidents that add most at: ", adds.slice(0, 8).map(([row, driver], at) => [at ? ", " : "", chooser(row, ROWS.name[row]), ` (${number(driver.points)} points, ${farOf(driver)})`]), adds.length > 8 ? ` and ${whole(adds.length - 8)} more` : "", ".") : "");
}

// The table of the incidents on the map, which keys reach.
const EVENT_TABLE = sorted("incident-table", [
  { id: "date", title: "Date", of: (i) => EVENTS.date[i] || "" },
  { id: "type", title: "Type", of: (i) => whatOf(i).toLowerCase() },
  { id: "deaths", title: "Deaths", of: (i) => EVENTS.deaths[i], number: true },
  { id: "place", title: "Place", of: (i) => placeOf(i).toLowerCase() || "~" },
  { id: "actors", title: "Actors, as claimed by the source" },
  { id: "source", title: "Source" },
], "date", (i) => el("tr", {},
  el("th", { scope: "row", class: "nowrap" }, EVENTS.date[i] || "no date"),
  el("td", {}, el("button", { type: "button", class: "plain", "data-event": i, onclick: () => showEvent(i) }, whatOf(i)), typeBelow(i) ? el("div", { class: "small quiet" }, typeBelow(i)) : ""),
  el("td", { class: "r" }, EVENTS.deaths[i] === null ? "–" : whole(EVENTS.deaths[i])),
  el("td", {}, whereOf(i) || "–"), el("td", { class: "why" }, textAt(saidOf(i).actors) || "–"), el("td", { class: "why" }, textAt(saidOf(i).source) || "–")), { page: 15, printed: 25 });

// Shows an incident on the map and its words in the panel.
function showEvent(i) {
  const domain = isAccident(i) ? "environment" : "security";
  if (state.domain !== domain && state.domain !== "overall") switchTo(DOMAINS.includes(domain) ? domain : DOMAINS[0]);
  const [x, y] = EVENT_PLACES[i];
  const reach = 25 * unitsPerKm();
  frameOn([x - reach, y - reach, x + reach, y + reach], 20);
  look({ events: [i] }, true);
}

function drawEventTable() {
  const section = byId("incidents");
  if (!EVENTS.kind.length) {
    leaveOut(section);
    return;
  }
  const fill = () => {
    const list = ALL_EVENTS.filter(isWanted);
    EVENT_TABLE.fill(list);
    byId("incident-count").textContent = list.length === EVENTS.kind.length ? many(list.length, "incident") : `${whole(list.length)} of ${many(EVENTS.kind.length, "incident")}, in the table and on the map`;
  };
  const changed = (bars = drawTime) => {
    countWanted();
    fill();
    drawLegend();
    tellFiltered();
    bars();
    draw();
  };
  eventFiltersChanged = changed;
  clearEventFilters = () => {
    Object.assign(wantedEvents, { kind: "", text: "", from: "", to: "" });
    byId("incident-text").value = "";
    byId("incident-kind").value = "";
    changed();
    writeSoon();
  };
  const options = KINDS.map(([name], at) => [name, at]).filter(([, at]) => EVENTS.kind.some((_, i) => kindOf(i) === at));
  byId("incident-filters").replaceChildren(
    el("label", {}, "Text", el("input", { id: "incident-text", type: "search", autocomplete: "off", oninput: (event) => { wantedEvents.text = event.target.value; changed(); } })),
    chosenOf("Type", "incident-kind", [el("option", { value: "" }, "all"), options.map(([name, at]) => el("option", { value: at }, name))], (value) => { wantedEvents.kind = value; changed(); }));
  const [reported, accidents] = EVENTS.used;
  const left = reported + accidents - EVENTS.kind.length;
  byId("incident-note").textContent = `The incidents that count${left > 0 ? `: the newest and those behind scores, ${whole(EVENTS.kind.length)} of ${whole(reported + accidents)}; incidents.geojson has all` : ""}. Places, actors and other words are the source's; actors are its claim and play no part in any score.`;
  fill();
}
