
// The sites that crossed a band from date to date, the latest first, each with its cause.
const CROSSED = DATA.series.flatMap((series) => series.crossings.map((crossing) => ({ series, crossing }))).reverse();
const SITE_OF = new Map(SITES.map(({ series, trend }, i) => [`${series.region} ${series.scheme} ${trend.id}`, i]));
const dateOfCrossing = ({ series, crossing }) => series.frames[crossing.frames[1]].as_of;
const TURNS = { came: "the site is new", gone: "the site is no longer there" };

const CHANGE_TABLE = sorted("changes-table", [
  { id: "as_of", title: "As of", of: (n) => dateOfCrossing(CROSSED[n]) },
  { id: "name", title: "Site", of: (n) => CROSSED[n].crossing.name.toLowerCase() },
  ...(severalRegions ? [{ id: "region", title: "Region", of: (n) => DATA.regions[CROSSED[n].series.region].toLowerCase() }] : []),
  { id: "from", title: "From", of: (n) => CROSSED[n].crossing.bands[0], number: true },
  { id: "to", title: "To", of: (n) => CROSSED[n].crossing.bands[1], number: true },
  { id: "change", title: "Change", of: (n) => changeOf(CROSSED[n].crossing), number: true },
  { id: "why", title: "What changed, with points" },
], null, (n) => {
  const { series, crossing } = CROSSED[n];
  const i = SITE_OF.get(`${series.region} ${series.scheme} ${crossing.id}`);
  const end = (at) => (crossing.bands[at] === null ? "–" : el("span", { class: "nowrap" }, crossing.scores[at] === null ? "" : `${number(crossing.scores[at])} `, key(crossing.bands[at]), ` ${WORDS[crossing.bands[at]]}`));
  return el("tr", { class: crossing.open ? "quiet" : null },
    el("th", { scope: "row", class: "nowrap" }, dateOfCrossing(CROSSED[n]), el("span", { class: "small quiet" }, ` since ${series.frames[crossing.frames[0]].as_of}`)),
    el("td", { class: "name" }, i === undefined ? crossing.name : chooser(i, crossing.name)),
    severalRegions ? el("td", {}, DATA.regions[series.region]) : null,
    [0, 1].map((at) => el("td", { class: "r" }, end(at))),
    el("td", { class: "r" }, signed(changeOf(crossing))),
    el("td", { class: "why" }, crossing.open ? "no more than the data leave open; " : "", dated(TURNS[crossing.what] || crossing.cause.why)));
});

function changeOf({ scores: [before, after] }) {
  return before === null || after === null ? null : Math.round(10 * (after - before)) / 10;
}

function drawCrossings() {
  const list = CROSSED.map((_, n) => n).filter((n) => looked().includes(CROSSED[n].series) && CROSSED[n].crossing.score === state.domain);
  const days = list.map((n) => dateOfCrossing(CROSSED[n])).sort();
  const last = looked().flatMap((series) => series.frames.filter((frame) => !frame.error).map((frame) => frame.as_of)).sort().pop();
  const now = days.filter((day) => day === last).length;
  const left = looked().reduce((sum, series) => sum + series.crossed - series.crossings.length, 0);
  byId("changes-count").textContent = (list.length ? `${many(list.length, "crossing")} of a band by a site, by ${state.domain} score; ${whole(now)} at the last date, ${last}.` : `No site crossed a band of the ${state.domain} score from one date to the next.`)
    + (left ? ` Those of the last dates are here; all are in changes.csv.` : " changes.csv has them as a table.");
  byId("changes-scroll").hidden = !list.length;
  CHANGE_TABLE.fill(list);
}
