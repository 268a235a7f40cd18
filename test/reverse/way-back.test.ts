import { describe, it } from "vitest";
import { expectEveryCode } from "../tangent/support/codes.ts";

/**
 * What the reverse sweep takes from the forward one: fields and elements that something is added to, whose adjoints stay
 * where they are; what branches keep; lists that are not changed any more; sines and cosines that are known.
 */

const all = ["tangent", "adjoint", "hvp"] as const;
const head = `"use dual";
type O = { a: number; b: number };
function add(o: O, x: number): void { o.a += x * o.b; }
function largest(o: O, x: number, y: number): number[] { const l = [x * 2, y * 3]; const m = Math.max(...l); o.a += m * m; return l; }
`;
const of = (body: string) => `${head}export function f(x: number[]): number { ${body} }`;

const programs: Record<string, string> = {
  "a field":
    "const o = { a: x[0]!, b: x[1]! }; o.a += o.b * o.b; o.a -= x[1]! * x[0]!; return o.a * o.a + o.b;",
  "a field by what it holds":
    "const o = { a: x[0]!, b: x[1]! }; o.a += o.a * o.b; o.a -= o.a; o.a += x[0]! * o.b; return o.a * o.a;",
  "a field that is on the right":
    "const o = { a: x[0]!, b: x[1]! }; o.a = o.b * o.b + o.a; o.a = x[1]! - o.a; return o.a * o.a;",
  "a field whose sum is read again":
    "const o = { a: x[0]!, b: x[1]! }; const s = (o.a += o.b * o.b); return s * o.a * s;",
  "a field that is set in between":
    "const o = { a: x[0]!, b: x[1]! }; const before = o.a; o.a = x[1]! ** 2; o.a = before + o.a * o.b; return o.a * o.a;",
  "a field that a call changes in between":
    "const o = { a: x[0]!, b: x[1]! }; const before = o.a; add(o, x[1]!); o.a = before + o.b; return o.a * o.a * o.b;",
  "the same object by two names":
    "const o = { a: x[0]!, b: x[1]! }; const p = o; o.a += p.a * p.b; p.a += o.a * o.a; return p.a * o.b;",
  "another object that may be the same":
    "const os = [{ a: x[0]!, b: x[1]! }, { a: x[1]!, b: x[0]! }]; for (const o of os) for (const p of os) { o.a += p.a * p.b; p.a -= o.a * o.b * 0.1; } return os[0]!.a * os[1]!.a;",
  "elements of a list":
    "const l = [x[0]!, x[1]!, 1]; for (let k = 0; k < 3; k++) { l[k]! += x[0]! * l[(k + 1) % 3]!; l[0]! -= l[k]! * 0.3; } return l[0]! * l[1]! + l[2]! ** 2;",
  "an element whose place moves":
    "const l = [x[0]!, x[1]!]; let k = 0; const before = l[k]!; k = 1; l[k] = before + x[1]! * x[1]!; return l[0]! * l[1]!;",
  "elements of a float array":
    "const l = new Float64Array([x[0]!, x[1]!, 1]); for (let k = 0; k < 4; k++) { l[k]! += x[0]! * x[1]!; l[1]! -= l[0]! * 0.3; } return l[0]! * l[1]! + l[2]! ** 2;",
  "elements of single precision":
    "const l = new Float32Array(2); l[0]! += x[0]! * x[1]!; l[0]! += l[0]! * 0.5; l[1]! -= x[1]!; return x[0]! ** 2 + (l.length - 2) * l[0]!;",
  "places that are added to while they are summed up":
    "const o = { a: 0, b: x[1]! }; let s = 0; for (const v of x) { o.a += v * o.b; s += o.a * o.a; } return s;",
  "a branch":
    "let s = x[0]! * 2; if (s > 0) { const a = s / x[1]!; const b = Math.exp(a); s = a / b + b; } else s = -s; return s * s;",
  "branches in branches":
    "let s = x[0]! * 2; if (s > 0) { const a = Math.sin(s) / x[1]!; if (a > 10) s = a; else { const b = Math.exp(a) / a; if (b > 0) { const c = b / s; s = c / (1 + b) + a; } s /= b; } } return s * s;",
  "branches of rounds":
    "let s = 0; for (const v of x) { if (v > 1) { const a = Math.exp(v) / (1 + v); const b = a / v; if (b > 0.5) s += b / a + Math.sqrt(b); else s += a / b; } else s += Math.log(v) / v; } return s;",
  "a list of a branch":
    "let s = x[0]!; if (s > 0) { const l = [s, s * x[1]!, Math.exp(s)]; l[0]! += l[1]! / l[2]!; s = l[0]! * l[1]! + l[2]!; } return s * s;",
  "an object that one of two branches chooses":
    "const os = [{ a: x[0]!, b: x[1]! }, { a: x[1]!, b: 2 }]; let s = 0; if (x[0]! > 1) { const o = os[x[1]! > 0 ? 1 : 0]!; o.a += o.b / x[0]!; s = o.a * o.a; } return s * os[1]!.a;",
  "loops in branches":
    "let s = x[0]!; if (s > 0) { for (let k = 0; k < 3; k++) { s = Math.sin(s) / x[1]! + s; if (s > 1) s /= 1 + s; } s = s / x[1]!; } return s * s;",
  "the largest of a list of each round":
    "let s = 0; for (const v of x) { const l: number[] = []; for (const w of x) l.push(v * w + w); s += Math.max(...l) * l[0]!; } return s * s;",
  "the largest of a list that is changed after":
    "let s = 0; for (const v of x) { const l = [v, x[0]! * v]; const m = Math.max(...l); l[0]! *= m; l.push(l[0]!); s += m * l[0]! * Math.max(...l); } return s;",
  "the largest of a list that is changed by another name":
    "let s = 0; for (const v of x) { const l = [v, x[0]! * v]; const k = l; const m = Math.max(...l); k[1]! -= m * m; s += m * l[1]!; } return s;",
  "the largest of a list that a later round changes":
    "let s = 0; const all: number[][] = []; for (const v of x) { const l = [v, x[0]! * v]; s += Math.max(...l); all.push(l); all[0]![0]! *= v; } return s * all[0]![0]!;",
  "sines and cosines of one number":
    "let s = 0; for (const v of x) { const a = Math.sin(v * x[0]!); const b = Math.cos(v * x[0]!); s += a * b * b; } const t = x[0]! * x[1]!; return s * Math.sin(t) + Math.cos(t) * s;",
  "a cosine that only some rounds come to":
    "let s = 0; let k = 0; for (;;) { const t = s + x[k % 2]!; const a = Math.sin(t); s += a * a; if (k++ > 3) break; const b = Math.cos(t); s += 0.3 * b * b; } return s;",
  "a cosine of one branch":
    "let s = x[0]!; for (const v of x) { const t = s * v; const a = Math.sin(t); if (a > 0.5) { const b = Math.cos(t); s += b * a; } else s -= Math.sinh(t) * Math.cosh(t) * a; } return s * s;",
  "a place whose sum is given back": "const o = { a: x[0]!, b: x[1]! }; return (o.a += o.b * o.b);",
  "places beyond the end of a float array":
    "const l = new Float64Array(2); for (let k = -1; k < 4; k++) { l[k]! += x[0]! * x[1]!; l[0]! -= x[1]! * 0.5; } return l[0]! * l[1]!;",
  "the largest of a list that whoever gets it changes":
    "const o = { a: 0, b: x[1]! }; const l = largest(o, x[0]!, x[1]!); l[0]! = 0; l[1]! *= 100; return o.a * l[1]!;",
  "rows that a branch swaps":
    "const m = [[x[0]!, x[1]!], [2, 3]]; if (x[0]! > 0) { const r = m[0]!; m[0] = m[1]!; m[1] = r; r[0]! += r[1]! / m[0]![0]!; const q = r[0]! / r[1]!; m[0]![1]! -= q; } return m[0]![1]! * m[1]![0]!;",
  "rows that rounds swap":
    "const m = [[x[0]!, x[1]!], [2, 3]]; for (let k = 0; k < 2; k++) { const r = m[k]!; const p = m[1 - k]!; m[k] = p; m[1 - k] = r; r[0]! += p[1]! * x[k]!; p[1]! -= r[0]! / 7; } return m[0]![1]! * m[1]![0]! + m[0]![0]!;",
  "the cosine of a variable that is set in between":
    "let t = x[0]! * x[1]!; const a = Math.sin(t); t += a; const b = Math.cos(t); return a * b * t;",
};

describe("going back through", () => {
  for (const [name, body] of Object.entries(programs))
    it(name, () => {
      expectEveryCode({ name, code: of(body), at: [[1.3, 0.7]], along: [[0.6, -0.4]], codes: all });
    });
});
