import { grad, hvp, jvp } from "dualize";
import { twinOf } from "dualize/runtime";
import { expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";
import { differences } from "../tangent/support/differences.ts";
import { numbersOf } from "../tangent/support/trees.ts";

/**
 * Containers under several names, helpers that write, rows that are shared or moved, variables that are
 * overwritten: gradients and H·v by emitted code against forward mode, nested duals and differences.
 */

const program = (body: string, before = ""): string =>
  `${before} export function f(x: number[]): number { "use dual"; ${body} }`;

const programs: Record<string, string> = {
  "chosen container": program(
    `const a = [x[0], x[1]]; const b = [x[2], 2]; let r = a; if (x[0] < 1) r = b; r[0] = r[0] * x[1] * x[1]; return a[0] * b[0] + r[1] * x[0];`,
  ),
  "chosen by ternary": program(
    `const a = [x[0], x[1]]; const b = [x[2], 2]; const r = x[0] < 1 ? b : a; r[1] = r[0] * x[1]; return b[1] * b[1] * a[1];`,
  ),
  "shared rows": program(
    `const row = [0, 0]; const m = [row, [x[2], x[1]], row]; m[0][1] = x[0] * x[1]; return m[2][1] ** 2 * m[1][0];`,
  ),
  "field replaced": program(
    `const o = { p: [x[0], 1], q: 2 }; const old = o.p; o.p = [x[1] * x[1], x[2]]; old[0] = old[0] * x[2]; return o.p[0] * old[0] + o.p[1] ** 2;`,
  ),
  "swapped rows": program(
    `const m = [[x[0], x[1]], [x[1], x[2]]]; [m[0], m[1]] = [m[1], m[0]]; m[0][0] *= x[0]; return m[0][0] * m[1][1] + m[0][1] ** 2;`,
  ),
  "inert table": program(
    `let s = 0; for (let i = 0; i < T.length; i++) s += T[i] * x[i % 3] ** T[i]; return s;`,
    "const T = [1, 2, 3];",
  ),
  "inert values inside inert objects that change": program(
    `const t = { a: { b: { on: true } } }; let s = x[1]; for (let k = 0; k < 3; k++) { s = t.a.b.on ? s * x[0] : s * x[2] + 1; t.a.b.on = !t.a.b.on; } return s;`,
  ),
  "inert objects inside inert objects that are replaced": program(
    `const t = { a: { b: { on: true } } }; let s = x[1]; for (let k = 0; k < 3; k++) { s = t.a.b.on ? s * x[0] : s * x[2] + 1; t.a = { b: { on: k === 1 } }; } return s;`,
  ),
  "list of the file before reads": program(
    `let s = 0; for (const v of U) { const logs: number[] = []; for (let k = 0; k < x.length; k++) logs.push(v * x[k] * x[k] * x[(k + 1) % 3]); s += Math.max(...logs) * logs[0]; } return s;`,
    "const U: number[] = [1, 2].concat([3]);",
  ),
  "list of the file between reads": program(
    `const y = x.slice(); let s = y[0] * y[1]; y[0] = 2 * s; for (const v of U) s += v * y[0] * x[1]; y[1] = s * s; return y[1] * x[2] * s;`,
    "const U: number[] = [1, 2].concat([3]);",
  ),
  "what a loop does not change": program(
    `const a = x[0]; let s = 0; for (let i = 0; i < 3; i++) for (let j = 0; j < 2; j++) s += 2 ** a * x[1] * i + Math.sin(a) * s * j; return s * s * x[2];`,
  ),
  "counter array": program(
    `const n = [0, 0]; let s = 0; for (const v of x) { n[v > 0.5 ? 1 : 0]++; s += v * v * n[1]; } return s * n[0];`,
  ),
  "spread override": program(
    `const o = { a: x[0], b: x[1] }; const p = { ...o, b: x[2] * o.a }; o.a = 5 * x[1]; return p.a * p.b * o.a;`,
  ),
  "helper writes": program(
    `const y = [x[0], x[1], x[2]]; put(y, x[1]); put(y, y[0]); return y[0] * y[1];`,
    `function put(a: number[], k: number): void { for (let i = 0; i < a.length; i++) a[i] = a[i] * k + Math.sin(k); if (a[0] > 100) return; a[1] += a[0] * a[2]; }`,
  ),
  "helper returns array": program(
    `const y = two(x[0], x[1]); const z = two(y[1], y[0] * x[2]); return z[0] * z[1] + y[0];`,
    `function two(a: number, b: number): number[] { const r = [a * b, a - b]; for (let i = 0; i < 2; i++) { if (r[i] > 50) return r; r[i] = r[i] * r[i]; } return r; }`,
  ),
  "recursion over array": program(
    `return total(x, 0) ** 2 * x[0];`,
    `function total(a: number[], i: number): number { return i >= a.length ? 0 : a[i] * a[i] * a[0] + total(a, i + 1); }`,
  ),
  "recursion that writes": program(
    `const y = x.slice(); go(y, 2); return y[0] * y[1] * y[2];`,
    `function go(a: number[], n: number): void { if (n < 0) return; a[n] = a[n] * a[(n + 1) % 3]; go(a, n - 1); a[0] += a[n] * 0.5; }`,
  ),
  "overwritten in loop": program(
    `let a = x[0], b = x[1]; for (let i = 0; i < 4; i++) { const t = a; a = b * t + x[2]; b = t; if (a > 3) a = a / 2; } return a * b;`,
  ),
  "last element": program(
    `const h = [x[0]]; for (let i = 0; i < 3; i++) h[h.length] = h[h.length - 1] ** 2 + x[1]; return h[h.length - 1] * h[1];`,
  ),
  "nested loops break": program(
    `let s = 0; outer: for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) { if (i * j > 2) break outer; if (j > i) continue outer; s += x[i] * x[j] * s + x[i]; } } return s;`,
  ),
  "float buffer reuse": program(
    `const b = new Float64Array(3); let s = 0; for (let k = 0; k < 3; k++) { b.fill(x[k]); b[k] *= x[0]; for (let i = 0; i < 3; i++) s += b[i] * b[(i + 1) % 3]; } return s;`,
  ),
  "nullish and or": program(
    `const y = x[7] ?? x[0]; const z = x[1] || 3; return y * y * z * (x[2] && x[2] ** 2);`,
  ),
  "min max of arrays": program(
    `const ys = x.map((v, i) => v * v + i * x[0]); const m = Math.max(...ys); ys[0] = 0; return m * Math.min(...ys, ) + m ** 2;`,
  ),
  "const fold": program(
    `const k = [2, 3]; const y = k.map((v) => v * x[0]); return y[0] * y[1] + k[1] * x[1] ** 2 + x[2];`,
  ),
  "zero base power": program(
    `const d = x[0] - x[0]; return d ** 2 * x[1] + x[2] ** 2 + (x[1] - x[1]) ** 3;`,
  ),
  "closure counter": program(
    `let n = 0; const step = (v: number) => { n += v; return n * v; }; return step(x[0]) + step(x[1]) * step(x[2]);`,
  ),
};

const at = [0.7, 1.3, 0.4];
const along = [1, -0.5, 2];

function expectNear(found: unknown, expected: unknown, what: string, bound = 1e-11): void {
  const [a, b] = [numbersOf(found), numbersOf(expected)];
  expect(a.length, what).toBe(b.length);
  const scale = Math.max(1, ...b.map(Math.abs));
  a.forEach((x, i) => {
    expect(Math.abs(x - (b[i] as number)), `${what}, number ${i}`).toBeLessThan(bound * scale);
  });
}

it.each(Object.entries(programs))("%s", (_, code) => {
  const { f } = load(translate({ main: code }), "main") as { f: (x: number[]) => number };
  const twin = twinOf(f);
  const forward = grad(f, { mode: "forward" });
  const [value, slope] = jvp(f, [at], [along]);
  expect(value).toBe(f(at));
  const [estimate] = differences(f as never, [at], [along]);
  expectNear(slope, estimate?.value, "differences", 1e-6);
  const byDuals = jvp(forward as never, [at] as never, [along] as never)[1];

  const gradient = twin?.adjoints?.gradient(twin, [at], 0);
  const curvature = twin?.adjoints?.hvp(twin, [at], along);
  expectNear(gradient?.[1], forward(at), "gradient by the adjoint form");
  expectNear(curvature, byDuals, "H·v by second-order code");
  expectNear(grad(f, { mode: "reverse" })(at), forward(at), "gradient in reverse mode");
  expectNear(hvp(f)(at, along as never), byDuals, "H·v");
});

it("a loop of no rounds adds nothing, though what it does not change has no derivative", () => {
  const body = `const z = x[0] - x[0]; let s = x[1] * x[2]; for (let i = 0; i < x.length - 3; i++) s += Math.log(z) * i; return s * s;`;
  const { f } = load(translate({ main: program(body) }), "main") as { f: (x: number[]) => number };
  expectNear(grad(f)(at), [0, 2 * 1.3 * 0.4 ** 2, 2 * 1.3 ** 2 * 0.4], "gradient", 1e-14);
  expectNear(grad(f, { mode: "forward" })(at), grad(f)(at), "forward");
});
