import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Resvg } from "@resvg/resvg-js";
import { PNG } from "pngjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  centralDifferences,
  jacobianTable,
  largestDifference,
  plainDifferences,
} from "../src/check-jacobian.ts";
import { decimalYear, loadSeries, parseSeries } from "../src/data.ts";
import { EXACT, FINITE_DIFFERENCES, fit, jacobian, startingValues } from "../src/fit.ts";
import { writePictures } from "../src/picture.ts";
import { run } from "../src/run.ts";
import { orthogonality, residualDeviation, standardErrors } from "../src/statistics.ts";
import { timeInterleaved } from "../src/timing.ts";
import { handWrittenJacobian, referenceFit } from "./reference.ts";

const series = loadSeries();
const reference = referenceFit(series);
const errors = standardErrors(series, reference.parameters, handWrittenJacobian);

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "dualize-curve-fit-"));
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe("the series", () => {
  test("has every month that was measured, in order, with the years counted from its middle", () => {
    expect(series.t).toHaveLength(741);
    expect(series.co2).toHaveLength(741);
    expect([series.date[0], series.co2[0]]).toEqual(["1958-03-01", 315.7]);
    expect([series.date[740], series.co2[740]]).toEqual(["2020-04-01", 416.18]);
    expect(series.origin).toBe(1989);
    expect([...series.t].sort((a, b) => a - b)).toEqual(series.t);
  });

  test("puts a month at its middle, also in a leap year", () => {
    expect(decimalYear("1959-01-01")).toBe(1959 + 15.5 / 365);
    expect(decimalYear("1960-03-01")).toBe(1960 + (31 + 29 + 15.5) / 366);
    expect(decimalYear("1960-13-01")).toBeNaN();
    expect(decimalYear("March 1960")).toBeNaN();
  });

  test.each([
    ["a missing value", "Date,CO2\n1958-03-01,315.70\n1958-04-01,\n"],
    ["a value that is no number", "Date,CO2\n1958-03-01,315.70\n1958-04-01,n/a\n"],
    ["a date that is none", "Date,CO2\n1958-03-01,315.70\n1958-4,317.46\n"],
  ])("is refused with %s, naming the line", (_, csv) => {
    expect(() => parseSeries(csv)).toThrow("line 3");
  });

  test("is refused when it is empty", () => {
    expect(() => parseSeries("Date,CO2\n")).toThrow("empty");
  });
});

describe("the Jacobian", () => {
  const start = startingValues(series);

  test.each([
    ["where the fit starts", start],
    ["at the optimum", reference.parameters],
  ])("is the one differentiated by hand, %s", (_, parameters) => {
    const actual = jacobianTable(series, parameters, jacobian);
    const expected = jacobianTable(series, parameters, handWrittenJacobian);
    expect(largestDifference(series, actual, expected)).toBeLessThan(1e-14);
  });

  test.each([
    ["where the fit starts", start],
    ["at the optimum", reference.parameters],
  ])("agrees with central differences at every point, %s", (_, parameters) => {
    const actual = jacobianTable(series, parameters, jacobian);
    const expected = jacobianTable(series, parameters, centralDifferences);
    expect(largestDifference(series, actual, expected)).toBeLessThan(1e-9);
  });

  test("is told from one that is slightly wrong", () => {
    const actual = jacobianTable(series, start, (parameters) => {
      const row = jacobian(parameters);
      return (t) => row(t).map((entry, k) => (k === 5 ? entry * (1 + 1e-6) : entry));
    });
    const expected = jacobianTable(series, start, centralDifferences);
    expect(largestDifference(series, actual, expected)).toBeGreaterThan(5e-7);
  });

  test("is nearer to the truth than the plain differences, at their best and at the default step", () => {
    const truth = jacobianTable(series, reference.parameters, handWrittenJacobian);
    const [central, forward, careless] = FINITE_DIFFERENCES.map(({ differences }) => {
      const { steps, central } = differences!;
      const made = plainDifferences(steps, central);
      return largestDifference(series, jacobianTable(series, reference.parameters, made), truth);
    });
    expect(central).toBeGreaterThan(1e-10);
    expect(forward).toBeGreaterThan(central);
    expect(careless).toBeGreaterThan(1e-2);
  });
});

describe("the fit", () => {
  test.each([EXACT, ...FINITE_DIFFERENCES])(
    "by $label finds the optimum that variable projection finds without it",
    (method) => {
      const result = fit(series, method);
      for (const [k, value] of reference.parameters.entries()) {
        expect(Math.abs(result.parameters[k] - value) / errors[k]).toBeLessThan(1e-4);
      }
      expect(result.sumOfSquares / reference.sumOfSquares - 1).toBeLessThan(1e-9);
    },
  );

  test("converges in a few iterations and leaves the residuals orthogonal to the Jacobian", () => {
    const { iterations, parameters } = fit(series, EXACT);
    expect(iterations).toBeLessThanOrEqual(8);
    expect(orthogonality(series, parameters, handWrittenJacobian)).toBeLessThan(1e-6);
    expect(orthogonality(series, startingValues(series), handWrittenJacobian)).toBeGreaterThan(0.1);
  });

  test("says so when it has not converged in as many iterations as it may take", () => {
    expect(() => fit(series, EXACT, 2)).toThrow("did not converge in 2 iterations");
  });

  test("leaves the residual standard deviation that variable projection leaves", () => {
    const { parameters } = fit(series, EXACT);
    const expected = Math.sqrt(reference.sumOfSquares / (741 - 8));
    expect(residualDeviation(series, parameters)).toBeCloseTo(expected, 9);
  });
});

describe("the pictures", () => {
  test("are an SVG that parses and a PNG of twice its size that shows points, fit, trend, words", async () => {
    const paths = await writePictures(series, reference.parameters, join(directory, "pictures"));

    const svg = new Resvg(readFileSync(paths.svg, "utf8"));
    expect(svg.width).toBeGreaterThan(900);
    expect(svg.height).toBeGreaterThan(700);

    // PNG.sync.read checks the signature and every checksum.
    const png = PNG.sync.read(readFileSync(paths.png));
    expect([png.width, png.height]).toEqual([2 * svg.width, 2 * svg.height]);
    for (const colour of ["#73879a", "#c8442d", "#2a6f97"]) {
      expect(pixelsOf(png, colour, 0, png.height), colour).toBeGreaterThan(1000);
    }
    // The title, in ink: none of it is drawn when the font is missing.
    expect(pixelsOf(png, "#1b2733", 0, 120)).toBeGreaterThan(500);
  });

  function pixelsOf(png: PNG, colour: string, top: number, bottom: number): number {
    const wanted = Number.parseInt(colour.slice(1), 16);
    let count = 0;
    for (let at = 4 * png.width * top; at < 4 * png.width * bottom; at += 4) {
      count += png.data.readUIntBE(at, 3) === wanted ? 1 : 0;
    }
    return count;
  }
});

describe("the timing", () => {
  test("runs every task once a round, each one first in turn, with a round for warming up", () => {
    const calls: string[] = [];
    const tasks = ["a", "b", "c"].map((name) => () => calls.push(name));
    const timings = timeInterleaved(tasks, 3);
    expect(calls.join("")).toBe("abcbcacababc");
    expect(timings).toHaveLength(3);
    for (const { fastest, median, slowest } of timings) {
      expect(fastest).toBeLessThanOrEqual(median);
      expect(median).toBeLessThanOrEqual(slowest);
    }
  });
});

describe("the program", () => {
  test("shows its progress and reports parameters, methods and the check of the Jacobian", async () => {
    const stages = new Set<string>();
    const { text } = await run({
      out: join(directory, "run"),
      rounds: 1,
      progress: (stage) => stages.add(stage),
    });
    expect([...stages]).toEqual([
      "reading the series",
      "fitting",
      "checking the Jacobian",
      "timing the fits",
      "drawing",
    ]);
    expectReport(text);
  });

  test("builds and runs from the command line", () => {
    const folder = fileURLToPath(new URL("..", import.meta.url));
    const program = join(folder, "dist", "main.js");
    execFileSync(process.execPath, ["build.mjs"], { cwd: folder, stdio: "pipe" });
    expectReport(execFileSync(process.execPath, [program], { encoding: "utf8", stdio: "pipe" }));
  });

  function expectReport(text: string) {
    expect(text).toMatch(/level +350\.460 +0\.041 +ppm\n/);
    expect(text).toMatch(/residual standard deviation +0\.7470 ppm\n/);
    expect(text).toMatch(/exact +\d+ +[\d.]+ ms/);
    for (const { label } of FINITE_DIFFERENCES) {
      expect(text).toContain(label);
    }
    expect(text).toMatch(/largest relative difference +\d\.\de-1\d/);
  }
});
