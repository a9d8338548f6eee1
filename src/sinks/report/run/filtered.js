
// What filters leave on the map is told beside it, with a way back.
const isFiltered = () => shown.length < COUNT;
// The chosen site stays where its lines and circles are, whatever filters leave.
const isChosenBesides = () => state.chosen >= 0 && !shown.includes(state.chosen);
const sitesOnMap = () => (isChosenBesides() ? [...shown, state.chosen] : shown);
const sitesTold = () => `${whole(shown.length)} of ${many(COUNT, "site")}${isChosenBesides() ? " and the chosen one" : ""} shown`;
function tellFiltered() {
  const wanted = state.text.trim();
  const by = [wanted && `“${wanted}”`, state.band !== "" && WORDS[state.band], state.group && byId("filter-group").selectedOptions[0]?.textContent].filter(Boolean).join(", ");
  const lines = [];
  if (isFiltered()) lines.push([`${sitesTold()} (${by}). `, el("button", { type: "button", class: "plain", id: "clear-sites", onclick: clearFilters }, "Show all sites")]);
  if (wantedList !== null) {
    const [left, all] = [ofDomain().filter(isWanted).length, ofDomain().length];
    lines.push([dated(`${whole(left)} of ${many(all, state.domain === "environment" ? "accident" : "incident")} shown${datesTold() && ` (${datesTold()})`}. `), el("button", { type: "button", class: "plain", id: "clear-incidents", onclick: () => clearEventFilters() }, "Show all incidents")]);
  }
  byId("filtered").replaceChildren(...lines.map((line) => el("span", {}, line)));
  byId("filtered").hidden = !lines.length;
}
