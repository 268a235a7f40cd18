/** Reads messages from standard input, a line each, and writes responses to standard output. */
import { createInterface } from "node:readline";
import { respond } from "./tool.ts";

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() !== "") {
    process.stdout.write(`${JSON.stringify(respond(JSON.parse(line)))}\n`);
  }
}
