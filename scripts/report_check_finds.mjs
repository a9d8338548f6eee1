// What a reader of a run's report does besides: sets dates, looks a name up, takes tables and the map along, and opens sites that
// lie on each other.
import fs from "node:fs";

const settled = (page) => page.waitForTimeout(200);
const monthOf = (day) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;

// Every site is a marker, or is counted in one of several, or is a small marker.
export async function gathered(page, name, data, check) {
  const rows = data.rows.id.length;
  const single = await page.locator(".mark[data-site]").count();
  const counts = await page.locator(".mark.gathered").evaluateAll((marks) => marks.map((mark) => {
    const label = mark.getAttribute("aria-label").replace(/,/g, "");
    return Number((/^\S+ \((\d+)\)/.exec(label) ?? /^(\d+)/.exec(label))[1]);
  }));
  if (data.sites <= 200) {
    check(name, "as many markers as sites", single === rows && !counts.length);
    return;
  }
  const all = single + counts.reduce((sum, count) => sum + count, 0);
  check(name, `most sites have a marker or are counted in one: ${all} of ${data.sites}`, all <= data.sites && all > 0.9 * data.sites);
  const apart = await page.evaluate(() => {
    const rounds = [...document.querySelectorAll(".mark.gathered .shape")].map((node) => node.getBoundingClientRect()).map((box) => [box.left + box.width / 2, box.top + box.height / 2, box.width / 2]);
    return rounds.flatMap(([x, y, r], at) => rounds.slice(at + 1).filter(([u, v, s]) => Math.hypot(x - u, y - v) < 0.6 * (r + s))).length;
  });
  check(name, `markers of several sites do not cover each other: ${apart}`, apart === 0);
  await page.focus("#map");
  await page.keyboard.press("Tab");
  let [steps, site] = [0, null];
  const focused = () => page.evaluate(() => [document.activeElement.dataset.site ?? null, document.activeElement.dataset.gathered ?? null]);
  for (; steps < 12 && site === null; steps++) {
    const [one, many] = await focused();
    if (one !== null) site = one;
    else if (many === null) break;
    else {
      await page.keyboard.press("Enter");
      await settled(page);
      if ((await page.locator("#panel h2").innerText()).includes("close together")) site = "listed";
    }
  }
  check(name, `Enter on several sites zooms in until there is one: ${steps} steps`, site !== null && steps > 1);
  await page.keyboard.press("Escape");
  await page.evaluate(() => document.getElementById("zoom-home").click());
  await settled(page);
}

// The bars are the counts of the data; the handles choose what the map, the list and the counts have.
export async function dated(page, name, data, check) {
  const { events } = data;
  const first = await page.evaluate(() => document.querySelector(".switch input:checked").value);
  const record = events.months[first === "environment" ? 1 : 0];
  if (first === "overall" || !record.counts.length) return;
  const told = async () => (await page.locator("#time-said").innerText()).replace(/,/g, "");
  const sums = (list) => list.reduce(([n, dead], [, each, deaths]) => [n + each, dead + deaths], [0, 0]);
  const [n, dead] = sums(record.counts);
  check(name, `incidents and deaths of all dates are told: ${await told()}`, (await told()).includes(`: ${n} `) && (await told()).includes(` ${dead} death`));
  const scores = () => page.locator("#table tbody").innerText();
  const before = await scores();
  const months = record.counts.map(([month]) => month);
  const middle = months[Math.floor(months.length / 2)];
  const year = String(Math.floor(middle / 12)).padStart(4, "0");
  await page.evaluate((hash) => { location.hash = hash; }, `#from=${year}&to=${year}`);
  await settled(page);
  const within = sums(record.counts.filter(([month]) => Math.floor(month / 12) === Number(year)));
  check(name, `dates of an address hold: ${await told()}`, (await told()).includes(`: ${within[0]} `) && (await told()).includes(` ${within[1]} death`));
  const list = events.date.filter((day) => day && day.slice(0, 4) === year).length;
  check(name, "the list has the incidents between the dates", (await page.locator("#incident-table tbody tr").count()) === Math.min(15, list) && (await page.locator("#incident-count").innerText()).replace(/,/g, "").startsWith(String(list)));
  check(name, "what the dates leave out is told", list === events.date.length || (await page.locator("#filtered").innerText()).includes(`from ${year}-01-01 to ${year}-12-31`));
  check(name, "scores are the same whatever the dates", (await scores()) === before);
  const bins = Number(await page.locator("#time-from").getAttribute("max"));
  if (bins > 1) {
    await page.focus("#time-to");
    await page.keyboard.press("End");
    await page.focus("#time-from");
    await page.keyboard.press("Home");
  } else await page.locator("#time-all").click();
  await page.waitForTimeout(600);
  check(name, "keys move the handles, and the address follows", (await told()).includes(`: ${n} `) && !(await page.evaluate(() => location.hash)).includes("from"));
  if (bins > 2) {
    await page.keyboard.press("ArrowRight");
    await settled(page);
    const valued = await page.locator("#time-from").getAttribute("aria-valuetext");
    check(name, `a handle tells its day: ${valued}`, /^\d{4}-\d{2}-\d{2}$/.test(valued) && monthOf(valued) > Math.min(...months, ...record.collected.flat().map(monthOf)));
    const box = await page.locator("#time-chart").boundingBox();
    await page.locator("#time-chart").scrollIntoViewIfNeeded();
    await page.mouse.move(box.x + 0.4 * box.width, box.y + 20);
    const at = await page.locator("#time-chart").boundingBox();
    await page.mouse.move(at.x + 0.4 * at.width, at.y + 20);
    await page.mouse.down();
    await page.mouse.move(at.x + 0.7 * at.width, at.y + 20, { steps: 4 });
    await page.mouse.up();
    check(name, "dragging over the bars holds them", Number(await page.inputValue("#time-from")) > 0 && Number(await page.inputValue("#time-to")) < bins);
    await page.locator("#time-play").focus();
    await page.keyboard.press("Space");
    const from = await page.inputValue("#time-from");
    await page.waitForFunction((was) => document.getElementById("time-from").value !== was, from, { timeout: 4000 }).catch(() => {});
    check(name, "the dates play", (await page.inputValue("#time-from")) !== from || (await page.locator("#time-play").innerText()) === "Play");
    if ((await page.locator("#time-play").innerText()) === "Pause") await page.keyboard.press("Space");
  }
  await page.evaluate(() => document.getElementById("time-all").click());
  await page.waitForTimeout(600);
  await page.evaluate(() => { location.hash = ""; });
  await settled(page);
}

// A name that is chosen is zoomed to and opened: of a site, a town and a province.
export async function found(page, name, data, check) {
  const bar = () => page.locator("#bar-text").innerText();
  const search = await page.locator("#find").boundingBox();
  const map = await page.locator("#map").boundingBox();
  check(name, "the search stands above the map", search.y < map.y);
  const heading = () => page.locator("#panel h2").first().textContent();
  const towns = data.places.towns.slice(0, 1);
  const provinces = data.places.provinces.filter(([each]) => !data.places.towns.some(([town]) => town.includes(each))).slice(0, 1);
  for (const [kind, list] of [["town", towns], ["province", provinces]]) {
    if (!list.length) continue;
    await page.evaluate(() => document.getElementById("zoom-home").click());
    await settled(page);
    await page.fill("#find", list[0][0]);
    await settled(page);
    const options = await page.locator("#found [role=option]").allTextContents();
    const wanted = options.findIndex((text) => text.startsWith(`${list[0][0]} ${kind}`));
    check(name, `a ${kind} is found: ${list[0][0]}`, wanted >= 0);
    for (let at = 0; at <= wanted; at++) await page.keyboard.press("ArrowDown");
    check(name, "the chosen result is told", (await page.locator("#find").getAttribute("aria-activedescendant")) === `found-${wanted}`);
    await page.keyboard.press("Enter");
    await settled(page);
    check(name, `a ${kind} opens in the panel, with the sites nearest to it`, (await heading()) === list[0][0] && (await page.locator("#panel .worst li").count()) === Math.min(8, data.rows.id.length));
  }
  const last = data.rows.id.length - 1;
  await page.evaluate(() => document.getElementById("zoom-home").click());
  await settled(page);
  const before = await bar();
  await page.fill("#find", data.rows.id[last]);
  await page.keyboard.press("Enter");
  await settled(page);
  check(name, "a site is found by its id and opened", (await page.locator(".mark.on").count()) === 1 && await page.evaluate(() => document.activeElement.closest("#panel") !== null));
  check(name, `and zoomed to: ${before} to ${await bar()}`, data.sites === 1 || data.rows.id.length === 0 || (await bar()) !== before || (await heading()) === data.rows.name[last]);
  await page.fill("#find", "no such place anywhere");
  check(name, "a name that is not there is told", (await page.locator("#found-count").innerText()).length > 5);
  await page.keyboard.press("Escape");
  await page.fill("#find", "");
  await page.evaluate(() => { location.hash = ""; document.getElementById("zoom-home").click(); window.scrollTo(0, 0); });
  await settled(page);
}

// The tables are those shown, the picture is no empty one, and links lead to files that are there.
export async function taken(page, name, data, out, check) {
  const saved = async (id) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator(`#${id}`).click()]);
    const file = `${out}/${name}-${download.suggestedFilename()}`;
    await download.saveAs(file);
    return file;
  };
  // Rows of quoted cells, some with line breaks.
  const rowsOf = (file) => {
    const text = fs.readFileSync(file, "utf8").replace(/^\ufeff/, "");
    const rows = [[""]];
    let quoted = false;
    for (let at = 0; at < text.length; at++) {
      const row = rows[rows.length - 1];
      if (quoted && text[at] === '"' && text[at + 1] === '"') row[row.length - 1] += text[++at];
      else if (text[at] === '"') quoted = !quoted;
      else if (!quoted && text[at] === ",") row.push("");
      else if (!quoted && text[at] === "\n") rows.push([""]);
      else row[row.length - 1] += text[at];
    }
    return rows.slice(0, -1);
  };
  const plain = (text) => (/^[=+\-@\t\r\n]/.test(text) && !/^[-+.\deE]+$/.test(text) ? `'${text}` : text);
  const [head, ...sites] = rowsOf(await saved("save-sites"));
  check(name, "the table of sites has each with its score", sites.length === data.rows.id.length && sites.every((row) => row.length === head.length)
    && sites.every((row) => { const i = data.rows.id.findIndex((id) => plain(id) === row[0]); return i >= 0 && row[head.indexOf("security_score")] === String(data.rows.security[i] ?? "") && row[1] === plain(data.rows.name[i]); }) || !head.includes("security_score"));
  await page.selectOption("#filter-band", "0");
  check(name, "a filter leaves its sites in the table", rowsOf(await saved("save-sites")).length - 1 === data.rows.security_band.filter((band) => band === 0).length || !head.includes("security_score"));
  await page.selectOption("#filter-band", "");
  if (data.events.kind.length) {
    const [titles, ...events] = rowsOf(await saved("save-incidents"));
    const sum = (list) => list.reduce((all, each) => all + (Number(each) || 0), 0);
    check(name, "the table of incidents has each with its deaths", events.length === data.events.kind.length && sum(events.map((row) => row[titles.indexOf("fatalities")])) === sum(data.events.deaths));
  }
  const picture = fs.readFileSync(await saved("save-map"));
  check(name, `the picture of the map is a PNG: ${picture.length} bytes`, picture.subarray(1, 4).toString() === "PNG" && picture.length > 30000 && picture.readUInt32BE(16) > 1000);
  const links = await page.locator("#downloads a").evaluateAll((list) => list.map((link) => link.href));
  check(name, `files beside the page are there: ${links.filter((link) => !fs.existsSync(new URL(link)))}`, links.length > 1 && links.every((link) => fs.existsSync(new URL(link))));
}
