import { derivative, jvp } from "dualize";
import { expect, it } from "vitest";
import { expectForms, inTangentForm, reportOnFile, testForms } from "./support/forms.ts";
import * as helpers from "./support/helpers.ts";
import cube, {
  lerp as blend,
  curried,
  last,
  lerp,
  looselyCurried,
  norm,
  pair,
  polar,
  ruled,
  scaleInPlace,
  twice,
  unmarked,
} from "./support/helpers.ts";
import { cubed, twice as doubled, mix } from "./support/reexports.ts";

function byDefault(x: number): number {
  "use dual";
  return cube(x) * cube(cube(x) + 1);
}
function byName(x: number, y: number): number {
  "use dual";
  return lerp(x, y, x * y) + blend(x, twice(y)) * twice(lerp(y, x, 0.5));
}
function byNamespace(x: number, y: number): number {
  "use dual";
  return helpers.lerp(x, y, 0.1) * helpers.default(x) + helpers.twice(y);
}
function byReexport(x: number, y: number): number {
  "use dual";
  return cubed(x) + mix(x, y) * doubled(y);
}
function ofArrays(x: number, y: number): number {
  "use dual";
  const xs = [x, y, x * y];
  const size: number = norm(xs);
  return size * norm([x, 1]);
}
function givesArrays(x: number, y: number): number {
  "use dual";
  const [a, b]: number[] = pair(x, y);
  const p: { x: number; y: number } = polar(x, y);
  return a! * b! + p.x * p.y;
}
function givesWhatIsDeclared(x: number, y: number): number {
  "use dual";
  const [a, b] = pair(x, y);
  return a! * norm(pair(b!, x)) + polar(x, y).y * helpers.polar(y, x).x;
}
function changesArrays(x: number, y: number): number {
  "use dual";
  const xs = [x, y];
  scaleInPlace(xs, x * y);
  return xs[0]! + xs[1]! * xs[1]!;
}
function byRule(x: number): number {
  "use dual";
  return ruled(x) + ruled(2 * x) * x;
}
function inert(x: number): number {
  "use dual";
  return x * unmarked(3) + twice(2) * x;
}
function inControlFlow(x: number, y: number): number {
  "use dual";
  let s = 0;
  for (let i = 0; i < 3; i++) s += i % 2 ? cube(x) : twice(y);
  while (cube(s) > 1) s = lerp(s, 0, 0.5);
  return twice(x) > 1 ? s : -s;
}
function generic(x: number): number {
  "use dual";
  const l: number = last([x, x * x]);
  return l * 2;
}
function asCallback(xs: number[]): number {
  "use dual";
  return xs.map((x) => cube(x)).reduce((a, b) => lerp(a, b, 0.5), 1);
}
function callsUnmarked(x: number): number {
  "use dual";
  return unmarked(x) * 2;
}
function callsCurried(a: number, x: number): number {
  "use dual";
  const f: (t: number) => number = curried(a, [x, a]);
  const g: (t: number) => number = looselyCurried(a, [x, a]);
  return f(x) * g(x * x) + f(2) + g(a);
}
function callsCurriedAtOnce(a: number, x: number): number {
  "use dual";
  return curried(a, [x, a])(x);
}
function inLiterals(x: number, y: number): number {
  "use dual";
  const xs = [cube(x), twice(y)];
  const o = { a: twice(x), b: [cube(y)] };
  xs.push(lerp(x, y));
  return xs[0]! * xs[1]! + xs[2]! * o.a + o.b[0]!;
}
function textAndBack(x: number): number {
  "use dual";
  const t = twice(x);
  return t > 1 ? t * t : t;
}

it("has helpers that take the tangent form", () => {
  expectForms(reportOnFile(new URL("support/helpers.ts", import.meta.url)), {
    last: /the type parameter 'T'/,
    looselyCurried: /the type unknown/,
  });
});

testForms(import.meta.url, {
  "a default import": { f: byDefault, at: [0.7] },
  "named imports, also renamed and with defaults": { f: byName, at: [0.7, 1.9] },
  "a namespace": { f: byNamespace, at: [0.7, 1.9] },
  "names that were exported again": { f: byReexport, at: [0.7, 1.9] },
  "imported functions of arrays": { f: ofArrays, at: [0.7, 1.9] },
  "imported functions that give arrays and objects": { f: givesArrays, at: [0.7, 1.9] },
  "imported functions that give what they declare": { f: givesWhatIsDeclared, at: [0.7, 1.9] },
  "imported functions that change arrays": { f: changesArrays, at: [0.7, 1.9] },
  "functions with a rule of their own": {
    f: byRule,
    at: [0.7],
    along: [1],
    is: 100 + 4 * 0.7 ** 2 + 200 * 0.7,
    noDifferences: "the rule is wrong on purpose",
  },
  "imported functions of constants": { f: inert, at: [0.7], along: [1], is: 13 },
  "imported functions in loops and conditions": { f: inControlFlow, at: [0.7, 1.9] },
  "imported functions without a tangent form": { f: generic, at: [0.7], along: [1], is: 2.8 },
  "imported functions in callbacks": { f: asCallback, at: [[0.7, 2, -1]] },
  "imported functions that give functions": { f: callsCurried, at: [0.7, 1.9] },
  "imported functions that give functions, called at once": {
    f: callsCurriedAtOnce,
    at: [0.7, 1.9],
  },
  "imported functions in literals": { f: inLiterals, at: [0.7, 1.9] },
  "imported functions whose result decides": { f: textAndBack, at: [0.7], along: [1], is: 5.6 },
});

it("refuses an imported function that is not marked, and names the place", () => {
  expect(() => jvp(callsUnmarked, [3], [1])).toThrow(/unmarked[\s\S]*imports\.test\.ts:\d+/);
  // What nobody knows can't be run again, so the tangent form leaves it to the dual form.
  expect(() => inTangentForm(callsUnmarked, [3], [1])).toThrow("the tangent form declined");
});

it("differentiates through other modules twice", () => {
  expect(derivative(derivative(byDefault))(1)).toBe(36 * 9 + 20 * 6);
});
