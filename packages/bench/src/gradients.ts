// Whole gradients and second derivatives as multiples of the function, as tables in Markdown: a process
// for each kernel, and for each peer.
//
//   npm run bench:gradients -- [--quick] [--only KERNEL]... [--no-peers] [--write-docs]
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gradientPeers } from "./gradient-peers/index.ts";
import type { ScalarKernelName } from "./gradient-peers/peer.ts";
import { gradientTables } from "./gradient-report.ts";
import type {
  FormsResult,
  GradientKernelResult,
  GradientPeerResult,
  GradientTask,
  SizeResult,
} from "./gradient-result.ts";
import { inProcess } from "./in-process.ts";
import { scalarKernels } from "./kernels/index.ts";
import { middle, type Timing } from "./measure.ts";
import { compileNativeGradients } from "./native.ts";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: [] },
    "no-peers": { type: "boolean", default: false },
    "write-docs": { type: "boolean", default: false },
  },
});
const { quick, only } = options;
const names = scalarKernels.map(({ name }) => name as ScalarKernelName);
for (const name of only) {
  if (!names.includes(name as ScalarKernelName))
    fail(`no kernel named ${name} that gives a number; there are ${names.join(", ")}`);
}
if (options["write-docs"] && (only.length > 0 || options["no-peers"]))
  fail("the documentation shows everything: --write-docs goes with neither --only nor --no-peers");

const native = compileNativeGradients();
if ("missing" in native) console.error(`C++ is skipped: ${native.missing}`);
else if (!native.hasAdolc) console.error("ADOL-C is skipped: it is not installed (libadolc-dev)");

const runs = quick ? 1 : 3;
const task = <T>(task: GradientTask): Promise<T> => inProcess<T>("gradient-task.js", task);

const chosen = names.filter((name) => only.length === 0 || only.includes(name));
const kernels: GradientKernelResult[] = [];
for (const [i, kernel] of chosen.entries()) {
  const progress = (what: string) => console.error(`${i + 1}/${chosen.length} ${kernel}: ${what}`);
  progress("ours, by hand, C++");
  const all: FormsResult[] = [];
  while (all.length < runs)
    all.push(await task({ what: "forms", kernel, native: "version" in native, quick }));
  const peers: Record<string, GradientPeerResult> = {};
  for (const peer of options["no-peers"] ? [] : Object.keys(gradientPeers)) {
    progress(peer);
    peers[peer] = await task({ what: "peer", kernel, peer, quick });
  }
  const forms = Object.keys(all[0].timings) as (keyof FormsResult["timings"])[];
  const timings = forms.map((form) => [form, middle(all.map((r) => r.timings[form] as Timing))]);
  kernels.push({ ...all[0], name: kernel, timings: Object.fromEntries(timings), peers });
}
const sizes: SizeResult[] = [];
for (const n of only.length > 0 ? [] : [10, 100, 1_000, 10_000, 100_000]) {
  console.error(`Rosenbrock of ${n}`);
  const all: SizeResult[] = [];
  while (all.length < runs) all.push(await task({ what: "size", n, quick }));
  const [code, call] = (["code", "call"] as const).map((of) => middle(all.map((r) => r[of])));
  sizes.push({ n, code, call, tapeBytes: all[0].tapeBytes });
}

const tables = gradientTables({
  kernels,
  sizes,
  native: "version" in native ? native.version : native.missing,
});
console.log(tables);
if (options["write-docs"]) {
  const page = fileURLToPath(new URL("../../../docs/reverse-mode.md", import.meta.url));
  writeFileSync(page, between(readFileSync(page, "utf8"), tables));
  console.error("docs/reverse-mode.md has the tables");
}

/** The page with the tables in the place of those that it had. */
function between(page: string, tables: string): string {
  const parts = /^([\s\S]*<!-- tables .*-->\n)[\s\S]*(<!-- end of tables -->[\s\S]*)$/.exec(page);
  if (!parts) return fail("docs/reverse-mode.md has no place for the tables");
  return `${parts[1]}\n${tables}\n\n${parts[2]}`;
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
