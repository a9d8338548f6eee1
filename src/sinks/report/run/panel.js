
// The panel beside the map: the highest scores, or the breakdown of one site's scores.
const LISTED = 12;

function drawPanel(focus) {
  const panel = byId("panel");
  const { looked } = state;
  const parts = looked ? (looked.events ? eventPanel(looked.events) : receptorPanel(looked.receptor)) : state.chosen < 0 ? highest() : site(state.chosen);
  panel.replaceChildren(...parts.flat(Infinity).filter(Boolean));
  panel.scrollTop = 0;
  if (focus) panel.focus({ preventScroll: false });
}

// From an incident or a receptor back to the site, from the site back to all.
function backButton() {
  const [text, back] = state.looked && state.chosen >= 0 ? [`Back to ${ROWS.name[state.chosen]}`, () => look(null, true)]
    : state.looked ? ["Back to the highest scores", () => look(null, true)] : ["Back to the highest scores", () => choose(-1, true)];
  return el("p", { class: "small no-print" }, el("button", { type: "button", class: "plain", onclick: back }, text));
}

function highest() {
  const order = Array.from({ length: COUNT }, (_, i) => i).filter((i) => scores()[i] !== null)
    .sort((a, b) => scores()[b] - scores()[a] || a - b).slice(0, LISTED);
  return [
    el("h2", {}, `Highest ${risk(state.domain)} risk`),
    order.length ? el("p", { class: "small quiet" }, "Score, band and what adds most to it. Choose a site to see the rest.") : el("p", {}, `No site has ${state.domain === "security" ? "a security" : "an environment"} score: ${state.domain === "security" ? "no usable security incidents were collected at the sites" : "too little is known of their surroundings"}.`),
    el("ol", { class: "worst" }, order.map((i) => el("li", {}, key(bands()[i]), chooser(i, ROWS.name[i]),
      el("span", { class: "num" }, number(scores()[i])), el("p", {}, dated(`${capital(WORDS[bands()[i]])}${state.domain === "environment" && known(i) ? `, ${known(i)}` : ""}${whys()[i] ? `: ${whys()[i]}` : ""}`))))),
  ];
}

function site(i) {
  const detail = DATA.details[i];
  const card = (domain) => el("div", { class: `card ${short(domain)} b${ROWS[`${domain}_band`][i]}` },
    el("span", {}, capital(domain)), el("b", {}, number(ROWS[domain][i])),
    el("span", {}, key(ROWS[`${domain}_band`][i], domain), ` ${WORDS[ROWS[`${domain}_band`][i]]}`,
      domain === "environment" && known(i) ? el("span", { class: "place quiet" }, known(i)) : "",
      detail && detail[`${domain}_rank`] ? el("span", { class: "place quiet" }, `rank ${whole(detail[`${domain}_rank`])} of ${whole(DATA.sites - DATA.bands[domain === "security" ? 0 : 1][0])}`) : ""));
  const top = [
    backButton(),
    el("h2", {}, ROWS.name[i]),
    el("p", { class: "small quiet" }, [ROWS.id[i], countryOf(i), `${Math.abs(ROWS.lat[i]).toFixed(3)}° ${ROWS.lat[i] < 0 ? "S" : "N"}, ${Math.abs(ROWS.lon[i]).toFixed(3)}° ${ROWS.lon[i] < 0 ? "W" : "E"}`,
      detail && `position ±${number(detail.accuracy_km, detail.accuracy_km < 1 ? 1 : 0)} km`].filter(Boolean).join(" · ")),
    el("div", { class: "cards" }, card("security"), card("environment")),
  ];
  if (!detail) {
    return [...top, el("p", {}, `Security: ${ROWS.security_why[i] || "nothing adds to the score"}.`), el("p", {}, `Environment: ${ROWS.environment_why[i] || (ROWS.environment[i] === null ? "no score, because nothing is known" : "nothing adds to the score")}.`),
      el("p", { class: "notice small" }, `This page breaks down the ${many(DATA.details.length, "site")} with the highest scores. For this one: `, el("code", {}, `tamarisk explain ${ROWS.id[i]}`), ", or sites.geojson.")];
  }
  top.push(howSure(i, detail)); // sure
  const parts = sentences(detail.explanation);
  if (detail.overall !== null) parts.push(el("p", { class: "small quiet" }, `Both together: ${number(detail.overall)}, cell ${detail.cell}.`));
  if (detail.parts.length) parts.push(el("p", { class: "small" }, `Scored with it: ${detail.parts.map(([part, name]) => `${name} (${part})`).join(", ")}.`));
  return [...top, ...parts, ...(state.domain === "security" ? [securityPart(detail), environmentPart(detail)] : [environmentPart(detail), securityPart(detail)])];
}

function securityPart(detail) {
  const parts = [el("h3", {}, "What makes the security score")];
  if (detail.drivers.length) {
    parts.push(driverList(detail.drivers));
  } else if (detail.uncovered) parts.push(el("p", { class: "notice" }, `There is no score, because ${detail.uncovered}. The following was found, and may be incomplete.`));
  else parts.push(el("p", {}, "No incident reported within reach."));
  if (detail.years.length) parts.push(el("h3", {}, `Incidents within ${DATA.method.window_km} km by year`), chart(detail.years));
  parts.push(...aroundSite(detail));
  if (detail.rings.length || detail.windows.length) {
    parts.push(el("h3", {}, "Around the site"), tabled("Security incidents and deaths in them", ["Within", ["r", "Incidents"], ["r", "Deaths"]], [
      ...detail.rings.map(([km, incidents, deaths]) => [`${km} km, all time`, ["r", whole(incidents)], ["r", whole(deaths)]]),
      ...detail.windows.map(([days, incidents, deaths]) => [`${DATA.method.window_km} km, last ${whole(days)} days`, ["r", whole(incidents)], ["r", whole(deaths)]]),
    ]));
  }
  if (detail.event) parts.push(el("p", { class: "small" }, dated(detail.event)));
  if (detail.trend !== null) parts.push(el("p", { class: "small" }, `Probability that incidents have become more frequent, last year against the year before: ${percent(detail.trend)}.`));
  if (detail.coverage < 0.995) parts.push(el("p", { class: "small notice" }, `Incidents were collected in ${percent(detail.coverage)} of the ${DATA.method.coverage_km} km around it; beyond, nothing is known.`));
  return el("div", {}, parts);
}

// The incidents that add most, each with what its source says; the actors are its claim.
function driverList(drivers) {
  const far = (driver) => `${number(driver.km, driver.accuracy_km >= 1 ? 0 : 1)} km ${driver.km > 0 ? bearing(driver.bearing) : ""}`.trim();
  const cut = (text) => (text.length > 110 ? `${text.slice(0, 110)}…` : text);
  return [el("ol", { class: "drivers", "aria-label": "The incidents that add most" }, drivers.map((driver) => {
    const said = saidOf(driver.event);
    const words = [textAt(said.finer), textAt(said.location), said.actors !== undefined && `actors claimed by the source: ${textAt(said.actors)}`, said.source !== undefined && `reported by ${cut(textAt(said.source))}`].filter(Boolean);
    return el("li", {}, el("button", { type: "button", class: "plain", onclick: () => look({ events: [driver.event] }, true) }, driver.what),
      el("span", { class: "num" }, el("b", {}, number(driver.points)), " points"),
      el("p", {}, dated([driver.date ? `${driver.date} (${years(driver.age_days)} ago)` : "no date", `${far(driver)}${driver.part ? ` from its ${driver.part}` : ""}`, driver.fatalities === null ? "" : many(driver.fatalities, "death")].filter(Boolean).join(" · "))),
      el("p", { class: "num" }, `${percent(driver.share)} of the score; ${number(driver.without)} without it`),
      words.length ? el("p", { class: "small quiet" }, words.join("; ")) : "");
  })), el("p", { class: "small quiet" }, "Points are shares of the score. Without one incident the others remain, so the score need not fall by its points.")];
}

// What the points of all indicators add up to.
const sum = (points) => (points ? [[`Together ${number(points[2])}`, "", ["r", number(points[0])], ["r", number(points[1])]]] : []);

function environmentPart(detail) {
  const parts = [el("h3", {}, "What makes the environment score")];
  if (detail.bars.length) {
    parts.push(el("p", { class: "small quiet" }, "Solid: what is known alone. Pale: from reference values, for what is not known."), ...fiveBars(detail.bars));
    const rows = (hazard) => detail.indicators.filter((each) => (each.bar === "hazard") === hazard);
    parts.push(tabled("Points of the score by indicator: from what is known, and from reference values", ["Indicator", ["r", "Value"], ["r", "Points"], ["r", "Assumed"]],
      rows(false).map((each) => [[null, [capital(each.label), why(each)]], ["r", value(each)], ["r", number(each.points)], ["r", number(each.assumed)]]).concat(sum(detail.environment_points)), { shown: true }));
    parts.push(tabled("What can strike the site, beside the score", ["Indicator", ["r", "Value"]], rows(true).map((each) => [[null, [capital(each.label), why(each)]], ["r", value(each)]]), { shown: true }));
  }
  if (detail.receptors.length) {
    parts.push(el("h3", {}, "Nearest mapped"), tabled("The nearest of each kind", ["Kind", "Name", ["r", "Distance"]], detail.receptors.map((each) => [capital(each.kind), [null, receptorButton(each)], ["r", each.km === 0 ? "inside" : `${number(each.km)} km ${bearing(each.bearing)}`]])));
  }
  return el("div", {}, parts);
}

// A receptor's name, which shows it on the map.
const receptorButton = (each) => (each.receptor === null ? each.name : el("button", { type: "button", class: "plain", onclick: () => showReceptor(each.receptor) }, each.name));

// What lies within the rings by type, and by year: attacks, accidents and earthquakes apart, each with deaths.
function aroundSite(detail) {
  const { types, years: byYear } = detail.around;
  if (!types.length) return [];
  const rings = DATA.method.rings_km;
  const widest = rings[rings.length - 1];
  const GROUPS = [["attacks", "Attacks"], ["accidents", "Accidents"], ["earthquakes", "Earthquakes"]];
  const sum = (list) => rings.map((_, ring) => list.reduce(([n, dead], [, , counts]) => [n + counts[ring][0], dead + counts[ring][1]], [0, 0]));
  const told = (counts) => [...counts.map(([n]) => ["r", n ? whole(n) : "–"]), ["r", whole(counts[counts.length - 1][1])]];
  const rows = GROUPS.flatMap(([word, title]) => {
    const list = types.filter(([group]) => group === word);
    if (!list.length) return [];
    const parts = word === "attacks" ? list.map(([, type, counts]) => [[null, el("span", { class: "part" }, capital(type.replace(/_/g, " ")))], ...told(counts)]) : [];
    return [[[null, el("b", {}, title)], ...told(sum(list))], ...parts];
  });
  const cell = ([n, dead]) => ["r", n ? `${whole(n)} (${whole(dead)})` : "–"];
  const last = byYear.slice(-10).reverse();
  const early = byYear.slice(0, -10);
  const before = early.length ? [[`to ${early[early.length - 1][0]}`, ...[0, 1, 2].map((at) => cell(early.reduce(([n, dead], [, counts]) => [n + counts[at][0], dead + counts[at][1]], [0, 0])))]] : [];
  return [el("h3", {}, "What lies within the rings"),
    tabled(`Incidents within ${rings.slice(0, -1).join(", ")} and ${widest} km; deaths within ${widest} km`, ["Type", ...rings.map((km) => ["r", String(km)]), ["r", "Deaths"]], rows, { shown: true }),
    byYear.length ? tabled(`By year within ${widest} km: incidents (deaths)`, ["Year", ["r", "Attacks"], ["r", "Accidents"], ["r", "Earthquakes"]], [...last.map(([year, counts]) => [String(year), ...counts.map(cell)]), ...before], { shown: true }) : ""];
}

// The value of an indicator, with the share that is known if that is not all.
function value(each) {
  if (each.value === null) return el("span", { class: "quiet" }, "not known");
  return [number(each.value, 2), each.known < 0.995 ? [el("br"), el("span", { class: "quiet" }, `${percent(each.known)} known`)] : ""];
}

function why(each) {
  const driver = each.driver ? `${each.driver}${each.km !== null ? `, ${number(each.km)} km` : ""}` : "";
  const said = [driver, each.note].filter(Boolean).join("; ");
  return said ? el("div", { class: "small quiet" }, dated(said)) : "";
}

// The five bars under the questions that they answer; the length is the score, the solid part what is known alone.
function fiveBars(bars) {
  let question = "";
  return bars.flatMap((bar) => {
    const asked = bar.question === question ? [] : [el("h4", {}, `${capital(bar.question)}${bar.bar === "hazard" ? " (beside the score)" : ""}`)];
    question = bar.question;
    const said = [
      bar.driver && `Most: ${bar.driver}.`,
      bar.missing.length ? `Not known: ${bar.missing.join(", ")}.` : "",
    ].filter(Boolean).join(" ");
    const numbers = bar.score === null ? "not known" : `${number(bar.score)}${bar.at_least < bar.score ? `, at least ${number(bar.at_least)}` : ""}, ${percent(bar.coverage)} known`;
    return [...asked, el("div", { class: `five env b${bar.band}` },
      el("p", {}, el("b", {}, capital(bar.bar)), el("span", {}, numbers)),
      svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", role: "img", "aria-label": `${capital(bar.bar)}: ${numbers}` },
        svg("rect", { class: bar.score === null ? "fill" : "track", width: 100, height: 10 }),
        bar.score === null ? "" : svg("rect", { class: "fill assumed", width: bar.score, height: 10 }),
        bar.score === null ? "" : svg("rect", { class: "fill", width: bar.at_least, height: 10 })),
      said ? el("p", { class: "small quiet" }, said) : "")];
  });
}

// One bar per year; the years before the last twenty share one bar.
function chart(counts) {
  const last = counts[counts.length - 1][0];
  const from = Math.max(counts[0][0], last - 19);
  const early = counts.filter(([year]) => year < from);
  const bars = early.length ? [[`to ${from - 1}`, early.reduce((sum, each) => sum + each[1], 0), early.reduce((sum, each) => sum + each[2], 0)]] : [];
  for (let year = from; year <= last; year++) bars.push([String(year), ...(counts.find((each) => each[0] === year) || [0, 0, 0]).slice(1)]);
  const most = Math.max(...bars.map((bar) => bar[1]));
  const step = 340 / Math.max(bars.length, 6);
  const parts = bars.map(([label, incidents, deaths], at) => {
    const height = (76 * incidents) / most;
    const x = 4 + at * step;
    const told = at === 0 || at === bars.length - 1 || (bars.length <= 9);
    return svg("g", {}, svg("title", {}, `${label}: ${many(incidents, "incident")}, ${many(deaths, "death")}`),
      svg("rect", { x: x + step * 0.12, width: step * 0.76, y: 90 - height, height: Math.max(height, incidents ? 1 : 0) }),
      incidents && (bars.length <= 12 || incidents === most) ? svg("text", { x: x + step / 2, y: 86 - height, "text-anchor": "middle" }, String(incidents)) : null,
      told ? svg("text", { x: at === 0 && bars.length > 9 ? x : at === bars.length - 1 && bars.length > 9 ? x + step : x + step / 2, y: 103, "text-anchor": bars.length <= 9 ? "middle" : at === 0 ? "start" : "end" }, label) : null);
  });
  const text = bars.filter((bar) => bar[1]).map(([label, incidents]) => `${label}: ${incidents}`).join(", ");
  return svg("svg", { class: "chart", viewBox: "0 0 348 108", role: "img", "aria-label": `Incidents by year. ${text}` }, svg("line", { x1: 0, x2: 348, y1: 90, y2: 90 }), parts);
}
