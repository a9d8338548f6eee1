
// The sections around the charts: the summary, the regions, both tables, and reading notes.
const FRAMES = DATA.series.flatMap((series) => series.frames.map((frame) => ({ series, frame })));
const FAILED = FRAMES.filter(({ frame }) => frame.error);
const severalRegions = DATA.regions.length > 1;
const severalSchemes = DATA.schemes.length > 1;
const at = () => (state.domain === "security" ? 0 : 1);
const place = (frame, file) => [...frame.folder.split("/"), file].map(encodeURIComponent).join("/");
// A frame's date, as a link to its own report if there is one.
const opened = (frame, text) => (DATA.reports && !frame.error ? el("a", { href: place(frame, "report.html") }, text) : text);

function drawTitle() {
  const days = [...new Set(FRAMES.map(({ frame }) => frame.as_of).filter(Boolean))].sort();
  const span = days.length > 1 ? `${many(days.length, "date")} from ${days[0]} to ${days[days.length - 1]}` : days.length ? `as of ${days[0]}` : "no date";
  byId("title").textContent = DATA.name;
  byId("under").textContent = `${many(DATA.regions.length, "region")} · ${severalSchemes ? many(DATA.schemes.length, "scheme") : `scheme ${DATA.schemes[0].name}`} · ${span} · an index of what was reported and mapped, not a probability`;
  if (FAILED.length) {
    byId("failed").hidden = false;
    byId("failed").replaceChildren(el("b", {}, `${whole(FAILED.length)} of ${many(FRAMES.length, "frame")} failed. `), el("a", { href: "#failures" }, "What failed and why"));
  }
  byId("footer").textContent = `Made with Tamarisk ${DATA.version}.`;
}

function drawRegions() {
  const rows = looked().map((series) => {
    const made = series.frames.filter((frame) => !frame.error);
    const [first, last] = [made[0], made[made.length - 1]];
    const upper = (frame) => frame.bands[at()][4] + frame.bands[at()][5];
    return [DATA.regions[series.region], ["r", whole(made.length)], ["r", whole(series.sites)],
      [null, last ? stack(last.bands[at()], state.domain, true) : "–"],
      ["r", last ? (made.length > 1 ? `${upper(first)} → ${upper(last)}` : whole(upper(last))) : "–"], ...series.turned[at()].map((count) => ["r", whole(count)])];
  });
  byId("regions").replaceChildren(byId("regions-title"), scrolled("Table of regions", tabled("Regions with their sites by band at the last date",
    ["Region", ["r", "Frames"], ["r", "Sites"], `${capital(state.domain)} at the last date`, ["r", "High or very high"], ["r", "To a higher band"], ["r", "To a lower band"]], rows)));
}

const SITE_TABLE = sorted("table", [
  { id: "name", title: "Site", of: (i) => SITES[i].trend.name.toLowerCase() },
  ...(severalRegions ? [{ id: "region", title: "Region", of: (i) => regionOf(i).toLowerCase() }] : []),
  { id: "first", title: "First", of: (i) => score(i, "first"), number: true },
  { id: "last", title: "Last", of: (i) => score(i, "last"), number: true },
  { id: "change", title: "Change", of: (i) => of(i).change, number: true },
  { id: "open", title: "Left open", of: (i) => of(i).open, number: true }, // sure
  { id: "highest", title: "Highest", of: (i) => score(i, "highest"), number: true },
  { id: "spark", title: "Over time, own scale" },
  { id: "incidents", title: "Incidents", of: (i) => lastCount(i), number: true },
], "last", (i) => el("tr", { class: i === state.chosen ? "on" : null, "data-site": i },
  el("th", { scope: "row", class: "name" }, chooser(i, SITES[i].trend.name)),
  severalRegions ? el("td", {}, regionOf(i)) : null,
  ["first", "last"].map((which) => el("td", { class: "r" }, el("span", { class: "nowrap" }, score(i, which) === null ? "" : `${number(score(i, which))} `, key(band(i, which)), ` ${WORDS[band(i, which)]}`))),
  el("td", { class: "r" }, signed(of(i).change)),
  el("td", { class: "r quiet" }, signed(of(i).open)), // sure
  el("td", { class: "r" }, number(score(i, "highest")), score(i, "highest") === null ? "" : el("span", { class: "quiet" }, ` on ${dateOf(i, "highest")}`)),
  el("td", {}, spark(i)),
  el("td", { class: "r" }, lastCount(i) === null ? "–" : whole(lastCount(i)))));

// Incidents around a site at the last date with a count.
function lastCount(i) {
  return SITES[i].trend.incidents.filter((count) => count !== null).pop() ?? null;
}

const FRAME_TABLE = sorted("frames-table", [
  { id: "as_of", title: "As of", of: (n) => FRAMES[n].frame.as_of || "~" },
  ...(severalRegions ? [{ id: "region", title: "Region", of: (n) => DATA.regions[FRAMES[n].series.region].toLowerCase() }] : []),
  { id: "sites", title: "Sites", of: (n) => FRAMES[n].frame.sites, number: true },
  ...DOMAINS.map((domain) => ({ id: domain, title: capital(domain), of: (n) => -mean(FRAMES[n].frame.bands[BOTH.indexOf(domain)]) })),
  { id: "worst", title: "Highest security score", of: (n) => (FRAMES[n].frame.worst ? FRAMES[n].frame.worst[2] : null), number: true },
  { id: "incidents", title: "Incidents used", of: (n) => FRAMES[n].frame.incidents, number: true },
  { id: "files", title: "Files" },
], null, (n) => {
  const { series, frame } = FRAMES[n];
  const file = (name, text) => el("a", { href: place(frame, name) }, text);
  return el("tr", {}, el("th", { scope: "row", class: "nowrap" }, frame.as_of || "–"), severalRegions ? el("td", { class: "nowrap" }, DATA.regions[series.region]) : null,
    frame.error ? el("td", { colspan: 4 + DOMAINS.length }, "failed: ", frame.error[0]) : [
      el("td", { class: "r" }, whole(frame.sites)), DOMAINS.map((domain) => el("td", {}, stack(frame.bands[BOTH.indexOf(domain)], domain, true))),
      el("td", { class: "wrap r" }, frame.worst ? `${number(frame.worst[2])} ${frame.worst[1]}` : "–"),
      el("td", { class: "r" }, frame.incidents === null ? "–" : whole(frame.incidents)),
      el("td", { class: "nowrap" }, DATA.reports ? [file("report.html", "report"), " · "] : "", file("sites.geojson", "sites"))]);
});

// The mean band of the sites that have one, the sort key of bars.
function mean(counts) {
  const known = counts.slice(1).reduce((sum, count) => sum + count, 0);
  return known ? counts.reduce((sum, count, one) => sum + count * one, 0) / known : 0;
}

function drawFrames() {
  const list = FRAMES.map((_, n) => n).filter((n) => looked().includes(FRAMES[n].series));
  byId("frames-count").textContent = `${many(list.length, "frame")}. Each is a run of its own, in a folder of its own; frames.csv has them as a table.`;
  FRAME_TABLE.fill(list);
}

// Why frames failed: each reason once for a region and scheme, with its dates.
function reasons() {
  const all = new Map();
  for (const { series, frame } of FAILED) {
    const key = `${series.region} ${series.scheme} ${frame.error.join(" ")}`;
    if (!all.has(key)) all.set(key, { series, error: frame.error, days: [] });
    all.get(key).days.push(frame.as_of || "–");
  }
  return [...all.values()];
}

function drawReading() {
  const said = (texts) => texts.map((text) => el("p", {}, text));
  byId("reading").append(
    el("h3", { id: "failures" }, "What failed"),
    FAILED.length ? scrolled("Frames that failed", tabled("Frames that failed", ["Region", "Scheme", "As of", "Why"], reasons().map(({ series, error, days }) => [DATA.regions[series.region], DATA.schemes[series.scheme].name, days.length > 1 ? `${days[0]} to ${days[days.length - 1]}, ${many(days.length, "frame")}` : days[0], [null, [error[0], error[1] ? el("p", { class: "quiet" }, `Hint: ${error[1]}`) : ""]]])))
      : el("p", {}, `Nothing: all ${whole(FRAMES.length)} frames are complete.`),
    el("h3", {}, "What a trend says"),
    ...said([
      "Every frame counts ages to its own date and leaves out what was reported after it. Between two dates a security score rises when incidents are added around a site and falls as earlier ones age; a score that falls says that less was reported lately, not that a place is safe.",
      ...(DOMAINS.includes("environment") ? ["An environment score moves with accidents, and its bar of hazards with earthquakes; rivers, sensitive areas and people are the same at every date, as their files are."] : []),
      "How sure scores are is counted over draws of what the data leave open. Two scores are called a change if each lies outside the interval of the other, which holds 90 % of the draws; what differs by less is left open, and no site counts as in a higher or lower band for it.", // sure
      "A line over time runs from a site's lowest score to its highest, or over ten points where these are closer; a dashed line is the edge of a band. A change of band is between one date and the next that did not fail; its points are those of the comparison of both, and add up to the change.",
      "Where reporting itself changed over the years, so did the scores. First is the earliest date with a score, last the latest; the change is last minus first, and of equal highest scores the earliest is shown.",
    ]),
    el("h3", {}, severalSchemes ? "Schemes" : "Scheme"),
    ...DATA.schemes.map((scheme) => el("p", {}, el("strong", {}, scheme.name), `: ${scheme.description} Bands begin at ${scheme.edges.join(", ")}.`)));
}
