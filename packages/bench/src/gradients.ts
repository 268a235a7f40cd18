// Whole gradients and Hessian-vector products as multiples of the function, as tables in Markdown:
//
//   npm run bench:gradients
import { hvp, valueAndGrad, vjp } from "dualize";
import { batchOf, plainArguments } from "./batch.ts";
import { kernels } from "./kernels/index.ts";
import { rosenbrock } from "./kernels/rosenbrock.ts";
import { fullEffort, geometricMean, interleave } from "./measure.ts";

const NAMES = ["value and gradient", "by all arguments", "H·v"] as const;
type Column = (typeof NAMES)[number];

const rows: string[] = [];
const all: Record<Column, number[]> = { "value and gradient": [], "by all arguments": [], H·v: [] };
for (const { name, f, args, tangents } of kernels) {
  // Those that give a list have no gradient.
  if (typeof f(...(args as never[])) !== "number") continue;
  const own = plainArguments(args.length);
  const plain = batchOf(f, args, tangents, `f(${own})`, "r");
  const whole = (...primals: unknown[]) => vjp(f as never, primals as never)[1](1 as never);
  const { timings } = interleave(
    plain,
    [
      {
        name: "value and gradient",
        batch: batchOf(valueAndGrad(f as never), args, tangents, `f(${own})`, "r[0]"),
      },
      {
        name: "by all arguments",
        batch: batchOf(whole, args, tangents, `f(${own})`, "r.length"),
      },
      {
        name: "H·v",
        batch: batchOf(hvp(f as never), args, tangents, `f(${own.replace("a0,", "a0, t0,")})`, "1"),
      },
    ],
    fullEffort,
  );
  const ratios = NAMES.map((of) => {
    const { ratio } = timings.get(of) as { ratio: number };
    all[of].push(ratio);
    return ratio.toFixed(2);
  });
  rows.push(`| ${name} | ${ratios.join(" | ")} |`);
}
console.log(`| kernel | ${NAMES.map((n) => `${n} / plain`).join(" | ")} |`);
console.log(`| --- | ${NAMES.map(() => "---:").join(" | ")} |`);
console.log(rows.join("\n"));
const means = NAMES.map((of) => geometricMean(all[of]).toFixed(2));
console.log(`| geometric mean | ${means.join(" | ")} |\n`);

console.log("| Rosenbrock, n | value and gradient / plain |\n| ---: | ---: |");
for (const n of [10, 100, 1_000, 10_000, 100_000]) {
  const x = Float64Array.from({ length: n }, (_, i) => Math.sin(i));
  const { timings } = interleave(
    batchOf(rosenbrock, [x], [x], "f(a0)", "r"),
    [{ name: "gradient", batch: batchOf(valueAndGrad(rosenbrock), [x], [x], "f(a0)", "r[0]") }],
    fullEffort,
  );
  console.log(`| ${n} | ${(timings.get("gradient") as { ratio: number }).ratio.toFixed(2)} |`);
}
