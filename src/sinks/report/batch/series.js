
// The sites from frame to frame: their summaries, and the selection.
const BOTH = ["security", "environment"];
Object.assign(state, { region: "", scheme: 0 });

// First, last and highest known score, as indices, and the change from first to last.
function summary(scores) {
  const known = scores.map((score, at) => (score === null ? -1 : at)).filter((at) => at >= 0);
  if (!known.length) return { first: -1, last: -1, highest: -1, change: null };
  const [first, last] = [known[0], known[known.length - 1]];
  const highest = known.reduce((best, at) => (scores[at] > scores[best] ? at : best), first);
  return { first, last, highest, change: known.length > 1 ? Math.round(10 * (scores[last] - scores[first])) / 10 : null };
}

// Every site of every series, with the summaries of its scores.
const SITES = DATA.series.flatMap((series) => series.trends.map((trend) => {
  const site = { series, trend };
  for (const domain of BOTH) site[domain] = summary(trend[domain]);
  keepOpen(site); // sure
  return site;
}));
// The scores that any site has, or of which anything is known; no other is offered.
const isTold = (domain) => SITES.some((site) => site[domain].last >= 0 || (domain === "environment" && site.trend.environment_at_least.some((least) => least !== null)));
const TOLD = BOTH.filter(isTold);
const DOMAINS = TOLD.length ? TOLD : BOTH.slice(0, 1);
const of = (i, domain = state.domain) => SITES[i][domain];
const score = (i, which, domain = state.domain) => (of(i, domain)[which] < 0 ? null : SITES[i].trend[domain][of(i, domain)[which]]);
const band = (i, which, domain = state.domain) => (of(i, domain)[which] < 0 ? 0 : SITES[i].trend[`${domain}_band`][of(i, domain)[which]]);
const dateOf = (i, which, domain = state.domain) => (of(i, domain)[which] < 0 ? null : SITES[i].series.frames[of(i, domain)[which]].as_of);
const regionOf = (i) => DATA.regions[SITES[i].series.region];
const signed = (change) => (change === null ? "–" : change > 0 ? `+${number(change)}` : change < 0 ? `−${number(-change)}` : number(0));
const told = (value, at) => (value === null ? "no score" : `${number(value)} ${WORDS[at]}`);

// The selected series, and the sites in them that pass the filters.
const looked = () => DATA.series.filter((series) => series.scheme === state.scheme && (state.region === "" || series.region === Number(state.region)));
let shown = [];

function select() {
  const wanted = state.text.trim().toLowerCase();
  const series = new Set(looked());
  shown = [];
  let all = 0;
  SITES.forEach(({ series: own, trend }, i) => {
    if (!series.has(own)) return;
    all += 1;
    if (state.band !== "" && band(i, "last") !== Number(state.band)) return;
    if (wanted && !`${trend.name}\n${trend.id}`.toLowerCase().includes(wanted)) return;
    shown.push(i);
  });
  const left = looked().reduce((sum, each) => sum + each.sites - each.trends.length, 0);
  const said = shown.length === all ? many(all, "site") : `${whole(shown.length)} of ${many(all, "site")}`;
  byId("count").textContent = said + (left ? `; the page holds those that reached the highest scores, ${many(left, "more is", "more are")} in sites_over_time.geojson` : "");
  if (state.chosen >= 0 && !series.has(SITES[state.chosen].series)) state.chosen = -1;
}

function drawFilters() {
  const changed = (name, read) => (value) => {
    state[name] = read(value);
    drawAll();
  };
  const one = (list) => list.map((each, at) => el("option", { value: at }, each));
  byId("filters").replaceChildren(...[
    DATA.regions.length > 1 && chosenOf("Region", "filter-region", [el("option", { value: "" }, "all"), one(DATA.regions)], changed("region", String)),
    DATA.schemes.length > 1 && chosenOf("Scheme", "filter-scheme", one(DATA.schemes.map((scheme) => scheme.name)), changed("scheme", Number)),
    textFilter("Name or id", drawAll),
    chosenOf(el("span", { id: "band-label" }, "Band"), "filter-band", bandOptions(), changed("band", String)),
  ].filter(Boolean));
}
