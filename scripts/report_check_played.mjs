// Plays the map of a batch's report, and compares it and the table of changes with the data.
const WORDS = ["no data", "very low", "low", "medium", "high", "very high"];

export async function played(page, name, data, check) {
  const series = data.series.filter((each) => each.scheme === 0);
  const dates = [...new Set(series.flatMap((each) => each.frames.filter((frame) => frame.as_of && !frame.error).map((frame) => frame.as_of)))].sort();
  const crossings = series.flatMap((each) => each.crossings.filter((one) => one.score === "security"));
  check(name, "a row for each crossing of the score, up to a page", (await page.locator("#changes-table tbody tr").count()) === Math.min(50, crossings.length));
  if (!dates.length) return;
  const shown = () => page.evaluate(() => document.getElementById("moment-date").textContent);
  check(name, "the map begins at the last date", (await shown()) === dates[dates.length - 1]);
  if (dates.length < 2) return;
  for (const at of [0, Math.floor(dates.length / 2), dates.length - 1]) {
    await page.locator("#moment").fill(String(at));
    const counts = WORDS.map((_, band) => series.reduce((sum, each) => {
      const frame = each.frames.findIndex((one) => one.as_of === dates[at] && !one.error);
      return sum + (frame < 0 ? 0 : each.trends.filter((trend) => trend.security_band[frame] === band).length);
    }, 0));
    const drawn = await page.evaluate(() => [0, 1, 2, 3, 4, 5].map((band) => [...document.querySelectorAll(`#marks .b${band}`)].filter((mark) => mark.style.visibility !== "hidden").length));
    check(name, `the marks of ${dates[at]} have the bands of the frames`, counts.reduce((a, b) => a + b, 0) > 1500 || String(drawn) === String(counts));
    const due = new Set(series.flatMap((each) => each.crossings.filter((one) => one.score === "security" && !one.open && each.frames[one.frames[1]].as_of === dates[at]).map((one) => `${each.region} ${one.id}`)));
    const ringed = await page.locator("#marks .crossed").count();
    check(name, `sites that crossed by ${dates[at]} are ringed`, counts.reduce((a, b) => a + b, 0) > 1500 || ringed <= due.size + 1 && (ringed > 0) === (due.size > 0));
  }
  await page.locator("#moment").fill("0");
  await page.locator("#moment").press("ArrowRight");
  check(name, "an arrow key goes to the next date", (await shown()) === dates[1]);
  await page.locator("#play").focus();
  await page.keyboard.press("Space");
  check(name, "the button says Pause while the map plays", (await page.locator("#play").innerText()) === "Pause");
  await page.waitForFunction((from) => document.getElementById("moment-date").textContent > from, dates[1], { timeout: 5000 }).catch(() => {});
  check(name, "the map plays", dates.length < 3 || (await shown()) > dates[1]);
  if ((await page.locator("#play").innerText()) === "Pause") await page.keyboard.press("Space");
  const held = await shown();
  await page.waitForTimeout(1100);
  check(name, "the map pauses", (await shown()) === held && (await page.locator("#play").innerText()) === "Play");
  const mark = page.locator("#marks .mark[tabindex='0']").first();
  await mark.focus();
  await page.keyboard.press("Enter");
  check(name, "Enter on a mark opens the site", await page.evaluate(() => document.activeElement.id === "panel" && document.querySelector("#panel h2") !== null));
  await page.locator("#panel button").first().click();
}
