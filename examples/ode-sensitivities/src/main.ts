/** Solves for a drug in the blood, shows how it depends on the parameters, and draws it. */
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { sensitivities as byEquations } from "./by-equations.ts";
import { convergence, sensitivityError } from "./compare.ts";
import { type Drug, PARAMETERS } from "./drug.ts";
import { draw } from "./picture.ts";
import { concentrations, sensitivities } from "./through-solver.ts";

/** 320 mg of theophylline, about as in a grown-up. */
const drug: Drug = { dose: 320, absorption: 1.5, elimination: 0.09, volume: 33 };
const times = [0.5, 1, 2, 4, 8, 16, 24];

console.log("Concentration, and its change with each parameter:\n");
const values = concentrations(drug, times, 32);
const changes = sensitivities(drug, times, 32);
print([
  ["hours", "mg/l", ...PARAMETERS],
  ...times.map((t, i) => [
    String(t),
    values[i].toFixed(4),
    ...PARAMETERS.map((name) => changes[i][name].toFixed(5)),
  ]),
]);

console.log("\nLargest difference from the formulas:\n");
const byOdex = byEquations(drug, times, 1e-12);
print([
  ["RK4, steps", "concentration", "sensitivities"],
  ...convergence(drug, times, [4, 8, 16, 32, 64]).map((row) => [
    String(row.steps),
    row.concentration.toExponential(1),
    row.sensitivity.toExponential(1),
  ]),
  ["odex", "", sensitivityError(byOdex, drug, times).toExponential(1)],
]);

const folder = process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url));
const picture = join(folder, "sensitivities.svg");
await writeFile(picture, await draw(drug));
console.log(`\n  wrote ${relative(process.cwd(), picture)}`);

function print(rows: string[][]): void {
  const widths = rows[0].map((_, k) => Math.max(...rows.map((row) => row[k].length)));
  for (const row of rows) {
    console.log(`  ${row.map((cell, k) => cell.padStart(widths[k])).join("  ")}`.trimEnd());
  }
}
