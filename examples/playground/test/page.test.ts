import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import chromium from "@sparticuz/chromium";
import { type Browser, type Page, chromium as playwright } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "dualize-playground-"));
const pictures = join(root, "out");
const complaints: string[] = [];
let browser: Browser;
let page: Page;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  await build({ root, logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
  // Without a graphics card its emulation takes seconds for a picture.
  chromium.setGraphicsMode = false;
  browser = await playwright.launch({
    // What a browser forbids pages from the disk, it is to forbid here.
    args: chromium.args.filter((flag) => flag !== "--disable-web-security"),
    executablePath: await chromium.executablePath(),
  });
  page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!/^(?:file|data|blob|about):/.test(request.url()))
      complaints.push(`asked for ${request.url()}`);
  });
  // From the disk, without any server.
  await page.goto(pathToFileURL(join(folder, "index.html")).href);
  await page.locator("#point").waitFor();
  await settled();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function type(source: string): Promise<void> {
  await page.locator("#editor .cm-content").click();
  await page.keyboard.press("Control+a");
  // At once: the editor would close brackets and indent by itself.
  await page.keyboard.insertText(source);
}

/** Until the page has done all that it was asked for, and what its layout asks for by that. */
async function settled(): Promise<void> {
  const frames = () =>
    page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  do {
    await frames();
    await page.locator('body[aria-busy="false"]').waitFor();
    await frames();
  } while ((await page.locator("body").getAttribute("aria-busy")) !== "false");
}

/** Until a function of that name is drawn. */
async function drawn(name: string): Promise<void> {
  await page.locator(`#plot[data-function="${name}"] #point`).waitFor();
  await settled();
}

/** A function is typed, and drawn. */
async function typeFunction(name: string, source: string): Promise<void> {
  await type(source);
  await drawn(name);
}

/** The numbers under the picture, by their names. */
async function values(): Promise<Record<string, number[]>> {
  const entries = await page
    .locator("#values > span")
    .evaluateAll((spans) =>
      spans.map((span) => [
        span.querySelector("i")?.textContent?.trim(),
        span.querySelector("b")?.textContent?.replaceAll("−", "-").split(/[,;] /).map(Number),
      ]),
    );
  return Object.fromEntries(entries);
}

/** Not a bound: an end for what would never come, on the slowest of machines. */
const soon = { timeout: 30_000 };

const text = (selector: string) => page.locator(selector).innerText();

/** The middle of what is drawn. */
async function middle(selector: string): Promise<[number, number]> {
  await settled();
  const { x, y, width, height } = (await page.locator(selector).boundingBox())!;
  return [x + width / 2, y + height / 2];
}

/** The corners of a line that is drawn. */
async function pointsOf(selector: string): Promise<number[][]> {
  const path = (await page.locator(selector).getAttribute("d"))!;
  return path
    .slice(1)
    .split("L")
    .map((point) => point.split(/[ ,]/).map(Number));
}

const steepness = ([[x1, y1], [x2, y2]]: number[][]): number => (y2 - y1) / (x2 - x1);

describe("the playground, in a browser", () => {
  test("begins with a function and its derivatives", async () => {
    const { x, "f(x)": f, "f′(x)": slope, "f″(x)": bend } = await values();
    const [t] = x;
    const decay = Math.exp(-t / 4);
    expect(f[0]).toBeCloseTo(decay * Math.cos(3 * t), 5);
    expect(slope[0]).toBeCloseTo(decay * (-Math.cos(3 * t) / 4 - 3 * Math.sin(3 * t)), 4);
    expect(bend[0]).toBeCloseTo(
      decay * ((1 / 16 - 9) * Math.cos(3 * t) + 1.5 * Math.sin(3 * t)),
      4,
    );
    expect(await page.locator("#plot path.curve").count()).toBe(3);
    await page.screenshot({ path: join(pictures, "curve-light.png") });
  });

  test("measures f, jvp and grad", async () => {
    expect(await page.locator("#measured .number").count()).toBe(3);
    const times = await page.locator("#measured .number").allInnerTexts();
    for (const time of times) expect(time).toMatch(/^[\d.]+(?:e\+\d)? (?:ns|µs|ms)$/);
    expect(await page.locator("#measured .name").allInnerTexts()).toEqual(["f", "jvp", "grad"]);
  });

  test("differentiates what is typed, and shows the code of each form", async () => {
    await typeFunction(
      "cube",
      'export function cube(x: number): number {\n  "use dual";\n  return x ** 3;\n}\n',
    );
    const { x, "f′(x)": slope, "f″(x)": bend } = await values();
    expect(slope[0]).toBeCloseTo(3 * x[0] ** 2, 4);
    expect(bend[0]).toBeCloseTo(6 * x[0], 4);
    const code: Record<string, string> = {};
    for (const form of ["tangent", "adjoint", "second", "dual", "all"]) {
      await page.locator(`#tab-${form}`).click();
      code[form] = await text("#code .cm-content");
    }
    expect(code.tangent).toContain("function cube$tangent(x, x$t)");
    expect(code.adjoint).toContain("cube$adjoint(x, seed)");
    expect(code.second).toContain("cube$hvp(x, x$t, seed)");
    expect(code.dual).toContain("function cube$dual(x)");
    expect(code.dual).toContain("_pow(");
    expect(code.all).toContain('from "dualize/runtime"');
    await page.keyboard.press("ArrowRight");
    expect(await page.locator("#tab-tangent").getAttribute("aria-selected")).toBe("true");
  });

  test("lets the point be dragged, with its tangent line", async () => {
    const [px, py] = await middle("#point");
    const before = await values();
    await page.mouse.move(px, py);
    await page.mouse.down();
    await page.mouse.move(px + 150, py, { steps: 10 });
    await page.mouse.up();
    const [dot] = await middle("#point");
    expect(dot).toBeCloseTo(px + 150, -0.5);
    const { x, "f′(x)": slope } = await values();
    expect(x[0]).toBeGreaterThan(before.x[0] + 1);
    expect(slope[0] / (3 * x[0] ** 2)).toBeCloseTo(1, 5);
    // The line has the slope of the curve that is drawn under it.
    const { x: left } = (await page.locator("#plot").boundingBox())!;
    const points = await pointsOf("path.curve >> nth=0");
    const next = points.findIndex(([x]) => x > dot - left);
    const [before1, after1] = [points[next - 20], points[next + 19]];
    expect(steepness(await pointsOf("#tangent")) / steepness([before1, after1])).toBeCloseTo(1, 1);
  });

  test("moves the point by keys, and zooms", async () => {
    const before = await values();
    await page.locator("#plot").focus();
    await page.keyboard.press("ArrowLeft");
    await settled();
    expect((await values()).x[0]).toBeCloseTo(before.x[0] - 8 / 200, 2);
    await page.keyboard.press("+");
    await settled();
    const to = page.locator('[aria-label="x to"]');
    expect(Number(await to.inputValue())).toBeLessThan(8);
    await to.fill("12");
    await to.press("Enter");
    await expect.poll(() => text("#plot"), soon).toMatch(/\b12\b/);
  });

  test("underlines an error of the plugin, and one of the parser", async () => {
    await type('export function f(x: number) {\n  "use duel";\n  return x;\n}\n');
    await page.locator(".cm-lintRange-error").waitFor();
    await settled();
    expect(await text(".cm-lintRange-error")).toBe('"use duel";');
    expect(await text("#remarks")).toMatch(/error DUAL001 line 2 .*use dual/s);
    const entry = page.locator("#remarks details pre");
    expect(await entry.isVisible()).toBe(false);
    await page.locator("#remarks summary", { hasText: "What DUAL001 means" }).click();
    expect(await entry.innerText()).toMatch(/^An unknown directive that looks like `"use dual"`/);
    await page.screenshot({ path: join(pictures, "error-light.png") });
    await type("export function f(x: number) {\n  return x +;\n}\n");
    await expect.poll(() => text("#remarks"), soon).toMatch(/^error line 2 Unexpected token/);
  });

  test("underlines a note, and draws all the same", async () => {
    await typeFunction(
      "steps",
      'export function steps(x: number) {\n  "use dual";\n  return x * Math.floor(x);\n}\n',
    );
    expect(await text(".cm-lintRange-warning")).toBe("Math.floor(x)");
    expect(await text("#remarks")).toContain("note DUAL007 line 3");
    expect(await text("#remarks summary")).toBe("What DUAL007 means");
  });

  test("says what a function throws, and where a mark is missing", async () => {
    await type("export function unmarked(x: number) {\n  return x * x;\n}\n");
    await expect.poll(() => text("#remarks"), soon).toMatch(/'unmarked' .*Mark it "use dual"/);
    expect(await text("#remarks summary")).toBe("What DUAL102 means");
    await type('export function f(x: number) {\n  "use dual";\n  throw new Error("not yet");\n}\n');
    await expect.poll(() => text("#remarks"), soon).toContain("not yet");
  });

  test("ends a loop that does not end, and goes on", async () => {
    await type('export function f(x: number) {\n  "use dual";\n  while (true) x++;\n}\n');
    await expect.poll(() => text("#remarks"), soon).toContain("does not end");
    await typeFunction("g", 'export function g(x: number) {\n  "use dual";\n  return 2 * x;\n}\n');
    expect((await values())["f′(x)"]).toEqual([2]);
    expect(await text("#remarks")).toBe("");
  });

  test("draws levels and gradients of functions of two numbers", async () => {
    await page.locator("#samples").selectOption({ label: "Four valleys, of x and y" });
    await drawn("himmelblau");
    const { "x, y": at, "∇f": gradient, H } = await values();
    const [x, y] = at;
    const [a, b] = [x * x + y - 11, x + y * y - 7];
    const sum = 1 + a * a + b * b;
    const [gx, gy] = [(4 * x * a + 2 * b) / sum, (2 * a + 4 * y * b) / sum];
    expect(gradient[0]).toBeCloseTo(gx, 5);
    expect(gradient[1]).toBeCloseTo(gy, 5);
    expect(H[1]).toBe(H[2]);
    expect(H[0]).toBeCloseTo((8 * x * x + 4 * a + 2) / sum - gx ** 2, 4);
    expect(await page.locator("#plot path.level").count()).toBeGreaterThan(8);
    expect(await page.locator("#plot path.arrow").count()).toBeGreaterThan(100);
    // Downhill from there is the valley at (-2.805, 3.131).
    const way = (await page.locator("#descent").getAttribute("d"))!;
    expect(way.split("L").length).toBeGreaterThan(20);
    await page.screenshot({ path: join(pictures, "contours-light.png") });
  });

  test("gives a link that brings all of it back", async () => {
    const [px, py] = await middle("#point");
    await page.mouse.click(px + 90, py - 40);
    await settled();
    expect((await values())["x, y"][0]).toBeGreaterThan(1);
    await page.locator("#share").click();
    await page.locator("#share", { hasText: /Copied|address bar/ }).waitFor();
    expect(page.url()).toMatch(/#[\w-]{100,}$/);
    const [link, before] = [page.url(), await values()];
    await page.goto("about:blank");
    await page.goto(link);
    await drawn("himmelblau");
    expect(await values()).toEqual(before);
    expect(await text("#editor .cm-content")).toContain("Himmelblau");
    expect(await text("#samples option:checked")).toBe("Four valleys, of x and y");
  });

  test("is light or dark, as the system or the reader has it", async () => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await ground()).not.toBe(light);
    await settled();
    expect(await page.locator("#measured .number").count()).toBe(3);
    await page.screenshot({ path: join(pictures, "contours-dark.png") });
    await page.locator("#theme").click();
    expect(await ground()).toBe(light);
    await page.locator("#theme").click();
    await page.locator("#theme").click();
  });

  test("has no errors in any of its samples, and fits small screens", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const titles = await page.locator("#samples option:not([hidden])").allInnerTexts();
    expect(titles.length).toBeGreaterThan(6);
    for (const label of titles) {
      const before = await page.locator("#plot").getAttribute("data-function");
      await page.locator("#samples").selectOption({ label });
      if (label !== "Four valleys, of x and y")
        await page.locator(`#plot:not([data-function="${before}"]) #point`).waitFor();
      await settled();
      expect(await text("#remarks")).not.toContain("error");
      const all = Object.values(await values()).flat();
      expect(all.length).toBeGreaterThan(3);
      expect(all.every(Number.isFinite), label).toBe(true);
      const [content, screen] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect(content).toBe(screen);
    }
    await page.screenshot({ path: join(pictures, "small-dark.png"), fullPage: true });
  });

  test("has nothing to complain about, and asks nobody for anything", () => {
    expect(complaints).toEqual([]);
  });
});
