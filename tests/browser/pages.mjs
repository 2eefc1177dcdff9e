// What both checks do: start Chromium without a network, and hold a page against axe and its own width.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

// Returns what is wrong: violations of axe, which is put into the page, and scrolling sideways.
export async function faults(page, options = {}) {
  await page.evaluate(axe);
  const found = await page.evaluate((given) => axe.run(document, given), { runOnly: TAGS, ...options });
  const told = found.violations.map((violation) => {
    const nodes = violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(" | ");
    return `axe ${violation.id} (${violation.nodes.length}): ${nodes}`;
  });
  const over = await page.evaluate(() => {
    const root = document.scrollingElement;
    return root.scrollWidth - root.clientWidth;
  });
  if (over > 0) told.push(`the page scrolls sideways by ${over} px`);
  return told;
}
