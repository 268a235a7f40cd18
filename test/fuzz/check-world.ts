import { hvp, jvp, valueAndGrad, vjp } from "../../packages/dualize/src/index.ts";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { twinOf } from "../../packages/dualize/src/twins.ts";
import type { Outcome } from "./check.ts";
import { type AnyFunction, compileFiles } from "./compile.ts";
import type { World } from "./worlds.ts";

/** What a run gives: the value, the derivative along the direction, and what it leaves behind. */
interface Run {
  readonly value?: unknown;
  readonly slope?: number;
  readonly error?: string;
  /** Whether it is the derivative that is not had. */
  readonly isRefused?: boolean;
  readonly left: string;
}

type Args = unknown[];
type Way = (f: AnyFunction, args: Args) => { value?: unknown; slope?: number } | undefined;

/** Differences of numbers as large as that say nothing. */
const LARGEST = 1e6;

/** Checks that every form of a program gives the same numbers and has the same effects; throws where not. */
export function checkWorld(world: World): Outcome {
  const { fresh, report } = compileFiles(world.files);
  const fail = (message: string): never => {
    throw new Error(`${message}\n\n${describeWorld(world)}`);
  };
  const run = (way: Way, change: (args: Args) => Args = (args) => args): Run | undefined => {
    const program = fresh();
    const args = change((program.args as AnyFunction)() as Args);
    const left = () => show([args, program.state?.()]);
    try {
      const found = way(program.f as AnyFunction, args);
      return found && { ...found, left: left() };
    } catch (e) {
      const isRefused = (e as { code?: string }).code?.startsWith("DUAL") === true;
      return { error: (e as Error).name, isRefused, left: left() };
    }
  };
  const plain = run((f, args) => ({ value: f(...args) })) as Run;
  const main = report.functions.find((r) => r.name === "f");
  const outcome: Outcome = {
    ...(main?.form === "dual" ? { fallback: main.reasons[0]?.message ?? "?" } : {}),
    tookTangent: main?.form === "tangent",
    threw: plain.error !== undefined,
    differences: 0,
  };
  if (plain.error === undefined && !(Math.abs(plain.value as number) < LARGEST)) return outcome;

  const compare = (name: string, found: Run | undefined, slope?: Run): void => {
    if (found === undefined || found.isRefused) return;
    if (found.error !== plain.error)
      fail(`the plain function ${plain.error ?? "returned"}, ${name} ${found.error ?? "returned"}`);
    if (found.value !== undefined && !Object.is(found.value, plain.value))
      fail(`value of ${name}: ${found.value} and ${plain.value}`);
    if (found.left !== plain.left) fail(`left by ${name}: ${found.left} and ${plain.left}`);
    const [a, b] = [found.slope, slope?.slope];
    if (a !== undefined && b !== undefined && !isNear(a, b))
      fail(`derivative of ${name}: ${a} and ${b}`);
  };
  const expected = new Map<number | undefined, Run | undefined>();
  const count = (run((_, args) => ({ value: args.length })) as Run).value as number;
  for (const by of [undefined, ...Array(count).keys()]) {
    const dual = run((f, args) => split(pushDual(f, undefined, args, directionOf(args, by))));
    compare(by === undefined ? "the dual form" : `the dual form by argument ${by}`, dual);
    expected.set(by, dual);
  }
  const all = expected.get(undefined);
  compare(
    "jvp",
    run((f, args) => split(jvp(f as never, args as never, directionOf(args) as never))),
    all,
  );

  for (let by = 0; by < count; by++) {
    const along = (gradient: unknown, args: Args): number =>
      dot(gradient, directionOf(args, by)[by]);
    const isConstant = run((_, args) => ({ value: numbersOf(args[by]).length === 0 }))?.value;
    if (isConstant) continue;
    const gradient =
      (mode: string | undefined, prepare: (f: AnyFunction) => void = () => {}): Way =>
      (f, args) => {
        prepare(f);
        const before = fresh().args?.() as Args;
        const options = mode ? { argnum: by, mode } : { argnum: by };
        const found = valueAndGrad(f as never, options as never)(...(args as never));
        const [value, slope] = found as unknown as [number, unknown];
        return { value, slope: along(slope, before) };
      };
    const own = expected.get(by);
    compare(`grad by argument ${by}`, run(gradient(undefined)), own);
    compare(`the gradient back by argument ${by}`, run(gradient("reverse")), own);
    const withoutAdjoint = gradient("reverse", (f) => {
      const twin = twinOf(f);
      if (twin) (twin as { adjoints?: unknown }).adjoints = undefined;
    });
    compare(`the gradient by linear tangents by argument ${by}`, run(withoutAdjoint), own);
    const pullback: Way = (f, args) => {
      const before = fresh().args?.() as Args;
      const [value, back] = vjp(f as never, args as never) as unknown as [number, AnyFunction];
      return { value, slope: along((back(1) as unknown[])[by], before) };
    };
    compare(`vjp by argument ${by}`, run(pullback), own);
  }
  checkCurvature(run, fresh().args?.() as Args, fail);
  const differences = isSmooth(all, plain) ? compareWithDifferences(run, all as Run, fail) : 0;
  return { ...outcome, differences };
}

const isSmooth = (dual: Run | undefined, plain: Run): boolean =>
  dual?.slope !== undefined && plain.error === undefined;

type Runner = (way: Way, change?: (args: Args) => Args) => Run | undefined;

/** H·v by every form is the same. */
function checkCurvature(run: Runner, args: Args, fail: (message: string) => never): void {
  const product =
    (prepare: (f: AnyFunction) => void): Way =>
    (f, given) => {
      prepare(f);
      const [v] = directionOf(given, 0);
      const found = (hvp(f as never) as AnyFunction)(given[0], v, ...given.slice(1));
      return { slope: dot(found, directionOf(args, 0)[0]) };
    };
  const byCode = run(product(() => {}));
  const byDual = run(
    product((f) => {
      const twin = twinOf(f) as { adjoints?: unknown; calls?: unknown } | undefined;
      if (twin) twin.adjoints = twin.calls = undefined;
    }),
  );
  const [a, b] = [byCode?.slope, byDual?.slope];
  if (a !== undefined && b !== undefined && !isNear(a, b, 1e-8))
    fail(`H·v: ${a}, by nested duals ${b}`);
}

function compareWithDifferences(run: Runner, dual: Run, fail: (message: string) => never): number {
  const estimate = (h: number): number | undefined => {
    const at = (k: number) =>
      run(
        (f, args) => ({ value: f(...args) }),
        (args) => moved(args, k * h),
      )?.value as number | undefined;
    const [a, b, c, d] = [at(-2), at(-1), at(1), at(2)];
    if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
    return (a - 8 * b + 8 * c - d) / (12 * h);
  };
  const [rough, fine] = [estimate(1e-3), estimate(2.5e-4)];
  // Where steps of two sizes tell different things there is a kink nearby, or too much curvature.
  if (rough === undefined || fine === undefined || !isNear(rough, fine, 1e-6)) return 0;
  if (!isNear(dual.slope as number, fine, 1e-5))
    fail(`derivative of the dual form: ${dual.slope}, by differences ${fine}`);
  return 1;
}

const isNear = (a: number, b: number, bound = 1e-9): boolean =>
  Object.is(a, b) ||
  !Number.isFinite(a) ||
  !Number.isFinite(b) ||
  Math.abs(a - b) <= bound * (1 + Math.abs(a) + Math.abs(b));

const split = ([value, slope]: readonly unknown[]) => ({ value, slope: (slope ?? 0) as number });

const weights = [1, 0.5, -0.75, 0.3, 2];

/** A direction for each argument, or for one of them. */
function directionOf(args: Args, by?: number): unknown[] {
  let i = 0;
  const along = (x: unknown): unknown => {
    if (typeof x === "number") return weights[i++ % weights.length];
    if (Array.isArray(x)) return x.map(along);
    if (typeof x !== "object" || x === null) return null;
    return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, along(v)]));
  };
  const all = args.map(along);
  return by === undefined ? all : all.map((v, k) => (k === by ? v : null));
}

/** The arguments, some way along the direction. */
function moved(args: Args, h: number): Args {
  const move = (x: unknown, v: unknown): unknown => {
    if (typeof x === "number") return x + h * (v as number);
    if (Array.isArray(x)) return x.map((e, i) => move(e, (v as unknown[])[i]));
    if (typeof x !== "object" || x === null) return x;
    return Object.fromEntries(
      Object.entries(x).map(([k, e]) => [k, move(e, (v as Record<string, unknown>)[k])]),
    );
  };
  const along = directionOf(args);
  return args.map((x, i) => move(x, along[i]));
}

function numbersOf(x: unknown): number[] {
  if (typeof x === "number") return [x];
  return typeof x === "object" && x !== null ? Object.values(x).flatMap(numbersOf) : [];
}

const dot = (a: unknown, b: unknown): number => {
  const other = numbersOf(b);
  return numbersOf(a).reduce((sum, x, i) => sum + x * (other[i] ?? Number.NaN), 0);
};

/** Values as text. The order of the fields is left out: those that are deleted and put back keep their place. */
const show = (x: unknown): string =>
  JSON.stringify(x, (_, v: unknown) => {
    if (typeof v === "function") return "function";
    if (typeof v === "number") return Number.isFinite(v) && !Object.is(v, -0) ? v : signed(v);
    if (typeof v !== "object" || v === null || Array.isArray(v)) return v;
    return Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)));
  });

const signed = (x: number): string => (Object.is(x, -0) ? "-0" : String(x));

/** The program as text, to be read and to be run again. */
export const describeWorld = ({ files }: World): string =>
  Object.entries(files)
    .map(([name, code]) => `---- ${name}\n${code}`)
    .join("\n");
