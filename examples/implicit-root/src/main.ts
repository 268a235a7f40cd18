/** Differentiates through roots: of Kepler's equation, and of the equations of a rod. */
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { jvp } from "dualize";
import { compare } from "./compare.ts";
import { eccentricAnomaly, keplerByHalving } from "./kepler.ts";
import { acceleration, type Orbit, PULL, position, velocity } from "./orbit.ts";
import { draw } from "./picture.ts";
import { influence } from "./rod.ts";

const halley: Orbit = { axis: 17.834, eccentricity: 0.96714 };

console.log("Halley's comet: acceleration by derivatives of the position, and by Newton's law\n");
print([
  ["years", "distance", "speed", "by derivatives", "by the law"],
  ...[0.05, 0.5, 5, 37].map((years) => {
    const distance = Math.hypot(...position(years, halley));
    return [
      String(years),
      distance.toFixed(4),
      Math.hypot(...velocity(years, halley)).toFixed(4),
      Math.hypot(...acceleration(years, halley)).toPrecision(13),
      (PULL / distance ** 2).toPrecision(13),
    ];
  }),
]);

console.log(
  "\nKepler's equation, mean anomaly 1, eccentricity 0.6: errors after steps of Newton's method\n",
);
print([
  ["steps", "root", "derivative through them", "by the rule"],
  ...compare(1, 0.6, 5).map(({ steps, root, throughSteps, byRule }) => [
    String(steps),
    ...[root, throughSteps, byRule].map((error) => error.toExponential(1)),
  ]),
]);

const halving = jvp(keplerByHalving, [0.3, 0.6, 60], [1, 0, 0]);
const ruled = jvp(eccentricAnomaly, [0.3, 0.6], [1, 0]);
console.log(
  "\nRoot and derivative by 60 steps of halving an interval, and by the rule: mean anomaly 0.3\n",
);
print([
  ["", "root", "derivative"],
  ...Object.entries({ halving, rule: ruled }).map(([name, found]) => [
    name,
    ...found.map((x) => x.toFixed(12)),
  ]),
]);

const heat: number[] = new Array(79).fill(10);
const begin = performance.now();
const gradient = influence(0.3, heat, 39);
console.log(
  `\nA rod of ${heat.length} points: gradient of the temperature in its middle in ${(performance.now() - begin).toFixed(0)} ms, largest ${Math.max(...gradient).toPrecision(6)}`,
);

const folder = process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url));
const picture = join(folder, "roots.svg");
await writeFile(picture, await draw());
console.log(`\n  wrote ${relative(process.cwd(), picture)}`);

function print(rows: string[][]): void {
  const widths = rows[0].map((_, k) => Math.max(...rows.map((row) => row[k].length)));
  for (const row of rows) {
    console.log(`  ${row.map((cell, k) => cell.padStart(widths[k])).join("  ")}`);
  }
}
