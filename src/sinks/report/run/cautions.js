
// What to know before believing a security score: counted beside the headline, and marked in the rows of the table.
const CAUTIONS = DATA.cautions;
const CAUTION = Object.fromEntries(CAUTIONS.map((each) => [each.number, each]));
const SIGNS = ["○", "1", "≈", "◐", "†"];
const HEADLINES = [
  (count, label) => `${count} ${count === "1" ? "is" : "are"} medium or higher with ${label}`,
  (count) => `${count} ${count === "1" ? "rests" : "rest"} on one event`,
  (count) => `${count} ${count === "1" ? "rests" : "rest"} on coarse positions`,
  (count) => `${count} ${count === "1" ? "is" : "are"} only partly covered by the incidents`,
  (count) => `${count} ${count === "1" ? "has" : "have"} an old record`,
];
const cautionsOf = (i) => ROWS.security_caution[i].map((number) => CAUTION[number]).filter(Boolean);
const cautionTold = (each, i) => (each.number === 3 ? `${each.label}: incidents were collected on ${percent(ROWS.security_coverage[i])} of the ${ROWS.covered_ground} within ${DATA.method.coverage_km} km` : each.label);
const cautionSign = (each, title) => el("span", { class: "caution", role: "img", "aria-label": title, title }, SIGNS[each.number] || "!");

// The marks of a row.
const cautionMarks = (i) => (ROWS.security[i] === null ? "" : el("span", { class: "cautions" }, cautionsOf(i).map((each) => cautionSign(each, cautionTold(each, i)))));

// For the popup of a site.
const cautionWords = (i) => cautionsOf(i).map((each) => cautionTold(each, i)).join("; ");

// How many high scores hang on one incident.
const heldByOne = () => (DATA.held_by_one ? ` Of those at high or very high risk, ${whole(DATA.held_by_one)} would be below without ${DATA.held_by_one === 1 ? "its" : "their"} strongest incident.` : "");

// The sentence of the headline.
function cautionHeadline() {
  const told = CAUTIONS.map(({ number, label, sites }) => (HEADLINES[number] || ((count) => `${count}: ${label}`))(whole(sites), label));
  if (!told.length) return heldByOne();
  const last = told.pop();
  return ` Of the ${many(scoredOf("security"), "scored site")}, ${told.length ? `${told.join(", ")} and ${last}` : last}.${heldByOne()}`;
}

// What the marks of the table mean, above it.
function drawCautionKey() {
  byId("caution-key").replaceChildren(...(CAUTIONS.length ? ["Marks beside security scores: ", CAUTIONS.map((each, at) => [at ? " · " : "", cautionSign(each, each.label), ` ${each.number === 0 ? `medium or higher with ${each.label}` : each.label} (${whole(each.sites)})`])].flat(Infinity) : []));
  byId("caution-key").hidden = !CAUTIONS.length || !DOMAINS.includes("security");
}
