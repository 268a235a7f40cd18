import { vjp } from "dualize";
import { describe, expect, test } from "vitest";
import { relativeError } from "../src/compare.ts";
import { gradientPeers } from "../src/gradient-peers/index.ts";
import type { ScalarKernelName } from "../src/gradient-peers/peer.ts";
import { flatten, type Kernel } from "../src/kernel.ts";
import { kernels } from "../src/kernels/index.ts";

// The first takes transcendental functions in single precision, the second everything.
const LOOSE: Readonly<Record<string, number>> = { "@jax-js/jax": 1e-5, "TensorFlow.js": 1e-4 };

const ours = ({ f, args }: Kernel): readonly [number, unknown] => {
  const [value, pullback] = vjp(f as never, args as never);
  return [value as number, pullback(1 as never)];
};

describe.each(Object.entries(gradientPeers))("%s", async (name, load) => {
  const { peer } = await load();
  test.each(Object.entries(peer.kernels))("%s", async (kernelName, prepare) => {
    const kernel = kernels.find((k) => k.name === (kernelName as ScalarKernelName)) as Kernel;
    if (typeof prepare === "string") {
      expect(prepare).not.toBe("");
      return;
    }
    const run = await prepare();
    const wanted = ours(kernel);
    for (let i = 0; i < 2; i++) {
      const [value, gradient] = run(kernel.args);
      const bound = LOOSE[name] ?? 1e-9;
      expect(relativeError(value, wanted[0])).toBeLessThan(bound);
      expect(relativeError(flatten(gradient), flatten(wanted[1]))).toBeLessThan(bound);
    }
  });
});
