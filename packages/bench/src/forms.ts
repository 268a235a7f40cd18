import { jvp } from "dualize";
import { out, twin, twinOf } from "dualize/runtime";
import { alternating, batchOf, plainArguments } from "./batch.ts";
import { handWritten } from "./hand/index.ts";
import { shadow, slot } from "./hand/slot.ts";
import type { Kernel, Result } from "./kernel.ts";
import type { Batch } from "./measure.ts";
import type { Derivative } from "./peers/peer.ts";

/** One way to compute a kernel's derivative: once, and in a loop. */
export interface Form {
  readonly once: () => Derivative;
  readonly batch: Batch;
}

// biome-ignore lint/suspicious/noExplicitAny: every kernel has parameters of its own
type AnyFunction = (...args: any[]) => any;

/** The function itself, called as ever. */
export function plainBatch(kernel: Kernel): Batch {
  const { f, args, tangents } = kernel;
  return batchOf(f, args, tangents, `f(${plainArguments(args.length)})`, readValue(kernel));
}

/**
 * The tangent form as other tangent code calls it: a number is returned with its tangent left in
 * `out`, anything else comes as a pair of primal and tangent.
 */
export function tangentForm(kernel: Kernel): Form | undefined {
  const { tangent } = twinRecord(kernel);
  if (!tangent) return undefined;
  return {
    once: () => {
      const result: number | { p: number[]; t: number[] } = tangent(...pairs(kernel));
      return typeof result === "number" ? [result, out[0]] : [result.p, result.t];
    },
    batch: alternatingBatch(kernel, tangent, returnsList(kernel) ? "r.p[0] + r.t[0]" : "r"),
  };
}

/** The tangent form through `jvp`, as users call it. */
export function jvpForm(kernel: Kernel): Form | undefined {
  return twinRecord(kernel).tangent && pushed(kernel, kernel.f as AnyFunction);
}

/** The dual form, through `jvp` on a function that has nothing else. */
export function dualOnlyForm(kernel: Kernel): Form {
  const { dual } = twinRecord(kernel);
  return pushed(
    kernel,
    twin((...xs: unknown[]) => (kernel.f as AnyFunction)(...xs), { dual }),
  );
}

export function handWrittenForm(kernel: Kernel): Form {
  const hand = handWritten[kernel.name] as AnyFunction;
  return {
    once: () => {
      const value: Result = hand(...pairs(kernel));
      return [value, typeof value === "number" ? slot[0] : shadow.tangent];
    },
    batch: alternatingBatch(kernel, hand, readValue(kernel)),
  };
}

/** The reasons why a kernel has no tangent form. */
export function fallbackReasons(kernel: Kernel): string | undefined {
  const record = twinRecord(kernel);
  if (record.tangent) return undefined;
  const { reasons = [] } = record as { reasons?: readonly unknown[] };
  return reasons.length > 0 ? reasons.map(String).join("; ") : "no reason is recorded";
}

function twinRecord(kernel: Kernel) {
  const record = twinOf(kernel.f);
  if (!record) throw new Error(`${kernel.name} was not transformed`);
  return record;
}

const pairs = ({ args, tangents }: Kernel) => args.flatMap((arg, i) => [arg, tangents[i]]);

function alternatingBatch({ args, tangents }: Kernel, f: AnyFunction, read: string): Batch {
  return batchOf(f, args, tangents, `f(${alternating(args.length)})`, read);
}

function pushed(kernel: Kernel, f: AnyFunction): Form {
  const { args, tangents } = kernel;
  const derivative = (a: unknown[], t: unknown[]) =>
    jvp(f as never, a as never, t as never) as unknown as Derivative;
  const lists = `[${plainArguments(args.length)}], [${args.map((_, i) => `t${i}`).join(", ")}]`;
  const read = returnsList(kernel) ? "r[0][0] + r[1][0]" : "r[0] + r[1]";
  return {
    once: () => derivative([...args], [...tangents]),
    batch: batchOf(derivative, args, tangents, `f(${lists})`, read),
  };
}

const readValue = (kernel: Kernel) => (returnsList(kernel) ? "r[0]" : "r");

function returnsList({ f, args }: Kernel): boolean {
  return typeof (f as AnyFunction)(...args) !== "number";
}
