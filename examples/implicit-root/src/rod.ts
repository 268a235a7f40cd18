/** A rod that is heated along its length, cooled at both ends, and glows. */
import { grad } from "dualize";
import { type Equations, implicitRoot } from "./implicit.ts";

/**
 * Its equations at n inner points: `-u'' + glow·u⁴ = heat`, with `u = 0` at both ends. The unknowns are
 * the temperatures, the parameters the heat at each point.
 */
export function rod(glow: number): Equations {
  return (temperature, heat) => {
    "use dual";
    const n = heat.length;
    const h = 1 / (n + 1);
    const rest: number[] = [];
    for (let i = 0; i < n; i++) {
      const left = i > 0 ? temperature[i - 1] : 0;
      const right = i < n - 1 ? temperature[i + 1] : 0;
      const bend = (left - 2 * temperature[i] + right) / (h * h);
      rest.push(glow * temperature[i] ** 4 - bend - heat[i]);
    }
    return rest;
  };
}

/** How the temperature at one point depends on the heat at every point. */
export function influence(glow: number, heat: number[], point: number): number[] {
  const temperatures = implicitRoot(rod(glow), new Array(heat.length).fill(0));
  return grad((sources: number[]) => temperatures(sources)[point])(heat);
}
