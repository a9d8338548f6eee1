
// The map that plays: sites by band at one date after the other.
const MAP = DATA.map;
const MARKED = 1500;
const HELD = matchMedia("(prefers-reduced-motion: reduce)").matches ? 1800 : 900;
// East of the middle the short way, as the base map is drawn.
function project([lon, lat]) {
  const east = ((((lon - MAP.view.lon + 180) % 360) + 360) % 360) - 180;
  return [MAP.view.width / 2 + east * MAP.view.per_lon, MAP.view.height / 2 + (MAP.view.lat - lat) * MAP.view.per_lat];
}
const PLACES = SITES.map(({ trend }) => project(trend.at));
const player = { dates: [], at: 0, timer: 0 };

// The part of the map with the sites that are shown, as wide as the whole at most and an eighth of it at least.
function framed(list) {
  const { width, height } = MAP.view;
  if (!list.length || state.region === "") return [0, 0, width, height];
  const bounds = (axis) => list.reduce(([low, high], i) => [Math.min(low, PLACES[i][axis]), Math.max(high, PLACES[i][axis])], [Infinity, -Infinity]);
  const [[west, east], [north, south]] = [bounds(0), bounds(1)];
  const wide = Math.min(width, Math.max(width / 8, 1.3 * (east - west), (1.3 * (south - north) * width) / height));
  const high = (wide * height) / width;
  return [(west + east - wide) / 2, (north + south - high) / 2, wide, high];
}

// The index of a series' frame at a date; -1 if it has none or the frame failed.
const frameAt = (series, date) => series.frames.findIndex((frame) => frame.as_of === date && !frame.error);

function drawMap() {
  const dates = [...new Set(looked().flatMap((series) => series.frames.filter((frame) => frame.as_of && !frame.error).map((frame) => frame.as_of)))].sort();
  const was = player.dates[player.at];
  player.dates = dates;
  player.at = dates.includes(was) ? dates.indexOf(was) : Math.max(0, dates.length - 1);
  const slider = byId("moment");
  slider.max = String(Math.max(0, dates.length - 1));
  byId("player").hidden = dates.length < 2;
  const box = framed(shown);
  byId("map").setAttribute("viewBox", box.map((part) => part.toFixed(1)).join(" "));
  const size = box[2] / Math.max(300, byId("map").getBoundingClientRect().width);
  byId("names").replaceChildren(...MAP.names.map(([name, x, y]) => svg("text", { transform: `translate(${x} ${y}) scale(${size.toFixed(3)})` }, name)));
  const order = shown.slice(0, MARKED);
  byId("marks").replaceChildren(...order.map((i, at) => svg("g", { class: "mark", "data-site": i, role: "button", tabindex: at ? "-1" : "0", transform: `translate(${PLACES[i].map((part) => part.toFixed(1)).join(" ")}) scale(${size.toFixed(3)})` },
    svg("circle", { class: "halo", r: 12 }), svg("path", { class: "fill shape" }), svg("title", {}, ""))));
  const left = shown.length - order.length;
  byId("map-left").textContent = left ? `${many(left, "more site is", "more sites are")} in the table.` : "";
  drawMoment();
}

// The sites at the date of the slider; those in another band than at the date before have a ring.
function drawMoment() {
  const date = player.dates[player.at];
  const crossed = new Set(looked().flatMap((series) => series.crossings.filter((one) => one.score === state.domain && !one.open && series.frames[one.frames[1]].as_of === date).map((one) => `${series.region} ${one.id}`)));
  const counts = [0, 0, 0, 0, 0, 0];
  const rank = (mark) => Number(mark.dataset.band || -1);
  for (const mark of byId("marks").children) {
    const i = Number(mark.dataset.site);
    const { series, trend } = SITES[i];
    const at = frameAt(series, date);
    const one = at < 0 ? null : trend[`${state.domain}_band`][at];
    const text = one === null ? `${trend.name}: no frame on ${date}` : `${trend.name}: ${state.domain} ${told(trend[state.domain][at], one)} on ${date}`;
    const isCrossed = crossed.has(`${series.region} ${trend.id}`);
    mark.setAttribute("class", `mark b${one ?? 0}${isCrossed ? " crossed" : ""}${i === state.chosen ? " on" : ""}`);
    mark.style.visibility = one === null ? "hidden" : "visible";
    mark.dataset.band = one ?? -1;
    mark.setAttribute("aria-label", text + (isCrossed ? ", in another band than at the date before" : ""));
    mark.children[1].setAttribute("d", SHAPES[one ?? 0]);
    mark.children[2].textContent = text;
    if (one !== null) counts[one] += 1;
  }
  // The highest band is drawn last, on top.
  const marks = [...byId("marks").children];
  const sortedMarks = [...marks].sort((a, b) => rank(a) - rank(b));
  if (sortedMarks.some((mark, at) => mark !== marks[at]) && !byId("marks").contains(document.activeElement)) byId("marks").append(...sortedMarks);
  const slider = byId("moment");
  slider.value = String(player.at);
  slider.setAttribute("aria-valuetext", date || "no date");
  byId("moment-date").textContent = date || "–";
  const said = [5, 4, 3, 2, 1, 0].filter((one) => counts[one]).map((one) => `${whole(counts[one])} ${WORDS[one]}`).join(", ");
  byId("moment-said").textContent = date ? `${date}: ${said || "no site"}${crossed.size ? `; ${many(crossed.size, "site")} in another band than at the date before, ringed` : ""}.` : "No frame with a date.";
}

function goTo(at) {
  player.at = Math.min(player.dates.length - 1, Math.max(0, at));
  drawMoment();
}

function stopPlaying() {
  clearInterval(player.timer);
  player.timer = 0;
  byId("play").textContent = "Play";
  byId("moment-said").setAttribute("aria-live", "polite");
}

// Plays from the date of the slider, or from the first at the end, and stops at the last.
function play() {
  if (player.timer) return stopPlaying();
  if (player.at >= player.dates.length - 1) goTo(0);
  byId("play").textContent = "Pause";
  byId("moment-said").setAttribute("aria-live", "off");
  player.timer = setInterval(() => {
    goTo(player.at + 1);
    if (player.at >= player.dates.length - 1) stopPlaying();
  }, HELD);
  return undefined;
}

function listenToMap() {
  byId("play").addEventListener("click", play);
  byId("moment").addEventListener("input", (event) => {
    stopPlaying();
    goTo(Number(event.target.value));
  });
  const map = byId("map");
  map.addEventListener("click", (event) => {
    const mark = event.target.closest(".mark");
    if (mark) choose(Number(mark.dataset.site), false);
  });
  map.addEventListener("keydown", (event) => {
    const mark = event.target.closest(".mark");
    if (!mark || event.ctrlKey || event.metaKey || event.altKey) return;
    const turn = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (turn) {
      const seen = [...byId("marks").children].filter((each) => each.style.visibility !== "hidden");
      const next = seen[seen.indexOf(mark) + turn];
      if (next) {
        mark.setAttribute("tabindex", "-1");
        next.setAttribute("tabindex", "0");
        next.focus();
      }
    } else if (event.key === "Enter" || event.key === " ") choose(Number(mark.dataset.site), true);
    else return;
    event.preventDefault();
  });
}
