/** Trains a network on the iris flowers in two ways, checks its derivatives, and draws it. */
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { adam } from "./adam.ts";
import { differencedCurvature, differencedGradient, relativeDifference } from "./check.ts";
import { loadFlowers } from "./data.ts";
import { jaxValueAndGradient } from "./jax.ts";
import { accuracy, type Network } from "./network.ts";
import { newtonCg } from "./newton-cg.ts";
import { type OnStep, objective, type Training } from "./objective.ts";
import { numbers, randomNetwork } from "./parameters.ts";
import { draw } from "./picture.ts";
import { FLAT, spectrum } from "./spectrum.ts";

const flowers = loadFlowers();
const start = randomNetwork(2, 6, 3, 0.7);
const error = objective(flowers.training, 1e-4);

console.log(`${numbers(start).length} weights and biases, ${flowers.training.length} flowers\n`);
const exact = error.valueAndGradient(start)[1];
const products = error.curvature(start, exact);
const check = (name: string, ours: Network, differences: Network) =>
  console.log(
    `  ${name} beside differences  ${relativeDifference(differences, ours).toExponential(1)}`,
  );
check("gradient                 ", exact, differencedGradient(error, start));
check("Hessian times a direction", products, differencedCurvature(error, start, exact));

const newton = timed("Newton-CG", 5, (onStep) =>
  newtonCg(start, error, { tolerance: 1e-10, maxPasses: 2000 }, onStep),
);
const byAdam = timed("Adam", 400, (onStep) =>
  adam(start, error, { rate: 0.1, passes: 2000 }, onStep),
);

const valueAndGradient = jaxValueAndGradient(start, flowers.training, 1e-4);
timed("Adam, with gradients by jax-js", 400, (onStep) =>
  adam(start, { valueAndGradient }, { rate: 0.1, passes: 2000 }, onStep),
);

const eigenvalues = spectrum(error, newton.network);
const bent = eigenvalues.filter((value) => value > FLAT);
const flat = eigenvalues.filter((value) => Math.abs(value) <= FLAT);
console.log(
  `\n  Hessian at the end: ${bent.length} eigenvalues from ${bent.at(-1)?.toExponential(1)} to ${bent[0].toExponential(1)}, ${flat.length} of 0, ${eigenvalues.length - bent.length - flat.length} below`,
);

const folder = process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url));
const picture = join(folder, "training.svg");
await writeFile(picture, await draw({ flowers, newton, adam: byAdam, eigenvalues }));
console.log(`\n  wrote ${relative(process.cwd(), picture)}`);

/** Runs a training, and shows every so many steps how far it is. */
function timed(name: string, every: number, train: (onStep: OnStep) => Training): Training {
  console.log(`\n${name}\n  passes       error    gradient`);
  let count = 0;
  const begin = performance.now();
  const training = train(({ passes, error, gradientNorm }) => {
    if (count++ % every === 0) {
      const cells = [String(passes), error.toFixed(8), gradientNorm.toExponential(1)];
      console.log(`  ${cells.map((cell, k) => cell.padStart([6, 10, 10][k])).join("  ")}`);
    }
  });
  const end = training.steps[training.steps.length - 1];
  const share = (part: "training" | "test") =>
    `${(100 * accuracy(training.network, flowers[part])).toFixed(1)} % of the ${part}`;
  console.log(
    `  ${end.passes} passes in ${(performance.now() - begin).toFixed(0)} ms: error ${end.error.toFixed(8)}, gradient ${end.gradientNorm.toExponential(1)}`,
  );
  console.log(`  right: ${share("training")} and ${share("test")} flowers`);
  return training;
}
