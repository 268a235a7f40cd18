import { derivative, grad, jvp } from "dualize";
import { expect, it } from "vitest";
import { inTangentForm, testForms } from "./support/forms.ts";

function factorial(x: number, n: number): number {
  "use dual";
  return n <= 0 ? 1 : (x + n) * factorial(x, n - 1);
}
function isEven(x: number, n: number): number {
  "use dual";
  return n === 0 ? x : isOdd(x * x, n - 1);
}
function isOdd(x: number, n: number): number {
  return n === 0 ? -x : isEven(x + 1, n - 1);
}
function ackermann(m: number, x: number): number {
  "use dual";
  if (m <= 0) return x + 1;
  return ackermann(m - 1, x > 3 ? x * 0.5 : ackermann(m - 1, x * 1.1));
}
const square = (x: number): number => x * x;
const half = (x: number): number => x / 2;
function callsOthers(x: number, y: number): number {
  "use dual";
  return square(x + y) * half(square(y)) + square(half(x)) - later(x);
}
function later(x: number): number {
  return 3 * x;
}
function polar(r: number, angle: number): { x: number; y: number } {
  return { x: r * Math.cos(angle), y: r * Math.sin(angle) };
}
function usesObjects(r: number, angle: number): number {
  "use dual";
  const { x, y } = polar(r, angle);
  const p = polar(x, y);
  return p.x * y + polar(p.y, x).x;
}
function withDefaults(x: number, scale = 2, offset = x * scale): number {
  "use dual";
  return x * scale + offset;
}
function callsWithDefaults(x: number, y: number): number {
  "use dual";
  return (
    withDefaults(x) + withDefaults(x, y) * withDefaults(y, x, 3) + withDefaults(x, undefined, y)
  );
}
function optional(x: number, scale?: number): number {
  "use dual";
  return scale === undefined ? x * x : x * scale;
}
function callsOptional(x: number, y: number): number {
  "use dual";
  return optional(x) * optional(x, y) + optional(y, undefined);
}
function defaultArray(x: number, weights: number[] = [1, x, 3]): number {
  "use dual";
  let s = 0;
  for (const w of weights) s += w * x;
  return s;
}
function defaultPattern(
  { x, y = x * 2 }: { x: number; y?: number },
  [a, b = a]: number[] = [x, y],
): number {
  "use dual";
  return x * y + a * b;
}
function writesParameter(x: number, y: number): number {
  "use dual";
  x *= y;
  y = x + 1;
  return x * y;
}
function scalesInPlace(xs: number[], k: number): void {
  for (let i = 0; i < xs.length; i++) xs[i] *= k;
}
function callsInPlace(xs: number[], k: number): number {
  "use dual";
  const own = xs.slice();
  scalesInPlace(own, k);
  scalesInPlace(own, own[0]!);
  return own.reduce((a, b) => a + b, 0);
}
function argumentsThatCall(x: number): number {
  "use dual";
  return square(square(x) + half(square(x))) * square(half(half(x)));
}
const through = (x: number): number => {
  "use dual";
  const twice = square(x) + square(x);
  return twice;
};
function unusedResult(x: number): number {
  "use dual";
  square(x);
  return x * 3;
}

testForms(import.meta.url, {
  recursion: { f: factorial, at: [0.7, 5], along: [1, 0] },
  "mutual recursion": { f: isEven, at: [0.7, 5], along: [1, 0] },
  "recursion inside an argument": { f: ackermann, at: [3, 0.7], along: [0, 1] },
  "functions of the same file, declared in every way": { f: callsOthers, at: [0.7, 1.9] },
  "functions that return objects": { f: usesObjects, at: [1.7, 0.4] },
  "default parameters, all missing": {
    f: withDefaults,
    at: [0.7],
    is: 4 * Math.fround(Math.sin(1) + 0.1),
  },
  "default parameters, one given": { f: withDefaults, at: [0.7, 3] },
  "default parameters, undefined given": {
    f: withDefaults,
    at: [0.7, undefined, 3],
    along: [1, null, 1],
    is: 3,
  },
  "default parameters at calls inside": { f: callsWithDefaults, at: [0.7, 1.9] },
  "an optional parameter that is missing": { f: optional, at: [0.7], along: [1], is: 1.4 },
  "an optional parameter that is given": { f: optional, at: [0.7, 3], along: [1, 2], is: 4.4 },
  "optional parameters at calls inside": { f: callsOptional, at: [0.7, 1.9] },
  "a default array made of another parameter": { f: defaultArray, at: [0.7] },
  "a default array that is given": { f: defaultArray, at: [0.7, [2, 5]] },
  "patterns with defaults as parameters": { f: defaultPattern, at: [{ x: 0.7 }] },
  "patterns with defaults as parameters, all given": {
    f: defaultPattern,
    at: [{ x: 0.7, y: 2 }, [3, 1.1]],
  },
  "patterns with defaults as parameters, some given": {
    f: defaultPattern,
    at: [{ x: 0.7, y: 2 }, [3]],
  },
  "parameters that are written to": { f: writesParameter, at: [0.7, 1.9] },
  "a function that changes its argument": { f: callsInPlace, at: [[0.7, 2, -1], 1.9] },
  "calls in arguments of calls": { f: argumentsThatCall, at: [0.7] },
  "a constant that holds a function": { f: through, at: [0.7] },
  "a call whose result is not used": { f: unusedResult, at: [0.7], along: [1], is: 3 },
});

it("differentiates along the parameters that were given", () => {
  expect(derivative(withDefaults)(2)).toBe(4);
  expect(derivative(withDefaults)(2, 5)).toBe(10);
  expect(grad(withDefaults, { argnum: 1 })(2, 5)).toBe(4);
  expect(jvp(optional, [3, 4], [0, 1])).toEqual([12, 3]);
});

let calls = 0;
function counted(x: number): number {
  calls++;
  return x * x;
}
function callsCounted(x: number): number {
  "use dual";
  counted(x);
  return counted(x) + (x > 0 ? counted(2 * x) : 0) + Math.max(counted(x), 1);
}

it("calls what the plain function calls, as often", () => {
  for (const run of [jvp as never, inTangentForm] as ((...a: unknown[]) => unknown)[]) {
    calls = 0;
    expect(run(callsCounted, [3], [1])).toEqual([54, 36]);
    expect(calls).toBe(4);
  }
});
