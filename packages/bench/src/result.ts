import type { KernelName } from "./kernel.ts";
import type { Timing } from "./measure.ts";

/** What a process is to do. */
export type Task =
  /** See that all forms of a kernel agree, and C++ with them. */
  | { readonly what: "check"; readonly kernel: KernelName; readonly native: boolean }
  /** Time plain, tangent and hand-written code and C++ in turn. */
  | {
      readonly what: "beside";
      readonly kernel: KernelName;
      readonly native: boolean;
      readonly quick: boolean;
    }
  /** Time the dual form, or a peer, after the plain function. */
  | { readonly what: "dual"; readonly kernel: KernelName; readonly quick: boolean }
  | {
      readonly what: "peer";
      readonly kernel: KernelName;
      readonly peer: string;
      readonly quick: boolean;
    }
  | { readonly what: "allocation"; readonly kernel: KernelName }
  | { readonly what: "jacobian" }
  | { readonly what: "build"; readonly kernels: readonly KernelName[] }
  | { readonly what: "overhead"; readonly quick: boolean };

/** What the process for "beside" finds. */
export interface Beside {
  readonly plainNs: number;
  readonly timings: Readonly<Record<string, Timing>>;
}

export type PeerResult =
  | (Timing & {
      /** Relative difference from the hand-written tangent. */
      readonly error: number;
    })
  | { readonly none: string };

/** Bytes of heap growth a call. */
export interface Allocation {
  readonly plain: number;
  readonly hand: number;
  /** The tangent form, called as other tangent code calls it. */
  readonly tangent?: number;
  /** `jvp`, with the lists it is given and the one it returns. */
  readonly jvp?: number;
}

/** Nanoseconds: tangent code of a function of two numbers, and the same through the library. */
export interface Overhead {
  readonly tangentNs: number;
  readonly jvpNs: number;
  readonly derivativeNs: number;
}

/** Bytes of heap growth a call of `jacobian`. */
export interface JacobianAllocation {
  readonly inputs: number;
  readonly jacobian: number;
  /** The rows alone. */
  readonly result: number;
  /** As many calls of the tangent form as it takes, with the arrays that it makes. */
  readonly passes: number;
}

/** What the plugin costs on one file. */
export interface BuildCost {
  readonly name: string;
  /** Time to transform the file by the time that preset-typescript alone takes for it. */
  readonly time: number;
  /** What is added to the file by what is there, both minified and gzipped: with all forms. */
  readonly size: number;
  /** With the adjoint form and without second-order code. */
  readonly withAdjoint: number;
  /** With the dual and the tangent form alone. */
  readonly forward: number;
}

/** All about one kernel. */
export interface KernelResult {
  readonly name: KernelName;
  readonly title: string;
  readonly plainNs: number;
  /** The tangent form, called directly and through `jvp`; absent where there is none. */
  readonly tangent?: Timing;
  readonly jvp?: Timing;
  /** Why there is no tangent form. */
  readonly fallback?: string;
  readonly dual: Timing;
  readonly hand: Timing;
  readonly native?: { readonly plain: Timing; readonly dual: Timing };
  readonly peers: Readonly<Record<string, PeerResult>>;
  /** Bytes a call, where the plain function allocates none. */
  readonly allocation?: Allocation;
}

/** The whole run. */
export interface BenchmarkResult {
  readonly machine: Machine;
  readonly effort: "full" | "quick";
  readonly kernels: readonly KernelResult[];
  readonly overhead?: Overhead;
  readonly jacobian?: JacobianAllocation;
  readonly build: readonly BuildCost[];
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly system: string;
  readonly node: string;
  readonly native: string;
}
