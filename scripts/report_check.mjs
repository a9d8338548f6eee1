// Works every report with mouse, keys and another size, as a reader would, and says what is wrong.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createRequire } from "node:module";
import { played } from "./report_check_played.mjs";
import { ATTACKS, painted, worked } from "./report_check_map.mjs";
import { printed } from "./report_check_print.mjs";
import { legible, readers } from "./report_check_reader.mjs";
import { dated, found, gathered, taken } from "./report_check_finds.mjs";

// Any further words are the reports to look at; without them all are.
const [out, modules, ...only] = process.argv.slice(2);
const asked = (name) => !only.length || only.includes(name);
const require = createRequire(`${modules}/`);
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const wrong = [];
let checked = 0;
const check = (name, what, good) => {
  checked += 1;
  if (!good) wrong.push(`${name}: ${what}`);
};

// When a page is drawn, what is in it, and what a reader does with it.
const RUN = {
  drawn: () => document.querySelector("#bar").style.width !== "",
  rows: (data) => data.rows.id.length,
  begin: (page, name, rows, data) => gathered(page, name, data, check),
  use,
  told: (data) => `${data.details.length} panels`,
};
const BATCH = {
  drawn: () => document.querySelector("#charts svg") !== null,
  rows: (data) => data.series.filter((series) => series.scheme === 0).reduce((sum, series) => sum + series.trends.length, 0),
  begin: async (page, name) => check(name, "a chart of all sites", (await page.locator("#charts svg").count()) === 1),
  use: useBatch,
  told: (data) => `${data.series.reduce((sum, series) => sum + series.frames.length, 0)} frames`,
};

const profile = fs.mkdtempSync(path.join(os.tmpdir(), "report-check-"));
const browser = await chromium.launchPersistentContext(profile, { executablePath: "/usr/bin/chromium", headless: true, args: flags, viewport: { width: 1440, height: 900 } });
try {
  for (const name of ["demo", "sure", "hostile", "edges", "no-data", "no-site", "one", "many", "masses"].filter(asked)) await work(name, RUN);
  for (const name of ["batch", "batch-hostile", "batch-many"].filter(asked)) await work(name, BATCH);
} finally {
  await browser.close();
  fs.rmSync(profile, { recursive: true, force: true });
}
for (const line of wrong) console.error(line);
console.log(`${checked} checks, ${wrong.length} failed; pictures are in ${out}`);
process.exitCode = wrong.length ? 1 : 0;

async function work(name, kind) {
  const page = await browser.newPage();
  const file = path.resolve(out, name, "report.html");
  const said = [];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => { said.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => { if (request.url() !== `file://${file}`) said.push(`request: ${request.url()}`); });
  await page.addInitScript(() => document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective}`)));
  const started = Date.now();
  await page.goto(`file://${file}`);
  await page.waitForFunction(kind.drawn);
  const opened = Date.now() - started;
  const picture = (of) => page.screenshot({ path: path.join(out, `${name}-${of}.png`) });
  await picture("light");
  await page.screenshot({ path: path.join(out, `${name}-whole.png`), fullPage: true });
  const data = await page.evaluate(() => JSON.parse(document.getElementById("data").textContent));
  const rows = kind.rows(data);
  await kind.begin(page, name, rows, data);
  check(name, "as many rows as sites, up to a page", (await page.locator("#table tbody tr").count()) === Math.min(rows, 50));
  check(name, "every value is told in words", !/\[object|undefined|NaN/.test(await page.evaluate(() => document.body.innerText)));
  await accessible(page, name, "light");
  if (rows) await kind.use(page, name, data, picture);
  await page.click("#theme");
  check(name, "the button names the other colors", (await page.locator("#theme").innerText()) === "Light");
  check(name, "dark has a dark ground", await page.evaluate(() => getComputedStyle(document.body).backgroundColor === "rgb(20, 23, 26)"));
  await accessible(page, name, "dark");
  await picture("dark");
  if (name === "demo") {
    await page.emulateMedia({ forcedColors: "active" });
    check(name, "forced colors leave the map its own", await page.evaluate(() => getComputedStyle(document.getElementById("map")).forcedColorAdjust === "none"));
    await picture("forced");
    await page.emulateMedia({ forcedColors: "none" });
  }
  await page.emulateMedia({ colorScheme: "dark" });
  await page.pdf({ path: path.join(out, `${name}.pdf`), format: "A4", printBackground: true });
  await page.emulateMedia({ media: "print" });
  await page.screenshot({ path: path.join(out, `${name}-print.png`), fullPage: !name.endsWith("many") });
  if (kind === RUN) await legible(page, name, check);
  check(name, "print has a light ground", await page.evaluate(() => getComputedStyle(document.body).backgroundColor === "rgb(255, 255, 255)"));
  if (await page.locator("#printed .incidents.kind-0").count()) {
    check(name, "print has the colors of a light page", await page.evaluate(() => getComputedStyle(document.querySelector("#printed .kind-0")).fill === "rgb(10, 106, 168)"));
  }
  // Neither is emulated: what is printed is then styled for print.
  await page.emulateMedia({ media: null });
  if (name === "demo") await printed(page, name, data, out, check);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForTimeout(200);
  check(name, "390 px: rows of tables are cards", await page.evaluate(() => [...document.querySelectorAll(".scroll tbody tr")].every((row) => !row.offsetWidth || (getComputedStyle(row).display === "block" && row.scrollWidth <= row.clientWidth + 1))));
  check(name, "390 px: nothing runs off the side", await page.evaluate(() => document.documentElement.scrollWidth <= 390));
  if (kind === RUN) {
    const [folded, all] = await page.evaluate(() => ["section.folds:not(.unfolded)", "section.folds"].map((of) => document.querySelectorAll(of).length));
    check(name, "390 px: the sections below the map are folded, and open", folded === all && all > 3);
    await page.locator("#sites button.fold").click();
    check(name, "390 px: a heading opens its section", await page.locator("#table tbody").isVisible() || rows === 0);
  }
  await picture("390");
  await accessible(page, name, "390 px");
  await page.setViewportSize({ width: 360, height: 740 });
  await page.waitForTimeout(200);
  check(name, "360 px: nothing runs off the side", await page.evaluate(() => document.documentElement.scrollWidth <= 360));
  await picture("360");
  check(name, `nothing in the console, no dialog, no request, no violation: ${said.join("; ")}`, said.length === 0);
  console.log(`${name}: ${rows} rows, ${kind.told(data)}, ${Math.round(fs.statSync(file).size / 1000)} kB, open after ${opened} ms`);
  await page.close();
}

async function use(page, name, data, picture) {
  const rows = data.rows;
  const known = rows.security.some((score) => score !== null);
  const isGathered = (await page.locator(".mark.gathered").count()) > 0;
  const first = page.locator(".mark[data-site]").last();
  const site = Number(await first.getAttribute("data-site"));
  await first.hover({ force: true });
  check(name, "hover explains the site", (await page.locator("#tip").textContent()).includes(rows.name[site]));
  await picture("hover");
  await page.focus("#map");
  const before = await page.locator("#world").getAttribute("transform");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("+");
  await page.waitForTimeout(300);
  check(name, "keys move and zoom the map", (await page.locator("#world").getAttribute("transform")) !== before);
  await page.keyboard.press("0");
  await page.waitForTimeout(100);
  await page.keyboard.press("Tab");
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("data-site"));
  check(name, "Tab goes from the map to the worst site", (await focused()) === String(site) || isGathered);
  await page.waitForTimeout(100);
  check(name, "focus explains the site", (await page.locator("#tip").evaluate((tip) => tip.style.visibility)) === "visible");
  if (rows.id.length > 1) {
    await page.keyboard.press("ArrowRight");
    check(name, "arrows go on to another site", (await focused()) !== String(site) || isGathered);
    await page.keyboard.press("ArrowLeft");
  }
  if (isGathered) await first.focus();
  await page.keyboard.press("Enter");
  await page.waitForTimeout(100);
  const panel = page.locator("#panel");
  check(name, "Enter opens the panel", (await panel.locator("h2").textContent()) === rows.name[site]);
  check(name, "draws are told where there are any", (await panel.locator(".sureness .interval").count()) === (data.sure ? Object.values(data.details[site].sure).filter(Boolean).length : 0));
  check(name, "the panel has the focus", await page.evaluate(() => document.activeElement.closest("#panel") !== null));
  await picture("chosen");
  await panel.screenshot({ path: `${out}/${name}-panel.png` });
  await page.evaluate(() => { document.getElementById("panel").style.maxHeight = "none"; });
  await panel.screenshot({ path: `${out}/${name}-panel-whole.png` });
  await page.evaluate(() => { document.getElementById("panel").style.maxHeight = ""; });
  await page.hover("#map", { position: { x: 300, y: 60 } });
  const still = await page.locator("#world").getAttribute("transform");
  await page.evaluate(() => document.activeElement.blur());
  await page.mouse.wheel(0, -300);
  await page.waitForTimeout(100);
  check(name, "the wheel scrolls past a map that is not in use", (await page.locator("#world").getAttribute("transform")) === still);
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.focus("#map");
  const box = await page.locator("#map").boundingBox();
  await page.mouse.move(box.x + 300, box.y + 60);
  await page.mouse.wheel(0, -300);
  await page.waitForTimeout(100);
  check(name, "the wheel zooms a map in use", (await page.locator("#world").getAttribute("transform")) !== still);
  await page.keyboard.press("0");

  const names = () => page.locator("#table tbody tr").evaluateAll((list) => list.map((row) => Number(row.dataset.site)));
  const sort = async (id) => page.click(`#table button[data-sort="${id}"]`);
  await sort("name");
  let order = (await names()).map((i) => rows.name[i].toLowerCase());
  check(name, "sorted by name", order.every((each, at) => at === 0 || order[at - 1] <= each));
  check(name, "aria-sort says so", (await page.locator("#table th").first().getAttribute("aria-sort")) === "ascending");
  const scores = ["environment", "security"];
  const sortable = [];
  for (const id of scores) if (await page.locator(`#table button[data-sort="${id}"]`).count()) sortable.push(id);
  for (const id of sortable) await sort(id);
  const by = sortable[sortable.length - 1];
  order = (await names()).map((i) => rows[by][i] ?? -1);
  check(name, "sorted by score", order.every((each, at) => at === 0 || order[at - 1] >= each));
  check(name, "the header keeps the focus", await page.evaluate(() => document.activeElement.dataset.sort) === by);
  const wanted = rows.name[site];
  await page.fill("#filter-text", wanted);
  check(name, "filtered by name", (await names()).includes(site) && (await names()).length <= rows.id.length);
  await page.fill("#filter-text", "no such site anywhere");
  check(name, "a filter that holds nothing leaves no row and no mark", (await names()).length === 0 && (await page.locator(".mark:not(.on, .gathered)").count()) === 0);
  await page.fill("#filter-text", "");
  const shownBy = await page.evaluate(() => document.querySelector(".switch input:checked").value);
  const bandsOf = rows[`${shownBy}_band`];
  const band = String(bandsOf[site]);
  await page.selectOption("#filter-band", band);
  const inBand = bandsOf.filter((each) => String(each) === band).length;
  check(name, "filtered by band", (await names()).length === Math.min(50, inBand) && ((await page.locator(".mark").count()) === Math.min(1200, inBand) || isGathered));
  await page.selectOption("#filter-band", "");
  if (data.portfolio.length) {
    await page.selectOption("#filter-group", "0:0");
    const members = data.members[0].filter((each) => each === 0).length;
    check(name, "filtered by group", (await page.locator(".mark").count()) === Math.min(1200, members) + (data.members[0][site] === 0 ? 0 : 1) || isGathered);
    await page.selectOption("#filter-group", "");
    check(name, "a row a group", (await page.locator("#portfolio tbody tr").count()) === Math.min(200, data.portfolio[0].groups.length));
  }
  if (known && (await page.locator(".switch input[value=environment]").count())) {
    const attacks = data.events.used[0];
    check(name, "incidents are offered beside security scores", (await page.locator("#incidents-shown").count()) === (attacks ? 1 : 0));
    await page.locator("label:has-text('Environment') >> nth=0").click();
    check(name, "no incident stands beside environment scores", (await painted(page, ATTACKS)) === 0);
    check(name, "the legend follows the choice", (await page.locator("#legend").getAttribute("class")).includes("env"));
    await picture("environment");
    await page.locator("label:has-text('Security') >> nth=0").click();
    check(name, "incidents are back beside security scores", (await painted(page, ATTACKS)) > 0 === attacks > 0);
  }
  await worked(page, name, data, check, picture);
  await readers(page, name, data, check);
  await dated(page, name, data, check);
  await found(page, name, data, check);
  await taken(page, name, data, out, check);
  if (name === "hostile") {
    const text = await page.evaluate(() => document.body.innerText);
    for (const each of rows.name) check(name, `shown as it is: ${each}`, text.includes(each));
    check(name, "no markup came of data", await page.evaluate(() => document.querySelectorAll("img, b b, script").length === 2));
    check(name, "line separators came through", JSON.stringify(data.details).includes("\u2028"));
  }
}

async function useBatch(page, name, data, picture) {
  const sites = data.series.filter((series) => series.scheme === 0).flatMap((series) => series.trends.map((trend) => ({ series, trend })));
  const summary = (scores) => {
    const known = scores.filter((score) => score !== null);
    return { first: known[0], last: known[known.length - 1], highest: Math.max(...known), change: known.length > 1 ? known[known.length - 1] - known[0] : null };
  };
  const rowsOf = () => page.locator("#table tbody tr").evaluateAll((list) => list.map((row) => [Number(row.dataset.site), ...[...row.cells].map((cell) => cell.innerText.trim())]));
  const several = data.regions.length > 1 ? 1 : 0;
  // The page numbers the sites of all schemes.
  const numbered = data.series.flatMap((series) => series.trends.map((trend) => ({ series, trend })));
  for (const [i, title, ...cells] of await rowsOf()) {
    const { trend } = numbered[i];
    const { first, last, highest, change } = summary(trend.security);
    const told = (score) => (score === undefined ? "no score" : score.toFixed(1));
    check(name, `the row of ${title} says what the frames say`, title === trend.name && cells[several].startsWith(told(first)) && cells[several + 1].startsWith(told(last))
      && (change === null ? cells[several + 2] === "–" : Math.abs(Number(cells[several + 2].replace("−", "-")) - change) < 0.051)
      && (last === undefined || cells[several + 3].startsWith(highest.toFixed(1))));
  }
  const sort = async (table, id) => page.click(`#${table} button[data-sort="${id}"]`);
  await sort("table", "change");
  const order = (await rowsOf()).map(([i]) => summary(numbered[i].trend.security).change ?? -Infinity);
  check(name, "sorted by change", order.every((each, at) => at === 0 || order[at - 1] >= each - 1e-9));
  check(name, "aria-sort says so", (await page.locator("#table th[aria-sort=descending]").innerText()).startsWith("Change"));
  check(name, "the header keeps the focus", await page.evaluate(() => document.activeElement.dataset.sort === "change"));
  await sort("table", "last");
  const wanted = sites[0].trend.name;
  await page.fill("#filter-text", wanted);
  check(name, "filtered by name", (await rowsOf()).length > 0 && (await rowsOf()).every(([i]) => `${numbered[i].trend.name}\n${numbered[i].trend.id}`.toLowerCase().includes(wanted.toLowerCase())));
  await page.fill("#filter-text", "no such site anywhere");
  check(name, "a filter that holds nothing leaves no row", (await rowsOf()).length === 0);
  await page.fill("#filter-text", "");
  if (several) {
    await page.selectOption("#filter-region", "0");
    const here = data.series.filter((series) => series.scheme === 0 && series.region === 0);
    check(name, "filtered by region", (await rowsOf()).length === Math.min(50, here.reduce((sum, series) => sum + series.trends.length, 0)));
    check(name, "the frames follow", (await page.locator("#frames-table tbody tr").count()) === Math.min(50, here.reduce((sum, series) => sum + series.frames.length, 0)));
    await page.selectOption("#filter-region", "");
  }
  if (data.schemes.length > 1) {
    await page.selectOption("#filter-scheme", "1");
    const there = data.series.filter((series) => series.scheme === 1);
    check(name, "the sites of another scheme", (await rowsOf()).length === Math.min(50, there.reduce((sum, series) => sum + series.trends.length, 0)) && (await rowsOf()).every(([i]) => numbered[i].series.scheme === 1));
    await page.selectOption("#filter-scheme", "0");
  }
  await played(page, name, data, check);
  const chart = page.locator("#charts svg").first();
  await chart.scrollIntoViewIfNeeded();
  await chart.hover();
  check(name, "the chart tells the date under the pointer", /^\d{4}-\d{2}-\d{2}: ./.test(await page.locator("#readout").innerText()));
  await picture("hover");
  const chooser = page.locator("#table tbody tr button").first();
  const [[chosen]] = await rowsOf();
  await chooser.focus();
  await page.keyboard.press("Enter");
  const panel = page.locator("#panel");
  check(name, "Enter opens the panel", (await panel.locator("h2").textContent()) === numbered[chosen].trend.name);
  check(name, "the panel has the focus", await page.evaluate(() => document.activeElement.id === "panel"));
  const known = ["security", "environment"].filter((domain) => numbered[chosen].trend[domain].some((score) => score !== null));
  check(name, "the scores that are known and the incidents are drawn", (await page.locator("#charts svg").count()) === known.length + 1);
  check(name, "a row a frame", (await panel.locator("tbody tr").count()) === numbered[chosen].series.frames.length);
  await page.locator("#charts svg").first().hover();
  check(name, "the site's chart tells its score", (await page.locator("#readout").innerText()).includes("security "));
  await picture("chosen");
  await accessible(page, name, "chosen");
  const links = await page.locator("#frames-table a").evaluateAll((list) => list.map((link) => link.href));
  check(name, "every link leads to a file", links.length > 0 && links.every((link) => fs.existsSync(new URL(link))));
  const offered = await page.locator(".switch input").evaluateAll((list) => list.map((radio) => radio.value));
  const made = ["security", "environment"].filter((domain) => sites.some(({ trend }) => [...trend[domain], ...(domain === "environment" ? trend.environment_at_least : [])].some((score) => score !== null)));
  check(name, `only scores that were made are offered: ${offered}`, String(offered) === String(made.length ? made : ["security"]));
  if (offered.length > 1) {
    await page.locator("label:has-text('Environment') >> nth=0").click();
    check(name, "the legend follows the choice", (await page.locator("#legend").getAttribute("class")).includes("env"));
    await picture("environment");
    await page.locator("label:has-text('Security') >> nth=0").click();
  }
  const failed = data.series.flatMap((series) => series.frames).filter((frame) => frame.error);
  const text = await page.evaluate(() => document.body.innerText);
  check(name, "what failed is told with its reason", failed.every((frame) => text.includes(frame.error[0])) && (await page.locator("#failed").isVisible()) === failed.length > 0);
  if (name === "batch-hostile") {
    check(name, "a frame failed", failed.length > 0);
    for (const { trend } of sites) check(name, `shown as it is: ${trend.name}`, text.includes(trend.name));
    check(name, "no markup came of data", await page.evaluate(() => document.querySelectorAll("img, b b, script").length === 2));
  }
}

async function accessible(page, name, theme) {
  // Evaluated by the debugger, which the page's policy does not bind.
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  for (const violation of result.violations) {
    check(name, `${theme}: ${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`, false);
  }
  check(name, `${theme}: accessibility was looked at`, result.passes.length > 10);
}
