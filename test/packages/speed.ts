import { fork } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type PluginBuild } from "esbuild";
import { markedCode } from "./load.ts";

/**
 * How long `jvp` of functions of published packages takes, as a multiple of the ordinary call:
 *
 *     npm run packages:speed [-- NAME...]
 *
 * Each file in calls/ is bundled twice with what it imports, without and with the plugin, and timed in a process
 * of its own. Without names it writes docs/packages-speed.md.
 */
const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
const out = join(root, "node_modules/.cache/dualize/speed");
const wanted = process.argv.slice(2);

type Times = Record<string, readonly [plain: number, jvp: number]>;

async function bundle(file: string, marked: boolean): Promise<string> {
  const outfile = join(out, `${basename(file, ".js")}-${marked ? "marked" : "plain"}.mjs`);
  await build({
    stdin: {
      contents: `export { calls } from "./calls/${file}"; ${marked ? 'export { jvp } from "dualize";' : ""}`,
      resolveDir: here,
    },
    outfile,
    bundle: true,
    format: "esm",
    mainFields: ["module", "main"],
    platform: "node",
    logLevel: "error",
    // As it is installed.
    alias: {
      dualize: join(root, "packages/dualize/dist/index.js"),
      "dualize/runtime": join(root, "packages/dualize/dist/runtime.js"),
    },
    plugins: marked ? [{ name: "dualize", setup: differentiate }] : [],
  });
  return outfile;
}

function differentiate({ onLoad }: PluginBuild): void {
  onLoad({ filter: /packages.(node_modules|calls).*\.[cm]?js$/ }, ({ path }) => ({
    contents: markedCode(path).code,
    loader: "js",
  }));
}

const timed = (files: readonly string[]): Promise<Times> =>
  new Promise((resolve, reject) => {
    const task = fork(join(here, "time.mjs"), [...files.map((file) => pathToFileURL(file).href)]);
    task.on("message", (times) => resolve(times as Times));
    task.on("exit", (code) => code !== 0 && reject(new Error(`timing ended with ${code}`)));
  });

const mean = (xs: readonly number[]): number =>
  Math.exp(xs.reduce((sum, x) => sum + Math.log(x), 0) / xs.length);

const written = (x: number): string => x.toPrecision(x < 100 ? 2 : 3);

mkdirSync(out, { recursive: true });
const rows: string[] = [];
const ratios: number[] = [];
for (const file of readdirSync(join(here, "calls")).sort()) {
  const name = basename(file, ".js");
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const times = await timed([await bundle(file, false), await bundle(file, true)]);
  for (const [i, [what, [plain, jvp]]] of Object.entries(times).entries()) {
    ratios.push(jvp / plain);
    rows.push(
      `| ${i === 0 ? name : ""} | ${what} | ${plain.toFixed(0)} | ${written(jvp / plain)} |`,
    );
    console.log(rows.at(-1));
  }
}
console.log(`geometric mean ${written(mean(ratios))} of ${ratios.length}`);
if (wanted.length === 0)
  writeFileSync(
    join(root, "docs/packages-speed.md"),
    `# The speed of derivatives of published packages

<!-- Written by \`npm run packages:speed\`. Change test/packages/speed.ts instead. -->

How long \`jvp\` of a function takes as a multiple of the ordinary call, for published packages as they are, with the
plugin's option \`mark\` on each of their files: **${written(mean(ratios))}** in geometric mean of ${ratios.length} calls.
Each call is one that a user makes (\`test/packages/calls\`). \`jvp\` has a fixed cost, some 30 ns for functions of numbers,
50 to 200 for those of lists, and 0.1 to 2 µs where only the dual form can be taken; most of these functions take less
than that.

| package | call | plain, ns | jvp / plain |
| --- | --- | ---: | ---: |
${rows.join("\n")}
`,
  );
