
// What the map shows, with its legend, and which scores it offers.
function offerDomains() {
  const switches = document.querySelector(".switch");
  const radio = (domain) => switches.querySelector(`input[value=${domain}]`)?.closest("label")
    ?? el("label", {}, el("input", { type: "radio", name: "domain", value: domain }), el("span", {}, capital(domain)));
  switches.replaceChildren(switches.querySelector("legend"), ...DOMAINS.map(radio));
  switches.hidden = DOMAINS.length < 2;
}
const SHOWN = { names: true, incidents: true, links: true, rings: true, receptors: true, surface: true };

function drawLegend() {
  // Of the sites on the map, if filters leave only some.
  const counts = isFiltered() ? ramped((band) => sitesOnMap().filter((i) => bands()[i] === band).length) : countsOf(state.domain);
  const bandsKey = [5, 4, 3, 2, 1, 0].map((band) => el("span", {}, key(band), DATA.labels[band], el("i", {}, `· ${whole(counts[band])}`)));
  const legend = byId("legend");
  const gaps = sitesOnMap().filter(hasGap).length + (isFiltered() || state.domain === "environment" ? 0 : REST_GAPS.size);
  if (gaps) bandsKey.push(el("span", {}, symbol(svg("circle", { class: "gap-ring", cx: 14, cy: 9, r: 6 }), svg("circle", { class: "gap", cx: 14, cy: 9, r: GAP })), ROWS.record_gap, el("i", {}, `· ${whole(gaps)}`)));
  byId("bands").replaceChildren(row("Sites", [bandsKey, el("span", { id: "gathered-key" })]));
  tellGathered();
  byId("bands").className = `legends ${short(state.domain)}`;
  legend.replaceChildren(...[eventKeys(), surfaceKeys(), groundKeys(), linkKeys(), receptorKeys()].flat().filter(Boolean));
  legend.className = `legends ${short(state.domain)}`;
  byId("no-position").textContent = DATA.no_position;
}
const row = (title, parts) => el("div", { class: "legend" }, el("b", {}, title), parts);
const symbol = (...parts) => svg("svg", { class: "symbol", viewBox: "0 0 28 18", "aria-hidden": "true", focusable: "false" }, parts);

function eventKeys() {
  const list = eventsShown();
  if (!list.length) return null;
  const ages = state.color === "age";
  const counted = (ages ? AGES : KINDS).map(([name], at) => [name, at, list.filter((i) => classOf(i) === at).length]).filter(([, , count]) => count);
  const colors = counted.map(([name, at, count]) => el("span", {}, symbol(svg("circle", { class: `event ${ages ? "age" : "kind"}-${at}`, cx: 14, cy: 9, r: 5.5 })), capital(name), el("i", {}, `· ${whole(count)}`)));
  const sizes = [0, 10, 50].map((deaths) => el("span", {}, symbol(svg("circle", { class: "event size", cx: 14, cy: 9, r: Math.min(8.5, 2.4 + 1.25 * Math.sqrt(deaths)) })), deaths ? `${deaths} deaths` : "none or not known"));
  return [row(state.domain === "environment" ? "Accidents" : "Incidents", colors), row("Deaths", [sizes, list.length >= CLUSTER ? el("span", {}, symbol(svg("circle", { class: "cluster", cx: 14, cy: 9, r: 8 })), `many together: their number; the ring shows their ${ages ? "ages" : "types"}${COUNT + REST.length > MANY_SITES ? "; a line leads from one that lies aside to its place" : ""}`) : ""])];
}

function linkKeys() {
  if (state.chosen < 0) return null;
  const parts = [];
  const end = state.domain === "security" ? "to an incident that adds most to the score" : "to what adds most to the score";
  if (SHOWN.links) parts.push(el("span", {}, symbol(svg("line", { class: "link", x1: 2, x2: 22, y1: 9, y2: 9 }), svg("circle", { class: "link-end", cx: 22, cy: 9, r: 4 })), `line ${end}`));
  if (SHOWN.rings && state.domain !== "environment") parts.push(el("span", {}, symbol(svg("circle", { class: "ring", cx: 14, cy: 9, r: 7 })), `${DATA.method.window_km} km, within which years are counted`));
  if (SHOWN.rings) parts.push(el("span", {}, symbol(svg("circle", { class: "ring thin", cx: 14, cy: 9, r: 7 })), `${(state.domain !== "environment" ? DATA.method.rings_km.filter((km) => km !== DATA.method.window_km) : [1, 10, 50]).join(", ")} km`));
  return parts.length ? row("This site", parts) : null;
}

function receptorKeys() {
  const parts = [];
  if (showsReceptors()) {
    for (const kind of kindsMapped()) {
      const forms = new Set(RECEPTORS.filter((one) => one.kind === kind).map((one) => one.form));
      const drawn = forms.has("area") ? svg("rect", { class: `area of-${kind}`, x: 4, y: 3, width: 20, height: 12 }) : forms.has("line") ? svg("line", { class: `line of-${kind}`, x1: 2, x2: 26, y1: 9, y2: 9 })
        : svg("path", { class: `point of-${kind}`, d: pointPath({ kind, population: 1000, magnitude: 5 }, 14, 9) });
      const isPoint = forms.size === 1 && forms.has("point");
      parts.push(el("span", {}, symbol(drawn), capital(RECEPTOR_NAMES[kind][1]), el("i", isPoint ? { "data-points": kind } : {}, `· ${reachTold(kind)}`)));
    }
    const isFarOf = (kind) => RECEPTORS.some((one) => one.kind === kind && one.form !== "point" && isFar(one));
    if (isFarOf("sensitive_areas")) parts.push(el("span", {}, symbol(svg("rect", { class: "area of-sensitive_areas far", x: 4, y: 3, width: 20, height: 12 })), "Protected areas out of reach"));
    if (isFarOf("rivers")) parts.push(el("span", {}, symbol(svg("line", { class: "line of-rivers far", x1: 2, x2: 26, y1: 9, y2: 9 })), "Rivers out of reach"));
  }
  const shapes = el("span", {}, symbol(svg("rect", { class: "footprint", x: 4, y: 3, width: 20, height: 12 })), "shapes and parts of sites");
  return [parts.length ? row("In reach of a site", parts) : null, SHOWN.receptors && DATA.footprints.length ? row("Around", [shapes]) : null];
}

// Where no incidents were collected, or no longer, the map shows none.
function groundKeys() {
  if (state.domain === "environment") return null;
  const key = (selector, klass, text) => byId("world").querySelector(selector)
    ? el("span", {}, symbol(svg("rect", { class: `uncollected-key ${klass}`, x: 3, y: 2, width: 22, height: 14 })), text) : null;
  const keys = [
    key(".uncollected:not(.ended):not(.old)", "", "No incidents collected: what happened there is not known"),
    key(".uncollected.old", "old", "Newest incident 5 years old or older: whether any are still collected is not known"),
    key(".uncollected.ended", "ended", "Incidents no longer collected: what happens there now is not known"),
  ].filter(Boolean);
  return keys.length ? row("Ground", keys) : null;
}

// The switches below the map; those that would switch nothing are left out.
function drawSwitches() {
  const security = state.domain === "security";
  const overall = state.domain === "overall";
  const [reported, accidents] = [SECURITY_EVENTS.length, ACCIDENTS.length];
  const count = (drawn, used, what) => `${what} (${drawn < used ? `newest ${whole(drawn)} of ` : ""}${whole(used)})`;
  const boxes = [
    ["names", "names of sites", true],
    overall ? ["incidents", count(reported + accidents, EVENTS.used[0] + EVENTS.used[1], "incidents and accidents"), reported + accidents]
      : ["incidents", security ? count(reported, EVENTS.used[0], "incidents") : count(accidents, EVENTS.used[1], "accidents"), security ? reported : accidents],
    ["receptors", security || overall ? "shapes of sites" : "receptors", security || overall ? DATA.footprints.length : RECEPTORS.length + DATA.footprints.length],
    ["links", "lines to what drives the score", DATA.details.length],
    ["rings", "distances around the chosen site", COUNT],
    ["surface", "risk surface", SURFACE && state.domain !== "environment"],
  ].filter(([, , any]) => any);
  const box = ([name, text]) => el("label", {}, el("input", { type: "checkbox", id: `${name}-shown`, checked: SHOWN[name], onchange: (event) => { SHOWN[name] = event.target.checked; drawLegend(); draw(); } }), text);
  const color = (word) => el("option", { value: word, selected: state.color === word }, word);
  byId("switches").replaceChildren(el("legend", {}, "Show on the map"), ...boxes.map(box),
    (security || overall) && reported ? el("label", {}, "color incidents by", el("select", { id: "color-by", onchange: (event) => { state.color = event.target.value; drawLegend(); draw(); } }, color("type"), color("age"))) : "");
}
