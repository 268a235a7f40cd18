import type { KernelName, Result } from "../kernel.ts";

/** Value and directional derivative, as a peer computes them. */
export type Derivative = readonly [value: Result, tangent: Result];

/** A kernel in a peer's own idiom, with the arguments and the direction of the plain kernel. */
// biome-ignore lint/suspicious/noExplicitAny: every kernel has parameters of its own
export type PeerKernel = (args: any, tangents: any) => Derivative;

/** Makes a kernel ready, e.g. compiles it; what this costs is not measured. */
export type Prepare = () => PeerKernel | Promise<PeerKernel>;

/** Another library that differentiates, and what it can express. */
export interface Peer {
  readonly name: string;
  /** For every kernel the code, or the reason why there is none. */
  readonly kernels: Readonly<Record<KernelName, Prepare | string>>;
}
