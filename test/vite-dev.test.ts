import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import chromium from "@sparticuz/chromium";
import { type Browser, type Page, chromium as playwright } from "playwright-core";
import { createLogger, createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "./support/markdown.ts";

/** Vite's development server with a page in a real browser, whose files change under it. */

const folder = mkdtempSync(join(root, "test/build-tools/dev-"));
let browser: Browser;
// One for all: this Chromium ends with the first page that is closed.
let page: Page;
beforeAll(async () => {
  browser = await playwright.launch({
    args: chromium.args,
    executablePath: await chromium.executablePath(),
  });
  page = await browser.newPage();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const energy = (body: string): string => `import type { State } from "./state";

export function energy({ q, p }: State): number {
  "use dual";
  ${body}
}
`;
const files = {
  "package.json": '{ "private": true, "type": "module" }',
  "index.html":
    '<p id="energy"></p><p id="loads"></p><script type="module" src="./main.ts"></script>',
  "state.ts": "export interface State { q: number; p: number }\n",
  "energy.ts": energy("return (p * p) / 2 - Math.cos(q);"),
  "main.ts": `import { grad, hessian } from "dualize";
import { energy } from "./energy";

const show = (f: typeof energy) => {
  const signature = (f as any)[Object.getOwnPropertySymbols(f)[0]].signature;
  const bend = hessian(([q, p]: [number, number]) => f({ q, p }))([0, 2]);
  document.querySelector("#energy")!.textContent =
    JSON.stringify([f({ q: 0, p: 2 }), grad(f)({ q: 0, p: 2 }), bend, signature]);
};
show(energy);
document.querySelector("#loads")!.textContent = String(performance.now());
import.meta.hot?.accept("./energy", (changed) => changed && show(changed.energy));
`,
  "server.ts": `import { derivative } from "dualize";
import { energy } from "./energy";

export const slope = () => derivative((p: number) => energy({ q: 0, p }))(2);
export function fails(x: number): number {
  "use dual";
  if (x > 0) throw new Error("as asked for");
  return x;
}
`,
};

/** A project in the workspace, where the library is linked, or with the packages as they are installed. */
async function serve(name: string, isInstalled: boolean): Promise<Served> {
  const project = join(folder, name);
  mkdirSync(project);
  const write = (file: string, text: string) => writeFileSync(join(project, file), text);
  for (const [file, text] of Object.entries(files)) write(file, text);
  if (isInstalled)
    for (const path of ["packages/dualize", "packages/unplugin-dualize", "babel-plugin"])
      install(path, join(project, "node_modules"));
  const { default: dualize } = await import("unplugin-dualize/vite");
  const said: string[] = [];
  const note = (text: string) => said.push(text);
  const server = await createServer({
    root: project,
    configFile: false,
    cacheDir: join(project, "cache"),
    customLogger: { ...createLogger("silent"), warn: note, error: note },
    plugins: [dualize()],
    server: { port: 0 },
  });
  await server.listen();
  await page.goto(server.resolvedUrls?.local[0] as string);
  return { server, said, write };
}

interface Served {
  readonly server: ViteDevServer;
  readonly said: readonly string[];
  readonly write: (file: string, text: string) => void;
}

function install(path: string, modules: string): void {
  const name = path === "babel-plugin" ? "babel-plugin-dualize" : path.replace("packages/", "");
  for (const part of ["package.json", "dist"]) {
    const place = join(modules, name, part);
    mkdirSync(dirname(place), { recursive: true });
    cpSync(join(root, path, part), place, { recursive: true });
  }
}

/** An end for what would never come, on the slowest of machines. */
const soon = { timeout: 30_000 };
const text = (selector: string) => page.locator(selector).textContent();
const shown = () => text("#energy").then((json) => JSON.parse(json || "null"));

const before = [
  1,
  { q: 0, p: 2 },
  [
    [1, 0],
    [0, 1],
  ],
  "{q:n,p:n}:n",
];

describe.each([
  ["installed", true],
  ["linked, as in a workspace", false],
])("Vite's development server, with the library %s", (name, isInstalled) => {
  let served: Served;
  beforeAll(async () => {
    served = await serve(name.replace(/\W.*/, ""), isInstalled);
  });
  afterAll(async () => {
    await page?.goto("about:blank");
    await served?.server.close();
  });

  it("gives a page with one copy of the library", async () => {
    const { said } = served;
    await expect.poll(() => shown(), soon).toEqual(before);
    expect(said).toEqual([]);
  });

  it("replaces a marked function in the page that is open, and does not load it again", async () => {
    const { write } = served;
    const loaded = await text("#loads");
    write("energy.ts", energy("return p ** 3 + q;"));
    const after = [
      8,
      { q: 1, p: 12 },
      [
        [0, 0],
        [0, 12],
      ],
      "{q:n,p:n}:n",
    ];
    await expect.poll(() => shown(), soon).toEqual(after);
    expect(await text("#loads")).toBe(loaded);
  });

  it("compiles it anew where a type that it reads has changed", async () => {
    const { write } = served;
    write("state.ts", "export interface State { q: number; p: number; name?: string }\n");
    await expect.poll(async () => (await shown())?.[3], soon).toMatch(/name/);
  });

  it("shows an error over the page, at its place, until it is mended", async () => {
    const { write, said } = served;
    write("energy.ts", energy('return eval("p") * q;'));
    const overlay = page.locator("vite-error-overlay");
    await overlay.waitFor({ state: "attached", ...soon });
    const inside = (part: string) => overlay.locator(part).textContent();
    expect(await inside(".message-body")).toContain("DUAL003: ");
    expect(await inside(".message-body")).toContain("npx dualize explain DUAL003");
    expect(await inside(".file")).toMatch(/energy\.ts:5:\d+/);
    expect(await inside(".frame")).toContain('> 5 |   return eval("p") * q;\n    |          ^');
    expect(said.join("\n")).toContain("DUAL003");
    // More than once: Vite may show the error again behind an update that comes at once.
    const mended = energy("return (p * p) / 2 - Math.cos(q);");
    let spaces = "";
    const mend = () => {
      spaces += "\n";
      write("energy.ts", mended + spaces);
      return overlay.count();
    };
    await expect.poll(mend, { ...soon, interval: 500 }).toBe(0);
    await expect.poll(async () => (await shown())?.slice(0, 3), soon).toEqual(before.slice(0, 3));
  });

  it("runs the same on the server, with the places of the sources in stacks", async () => {
    const { slope, fails } = await served.server.ssrLoadModule("/server.ts");
    expect(slope()).toBe(2);
    const error = (() => {
      try {
        return fails(1);
      } catch (thrown) {
        return thrown as Error;
      }
    })();
    served.server.ssrFixStacktrace(error);
    expect(error.stack).toMatch(/fails .*server\.ts:7:20/);
  });
});
