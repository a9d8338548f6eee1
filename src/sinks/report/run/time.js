
// Incidents over time, below the map: bars for each month, or each year where the record is long, and two handles; the map,
// the list and the counts have the incidents between them. Scores do not change with it.
const BY_YEAR = 144;
const PLOT = { left: 58, right: 14, incidents: 44, deaths: 26, gap: 9, top: 12, axis: 17 };
const time = { bins: [], step: 1, first: 0, drag: -1, timer: 0 };
const padded = (number, digits) => String(number).padStart(digits, "0");
const monthOf = (day) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
const firstDay = (month) => `${padded(Math.floor(month / 12), 4)}-${padded((month % 12) + 1, 2)}-01`;
const lastDay = (month) => `${firstDay(month).slice(0, 8)}${padded(new Date(Date.UTC(2000 + (Math.floor(month / 12) % 400), (month % 12) + 1, 0)).getUTCDate(), 2)}`;
// The records behind the score that is shown: 0 is that of security incidents, 1 that of accidents.
const recordNumbers = () => ({ security: [0], environment: [1], overall: [0, 1] })[state.domain].filter((at) => EVENTS.months[at].counts.length);
const recordsShown = () => recordNumbers().map((at) => EVENTS.months[at]);
const recordTitle = () => ({ 0: "Incidents", 1: "Accidents" })[recordNumbers().join()] ?? "Incidents and accidents";

// The bins, from the first day of a record to the day of the scores.
function layOutTime() {
  const records = recordsShown();
  const months = records.flatMap(({ counts, collected }) => [...counts.map(([month]) => month), ...collected.flat().map(monthOf)]);
  if (DATA.as_of && months.length) months.push(monthOf(DATA.as_of));
  let [first, last] = months.reduce(([low, high], month) => [Math.min(low, month), Math.max(high, month)], [Infinity, -Infinity]);
  time.bins = [];
  if (!records.length) return;
  time.step = last - first >= BY_YEAR ? 12 : 1;
  if (time.step === 12) [first, last] = [first - (first % 12), last - (last % 12) + 11];
  time.first = first;
  for (let month = first; month <= last; month += time.step) time.bins.push({ from: firstDay(month), to: lastDay(month + time.step - 1), incidents: 0, deaths: 0 });
  const add = (month, incidents, deaths) => {
    const bin = time.bins[Math.floor((month - first) / time.step)];
    bin.incidents += incidents;
    bin.deaths += deaths;
  };
  // With a filter of words or types those of the page are counted, which may lack old ones.
  if (wantedEvents.kind === "" && !wantedEvents.text.trim()) for (const { counts } of records) for (const each of counts) add(...each);
  else for (const i of ofDomain()) if (EVENTS.date[i] && isOfWords(i)) add(monthOf(EVENTS.date[i]), 1, deathsOf(i));
}

// The first bin between the handles, and the one after the last.
function heldBins() {
  const { from, to } = wantedEvents;
  const low = from ? time.bins.findIndex((bin) => bin.to >= from) : 0;
  const high = to ? time.bins.findLastIndex((bin) => bin.from <= to) + 1 : time.bins.length;
  const start = low < 0 ? time.bins.length - 1 : low;
  return [start, Math.max(high, start + 1)];
}

// Where a day lies, in bins.
function binOf(day) {
  const month = monthOf(day);
  const share = (month + (Number(day.slice(8, 10)) - 1) / 31 - time.first) / time.step;
  return Math.max(0, Math.min(time.bins.length, share));
}

// Spans of bins in which a record that is shown was not collected.
function gapsOfRecord() {
  return recordsShown().flatMap(({ collected }) => {
    if (!collected.length) return [];
    const edges = [0, ...collected.flatMap(([from, until]) => [binOf(from), Math.min(time.bins.length, binOf(until) + 1 / (31 * time.step))]), DATA.as_of ? Math.max(binOf(DATA.as_of), binOf(collected[collected.length - 1][1])) : time.bins.length];
    const gaps = [];
    for (let at = 0; at + 1 < edges.length; at += 2) if (edges[at + 1] - edges[at] > 0.05) gaps.push([edges[at], edges[at + 1]]);
    return gaps;
  });
}

const timeTold = (low, high) => (time.step === 12 ? [time.bins[low].from.slice(0, 4), time.bins[high - 1].to.slice(0, 4)] : [time.bins[low].from.slice(0, 7), time.bins[high - 1].to.slice(0, 7)]);
const isWhole = () => !wantedEvents.from && !wantedEvents.to;
const datesTold = () => [wantedEvents.from && `from ${wantedEvents.from}`, wantedEvents.to && `to ${wantedEvents.to}`].filter(Boolean).join(" ");

// Draws the section anew: for another score, width or filter.
function drawTime() {
  layOutTime();
  const section = byId("time");
  section.hidden = !time.bins.length;
  if (section.hidden) return;
  const what = recordTitle();
  byId("time-title").textContent = `${what} by ${time.step === 12 ? "year" : "month"}`;
  const width = Math.max(240, byId("time-chart").clientWidth);
  const wide = width - PLOT.left - PLOT.right;
  const x = (bin) => PLOT.left + (wide * bin) / time.bins.length;
  const most = (of) => Math.max(1, ...time.bins.map((bin) => bin[of]));
  const [base, bottom] = [PLOT.top + PLOT.incidents, PLOT.top + PLOT.incidents + PLOT.gap + PLOT.deaths];
  const bars = (of, line, high) => time.bins.map((bin, at) => {
    const tall = (high * bin[of]) / most(of);
    return bin[of] ? svg("rect", { "data-bin": at, x: x(at) + (wide / time.bins.length > 4 ? 0.5 : 0), width: Math.max(0.8, wide / time.bins.length - (wide / time.bins.length > 4 ? 1 : 0)), y: line - Math.max(tall, 1), height: Math.max(tall, 1) }) : "";
  }).filter(Boolean);
  const scale = (of, name, line, high) => [svg("line", { class: "axis", x1: PLOT.left, x2: width - PLOT.right, y1: line, y2: line }),
    svg("text", { x: PLOT.left - 5, y: line - high + 8, "text-anchor": "end" }, whole(most(of))), svg("text", { x: PLOT.left - 5, y: line, "text-anchor": "end" }, name)];
  const gaps = gapsOfRecord().map(([from, to]) => svg("rect", { class: "gap", x: x(from), width: Math.max(1, x(to) - x(from)), y: PLOT.top, height: bottom - PLOT.top }));
  byId("time-chart").replaceChildren(svg("svg", { viewBox: `0 0 ${width} ${bottom + PLOT.axis}`, role: "img", "aria-label": timeSaid(what) },
    gaps, svg("rect", { id: "time-held", y: PLOT.top - 4, height: bottom - PLOT.top + 4 }), scale("incidents", what === "Accidents" ? "accidents" : "incidents", base, PLOT.incidents), scale("deaths", "deaths", bottom, PLOT.deaths), svg("g", { class: "incidents" }, bars("incidents", base, PLOT.incidents)), svg("g", { class: "deaths" }, bars("deaths", bottom, PLOT.deaths)), yearTicks(x, bottom, width)));
  for (const id of ["time-from", "time-to"]) byId(id).max = String(time.bins.length);
  // One bar leaves no choice.
  for (const node of [byId("time-play"), byId("time-from").parentNode]) node.hidden = time.bins.length < 2;
  byId("time-note").textContent = timeNote(gaps.length);
  moveHandles();
}

// The chart in words, for those who do not see it: its years.
function timeSaid(what) {
  const years = new Map();
  for (const bin of time.bins) {
    const [n, dead] = years.get(bin.from.slice(0, 4)) || [0, 0];
    years.set(bin.from.slice(0, 4), [n + bin.incidents, dead + bin.deaths]);
  }
  const told = [...years].filter(([, [n]]) => n);
  return `${what} and deaths over time. ${told.slice(-25).map(([year, [n, dead]]) => `${year}: ${many(n, "incident")}, ${many(dead, "death")}`).join("; ")}`;
}

function timeNote(gaps) {
  const undated = recordsShown().reduce((sum, of) => sum + of.undated, 0);
  const used = recordNumbers().reduce((sum, at) => sum + EVENTS.used[at], 0);
  return [`The dates choose what the map and the list show; scores stay${DATA.as_of ? ` those of ${DATA.as_of}` : " as they are"}.`,
    gaps ? `Hatched: ${{ Incidents: "no incidents were", Accidents: "no accidents were" }[recordTitle()] ?? "security incidents or accidents were not"} collected.` : "",
    used > ofDomain().length ? `The bars count all ${whole(used)}; the map and the list have ${whole(ofDomain().length)} of them.` : "",
    undated ? `${many(undated, "incident")} without a date ${undated === 1 ? "has" : "have"} no bar.` : ""].filter(Boolean).join(" ");
}

// Names of years below the bars, as many as have room; of months where the record is short.
function yearTicks(x, bottom, width) {
  const starts = time.bins.map((bin, at) => [bin.from, at]).filter(([day]) => time.step === 12 || day.slice(5, 7) === "01" || time.bins.length <= 12);
  let right = -Infinity;
  return starts.map(([day, at]) => {
    const text = time.bins.length <= 12 && time.step === 1 ? day.slice(0, 7) : day.slice(0, 4);
    const [left, wide] = [x(at), widthOf(text, 10.5)];
    if (left < right || left + wide > width) return "";
    right = left + wide + 10;
    return [svg("line", { class: "axis", x1: left, x2: left, y1: bottom, y2: bottom + 4 }), svg("text", { x: left, y: bottom + 14 }, text)];
  }).flat().filter(Boolean);
}

// The handles, the bars between them, and what is told of these.
function moveHandles() {
  const [low, high] = heldBins();
  const width = Math.max(240, byId("time-chart").clientWidth);
  const x = (bin) => PLOT.left + ((width - PLOT.left - PLOT.right) * bin) / time.bins.length;
  const held = byId("time-held");
  held.setAttribute("x", x(low));
  held.setAttribute("width", x(high) - x(low));
  held.style.display = isWhole() ? "none" : "";
  for (const bar of byId("time-chart").querySelectorAll("[data-bin]")) bar.classList.toggle("out", Number(bar.dataset.bin) < low || Number(bar.dataset.bin) >= high);
  const sum = (of) => time.bins.slice(low, high).reduce((all, bin) => all + bin[of], 0);
  const [from, to] = timeTold(low, high);
  for (const [id, value, day] of [["time-from", low, wantedEvents.from || time.bins[low].from], ["time-to", high, wantedEvents.to || time.bins[high - 1].to]]) {
    byId(id).value = String(value);
    byId(id).setAttribute("aria-valuetext", day);
  }
  byId("time-said").textContent = `${from === to ? from : `${from} to ${to}`}: ${many(sum("incidents"), state.domain === "environment" ? "accident" : "incident")}, ${many(sum("deaths"), "death")}`;
  byId("time-all").disabled = isWhole();
}

// Shows the incidents of some bins; of all if they are all bins.
function holdBins(low, high) {
  holdDays(low <= 0 ? "" : time.bins[low].from, high >= time.bins.length ? "" : time.bins[high - 1].to);
  writeSoon();
}

function holdDays(from, to) {
  if (wantedEvents.from === from && wantedEvents.to === to) return;
  [wantedEvents.from, wantedEvents.to] = [from, to];
  eventFiltersChanged(moveHandles);
}

function stopTime() {
  clearInterval(time.timer);
  time.timer = 0;
  byId("time-play").textContent = "Play";
  byId("time-said").setAttribute("aria-live", "polite");
}

// Moves what is held to the end of the record, from its beginning if it is there already; of the whole record a twelfth, and a
// year at most.
function playTime() {
  if (time.timer) return stopTime();
  let [low, high] = heldBins();
  const count = time.bins.length;
  const held = isWhole() ? Math.max(1, Math.min(12 / time.step, Math.round(count / 12))) : high - low;
  if (high >= count) [low, high] = [0, held];
  holdBins(low, high);
  byId("time-play").textContent = "Pause";
  byId("time-said").setAttribute("aria-live", "off");
  time.timer = setInterval(() => {
    low += 1;
    if (low + held >= count) stopTime();
    holdBins(low, low + held);
  }, matchMedia("(prefers-reduced-motion: reduce)").matches ? 1800 : Math.max(250, Math.min(900, 24000 / count)));
  return undefined;
}

function listenToTime() {
  const [from, to] = [byId("time-from"), byId("time-to")];
  from.addEventListener("input", () => { stopTime(); holdBins(Math.min(Number(from.value), Number(to.value) - 1), Number(to.value)); });
  to.addEventListener("input", () => { stopTime(); holdBins(Number(from.value), Math.max(Number(to.value), Number(from.value) + 1)); });
  byId("time-play").addEventListener("click", playTime);
  byId("time-all").addEventListener("click", () => { stopTime(); holdBins(0, time.bins.length); from.focus(); });
  const chart = byId("time-chart");
  const binAt = (event) => {
    const { left, width } = chart.getBoundingClientRect();
    return Math.max(0, Math.min(time.bins.length - 1, Math.floor(((event.clientX - left - PLOT.left) / (width - PLOT.left - PLOT.right)) * time.bins.length)));
  };
  // Dragging over the bars holds those; a click holds one.
  chart.addEventListener("pointerdown", (event) => {
    stopTime();
    time.drag = binAt(event);
    chart.setPointerCapture(event.pointerId);
    holdBins(time.drag, time.drag + 1);
  });
  chart.addEventListener("pointermove", (event) => {
    const at = binAt(event);
    const bin = time.bins[at];
    chart.title = bin ? `${time.step === 12 ? bin.from.slice(0, 4) : bin.from.slice(0, 7)}: ${many(bin.incidents, "incident")}, ${many(bin.deaths, "death")}` : "";
    if (time.drag >= 0) holdBins(Math.min(at, time.drag), Math.max(at, time.drag) + 1);
  });
  for (const name of ["pointerup", "pointercancel"]) chart.addEventListener(name, () => { time.drag = -1; });
}
