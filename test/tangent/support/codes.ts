import { grad, jvp } from "dualize";
import { twinOf } from "dualize/runtime";
import { expect } from "vitest";
import { pushDual } from "../../../packages/dualize/src/transforms/push.ts";
import { load, translate } from "./compile.ts";
import { expectEveryForm, expectNear, type Program } from "./programs.ts";
import { copy, numbersOf } from "./trees.ts";

/** A program, and which derivative code its `f` has. */
export interface Coded extends Omit<Program, "value" | "tangent"> {
  readonly name: string;
  /** What it gives, where that is a round number; else the plain call and the dual form tell, and differences check. */
  readonly value?: unknown;
  readonly tangent?: unknown;
  readonly codes: readonly ("tangent" | "adjoint" | "hvp")[];
}

/**
 * What `expectEveryForm` expects; that there is this code and no other; and that the gradient and second-order
 * code by themselves, which fall back to nothing, agree with nested duals.
 */
export function expectEveryCode(program: Coded): void {
  const { code, at = [], along = at.map(() => 1), codes } = program;
  const scripts = translate(typeof code === "string" ? { main: code } : code);
  const f = () => load(scripts, "main").f as (...args: unknown[]) => unknown;
  const tangent = pushDual(f(), undefined, at.map(copy), along.map(copy) as never)[1];
  const value = f()(...at.map(copy));
  expectEveryForm({ value, tangent, ...program });
  const twin = twinOf(f()) as unknown as Record<string, unknown> | undefined;
  const all = ["tangent", "adjoint", "hvp"] as const;
  expect(all.filter((form) => twin?.[form] !== undefined)).toEqual(
    all.filter((c) => codes.includes(c)),
  );
  if (!codes.includes("hvp") || numbersOf(at[0]).length === 0) return;
  const own = f();
  const twinOwn = twinOf(own);
  const found = twinOwn?.adjoints?.hvp(twinOwn, at.map(copy), copy(along[0]) as never);
  const g = grad(f() as never, { mode: "reverse" } as never) as never;
  const expected = jvp(g, at.map(copy) as never, [copy(along[0])] as never)[1];
  expect(found, "H·v by its code").toBeDefined();
  expectNear(found, expected, 1e-11, "H·v by its code");
}
