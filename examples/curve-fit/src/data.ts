/** The Mauna Loa CO2 series: monthly means of the air's CO2, as shipped by vega-datasets. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { csvParse } from "d3-dsv";

/** A series ready to be fitted. */
export interface Series {
  /** The month, by its first day, as the file has it ("1958-03-01"). */
  date: string[];
  /** Years since `origin`, at the middle of each month. */
  t: number[];
  /** Monthly mean of CO2 in the air, in ppm. */
  co2: number[];
  /** The decimal year at which `t` is 0: the start of the year nearest the middle of the series. */
  origin: number;
}

/** Reads the series from the installed package. */
export function loadSeries(): Series {
  return parseSeries(readFileSync(csvPath(), "utf8"));
}

/**
 * Reads the series from CSV text with the columns `Date` and `CO2`.
 *
 * @throws Error naming the line, when its date or its value cannot be read, or when there are none.
 */
export function parseSeries(csv: string): Series {
  const date: string[] = [];
  const years: number[] = [];
  const co2: number[] = [];
  for (const [index, row] of csvParse<"Date" | "CO2">(csv).entries()) {
    const year = decimalYear(row.Date ?? "");
    const value = row.CO2?.trim() ? Number(row.CO2) : Number.NaN;
    if (!Number.isFinite(year) || !Number.isFinite(value)) {
      // Line 1 is the header.
      throw new Error(`no date and value in line ${index + 2}: ${JSON.stringify(row)}`);
    }
    date.push(row.Date);
    years.push(year);
    co2.push(value);
  }
  if (years.length === 0) {
    throw new Error("the series is empty");
  }
  const origin = Math.round((years[0] + years[years.length - 1]) / 2);
  return { date, t: years.map((year) => year - origin), co2, origin };
}

/**
 * A month as a decimal year: "1958-03-01" gives 1958.2041. A monthly mean stands for its whole
 * month, so its time is the middle of it. NaN when the text is no date.
 */
export function decimalYear(date: string): number {
  const [, year, month] = /^(\d{4})-(\d\d)-\d\d$/.exec(date)?.map(Number) ?? [];
  if (year === undefined || month === undefined || month < 1 || month > 12) {
    return Number.NaN;
  }
  const yearStart = Date.UTC(year, 0);
  const yearEnd = Date.UTC(year + 1, 0);
  const middle = (Date.UTC(year, month - 1) + Date.UTC(year, month)) / 2;
  return year + (middle - yearStart) / (yearEnd - yearStart);
}

function csvPath(): string {
  // The package exports only its entry, build/index.js; its data lies in the folder next to that.
  const entry = createRequire(import.meta.url).resolve("vega-datasets");
  return join(dirname(entry), "..", "data", "co2-concentration.csv");
}
