// biome-ignore-all lint: unusual ways to write things are what is tested here

import { grad, jacobian, jvp } from "dualize";
import { expect, it } from "vitest";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { inTangentForm, testForms } from "./support/forms.ts";

function reads(xs: Float64Array, i: number): number {
  "use dual";
  let s = 0;
  for (let k = 0; k < xs.length; k++) s += xs[k] * xs[k] * (k + 1);
  return s * xs[i];
}
function writes(xs: Float64Array, k: number): Float64Array {
  "use dual";
  const out = new Float64Array(xs.length);
  for (let i = 0; i < xs.length; i++) {
    out[i] = xs[i] * k;
    out[i] += xs[0];
    out[i] *= out[i];
    if (i > 0) out[i] -= out[i - 1];
    out[i]++;
  }
  return out;
}
function copies(xs: Float64Array, ys: number[]): number {
  "use dual";
  const a = new Float64Array(xs);
  const b = new Float64Array(ys);
  const c = xs.slice(1);
  a[0] *= 2;
  c[0] += a[0];
  b.set(c, 1);
  return a[0] * xs[0] + b[1] * b[0] + xs[1];
}
function views(xs: Float64Array): number {
  "use dual";
  const own = xs.slice();
  const tail = own.subarray(1);
  tail[0] *= own[0];
  return own[1] * tail[1];
}
function methods(xs: Float64Array, k: number): number {
  "use dual";
  const ys = xs.map((x) => x * k);
  const filled = new Float64Array(3).fill(k);
  filled.fill(xs[0], 1, 2);
  let s = 0;
  ys.forEach((y, i) => {
    s += y * filled[i];
  });
  if (ys.some((y) => y > 100)) s = 0;
  return s + ys.reduce((a, b) => a + b * b, 0) * xs.at(-1)!;
}
function iterates(xs: Float64Array): number {
  "use dual";
  let s = 0;
  for (const x of xs) s += x * x;
  for (const [i, x] of xs.entries()) s *= 1 + i * x;
  const [a, b] = xs;
  return s + a * b + [...xs].length + Math.max(...xs);
}
function single(xs: Float32Array, k: number): number {
  "use dual";
  const out = new Float32Array(2);
  out[0] = xs[0] * k;
  out[1] = xs[1];
  out[1] += out[0] * k;
  const assigned = (out[0] = k / 3);
  return out[0] * out[1] + assigned;
}
function singleResult(x: number): Float32Array {
  "use dual";
  const out = new Float32Array(3);
  out[0] = x * 0.1;
  out[1] = out[0] * 3;
  out[2]++;
  out[2] *= x;
  return out;
}
function singleMethods(x: number): number {
  "use dual";
  const a = new Float32Array([x * 0.1, x]);
  const b = a.map((v) => v * 0.7);
  const c = new Float32Array(2).fill(x / 7);
  b.set([x / 3]);
  const [d] = a;
  return a[0] * b[0] + b[1] * c[1] + d + a.reduce((s, v) => s + v, 0);
}
function mixed(x: number): number {
  "use dual";
  const wide = new Float64Array([x / 3, x]);
  const narrow = new Float32Array(wide);
  const back = Array.from(narrow);
  return wide[0] - narrow[0] + back[1] * narrow[0];
}
function sizes(n: number, x: number): number {
  "use dual";
  const out = new Float64Array(n);
  out[n - 1] = x;
  const list = new Float64Array([x, 1, x * x]);
  return out[n - 1] * list[2] + out.length * x + list.length;
}
function outOfRange(xs: Float64Array, x: number): number {
  "use dual";
  const own = xs.slice();
  own[7] = x;
  own[0] = own[0] * x;
  return own.length * x + own[0];
}
function integers(x: number): number {
  "use dual";
  const counts = new Int32Array(3);
  counts[1] = 4;
  return x * counts[1] + counts[0];
}
function integersOfActive(x: number): number {
  "use dual";
  const counts = new Int32Array(3);
  counts[1] = x;
  return x * counts[1];
}
function inObjects(o: { xs: Float64Array; k: number }): number {
  "use dual";
  const { xs, k } = o;
  return xs[0] * k + o.xs[1] * o.k;
}

const f8 = (...xs: number[]): Float64Array => new Float64Array(xs);
const single32 = "stores round to single precision";
testForms(
  import.meta.url,
  {
    "elements are read": { f: reads, at: [f8(0.7, 2, -1), 1], along: [f8(1, 2, 3), 0] },
    "elements are written": { f: writes, at: [f8(0.7, 2, -1), 1.9] },
    "copies share nothing": { f: copies, at: [f8(0.7, 2, -1), [3, 4, 5]] },
    "views share": { f: views, at: [f8(0.7, 2, -1)] },
    methods: { f: methods, at: [f8(0.7, 2, -1), 1.9] },
    "for-of, destructuring and spread": { f: iterates, at: [f8(0.7, 2, -1)] },
    "Float32Array: the primal rounds, the tangent goes through": {
      f: single,
      at: [new Float32Array([0.7, 2]), 0.1],
      along: [new Float32Array([1, 2]), 1],
      noDifferences: single32,
    },
    "Float32Array as a result": { f: singleResult, at: [0.7], noDifferences: single32 },
    "methods of Float32Array": { f: singleMethods, at: [0.7], noDifferences: single32 },
    "both kinds of array": { f: mixed, at: [0.7], noDifferences: single32 },
    sizes: { f: sizes, at: [3, 0.7], along: [0, 1] },
    "what is written out of range is lost": { f: outOfRange, at: [f8(0.7, 2), 1.9] },
    "arrays of integers that hold nothing active": { f: integers, at: [0.7], along: [1], is: 4 },
    "arrays of integers that are written to": { f: integersOfActive, at: [2.7], along: [1], is: 2 },
    "typed arrays in objects": { f: inObjects, at: [{ xs: f8(0.7, 2), k: 3 }] },
  },
  { integersOfActive: /not active/ },
);

it("gives gradients and Jacobians as typed arrays", () => {
  expect(grad(reads)(f8(1, 2), 0)).toEqual(f8(1 + 8 + 2, 8));
  expect(jacobian(writes)(f8(1, 2), 3)[0]).toEqual(f8(32, 0));
});

it("takes the exact tangent of what a Float32Array holds", () => {
  function third(x: number): number {
    "use dual";
    const a = new Float32Array(1);
    a[0] = x / 3;
    return a[0];
  }
  for (const run of [
    jvp as never,
    inTangentForm,
    (f: never, p: [], t: []) => pushDual(f, undefined, p, t),
  ] as ((...a: unknown[]) => unknown)[]) {
    expect(run(third, [1], [1])).toEqual([Math.fround(1 / 3), 1 / 3]);
  }
});
