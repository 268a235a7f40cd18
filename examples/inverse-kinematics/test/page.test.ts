import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import chromium from "@sparticuz/chromium";
import { type Browser, type Page, chromium as playwright } from "playwright-core";
import { build, type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { project } from "../src/picture.ts";

const root = fileURLToPath(new URL("../page", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "dualize-page-"));
const complaints: string[] = [];
let server: PreviewServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  await build({ root, logLevel: "warn", build: { outDir: folder } });
  server = await preview({ root, build: { outDir: folder }, preview: { port: 0 } });
  browser = await playwright.launch({
    args: chromium.args,
    executablePath: await chromium.executablePath(),
  });
  page = await browser.newPage({ viewport: { width: 700, height: 800 } });
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(server.resolvedUrls?.local[0] ?? "");
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const words = () => page.locator("#words").textContent();
/** Where the tool is drawn, in the picture's coordinates. */
async function tool(): Promise<number[]> {
  const points = (await page.locator("#arm").getAttribute("points")) ?? "";
  return points.split(" ").at(-1)!.split(",").map(Number);
}
/** Where a point of the picture is on the page. */
async function onPage([x, y]: number[]): Promise<[number, number]> {
  const box = (await page.locator("#picture").boundingBox())!;
  const scale = box.width / 640;
  return [box.x + scale * x, box.y + scale * y];
}

describe("the page, in a browser", () => {
  test("begins with the arm where its path begins", async () => {
    expect(await words()).toContain("iterations");
    const begin = project([-0.45, -0.02, 0.25]);
    (await tool()).forEach((x, i) => {
      expect(x).toBeCloseTo(begin[i], 0);
    });
  });

  test("lets the tool be dragged, and brings it exactly there", async () => {
    const from = await tool();
    const to = [from[0] - 70, from[1] - 45];
    await page.mouse.move(...(await onPage(from)));
    await page.mouse.down();
    await page.mouse.move(...(await onPage(to)), { steps: 8 });
    await page.mouse.up();
    (await tool()).forEach((x, i) => {
      expect(Math.abs(x - to[i])).toBeLessThan(1);
    });
    expect(await words()).toMatch(/ [1-9]e-1[3-9] missing| 0e\+0 missing/);
  });

  test("moves the tool by keys", async () => {
    const from = await tool();
    await page.locator("#picture").focus();
    await page.keyboard.press("ArrowUp");
    const to = await tool();
    expect(to[0]).toBeCloseTo(from[0], 1);
    expect(to[1]).toBeLessThan(from[1] - 5);
  });

  test("says so where the arm does not reach, and leaves it", async () => {
    const from = await tool();
    await page.mouse.move(...(await onPage(from)));
    await page.mouse.down();
    await page.mouse.move(...(await onPage([30, 10])));
    await page.mouse.up();
    expect(await words()).toBe("The arm does not reach that far.");
    expect(await tool()).toEqual(from);
  });

  test("has nothing to complain about", () => {
    expect(complaints).toEqual([]);
  });
});
