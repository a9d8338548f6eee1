// A reader's walk through the page, on the built-in case: each answer is compared with the server's own.
const said = (page) => page.locator("#said").innerText();

export async function walk(tools, { base, log }) {
  await byKeys(tools, base);
  await byMap(tools, base);
  await comparing(tools, base);
  await routing(tools, base);
  await wondering(tools, base);
  await linked(tools, base);
  await looks(tools, base);
  tools.check("secrets", "no coordinate of a question is in the log", !/66\.6123|29\.9123/.test(log()));
}

const explained = async (base, path, body) => (await fetch(`${base}/${path}`, body ? { method: "POST", body: new URLSearchParams(body) } : {})).json();

// Tab goes on until an element has the focus.
async function tabTo(page, id) {
  for (let turn = 0; turn < 60; turn += 1) {
    if (await page.evaluate((wanted) => document.activeElement.id === wanted, id)) return true;
    await page.keyboard.press("Tab");
  }
  return false;
}

async function byKeys({ check, open, until, accessible, picture, plain }, base) {
  const name = "keys";
  const { page, asked, context } = await open(plain, base, name, "");
  check(name, "the sites are in the table", await until(page, () => document.querySelectorAll("#table tbody tr").length > 10));
  check(name, "Tab reaches the search", await tabTo(page, "find"));
  await page.keyboard.type("saindak");
  check(name, "the search finds", await until(page, () => document.querySelectorAll("#hits li[id]").length > 0));
  check(name, "the list is announced", (await page.locator("#find").getAttribute("aria-expanded")) === "true");
  await page.keyboard.press("ArrowDown");
  check(name, "the first hit is active", (await page.locator("#find").getAttribute("aria-activedescendant")) === "hit-0" && (await page.locator("#hit-0").getAttribute("aria-selected")) === "true");
  await accessible(page, `${name}, search open`);
  await picture(page, "search");
  await page.keyboard.press("Enter");
  check(name, "Enter opens it", await until(page, () => document.querySelector("#panel h2")?.textContent === "Saindak"));
  check(name, "the answer has the focus", await page.evaluate(() => document.activeElement.id === "panel"));
  check(name, "the list is closed", await page.evaluate(() => document.getElementById("hits").hidden));
  const site = await page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get("site"));
  const own = await explained(base, `explain/${site}`);
  check(name, "the sentence is the server's answer", (await said(page)).startsWith(`Saindak: security ${own.security.score.toFixed(1)}, ${own.security.band}; nearest incident `));
  const shares = own.security.contributions.slice(0, 12).map(({ share }) => (share > 0 && share < 0.005 ? "< 1 %" : `${Math.round(100 * share)} %`));
  const shown = await page.locator("#panel table").first().locator("tbody tr td:last-child").evaluateAll((cells) => cells.map((cell) => cell.innerText.split("\n")[0].trim()));
  check(name, `the strongest incidents have their shares: ${shown}`, shares.length > 0 && shares.every((each, at) => shown[at] === each));
  check(name, "what is not known is told", own.environment.unknown.every((each) => true) && (await page.locator("#panel .unknown li").count()) === own.environment.unknown.length);
  await accessible(page, `${name}, site`);

  await page.focus("#find");
  check(name, "Tab goes on to the form", await tabTo(page, "lon"));
  for (const text of ["66.6123", "29.9123", "Camp A", "2"]) {
    await page.keyboard.type(text);
    await page.keyboard.press("Tab");
  }
  await page.focus("#accuracy");
  await page.keyboard.press("Enter");
  check(name, "the coordinate is scored", await until(page, () => document.querySelector("#panel h2")?.textContent === "Camp A"));
  const risk = await explained(base, "risk", { at: "66.6123,29.9123", name: "Camp A", accuracy: "2km" });
  check(name, "with the server's score", (await said(page)).startsWith(`Camp A: security ${risk.security.score.toFixed(1)}, ${risk.security.band};`));
  check(name, "no address that was sent has the coordinate", asked.every(({ url }) => !url.includes("66.6123") && !url.includes("29.9123")) && asked.some(({ method, body }) => method === "POST" && body.includes("66.6123")));
  check(name, "the address of the page has it behind its #", (await page.evaluate(() => location.hash)).includes("66.6123"));
  await page.locator("#panel button", { hasText: "within 50 km" }).focus();
  await page.keyboard.press("Enter");
  check(name, "what lies near is listed", await until(page, () => document.querySelector("#panel h2")?.textContent.startsWith("Within 50 km")));
  const near = await explained(base, "near", { at: "66.6123,29.9123", within: "50km", k: 100 });
  check(name, "all of it", (await page.locator("#panel tbody tr").count()) === near.neighbors.length);
  await accessible(page, `${name}, near`);
  await picture(page, "near");
  await page.focus("#lon");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("200");
  await page.keyboard.press("Enter");
  check(name, "a longitude of 200 is refused by the form", await page.evaluate(() => !document.getElementById("lon").validity.valid && document.activeElement.id === "lon"));

  const order = async () => page.locator("#table tbody tr").evaluateAll((rows) => rows.map((row) => [row.cells[0].innerText, Number.parseFloat(row.cells[2].innerText)]));
  const scores = (await order()).map(([, score]) => score).filter((score) => !Number.isNaN(score));
  check(name, "the worst is first", scores.every((score, at) => at === 0 || scores[at - 1] >= score));
  await page.focus('#table button[data-sort="name"]');
  await page.keyboard.press("Enter");
  const names = (await order()).map(([each]) => each.toLowerCase());
  check(name, "sorted by name", names.every((each, at) => at === 0 || names[at - 1] <= each));
  check(name, "the header keeps the focus", await page.evaluate(() => document.activeElement.dataset.sort === "name"));
  await context.close();
}

async function byMap({ check, open, until, accessible, picture, browser, plain }, base) {
  for (const [name, of] of [["map", browser], ["map without WebGL", plain]]) {
    const { page, asked, context } = await open(of, base, name, "");
    await until(page, () => document.querySelectorAll("#table tbody tr").length > 10);
    await page.waitForTimeout(1500);
    const colors = await page.evaluate(() => {
      const found = new Set();
      for (const canvas of document.querySelectorAll("#map canvas")) {
        const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
        const pen = copy.getContext("2d", { willReadFrequently: true });
        pen.drawImage(canvas, 0, 0);
        const { data } = pen.getImageData(0, 0, copy.width, copy.height);
        for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) found.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
      }
      return [...found].map((each) => `#${each.toString(16).padStart(6, "0")}`);
    });
    const wanted = await page.evaluate(() => ["land", "security-4", "security-1"].map((each) => getComputedStyle(document.documentElement).getPropertyValue(`--${each}`).trim()));
    check(name, "land and bands are drawn", wanted.every((each) => colors.includes(each)));
    await page.focus("#map");
    await page.keyboard.press("Alt+ArrowRight");
    const first = await said(page);
    check(name, "Alt with an arrow steps to the worst site in view", /^1 of \d+: .+, security [\d.]+, .+\. Enter opens it\.$/.test(first));
    await page.keyboard.press("Alt+ArrowRight");
    check(name, "and to the next", (await said(page)).startsWith("2 of "));
    await page.keyboard.press("Alt+ArrowLeft");
    check(name, "and back", (await said(page)) === first);
    await page.keyboard.press("Enter");
    check(name, "Enter opens it", await until(page, (text) => document.querySelector("#panel h2")?.textContent === text, /: (.+), security/.exec(first)[1]));
    await page.focus("#map");
    await page.keyboard.press("Escape");
    await page.keyboard.press("0");
    await page.waitForTimeout(900);
    await page.keyboard.press("Enter");
    check(name, "Enter scores the middle", await until(page, () => document.querySelector("#panel h2")?.textContent === "This place"));
    check(name, "by POST", asked.some(({ method, url }) => method === "POST" && url.endsWith("/risk")));
    await page.waitForTimeout(800);
    await page.focus("#map");
    const view = await page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get("view"));
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("+");
    check(name, "arrows and + move and zoom", await until(page, (was) => new URLSearchParams(location.hash.slice(1)).get("view") !== was, view));
    const box = await page.locator("#map").boundingBox();
    await page.waitForTimeout(500);
    await page.mouse.click(box.x + box.width / 4, box.y + box.height / 3);
    check(name, "a click scores the place", await until(page, (was) => document.querySelector("#panel h2")?.textContent === "This place" && !location.hash.includes(was), "view=none"));
    await page.evaluate(() => document.activeElement.blur());
    const before = await page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get("view"));
    await page.mouse.wheel(0, 200);
    await page.waitForTimeout(600);
    check(name, "the wheel scrolls past a map that is not in use", (await page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get("view"))) === before && (await page.evaluate(() => window.scrollY)) > 0);
    await accessible(page, name);
    await picture(page, name.replaceAll(" ", "-"));
    await context.close();
  }
}

async function comparing({ check, open, until, accessible, picture, browser }, base) {
  const name = "compare";
  const { page, context } = await open(browser, base, name, "");
  for (const [lon, lat, called] of [["66.6123", "29.9123", "Camp A"], ["62.05", "29.12", "Camp, B; 2"], ["64", "28", ""]]) {
    await page.fill("#lon", lon);
    await page.fill("#lat", lat);
    await page.fill("#name", called);
    await page.click("#keep");
  }
  check(name, "three are kept", (await page.locator("#places li").count()) === 3 && (await said(page)) === "Place 3 is added; 3 to compare.");
  await page.click("#rank");
  check(name, "they are compared", await until(page, () => document.querySelector("#panel h2")?.textContent.startsWith("3 places by")));
  const rows = await page.locator("#panel table").first().locator("tbody th").allInnerTexts();
  const features = [[66.6123, 29.9123, "Camp A"], [62.05, 29.12, "Camp, B; 2"], [64, 28, "Place 3"]].map(([lon, lat, called]) => ({ type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties: { name: called } }));
  const own = await (await fetch(`${base}/rank`, { method: "POST", headers: { "Content-Type": "application/geo+json" }, body: JSON.stringify({ type: "FeatureCollection", features }) })).json();
  check(name, "in the server's order", rows.map((text) => text.split("\n")[0]).join("|") === own.candidates.map((one) => `${one.rank} ${one.name}`).join("|"));
  check(name, "with the reasons why the first two differ", (await page.locator("#panel h3").innerText()) === `Why ${own.candidates[0].name} and ${own.candidates[1].name} differ`);
  await accessible(page, name);
  await page.waitForTimeout(600);
  await picture(page, name);
  await page.locator("#places button").nth(1).click();
  check(name, "one is removed", (await page.locator("#places li").count()) === 2);
  check(name, "the focus stays in the list", await page.evaluate(() => document.activeElement.closest("#places") !== null));
  await context.close();
}

async function routing({ check, open, until, accessible, picture, browser }, base) {
  const name = "route";
  const { page, asked, context } = await open(browser, base, name, "");
  await until(page, () => document.querySelectorAll("#table tbody tr").length > 10);
  await page.waitForTimeout(800);
  await page.click("#routes summary");
  await page.fill("#line", "62.05 29.12\nnonsense");
  await page.locator("#route button.first").click();
  check(name, "a line that is no point is told", (await page.locator("#line-fault").innerText()) === "Line 2 is not a longitude and a latitude: nonsense");
  await accessible(page, `${name}, fault`);
  await page.fill("#line", "62.05 29.12\n64 29\n66.6123 29.9123\n\n62.05 29.12\n65, 28\n66.6123 29.9123");
  await page.locator("#route button.first").click();
  check(name, "two routes are scored", await until(page, () => document.querySelector("#panel h2")?.textContent === "2 routes"));
  check(name, "the sentence has the worst stretch", /^Route 1: \d+\.\d km, mean [\d.]+; worst .+, from \d+ to \d+ km\. Route 2: /.test(await said(page)));
  const length = Number(/Route 1: ([\d.]+) km/.exec(await said(page))[1]);
  const km = await page.locator("#panel table").first().locator("tbody td:nth-child(2)").evaluateAll((cells) => cells.reduce((sum, cell) => sum + Number(cell.innerText), 0));
  check(name, "the kilometers by class add up to the length", Math.abs(km - length) < 0.4);
  check(name, "the better one is told", /better/.test(await page.locator("#panel .notice").first().innerText()));
  check(name, "no address has the route", asked.every(({ url }) => !url.includes("66.6123")));
  await page.waitForTimeout(800);
  await accessible(page, name);
  await picture(page, name);
  await page.fill("#line", "");
  await page.click("#draw");
  const box = await page.locator("#map").boundingBox();
  await page.mouse.click(box.x + 200, box.y + 300);
  await page.waitForTimeout(400);
  await page.mouse.click(box.x + 330, box.y + 260);
  await page.waitForTimeout(400);
  await page.mouse.dblclick(box.x + 420, box.y + 330);
  check(name, "a route is drawn on the map", await until(page, () => document.getElementById("line").value.trim().split("\n").length === 3));
  check(name, "drawing has ended, and asked nothing", (await page.locator("#draw").getAttribute("aria-pressed")) === "false" && (await page.evaluate(() => document.querySelector("#panel h2").textContent)) === "2 routes");
  await page.focus("#map");
  await page.keyboard.press("r");
  check(name, "R adds the middle of the map", (await page.inputValue("#line")).trim().split("\n").length === 4);
  await context.close();
}

async function wondering({ check, open, until, accessible, picture, browser }, base) {
  const name = "what-if";
  const { page, context } = await open(browser, base, name, "#ask=site&site=PK-S001", { refuses: /status of 400/ });
  await until(page, () => document.querySelector("#panel h2")?.textContent === "Reko Diq");
  await page.locator("#panel button", { hasText: "What if" }).click();
  check(name, "the form is there", await until(page, () => document.querySelector("#what-if input[name=out]") !== null));
  const id = await page.locator("#what-if input[name=out]").first().inputValue();
  await page.locator("#what-if input[name=out]").first().check();
  await page.locator("#what-if button.first").click();
  const own = await explained(base, `explain/PK-S001?without=${encodeURIComponent(id)}`);
  check(name, "without the strongest incident", await until(page, (text) => document.getElementById("said").textContent === text, `What if: security ${own.before.security.score.toFixed(1)}, ${own.before.security.band} becomes ${own.after.security.score.toFixed(1)}, ${own.after.security.band}.`));
  await page.fill("#add-type", "explosion");
  await page.fill("#add-deaths", "4");
  check(name, "who describes an incident wants it added", await page.locator("#add").isChecked());
  await page.locator("#what-if button.first").click();
  const [lon, lat] = [own.before.lon.toFixed(4), own.before.lat.toFixed(4)];
  const more = await explained(base, "explain/PK-S001", { without: id, add: `${lon},${lat},explosion,4` });
  check(name, "and with another one", await until(page, (text) => document.getElementById("said").textContent.endsWith(text), `becomes ${more.after.security.score.toFixed(1)}, ${more.after.security.band}.`));
  await accessible(page, name);
  await picture(page, name);
  await page.fill("#add-type", "nonsense");
  await page.locator("#what-if button.first").click();
  check(name, "a refusal is told in the server's words", await until(page, () => document.querySelector("#panel .notice")?.textContent.includes("is not a type")));
  await accessible(page, `${name}, refused`);
  await context.close();
}

async function linked({ check, open, until, browser }, base) {
  const name = "links";
  const { page, context } = await open(browser, base, name, "#ask=place&at=66.6123,29.9123&name=Camp&score=environment", { refuses: /status of 404/ });
  await until(page, () => document.querySelector("#panel h2")?.textContent === "Camp");
  check(name, "a link holds the place and the score", /^Camp: environment /.test(await said(page)) && (await page.inputValue("#lon")) === "66.6123");
  await page.goto(`${base}/map#ask=site&site=PK-S002`);
  await page.reload();
  await until(page, () => document.querySelector("#panel h2")?.textContent.startsWith("Tanjeel"));
  await page.locator("#panel button", { hasText: "within 50 km" }).click();
  await until(page, () => document.querySelector("#panel h2")?.textContent.startsWith("Within"));
  const text = await said(page);
  await page.reload();
  check(name, "a reload shows the same", await until(page, (was) => document.getElementById("said").textContent === was, text));
  await page.goBack();
  check(name, "Back goes to the answer before", await until(page, () => document.querySelector("#panel h2")?.textContent.startsWith("Tanjeel")));
  await page.evaluate(() => { location.hash = "ask=site&site=nobody"; });
  check(name, "a site that is gone is told", await until(page, () => document.getElementById("said").textContent.startsWith("No answer:")));
  check(name, "no link within the page loses the state", (await page.locator(".skip").first().evaluate((link) => { link.click(); return location.hash; })).includes("nobody"));
  await context.close();
}

const LOOKS = {
  light: {},
  dark: { colorScheme: "dark" },
  forced: { forcedColors: "active" },
  still: { reducedMotion: "reduce" },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  "phone-dark": { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: "dark" },
  // 400 % of a window of 1280 by 1024.
  zoomed: { viewport: { width: 320, height: 256 } },
};

async function looks({ check, open, until, accessible, picture, wide, browser }, base) {
  const states = { site: "#ask=site&site=PK-S001", route: "#ask=route&routes=62.05 29.12,64 29,66.6123 29.9123", compare: "#ask=compare&places=66.6,29.9,A,;62.05,29.12,B,;64,28,C,;65,28,D," };
  for (const [look, options] of Object.entries(LOOKS)) {
    for (const [state, hash] of Object.entries(states)) {
      const name = `${look}, ${state}`;
      const { page, context } = await open(browser, base, name, hash, options);
      check(name, "it answers", await until(page, () => document.querySelector("#panel h2") && !/Working|Search/.test(document.getElementById("said").textContent)));
      await page.waitForTimeout(1200);
      check(name, "nothing is wider than the page", !(await wide(page)));
      await accessible(page, name);
      await picture(page, `${look}-${state}`, look !== "light");
      await context.close();
    }
  }
}
