
// A section without content is left out, and so is the link to it.
function leaveOut(section) {
  section.hidden = true;
  for (const link of document.querySelectorAll(`a[href="#${section.id}"]`)) {
    if (link.closest("nav")) link.remove();
    else link.replaceWith(link.textContent);
  }
}

// Which tables hold what the map shows: those that the page has.
function tellTables() {
  const tables = [["sites", "sites"], ["incidents", "incidents"], ["receptors-section", "receptors"]].filter(([id]) => !byId(id).hidden);
  const links = tables.map(([id, name], at) => [at === 0 ? "" : at === tables.length - 1 ? " and " : ", ", el("a", { href: `#${id}` }, name)]);
  byId("map-tables").replaceChildren(...[tables.length > 1 ? "The tables of " : "The table of ", ...links.flat(), tables.length > 1 ? " hold the same as text." : " holds the same as text."]);
}

// The sections above and below the map: the summary, the portfolio, data quality, method and
// receipt.
function drawGlance() {
  const half = (domain, at) => {
    const counts = DATA.bands[at];
    const known = scoredOf(domain);
    const words = risk(domain);
    const upper = counts[4] + counts[5];
    return el("div", { class: "glance" }, el("h2", {}, `${capital(words)} risk`), known ? stack(counts, domain) : "",
      el("p", {}, known ? [el("strong", {}, `${whole(upper)} of ${many(known, "site")}`), counts[0] ? " with a score" : "", ` ${upper === 1 ? "is" : "are"} at high or very high ${words} risk`, counts[5] ? `, ${whole(counts[5])} of them very high` : "", counts[0] ? `; ${whole(counts[0])} ${counts[0] === 1 ? "has" : "have"} no score` : "", ".", ...(domain === "environment" ? [typicallyKnown()] : [cautionHeadline(), DATA.silent ? ` ${DATA.silent}` : ""])]
        : DATA.sites ? "No site has a score." : "There is no site."));
  };
  const { title, subtitle, logo } = DATA.heading ?? {};
  byId("title").textContent = title ?? `Risk of ${many(DATA.sites, "site")}${DATA.place ? ` ${DATA.place}` : ""}`;
  if (subtitle) byId("title").after(el("p", { class: "subtitle" }, subtitle));
  if (logo) byId("title").before(el("img", { class: "logo", src: logo, alt: "" }));
  byId("under").textContent = `${DATA.as_of ? `As of ${DATA.as_of}` : "No incident has a date"} · scheme ${DATA.scheme} · each score is an index of what was reported and mapped, not a probability`;
  byId("glance").replaceChildren(half("security", 0), half("environment", 1));
}

// How much is known of the environment at the site in the middle of the table's.
function typicallyKnown() {
  const shares = [...ROWS.environment_coverage].sort((a, b) => a - b);
  const share = shares[Math.floor(shares.length / 2)];
  return share < 0.995 ? ` At half of the sites at least ${percent(share)} of what counts is known; the rest counts with reference values.${DATA.held_by_references ? ` Of those at high or very high risk, ${whole(DATA.held_by_references)} would be below by what is known alone.` : ""}` : "";
}

// Minimum, quartiles and maximum on a line from 0 to 100.
function boxplot(quantiles) {
  if (!quantiles) return "–";
  const [least, first, median, third, greatest] = quantiles;
  return svg("svg", { class: "spread", viewBox: "0 0 100 14", preserveAspectRatio: "none", role: "img", "aria-label": `from ${least} to ${greatest}, median ${median}, quartiles ${first} and ${third}` },
    svg("line", { class: "axis", x1: 0, x2: 100, y1: 13.5, y2: 13.5 }), [0, 25, 50, 75, 100].map((at) => svg("line", { class: "axis", x1: at, x2: at, y1: 11, y2: 14 })), svg("line", { class: "box", x1: least, x2: greatest, y1: 6, y2: 6 }), svg("rect", { class: "box fill", x: first, width: Math.max(third - first, 0.5), y: 2, height: 8 }), svg("line", { class: "box", x1: median, x2: median, y1: 1, y2: 11 }));
}

// Only what was chosen on the screen is printed; paper says so.
const printedOnly = (text) => el("p", { class: "small paper-only" }, text);

let redrawPortfolio = () => {};
function drawPortfolio() {
  const section = byId("portfolio");
  if (!DATA.portfolio.length) {
    section.append(el("p", { class: "quiet" }, "No column of the sites has few enough values to group by. --group-by COLUMN groups by any."));
    return;
  }
  const holder = el("div", {});
  const show = (at) => {
    const portfolio = DATA.portfolio[at];
    const half = (spread, domain) => {
      const row = DATA.row_of[spread.worst];
      const name = spread.worst === null ? "–" : row === undefined ? "a site without a row" : chooser(row, ROWS.name[row]);
      const middle = ["r", spread.quantiles ? number(spread.quantiles[2]) : "–"];
      return domain === state.domain ? [[null, stack(spread.bands, domain, true)], [null, boxplot(spread.quantiles)], middle, ["r", spread.quantiles ? number(spread.quantiles[4]) : "–"], ["worst-site", name]] : [[null, stack(spread.bands, domain, true)], middle];
    };
    // The score that is shown in full, the others in short.
    const heads = (domain) => (domain === state.domain ? [[null, capital(domain)], "Spread 0–100", ["r", "Median"], ["r", "Highest"], "Highest-scoring site"] : [[null, capital(domain)], ["r", "Median"]]);
    const of = DOMAINS.includes(state.domain) ? [state.domain, ...DOMAINS.filter((domain) => domain !== state.domain)] : DOMAINS;
    const name = titleOf(portfolio);
    const weight = portfolio.weight && plain(portfolio.weight);
    // The sum of a column of numbers, and the share of it at high or very high risk.
    const exposed = ({ exposed: of }) => {
      const upper = ({ bands }) => (of.total > 0 ? percent((bands[4] + bands[5]) / of.total) : "–");
      return [["r", of.total === null ? "–" : of.total.toLocaleString("en-US", { maximumFractionDigits: 1 })], ["r", upper(of.security)], ["r", upper(of.environment)], ["r", of.missing ? whole(of.missing) : "–"]];
    };
    const weighed = weight ? [["r", capital(weight)], ["r", "High+ security"], ["r", "High+ environment"], ["r", "No number"]] : [];
    const groups = listedGroups(portfolio);
    holder.replaceChildren(scrolled("Groups of sites", tabled(`Sites by ${name}`, [capital(name), ["r", "Sites"], ...weighed, ...of.flatMap(heads)],
      groups.map((group) => [groupName(portfolio, group), ["r", whole(group.sites)], ...(weight ? exposed(group) : []), ...of.flatMap((domain) => half(group[domain], domain))]))),
      DATA.portfolio.length > 1 ? printedOnly(`Printed: the groups by ${name}. On a screen the page has ${whole(DATA.portfolio.length)} ways of grouping.`) : "",
      portfolio.groups.length > groups.length ? el("p", { class: "small quiet" }, `${whole(portfolio.groups.length - groups.length)} more groups are in portfolio.csv, if it is written.`) : "");
  };
  section.append(el("p", { class: "filters" }, el("label", {}, "Group the sites by", el("select", { id: "group-by", onchange: (event) => show(Number(event.target.value)) },
    DATA.portfolio.map((portfolio, at) => el("option", { value: at }, titleOf(portfolio)))))), holder,
    el("p", { class: "small quiet" }, "Each bar counts the sites by band, the worst to the left. The score that is shown has more columns than the others; its spread shows minimum, quartiles, median and maximum of the scores as written."),
    DATA.portfolio[0].weight ? el("p", { class: "small quiet" }, `${capital(plain(DATA.portfolio[0].weight))}: the sum in each group, and the share of it at sites of high or very high risk. Sites without a number count in no sum.`) : "");
  // All sites together come first where numbers weigh; groups tell more.
  const first = DATA.portfolio[0].weight && DATA.portfolio.length > 1 ? 1 : 0;
  byId("group-by").value = first;
  redrawPortfolio = () => show(Number(byId("group-by").value));
}

// All countries of a source, where its sentence names only some.
const allCountries = (names) => (names.length ? el("details", { class: "all-countries" }, el("summary", { class: "small" }, `All ${whole(names.length)} countries`), el("p", { class: "small" }, names.join(", "))) : "");

function drawQuality() {
  const { facts, quality } = DATA;
  const used = facts.inputs.map((input) => [input.file, input.role, input.layout, input.format, ["r", whole(input.read)], ["r", whole(input.read - input.set_aside - input.not_scored)], ["r", whole(input.not_scored)], ["r", whole(input.set_aside)]]);
  const [aside, repaired, noted] = quality.verdicts;
  const found = quality.reasons.map((reason) => [capital(reason.verdict), reason.file, reason.field || "–", ["r", whole(reason.count)], [null, [reason.value !== null ? el("code", {}, reason.value) : "", reason.value !== null ? " " : "", reason.why]], `${reason.place}${reason.id ? ` (${reason.id})` : ""}`]);
  byId("quality").append(
    el("h3", {}, "What was read"),
    facts.inputs.length ? scrolled("Files read", tabled("Files and their records", ["File", "As", "Columns", "Format", ["r", "Read"], ["r", "Used"], ["r", "Readable, not scored"], ["r", "Faulty"]], used)) : el("p", {}, "Nothing was read."),
    facts.outside || facts.linked ? el("p", { class: "small" }, [facts.outside ? `${many(facts.outside, "site")} outside the box were left out. ` : "", facts.linked ? `${many(facts.linked, "part")} (camps, roads and others) are scored with the site they belong to.` : ""]) : "",
    el("div", { class: "columns" },
      el("div", {}, el("h3", {}, "What incidents were used for"), facts.uses.length ? tabled("Incidents by domain and use", ["Domain", "Use", ["r", "Incidents"]], facts.uses.map(([domain, use, count]) => [capital(domain), use, ["r", whole(count)]])) : el("p", {}, "There are no incidents.")),
      el("div", {}, el("h3", {}, "Where incidents were collected"), facts.coverage.length ? el("dl", {}, facts.coverage.map(([domain, where], at) => [el("dt", {}, capital(domain)), el("dd", {}, where, allCountries(facts.countries[at]))])) : el("p", {}, "Nowhere that is known."),
        el("p", { class: "small quiet" }, "Outside, there is no score, since no incidents were collected there."),
        facts.complete.length ? el("p", { class: "small" }, `Declared complete: ${facts.complete.join(", ").replace(/_/g, " ")}.`) : "")),
    el("h3", {}, "What was found wrong"),
    el("p", {}, `${many(aside, "record")} set aside (faulty, or readable and not scored), ${many(repaired, "value")} repaired, ${many(noted, "oddity", "oddities")} noted. Each has a row in rejects.csv.`),
    found.length ? scrolled("Findings", tabled("Findings by reason, with the first of each", ["What was done", "File", "Field", ["r", "Findings"], "First value, and why", "First place"], found)) : "",
    quality.more ? el("p", { class: "small quiet" }, `${many(quality.more, "more reason")} in rejects.csv.`) : "");
}

function drawMethod() {
  const { method } = DATA;
  const said = (lines) => lines.map((line) => el("p", {}, line));
  byId("method").append(el("p", {}, `Scheme “${DATA.scheme}”. ${method.description}`), el("div", { class: "columns" },
    el("div", {}, el("h3", {}, "Security score"), said(method.security), tabled("Weights of incident types", ["Type of incident", ["r", "Weight"]], method.types.map(([name, weight]) => [capital(name), ["r", String(weight)]]))),
    el("div", {}, el("h3", {}, "Environment score"), said(method.environment), tabled("Weights of the bars", ["Bar", "Question", ["r", "Weight"]], method.bars.map(([bar, question, weight]) => [capital(bar), capital(question), ["r", weight ? String(weight) : "none"]]), { shown: true }),
      scrolled("Weights of the indicators", tabled("Weights of the indicators, and the reference value of each", ["Indicator", "Bar", ["r", "In its bar"], ["r", "In the score"], ["r", "Reference"]], method.indicators.map((each) => [`${each.code} ${each.label}`, each.bar, ["r", String(each.in_bar)], ["r", each.weight ? String(each.weight) : "none"], ["r", String(each.reference)]]), { shown: true })), el("h3", {}, "Overall score"), said(method.overall), el("h3", {}, "Reading the numbers"), said(method.reading))));
}

function drawReceipt() {
  const { facts } = DATA;
  byId("receipt").append(
    el("p", {}, "The same inputs, scheme and version give this page again, byte for byte. receipt.json lists it with every other file that was written."),
    el("dl", {}, [["Program", `Tamarisk ${facts.version}`], ["As of", DATA.as_of || "–"], ["Scheme", DATA.scheme], ["Hash of its numbers", el("code", {}, facts.scheme_hash)], ...(facts.calibration_hash ? [["Hash of its calibration", el("code", {}, facts.calibration_hash)]] : []), ["Box", facts.bbox ? facts.bbox.join(", ") : "none"]].map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    facts.inputs.length ? scrolled("Inputs by hash", tabled("Inputs by hash (BLAKE3)", ["File", "As", "BLAKE3"], facts.inputs.map((input) => [input.file, input.role, [null, el("code", {}, input.hash)]]))) : "");
  byId("footer").textContent = `Made with Tamarisk ${facts.version}. ${DATA.no_position}`;
}
