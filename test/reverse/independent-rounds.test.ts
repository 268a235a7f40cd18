import { grad, hvp, valueAndGrad } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { compile } from "../tangent/support/compile.ts";
import { expectAgreement } from "../tangent/support/forms.ts";

const head = `"use dual";
const DATA = [0.3, 1.2, -0.7, 2.1];
let scale = 2;
function square(x: number): number { return x * x; }
function down(x: number, k: number): number { return k <= 0 ? x : down(x * 0.9, k - 1) * x; }
`;

type Way = readonly [name: string, body: string, loopsBack?: number];

/** Loops of which each round is run backwards right after it. */
const apart: Way[] = [
  ["a sum", "let s = 0; for (let i = 0; i < x.length; i++) s += x[i] * x[i] * p; return s;"],
  ["a mean", "let s = 0; for (const v of x) s += (v - p) ** 2; return s / x.length;"],
  ["what is subtracted", "let s = 0; for (const v of x) s -= Math.log(1 + v * v) * p; return -s;"],
  [
    "a multiple of a constant",
    "const w = 0.5; let s = 0; for (const v of x) s += Math.sin(v * p); return (2 * w * s) / 3 + p;",
  ],
  [
    "two sums",
    "let a = 0; let b = 0; for (const v of x) { a += v * p; b += v * v; } return 2 * a - b / 4;",
  ],
  [
    "a sum that begins with something",
    "let s = p * p; for (const v of x) s += v * s0; return s * 3;",
  ],
  [
    "a branch",
    "let s = 0; for (const v of x) { if (v > 0.5) s += v * v; else s -= p * v; } return s;",
  ],
  [
    "a loop inside",
    "let s = 0; for (const v of x) for (const d of DATA) s += Math.exp(-((v - d) ** 2)) * p; return s;",
    1,
  ],
  [
    "a sum inside",
    "let s = 0; for (const v of x) { let t = 0; for (const d of DATA) t += v * d * d; s += t * t * p; } return s;",
    1,
  ],
  [
    "a product inside",
    "let s = 0; for (const v of x) { let t = 1; for (let k = 0; k < 3; k++) t *= v + k * p; s += t; } return s;",
    1,
  ],
  [
    "a list of each round",
    "let s = 0; for (const v of x) { const t = [v, p]; t.push(v * p); t[0] *= v; s += t[0] * t[2]; } return s;",
  ],
  [
    "an object of each round",
    "let s = 0; for (const v of x) { const o = { a: v, l: [p] }; o.a *= o.l[0]; for (let k = 0; k < 2; k++) o.l[k] = o.a; s += o.l[1] * v; } return s;",
    1,
  ],
  [
    "a variable that each round sets anew",
    "let t = 0; let s = 0; for (const v of x) { t = v * p; s += t * t; } return s;",
  ],
  ["a recursion", "let s = 0; for (const v of x) s += down(v * p, 3); return s;"],
  [
    "what is made before it",
    "const y = x.map((v) => v * p); const m = p * p; let s = 0; for (let i = 0; i < y.length; i++) s += y[i] * m * x[0]; return s;",
    1,
  ],
  [
    "another sum after it",
    "let s = 0; for (const v of x) s += v * v; for (const d of DATA) s += d * p * p; return s / 2;",
  ],
  [
    "something added after it",
    "let s = 0; for (const v of x) s += v * v * v; s += p * p; return s;",
  ],
  [
    "a condition on the sum after it",
    "let s = 0; for (const v of x) s += v * v; const big = s > 1 ? 1 : 2; return s * 2 + p * big;",
  ],
  [
    "a count beside it",
    "let s = 0; let n = 0; for (const v of x) { n++; s += v * n * p; } return s + n;",
  ],
  [
    "a step of two, backwards",
    "let s = 0; for (let i = x.length - 1; i >= 0; i -= 2) s += x[i] * p * i; return s;",
  ],
  [
    "a while",
    "let s = 0; let i = 0; while (i < x.length) { s += x[i] * x[i] * p; i++; } return s;",
  ],
  [
    "a variable from before that changes no more",
    "let w = 1; if (p > 0) w = p * p; let s = 0; for (const v of x) s += v * w; return s;",
  ],
  [
    "rounds that are skipped",
    "let s = 0; for (const v of x) { if (v < 0) continue; s += v * p; } return s;",
  ],
  ["a product with an argument", "let s = 0; for (const v of x) s += v * v; return s * p;"],
  [
    "a penalty with a weight",
    "let s = 0; for (const v of x) s += v; let r = 0; for (const v of x) r += v * v; return s / x.length + p * r;",
  ],
  [
    "a quotient by what arguments make",
    "const q = p * p + 1; let s = 0; for (const v of x) s += v * q; return s / q;",
  ],
  [
    "a guard before it",
    "if (x.length === 0) return p; let s = 0; for (const v of x) s += v * v * p; return s / x.length;",
  ],
  [
    "a guard before it that throws",
    "if (x.length > 9) throw new Error('long'); let s = 0; for (const v of x) s += v * v * p; return s;",
  ],
  [
    "one of two on each way",
    "let s = 0; if (p > 0) { for (const v of x) s += v * v * p; } else { for (const v of x) s -= v * p; } return s * 2;",
  ],
  [
    "one that returns on each way",
    "const q = p * p; if (p > 0) { let s = 0; for (const v of x) s += v * v * q; return s; } let t = 0; for (const v of x) t += v * q; return -t;",
  ],
  [
    "what a branch makes before it",
    "if (p > 0) { const y = x.map((v) => v * p); let s = 0; for (const v of y) s += v * v; return s + p; } return p * x[0];",
    1,
  ],
  [
    "a result that is named",
    "let s = 0; for (const v of x) s += v * p; const e = s / 2; return e;",
  ],
  [
    "rows",
    "let s = 0; for (const row of [x, [p, 1]]) for (const v of row) s += v * v; return s;",
    1,
  ],
  [
    "a list of each round that holds one from outside",
    "let s = 0; for (const v of x) { const t = [[v], x]; s += t[0][0] * t[1][1] * p; } return s;",
  ],
];

/** Loops that have to be run to their end first. */
const together: Way[] = [
  ["rounds that go on from the last", "let s = 1; for (const v of x) s = s * p + v; return s;"],
  ["a sum that the rounds read", "let s = 0; for (const v of x) s += v * p + s * 0.1; return s;"],
  ["a sum that decides", "let s = 0; for (const v of x) { if (s < 1) s += v * p; } return s;"],
  [
    "a result that a condition may change",
    "let s = 0; for (const v of x) s += v * p; let r = s * 2; if (x.length > 3) r += p; return r;",
  ],
  [
    "a result that a condition may replace",
    "let s = 0; for (const v of x) s += v * p; let r = s * 2; if (x.length > 3) r = p; return r + x[1];",
  ],
  [
    "a result of which one way uses the sum",
    "let s = 0; for (const v of x) s += v * p; if (x.length > 3) return p * x[0]; return s;",
  ],
  [
    "a list that is written to behind the branch that it is in",
    "const y = [p, p * p, p, 1]; let s = 0; if (p > 0) { for (let i = 0; i < 3; i++) s += y[i] * x[i]; } y[1] = x[0]; return s + y[1] * y[1];",
  ],
  [
    "a square root of the sum",
    "let s = 0; for (const v of x) s += v * v * p; return Math.sqrt(9 + s);",
  ],
  [
    "a product with what is only known behind it",
    "let s = 0; let w = 1; for (const v of x) { s += v * v; w = v * p; } return s * w;",
  ],
  ["two uses of the sum", "let s = 0; for (const v of x) s += v * p; return s * s;"],
  [
    "a list that is written to after it",
    "let s = 0; const y = [p, 2 * p, p, p]; for (let i = 0; i < 3; i++) s += y[i] * x[i]; y[0] = s * 0 + x[1]; return s + y[0] * y[0];",
  ],
  [
    "a list that is written to in it",
    "let s = 0; const y = [p, 2 * p, p, p]; for (let i = 0; i < 3; i++) { s += y[i] * x[i]; y[i + 1] = y[i] * x[i]; } return s;",
  ],
  [
    "a list under another name",
    "let s = 0; const y = [[p, 2 * p], [p, p]]; for (let i = 0; i < 2; i++) { const r = y[1 - i]; s += y[i][0] * x[i]; r[0] = x[i] * s * 0 + x[2]; } return s;",
  ],
  [
    "a list that grows",
    "let s = 0; const y = [p]; for (const v of x) { y.push(v * y[y.length - 1]); s += y[y.length - 1]; } return s;",
  ],
  [
    "what is left early",
    "let s = 0; for (const v of x) { s += v * v * p; if (v > 1) break; } return s;",
  ],
  [
    "what is returned early",
    "let s = 0; for (const v of x) { if (v > 1) return s * v; s += v * p; } return s;",
  ],
  [
    "a vector that goes on",
    "let c = { a: p, b: 1 }; let s = 0; for (const v of x) { s += c.a * v; c = { a: c.b * v, b: c.a }; } return s;",
  ],
  [
    "a divisor that grows",
    "const y = [1]; let s = 0; for (const v of x) { s += v * p; y.push(v); } return s / y.length;",
  ],
  [
    "a divisor that grows by another name",
    "const y = [p]; const z = y; let s = 0; for (const v of x) s += v * y[0]; z.push(1); return s / y.length;",
  ],
  [
    "a divisor that is counted",
    "let n = 0; let s = 0; for (const v of x) { s += v * p; if (v > 0) n++; } return s / n;",
  ],
  [
    "a divisor in an object",
    "const o = { n: 0 }; const all = [o]; let s = 0; for (const v of x) { s += v * p; all[0].n++; } return s / o.n;",
  ],
  [
    "a list of each round that may be one from outside",
    "let s = 0; const y = [p, 1]; for (const v of x) { let t = y.slice(); if (v > 1) t = y; t[0] = v * p; s += t[0] * y[0]; } return s;",
  ],
  [
    "a multiple that a sum decides on",
    "let s = 0; let t = 0; for (const v of x) { s += v * p; t += v * v; } return s > 1 ? 3 * t : t;",
  ],
  [
    "lists of each round that change between uses",
    "let s = 0; for (const v of x) { const t = [v, p]; s += Math.hypot(...t); t[0] = 9 * v; s += Math.max(...t); } return s / 2;",
  ],
  [
    "a sum on one way only",
    "let s = 0; for (const v of x) s += v * v; if (p > 0) return s * 2; return s * 3 + p;",
  ],
];

const at: [number[], number, number] = [[0.4, 1.3, -0.2, 0.9], 0.7, 1.1];

function made(body: string) {
  const { exports, code } = compile(
    `${head} export function f(x: number[], p: number, s0: number): number { ${body} }`,
  );
  return { code, f: exports.f as never as (x: number[], p: number, s0: number) => number };
}

/** How many more loops the adjoint code has than the tangent code: those that run backwards. */
function loopsBack(code: string): number {
  const loopsOf = (form: string) => {
    const [, text = ""] = code.split(`function ${form}(`);
    return (text.split("\n}\n")[0] ?? "").match(/\b(for|while) \(/g)?.length ?? 0;
  };
  return loopsOf("_f$adjoint") - loopsOf("f$tangent");
}

const named = ([name, body, back]: Way) => ({ name, body, back });

describe("a loop whose rounds have nothing to do with each other", () => {
  it.each(apart.map(named))("goes back round by round: $name", ({ body, back = 0 }) => {
    const { f, code } = made(body);
    expect(loopsBack(code)).toBe(back);
    check(f);
  });

  it.each(together.map(named))("is told from one with $name", ({ body, back = 1 }) => {
    const { f, code } = made(body);
    expect(loopsBack(code)).toBe(back);
    check(f);
  });

  it("keeps nothing on the tape", () => {
    const { code } = made("let s = 0; for (const v of x) s += Math.exp(v * p) * v; return s;");
    const [, text = ""] = code.split("function _f$adjoint(");
    expect(text.split("\n}\n")[0]).not.toContain("$d");
  });

  it("leaves the gradient of the caller alone where it throws", () => {
    const { exports } = compile(
      `${head} export function f(x: number[], p: number): number { let s = 0; for (const v of x) { if (v > 1) throw new RangeError("large"); s += v * p; } return s; }`,
    );
    const f = exports.f as never as (x: number[], p: number) => number;
    expect(() => grad(f)([0.5, 2], 3)).toThrow(RangeError);
    expect(grad(f)([0.5, 0.25], 3)).toEqual([3, 3]);
    expect(grad(f, { argnum: [0, 1] })([0.5, 0.25], 3)).toEqual([[3, 3], 0.75]);
  });
});

function check(f: ReturnType<typeof made>["f"]): void {
  expect(twinOf(f)?.adjoint).toBeDefined();
  expectAgreement({ f, at });
  expectAgreement({ f, at: [[-0.3, 0.2, 1.6], -1.2, 0.4] });
  const [value, gradients] = valueAndGrad(f, { argnum: [0, 1] })(...at);
  expect(value).toBe(f(...at));
  const [forward, byP] = [0, 1].map((argnum) =>
    grad(f, { argnum, mode: "forward" } as never)(...at),
  );
  near(gradients[0], forward as never);
  near([gradients[1]], [byP as never]);
  const v = [0.5, -1, 0.25, 2];
  const h = 1e-5;
  const slope = (k: number) =>
    grad(f)(
      at[0].map((a, i) => a + k * (v[i] as number)),
      at[1],
      at[2],
    );
  const bend = slope(h).map((g, i) => (g - (slope(-h)[i] as number)) / (2 * h));
  const found = hvp(f)(at[0], v, at[1], at[2]) as number[];
  found.forEach((b, i) => {
    expect(Math.abs(b - (bend[i] as number))).toBeLessThan(1e-6 * (1 + Math.abs(b)));
  });
}

function near(found: readonly number[], expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  found.forEach((x, i) => {
    expect(Math.abs(x - (expected[i] as number))).toBeLessThanOrEqual(1e-13 * (1 + Math.abs(x)));
  });
}
