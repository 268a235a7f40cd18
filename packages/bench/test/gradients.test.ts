import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { relativeError } from "../src/compare.ts";
import { adjointCode, byAll, byHand, tapeBytes } from "../src/gradient-forms.ts";
import { handAdjoints } from "../src/hand-adjoint/index.ts";
import type { Kernel } from "../src/kernel.ts";
import { scalarKernels } from "../src/kernels/index.ts";
import { compileNativeGradients, runNativeGradients } from "../src/native.ts";

describe.each(scalarKernels.map((kernel) => [kernel.name, kernel] as const))(
  "%s",
  (name, kernel) => {
    const [value, gradient] = byAll(kernel).once();

    test("the adjoint code gives what vjp gives", () => {
      const [byCode, ofCode] = adjointCode(kernel)?.once() ?? [];
      expect(byCode).toBe(value);
      expect(relativeError(ofCode, gradient)).toBeLessThan(1e-15);
    });

    if (name in handAdjoints)
      test("the hand-written adjoint code gives the same", () => {
        const [handValue, handGradient] = byHand(kernel)?.once() ?? [];
        expect(relativeError(handValue, value)).toBeLessThan(1e-14);
        expect(relativeError(handGradient, gradient)).toBeLessThan(1e-12);
      });
  },
);

test("the tape holds what a loop saves in each step, and nothing where all is computed again", () => {
  const bytes = (name: string) => tapeBytes(scalarKernels.find((k) => k.name === name) as Kernel);
  expect(bytes("lotka-volterra")).toBe(100 * 2 * 8);
  expect(bytes("rosenbrock")).toBe(0);
});

describe.skipIf(spawnSync("g++", ["--version"]).status !== 0)("in C++", () => {
  const folder = mkdtempSync(join(tmpdir(), "dualize-gradients-"));
  const binary = join(folder, "adjoints");
  beforeAll(() => {
    expect(compileNativeGradients(binary)).toHaveProperty("version");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(scalarKernels.map((kernel) => [kernel.name, kernel] as const))("%s", (name, kernel) => {
    const [value, gradient] = byAll(kernel).once();
    const native = runNativeGradients(kernel, 0.1, binary);
    expect(relativeError(native.value, value)).toBeLessThan(1e-12);
    expect(native.handGradient !== undefined).toBe(name in handAdjoints);
    for (const found of [native.handGradient, native.adolcGradient])
      if (found) expect(relativeError(found, gradient)).toBeLessThan(1e-11);
  });
});
