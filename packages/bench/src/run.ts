// The benchmark: every kernel in a process of its own, one after the other.
//
//   npm run bench -- [--quick] [--only KERNEL]... [--json FILE] [--write-docs]
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, type as systemName } from "node:os";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { inProcess as inProcessOf } from "./in-process.ts";
import type { Kernel } from "./kernel.ts";
import { kernels } from "./kernels/index.ts";
import { fullEffort, median, middle, quickEffort, type Timing } from "./measure.ts";
import { compileNative } from "./native.ts";
import { peers } from "./peers/index.ts";
import { documentation, summary } from "./report.ts";
import type {
  Allocation,
  BenchmarkResult,
  Beside,
  BuildCost,
  JacobianAllocation,
  KernelResult,
  Overhead,
  PeerResult,
  Task,
} from "./result.ts";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: [] },
    json: { type: "string" },
    "write-docs": { type: "boolean", default: false },
  },
});

/** A young generation that holds what 1e5 calls allocate: nothing is collected while they run. */
const roomy = ["--expose-gc", "--min-semi-space-size=256", "--max-semi-space-size=256"];

const inProcess = <T>(task: Task): Promise<T> =>
  inProcessOf<T>(
    "one.js",
    task,
    task.what === "allocation" || task.what === "jacobian" ? roomy : [],
  );

const { quick } = options;
const effort = quick ? quickEffort : fullEffort;
const chosen = kernels.filter(
  ({ name }) => options.only.length === 0 || options.only.includes(name),
);
for (const name of options.only) {
  if (!kernels.some((kernel) => kernel.name === name)) {
    fail(`no kernel named ${name}; there are ${kernels.map((k) => k.name).join(", ")}`);
  }
}
if (options["write-docs"] && options.only.length > 0) {
  fail("the documentation shows every kernel: --write-docs does not go with --only");
}

const native = compileNative();
const hasNative = "version" in native;
if (!hasNative) console.error(`C++ is skipped: ${native.missing}`);

const results: KernelResult[] = [];
const failures: string[] = [];
for (const [i, kernel] of chosen.entries()) {
  const progress = (what: string) =>
    console.error(`${i + 1}/${chosen.length} ${kernel.name}: ${what}`);
  try {
    results.push(await measure(kernel, progress));
  } catch (error) {
    console.error(String(error));
    failures.push(kernel.name);
  }
}
console.error("what the plugin costs a build");
const build = await inProcess<BuildCost[]>({
  what: "build",
  kernels: chosen.map(({ name }) => name),
});
const { jacobian } = await inProcess<{ jacobian?: JacobianAllocation }>({ what: "jacobian" });
const { overhead } = await inProcess<{ overhead?: Overhead }>({ what: "overhead", quick });

const result: BenchmarkResult = {
  machine: {
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    system: `${systemName()} ${process.arch}`,
    node: process.version,
    native: hasNative ? native.version : "none",
  },
  effort: quick ? "quick" : "full",
  kernels: results,
  overhead,
  jacobian,
  build,
};

console.log(summary(result));
if (options.json !== undefined) {
  // npm changes to the package's folder; the file is meant where the user is.
  writeFileSync(
    resolve(process.env.INIT_CWD ?? "", options.json),
    `${JSON.stringify(result, null, 2)}\n`,
  );
}
if (failures.length > 0) fail(`failed: ${failures.join(", ")}`);
if (options["write-docs"]) {
  const page = fileURLToPath(new URL("../../../docs/performance.md", import.meta.url));
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(page, documentation(result));
  console.error("docs/performance.md is written");
}

async function measure(
  { name, title, allocationFree }: Kernel,
  progress: (what: string) => void,
): Promise<KernelResult> {
  progress("checking");
  const { fallback } = await inProcess<{ fallback?: string }>({
    what: "check",
    kernel: name,
    native: hasNative,
  });

  // A process for each measurement, several times over: where code and arrays come to lie in memory
  // differs from one process to the next, and tight loops differ by a factor of two with it.
  const repeat = async <T>(runs: number, task: Task): Promise<T[]> => {
    const found: T[] = [];
    while (found.length < runs) found.push(await inProcess<T>(task));
    return found;
  };
  progress("plain, tangent, by hand, C++");
  const beside = await repeat<Beside>(effort.runs, {
    what: "beside",
    kernel: name,
    native: hasNative,
    quick,
  });
  const timing = (of: string) =>
    of in beside[0].timings ? middle(beside.map(({ timings }) => timings[of])) : undefined;
  const cppPlain = timing("C++ plain");
  const cppDual = timing("C++ dual");
  progress("dual form");
  const dual = await repeat<Timing>(effort.otherRuns, { what: "dual", kernel: name, quick });
  const peerResults: Record<string, PeerResult> = {};
  for (const peer of Object.keys(peers)) {
    progress(peer);
    const task: Task = { what: "peer", kernel: name, peer, quick };
    const first = await inProcess<PeerResult>(task);
    peerResults[peer] = first;
    if ("none" in first) continue;
    const more = await repeat<Timing>(effort.otherRuns - 1, task);
    peerResults[peer] = { ...middle([first, ...more]), error: first.error };
  }
  if (allocationFree) progress("allocation");
  const allocation = allocationFree
    ? await inProcess<Allocation>({ what: "allocation", kernel: name })
    : undefined;
  return {
    name,
    title,
    plainNs: median(beside.map(({ plainNs }) => plainNs)),
    tangent: timing("tangent"),
    jvp: timing("jvp"),
    fallback,
    dual: middle(dual),
    hand: timing("hand") as Timing,
    native: cppPlain && cppDual && { plain: cppPlain, dual: cppDual },
    peers: peerResults,
    allocation,
  };
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
