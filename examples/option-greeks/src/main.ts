/** Computes the Greeks of an option in two ways, prints them beside the formulas, and draws them. */
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Market, Option } from "./black-scholes.ts";
import { drawGreeks } from "./picture.ts";
import { report } from "./report.ts";

/** The example of Hull's "Options, Futures, and Other Derivatives", chapter "The Greek Letters". */
const option: Option = { kind: "call", strike: 50, expiry: 20 / 52 };
const market: Market = { spot: 49, volatility: 0.2, rate: 0.05, dividend: 0 };

const folder = process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url));
const picture = join(folder, "greeks.svg");
console.log(report(option, market, { days: 20, paths: 100_000, seed: 0.1 }));
await writeFile(picture, await drawGreeks(option, market));
console.log(`\n  wrote ${relative(process.cwd(), picture)}`);
