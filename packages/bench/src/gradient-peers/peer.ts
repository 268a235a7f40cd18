import type { KernelName } from "../kernel.ts";

/** Value and gradient by all numbers, as a peer computes them; the latter in the order of `flatten`. */
// biome-ignore lint/suspicious/noExplicitAny: every kernel has parameters of its own
export type GradientKernel = (args: any) => readonly [value: number, gradient: unknown];

/** Makes a kernel ready, e.g. traces and compiles it; what this costs is not measured. */
export type PrepareGradient = () => GradientKernel | Promise<GradientKernel>;

/** The kernels that have a gradient: those that give a number. */
export type ScalarKernelName = Exclude<KernelName, "lu-solve">;

/** Another library with a reverse mode, and what it can express. */
export interface GradientPeer {
  readonly name: string;
  /** For every kernel the code, or the reason why there is none. */
  readonly kernels: Readonly<Record<ScalarKernelName, PrepareGradient | string>>;
}
