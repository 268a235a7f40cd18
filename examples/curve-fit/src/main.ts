/** Fits the Mauna Loa CO2 series, prints what came out, and draws it. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { stderrProgress } from "./progress.ts";
import { run } from "./run.ts";

const { progress, done } = stderrProgress();
const out = fileURLToPath(new URL("../out", import.meta.url));
const { text, pictures } = await run({ out, rounds: 15, progress });
done();

console.log(text);
console.log();
for (const path of [pictures.svg, pictures.png]) {
  console.log(`  wrote ${relative(process.cwd(), path)}`);
}
