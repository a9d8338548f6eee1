
// Charts of scores over the frames: sparklines in the table, large charts for the selection.
const MARGIN = { left: 48, right: 76, top: 8 };
// The available width, so that letters have the same size on any screen.
const wide = () => Math.max(300, byId("charts").clientWidth);

// x positions of frames by date; a single frame is centered.
function across(frames, from, to) {
  const times = frames.map((frame) => Date.parse(frame.as_of));
  const [first, last] = [times[0], times[times.length - 1]];
  return last > first ? (at) => from + ((to - from) * (times[at] - first)) / (last - first) : () => (from + to) / 2;
}

// A line through values, broken at missing ones; an isolated value is a dot.
function line(values, x, y) {
  let [path, open] = ["", false];
  values.forEach((value, at) => {
    if (value !== null) path += open ? `L${x(at).toFixed(1)} ${y(value).toFixed(1)}` : `M${x(at).toFixed(1)} ${y(value).toFixed(1)}h0`;
    open = value !== null;
  });
  return path;
}

// The sparkline of a site, from its lowest to its highest score, or ten points around them, with the edges of bands
// between; the last score with its band's marker.
const LEAST_SPAN = 10;
function spark(i) {
  const { series, trend } = SITES[i];
  const values = trend[state.domain];
  const x = across(series.frames, 3, 118);
  const known = values.filter((value) => value !== null);
  if (!known.length) return "–";
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const span = Math.max(LEAST_SPAN, high - low);
  const from = Math.min(100 - span, Math.max(0, (low + high - span) / 2));
  const y = (value) => 23 - (18 * (value - from)) / span;
  const at = of(i).last;
  const edges = DATA.schemes[series.scheme].edges.filter((edge) => edge >= from && edge <= from + span);
  return svg("svg", { class: `spark ${short(state.domain)}`, viewBox: "0 0 130 28", width: 130, height: 28, role: "img", "aria-label": `from ${number(low)} to ${number(high)}` },
    edges.map((edge) => svg("line", { class: "edge", x1: 0, x2: 130, y1: y(edge), y2: y(edge) })), svg("path", { class: "trend", d: line(values, x, y) }),
    at < 0 ? null : svg("g", { class: `b${band(i, "last")}`, transform: `translate(${x(at).toFixed(1)} ${y(values[at]).toFixed(1)}) scale(.62)` }, svg("path", { class: "fill shape", d: SHAPES[band(i, "last")] })));
}

// Date labels below a chart: the first, the last, and some between if there is room.
function dates(frames, x, y) {
  const HALF = 36;
  const last = frames.length - 1;
  let right = -Infinity;
  return frames.flatMap((frame, at) => {
    const [place, before] = [x(at), at === last ? Infinity : x(last) - HALF];
    if (!frame.as_of || place - HALF < right || (at > 0 && place + HALF > before)) return [];
    right = place + HALF + 6;
    const anchor = place < HALF ? "start" : wide() - place < HALF ? "end" : "middle";
    return [svg("text", { x: place, y, "text-anchor": anchor }, frame.as_of), svg("line", { x1: place, x2: place, y1: y - 16, y2: y - 11 })];
  });
}

// A chart with a cursor line at the pointer; `say` gives the text for a frame.
function charted(label, height, frames, x, parts, say) {
  const cursor = svg("line", { class: "cursor", y1: MARGIN.top, y2: height - 22, visibility: "hidden" });
  const node = svg("svg", { class: `timeline ${short(state.domain)}`, viewBox: `0 0 ${wide()} ${height}`, role: "img", "aria-label": label }, parts, cursor);
  const hide = () => {
    cursor.setAttribute("visibility", "hidden");
    byId("readout").textContent = "";
  };
  node.addEventListener("pointermove", (event) => {
    const { left, width } = node.getBoundingClientRect();
    const place = ((event.clientX - left) * node.viewBox.baseVal.width) / width;
    const nearest = frames.reduce((best, _, at) => (Math.abs(x(at) - place) < Math.abs(x(best) - place) ? at : best), 0);
    for (const end of ["x1", "x2"]) cursor.setAttribute(end, x(nearest));
    cursor.setAttribute("visibility", "visible");
    byId("readout").textContent = `${frames[nearest].as_of || "–"}: ${say(nearest)}`;
  });
  node.addEventListener("pointerleave", hide);
  return node;
}

// One score of a site over the frames, on a background of bands.
function scoreChart(i, domain) {
  const title = el("h3", {}, `${capital(domain)} score`);
  if (of(i, domain).first < 0) return [title, el("p", {}, "No score at any date.")];
  const { series, trend } = SITES[i];
  const scheme = DATA.schemes[series.scheme];
  const height = 230;
  const base = height - 24;
  const right = wide() - MARGIN.right;
  const y = (value) => base - ((base - MARGIN.top) * value) / 100;
  const x = across(series.frames, MARGIN.left + 8, right - 8);
  const edges = [0, ...scheme.edges, 100];
  const ground = [1, 2, 3, 4, 5].map((at) => svg("g", { class: `b${at}` },
    svg("rect", { class: "fill stripe", x: MARGIN.left, width: right - MARGIN.left, y: y(edges[at]), height: Math.max(0, y(edges[at - 1]) - y(edges[at])) }),
    edges[at] - edges[at - 1] < 6 ? null : svg("text", { x: right + 8, y: (y(edges[at]) + y(edges[at - 1])) / 2 + 4 }, WORDS[at])));
  const ticks = [0, 20, 40, 60, 80, 100].map((value) => svg("text", { x: MARGIN.left - 6, y: y(value) + 4, "text-anchor": "end" }, String(value)));
  const marks = series.frames.length > 60 ? [] : trend[domain].map((value, at) => (value === null ? null
    : svg("g", { class: `b${trend[`${domain}_band`][at]}`, transform: `translate(${x(at).toFixed(1)} ${y(value).toFixed(1)}) scale(.6)` }, svg("path", { class: "fill shape", d: SHAPES[trend[`${domain}_band`][at]] }))));
  ground.push(intervalsOf(i, domain, x, y)); // sure
  const ends = [["first", ""], ["last", ""], ["highest", "highest "]].map(([which, word]) => `${word}${told(score(i, which, domain), band(i, which, domain))} on ${dateOf(i, which, domain)}`);
  const said = (at) => [...DOMAINS.map((each) => `${each} ${told(trend[each][at], trend[`${each}_band`][at])}`),
    trend.incidents[at] === null ? "" : `${many(trend.incidents[at], "incident")} within ${scheme.counted_km} km`].filter(Boolean).join(", ");
  const chart = charted(`${capital(domain)} score of ${trend.name}: ${ends.join(", ")}`, height, series.frames, x,
    [ground, ticks, svg("path", { class: "trend", d: line(trend[domain], x, y) }), marks, dates(series.frames, x, height - 4)],
    (at) => (series.frames[at].error ? "the frame failed" : said(at)));
  chart.setAttribute("class", `timeline ${short(domain)}`);
  return [title, chart];
}

// Incidents added around a site from one frame to the next.
function incidentChart(i) {
  const { series, trend } = SITES[i];
  const km = DATA.schemes[series.scheme].counted_km;
  const known = trend.incidents.filter((count) => count !== null);
  if (!known.length) return [];
  const news = trend.incidents.map((count, at) => {
    const before = trend.incidents.slice(0, at).filter((each) => each !== null).pop();
    return count === null || before === undefined ? null : Math.max(0, count - before);
  });
  const most = Math.max(1, ...news);
  const height = 110;
  const base = height - 24;
  const right = wide() - MARGIN.right;
  const x = across(series.frames, MARGIN.left + 8, right - 8);
  const width = Math.max(1, Math.min(18, (0.6 * (right - MARGIN.left)) / series.frames.length));
  const bars = news.map((count, at) => (!count ? null : svg("rect", { class: "bars", x: x(at) - width / 2, width, y: base - (60 * count) / most, height: (60 * count) / most })));
  const top = news.indexOf(most);
  return [el("h3", {}, `Security incidents within ${km} km: ${whole(known[0])} used${known.length > 1 ? ` at first, ${whole(known[known.length - 1])} at last; a bar for those new since the date before` : ""}`),
    charted(`New security incidents from date to date. ${news.map((count, at) => (count ? `${series.frames[at].as_of}: ${count}` : "")).filter(Boolean).join(", ") || "none"}`, height, series.frames, x,
      [svg("line", { class: "base", x1: MARGIN.left, x2: right, y1: base, y2: base }), bars, top < 0 ? null : svg("text", { x: x(top), y: base - 64, "text-anchor": "middle" }, `+${most}`), dates(series.frames, x, height - 4)],
      (at) => (trend.incidents[at] === null ? "not known" : `${many(trend.incidents[at], "incident")}${news[at] === null ? "" : `, ${news[at]} new since the date before`}`))];
}

// The number of sites in each band at each date, over all selected series.
function bandChart() {
  const all = looked();
  const frames = all.length ? all.reduce((longest, each) => (each.frames.length > longest.length ? each.frames : longest), []) : [];
  const at = state.domain === "security" ? 0 : 1;
  const counts = frames.map((_, frame) => [0, 1, 2, 3, 4, 5].map((one) => all.reduce((sum, series) => sum + (series.frames[frame] ? series.frames[frame].bands[at][one] : 0), 0)));
  const most = Math.max(1, ...counts.map((each) => each.reduce((sum, count) => sum + count, 0)));
  const height = 360;
  const base = height - 24;
  const right = wide() - 10;
  const step = (right - MARGIN.left) / Math.max(frames.length, 1);
  const x = (frame) => MARGIN.left + (frame + 0.5) * step;
  const y = (count) => base - ((base - MARGIN.top) * count) / most;
  const columns = counts.map((each, frame) => {
    let below = 0;
    return [0, 1, 2, 3, 4, 5].map((one) => {
      if (!each[one]) return null;
      below += each[one];
      const width = Math.min(0.86 * step, 60);
      return svg("g", { class: `b${one}` }, svg("rect", { class: "fill column", x: x(frame) - width / 2, width, y: y(below), height: y(below - each[one]) - y(below) }));
    });
  });
  const said = (frame) => [5, 4, 3, 2, 1, 0].filter((one) => counts[frame][one]).map((one) => `${counts[frame][one]} ${WORDS[one]}`).join(", ") || "the frame failed";
  const last = frames.length - 1;
  return [el("h3", {}, `Sites by band of ${state.domain} score`),
    charted(`Sites by band at each date. ${last < 0 ? "" : `${frames[0].as_of}: ${said(0)}. ${frames[last].as_of}: ${said(last)}`}`, height, frames, x,
      [columns, svg("line", { class: "base", x1: MARGIN.left, x2: right, y1: base, y2: base }), [0, most].map((count) => svg("text", { x: MARGIN.left - 6, y: y(count) + (count ? 10 : 0), "text-anchor": "end" }, whole(count))), dates(frames, x, height - 4)], said)];
}

function drawCharts() {
  const i = state.chosen;
  const domains = state.domain === "security" ? DOMAINS : [...DOMAINS].reverse();
  byId("over-time-title").textContent = i < 0 ? "Over time" : `${SITES[i].trend.name} over time`;
  byId("charts").replaceChildren(...(i < 0 ? bandChart() : [...domains.flatMap((domain) => scoreChart(i, domain)), ...incidentChart(i)]));
  byId("readout").textContent = "";
  const { labels } = DATA.schemes[state.scheme];
  byId("legend").className = `legend ${short(state.domain)}`;
  byId("legend").replaceChildren(...[5, 4, 3, 2, 1, 0].map((at) => el("span", {}, key(at), labels[at])));
}
