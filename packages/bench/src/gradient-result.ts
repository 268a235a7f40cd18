import type { ScalarKernelName } from "./gradient-peers/peer.ts";
import type { Timing } from "./measure.ts";

/** What a process is to do. */
export type GradientTask =
  /** Compare all gradients of a kernel but the peers', and time them in turn. */
  | {
      readonly what: "forms";
      readonly kernel: ScalarKernelName;
      readonly native: boolean;
      readonly quick: boolean;
    }
  /** Compare a peer's gradient, and time it after the plain function. */
  | {
      readonly what: "peer";
      readonly kernel: ScalarKernelName;
      readonly peer: string;
      readonly quick: boolean;
    }
  /** Time the gradient of Rosenbrock's function of `n` variables. */
  | { readonly what: "size"; readonly n: number; readonly quick: boolean };

/** What can be timed beside the plain function. */
export type GradientForm =
  | "adjoint code"
  | "by hand"
  | "value and gradient"
  | "by all arguments"
  | "H·v"
  | "Hessian"
  | "C++ by hand"
  | "ADOL-C";

export interface FormsResult {
  readonly plainNs: number;
  readonly timings: Readonly<Partial<Record<GradientForm, Timing>>>;
  /** Numbers in the first argument, which is that of the Hessian. */
  readonly inputs: number;
  readonly tapeBytes: number;
}

/** A peer's time and its relative error; or the reason why there is none. */
export type GradientPeerResult = (Timing & { readonly error: number }) | { readonly none: string };

export interface SizeResult {
  readonly n: number;
  readonly code: Timing;
  readonly call: Timing;
  readonly tapeBytes: number;
}

export interface GradientKernelResult extends FormsResult {
  readonly name: ScalarKernelName;
  readonly peers: Readonly<Record<string, GradientPeerResult>>;
}

export interface GradientsResult {
  readonly kernels: readonly GradientKernelResult[];
  readonly sizes: readonly SizeResult[];
  /** What there is of C++, or why there is none. */
  readonly native: string;
}
