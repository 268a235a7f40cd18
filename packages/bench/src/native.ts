import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { flatten, type Kernel } from "./kernel.ts";

const compiler = "g++";
const flags = ["-O2", "-std=c++20"];
const binary = fileURLToPath(new URL("duals", import.meta.url));

/** What the C++ version of a kernel reports: nanoseconds a call, and sums over the results. */
export interface NativeRun {
  readonly plain: number;
  readonly dual: number;
  readonly value: number;
  readonly tangent: number;
}

/** Compiles the C++ kernels; says what there is, or why there is nothing. */
export function compileNative(): { version: string } | { missing: string } {
  const version = spawnSync(compiler, ["--version"], { encoding: "utf8" });
  if (version.status !== 0) return { missing: `no ${compiler} on this machine` };
  const source = fileURLToPath(new URL("../native/duals.cpp", import.meta.url));
  const { status, stderr } = spawnSync(compiler, [...flags, "-o", binary, source], {
    encoding: "utf8",
  });
  if (status !== 0) return { missing: `${compiler} failed:\n${stderr}` };
  return { version: `${version.stdout.split("\n")[0]}, ${flags.join(" ")}` };
}

/** Runs a kernel in C++ on the very arguments of the JavaScript one. */
export function runNative(kernel: Kernel, milliseconds: number): NativeRun {
  const group = (tree: unknown) => {
    const numbers = flatten(tree);
    return `${numbers.length} ${numbers.join(" ")}\n`;
  };
  const input = [kernel.args, kernel.tangents, kernel.constants ?? []].map(group).join("");
  const { status, stdout, stderr } = spawnSync(binary, [kernel.name, String(milliseconds)], {
    input,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the C++ version of ${kernel.name} failed: ${stderr}`);
  return JSON.parse(stdout);
}
