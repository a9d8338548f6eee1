
// A difference from the first score to the last that is no more than the data leave open is not called a change.
function keepOpen(site) {
  for (const domain of BOTH) {
    const sure = site.trend[`${domain}_sure`];
    const isOpen = sure && !sure.changed && site[domain].change !== null;
    site[domain].open = isOpen ? site[domain].change : null;
    if (isOpen) site[domain].change = null;
  }
}

const OPEN_MEANS = "no more than the data leave open: a score lies in the interval of the other";

function openSince(i, domain) {
  const { open } = of(i, domain);
  return open === null ? "" : el("span", { class: "place quiet" }, dated(`no change since ${dateOf(i, "first", domain)} beyond what the data leave open (${signed(open)})`));
}

// How many scores differ by no more than the data leave open.
function openNote() {
  const open = shown.filter((i) => of(i).open !== null).length;
  return open ? [el("p", { class: "small quiet" }, `${many(open, "more site has scores", "more sites have scores")} that differ by ${OPEN_MEANS}.`)] : [];
}

function allOpen() {
  return [el("h2", {}, `Changes of ${risk(state.domain)} risk`), el("p", {}, `No score changed. From the first date to the last, each differs by ${OPEN_MEANS}.`)];
}

// The intervals of a score over the frames, behind its line; one that stands alone is a bar.
function intervalsOf(i, domain, x, y) {
  const sure = SITES[i].trend[`${domain}_sure`];
  if (!sure) return null;
  const parts = [];
  let run = [];
  const finish = () => {
    const wide = run.length === 1 ? 3 : 0;
    const place = (at, value, shift = 0) => `${(x(at) + shift).toFixed(1)} ${y(value).toFixed(1)}`;
    const upper = run.flatMap((at) => (wide ? [place(at, sure.intervals[at][1], -wide), place(at, sure.intervals[at][1], wide)] : [place(at, sure.intervals[at][1])]));
    const lower = [...run].reverse().flatMap((at) => (wide ? [place(at, sure.intervals[at][0], wide), place(at, sure.intervals[at][0], -wide)] : [place(at, sure.intervals[at][0])]));
    if (run.length) parts.push(svg("path", { class: "within", d: `M${[...upper, ...lower].join("L")}z` }));
    run = [];
  };
  sure.intervals.forEach((interval, at) => (interval === null ? finish() : run.push(at)));
  finish();
  return parts;
}
