// Regions, schemes and dates on the page: a folder of a batch, a plan, and a folder of a run with and without its inputs.
const said = (page) => page.locator("#said").innerText();
const json = async (address) => (await fetch(address)).json();
const fragment = (page, name) => page.evaluate((key) => new URLSearchParams(location.hash.slice(1)).get(key), name);

export async function times(tools, { batch, plan, run, beside }) {
  await sliding(tools, batch, "batch", false);
  await sliding(tools, plan, "plan", true);
  await still(tools, batch);
  await published(tools, run);
  await answered(tools, beside);
}

// The sites as the server has them at a date, by id.
async function states(base, collection, day) {
  const page = await json(`${base}/collections/${collection}/items?datetime=${day}&limit=1000`);
  return new Map(page.features.map(({ properties: of }) => [of.name, of]));
}

async function sliding({ check, open, until, accessible, picture, plain }, { base }, name, isLive) {
  const choices = await json(`${base}/choices`);
  const [set] = choices.layers;
  const { page, asked, context } = await open(plain, base, name, "", {});
  const count = (await states(base, set.over_time, set.dates.at(-1))).size;
  check(name, "a row a site at the newest date", await until(page, (rows) => document.querySelectorAll("#table tbody tr").length === rows, count));
  check(name, "the slider is there, at the newest date", (await page.locator("#date").getAttribute("aria-valuetext")) === set.dates.at(-1));
  check(name, "nothing plays by itself", (await page.locator("#play").getAttribute("aria-pressed")) === "false");
  check(name, "the forms tell what they need where they need it", (await page.locator("#place .notice").count()) === (isLive ? 0 : 1) && (await page.locator("#place button.first").isDisabled()) === !isLive);
  await page.focus("#date");
  for (let turn = 0; turn < 9; turn += 1) await page.keyboard.press("ArrowLeft");
  const day = set.dates.at(-10);
  check(name, "keys move the slider", (await page.locator("#date").getAttribute("aria-valuetext")) === day && (await page.locator("#date-shown").innerText()) === day);
  check(name, "the count tells the date", await until(page, (text) => document.getElementById("count").textContent.includes(text), `as of ${day}`));
  const then = await states(base, set.over_time, day);
  const shown = await page.locator("#table tbody tr").evaluateAll((rows) => rows.map((row) => [row.querySelector("th").innerText, row.querySelector("td:nth-child(3)").innerText.trim().split(/\s/)[0]]));
  check(name, "the table has the scores of that date", shown.length === then.size && shown.every(([site, score]) => score === (then.get(site)?.security_score?.toFixed(1) ?? "–")));
  check(name, "another one differs", JSON.stringify([...then.values()].map((one) => one.security_score)) !== JSON.stringify([...(await states(base, set.over_time, set.dates.at(-1))).values()].map((one) => one.security_score)));
  check(name, "the address holds the date", (await fragment(page, "date")) === day);
  await page.locator("#table tbody button").first().click();
  const site = await fragment(page, "site");
  check(name, "a site opens at the date", await until(page, () => document.querySelectorAll("#panel .card").length === 2));
  if (isLive) {
    const own = await json(`${base}/explain/${site}?as_of=${day}&region=${encodeURIComponent(set.region)}`);
    check(name, "with the server's answer of that date", await until(page, (text) => document.querySelector("#panel .card b").textContent === text, own.security.score.toFixed(1)));
    check(name, "the date is told", (await page.locator("#panel").innerText()).includes(`As of ${day}`));
  } else {
    const title = await page.locator("#panel h2").innerText();
    check(name, "with the layer's score", (await page.locator("#panel .card b").first().innerText()) === (then.get(title).security_score?.toFixed(1) ?? "–"));
    check(name, "no question was asked that layers do not answer", asked.every(({ url }) => !/^\/(risk|near|explain)/.test(new URL(url, base).pathname)));
  }
  await page.locator("#panel summary", { hasText: "dates" }).click();
  check(name, "all its dates are in a table", (await page.locator("#panel details table tbody tr").count()) === set.dates.length);
  await accessible(page, name);
  await page.waitForTimeout(700);
  await picture(page, `slider-${name}`);
  const text = await said(page);
  await page.reload();
  check(name, "a reload shows the same", await until(page, (was) => document.getElementById("said").textContent === was, text));
  check(name, "at the same date", (await page.locator("#date").getAttribute("aria-valuetext")) === day);
  await page.selectOption("#choose-region", choices.layers[1].region);
  check(name, "another region has its own sites", await until(page, (rows) => document.querySelectorAll("#table tbody tr").length === rows, Math.min(50, (await states(base, choices.layers[1].over_time, day)).size)));
  check(name, "at the date that was chosen", (await fragment(page, "date")) === day);
  await page.focus("#date");
  await page.keyboard.press("End");
  check(name, "the newest date needs no word in the address", await until(page, () => !location.hash.includes("date=")));
  await page.keyboard.press("Home");
  await page.click("#play");
  check(name, "the dates go by", await until(page, (first) => document.getElementById("date").getAttribute("aria-valuetext") !== first, set.dates[0]));
  await page.click("#play");
  const stopped = await page.locator("#date").getAttribute("aria-valuetext");
  await page.waitForTimeout(1500);
  check(name, "until they are stopped", (await page.locator("#date").getAttribute("aria-valuetext")) === stopped && (await page.locator("#play").innerText()) === "Play");
  await context.close();
}

// Little room, no motion, colors of the system.
async function still({ check, open, until, accessible, picture, wide, browser }, { base }) {
  for (const [look, options] of Object.entries({
    still: { reducedMotion: "reduce" },
    narrow: { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true },
    forced: { forcedColors: "active" },
    dark: { colorScheme: "dark" },
  })) {
    const name = `slider, ${look}`;
    const { page, context } = await open(browser, base, name, "#date=2025-01-31", options);
    check(name, "the date is there", await until(page, () => document.getElementById("count").textContent.includes("as of 2025-01-31")));
    check(name, "it plays only where motion is welcome", (await page.locator("#play").isVisible()) === (look !== "still"));
    check(name, "nothing is wider than the page", !(await wide(page)));
    await accessible(page, name);
    await page.waitForTimeout(700);
    await picture(page, `slider-${look}`);
    await context.close();
  }
}

async function published({ check, open, until, accessible, picture, browser }, { base }) {
  const name = "published";
  const { page, asked, context } = await open(browser, base, name, "", { refuses: /status of 409/ });
  check(name, "the sites are in the table", await until(page, () => document.querySelectorAll("#table tbody tr").length > 10));
  check(name, "there is no slider", !(await page.locator("#choices").isVisible()));
  await page.locator("#table tbody button").first().click();
  check(name, "a site shows what was published", await until(page, () => document.querySelectorAll("#panel .card").length === 2 && document.querySelector("#panel").textContent.includes("As it was published")));
  check(name, "which no question is needed for", asked.every(({ url }) => !/^\/(risk|near|explain)/.test(new URL(url, base).pathname)));
  await accessible(page, name);
  await picture(page, name);
  await page.focus("#map");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  check(name, "a place cannot be scored, and the page tells why", await until(page, () => document.querySelector("#panel .notice")?.textContent.includes("start it with a plan")));
  await accessible(page, `${name}, refused`);
  await context.close();
}

async function answered({ check, open, until, browser }, { base }) {
  const name = "beside";
  const { page, context } = await open(browser, base, name, "#ask=place&at=66.6123,29.9123");
  const own = await json(`${base}/risk?at=66.6123,29.9123`);
  check(name, "with its inputs beside it a folder answers", await until(page, (text) => document.getElementById("said").textContent.startsWith(text), `This place: security ${own.security.score.toFixed(1)}`));
  await context.close();
}
