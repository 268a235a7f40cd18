import { relativeError, worstUlps } from "./compare.ts";
import { dualOnlyForm, fallbackReasons, handWrittenForm, jvpForm, tangentForm } from "./forms.ts";
import type { Kernel, Result } from "./kernel.ts";
import type { Batch } from "./measure.ts";
import { runNative } from "./native.ts";
import { peers } from "./peers/index.ts";

// Our forms agree with each other to rounding; a person or a compiler may order operations otherwise.
const SAME_FORM_ULPS = 2;
const SAME_AS_HAND = 1e-12;
// Single precision in a peer's transcendental functions: timed, and the error is told.
const SINGLE_PRECISION = 1e-4;

/**
 * Sees that all forms of a kernel say the same before any of them is timed, and C++ with them. Gives
 * the reasons where there is no tangent form.
 */
export function check(kernel: Kernel, native: boolean): string | undefined {
  const must = (holds: boolean, what: string) => {
    if (!holds) throw new Error(`${kernel.name}: ${what}`);
  };
  const plain = (kernel.f as (...args: unknown[]) => Result)(...kernel.args);
  const [handValue, handTangent] = handWrittenForm(kernel).once();
  must(relativeError(handValue, plain) <= SAME_AS_HAND, "the hand-written value differs");

  const [dualValue, dualTangent] = dualOnlyForm(kernel).once();
  must(worstUlps(dualValue, plain) === 0, "the dual form's value is not the plain one");
  const byHand = relativeError(dualTangent, handTangent);
  must(byHand <= SAME_AS_HAND, `dual form and hand-written tangent differ by ${byHand}`);

  for (const form of [jvpForm(kernel), tangentForm(kernel)]) {
    if (!form) continue;
    const [value, tangent] = form.once();
    must(worstUlps(value, plain) === 0, "the tangent form's value is not the plain one");
    const apart = worstUlps(tangent, dualTangent);
    must(apart <= SAME_FORM_ULPS, `tangent and dual form differ by ${apart} ulp`);
  }
  if (native) {
    const { value, tangent } = runNative(kernel, 1);
    const error = Math.max(
      relativeError(value, sum(handValue)),
      relativeError(tangent, sum(handTangent)),
    );
    must(error <= SAME_AS_HAND, `C++ and hand-written tangent differ by ${error}`);
  }
  return fallbackReasons(kernel);
}

const sum = (result: Result): number =>
  typeof result === "number" ? result : result.reduce((a, b) => a + b, 0);

export type PreparedPeer =
  | { readonly none: string }
  | { readonly batch: Batch; readonly error: number };

/** Makes a peer's version of a kernel ready and compares it with the hand-written one. */
export async function preparePeer(name: string, kernel: Kernel): Promise<PreparedPeer> {
  let prepare: Awaited<ReturnType<(typeof peers)[string]>>["peer"]["kernels"][Kernel["name"]];
  try {
    prepare = (await peers[name]()).peer.kernels[kernel.name];
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_MODULE_NOT_FOUND") throw error;
    return { none: "not installed" };
  }
  if (typeof prepare === "string") return { none: prepare };
  const run = await prepare();
  const { args, tangents } = kernel;
  const [handValue, handTangent] = handWrittenForm(kernel).once();
  const [value, tangent] = run(args, tangents);
  const error = Math.max(relativeError(value, handValue), relativeError(tangent, handTangent));
  if (error > SINGLE_PRECISION) return { none: `wrong by ${error.toExponential(1)}` };
  const first = (result: Result) => (typeof result === "number" ? result : result[0]);
  const batch = (count: number) => {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const [y, dy] = run(args, tangents);
      sum += first(y) + first(dy);
    }
    return sum;
  };
  return { batch, error };
}
