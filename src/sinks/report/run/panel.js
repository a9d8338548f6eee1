
// The panel beside the map: the highest scores, or the breakdown of one site's scores.
const LISTED = 12;

function drawPanel() {
  const panel = byId("panel");
  const { looked } = state;
  const parts = looked ? lookedPanel(looked) : state.chosen < 0 ? highest() : site(state.chosen);
  panel.replaceChildren(...parts.flat(Infinity).filter(Boolean));
  panel.querySelector("h2").tabIndex = -1;
  panel.scrollTop = 0;
}

const lookedPanel = ({ events, place, country, sites, receptor }) => (country ? countryPanel(country) : events ? eventPanel(events) : place ? placePanel(place) : sites ? gatheredPanel(sites) : receptorPanel(receptor));

// Brings the heading of the panel into view if it is not, as where the panel lies below the map, and gives it the focus.
function bringPanel(focus) {
  const panel = byId("panel");
  const heading = panel.querySelector("h2");
  const { top, bottom } = heading.getBoundingClientRect();
  const away = top < 0 || bottom > window.innerHeight;
  if (focus || away) heading.focus({ preventScroll: true });
  if (away) panel.scrollIntoView({ behavior: "instant", block: "start" });
}

// A part of the panel that can be closed; it stays as the reader leaves it, from site to site.
const OPENED = {};
const section = (title, parts, open) => el("details", { class: "section", open: OPENED[title] ?? open },
  el("summary", { onclick: (event) => { OPENED[title] = !event.currentTarget.parentNode.open; } }, el("h3", {}, title)), parts);

// From an incident or a receptor back to the site, from the site back to all.
function backButton() {
  const [text, back] = state.looked && state.chosen >= 0 ? [`Back to ${ROWS.name[state.chosen]}`, () => look(null, true)]
    : state.looked ? ["Back to the highest scores", () => look(null, true)] : ["Back to the highest scores", () => choose(-1, true)];
  return el("p", { class: "small no-print" }, el("button", { type: "button", class: "plain", onclick: back }, text));
}

function highest() {
  const scored = shown.filter((i) => scores()[i] !== null);
  const order = [...scored].sort((a, b) => scores()[b] - scores()[a] || a - b).slice(0, LISTED);
  const all = isFiltered() ? `the ${many(shown.length, "site")} shown` : `${whole(DATA.sites)}`;
  const listed = order.length < (isFiltered() ? shown.length : DATA.sites) ? `The ${order.length > 1 ? `${order.length} highest` : "highest"} of ${all}. ` : isFiltered() ? `${capital(all)}. ` : "";
  const none = isFiltered() ? `No site shown has a score of ${risk(state.domain)}.` : `No site has ${state.domain === "security" ? "a security" : `an ${state.domain}`} score: ${state.domain === "security" ? "no usable security incidents were collected at the sites" : "too little is known of their surroundings"}.`;
  return [
    el("h2", {}, `Highest ${risk(state.domain)} risk`),
    order.length ? el("p", { class: "small quiet" }, `${listed}Score, band and what adds most to it.`, el("span", { class: "no-print" }, " Choose a site to see the rest.")) : el("p", {}, none),
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
      detail && detail[`${domain}_rank`] ? el("span", { class: "place quiet" }, `rank ${whole(detail[`${domain}_rank`])} of ${whole(scoredOf(domain))}`) : ""));
  const top = [
    backButton(),
    el("h2", {}, ROWS.name[i]),
    el("p", { class: "small quiet" }, [ROWS.id[i], countryOf(i), ROWS.commodity?.[i], `${Math.abs(ROWS.lat[i]).toFixed(3)}° ${ROWS.lat[i] < 0 ? "S" : "N"}, ${Math.abs(ROWS.lon[i]).toFixed(3)}° ${ROWS.lon[i] < 0 ? "W" : "E"}`,
      detail && `position ±${number(detail.accuracy_km, detail.accuracy_km < 1 ? 1 : 0)} km`].filter(Boolean).join(" · ")),
    el("div", { class: "cards" }, DOMAINS.map(card)),
  ];
  if (!detail) {
    return [...top, el("p", {}, `Security: ${ROWS.security_why[i] || "nothing adds to the score"}.`), el("p", {}, `Environment: ${ROWS.environment_why[i] || (ROWS.environment[i] === null ? "no score, because nothing is known" : "nothing adds to the score")}.`),
      el("p", { class: "notice small" }, `This page breaks down the ${many(DATA.details.length, "site")} with the highest scores. For this one: `, el("code", {}, `tamarisk explain ${ROWS.id[i]}`), ", or sites.geojson.")];
  }
  top.push(facts(i, detail));
  top.push(howSure(i, detail)); // sure
  const words = section("The scores in words", [...sentences(detail.explanation), el("p", {}, `By their bands: security ${WORDS[ROWS.security_band[i]]}, environment ${WORDS[ROWS.environment_band[i]]} (${detail.cell} in files).`), detail.parts.length ? el("p", { class: "small" }, `Scored with it: ${detail.parts.map(([part, name]) => `${name} (${part})`).join(", ")}.`) : ""], false);
  return [...top, ...(state.domain === "environment" ? [environmentPart(i, detail, true), securityPart(detail, false)] : [securityPart(detail, true), environmentPart(i, detail, state.domain === "overall")]), words];
}

// What a reader asks first: what drives the score most, and what is not known of it or would change it.
function facts(i, detail) {
  const each = (domain) => {
    const drives = ROWS[`${domain}_why`][i];
    const open = domain === "security" ? openSecurity(i, detail) : openEnvironment(i, detail);
    const scored = ROWS[domain][i] !== null;
    return [[scored ? `Drives ${domain} most` : `${capital(domain)}`, drives ? capital(drives) : scored ? "nothing adds to the score" : "no score, because nothing is known"],
      ...(open.length ? [[scored ? "Not known, or would change it" : "What is known", capital(open.join("; "))]] : [])];
  };
  const both = detail.overall === null ? [] : [["Overall", `${number(detail.overall)}, ${WORDS[ROWS.overall_band[i]]}, of security ${number(ROWS.security[i])} (${WORDS[ROWS.security_band[i]]}) and environment ${number(ROWS.environment[i])} (${WORDS[ROWS.environment_band[i]]}): ${meanTold(ROWS.security[i], ROWS.environment[i], detail.overall)}`]];
  const of = state.domain === "overall" ? [...both, ...each("security"), ...each("environment")] : each(state.domain);
  return el("dl", { class: "facts" }, of.map(([name, text]) => [el("dt", {}, name), el("dd", {}, dated(`${text}.`))]));
}

// How two scores make one, with their numbers.
function meanTold(security, environment, overall) {
  const power = DATA.method.overall_power;
  const [a, b] = [security, environment].map((score) => number(score));
  const mean = `${number(overall)}, from the scores before they are rounded`;
  if (power === 0) return `the square root of ${a} × ${b} is ${mean}`;
  if (power === 1) return `(${a} + ${b}) / 2 is ${mean}`;
  return `((${a}^${power} + ${b}^${power}) / 2)^(1/${power}) is ${mean}${power > 1 ? ", nearer to the higher of the two" : ""}`;
}

function openSecurity(i, detail) {
  const [first] = detail.drivers;
  return [
    ...cautionsOf(i).filter((each) => each.number !== 3).map((each) => each.label),
    detail.coverage < 0.995 && `incidents were collected on ${percent(detail.coverage)} of the ${ROWS.covered_ground} within ${DATA.method.coverage_km} km; what happened in the rest is not known`,
    ROWS.security[i] !== null && first && first.without !== null && `without its strongest incident the score would be ${number(first.without)}`,
  ].filter(Boolean);
}

function openEnvironment(i, detail) {
  const missing = detail.bars.filter((bar) => bar.bar !== "hazard").flatMap((bar) => bar.missing);
  const least = ROWS.environment_at_least[i];
  return [
    missing.length && `not known: ${missing.join(", ")}`,
    least !== null && ROWS.environment[i] !== null && least < ROWS.environment[i] && `if what is not known counted as nothing, the score would be ${number(least)}`,
  ].filter(Boolean);
}

// The days of the record of security incidents, and how a year that it holds in part is told.
const RECORD = EVENTS.record;
const LAST_DAY = RECORD && (DATA.as_of || RECORD[1]);
const inRecord = RECORD ? `${RECORD[0]} to ${LAST_DAY}` : "";
const partOf = (year) => {
  if (!RECORD) return "";
  const from = year === Number(RECORD[0].slice(0, 4)) && RECORD[0].slice(5) > "01-31" ? `from ${RECORD[0].slice(5)}` : "";
  const to = year === Number(LAST_DAY.slice(0, 4)) && LAST_DAY.slice(5) < "12-31" ? `to ${LAST_DAY.slice(5)}` : "";
  return [from, to].filter(Boolean).join(" ");
};
// Files may begin on other days: those at a site are told in its panel.
const recordAt = ({ since }) => (RECORD ? `${since ?? RECORD[0]} to ${LAST_DAY}` : "all time");
const daysAt = ({ since }) => (RECORD ? Math.round((Date.parse(LAST_DAY) - Date.parse(since ?? RECORD[0])) / 86400000) + 1 : Infinity);

function securityPart(detail, open) {
  const parts = [];
  if (detail.drivers.length) {
    parts.push(driverList(detail.drivers));
  } else if (detail.uncovered) parts.push(el("p", { class: "notice" }, `There is no score, because ${detail.uncovered}.${detail.rings.length || detail.windows.length || detail.years.length || detail.around.types.length ? " What was found all the same stands below; it may be incomplete." : ""}`));
  else parts.push(el("p", {}, "No incident reported within reach."));
  if (detail.event) parts.push(el("p", { class: "small" }, dated(detail.event)));
  const around = [];
  if (detail.years.length) around.push(el("h4", {}, `Security incidents within ${DATA.method.window_km} km by year`), chart(detail.years), partYears(detail.years.map(([year]) => year)));
  if (detail.rings.length || detail.windows.length) {
    const recorded = daysAt(detail);
    const short = (days) => (days > recorded ? `last ${whole(days)} days (record of ${whole(recorded)} days)` : `last ${whole(days)} days`);
    around.push(el("h4", {}, "Within each distance"), tabled("Security incidents and deaths in them", ["Within", ["r", "Incidents"], ["r", "Deaths"]], [
      ...detail.rings.map(([km, incidents, deaths]) => [[null, dated(`${km} km, ${recordAt(detail)}`)], ["r", whole(incidents)], ["r", whole(deaths)]]),
      ...detail.windows.map(([days, incidents, deaths]) => [`${DATA.method.window_km} km, ${short(days)}`, ["r", whole(incidents)], ["r", whole(deaths)]]),
    ]));
  }
  if (detail.deaths_unknown) around.push(el("p", { class: "small quiet" }, `Deaths are those reported, and the least that there were: ${many(detail.deaths_unknown, "incident")} within ${DATA.method.window_km} km ${detail.deaths_unknown === 1 ? "has" : "have"} no number of deaths.`));
  if (detail.trend !== null) around.push(el("p", { class: "small" }, `Probability that incidents have become more frequent, last year against the year before, as rates over the days that the record spans: ${percent(detail.trend)}.`));
  return [section("What makes the security score", parts, open), around.length ? section("Security incidents around the site", around, open) : "", aroundSite(detail)];
}

// Years of the record that it holds in part, below a chart or a table.
function partYears(list) {
  const told = [...new Set(list)].filter(partOf).map((year) => `${year} (${partOf(year)})`);
  return told.length ? el("p", { class: "small quiet" }, `Hatched: the record holds only a part of ${told.join(" and ")}.`) : "";
}

// A distance with one decimal; beside a ring it has as many as show on which side it lies.
const kmTold = (km) => (Math.abs(10 * km - Math.round(10 * km)) < 1e-6 ? number(km, 1) : String(km));

// How far an incident is and in which direction, from what, and how well its place is known.
function farOf({ km, bearing: to, accuracy_km: known, part }) {
  const told = known >= 1 ? String(km) : kmTold(km);
  const place = Number(told) > 0 ? `${told} km ${bearing(to)}${part ? ` from its ${part}` : ""}`
    : part === "outline" ? "within its outline" : part === "road" || part === "line" ? `on its ${part}` : part ? `at its ${part}` : "at the site";
  return known !== null && known > km ? `${place} (place known to ${number(known, known >= 1 ? 0 : 1)} km)` : place;
}

// The incidents that add most, each with what its source says; the actors are its claim.
function driverList(drivers) {
  const cut = (text) => (text.length > 110 ? `${text.slice(0, 110)}…` : text);
  return [el("ol", { class: "drivers", "aria-label": "The incidents that add most" }, drivers.map((driver) => {
    const said = saidOf(driver.event);
    const words = [driver.what.includes(textAt(said.finer)) ? "" : textAt(said.finer), textAt(said.location), said.actors !== undefined && `actors claimed by the source: ${textAt(said.actors)}`, said.source !== undefined && `reported by ${cut(textAt(said.source))}`].filter(Boolean);
    return el("li", {}, el("button", { type: "button", class: "plain", onclick: () => look({ events: [driver.event] }, true) }, driver.what),
      el("span", { class: "num" }, el("b", {}, number(driver.points)), " points"),
      el("p", {}, dated([driver.date ? `${driver.date} (${years(driver.age_days)} ago)` : "no date", farOf(driver), driver.fatalities === null ? "" : many(driver.fatalities, "death")].filter(Boolean).join(" · "))),
      el("p", { class: "num" }, `${percent(driver.share)} of the score; ${number(driver.without)} without it`),
      words.length ? el("p", { class: "small quiet" }, words.join("; ")) : "");
  })), el("p", { class: "small quiet" }, "Points are shares of the score. Without one incident the others remain, so the score need not fall by its points.")];
}

// What the points of all indicators add up to.
const sum = (points) => (points ? [[`Together ${number(points[2])}`, "", ["r", number(points[0])], ["r", number(points[1])]]] : []);

function environmentPart(i, detail, open) {
  const parts = [];
  const near = [];
  if (detail.bars.length) {
    parts.push(el("p", { class: "small quiet" }, "Solid: what is known. Pale: what reference values add for what is not known."), ...fiveBars(detail.bars));
    const rows = (hazard) => detail.indicators.filter((each) => (each.bar === "hazard") === hazard);
    parts.push(tabled("How the score divides by indicator: into what is known, and reference values", ["Indicator", ["r", "Value"], ["r", "Points"], ["r", "Assumed"]],
      rows(false).map((each) => [[null, [capital(each.label), why(each)]], ["r", value(each)], ["r", number(each.points)], ["r", number(each.assumed)]]).concat(sum(detail.environment_points)), { shown: true }));
    const least = ROWS.environment_at_least[i];
    if (detail.environment_points && least !== null && least < detail.environment_points[2]) {
      const [known, assumed, score] = detail.environment_points;
      parts.push(el("p", { class: "small quiet" }, `Of the ${number(score)} points, ${number(known)} fall to what is known and ${number(assumed)} to reference values. If what is not known counted as nothing, the score would be ${number(least)} and not ${number(known)}: it is a root of a sum, and falls by less than the points that leave the sum.`));
    }
    parts.push(tabled("What can strike the site, beside the score", ["Indicator", ["r", "Value"]], rows(true).map((each) => [[null, [capital(each.label), why(each)]], ["r", value(each)]]), { shown: true }));
  }
  if (detail.receptors.length) {
    near.push(tabled("The nearest of each kind", ["Kind", "Name", ["r", "Distance"]], detail.receptors.map((each) => [capital(each.kind), [null, receptorButton(each)], ["r", each.km === 0 ? "inside" : `${kmTold(each.km)} km ${bearing(each.bearing)}`]])));
  }
  return [parts.length ? section("What makes the environment score", parts, open) : "", near.length ? section("Nearest mapped", near, open) : ""];
}

// A receptor's name, which shows it on the map.
const receptorButton = (each) => (each.receptor === null ? each.name : el("button", { type: "button", class: "plain", onclick: () => showReceptor(each.receptor) }, each.name));

// What lies within the rings by type, and by year: security incidents, accidents and earthquakes apart, each with deaths.
function aroundSite(detail) {
  const { types, years: byYear } = detail.around;
  if (!types.length) return "";
  const rings = DATA.method.rings_km;
  const widest = rings[rings.length - 1];
  const GROUPS = [["security", "Security incidents"], ["accidents", "Accidents"], ["earthquakes", "Earthquakes"]];
  const sum = (list) => rings.map((_, ring) => list.reduce(([n, dead], [, , counts]) => [n + counts[ring][0], dead + counts[ring][1]], [0, 0]));
  const told = (counts) => [...counts.map(([n]) => ["r", n ? whole(n) : "–"]), ["r", whole(counts[counts.length - 1][1])]];
  const rows = GROUPS.flatMap(([word, title]) => {
    const list = types.filter(([group]) => group === word);
    if (!list.length) return [];
    const parts = word === "security" ? list.map(([, type, counts]) => [[null, el("span", { class: "part" }, LABELS[type])], ...told(counts)]) : [];
    return [[[null, el("b", {}, title)], ...told(sum(list))], ...parts];
  });
  const cell = ([n, dead]) => ["r", n ? `${whole(n)} (${whole(dead)})` : "–"];
  const last = byYear.slice(-10).reverse();
  const early = byYear.slice(0, -10);
  const before = early.length ? [[`to ${early[early.length - 1][0]}`, ...[0, 1, 2].map((at) => cell(early.reduce(([n, dead], [, counts]) => [n + counts[at][0], dead + counts[at][1]], [0, 0])))]] : [];
  return section("What lies within the rings", [
    tabled(`Incidents within ${rings.slice(0, -1).join(", ")} and ${widest} km; deaths within ${widest} km${RECORD ? `. Security incidents: ${inRecord}` : ""}`, ["Type", ...rings.map((km) => ["r", String(km)]), ["r", "Deaths"]], rows, { shown: true }),
    byYear.length ? tabled(`By year within ${widest} km: incidents (deaths)`, ["Year", ["r", "Security incidents"], ["r", "Accidents"], ["r", "Earthquakes"]], [...last.map(([year, counts]) => [[null, [String(year), partOf(year) ? el("span", { class: "quiet" }, ` ${partOf(year)}`) : ""]], ...counts.map(cell)]), ...before], { shown: true }) : ""], false);
}

// The value of an indicator, with the share that is known if that is not all.
function value(each) {
  if (each.value === null) return el("span", { class: "quiet" }, "not known");
  return [number(each.value, 2), each.known < 0.995 ? [el("br"), el("span", { class: "quiet" }, `${percent(each.known)} known`)] : ""];
}

function why(each) {
  const driver = each.driver ? `${each.driver}${each.km !== null ? `, ${kmTold(each.km)} km` : ""}` : "";
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
  // A year that the record holds in part is hatched.
  const bars = early.length ? [[`to ${from - 1}`, early.reduce((sum, each) => sum + each[1], 0), early.reduce((sum, each) => sum + each[2], 0)]] : [];
  for (let year = from; year <= last; year++) bars.push([String(year), ...(counts.find((each) => each[0] === year) || [0, 0, 0]).slice(1)]);
  const most = Math.max(...bars.map((bar) => bar[1]));
  const step = 340 / Math.max(bars.length, 6);
  const parts = bars.map(([label, incidents, deaths], at) => {
    const height = (76 * incidents) / most;
    const x = 4 + at * step;
    const told = at === 0 || at === bars.length - 1 || (bars.length <= 9);
    return svg("g", {}, svg("title", {}, `${label}${partOf(Number(label)) ? ` (${partOf(Number(label))})` : ""}: ${many(incidents, "incident")}, ${many(deaths, "death")}`),
      svg("rect", { class: partOf(Number(label)) ? "in-part" : null, x: x + step * 0.12, width: step * 0.76, y: 90 - height, height: Math.max(height, incidents ? 1 : 0) }),
      incidents && (bars.length <= 12 || incidents === most) ? svg("text", { x: x + step / 2, y: 86 - height, "text-anchor": "middle" }, String(incidents)) : null,
      told ? svg("text", { x: at === 0 && bars.length > 9 ? x : at === bars.length - 1 && bars.length > 9 ? x + step : x + step / 2, y: 103, "text-anchor": bars.length <= 9 ? "middle" : at === 0 ? "start" : "end" }, label) : null);
  });
  const text = bars.filter((bar) => bar[1]).map(([label, incidents]) => `${label}: ${incidents}`).join(", ");
  return svg("svg", { class: "chart", viewBox: "0 0 348 108", role: "img", "aria-label": `Incidents by year. ${text}` }, svg("line", { x1: 0, x2: 348, y1: 90, y2: 90 }), parts);
}
