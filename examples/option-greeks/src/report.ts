/** What is printed. */
import type { Market, Option } from "./black-scholes.ts";
import { closedForm } from "./closed-form.ts";
import { geometricAsianGreeks } from "./geometric-asian.ts";
import { type Greeks, greeks } from "./greeks.ts";
import { monteCarlo, PATHWISE, type PathwiseGreek, type Simulation } from "./monte-carlo.ts";
import type { Statistic } from "./path.ts";

/** The report as text; the simulations are run for it. */
export function report(
  option: Option,
  market: Market,
  simulation: Omit<Simulation, "statistic">,
): string {
  const { kind, strike, expiry } = option;
  const { spot, volatility, rate, dividend } = market;
  return [
    `A ${kind} at ${strike} that ends in ${expiry.toFixed(4)} years`,
    `Market: spot ${spot}, volatility ${volatility}, rate ${rate}, dividend ${dividend}`,
    "",
    ...european(greeks(option, market), closedForm(option, market)),
    "",
    `  Monte Carlo, ${simulation.paths} paths of ${simulation.days} days: mean ± standard error, and what is exact`,
    "",
    ...simulated(option, market, simulation),
  ].join("\n");
}

function european(derived: Greeks, formulas: Greeks): string[] {
  const names = Object.keys(formulas) as (keyof Greeks)[];
  const rows = names.map((name) => {
    const difference = Math.abs(derived[name] / formulas[name] - 1);
    return [name, fixed(derived[name]), fixed(formulas[name]), difference.toExponential(1)];
  });
  return table(["", "by derivative", "by formula", "difference"], rows);
}

function simulated(
  option: Option,
  market: Market,
  simulation: Omit<Simulation, "statistic">,
): string[] {
  const columns: [Statistic, Pick<Greeks, PathwiseGreek> | undefined][] = [
    ["last", greeks(option, market)],
    ["geometric mean", geometricAsianGreeks(option, market, simulation.days)],
    ["arithmetic mean", undefined],
  ];
  const found = columns.map(([statistic]) =>
    monteCarlo(option, market, { ...simulation, statistic }),
  );
  const rows = PATHWISE.map((name) => [
    name,
    ...columns.flatMap(([, exact], k) => {
      const { mean, error } = found[k][name];
      return [`${fixed(mean)} ± ${fixed(error)}`, ...(exact ? [fixed(exact[name])] : [])];
    }),
  ]);
  return table(["", "European", "exact", "geometric Asian", "exact", "arithmetic Asian"], rows);
}

const fixed = (x: number) => x.toFixed(4);

/** Lines of a table, aligned to the right except for the first column. */
function table(header: string[], rows: string[][]): string[] {
  const all = [header, ...rows];
  const widths = header.map((_, k) => Math.max(...all.map((row) => row[k].length)));
  return all.map((row) => {
    const cells = row.map((cell, k) =>
      k === 0 ? cell.padEnd(widths[k]) : cell.padStart(widths[k]),
    );
    return `  ${cells.join("  ")}`.trimEnd();
  });
}
