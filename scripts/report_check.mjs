// Works every report with mouse, keys and another size, as a reader would, and says what is wrong.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createRequire } from "node:module";

const [out, modules] = process.argv.slice(2);
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

const profile = fs.mkdtempSync(path.join(os.tmpdir(), "report-check-"));
const browser = await chromium.launchPersistentContext(profile, { executablePath: "/usr/bin/chromium", headless: true, args: flags, viewport: { width: 1440, height: 900 } });
try {
  for (const name of ["demo", "hostile", "edges", "no-data", "no-site", "one", "many"]) await work(name);
} finally {
  await browser.close();
  fs.rmSync(profile, { recursive: true, force: true });
}
for (const line of wrong) console.error(line);
console.log(`${checked} checks, ${wrong.length} failed; pictures are in ${out}`);
process.exitCode = wrong.length ? 1 : 0;

async function work(name) {
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
  await page.waitForFunction(() => document.querySelector("#bar").style.width !== "");
  const opened = Date.now() - started;
  const picture = (of) => page.screenshot({ path: path.join(out, `${name}-${of}.png`) });
  await picture("light");
  await page.screenshot({ path: path.join(out, `${name}-whole.png`), fullPage: true });
  const data = await page.evaluate(() => JSON.parse(document.getElementById("data").textContent));
  const rows = data.rows.id.length;
  check(name, "as many marks as sites, up to 1200", (await page.locator(".mark").count()) === Math.min(rows, 1200));
  check(name, "as many rows as sites, up to a page", (await page.locator("#table tbody tr").count()) === Math.min(rows, 50));
  await accessible(page, name, "light");
  if (rows) await use(page, name, data, picture);
  await page.click("#theme");
  check(name, "dark has a dark ground", await page.evaluate(() => getComputedStyle(document.body).backgroundColor === "rgb(20, 23, 26)"));
  await accessible(page, name, "dark");
  await picture("dark");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.pdf({ path: path.join(out, `${name}.pdf`), format: "A4", printBackground: true });
  await page.emulateMedia({ media: "print" });
  await page.screenshot({ path: path.join(out, `${name}-print.png`), fullPage: name !== "many" });
  check(name, "print has a light ground", await page.evaluate(() => getComputedStyle(document.body).backgroundColor === "rgb(255, 255, 255)"));
  await page.emulateMedia({ media: "screen" });
  await page.setViewportSize({ width: 360, height: 740 });
  await page.waitForTimeout(200);
  check(name, "360 px: nothing runs off the side", await page.evaluate(() => document.documentElement.scrollWidth <= 360));
  await picture("360");
  check(name, `nothing in the console, no dialog, no request, no violation: ${said.join("; ")}`, said.length === 0);
  console.log(`${name}: ${rows} rows, ${data.details.length} panels, ${Math.round(fs.statSync(file).size / 1000)} kB, open after ${opened} ms`);
  await page.close();
}

async function use(page, name, data, picture) {
  const rows = data.rows;
  const known = rows.security.some((score) => score !== null);
  const first = page.locator(".mark").last();
  const site = Number(await first.getAttribute("data-site"));
  await first.hover({ force: true });
  check(name, "hover explains the site", (await page.locator("#tip").textContent()).includes(rows.name[site]));
  await picture("hover");
  await page.focus("#map");
  const before = await page.locator("#world").getAttribute("transform");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("+");
  await page.waitForTimeout(100);
  check(name, "keys move and zoom the map", (await page.locator("#world").getAttribute("transform")) !== before);
  await page.keyboard.press("0");
  await page.waitForTimeout(100);
  await page.keyboard.press("Tab");
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("data-site"));
  check(name, "Tab goes from the map to the worst site", (await focused()) === String(site));
  await page.waitForTimeout(100);
  check(name, "focus explains the site", (await page.locator("#tip").evaluate((tip) => tip.style.visibility)) === "visible");
  if (rows.id.length > 1) {
    await page.keyboard.press("ArrowRight");
    check(name, "arrows go on to another site", (await focused()) !== String(site));
    await page.keyboard.press("ArrowLeft");
  }
  await page.keyboard.press("Enter");
  await page.waitForTimeout(100);
  const panel = page.locator("#panel");
  check(name, "Enter opens the panel", (await panel.locator("h2").textContent()) === rows.name[site]);
  check(name, "the panel has the focus", await page.evaluate(() => document.activeElement.id === "panel"));
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
  await sort("environment");
  await sort("security");
  order = (await names()).map((i) => rows.security[i] ?? -1);
  check(name, "sorted by score", order.every((each, at) => at === 0 || order[at - 1] >= each));
  check(name, "the header keeps the focus", await page.evaluate(() => document.activeElement.dataset.sort === "security"));
  const wanted = rows.name[site];
  await page.fill("#filter-text", wanted);
  check(name, "filtered by name", (await names()).length > 0 && (await names()).every((i) => `${rows.name[i]}\n${rows.id[i]}`.toLowerCase().includes(wanted.toLowerCase())));
  await page.fill("#filter-text", "no such site anywhere");
  check(name, "a filter that holds nothing leaves no row and no mark", (await names()).length === 0 && (await page.locator(".mark").count()) === 0);
  await page.fill("#filter-text", "");
  const band = String(rows.security_band[site]);
  await page.selectOption("#filter-band", band);
  const inBand = rows.security_band.filter((each) => String(each) === band).length;
  check(name, "filtered by band", (await names()).length === Math.min(50, inBand) && (await page.locator(".mark").count()) === Math.min(1200, inBand));
  await page.selectOption("#filter-band", "");
  if (data.portfolio.length) {
    await page.selectOption("#filter-group", "0:0");
    const members = data.members[0].filter((each) => each === 0).length;
    check(name, "filtered by group", (await page.locator(".mark").count()) === Math.min(1200, members));
    await page.selectOption("#filter-group", "");
    check(name, "a row a group", (await page.locator("#portfolio tbody tr").count()) === Math.min(200, data.portfolio[0].groups.length));
  }
  if (known) {
    await page.locator("label:has-text('Environment') >> nth=0").click();
    check(name, "the legend follows the choice", (await page.locator("#legend").getAttribute("class")).includes("env"));
    await picture("environment");
    await page.locator("label:has-text('Security') >> nth=0").click();
  }
  if (name === "hostile") {
    const text = await page.evaluate(() => document.body.innerText);
    for (const each of rows.name) check(name, `shown as it is: ${each}`, text.includes(each));
    check(name, "no markup came of data", await page.evaluate(() => document.querySelectorAll("img, b b, script").length === 2));
    check(name, "line separators came through", JSON.stringify(data.details).includes("\u2028"));
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
