// biome-ignore-all lint/suspicious/noAssignInExpressions: what is tested is when things are evaluated
import { jvp } from "dualize";
import { expect, it } from "vitest";
import { compile } from "./support/compile.ts";
import { inTangentForm, testForms } from "./support/forms.ts";

const scale = 3;
const shifted = (x: number): number => x + scale;
function hidesWhatTheOtherMeans(x: number): number {
  "use dual";
  const scale = x * x;
  return shifted(scale) * scale;
}

const ratio = (a: number, b: number): number => a / b;
function sameNamesOnBothSides(a: number, b: number): number {
  "use dual";
  return ratio(b, a) * ratio(ratio(a, b), b);
}

function early(x: number, limit: number): number {
  let low = x * 2;
  if (low > limit) return low - limit;
  for (let k = 0; k < 3; k++) {
    low *= x;
    if (low > limit) return low * limit;
  }
  return low;
}
function callsInALoop(x: number, limit: number): number {
  "use dual";
  let low = 1;
  let sum = 0;
  for (let k = 0; k < 4; k++) {
    low += 0.3;
    sum = sum * low + early(x * low, limit) * early(low, x) - early(low, low);
  }
  return sum + low;
}

function argumentThatChangesLater(x: number): number {
  "use dual";
  let t = x;
  let sum = 0;
  for (let k = 0; k < 3; k++) sum += ratio(t, x + k) + (t = t * x) + early(t, (t += 1));
  return sum;
}

function usesConstantsOfItsOwn(x: number, y: number): number {
  const s = Math.sin(x);
  const c = Math.cos(y);
  return s * c + s;
}
function twiceInOneExpression(x: number, y: number): number {
  "use dual";
  const s = usesConstantsOfItsOwn(x, y) - usesConstantsOfItsOwn(y, usesConstantsOfItsOwn(x, x));
  return s * usesConstantsOfItsOwn(s, 1);
}

function rounds(x: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.exp(-x) * i;
  return sum;
}
function loopsInsideLoops(x: number): number {
  "use dual";
  let sum = 0;
  for (let i = 0; i < 3; i++) sum += rounds(x + i, 3) * rounds(x * i, 2);
  return sum;
}

class Point {
  x: number;
  y: number;
  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }
  plus(other: Point): Point {
    "use dual";
    return new Point(this.x + other.x, this.y + other.y);
  }
  times(k: number): Point {
    "use dual";
    return new Point(this.x * k, this.y * k);
  }
  get norm(): number {
    "use dual";
    return Math.sqrt(this.x * this.x + this.y * this.y);
  }
  clamped(limit: number): number {
    "use dual";
    const n = this.norm;
    if (n < limit) return n;
    return limit + this.times(0.5).norm;
  }
}
function methods(x: number, y: number): number {
  "use dual";
  let p = new Point(x, y);
  let sum = 0;
  for (let i = 0; i < 3; i++) {
    p = p.plus(p.times(0.1)).plus(new Point(y, 1));
    sum += p.clamped(x * 3) + p.plus(p).norm;
  }
  return sum;
}

function innerHidesParameter(x: number, y: number): number {
  let s = 0;
  for (let i = 0; i < 2; i++) {
    const x = i + 1;
    s += y * x;
  }
  return s + x;
}
function passesTheHiddenName(a: number): number {
  "use dual";
  const x = a * 10;
  let s = 0;
  for (let k = 0; k < 2; k++) s += innerHidesParameter(a, x);
  return s;
}

const fact = (x: number, n: number): number => (n <= 0 ? 1 : (x + n) * fact(x, n - 1));
function callsItself(x: number): number {
  "use dual";
  let sum = 0;
  for (let n = 0; n < 4; n++) sum += fact(x, n);
  return sum;
}

function returnsObject(r: number, limit: number): { x: number; y: number } {
  if (r > limit) return { x: limit, y: r };
  const d = limit - r;
  return { x: r * d, y: d };
}
function objectsFromBranches(r: number, limit: number): number {
  "use dual";
  let sum = 0;
  for (let i = 0; i < 4; i++) {
    const { x, y } = returnsObject(r + i / 2, limit);
    sum += x * y + returnsObject(x, y).x;
  }
  return sum;
}

function insideConditions(x: number): number {
  "use dual";
  let sum = 0;
  for (let i = 0; i < 4; i++) {
    sum += i % 2 === 0 ? early(x, i) : i > 2 && x > 0 ? ratio(x, i) : 0;
    if (early(x, 2) > 1) sum *= 1.5;
    while (early(sum, 3) < 2) sum += 0.7;
  }
  return sum;
}

function shadowedConstant(x: number): number {
  "use dual";
  let sum = 0;
  {
    const h = x * x;
    sum += h * 2;
  }
  let h = x + 1;
  sum += h * (h = 3 * x) + h;
  return sum;
}

function invariants(x: number, y: number, n: number): number {
  "use dual";
  let sum = 0;
  let z = y;
  for (let i = 0; i < n; i++) {
    sum += 2 ** x * i + Math.sin(x * y) + Math.exp(z);
    z *= 0.5;
    if (i > 1) sum -= Math.log(x);
    const later = Math.cos(sum + x);
    for (let j = 0; j < 2; j++) sum += Math.atan2(x, 2) * Math.tanh(later) + y ** 3;
  }
  return sum;
}
function invariantsOfCallbacks(xs: number[], a: number): number {
  "use dual";
  return xs.map((x) => x * Math.exp(a) + 2 ** a).reduce((s, x) => s + x * Math.sin(a), 0);
}
function changedByAClosure(x: number): number {
  "use dual";
  let a = x;
  const grow = () => {
    a += 1;
  };
  let sum = 0;
  for (let i = 0; i < 3; i++) {
    sum += Math.exp(-a);
    grow();
  }
  return sum;
}

function powers(x: number): number {
  "use dual";
  let y = x;
  const p = { x, y };
  return x * x * x * x - x * x * (y = 2) + p.x * p.x * p.x + p.x * p.x * (p.x = 5) * p.x + y * y;
}

testForms(import.meta.url, {
  "a name that means another thing where it is called": { f: hidesWhatTheOtherMeans, at: [0.7] },
  "arguments with the names of the parameters": { f: sameNamesOnBothSides, at: [0.7, 1.9] },
  "several ways out, in a loop": { f: callsInALoop, at: [0.7, 1.9] },
  "an argument that changes after the call": { f: argumentThatChangesLater, at: [0.7] },
  "values that are named": { f: twiceInOneExpression, at: [0.7, 1.9] },
  "loops inside loops": { f: loopsInsideLoops, at: [0.7] },
  "methods and accessors": { f: methods, at: [0.7, 0.4] },
  "an argument with a name that a block inside declares": { f: passesTheHiddenName, at: [0.7] },
  recursion: { f: callsItself, at: [0.7] },
  "objects that several ways out return": { f: objectsFromBranches, at: [0.7, 1.3] },
  "calls in conditions": { f: insideConditions, at: [0.7] },
  "a constant with the name of a variable": { f: shadowedConstant, at: [0.7] },
  "what a loop does not change": { f: invariants, at: [0.7, 0.4, 4], along: [1, 0.5, 0] },
  "what a loop that never runs does not change": {
    f: invariants,
    at: [-0.7, 0.4, 0],
    along: [1, 1, 0],
    is: 0,
  },
  "what callbacks do not change": { f: invariantsOfCallbacks, at: [[0.7, 2], 0.3] },
  "what a closure changes in a loop": { f: changedByAClosure, at: [0.7] },
  "powers of what changes meanwhile": { f: powers, at: [0.7] },
});

it.each([
  [
    "a value that was named",
    "(x: number): number { const before = counter; const after = bump(); return x * before + after; }",
    "h(a)",
  ],
  [
    "an argument",
    "(x: number, before = 0): number { const after = bump(); return x * before + after; }",
    "h(a, counter)",
  ],
  [
    "an argument of a small function",
    "(x: number, before: number): number { const after = bump(); return x * before + after; }",
    "h(a, counter)",
  ],
  [
    "an argument of a large function",
    "(x: number, before: number): number { const after = bump(); if (x > 9) return x; return x * before + after; }",
    "h(a, counter)",
  ],
])("keeps what %s was before other code changed it", (_, h, call) => {
  const { exports } = compile(`
    let counter = 1;
    export function reset(): void { counter = 1; }
    function bump(): number { counter += 5; return counter; }
    function h${h}
    export function f(a: number): number {
      "use dual";
      let s = 0;
      for (let i = 0; i < 2; i++) s += ${call};
      return s;
    }`);
  const { f, reset } = exports as { f: (a: number) => number; reset: () => void };
  for (const run of [jvp as never, inTangentForm] as ((...a: unknown[]) => unknown)[]) {
    reset();
    const value = f(3);
    reset();
    expect(run(f, [3], [1])).toEqual([value, 1 + 6]);
  }
});

it("writes a small function where it is called, and calls a large one", () => {
  const steps = Array.from({ length: 60 }, (_, i) => `y += x * ${i};`).join(" ");
  const { code } = compile(`
    const small = (x: number): number => x * x;
    function branches(x: number): number { if (x > 1) return x; return x / 2; }
    function large(x: number): number { let y = x; ${steps} return y; }
    export function f(x: number): number { "use dual"; return small(x) + branches(x) + large(x); }`);
  const body = code.split("function f$tangent(")[1]!.split("\nfunction ")[0]!;
  expect(body).not.toContain("small$tangent(");
  expect(body).not.toContain("branches$tangent(");
  expect(body).toContain("large$tangent(x");
});

it("computes once what a loop does not change", () => {
  const { code } = compile(`
    export function f(a: number, n: number): number {
      "use dual";
      let s = 0;
      for (let i = 0; i < n; i++) s += Math.exp(-a) * i + Math.exp(-a);
      return s;
    }`);
  const form = code.split("function f$tangent(")[1]!.split("\nfunction ")[0]!;
  const [before, loop] = form.split("for (");
  expect(before!.match(/Math\.exp/g)).toHaveLength(1);
  expect(loop).not.toContain("Math.exp");
});
