// Works the page of the server with pointer and keys and on a phone, as a reader would, and says what is wrong with it.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { times } from "./page_check_times.mjs";
import { walk } from "./page_check_walk.mjs";

const [out, modules] = process.argv.slice(2);
const require = createRequire(path.resolve(modules, "package.json"));
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const wrong = [];
let checked = 0;
const check = (name, what, good) => {
  checked += 1;
  if (!good) wrong.push(`${name}: ${what}`);
};
const servers = [];

// Starts a server of its own; the system chooses the port.
async function serve(...options) {
  const server = spawn("target/release/tamarisk", ["serve", ...options, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "ignore", "pipe"] });
  servers.push(server);
  let said = "";
  return new Promise((done, failed) => {
    server.stderr.on("data", (text) => {
      said += text;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found) done({ base: found[0], log: () => said });
    });
    server.on("exit", () => failed(new Error(`the server ended: ${said}`)));
  });
}

// Opens the page, and notes all that it should not do.
async function open(browser, base, name, hash, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const asked = [];
  page.on("console", (message) => { if (!(options.refuses?.test(message.text()))) check(name, `the console says ${message.type()}: ${message.text()}`, false); });
  page.on("pageerror", (error) => check(name, `an error: ${error.message}`, false));
  page.on("dialog", (dialog) => { check(name, `a dialog: ${dialog.message()}`, false); dialog.dismiss(); });
  page.on("request", (request) => {
    asked.push({ method: request.method(), url: request.url(), body: request.postData() ?? "" });
    if (!request.url().startsWith(`${base}/`) && !request.url().startsWith("data:")) check(name, `a request leaves: ${request.url()}`, false);
  });
  await page.addInitScript(() => document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)));
  await page.goto(`${base}/map${hash}`);
  return { page, asked, context };
}

// Waits until something holds; a page with a policy has no other way to be asked.
async function until(page, what, ...given) {
  for (let turn = 0; turn < 150; turn += 1) {
    if (await page.evaluate(what, ...given)) return true;
    await page.waitForTimeout(100);
  }
  return false;
}

async function accessible(page, name) {
  // Evaluated by the debugger, which the page's policy does not bind.
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  for (const violation of result.violations) {
    check(name, `${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`, false);
  }
  check(name, "accessibility was looked at", result.passes.length > 10);
}

const picture = (page, name, whole = false) => page.screenshot({ path: path.join(out, `${name}.png`), fullPage: whole });
const wide = (page) => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
// Machines of planners often have no WebGL at all.
const plain = await chromium.launch({ executablePath: "/usr/bin/chromium", args: [...flags, "--disable-3d-apis"] });
try {
  const demo = await serve("--demo");
  const tools = { check, open, until, accessible, picture, wide, browser, plain };
  await walk(tools, demo);
  await times(tools, {
    batch: await serve(path.join(out, "batch")),
    plan: await serve("examples/batch.toml"),
    run: await serve(path.join(out, "run")),
    beside: await serve(path.join(out, "run"), "--demo"),
  });
  fs.writeFileSync(path.join(out, "token"), "a token of letters\n");
  await behindToken(await serve("--demo", "--token-file", path.join(out, "token")));
  await hostile(await serve("-s", path.join(out, "hostile-sites.csv"), "-i", path.join(out, "hostile-incidents.csv"), "--coverage", "all"));
  await seam(await serve("-s", "tests/qgis/sites.geojson", "-i", "tests/qgis/incidents.csv", "--coverage", "all"));
} finally {
  await browser.close();
  await plain.close();
  for (const server of servers) server.removeAllListeners("exit").kill("SIGTERM");
}
for (const line of wrong) console.error(line);
console.log(`${checked} checks, ${wrong.length} failed; pictures are in ${out}`);
process.exitCode = wrong.length ? 1 : 0;

async function behindToken({ base }) {
  const name = "token";
  const { page, asked, context } = await open(browser, base, name, "#ask=site&site=PK-S001", { refuses: /status of 401/ });
  check(name, "the page asks for the token", await until(page, () => document.getElementById("token").open));
  await accessible(page, name);
  await picture(page, name);
  await page.keyboard.type("another");
  await page.keyboard.press("Enter");
  check(name, "another token is refused", await until(page, () => document.getElementById("token").open && document.getElementById("token-title").textContent.includes("does not know")));
  await page.keyboard.type("a token of letters");
  await page.keyboard.press("Enter");
  check(name, "with the token it answers", await until(page, () => document.getElementById("said").textContent.startsWith("Reko Diq:") && document.querySelectorAll("#table tbody tr").length > 10));
  const kept = await page.evaluate(() => JSON.stringify([location.href, { ...localStorage }, { ...sessionStorage }, document.cookie]));
  check(name, "the token is nowhere but in memory", !kept.includes("letters") && asked.every(({ url, body }) => !url.includes("letters") && !body.includes("letters")));
  await context.close();
}

async function hostile({ base }) {
  const name = "hostile";
  const sites = (await (await fetch(`${base}/collections/sites/items`)).json()).features;
  const { page, context } = await open(browser, base, name, "");
  check(name, "a row a site", await until(page, (count) => document.querySelectorAll("#table tbody tr").length === count, Math.min(50, sites.length)));
  const marks = await page.evaluate(() => document.querySelectorAll("script").length);
  for (const site of sites.slice(0, 12)) {
    await page.evaluate((id) => { location.hash = new URLSearchParams({ ask: "site", site: id }); }, site.id);
    const found = await until(page, (title) => document.querySelector("#panel h2")?.textContent === title, site.properties.name);
    // An id with a slash is no part of a path.
    check(name, `shown as it is: ${site.properties.name}`, found || site.id.includes("/"));
  }
  check(name, "no markup came of data", await page.evaluate((count) => document.querySelectorAll("script").length === count && document.querySelectorAll("img, iframe, b b").length === 0, marks));
  await page.fill("#find", sites[0].properties.name.slice(0, 6));
  await until(page, () => document.querySelectorAll("#hits li").length > 0);
  await accessible(page, name);
  await picture(page, name);
  await context.close();
}

async function seam({ base }) {
  const name = "seam";
  const { page, context } = await open(browser, base, name, "#ask=near&at=179.9,-16.5&within=200");
  check(name, "a place beside the antimeridian has neighbors", await until(page, () => document.querySelector("#panel h2")?.textContent.startsWith("Within 200 km")));
  await page.waitForTimeout(800);
  await picture(page, name);
  await page.evaluate(() => { location.hash = "ask=route&routes=179 -16.5,-179 -17"; });
  check(name, "a route over the antimeridian takes the short way", await until(page, () => /Route 1: 2\d\d\.\d km/.test(document.getElementById("said").textContent)));
  await page.waitForTimeout(800);
  await picture(page, `${name}-route`);
  await context.close();
}
