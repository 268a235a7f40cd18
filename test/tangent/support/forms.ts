import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "@babel/core";
import dualize from "babel-plugin-dualize";
import { jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { slots, tape } from "../../../packages/dualize/src/adjoint-runtime.ts";
import { isDeclined } from "../../../packages/dualize/src/bridge.ts";
import { stands } from "../../../packages/dualize/src/replay.ts";
import { parseSignature } from "../../../packages/dualize/src/signature.ts";
import { zeros } from "../../../packages/dualize/src/slot.ts";
import { pushDual } from "../../../packages/dualize/src/transforms/push.ts";
import { twin, twinOf } from "../../../packages/dualize/src/twins.ts";
import { transposed } from "../../support/transposed.ts";
import { differences } from "./differences.ts";
import { copy, directionFor, numbersOf, ulps } from "./trees.ts";

// biome-ignore lint/suspicious/noExplicitAny: any function at all
type AnyFunction = (...args: any[]) => unknown;

/** A marked function, and the arguments to look at it with; the direction is chosen when not given. */
export interface Case {
  readonly f: AnyFunction;
  readonly at: readonly unknown[];
  readonly along?: readonly unknown[];
  /** The derivative by hand, where there is a short formula. */
  readonly is?: number | readonly number[];
  /** Why finite differences say nothing here: kinks, rounding to single precision. */
  readonly noDifferences?: string;
  /** Why the tangent form may leave these arguments to the dual form. */
  readonly declines?: string;
}

/** What the plugin reports of a marked function. */
export interface Report {
  readonly name: string;
  readonly form: "dual" | "tangent";
  readonly reasons: readonly { readonly message: string }[];
}

/** What the plugin reports of the marked functions of a text. */
export function reportOn(code: string, file: string): Report[] {
  const result = transformSync(code, {
    filename: file,
    configFile: false,
    babelrc: false,
    code: false,
    parserOpts: { plugins: ["typescript"] },
    plugins: [dualize],
  });
  const metadata = result?.metadata as { dualize?: { functions: Report[] } } | undefined;
  return metadata?.dualize?.functions ?? [];
}

/** What the plugin reports of the marked functions of a file. */
export function reportOnFile(url: string | URL): Report[] {
  const file = fileURLToPath(url);
  return reportOn(readFileSync(file, "utf8"), file);
}

/**
 * Makes tests: all marked functions of a file take the tangent form but for those in `fallbacks`,
 * whose reasons must match, and at each case the forms agree.
 */
export function testForms(
  url: string,
  cases: Readonly<Record<string, Case>>,
  fallbacks: Readonly<Record<string, RegExp>> = {},
): void {
  it("takes the tangent form, or says why not", () => {
    expectForms(reportOnFile(url), fallbacks);
  });
  describe(`both forms agree: ${basename(fileURLToPath(url), ".test.ts")}`, () => {
    it.each(Object.entries(cases))("%s", (_, c) => expectAgreement(c));
  });
}

/** Every function has the tangent form, but for those with a reason. */
export function expectForms(
  reports: readonly Report[],
  fallbacks: Readonly<Record<string, RegExp>> = {},
): void {
  expect(reports.length).toBeGreaterThan(0);
  const told = new Map(reports.map((r) => [r.name, r]));
  const dual = reports.filter((r) => r.form === "dual" && !(r.name in fallbacks));
  expect(dual.map((r) => `${r.name}: ${r.reasons[0]?.message}`).join("\n")).toBe("");
  for (const [name, why] of Object.entries(fallbacks)) {
    expect([name, told.get(name)?.form]).toEqual([name, "dual"]);
    expect(told.get(name)?.reasons[0]?.message).toMatch(why);
  }
}

const NO_TWIN = { dual: () => undefined };

interface Run {
  readonly value: unknown;
  readonly tangent: unknown;
  readonly args: unknown[];
  readonly direction: unknown[];
}

/** The plain call, the tangent form, the dual form and differences give the same. */
export function expectAgreement(c: Case): void {
  const { f, at } = c;
  // Classes of other files are looked up before a form is run.
  stands(twinOf(f) ?? NO_TWIN);
  const along = c.along ?? at.map((a, i) => directionFor(a, { at: 5 * i }));
  const run = (push: (args: unknown[], direction: unknown[]) => [unknown, unknown]): Run => {
    const [args, direction] = [at.map(copy), along.map(copy)];
    const [value, tangent] = push(args, direction);
    return { value, tangent, args, direction };
  };
  const plain = at.map(copy);
  const value = f(...plain);
  const dual = run((p, t) => pushDual(f, undefined, p, t));
  expect(numbersOf(dual.value)).toEqual(numbersOf(value));
  expect(numbersOf(dual.args)).toEqual(numbersOf(plain));

  const { lowered } = (twinOf(f) ?? {}) as { lowered?: AnyFunction };
  if (lowered !== undefined) {
    const own = at.map(copy);
    expect(lowered(...own)).toEqual(value);
    expect(own).toEqual(plain);
  }
  expectAdjoint(c, value, along, dual.tangent);
  const runs = [run((p, t) => jvp(f as never, p as never, t as never) as never)];
  if (twinOf(f)?.tangent && c.declines === undefined)
    runs.push(run((p, t) => inTangentForm(f, p, t)));
  for (const tangent of runs) {
    // `toEqual` tells 0 from -0 and takes NaN for NaN.
    expect(numbersOf(tangent.value)).toEqual(numbersOf(dual.value));
    expect(tangent.value).toEqual(dual.value);
    expect(tangent.args).toEqual(dual.args);
    expectClose(numbersOf(tangent.tangent), numbersOf(dual.tangent));
    expectClose(numbersOf(tangent.direction), numbersOf(dual.direction));
  }
  expect(transposed(f, at, along, copy)).toBe(undefined);
  if (c.is !== undefined) {
    const byHand = numbersOf(c.is);
    const found = numbersOf(dual.tangent);
    expect(found.length).toBe(byHand.length);
    found.forEach((x, i) => {
      expect(Math.abs(x - (byHand[i] as number))).toBeLessThanOrEqual(1e-14 * Math.abs(x));
    });
  }
  if (c.noDifferences === undefined) expectDifferences(f, at, along, dual);
}

/** The adjoint form gives the value, and <gradient, direction> is the tangent. */
function expectAdjoint(
  { f, at }: Case,
  value: unknown,
  along: readonly unknown[],
  t: unknown,
): void {
  const adjoint = twinOf(f)?.adjoint;
  const given =
    adjoint && (adjointArguments(adjoint.signature, at) as { args: unknown[]; shadows: unknown[] });
  if (!given || typeof value !== "number") return;
  let found: unknown;
  try {
    found = adjoint.run(...given.args, 1);
  } catch (error) {
    // It calls what cannot be run again.
    if (isDeclined(error)) return;
    throw error;
  }
  expect(found).toEqual(value);
  expect(tape.position).toBe(0);
  expect(tape.references.length).toBe(0);
  const pairs = at.map((a, i): [number[], number[]] => {
    const d = numbersOf([along[i] ?? zeros(a)]);
    return [typeof a === "number" ? [slots[i] as number] : numbersOf([given.shadows[i]]), d];
  });
  // Where something optional is missing there is a NaN, and the dual form is asked.
  if (pairs.some(([g, d]) => g.some(Number.isNaN) || g.length !== d.length)) return;
  const all = pairs.flatMap(([g, d]) => g.map((x, k) => [x, d[k] as number] as const));
  const terms = all.map(([g, d]) => (d === 0 ? 0 : g * d));
  const sum = terms.reduce((a, b) => a + b, 0);
  const size = terms.reduce((a, b) => a + Math.abs(b), 1);
  expect(Math.abs(sum - (t as number))).toBeLessThanOrEqual(1e-12 * size);
}

/** The arguments with an adjoint beside each array and object; undefined where the form was not made for them. */
function adjointArguments(signature: string, at: readonly unknown[]) {
  const { params } = parseSignature(signature);
  if (params.length !== at.length) return undefined;
  const args: unknown[] = [];
  const shadows: unknown[] = [];
  for (const [i, a] of at.entries()) {
    const { shape } = params[i] as (typeof params)[number];
    if (shape.k === "n" && typeof a !== "number") return undefined;
    const own = copy(a);
    args.push(own);
    if (shape.k === "n" || shape.k === "i") continue;
    const shadow = zeros(own);
    args.push(shadow);
    shadows[i] = shadow;
  }
  return { args, shadows };
}

function expectDifferences(
  f: AnyFunction,
  at: readonly unknown[],
  along: readonly unknown[],
  dual: Run,
): void {
  const found = numbersOf([dual.tangent, dual.direction]);
  const estimates = differences(f, at, along);
  // Where a null tangent was given, arguments have no counterpart: those are compared form to form.
  const comparable = numbersOf(dual.tangent).length;
  estimates.slice(0, estimates.length === found.length ? undefined : comparable).forEach((d, i) => {
    const x = found[i] as number;
    expect(d.error).toBeLessThan(1e-7 * Math.max(1, Math.abs(x)));
    expect(Math.abs(d.value - x)).toBeLessThan(1e-8 * Math.max(1, Math.abs(x)));
  });
}

/** The tangent form by itself: fails where it would hand over to the dual form. */
export function inTangentForm(
  f: unknown,
  args: unknown[],
  direction: unknown[],
): [unknown, unknown] {
  const record = twinOf(f);
  if (!record?.tangent) throw new Error("there is no tangent form");
  const dual = () => {
    throw new Error("the tangent form declined");
  };
  const alone = twin(() => undefined, { ...record, dual });
  return jvp(alone as never, args as never, direction as never) as never;
}

/** Numbers that agree to 2 units in the last place. */
export function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  const apart = found.flatMap((x, i) =>
    ulps(x, expected[i] as number) > 2 ? [[x, expected[i]]] : [],
  );
  expect(apart).toEqual([]);
}
