
// What reporting standards ask of the sites: all sites together, then a table of sites by items for one standard.
function drawDisclosures() {
  const section = byId("disclosures");
  const asked = DATA.disclosures.filter((each) => each.items.length);
  section.hidden = !asked.length;
  byId("to-disclosures").hidden = !asked.length;
  if (!asked.length) return;
  const named = (item) => capital(item.replace(/_/g, " "));
  const answer = (value) => (value === null ? el("span", { class: "quiet" }, "not known") : value === true ? "yes" : value === false ? "no" : typeof value === "number" ? value.toLocaleString("en-US", { maximumFractionDigits: 3 }) : value);
  const side = (value) => (typeof value === "number" ? "r" : null);
  const head = ({ item, unit }) => `${named(item)}${unit && !["areas", "people", "incidents", "facilities"].includes(unit) ? ` (${unit})` : ""}`;
  const holder = el("div", {});
  const show = (at) => {
    const { name, about, items, notes, sites, all } = asked[at];
    const unknown = items.filter((each) => each.unknown.length);
    const told = items.filter((each) => each.told);
    holder.replaceChildren(
      asked.length > 1 ? printedOnly(`Printed: ${name}, one of ${whole(asked.length)} standards. The others are chosen on a screen, and all are in disclosures.csv.`) : "",
      el("p", {}, `${capital(about)}.`),
      all.length ? el("h3", {}, "All sites together") : "",
      all.length ? scrolled("All sites together", tabled("All sites together", ["Item", "Answer", ["r", "Value"], "Unit", "Note"],
        all.map(([item, of, value, unit, note]) => [named(item), of || "sum", [side(value), answer(value)], unit, note || ""]))) : "",
      el("h3", {}, "Site by site"),
      scrolled("Disclosures by site", tabled(`By site${sites.length < DATA.sites ? `, the ${whole(sites.length)} with the highest scores` : ""}`, ["Site", ...items.map((item, i) => [sites.some(({ values }) => typeof values[i] === "number") ? "r" : null, head(item)])],
        sites.map(({ row, values, least, notes: noted }) => [[null, chooser(row, ROWS.name[row])], ...items.map((_, i) => [side(values[i]), [least.includes(i) ? "at least " : "", answer(values[i] === undefined ? null : values[i]), Number.isInteger(noted[i]) && !items[i].told ? el("div", { class: "small quiet note" }, notes[noted[i]]) : ""]])]))),
      told.length ? el("h3", {}, "What goes with every answer") : "",
      told.length ? el("ul", {}, told.map((each) => el("li", {}, `${named(each.item)}: ${each.told}.`))) : "",
      unknown.length ? el("h3", {}, "Why it is not known") : "",
      unknown.length ? el("ul", {}, unknown.map((each) => el("li", {}, `${named(each.item)}: ${each.unknown.map(([why, count]) => `at ${many(count, "site")} ${why}`).join("; ")}.`))) : "");
  };
  section.append(
    el("p", {}, "What reporting standards ask for, as far as the layers of this run tell it. What is not known has no value and is not zero. disclosures.csv, and risk.xlsx if it is written, hold a row for each answer, with areas and facilities one by one, its layer and its day."),
    el("p", { class: "filters" }, el("label", {}, "Standard", el("select", { id: "disclosure", onchange: (event) => show(Number(event.target.value)) }, asked.map((each, at) => el("option", { value: at }, each.name))))),
    holder);
  show(0);
}
