// Takes the pictures of pages in a browser: the reports in OUT, and the page of `serve`.
import { spawn } from "node:child_process";
import path from "node:path";
import { createRequire } from "node:module";

const [out, modules, tamarisk] = process.argv.slice(2);
const require = createRequire(path.resolve(modules, "package.json"));
const { chromium } = require("playwright-core");
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
try {
  await report("demo", "report.png", 720, async (page) => {
    await page.focus(".mark[aria-label^='Reko Diq:']");
    await page.keyboard.press("Enter");
    await page.waitForTimeout(200);
    await page.evaluate(() => { document.activeElement.blur(); window.scrollTo({ top: 0, behavior: "instant" }); });
    await page.waitForTimeout(500);
  });
  await report("board-map", "book-report.png", 900);
  await report("monthly", "book-batch.png", 900);
  await served("serve.png");
} finally {
  await browser.close();
}

async function report(folder, name, height, use = async () => {}) {
  const page = await browser.newPage({ viewport: { width: 1200, height } });
  await page.goto(`file://${path.resolve(out, folder, "report.html")}`);
  await page.waitForTimeout(800);
  await use(page);
  await page.screenshot({ path: path.join(out, name) });
  await page.close();
}

// A route on the page of the server, which runs as long as that takes. The system chooses its port.
async function served(name) {
  const server = spawn(tamarisk, ["serve", "--demo", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "ignore", "pipe"] });
  try {
    const base = await new Promise((found, failed) => {
      let said = "";
      server.stderr.on("data", (text) => {
        said += text;
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
        if (address) found(address[0]);
      });
      server.on("exit", () => failed(new Error(`the server ended: ${said}`)));
    });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${base}/map#ask=route&routes=62.05 29.12,64 29,66.6123 29.9123`);
    for (let turn = 0; turn < 150; turn += 1) {
      if ((await page.evaluate(() => document.querySelector("#panel h2")?.textContent)) === "The route") break;
      await page.waitForTimeout(100);
    }
    // The map moves to the route.
    await page.waitForTimeout(1500);
    await page.screenshot({ path: path.join(out, name) });
    await page.close();
  } finally {
    server.removeAllListeners("exit").kill("SIGTERM");
  }
}
