/**
 * Runs random programs through every form: `npm run fuzz -- --runs 20000 --seed 7`.
 * With `--worlds` they are of several files, and change what is around them.
 * The same seed gives the same programs; a failure is made small and printed.
 */
import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "2000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    failures: { type: "string", default: "1" },
    shrink: { type: "string", default: "20" },
    untyped: { type: "boolean", default: false },
    made: { type: "boolean", default: false },
    apart: { type: "boolean", default: false },
    worlds: { type: "boolean", default: false },
    reasons: { type: "boolean", default: false },
  },
});

const seed = Number(values.seed);
console.log(`${values.runs} programs, seed ${seed}`);
const summary = fuzz({
  runs: Number(values.runs),
  seed,
  failures: Number(values.failures),
  untyped: values.untyped,
  made: values.made,
  apart: values.apart,
  worlds: values.worlds,
  shrinkFor: 1000 * Number(values.shrink),
  onFailure: ({ index, message }) =>
    console.log(`\n==== program ${index}, made small ====\n${message}`),
});
const percent = (n: number) => `${((100 * n) / summary.programs).toFixed(1)} %`;
console.log(
  `\n${summary.programs} programs: ${percent(summary.withForm)} have a tangent form, ${percent(summary.taken)} took it, ` +
    `${percent(summary.threw)} threw, ${summary.differences} numbers compared with differences, ${summary.failures.length} failures`,
);
if (summary.outgrown > 0)
  console.log(`${summary.outgrown} left out as their lists grow without bound`);
if (values.reasons)
  for (const [reason, count] of [...summary.reasons].sort((a, b) => b[1] - a[1]))
    console.log(`${count}\t${reason}`);
if (summary.failures.length > 0) process.exitCode = 1;
