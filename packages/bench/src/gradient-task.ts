// One task of the gradients in a process of its own, started by gradients.ts.
import { batchOf, plainArguments } from "./batch.ts";
import { relativeError } from "./compare.ts";
import {
  adjointCode,
  byAll,
  byFirst,
  byHand,
  hessianVector,
  tapeBytes,
  wholeHessian,
} from "./gradient-forms.ts";
import { gradientPeers } from "./gradient-peers/index.ts";
import type { ScalarKernelName } from "./gradient-peers/peer.ts";
import type {
  FormsResult,
  GradientForm,
  GradientPeerResult,
  GradientTask,
  SizeResult,
} from "./gradient-result.ts";
import { flatten, type Kernel } from "./kernel.ts";
import { scalarKernels } from "./kernels/index.ts";
import { rosenbrock } from "./kernels/rosenbrock.ts";
import {
  type Batch,
  type Candidate,
  fullEffort,
  interleave,
  oneAfterTheOther,
  quickEffort,
  type Timing,
} from "./measure.ts";
import { runNativeGradients } from "./native.ts";

// A person or a compiler may order operations otherwise.
const SAME_AS_HAND = 1e-11;
// Single precision: timed, and the error is told.
const SINGLE_PRECISION = 1e-4;

const task: GradientTask = JSON.parse(process.argv[2]);
const effort = task.quick ? quickEffort : fullEffort;
const report = await carryOut();
// Some peers leave threads behind that would keep the process alive.
process.send?.(report, () => process.exit(0));

function carryOut(): Promise<GradientPeerResult> | FormsResult | SizeResult {
  switch (task.what) {
    case "forms":
      return forms(kernelNamed(task.kernel), task.native);
    case "peer":
      return peer(kernelNamed(task.kernel), task.peer);
    case "size":
      return size(task.n);
  }
}

function kernelNamed(name: ScalarKernelName): Kernel {
  const kernel = scalarKernels.find((candidate) => candidate.name === name);
  if (!kernel) throw new Error(`no kernel named ${name} that gives a number`);
  return kernel;
}

function plainBatch({ f, args, tangents }: Kernel): Batch {
  return batchOf(f, args, tangents, `f(${plainArguments(args.length)})`, "r");
}

function forms(kernel: Kernel, native: boolean): FormsResult {
  const [, gradient] = byAll(kernel).once();
  const must = (found: readonly number[] | undefined, whose: string) => {
    const error = found ? relativeError(found, gradient) : 0;
    if (!(error <= SAME_AS_HAND))
      throw new Error(`${kernel.name}: the gradient ${whose} differs by ${error}`);
  };
  const code = adjointCode(kernel);
  const hand = byHand(kernel);
  must(code?.once()[1], "of the adjoint code");
  must(hand?.once()[1], "by hand");

  const candidates: Candidate[] = [
    { name: "value and gradient", batch: byFirst(kernel) },
    { name: "by all arguments", batch: byAll(kernel).batch },
    { name: "H·v", batch: hessianVector(kernel) },
    { name: "Hessian", batch: wholeHessian(kernel) },
  ];
  // Before the others: the library's ways would teach the engine other shapes of what it is given.
  if (hand) candidates.unshift({ name: "by hand", batch: hand.batch });
  if (code) candidates.unshift({ name: "adjoint code", batch: code.batch });
  const { plain, timings } = interleave(plainBatch(kernel), candidates, effort);
  const found = Object.fromEntries(timings) as Partial<Record<GradientForm, Timing>>;

  if (native) {
    const { hand, handGradient, adolc, adolcGradient, plain } = runNativeGradients(
      kernel,
      effort.rounds * effort.batchMs,
    );
    must(handGradient, "by hand in C++");
    must(adolcGradient, "of ADOL-C");
    // Beside the plain function of its own language.
    if (hand) found["C++ by hand"] = { ns: hand, ratio: hand / plain };
    if (adolc) found["ADOL-C"] = { ns: adolc, ratio: adolc / plain };
  }
  return {
    plainNs: plain,
    timings: found,
    inputs: flatten(kernel.args[0]).length,
    tapeBytes: tapeBytes(kernel),
  };
}

async function peer(kernel: Kernel, name: string): Promise<GradientPeerResult> {
  const [, gradient] = byAll(kernel).once();
  let found: { none: string } | { error: number } = { none: "" };
  const prepare = async (): Promise<Batch> => {
    const none = (why: string): Batch => {
      found = { none: why };
      return (count) => count;
    };
    let peer: Awaited<ReturnType<(typeof gradientPeers)[string]>>["peer"];
    try {
      peer = (await gradientPeers[name]()).peer;
    } catch (error) {
      if ((error as { code?: string }).code !== "ERR_MODULE_NOT_FOUND") throw error;
      return none("not installed");
    }
    const prepared = peer.kernels[kernel.name as ScalarKernelName];
    if (typeof prepared === "string") return none(prepared);
    const run = await prepared();
    const error = relativeError(flatten(run(kernel.args)[1]), gradient);
    if (!(error <= SINGLE_PRECISION)) return none(`wrong by ${error.toExponential(1)}`);
    found = { error };
    return (count) => {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += run(kernel.args)[0];
      return sum;
    };
  };
  const timing = await oneAfterTheOther(plainBatch(kernel), prepare, effort);
  // As TypeScript sees it, nothing was assigned.
  const outcome = found as { none: string } | { error: number };
  return "none" in outcome ? outcome : { ...timing, error: outcome.error };
}

function size(n: number): SizeResult {
  const x = Float64Array.from({ length: n }, (_, i) => Math.sin(i));
  const kernel = { name: "rosenbrock", f: rosenbrock, args: [x], tangents: [x] } as const;
  const as = kernel as unknown as Kernel;
  const { timings } = interleave(
    plainBatch(as),
    [
      { name: "code", batch: (adjointCode(as) as { batch: Batch }).batch },
      { name: "call", batch: byFirst(as) },
    ],
    effort,
  );
  return {
    n,
    code: timings.get("code") as Timing,
    call: timings.get("call") as Timing,
    tapeBytes: tapeBytes(as),
  };
}
