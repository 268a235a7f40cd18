import { pushFlat } from "../../packages/dualize/src/flat-push.ts";
import { grad, hessian } from "../../packages/dualize/src/index.ts";
import { pushTangents } from "../../packages/dualize/src/tangent-call.ts";
import { push, pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { type AnyFunction, type Twin, twinOf } from "../../packages/dualize/src/twins.ts";
import { compile } from "./compile.ts";
import { compareWithDifferences } from "./differences.ts";
import type { Program } from "./grammar.ts";

/** What a check found, where nothing is wrong. */
export interface Outcome {
  /** Why the function has no tangent form. */
  readonly fallback?: string;
  /** Whether the tangent form took the arguments. */
  readonly tookTangent: boolean;
  /** Whether the plain function threw. */
  readonly threw: boolean;
  /** How many numbers were compared with differences. */
  readonly differences: number;
  /** Whether lists grew so long that nothing was compared: one that doubles at every turn fills the memory in any form. */
  readonly outgrown?: true;
}

const LONGEST = 100_000;

/** A way to run the function: what came out, and what became of the arguments. */
interface Run {
  readonly value?: unknown;
  readonly tangent?: unknown;
  readonly error?: string;
  readonly primals: unknown[];
  readonly tangents: unknown[];
}

/** Checks a program every way there is; throws where two of them disagree. */
export function check(program: Program): Outcome {
  const { f, report, code } = compile(program.source);
  const fail = (message: string): never => {
    throw new Error(`${message}\n\n${describe(program)}\n---- emitted ----\n${code}`);
  };
  const plain = run(program, (primals) => [f(...primals), undefined]);
  if (plain.primals.some((p) => Array.isArray(p) && p.length > LONGEST))
    return { tookTangent: false, threw: false, differences: 0, outgrown: true };
  const dual = run(program, (primals, tangents) => pushDual(f, undefined, primals, tangents));
  compare("dual form", plain, dual, fail);

  const twin = twinOf(f);
  const flat = run(
    program,
    (primals, tangents) =>
      pushFlat(twin as Twin, undefined, primals, tangents) ??
      pushDual(f, undefined, primals, tangents),
  );
  compare("dual form of flat arguments", plain, flat, fail);
  if (dual.error === undefined)
    agree("flat tangent of the result", plain.value, dual.tangent, flat.tangent, fail);
  agree("flat tangent of the arguments", plain.primals, dual.tangents, flat.tangents, fail);

  let declined = false;
  const tangent = run(program, (primals, tangents) => {
    const pair = twin?.tangent && pushTangents(twin, primals, tangents, f, undefined);
    declined = pair === undefined;
    return pair ?? [undefined, undefined];
  });
  const { lowered } = (twin ?? {}) as { lowered?: AnyFunction };
  // Nothing looks at whether it fits the arguments, as the tangent form does.
  if (lowered && !(declined && twin?.tangent))
    compare(
      "lowered form",
      plain,
      run(program, (args) => [lowered(...args), undefined]),
      fail,
    );
  if (declined && twin?.tangent) {
    // What declines is run again by the dual form, so it must have left the arguments alone.
    same("argument of the declined tangent form", program.primals, tangent.primals, fail);
    same("tangent of the declined tangent form", program.tangents, tangent.tangents, fail);
  }
  const taken = declined
    ? run(program, (primals, tangents) => push(f, undefined, primals, tangents))
    : tangent;
  compare("tangent form", plain, taken, fail);
  if (dual.error === undefined)
    agree("tangent of the result", plain.value, dual.tangent, taken.tangent, fail);
  agree("tangent of the arguments", plain.primals, dual.tangents, taken.tangents, fail);

  if (dual.error === undefined && typeof plain.value === "number") {
    checkGradients(f, program, [plain.value, plain.primals], dual.tangent as number, fail);
    checkCurvature(f, program, fail);
  }

  // Differences of what is rounded to single precision are those of the rounding.
  const differences =
    program.isSmooth && plain.error === undefined && !program.source.includes("Math.fround")
      ? compareWithDifferences(
          f,
          program,
          [plain.value, plain.primals],
          [dual.tangent, dual.tangents],
          fail,
        )
      : 0;
  const main = report.functions.find((r) => r.name === "f");
  const reason = main?.reasons[0];
  return {
    ...(main?.form === "dual" ? { fallback: reason?.message ?? "?" } : {}),
    tookTangent: !declined,
    threw: plain.error !== undefined,
    differences,
  };
}

/** The gradients by the adjoint form, along the direction, are the tangent: <Jᵀ·1, v> = <1, J·v>. */
function checkGradients(
  f: AnyFunction,
  program: Program,
  [value, ended]: readonly [value: number, primals: unknown],
  expected: number,
  fail: Fail,
): void {
  const twin = twinOf(f);
  if (!twin?.adjoints || !Number.isFinite(expected)) return;
  let sum = 0;
  let scale = Math.abs(expected);
  for (let argnum = 0; argnum < program.primals.length; argnum++) {
    const along = numbersIn(program.tangents[argnum]);
    const primals = structuredClone(program.primals) as unknown[];
    const found = twin.adjoints.gradient(twin, primals, argnum);
    if (found === undefined) return;
    if (!Object.is(found[0], value)) fail(`value of the adjoint form: ${found[0]} and ${value}`);
    same("argument after the adjoint form", ended, primals, fail);
    const gradient = numbersIn(found[1]);
    if (gradient.length !== along.length)
      fail(
        `gradient by argument ${argnum}: ${show(found[1])} for ${show(program.tangents[argnum])}`,
      );
    const terms = termsAlong(gradient, along);
    sum += total(terms);
    scale += total(terms.map(Math.abs));
  }
  const distance = Math.abs(sum - expected);
  if (distance <= 1e-11 * scale + underflowOf(program)) return;
  const byCode: Way = (at, along) =>
    program.primals.map((_, argnum) => {
      const found = twin.adjoints?.gradient(twin, structuredClone(at) as unknown[], argnum);
      return total(termsAlong(numbersIn(found?.[1]), numbersIn(along[argnum])));
    });
  const byDual: Way = (at, along) =>
    numbersIn(
      pushDual(
        f,
        undefined,
        structuredClone(at) as unknown[],
        structuredClone(along) as unknown[],
      )[1],
    );
  // What cancels is small beside the value; a jump between branches nearby is no noise.
  const isSmall = distance <= 1e-6 * (1 + Math.abs(value));
  if (!isSmall || !(distance <= noiseOf(program, (...at) => [total(byCode(...at))], byDual)))
    fail(`gradient along the direction: ${sum}, by the dual form ${expected}`);
}

/** A direction that does not move there has no part in it, even of an infinite slope. */
const termsAlong = (gradient: readonly number[], along: readonly number[]): number[] =>
  gradient.map((g, i) => (along[i] === 0 ? 0 : g * (along[i] as number)));

const total = (terms: readonly number[]): number => terms.reduce((sum, x) => sum + x, 0);

/** Numbers by one of several ways, at some place and along some direction. */
type Way = (at: readonly unknown[], along: readonly unknown[]) => number[];

/**
 * Where all cancels, what is left is noise: as much as each way by itself changes when the last bits of
 * the arguments do, or those of the direction, each in its own way: the derivative is linear in that, and where it is
 * the same everywhere nothing else changes it. What is wrong changes as little as what is right.
 */
function noiseOf({ primals, tangents }: Program, ...ways: Way[]): number {
  const nearby = [-8, -5, -3, -2, -1, 1, 2, 3, 5, 8].flatMap((ulps) => {
    let i = ulps;
    return [
      [scaled(primals, () => 1 + ulps * Number.EPSILON), tangents],
      [primals, scaled(tangents, () => 1 + (i++ % 4) * Number.EPSILON)],
    ] as [unknown[], unknown[]][];
  });
  const changes = ways.flatMap((way) => {
    const here = way(primals, tangents);
    return nearby.flatMap(([at, along]) => {
      try {
        return farthest(way(at, along), here);
      } catch {
        return [];
      }
    });
  });
  return 4 * Math.max(0, ...changes.filter(Number.isFinite));
}

/** H·v by second-order code is the tangent of the gradient. */
function checkCurvature(f: AnyFunction, program: Program, fail: Fail): void {
  const twin = twinOf(f);
  const { primals, tangents } = program;
  const byCode = (at: unknown, [direction]: readonly unknown[]) =>
    twin?.adjoints?.hvp(twin, structuredClone(at) as unknown[], structuredClone(direction));
  const found = byCode(primals, tangents);
  if (found === undefined) return;
  let slope: unknown;
  let expected: unknown;
  const reference = (at: unknown, [direction]: readonly unknown[]) => {
    const [x, ...rest] = structuredClone(at) as unknown[];
    const gradient = grad(f as never, { mode: "reverse" } as never);
    return pushDual(gradient, undefined, [x, ...rest], [structuredClone(direction)]);
  };
  try {
    [slope, expected] = reference(primals, tangents);
  } catch {
    return;
  }
  const [a, b] = [numbersIn(found), numbersIn(expected)];
  const scale = Math.max(...b.map(Math.abs));
  if (!Number.isFinite(scale)) return;
  // Terms that cancel are as large as the gradient, or so.
  const rounding = 1e-15 * Math.max(...numbersIn(slope).map(Math.abs));
  const bound = 1e-9 * scale + (Number.isFinite(rounding) ? rounding : 0) + 1e-300;
  const distance = a.length === b.length ? farthest(a, b) : Number.NaN;
  if (distance <= bound) {
    checkHessian(f, program, byCode, bound, fail);
    return;
  }
  const noise = noiseOf(
    program,
    (...at) => numbersIn(byCode(...at)),
    (...at) => numbersIn(reference(...at)[1]),
  );
  if (!(distance <= noise)) fail(`H·v: ${show(found)}, by nested duals ${show(expected)}`);
}

/** What is lost where a cotangent is below all numbers, and is multiplied by the largest argument. */
const underflowOf = ({ primals }: Program): number =>
  Number.MIN_VALUE * Math.max(1, ...numbersIn(primals).map(Math.abs).filter(Number.isFinite));

const MOST_COLUMNS = 8;

/** The Hessian along the direction is H·v. */
function checkHessian(
  f: AnyFunction,
  program: Program,
  timesHessian: (at: readonly unknown[], along: readonly unknown[]) => unknown,
  bound: number,
  fail: Fail,
): void {
  const { primals, tangents } = program;
  const n = numbersIn(tangents[0]).length;
  if (n > MOST_COLUMNS) return;
  const whole = hessian(f as never) as unknown as AnyFunction;
  const rowsAlong = (at: readonly unknown[], [direction]: readonly unknown[]): number[][] => {
    const entries = numbersIn(whole(...(structuredClone(at) as unknown[])));
    if (entries.length !== n * n) fail(`Hessian by ${n} numbers: ${entries.length} entries`);
    const along = numbersIn(direction);
    return along.map((_, i) => termsAlong(entries.slice(n * i, n * i + n), along));
  };
  const rows = rowsAlong(primals, tangents);
  if (!rows.flat().every(Number.isFinite)) return;
  const expected = numbersIn(timesHessian(primals, tangents));
  const found = rows.map(total);
  const size = Math.max(...rows.map((terms) => total(terms.map(Math.abs))));
  const distance = farthest(found, expected);
  if (distance <= bound + 1e-9 * size) return;
  const noise = noiseOf(
    program,
    (...at) => numbersIn(timesHessian(...at)),
    (...at) => rowsAlong(...at).map(total),
  );
  if (!(distance <= noise))
    fail(`Hessian along the direction: ${show(found)}, H·v ${show(expected)}`);
}

const farthest = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((x, i) => Math.abs(x - (b[i] as number))));

/** A copy with every number multiplied. */
function scaled(tree: unknown, by: () => number): unknown {
  if (typeof tree === "number") return tree * by();
  if (ArrayBuffer.isView(tree)) return (tree as Float64Array).map((x) => x * by());
  if (Array.isArray(tree)) return tree.map((x) => scaled(x, by));
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(Object.entries(tree).map(([k, v]) => [k, scaled(v, by)]));
}

function numbersIn(tree: unknown): number[] {
  if (typeof tree === "number") return [tree];
  if (typeof tree !== "object" || tree === null) return [];
  return Object.values(tree).flatMap(numbersIn);
}

/** The program as text, to be read and to be run again. */
export function describe({ source, primals, tangents }: Program): string {
  return `${source}\n// primals  ${show(primals)}\n// tangents ${show(tangents)}`;
}

export function show(x: unknown): string {
  if (ArrayBuffer.isView(x))
    return `Float64Array.of(${Array.from(x as Float64Array, show).join(", ")})`;
  if (Array.isArray(x)) return `[${Array.from(x, show).join(", ")}]`;
  if (typeof x === "object" && x !== null) {
    return `{ ${Object.entries(x)
      .map(([k, v]) => `${k}: ${show(v)}`)
      .join(", ")} }`;
  }
  return Object.is(x, -0) ? "-0" : String(x);
}

function run(
  program: Program,
  call: (primals: unknown[], tangents: unknown[]) => [unknown, unknown],
): Run {
  const primals = structuredClone(program.primals) as unknown[];
  const tangents = structuredClone(program.tangents) as unknown[];
  try {
    const [value, tangent] = call(primals, tangents);
    return { value, tangent, primals, tangents };
  } catch (e) {
    return { error: e instanceof Error ? `${e.name}: ${e.message}` : String(e), primals, tangents };
  }
}

type Fail = (message: string) => never;

function compare(form: string, plain: Run, other: Run, fail: Fail): void {
  // Messages name variables, which the forms call otherwise.
  const kind = (r: Run) => r.error?.split(":")[0];
  if (kind(plain) !== kind(other))
    fail(
      `the plain function ${plain.error ?? "returned"}, the ${form} ${other.error ?? "returned"}`,
    );
  if (plain.error === undefined) same(`value of the ${form}`, plain.value, other.value, fail);
  same(`argument after the ${form}`, plain.primals, other.primals, fail);
}

/** Primals are the same to the last bit, structure by structure. */
function same(what: string, expected: unknown, actual: unknown, fail: Fail): void {
  const wrong = firstDifference(expected, actual, Object.is);
  if (wrong) fail(`${what}: ${wrong}`);
}

/**
 * Tangents of the two forms come from the same formulas in the same order, so they are the same
 * numbers but for the sign of zeros. The one formula that is written twice, that of `hypot`, scales
 * only where the other does; two units in the last place are all that is left to a difference.
 * No allowance is made for cancellation: it would amplify only what differs, and nothing should.
 */
function agree(what: string, primal: unknown, dual: unknown, tangent: unknown, fail: Fail): void {
  const wrong = firstDifference(dual, tangent, isClose, primal);
  if (wrong) fail(`${what}, dual form against tangent form: ${wrong}`);
}

const isClose = (a: unknown, b: unknown, primal: unknown): boolean => {
  // What was read beyond an end is undefined, or NaN after arithmetic, and has no tangent worth the name.
  if (primal === undefined || Number.isNaN(primal)) return true;
  // A missing or null tangent means zero.
  if (a === null || a === undefined) return isZero(b);
  if (b === null || b === undefined) return isZero(a);
  if (typeof a !== "number" || typeof b !== "number") return Object.is(a, b);
  if (Object.is(a, b) || a === b) return true;
  return Math.abs(a - b) <= 2 * Number.EPSILON * Math.max(Math.abs(a), Math.abs(b));
};

const isZero = (x: unknown): boolean =>
  x === null ||
  x === undefined ||
  x === 0 ||
  (typeof x === "object" && Object.values(x).every(isZero));

function firstDifference(
  a: unknown,
  b: unknown,
  equal: (a: unknown, b: unknown, primal: unknown) => boolean,
  primal?: unknown,
  path = "",
): string | undefined {
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) {
    return equal(a, b, primal) ? undefined : `${show(a)} and ${show(b)}${path && ` at ${path}`}`;
  }
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b))
    return `${show(a)} and ${show(b)} at ${path}, of different classes`;
  // Holes count as missing.
  const keysOf = (x: object) =>
    Array.isArray(x) ? Array.from(x, (_, i) => String(i)) : Object.keys(x);
  const keys = keysOf(a);
  const others = keysOf(b);
  if (keys.length !== others.length || keys.some((k) => !others.includes(k)))
    return `${show(a)} and ${show(b)} at ${path}`;
  if (Array.isArray(a) && a.length !== (b as unknown[]).length)
    return `lengths ${a.length} and ${(b as unknown[]).length} at ${path}`;
  for (const key of keys) {
    const found = firstDifference(
      (a as Record<string, unknown>)[key],
      (b as Record<string, unknown>)[key],
      equal,
      (primal as Record<string, unknown> | undefined)?.[key],
      `${path}.${key}`,
    );
    if (found) return found;
  }
  return undefined;
}
