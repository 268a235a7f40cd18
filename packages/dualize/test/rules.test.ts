import type { Decimal } from "decimal.js";
import { describe, expect, test } from "vitest";
import { Dual, type Num } from "../src/dual-number.ts";
import { jvp } from "../src/index.ts";
import { math } from "../src/math.ts";
import { rules } from "../src/rules.ts";
import * as runtime from "../src/runtime.ts";
import { dualForm } from "../src/twins.ts";
import { odd, pairs, points } from "./support/points.ts";
import { decimalFunction, isNormal, Reference, ulpsOff } from "./support/reference.ts";

/**
 * Every rule of the table and every arithmetic operator against references of 50 digits. The tests
 * enumerate the table: a new rule is tested when decimal.js has a function of its name, and fails
 * here when it has none.
 *
 * Well conditioned: a function of one number is evaluated at an exact double, and no rule may lose
 * digits there, so all its points count. A second argument brings points at which two parts of a
 * derivative cancel, as (1 + y·log x)·x^(y-1) does; points count where the derivative that is asked
 * for changes by at most `CONDITION` times the relative change of its arguments, which is worked
 * out from the references alone: Σ |xᵢ·∂g/∂xᵢ / g| for the derivative g.
 */
const CONDITION = 4;

/**
 * The known weak spot: y - 1 in y·x^(y-1) is rounded where it has more digits than y, as for most
 * |y| < 1/2, and the power turns an absolute error of its exponent into |log x| times that, relative.
 * Exactly this much more is allowed there, and only there, for each time that x is differentiated by.
 */
const roundedExponent = ([x, y]: readonly number[], by: readonly number[]): number => {
  let extra = 0;
  let exponent = y!;
  for (const i of by) {
    if (i !== 0) continue;
    const next = exponent - 1;
    const error = Math.abs(exponent - (next + 1));
    extra += (error * Math.abs(Math.log(Math.abs(x!)))) / 2 ** -53;
    exponent = next;
  }
  return extra;
};
const FIRST = 4;
const SECOND = 8;

type F = (...xs: Num[]) => Num;
interface Subject {
  readonly f: F;
  readonly plain: (...xs: number[]) => number;
  /** Ulps more than the bound, where a weakness is known. */
  readonly allowance: undefined | ((point: readonly number[], by: readonly number[]) => number);
  readonly reference: ((D: typeof Decimal, ...xs: Decimal[]) => Decimal) | undefined;
}

const operators: Record<string, Subject> = {
  "+": subject(
    runtime.add,
    (x, y) => x + y,
    (_D, x, y) => x!.plus(y!),
  ),
  "-": subject(
    runtime.sub,
    (x, y) => x - y,
    (_D, x, y) => x!.minus(y!),
  ),
  "*": subject(
    runtime.mul,
    (x, y) => x * y,
    (_D, x, y) => x!.times(y!),
  ),
  "/": subject(
    runtime.div,
    (x, y) => x / y,
    (_D, x, y) => x!.div(y!),
  ),
  "%": subject(
    runtime.rem,
    (x, y) => x % y,
    (_D, x, y) => x!.mod(y!),
  ),
  "**": subject(runtime.pow, (x, y) => x ** y, decimalFunction("pow"), roundedExponent),
};

function subject(
  f: unknown,
  plain: Subject["plain"],
  reference: Subject["reference"],
  allowance?: Subject["allowance"],
): Subject {
  return { f: f as F, plain, reference, allowance };
}

const ofMath = (name: string): Subject =>
  subject(
    math[name],
    rules[name]!.primal,
    decimalFunction(name),
    name === "pow" ? roundedExponent : undefined,
  );

const named = (arity: number) =>
  Object.entries(rules)
    .filter(([, rule]) => rule.kind !== "constant" && rule.primal.length === arity)
    .map(([name]) => name);

/** ∂f by the arguments in `by`, as nested calls of jvp give it. */
function found(f: F, point: readonly number[], by: readonly number[]): number {
  const [outermost, ...rest] = by;
  if (outermost === undefined) return f(...point) as number;
  const inner = dualForm((...xs: number[]) => {
    const [next] = rest;
    if (next === undefined) return f(...xs) as number;
    return jvp(
      dualForm((...ys: number[]) => f(...ys) as number),
      xs,
      direction(next, xs.length),
    )[1] as number;
  });
  return jvp(inner, [...point], direction(outermost, point.length))[1] as number;
}
const direction = (i: number, n: number) =>
  Array.from({ length: n }, (_, j) => (j === i ? 1 : null));

// The values of a power take long: ** and Math.pow share them.
const references = new Map<unknown, Reference>();

interface Miss {
  at: readonly number[];
  by: readonly number[];
  found: number;
  exact: string;
  ulps: number;
}

function misses(
  name: string,
  s: Subject,
  at: readonly (readonly number[])[],
  orders: readonly number[][],
) {
  if (!s.reference)
    throw new Error(`decimal.js has no ${name}: add it to test/support/reference.ts`);
  const reference = references.get(s.reference) ?? new Reference(s.reference);
  references.set(s.reference, reference);
  const missed: Miss[] = [];
  let checked = 0;
  for (const point of at) {
    const value = s.plain(...point);
    // Outside the domain, or where the value itself is lost, there are no digits to compare.
    if (!Number.isFinite(value) || Math.abs(value) < 2 ** -1022) continue;
    for (const by of orders) {
      const exact = reference.derivative(point, by);
      if (exact === undefined) continue;
      const got = found(s.f, point, by);
      if (exact.isZero()) {
        if (got !== 0) missed.push({ at: point, by, found: got, exact: "0", ulps: Infinity });
        checked++;
        continue;
      }
      if (!isNormal(exact) || (point.length > 1 && !wellConditioned(reference, point, by, exact))) {
        continue;
      }
      checked++;
      const ulps = ulpsOff(got, exact);
      const bound = (by.length === 1 ? FIRST : SECOND) + (s.allowance?.(point, by) ?? 0);
      if (!(ulps <= bound)) {
        missed.push({ at: point, by, found: got, exact: exact.toPrecision(20), ulps });
      }
    }
  }
  return { missed, checked };
}

function wellConditioned(
  reference: Reference,
  point: readonly number[],
  by: readonly number[],
  g: Decimal,
): boolean {
  let condition = 0;
  for (let i = 0; i < point.length; i++) {
    const slope = reference.derivative(point, [...by, i]);
    if (slope === undefined) return false;
    condition +=
      slope.div(g).toNumber() === 0 ? 0 : Math.abs(slope.times(point[i]!).div(g).toNumber());
  }
  return condition <= CONDITION;
}

describe("rules of one argument", () => {
  // The periodic ones reduce their argument, for which decimal.js needs as many digits as it has.
  const reduced = new Set(["sin", "cos", "tan"]);
  for (const name of named(1)) {
    test(`Math.${name} has first derivatives within ${FIRST} ulp and second ones within ${SECOND}`, () => {
      const at = points.filter((x) => !(reduced.has(name) && Math.abs(x) > 1e15));
      const { missed, checked } = misses(
        name,
        ofMath(name),
        at.map((x) => [x]),
        [[0], [0, 0]],
      );
      expect(missed).toEqual([]);
      expect(checked).toBeGreaterThan(20);
    });
  }
});

describe("rules of two arguments", () => {
  const subjects = [
    ...named(2).map((name) => [`Math.${name}`, ofMath(name)] as const),
    ...Object.entries(operators),
  ];
  for (const [name, s] of subjects) {
    test(`${name} has all first derivatives within ${FIRST} ulp and second ones, mixed too, within ${SECOND}`, () => {
      const orders = [[0], [1], [0, 0], [0, 1], [1, 0], [1, 1]];
      const { missed, checked } = misses(name, s, pairs, orders);
      expect(missed).toEqual([]);
      expect(checked).toBeGreaterThan(50);
      // References of 80 digits take their time on a slow machine.
    }, 240_000);
  }
});

describe("functions that are constant between jumps", () => {
  for (const [name, rule] of Object.entries(rules)) {
    if (rule.kind !== "constant" || name === "random") continue;
    test(`Math.${name} has derivative 0 wherever it is locally constant`, () => {
      let checked = 0;
      for (const x of [-7.3, -2.2, -0.4, 0.3, 1.2, 2.7, 100.1, 12345.6]) {
        const rest = Array.from({ length: rule.primal.length - 1 }, () => 3);
        const value = rule.primal(x, ...rest);
        expect(rule.primal(x + 1e-6, ...rest)).toBe(value);
        expect(rule.primal(x - 1e-6, ...rest)).toBe(value);
        expect(jvp(dualForm(math[name] as never), [x, ...rest] as never, [1] as never)).toEqual([
          value,
          0,
        ]);
        checked++;
      }
      expect(checked).toBe(8);
    });
  }

  test("Math.random gives a plain number", () => {
    expect(math.random!()).toBeTypeOf("number");
  });
});

describe("the value", () => {
  const lift = (x: number, depth: number): Num =>
    Array.from({ length: depth }).reduce<Num>(
      (v, _, tag) => new Dual(v, tag % 2 ? -1 : 1, tag + 1),
      x,
    );
  const primal = (x: Num): number => (x instanceof Dual ? primal(x.primal) : x);
  const all = [...points, ...odd];

  for (const [name, rule] of Object.entries(rules)) {
    if (name === "random") continue;
    test(`Math.${name} of a dual is that of the number, to the bit, at every depth`, () => {
      check(math[name] as F, rule.primal, Math.max(1, rule.primal.length));
    });
  }
  for (const [name, s] of Object.entries(operators)) {
    test(`${name} of duals is that of the numbers, to the bit, at every depth`, () => {
      check(s.f, s.plain, 2);
    });
  }

  function check(f: F, plain: (...xs: number[]) => number, arity: number): void {
    const wrong: unknown[] = [];
    const compare = (args: number[], got: Num) => {
      if (!Object.is(primal(got), plain(...args))) wrong.push([args, primal(got), plain(...args)]);
    };
    for (const x of all) {
      for (const depth of [0, 1, 2, 3]) {
        if (arity === 1) compare([x], f(lift(x, depth)));
        else {
          for (const y of odd) {
            compare([x, y], f(lift(x, depth), y));
            compare([x, y], f(x, lift(y, depth)));
            compare([x, y], f(lift(x, depth), lift(y, depth)));
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  }
});
