
// The panel of a site tells how sure its scores are, the selected score first.
const SURE = DATA.sure;
const ordinal = (place) => {
  const ending = place % 100 > 10 && place % 100 < 14 ? "th" : ["th", "st", "nd", "rd"][place % 10] || "th";
  return `${whole(place)}${ending}`;
};
const range = ([low, high]) => (Math.round(low) === Math.round(high) ? `${Math.round(low)}` : `${Math.round(low)} to ${Math.round(high)}`);

function howSure(i, detail) {
  const domains = state.domain === "security" ? ["security", "environment"] : ["environment", "security"];
  return el("div", { class: "sureness" }, el("h3", {}, "How sure"), domains.map((domain) => sureScore(i, detail, domain)),
    el("p", { class: "small quiet" }, `In ${whole(SURE.draws)} draws, what the data leave open varies: where incidents happened, how many, how many died, where the site is, and what is not known of the environment. They show how far a score may be off as the data stand; they are no forecast, and hold nothing that nobody reported.`));
}

function sureScore(i, detail, domain) {
  const score = ROWS[domain][i];
  const of = detail.sure[domain];
  const title = el("h4", {}, capital(domain));
  if (!of || score === null) return [title, el("p", {}, "There is no score, and so no interval.")];
  const [low, high] = of.interval;
  const known = low < high ? `${range(of.interval)} in 90 % of the draws` : `${number(low)} in every draw`;
  return [title, interval(score, of.interval, domain), el("p", {}, `${number(score)}, ${WORDS[ROWS[`${domain}_band`][i]]}: ${known}; in this band in ${percent(of.band)}. ${outside(score, of.interval, domain)}`),
    of.ranks && detail[`${domain}_rank`] ? el("p", {}, standing(of, detail[`${domain}_rank`], SURE[domain].sites)) : "",
    of.effective !== null && of.effective > 0 ? el("p", {}, `${number(of.effective)} effective incidents: so many equally strong ones would vary as much as those behind the score.`) : "",
    of.moved_by.length ? [el("p", { class: "small quiet" }, "What moves it:"), moves(of.moved_by, domain)] : el("p", { class: "small quiet" }, "Nothing that the draws vary moves it.")];
}

// A place among the sites: `7th, 4th to 15th of 45`.
function standing({ ranks: [best, worst], top }, place, sites) {
  const places = best < worst ? `${ordinal(best)} to ${ordinal(worst)}` : ordinal(best);
  return `${place === best && place === worst ? "" : `${ordinal(place)}, `}${places} of ${whole(sites)} in 90 % of the draws${sites > 10 ? `; among the ten highest in ${percent(top)}` : ""}.`;
}

// Why a score lies outside its interval.
function outside(score, [low, high], domain) {
  if (score >= low && score <= high) return "";
  const side = score > high ? "above" : "below";
  return domain === "environment"
    ? `The score takes positions as they are published and lies ${side} most draws, in which they move as far as they are not known.`
    : `The score averages over all positions that are possible and lies ${side} most draws.`;
}

// The interval on a line from 0 to 100 over the bands, with the score as a mark.
function interval(score, [low, high], domain) {
  const [LEFT, WIDTH] = [6, 336];
  const x = (value) => LEFT + (WIDTH * value) / 100;
  const edges = [0, ...SURE.edges, 100];
  const bands = [1, 2, 3, 4, 5].map((band) => svg("g", { class: `b${band}` },
    svg("rect", { class: "fill stripe", x: x(edges[band - 1]), width: x(edges[band]) - x(edges[band - 1]), y: 4, height: 18 })));
  return svg("svg", { class: `interval ${short(domain)}`, viewBox: "0 0 348 38", role: "img", "aria-label": `${capital(domain)} ${number(score)}, ${number(low)} to ${number(high)} in 90 % of the draws, on a line from 0 to 100` },
    bands, svg("rect", { class: "frame", x: LEFT, width: WIDTH, y: 4, height: 18 }),
    svg("rect", { class: "reach", x: x(low), width: Math.max(1.5, x(high) - x(low)), y: 11, height: 4 }),
    [low, high].map((end) => svg("rect", { class: "reach", x: x(end) - 0.75, width: 1.5, y: 8, height: 10 })),
    svg("path", { class: "mark-of-score", d: `M${x(score).toFixed(1)} 5l5 8l-5 8l-5-8z` }),
    edges.map((edge, at) => svg("text", { x: x(edge), y: 34, "text-anchor": at === 0 ? "start" : at === 5 ? "end" : "middle" }, String(edge))));
}

// The shares of what moves a score as bars.
function moves(shares, domain) {
  return el("ul", { class: "moves" }, shares.slice(0, 6).map(([what, share]) => el("li", {}, el("span", {}, capital(what)), el("span", { class: "num" }, percent(share)),
    svg("svg", { viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" },
      svg("rect", { class: "track", width: 100, height: 6 }), svg("rect", { class: short(domain), width: 100 * share, height: 6 })))));
}

// The ten highest by each score, in a section before the table of sites.
function drawHighest() {
  const KINDS = [["sure", "Sure", "in more than 90 % of the draws"], ["likely", "Likely", "in 50 to 90 %"], ["open", "Open", "in 10 to 50 %"]];
  const site = ([row, name, share], at) => [at ? ", " : "", el("span", {}, row === null ? name : chooser(row, name), ` ${percent(share).replace(" ", "\u00a0")}`)];
  const names = ({ count, first }) => [first.map(site), count > first.length ? ` and ${whole(count - first.length)} more` : "", count ? "" : el("span", { class: "quiet" }, "none")];
  const half = (domain) => {
    const of = SURE[domain];
    const parts = [el("h3", {}, `By ${domain} score`)];
    if (of.sites > 10) {
      parts.push(scrolled(`The ten highest by ${domain} score`, tabled(`Sites by how often they are among the ten highest by ${domain} score`, ["Among the ten", ["r", "Sites"], "Which, and how often"],
        KINDS.map(([kind, word, told]) => [[null, [word, el("div", { class: "small quiet" }, told)]], ["r", whole(of[kind].count)], [null, names(of[kind])]]))));
    } else parts.push(el("p", {}, of.sites ? `All of the ${many(of.sites, "site")} with a score ${of.sites === 1 ? "is" : "are"} among the ten highest.` : "No site has a score."));
    return el("div", {}, parts);
  };
  byId("sites").before(el("section", { id: "highest", "aria-labelledby": "highest-title" }, el("h2", { id: "highest-title" }, "The ten highest"),
    el("p", {}, `Which sites have the ten highest scores, as far as the data leave it open: counted over ${whole(SURE.draws)} draws. It is no forecast of which will have them.`),
    el("div", { class: "columns" }, half("security"), half("environment"))));
  document.querySelector("nav a").after(" ", el("a", { href: "#highest" }, "The ten highest"));
}
