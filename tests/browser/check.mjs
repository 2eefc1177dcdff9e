// Opens one HTML file in Chromium and prints one line of JSON: what is wrong with it.
// node check.mjs FILE: exit code 0 where nothing is.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { FLAGS, faults } from "./pages.mjs";

const LINKS = 30; // evidence links that are followed

const url = pathToFileURL(resolve(process.argv[2])).href;
const problems = [];
const counts = { pages: 0, links: 0 };

async function settled(page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

async function check(browser, colorScheme, width) {
  const where = `${colorScheme} ${width}`;
  // axe is put into a page whose policy forbids script; what the page itself asks for is told by
  // requests, and by the violations that Chromium reports of the policy
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
  const page = await context.newPage();
  page.on("dialog", (dialog) => {
    problems.push(`${where}: dialog ${dialog.message()}`);
    dialog.dismiss();
  });
  context.on("request", (request) => {
    const asked = request.url();
    if (asked.split("#")[0] !== url && !asked.startsWith("data:")) problems.push(`${where}: request ${asked}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`${where}: console ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`${where}: error ${error.message}`));
  await page.goto(url);
  for (const details of await page.locator("details").all()) {
    await details.evaluate((element) => { element.open = true; });
  }
  for (const fault of await faults(page)) problems.push(`${where}: ${fault}`);
  const cut = await page.evaluate(() => [...document.querySelectorAll("figure.chart")].filter((figure) => {
    const box = figure.getBoundingClientRect();
    return [...figure.querySelectorAll("svg text")].some((text) => {
      const drawn = text.getBoundingClientRect();
      return drawn.width > 0 && (drawn.left < -1 || drawn.right > Math.max(box.right, innerWidth) + 1);
    });
  }).length);
  if (cut) problems.push(`${where}: ${cut} pictures have words outside the page`);
  counts.pages += 1;
  const links = await page.locator(".where a").all();
  for (const link of links.slice(0, LINKS)) {
    await link.click();
    await settled(page);
    const seen = await page.evaluate(() => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!target) return "leads nowhere";
      const box = target.getBoundingClientRect();
      return box.bottom > 0 && box.top < innerHeight ? "" : "leads to what is not shown";
    });
    if (seen) problems.push(`${where}: link ${await link.getAttribute("href")} ${seen}`);
    counts.links += 1;
  }
  for (const button of await page.locator("main button, main summary, main [onclick]").all()) {
    await button.click({ timeout: 2000 }).catch(() => {});
  }
  await settled(page);
  if (page.url().split("#")[0] !== url) problems.push(`${where}: the page went to ${page.url()}`);
  await context.close();
}

// The same page under its own policy: nothing in it may even try to break the policy.
async function checkPolicy(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on("dialog", (dialog) => {
    problems.push(`policy: dialog ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`policy: ${message.text()}`);
  });
  await page.goto(url);
  await settled(page);
  if (!(await page.locator('meta[http-equiv="Content-Security-Policy"]').count())) {
    problems.push("policy: there is none");
  }
  await context.close();
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: FLAGS,
});
try {
  await checkPolicy(browser);
  for (const scheme of ["light", "dark"]) {
    for (const width of [1200, 360]) await check(browser, scheme, width);
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify({ file: process.argv[2], ...counts, problems }));
process.exitCode = problems.length ? 1 : 0;
