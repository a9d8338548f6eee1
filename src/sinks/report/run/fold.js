
// On a small screen the sections below the map are folded, so that the page can be overlooked; a heading opens its own.
function foldSections() {
  const sections = [...document.querySelectorAll("main > section")].filter((each) => each.id !== "glance" && each.id !== "map-section");
  const open = (section, is) => {
    section.classList.toggle("unfolded", is);
    section.querySelector("h2 button")?.setAttribute("aria-expanded", String(is));
  };
  const narrowed = () => {
    for (const section of sections) {
      const heading = section.querySelector("h2");
      const title = heading.textContent;
      section.classList.toggle("folds", NARROW.matches);
      heading.replaceChildren(NARROW.matches ? el("button", { type: "button", class: "fold", "aria-expanded": String(section.classList.contains("unfolded")), onclick: () => open(section, !section.classList.contains("unfolded")) }, title) : title);
    }
    TABLES.forEach((table) => table.draw());
  };
  // A link to a section, or to something in it, opens it.
  const opened = () => {
    const target = location.hash.length > 1 && !location.hash.includes("=") && byId(location.hash.slice(1));
    const section = target && target.closest("section.folds");
    if (!section) return;
    open(section, true);
    section.scrollIntoView({ behavior: "instant" });
  };
  NARROW.addEventListener("change", narrowed);
  window.addEventListener("hashchange", opened);
  for (const link of document.querySelectorAll("a[href^='#']")) link.addEventListener("click", () => setTimeout(opened));
  narrowed();
  opened();
}

// Escape closes what the panel shows: an incident or a receptor, and then the site. In a field it is the field's.
function listenToEscape() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.target.closest?.("input[type=search], select")) return;
    if (state.looked) look(null, true);
    else if (state.chosen >= 0) choose(-1, true);
  });
}
