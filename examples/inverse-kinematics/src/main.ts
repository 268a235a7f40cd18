/** Brings the tool of a robot arm to a pose, then round a circle, and draws that. */
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { UR5 } from "./arm.ts";
import { follow, target } from "./path.ts";
import { draw } from "./picture.ts";
import { solve } from "./solve.ts";

const FRAMES = 72;

console.log("To the beginning of the path, from far away:\n");
console.log("  iteration  distance  damping");
const first = solve(UR5, target(0), [0, -1, 1.5, -2, -1.5, 0]);
first.iterations.forEach(({ distance, damping }, i) => {
  const cells = [String(i), distance.toExponential(1), damping.toExponential(0)];
  console.log(`  ${cells.map((cell, k) => cell.padStart([9, 8, 7][k])).join("  ")}`);
});
const degrees = first.angles.map((angle) => ((180 * angle) / Math.PI).toFixed(2));
console.log(`\n  joints in degrees: ${degrees.join("  ")}`);

const begin = performance.now();
const solutions = follow(UR5, first.angles, FRAMES);
const milliseconds = performance.now() - begin;
const steps = solutions.map(({ iterations }) => iterations.length - 1);
const worst = Math.max(...solutions.map(({ iterations }) => iterations.at(-1)?.distance ?? 0));
console.log(
  `\nAlong the path: ${FRAMES} poses, at most ${Math.max(...steps)} iterations each, ${worst.toExponential(1)} missing at most, ${(milliseconds / FRAMES).toFixed(2)} ms a pose`,
);

const folder = process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url));
const picture = join(folder, "arm.svg");
const frames = solutions.map(({ angles }) => angles);
await writeFile(picture, draw(UR5, frames));
console.log(`\n  wrote ${relative(process.cwd(), picture)}`);
