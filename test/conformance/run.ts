import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { regressions, sample, writeExpected } from "./expected.ts";
import { writePage } from "./page.ts";
import { runAll } from "./pool.ts";
import { type Mode, modes } from "./realm.ts";
import { allNames, findSuite } from "./suite.ts";
import type { Answer } from "./worker.ts";

const { values } = parseArgs({
  options: {
    test262: { type: "string" },
    every: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    only: { type: "string" },
    sample: { type: "boolean", default: false },
    mode: { type: "string", multiple: true },
    workers: { type: "string", default: "2" },
    results: { type: "string" },
    fresh: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});

const suite = findSuite(values.test262);
if (!suite) throw new Error("test262 is not there: npm run conformance -- --test262 FOLDER");
const { folder } = suite;
const file =
  values.results ??
  join(
    fileURLToPath(new URL("../../node_modules/.cache/dualize", import.meta.url)),
    "conformance.jsonl",
  );
mkdirSync(dirname(file), { recursive: true });
if (values.fresh) rmSync(file, { force: true });
const asked = (values.mode as Mode[] | undefined) ?? modes;
const results = new Map<string, Answer>();
const ran = new Map<string, ReadonlySet<Mode>>();
if (existsSync(file)) {
  for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    const { name, answer, of } = JSON.parse(line) as { name: string; answer: Answer; of?: Mode[] };
    results.set(name, { ...results.get(name), ...answer });
    ran.set(name, new Set([...(ran.get(name) ?? []), ...(of ?? modes)]));
  }
}
const all = allNames(folder);
const names = (values.sample ? sample() : all)
  .filter((_, i) => i % Number(values.every) === Number(values.from))
  .filter((n) => !values.only || new RegExp(values.only).test(n));
const left = names.filter((n) => !asked.every((mode) => ran.get(n)?.has(mode)));
console.log(`${names.length} tests, ${left.length} of them still to run`);
let done = 0;
const began = Date.now();
await runAll(folder, left, asked, Number(values.workers), (name, answer) => {
  results.set(name, { ...results.get(name), ...answer });
  appendFileSync(file, `${JSON.stringify({ name, answer, of: asked })}\n`);
  if (values.verbose)
    for (const [mode, { kind, why }] of Object.entries(answer))
      if (kind !== "passed") console.log(`${kind} (${mode}) ${name}: ${why}`);
  if (++done % 500 === 0)
    console.log(`${done} of ${left.length}, ${((Date.now() - began) / done).toFixed(0)} ms each`);
});
suite.close();
for (const mode of asked) {
  const of = names.flatMap((n) => results.get(n)?.[mode] ?? []);
  const count = (kind: string) => of.filter((o) => o.kind === kind).length;
  console.log(
    `${mode}: ${of.length} count, ${count("passed")} pass, ${count("refused")} refused, ${count("failed")} fail`,
  );
}
const these = new Map(names.flatMap((n) => (results.has(n) ? [[n, results.get(n) ?? {}]] : [])));
if (values.write) {
  writeExpected(these);
  writePage(these, all.length, process.versions.node.replace(/\.\d+$/, ""));
  process.exit(0);
}
const worse = regressions(these);
for (const line of worse) console.log(`not expected: ${line}`);
process.exit(worse.length === 0 ? 0 : 1);
