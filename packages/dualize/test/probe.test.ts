import { test } from "vitest";
import { rules } from "../src/rules.ts";
import { math } from "../src/math.ts";
import { dualForm } from "../src/twins.ts";
import { derivative } from "../src/index.ts";
import { decimalFunction, isNormal, reference, ulpsOff } from "./support/reference.ts";
let seed = 12345;
const random = () => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed / 2 ** 32; };
const pool: number[] = [];
for (const m of [1e-300,1e-150,1e-20,1e-10,1e-5,1e-3,0.1,0.3,0.49,0.51,0.7,0.9,0.99,1-1e-8,1-2**-53,1+2**-52,1+1e-8,1.1,1.5,2,3,5,10,19,21.9,22.1,30,100,300,700,1e4,1e8,1e12,1e100,1e160,1e300]) { const r = m*(m<1e-2||m>10?0.5+random():1); pool.push(r,-r);}
for (const [name, rule] of Object.entries(rules)) {
  if (rule.kind !== "unary") continue;
  test(name, () => {
    const t0 = Date.now();
    const f = decimalFunction(name)!;
    const d1 = derivative(dualForm(math[name] as never) as never) as (x: number) => number;
    const d2 = derivative(dualForm(d1) as never) as (x: number) => number;
    let n = 0, skipped: string[] = [], w1 = 0, w2 = 0; const bad: string[] = [];
    for (const x of pool) {
      const v = rule.primal(x);
      if (!Number.isFinite(v)) continue;
      for (const order of [1, 2]) {
        const ref = reference(f, [x], Array(order).fill(0));
        if (!ref) { skipped.push(order + ":" + x); continue; }
        if (!ref.isZero() && !isNormal(ref)) continue;
        const found = order === 1 ? d1(x) : d2(x);
        const off = ulpsOff(found, ref);
        n++;
        if (order === 1) w1 = Math.max(w1, off); else w2 = Math.max(w2, off);
        if (!(off <= order * 4)) bad.push(`${order}: x=${x} off ${off} found ${found} ref ${ref.toNumber()}`);
      }
    }
    console.log(name, n, "worst", w1.toFixed(2), w2.toFixed(2), "skipped", skipped.join(" "), Date.now() - t0, "ms\n" + bad.join("\n"));
  });
}
