import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { flatten, type Kernel } from "./kernel.ts";

const compiler = "g++";
const flags = ["-O2", "-std=c++20"];
const inOutput = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const inSources = (name: string): string =>
  fileURLToPath(new URL(`../native/${name}`, import.meta.url));

/** What the C++ version of a kernel reports: nanoseconds a call, and sums over the results. */
export interface NativeRun {
  readonly plain: number;
  readonly dual: number;
  readonly value: number;
  readonly tangent: number;
}

/** What the C++ gradients of a kernel report: nanoseconds a call, the value, and the gradients. */
export interface NativeGradients {
  readonly plain: number;
  readonly value: number;
  /** Adjoint code written by hand, for the kernels that have some. */
  readonly hand?: number;
  readonly handGradient?: readonly number[];
  /** Where ADOL-C is installed. */
  readonly adolc?: number;
  readonly adolcGradient?: readonly number[];
}

export type Compiled = { readonly version: string } | { readonly missing: string };

/** Compiles the C++ kernels; says what there is, or why there is nothing. */
export const compileNative = (): Compiled => compile("duals", [], inOutput("duals"));

/** Compiles the C++ gradients, with ADOL-C if it is there; `hasAdolc` says so. */
export function compileNativeGradients(
  output = inOutput("adjoints"),
): Compiled & { readonly hasAdolc: boolean } {
  const all = compile("adjoints", ["-DHAS_ADOLC", "-ladolc"], output);
  if ("version" in all) return { ...all, hasAdolc: true };
  return { ...compile("adjoints", [], output), hasAdolc: false };
}

function compile(name: string, more: readonly string[], output: string): Compiled {
  const version = spawnSync(compiler, ["--version"], { encoding: "utf8" });
  if (version.status !== 0) return { missing: `no ${compiler} on this machine` };
  // Libraries come after what needs them.
  const args = [...flags, "-o", output, inSources(`${name}.cpp`), ...more];
  const { status, stderr } = spawnSync(compiler, args, { encoding: "utf8" });
  if (status !== 0) return { missing: `${compiler} failed:\n${stderr}` };
  return { version: `${version.stdout.split("\n")[0]}, ${flags.join(" ")}` };
}

/** Runs a kernel in C++ on the very arguments of the JavaScript one. */
export const runNative = (kernel: Kernel, milliseconds: number): NativeRun =>
  run(inOutput("duals"), kernel, milliseconds, [kernel.args, kernel.tangents]);

/** The gradients of a kernel in C++ on the very arguments of the JavaScript one. */
export const runNativeGradients = (
  kernel: Kernel,
  milliseconds: number,
  binary = inOutput("adjoints"),
): NativeGradients => run(binary, kernel, milliseconds, [kernel.args]);

function run<R>(
  binary: string,
  { name, constants }: Kernel,
  milliseconds: number,
  groups: readonly unknown[],
): R {
  const group = (tree: unknown) => {
    const numbers = flatten(tree);
    return `${numbers.length} ${numbers.join(" ")}\n`;
  };
  const input = [...groups, constants ?? []].map(group).join("");
  const { status, stdout, stderr } = spawnSync(binary, [name, String(milliseconds)], {
    input,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the C++ version of ${name} failed: ${stderr}`);
  return JSON.parse(stdout);
}
