// What a reader of a run's report first looks for: names of the highest sites on the map, the legend in view, the panel of a
// site in view on a phone, the chosen site under a filter, and what a search that finds nothing says.
const settled = (page) => page.waitForTimeout(150);
const home = async (page) => {
  await page.evaluate(() => { location.hash = ""; window.scrollTo({ top: 0, behavior: "instant" }); document.getElementById("zoom-home").click(); });
  await settled(page);
};

export async function readers(page, name, data, check) {
  const size = page.viewportSize();
  const { rows } = data;
  const radios = await page.locator(".switch input").evaluateAll((list) => list.map((radio) => radio.value));
  const scored = { security: data.sites - data.bands[0][0], environment: data.sites - data.bands[1][0], overall: data.sites - data.overall_bands[0] };
  check(name, `every score that a site has is offered: ${radios}`, Object.entries(scored).every(([domain, count]) => !count || radios.includes(domain)));
  check(name, "the overall score is offered only if a site has one", radios.includes("overall") === scored.overall > 0);
  for (const [width, height] of [[1440, 900], [1024, 768]]) {
    await page.setViewportSize({ width, height });
    await home(page);
    const legend = await page.locator("#bands").boundingBox();
    const map = await page.locator("#map").boundingBox();
    check(name, `${width} px: the legend of the markers is in view, and above the map`, legend.y + legend.height <= map.y + 1 && map.y < height);
    if (name !== "demo") continue;
    const labels = await page.locator("#labels text").allTextContents();
    const cut = (text) => (text.length > 30 ? `${text.slice(0, 29)}…` : text);
    const highest = rows.security.map((score, i) => [score ?? -1, i]).sort((a, b) => b[0] - a[0] || a[1] - b[1]).slice(0, 11).map(([, i]) => cut(rows.name[i]));
    check(name, `${width} px: the highest sites are named on the map, but for: ${highest.filter((each) => !labels.includes(each))}`, highest.every((each) => labels.includes(each)));
    const over = await page.evaluate(() => {
      const marks = [...document.querySelectorAll(".mark .shape")].map((mark) => mark.getBoundingClientRect());
      return [...document.querySelectorAll("#labels text:not([class])")].filter((text) => {
        const box = text.getBoundingClientRect();
        return marks.some((mark) => box.left + 2 < mark.right - 3 && mark.left + 3 < box.right - 2 && box.top + 5 < mark.bottom - 3 && mark.top + 3 < box.bottom - 5);
      }).map((text) => text.textContent);
    });
    check(name, `${width} px: no name stands on a marker: ${over}`, over.length === 0);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await home(page);
  await page.locator("#sites h2 button").click();
  await page.locator("#table tbody button").last().click();
  await settled(page);
  const heading = () => page.evaluate(() => {
    const { top, bottom } = document.querySelector("#panel h2").getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight && document.activeElement === document.querySelector("#panel h2");
  });
  check(name, "390 px: a site chosen in the table has its heading in view, with the focus", await heading());
  await page.locator("#sites h2 button").click();
  await home(page);
  // Where all lie on each other at first, one is chosen before.
  if (!(await page.locator(".mark[data-site]").count())) await page.evaluate((id) => { location.hash = `#site=${encodeURIComponent(id)}`; }, rows.id[0]);
  await settled(page);
  const tapped = await page.locator(".mark[data-site]").last().evaluate((mark) => { mark.dispatchEvent(new MouseEvent("click", { bubbles: true })); return mark.dataset.site; });
  await settled(page);
  check(name, "390 px: a tapped marker has the heading of its panel in view", (await heading()) && (await page.locator("#panel h2").textContent()) === rows.name[tapped]);
  await page.setViewportSize(size);
  await settled(page);
  await page.fill("#filter-text", "no such site anywhere");
  await settled(page);
  check(name, "a filter leaves the chosen site its marker", (await page.locator(".mark[data-site]").count()) === 1 && (await page.locator(".mark.on").getAttribute("data-site")) === tapped);
  check(name, "a search that finds nothing says so", (await page.locator("#count").innerText()).includes("No site matches"));
  await page.locator("#count button").click();
  check(name, "one button shows all sites again", (await page.locator("#table tbody tr").count()) === Math.min(rows.id.length, 50) && (await page.inputValue("#filter-text")) === "");
  if (rows.commodity) {
    const at = rows.commodity.findIndex(Boolean);
    const word = rows.commodity[at].split(/[,;]/)[0];
    await page.fill("#filter-text", word);
    check(name, `a commodity is found: ${word}`, (await page.locator("#count").innerText()).match(/^[\d,]+/)?.[0] !== undefined && (await page.locator("#table tbody tr").count()) > 0);
    await page.fill("#filter-text", "");
  }
  const told = await page.locator("#panel").innerText();
  check(name, "no distance is zero with a direction", !/(^|[^\d.])0(\.0)? km [NSEW]/.test(told));
  const sections = page.locator("#panel details.section");
  if (await sections.count()) {
    const open = await sections.first().evaluate((node) => node.open);
    await sections.first().locator("summary").focus();
    await page.keyboard.press("Enter");
    check(name, "keys close a part of the panel and open it", (await sections.first().evaluate((node) => node.open)) !== open);
    await page.keyboard.press("Enter");
  }
  await home(page);
}

// Letters on paper.
export async function legible(page, name, check) {
  const small = await page.evaluate(() => Math.min(16, ...[...document.querySelectorAll("table td, table th")].filter((cell) => cell.offsetWidth && cell.textContent.trim()).map((cell) => parseFloat(getComputedStyle(cell).fontSize))));
  check(name, `print: the smallest letters in tables have seven points or more: ${(small * 0.75).toFixed(1)}`, small * 0.75 >= 7);
  check(name, "print: no hint that is only for a screen", await page.evaluate(() => [...document.querySelectorAll(".no-print")].every((node) => getComputedStyle(node).display === "none")));
}
