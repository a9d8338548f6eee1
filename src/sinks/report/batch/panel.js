
// The panel beside the charts: the largest changes, or one site frame by frame.
const LISTED = 6;

function choose(i, focus) {
  state.chosen = i;
  drawCharts();
  drawPanel(focus);
  drawMoment();
  for (const row of byId("table").tBodies[0].rows) row.classList.toggle("on", Number(row.dataset.site) === i);
}

function drawPanel(focus) {
  const panel = byId("panel");
  panel.replaceChildren(...(state.chosen < 0 ? changes() : frameByFrame(state.chosen)));
  panel.scrollTop = 0;
  if (focus) panel.focus({ preventScroll: false });
}

function changes() {
  const moved = shown.filter((i) => of(i).change);
  const list = (title, some) => (!some.length ? [] : [el("h3", {}, title), el("ol", { class: "worst" }, some.map((i) => el("li", {},
    key(band(i, "last")), chooser(i, SITES[i].trend.name), el("span", { class: "num" }, signed(of(i).change)),
    el("p", {}, `${told(score(i, "first"), band(i, "first"))} to ${told(score(i, "last"), band(i, "last"))}${DATA.regions.length > 1 ? ` · ${regionOf(i)}` : ""}`))))]);
  const by = (turn) => moved.filter((i) => turn * of(i).change > 0).sort((a, b) => turn * (of(b).change - of(a).change) || a - b).slice(0, LISTED);
  if (!moved.length && shown.some((i) => of(i).open !== null)) return allOpen(); // sure
  return [
    el("h2", {}, `Largest changes of ${risk(state.domain)} risk`),
    el("p", { class: "small quiet" }, "From the first date with a score to the last. Choose a site to see it frame by frame."),
    ...list("Up", by(1)), ...list("Down", by(-1)),
    ...openNote(), // sure
    ...(moved.length ? [] : [el("p", {}, shown.some((i) => of(i).change !== null) ? "No score is another at the last date than at the first." : "No site here has scores at two dates.")]),
  ];
}

// What is known of the environment at a frame without a score.
const leastAt = (domain, trend, at) => {
  const least = domain === "environment" ? trend.environment_at_least[at] : null;
  return least === null ? "" : `at least ${number(least)}`;
};

function frameByFrame(i) {
  const { series, trend } = SITES[i];
  const km = DATA.schemes[series.scheme].counted_km;
  const card = (domain) => el("div", { class: `card ${short(domain)} b${band(i, "last", domain)}` },
    el("span", {}, capital(domain)), el("b", {}, number(score(i, "last", domain))),
    el("span", {}, key(band(i, "last", domain), domain), ` ${WORDS[band(i, "last", domain)]}`,
      openSince(i, domain), // sure
      of(i, domain).change === null ? "" : el("span", { class: "place quiet" }, dated(`${signed(of(i, domain).change)} since ${dateOf(i, "first", domain)}`))));
  const rows = series.frames.map((frame, at) => [
    [null, opened(frame, frame.as_of || "–")],
    ...(frame.error ? [[null, "failed"], ...DOMAINS.slice(1).map(() => [null, ""]), ["r", ""]] : [
      ...DOMAINS.map((domain) => ["nowrap", [key(trend[`${domain}_band`][at] || 0, domain), ` ${trend[domain][at] === null ? leastAt(domain, trend, at) || "no score" : number(trend[domain][at])}`]]),
      ["r", trend.incidents[at] === null ? "–" : whole(trend.incidents[at])]]),
  ]).reverse();
  return [
    el("p", { class: "small no-print" }, el("button", { type: "button", class: "plain", onclick: () => choose(-1, true) }, "Back to the largest changes")),
    el("h2", {}, trend.name),
    el("p", { class: "small quiet" }, [trend.id, regionOf(i), `scheme ${DATA.schemes[series.scheme].name}`].join(" · ")),
    el("div", { class: "cards" }, DOMAINS.map(card)),
    el("h3", {}, "Frame by frame"),
    tabled("Scores at each date, the last first", ["As of", ...DOMAINS.map(capital), ["r", km === null ? "Incidents" : `Within ${km} km`]], rows),
  ];
}
