// What a reader does with the map of a run's report besides choosing sites: incidents, receptors, switches, addresses, and
// where names stand.
const settled = (page) => page.waitForTimeout(120);
const bar = async (page) => {
  const said = await page.locator("#bar-text").textContent();
  return parseFloat(said.replace(",", "")) / (said.endsWith(" km") ? 1 : 1000);
};
const domain = async (page, word) => {
  await page.locator(`.switch label:has-text('${word}')`).click();
  await settled(page);
};
const home = async (page) => {
  await page.evaluate(() => document.getElementById("zoom-home").click());
  await settled(page);
};

// Counts the pixels of the canvas in a color that only what is looked for is given.
export const painted = async (page, variables) => (await paintedAt(page, variables)).length;

// Their places on the map, but for those under a site's mark.
async function paintedAt(page, variables) {
  return page.evaluate(async (names) => {
    const { style } = document.documentElement;
    const drawn = () => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
    for (const name of names) style.setProperty(name, "#f0f");
    document.getElementById("zoom-home").click();
    await drawn();
    const canvas = document.getElementById("dots");
    const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
    const pen = copy.getContext("2d", { willReadFrequently: true });
    pen.drawImage(canvas, 0, 0);
    const { data } = pen.getImageData(0, 0, copy.width, copy.height);
    const ratio = copy.width / document.getElementById("map").clientWidth;
    const found = [];
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] > 90 && data[at] > 150 && data[at + 1] < 110 && data[at + 2] > 150) found.push([(at / 4) % copy.width / ratio, Math.floor(at / 4 / copy.width) / ratio]);
    }
    for (const name of names) style.removeProperty(name);
    document.getElementById("zoom-home").click();
    await drawn();
    return found;
  }, variables);
}
export const ATTACKS = [0, 1, 2, 3, 4].map((at) => `--kind-${at}`);

export async function worked(page, name, data, check, picture) {
  const attacks = data.events.kind.filter((kind) => data.events.kinds[kind] !== "accident").length;
  if (attacks) await incidents(page, name, data, check, picture);
  if (data.receptors.list.length) await receptors(page, name, data, check, picture);
  await addresses(page, name, data, check);
  await switches(page, name, data, check);
  await names(page, name, check);
}

async function incidents(page, name, data, check, picture) {
  const { events } = data;
  check(name, "the table of incidents has a row for each, up to a page", (await page.locator("#incident-table tbody tr").count()) === Math.min(15, events.kind.length));
  const button = page.locator("#incident-table button[data-event]").first();
  const i = Number(await button.getAttribute("data-event"));
  await button.focus();
  await page.keyboard.press("Enter");
  await settled(page);
  const panel = await page.locator("#panel").innerText();
  const said = events.said[i] || {};
  check(name, "Enter in the table of incidents opens one", panel.includes(events.texts[events.what[i]]) && await page.evaluate(() => document.activeElement.closest("#panel") !== null));
  check(name, "actors are marked as claimed by the source", said.actors === undefined || (panel.includes("Actors, as claimed by the source") && panel.includes(events.texts[said.actors])));
  check(name, "notes are told", !said.notes || panel.replace(/\s+/g, " ").includes(said.notes.replace(/\s+/g, " ").trim()));
  check(name, "the incident is marked on the map", (await page.locator("#links .looked").count()) >= 1);
  await picture("incident");
  // The map shows it in its middle: the pointer explains it and a click opens it.
  const box = await page.locator("#map").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await settled(page);
  const tip = await page.locator("#tip").evaluate((node) => (node.style.visibility === "visible" ? node.innerText : ""));
  check(name, `hover explains what is there: ${tip.slice(0, 60)}`, tip.length > 10);
  await page.locator("#panel button").first().click();
  check(name, "the panel goes back", !(await page.locator("#panel").innerText()).includes("Actors, as claimed by the source"));
  await home(page);
  const byType = await page.locator("#legend").innerText();
  await page.selectOption("#color-by", "age");
  await settled(page);
  check(name, "incidents are colored by age, too", (await page.locator("#legend").innerText()) !== byType && (await page.locator("#legend .event.age-3, #legend .event.age-0, #legend .event.age-1, #legend .event.age-2").count()) > 0);
  await page.selectOption("#color-by", "type");
  await page.fill("#incident-text", "no such incident anywhere");
  check(name, "incidents are filtered", (await page.locator("#incident-table tbody tr").count()) === 0);
  await page.fill("#incident-text", "");
  if (name === "masses") {
    const took = await page.evaluate(async () => {
      const drawn = () => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
      const map = document.getElementById("map");
      map.focus();
      const from = performance.now();
      for (let at = 0; at < 20; at++) {
        map.dispatchEvent(new KeyboardEvent("keydown", { key: at % 2 ? "ArrowLeft" : "ArrowRight", bubbles: true }));
        await drawn();
      }
      return (performance.now() - from) / 20;
    });
    check(name, `thousands of incidents are drawn fast: ${took.toFixed(0)} ms`, took < 120);
    check(name, "masses of incidents are clusters", (await page.evaluate(() => document.getElementById("legend").innerText)).includes("many together"));
    const clusters = await paintedAt(page, ["--cluster"]);
    const before = await bar(page);
    const frame = await page.locator("#map").boundingBox();
    const free = await page.evaluate(([list, left, top]) => list.find(([x, y]) => !document.elementFromPoint(left + x, top + y)?.closest(".mark, button")), [clusters, frame.x, frame.y]);
    await page.mouse.click(frame.x + free[0], frame.y + free[1]);
    await settled(page);
    check(name, "a click on masses zooms in", (await bar(page)) < before);
    await home(page);
  }
}

async function receptors(page, name, data, check, picture) {
  await domain(page, "Environment");
  check(name, "the receptors that are shapes are drawn beside environment scores", (await page.locator("#receptors path").count()) === data.receptors.list.filter((one) => one.form !== "point").length && await page.locator("#receptors").evaluate((node) => node.style.display !== "none"));
  const points = [...new Set(data.receptors.list.filter((one) => one.form === "point" && one.kind !== "earthquakes").map((one) => `--of-${one.kind}`))];
  if (points.length) check(name, "those that are points are drawn", (await painted(page, points)) > 0);
  const button = page.locator("#receptor-table button[data-receptor]").first();
  const one = data.receptors.list[Number(await button.getAttribute("data-receptor"))];
  await button.focus();
  await page.keyboard.press("Enter");
  await settled(page);
  const panel = await page.locator("#panel").innerText();
  check(name, "a receptor says what it adds", panel.includes(one.name) && (!one.adds.length || panel.includes(one.adds[0][1])));
  check(name, "a receptor is marked on the map", (await page.locator("#links .looked").count()) === 1);
  await picture("receptor");
  const chosen = data.details.findIndex((detail) => detail.receptors.length);
  if (chosen >= 0) {
    await page.evaluate((id) => { location.hash = `#site=${encodeURIComponent(id)}&score=environment`; }, data.rows.id[chosen]);
    await settled(page);
    const behind = new Set(data.details[chosen].indicators.filter((one) => one.at && one.km > 0 && one.points >= 0.05).map((one) => String(one.at)));
    check(name, "a line leads to all that adds to the environment score", (await page.locator("#links line").count()) === behind.size);
    await picture("nearest");
    await page.locator("#panel button:has-text('Back')").first().click();
  }
  await home(page);
  await domain(page, "Security");
  check(name, "receptors are not drawn beside security scores", await page.locator("#receptors").evaluate((node) => node.style.display === "none"));
}

async function addresses(page, name, data, check) {
  await home(page);
  const before = await bar(page);
  const ids = data.rows.id;
  const heading = () => page.locator("#panel h2").first().textContent();
  await page.evaluate((id) => { location.hash = `#site=${encodeURIComponent(id)}`; }, ids[0]);
  await settled(page);
  check(name, "an address chooses its site", (await heading()) === data.rows.name[0]);
  check(name, "choosing a site zooms to it", (await bar(page)) <= before && (await page.locator(".mark.on").count()) === 1);
  await page.locator("#panel button:has-text('Back')").first().click();
  await settled(page);
  check(name, "without a site the address names none", !(await page.evaluate(() => location.hash)));
  await page.goBack();
  await settled(page);
  check(name, "Back goes to the site before", (await heading()) === data.rows.name[0]);
  await page.keyboard.press("Escape");
  await settled(page);
  check(name, "Escape closes the site", (await page.locator(".mark.on").count()) === 0 && !(await page.evaluate(() => location.hash)));
  await page.evaluate(() => { location.hash = "#site=no%20such%20site"; });
  await settled(page);
  check(name, "an id that is not there is told", (await page.locator("#told").isVisible()) && (await page.locator("#told").innerText()).includes("no such site"));
  await page.locator("#table tbody button").first().click();
  await settled(page);
  const row = Number(await page.locator("#table tbody tr").first().getAttribute("data-site"));
  check(name, "choosing a site writes its address", (await page.evaluate(() => decodeURIComponent(location.hash))) === `#site=${ids[row]}` && !(await page.locator("#told").isVisible()));
  check(name, "what the lines and circles mean is told", /lines? to|km/.test(await page.locator("#legend").innerText()));
  await page.evaluate(() => window.scrollTo(0, 0));
}

async function switches(page, name, data, check) {
  const off = async (id, there) => {
    if (!(await page.locator(`#${id}`).count())) return;
    const before = await page.evaluate(there);
    await page.locator(`#${id}`).uncheck();
    await settled(page);
    check(name, `${id} switches off`, (await page.evaluate(there)) < before || before === 0);
    await page.locator(`#${id}`).check();
    await settled(page);
    check(name, `${id} switches on`, (await page.evaluate(there)) === before);
  };
  await off("names-shown", () => document.querySelectorAll("#labels text:not([class])").length);
  await off("links-shown", () => document.querySelectorAll("#links line").length);
  await off("rings-shown", () => document.querySelectorAll("#links .ring").length);
  await page.evaluate(() => { location.hash = ""; });
  await home(page);
  if (await page.locator("#incidents-shown").count()) {
    await page.locator("#incidents-shown").uncheck();
    check(name, "incidents switch off", (await painted(page, ATTACKS)) === 0);
    await page.locator("#incidents-shown").check();
    check(name, "incidents switch on", (await painted(page, ATTACKS)) > 0);
  }
}

// No name is cut at the frame, or stands under the buttons, the bar or another name.
async function names(page, name, check) {
  const size = page.viewportSize();
  for (const [width, height] of [[1440, 900], [1024, 768], [390, 844]]) {
    await page.setViewportSize({ width, height });
    await settled(page);
    for (const zoom of ["as it opens", "at a site"]) {
      if (zoom === "at a site") await page.evaluate(() => document.querySelector("#table tbody button")?.click());
      else await home(page);
      await settled(page);
      const wrong = await page.evaluate(() => {
        const map = document.getElementById("map").getBoundingClientRect();
        const boxes = [...document.querySelectorAll("#labels text, #names text, #lines text, #places text")].map((node) => [node.textContent, node.getBoundingClientRect()]);
        const fixed = [".zoom", "#bar"].map((each) => [each, document.querySelector(each).getBoundingClientRect()]);
        const meet = (a, b) => a.left + 1 < b.right && b.left + 1 < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom;
        const cut = boxes.filter(([, box]) => box.left < map.left - 1 || box.right > map.right + 1 || box.top < map.top - 2 || box.bottom > map.bottom + 2).map(([text]) => `${text} is cut`);
        const over = boxes.flatMap(([text, box], at) => [...boxes.slice(at + 1), ...fixed].filter(([, other]) => meet(box, other)).map(([other]) => `${text} and ${other}`));
        return [...cut, ...over];
      });
      check(name, `${width} px, ${zoom}: no name is cut or in the way: ${wrong.slice(0, 4).join("; ")}`, wrong.length === 0);
    }
    await page.evaluate(() => { location.hash = ""; });
    await settled(page);
  }
  await page.setViewportSize(size);
  await settled(page);
}
