import { derivative, grad, jacobian, jvp } from "dualize";
import { twinOf } from "dualize/runtime";
import { afterEach, describe, expect, it, vi } from "vitest";
import { compile } from "../tangent/support/compile.ts";
import { expectEveryForm } from "../tangent/support/programs.ts";

/** What functions leave in variables of the module and read only to decide: the best so far, a history. */

interface Case {
  readonly state: string;
  readonly body: string;
  /** Whether it has the fast forms; else what is left is read back, or may be. */
  readonly isFast: boolean;
  readonly value?: number;
  readonly tangent?: number;
  /** What is printed after one call. */
  readonly left?: unknown[];
  readonly noGradient?: string;
}

const sum = "let s = 0; for (const x of xs) s += x * x;";

const cases: Record<string, Case> = {
  "the best value": {
    state: "let best = Infinity; let calls = 0; const show = () => console.log(best, calls);",
    body: `${sum} calls++; if (s < best) { best = s; } return s;`,
    isFast: true,
    left: [13, 1],
  },
  "the best value by Math.min, and a running mean": {
    state: "let best = Infinity; let mean = 1; const show = () => console.log(best, mean);",
    body: `${sum} best = Math.min(best, s); mean = 0.5 * mean + 0.5 * s; return s;`,
    isFast: true,
    left: [13, 7],
  },
  "a history of numbers": {
    state: "const history: number[] = []; const show = () => console.log(history);",
    body: `${sum} if (history.length < 3) history.push(s, 2 * s); return s;`,
    isFast: true,
    left: [[13, 26]],
  },
  "a history of objects, with a copy of what is given": {
    state:
      "const history: { loss: number; xs: number[] }[] = []; const show = () => console.log(history);",
    body: `${sum} history.push({ loss: s, xs: [...xs] }); return s;`,
    isFast: true,
    left: [[{ loss: 13, xs: [2, 3] }]],
  },
  "fields of an object": {
    state:
      "const state = { best: Infinity, calls: 0, all: [0] }; const show = () => console.log(state);",
    body: `${sum} state.calls++; if (s < state.best) { state.best = s; state.all.push(s); } return s;`,
    isFast: true,
    left: [{ best: 13, calls: 1, all: [0, 13] }],
  },
  "what is read back in the same call": {
    state: "const state = { last: 0 }; const show = () => console.log(state);",
    body: `${sum} state.last = s; return s + state.last;`,
    isFast: false,
    value: 26,
    tangent: 20,
    left: [{ last: 13 }],
  },
  "what another function reads back": {
    state:
      "const state = { last: 0 }; const show = () => console.log(state); function twice(): number { return 2 * state.last; }",
    body: `${sum} state.last = s; return s + twice();`,
    isFast: false,
    value: 39,
    tangent: 30,
    left: [{ last: 13 }],
  },
  "what is read back by another name": {
    state: "const state = { last: 0 }; const same = state; const show = () => console.log(state);",
    body: `${sum} state.last = s; return s + same.last;`,
    isFast: false,
    value: 26,
    tangent: 20,
    left: [{ last: 13 }],
  },
  "what is read out of the history": {
    state: "const history: number[] = []; const show = () => console.log(history);",
    body: `${sum} history.push(s); return s + history[0]!;`,
    isFast: false,
    value: 26,
    tangent: 20,
    left: [[13]],
    noGradient: "in forward mode a run finds what the one before has left",
  },
};

afterEach(() => {
  vi.restoreAllMocks();
});

function printedBy(show: () => unknown): unknown[] {
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  show();
  const printed = log.mock.calls[0] ?? [];
  log.mockRestore();
  return printed;
}

describe("what is left behind", () => {
  it.each(Object.entries(cases))("is %s", (_, { state, body, isFast, left, ...expected }) => {
    const code = `${state} export function f(xs: number[]): number { "use dual"; ${body} } export const showAll = () => show();`;
    const { value = 13, tangent = 10, ...without } = expected;
    expectEveryForm({
      code,
      at: [[2, 3]],
      along: [[1, 1]],
      value,
      tangent,
      noDifferences: "it keeps something",
      ...without,
    });
    const fresh = () => compile(code).exports as Record<string, never>;
    const twin = twinOf(fresh().f);
    expect([twin?.tangent !== undefined, twin?.adjoint !== undefined]).toEqual([isFast, isFast]);
    const runs: Record<string, (f: never) => unknown> = {
      plain: (f) => (f as (xs: number[]) => number)([2, 3]),
      jvp: (f) => jvp(f, [[2, 3]] as never, [[1, 1]] as never),
      grad: (f) => grad(f)([2, 3] as never),
      jacobian: (f) => jacobian(f)([2, 3] as never),
    };
    for (const [name, run] of Object.entries(runs)) {
      const m = fresh();
      run(m.f as never);
      expect([name, printedBy(m.showAll as never)]).toEqual([name, left]);
    }
  });

  it("is active in a derivative around one", () => {
    const { exports: m } = compile(`
      import { derivative } from "dualize";
      let best = Infinity;
      const show = () => console.log(best);
      export function f(x: number): number { "use dual"; const y = x ** 3; if (y < best) { best = y; } return y; }
      export function slope(x: number): number { "use dual"; return derivative(f)(x); }
    `);
    expect(derivative(m.slope as never)(2 as never)).toBe(12);
  });
});
