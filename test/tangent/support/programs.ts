import { derivative, grad, jvp, vjp } from "dualize";
import { dualForm } from "dualize/dual";
import { expect } from "vitest";
import { pushDual } from "../../../packages/dualize/src/transforms/push.ts";
import { compile, type Exports, load, translate } from "./compile.ts";
import { differences } from "./differences.ts";
import { copy, dot, numbersOf, weights } from "./trees.ts";

type Pair = [value: unknown, tangent: unknown];

/** A program with a function `f`, and what it has to give wherever it is differentiated. */
export interface Program {
  /** One module, or several by their names; the one that exports `f` is `main`. */
  readonly code: string | Readonly<Record<string, string>>;
  readonly at?: readonly unknown[];
  readonly along?: readonly unknown[];
  /** Arguments and direction where they share arrays or buffers. */
  readonly given?: () => [primals: unknown[], tangents: unknown[]];
  readonly value: unknown;
  readonly tangent: unknown;
  /** The second derivative in the same direction, where differences do not tell. */
  readonly second?: unknown;
  /** Why there is no gradient: nothing to differentiate by, or no reverse mode. */
  readonly noGradient?: string;
  /** Why differences say nothing here. */
  readonly noDifferences?: string;
}

/** A program that says which of its functions have the tangent form, and which must not. */
export interface Told extends Program {
  readonly fast?: readonly string[];
  readonly slow?: readonly string[];
}

/** What `expectEveryForm` expects, and of a program of one file that its functions have the forms that it says. */
export function expectToldForms(program: Told): void {
  expectEveryForm(program);
  if (typeof program.code !== "string") return;
  const forms = new Map(compile(program.code).report.map((r) => [r.name, r.form]));
  for (const name of program.fast ?? []) expect([name, forms.get(name)]).toEqual([name, "tangent"]);
  for (const name of program.slow ?? []) expect([name, forms.get(name)]).toEqual([name, "dual"]);
}

/**
 * The plain call, `jvp`, the dual form by itself and a derivative inside another one all give what is
 * expected, each in modules of its own, and leave the arguments as the plain call does. Differences
 * of plain calls check what is expected.
 */
export function expectEveryForm(program: Program): void {
  const { value, tangent } = program;
  const code = typeof program.code === "string" ? { main: program.code } : program.code;
  const scripts = translate(code);
  // A fresh instance for every call: what modules keep must not get from one to the next.
  const fresh = (): Exports => load(scripts, "main");
  const given = (): [unknown[], unknown[]] => {
    if (program.given) return program.given();
    const at = program.at ?? [];
    return [at.map(copy), (program.along ?? at.map(() => 1)).map(copy)];
  };
  const [plainArgs] = given();
  const plainValue = fresh().f?.(...plainArgs);
  expect(plainValue, "plain call").toEqual(value);

  const forms: Record<string, (f: never, p: never, t: never) => Pair> = {
    jvp: (f, p, t) => jvp(f, p, t) as never,
    "dual form": (f, p, t) => pushDual(f, undefined, p, t),
  };
  for (const [name, push] of Object.entries(forms)) {
    const [args, direction] = given();
    const [v, t] = push(fresh().f as never, args as never, direction as never);
    expect(v, `value by ${name}`).toEqual(value);
    expectNear(t, tangent, 1e-13, `tangent by ${name}`);
    expect(args, `arguments after ${name}`).toEqual(plainArgs);
  }

  const nested = (): Pair[] => {
    const [args, direction] = given();
    const { f } = fresh();
    const inner = dualForm((...a: unknown[]) => jvp(f as never, a as never, direction as never));
    return jvp(inner as never, args as never, direction as never) as never;
  };
  const [[v, t], [again, second]] = nested() as [Pair, Pair];
  expect(v, "value when nested").toEqual(value);
  expectNear(t, tangent, 1e-13, "inner tangent when nested");
  expectNear(again, tangent, 1e-13, "outer tangent when nested");
  if (program.second !== undefined) expectNear(second, program.second, 1e-12, "second derivative");
  if (program.noGradient === undefined && typeof value === "number" && !program.given)
    expectGradients(fresh, given, tangent);
  if (program.noGradient === undefined && !program.given)
    expectPullback(fresh, given, value, tangent);
  if (program.noDifferences !== undefined) return;

  const [at, along] = given();
  const plain = (...args: unknown[]): unknown => fresh().f?.(...args);
  const first = (...args: unknown[]): unknown =>
    jvp(fresh().f as never, args as never, given()[1] as never)[1];
  expectDifferences(plain, at, along, tangent, "tangent");
  if (program.second === undefined)
    expectDifferences(first, at, along, second, "second derivative");
}

/** The gradients by every argument, forwards and backwards, give the tangent along the direction. */
function expectGradients(
  fresh: () => Exports,
  given: () => [unknown[], unknown[]],
  tangent: unknown,
): void {
  const [args, direction] = given();
  for (const mode of ["forward", "reverse"] as const) {
    const parts = args.map((_, argnum) => {
      const along = numbersOf(direction[argnum]);
      if (numbersOf(args[argnum]).length === 0) return 0;
      const g = grad(fresh().f as never, { argnum, mode } as never)(...(given()[0] as never[]));
      return numbersOf(g).reduce((sum, d, i) => sum + d * (along[i] as number), 0);
    });
    const sum = parts.reduce((a, b) => a + b, 0);
    expectNear(sum, tangent, 1e-12, `gradient by ${mode} mode, along the direction`);
  }
}

/** A pullback is the transpose of the derivative: `<w, J·v> = <Jᵀ·w, v>`, however often it is asked. */
function expectPullback(
  fresh: () => Exports,
  given: () => [unknown[], unknown[]],
  value: unknown,
  tangent: unknown,
): void {
  const [args, direction] = given();
  if (numbersOf(tangent).length === 0 || numbersOf(args).length === 0) return;
  const [found, pullback] = vjp(fresh().f as never, args as never);
  expect(found, "value by vjp").toEqual(value);
  const w = weights(value);
  for (const time of ["once", "twice"]) {
    const cotangents = pullback(w as never) as unknown as unknown[];
    const sum = cotangents.reduce<number>((s, c, i) => s + dot(c, direction[i]), 0);
    expectNear(sum, dot(w, tangent), 1e-12, `the pullback called ${time}, along the direction`);
  }
}

function expectDifferences(
  f: (...args: never[]) => unknown,
  at: unknown[],
  along: unknown[],
  expected: unknown,
  what: string,
): void {
  const estimates = differences(f, at, along);
  numbersOf(expected).forEach((x, i) => {
    const { value, error } = estimates[i] as { value: number; error: number };
    const scale = Math.max(1, Math.abs(x));
    expect(error, `error of differences for the ${what}`).toBeLessThan(1e-6 * scale);
    expect(Math.abs(value - x), `${what} by differences ${value}, expected ${x}`).toBeLessThan(
      1e-6 * scale,
    );
  });
}

/** The same shape, and numbers that agree up to rounding. */
export function expectNear(found: unknown, expected: unknown, bound: number, what: string): void {
  const [a, b] = [numbersOf(found), numbersOf(expected)];
  const near =
    a.length === b.length &&
    a.every((x, i) => {
      const y = b[i] as number;
      return Object.is(x, y) || x === y || Math.abs(x - y) <= bound * Math.max(1, Math.abs(y));
    });
  if (!near) expect(found, what).toEqual(expected);
}

/** What `derivative(f)(x)` gives and what it throws: for what has to be an error, not a number. */
export function codeOf(code: Program["code"], ...args: unknown[]): string | undefined {
  const scripts = translate(typeof code === "string" ? { main: code } : code);
  try {
    derivative(load(scripts, "main").f as never)(...(args as [number]));
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code ?? `${error}`;
  }
}
