// Opens the pages of a published folder in Chromium and prints one line of JSON: what is wrong with them.
// node site.mjs URL-OF-THE-FOLDER QUERY HITS: exit code 0 where nothing is. QUERY must find HITS reports.
import { chromium } from "playwright-core";
import { FLAGS, faults } from "./pages.mjs";

const [, , base, query, hits] = process.argv;
const problems = [];
const counts = { pages: 0, links: 0, searches: 0 };

async function opened(browser, options, where) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("dialog", (dialog) => {
    problems.push(`${where}: dialog ${dialog.message()}`);
    dialog.dismiss();
  });
  context.on("request", (request) => {
    if (!request.url().startsWith(base)) problems.push(`${where}: request ${request.url()}`);
  });
  context.on("requestfailed", (request) => problems.push(`${where}: ${request.url()} failed`));
  page.on("response", (response) => {
    if (response.status() >= 400 && !response.url().endsWith("favicon.ico")) {
      problems.push(`${where}: ${response.url()} ${response.status()}`);
    }
  });
  page.on("console", (message) => {
    const asked = message.location().url ?? "";
    if (["error", "warning"].includes(message.type()) && !asked.endsWith("favicon.ico")) {
      problems.push(`${where}: console ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => problems.push(`${where}: error ${error.message}`));
  return { context, page };
}

async function accessible(page, where) {
  for (const fault of await faults(page, { preload: false })) problems.push(`${where}: ${fault}`);
  counts.pages += 1;
}

async function found(page, where) {
  await page.waitForFunction(() => /report/.test(document.getElementById("found").textContent)
    && !/must be/.test(document.getElementById("found").textContent));
  const shown = await page.locator("#hits > li").count();
  if (shown !== Number(hits)) problems.push(`${where}: ${shown} reports found, not ${hits}`);
  if (shown && !(await page.locator("#hits mark").count())) problems.push(`${where}: nothing is marked`);
  counts.searches += 1;
}

async function looks(browser, colorScheme, width) {
  // axe is put into pages whose policy forbids it
  const options = { colorScheme, viewport: { width, height: 900 }, bypassCSP: true };
  const { context, page } = await opened(browser, options, `${colorScheme} ${width}`);
  await page.goto(`${base}index.html`);
  const recipes = await page.locator("h2 a").evaluateAll((links) => links.map((link) => link.href));
  for (const url of [`${base}index.html`, ...recipes, `${base}search.html?q=${encodeURIComponent(query)}`]) {
    const where = `${colorScheme} ${width} ${url.slice(base.length)}`;
    await page.goto(url);
    if (url.includes("search.html")) await found(page, where);
    await accessible(page, where);
  }
  await page.emulateMedia({ media: "print" });
  await page.goto(`${base}index.html`);
  if (await page.locator("form").isVisible()) problems.push("print: the search is printed");
  await context.close();
}

// The pages under their own policy, as a reader uses them.
async function used(browser) {
  const { context, page } = await opened(browser, {}, "policy");
  await page.goto(`${base}index.html`);
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement.className);
  if (first !== "skip") problems.push(`policy: the first stop of Tab is ${first}, no link to the reports`);
  await page.getByLabel("Search titles and findings").fill(query);
  await page.keyboard.press("Enter");
  await page.waitForURL(/search\.html/);
  await found(page, "policy, from the first page");
  await page.getByLabel("Search titles and findings").fill("zzzz");
  await page.waitForFunction(() => document.getElementById("found").textContent.startsWith("No report"));
  await page.getByLabel("Search titles and findings").fill(query);
  await page.keyboard.press("Enter");
  await found(page, "policy, typed");
  await page.locator("#hits a").first().click();
  await page.waitForURL(/report\.html/);
  const seen = new Set();
  const open = [`${base}index.html`];
  while (open.length) {
    const url = open.pop();
    await page.goto(url);
    if (/\/report\.html$/.test(url)) continue;
    const links = await page.locator("a").evaluateAll((all) => all.map((link) => link.href.split("#")[0]));
    for (const link of links) {
      if (seen.has(link)) continue;
      seen.add(link);
      counts.links += 1;
      if (!link.startsWith(base)) problems.push(`policy: ${url} links to ${link}`);
      else if (link.endsWith(".html")) open.push(link);
    }
  }
  await context.close();
  return [...seen];
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: FLAGS,
});
let links = [];
try {
  links = await used(browser);
  for (const scheme of ["light", "dark"]) {
    for (const width of [1200, 360]) await looks(browser, scheme, width);
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify({ base, ...counts, leads: links.map((link) => link.slice(base.length)), problems }));
process.exitCode = problems.length ? 1 : 0;
