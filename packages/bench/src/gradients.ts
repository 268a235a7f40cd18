// Whole gradients and Hessian-vector products as multiples of the function, as a table in Markdown:
//
//   npm run bench:gradients
import { hvp, valueAndGrad } from "dualize";
import { batchOf, plainArguments } from "./batch.ts";
import { kernels } from "./kernels/index.ts";
import { fullEffort, geometricMean, interleave } from "./measure.ts";

const rows: string[] = [];
const all: Record<"gradient" | "H·v", number[]> = { gradient: [], H·v: [] };
for (const { name, f, args, tangents } of kernels) {
  // Those that give a list have no gradient.
  if (typeof f(...(args as never[])) !== "number") continue;
  const own = plainArguments(args.length);
  const plain = batchOf(f, args, tangents, `f(${own})`, "r");
  const { timings } = interleave(
    plain,
    [
      {
        name: "gradient",
        batch: batchOf(valueAndGrad(f as never), args, tangents, `f(${own})`, "r[0]"),
      },
      {
        name: "H·v",
        batch: batchOf(hvp(f as never), args, tangents, `f(${own.replace("a0,", "a0, t0,")})`, "1"),
      },
    ],
    fullEffort,
  );
  const ratio = (of: "gradient" | "H·v") => {
    const { ratio } = timings.get(of) as { ratio: number };
    all[of].push(ratio);
    return ratio.toFixed(2);
  };
  rows.push(`| ${name} | ${ratio("gradient")} | ${ratio("H·v")} |`);
}
const mean = (of: "gradient" | "H·v") => geometricMean(all[of]).toFixed(2);
console.log("| kernel | value and gradient / plain | H·v / plain |");
console.log("| --- | ---: | ---: |");
console.log(rows.join("\n"));
console.log(`| geometric mean | ${mean("gradient")} | ${mean("H·v")} |`);
