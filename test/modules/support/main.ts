import { runAll } from "./run-all.ts";

console.log(JSON.stringify(runAll()));
