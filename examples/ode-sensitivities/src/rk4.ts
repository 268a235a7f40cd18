/** A solver of one's own: the method of Runge and Kutta, as it stands in books. */

/** `dy/dt` at a time and a state. */
export type Rates = (t: number, y: number[]) => number[];

function along(y: number[], h: number, slope: number[]): number[] {
  return y.map((value, i) => value + h * slope[i]);
}

function step(rates: Rates, t: number, y: number[], h: number): number[] {
  const k1 = rates(t, y);
  const k2 = rates(t + h / 2, along(y, h / 2, k1));
  const k3 = rates(t + h / 2, along(y, h / 2, k2));
  const k4 = rates(t + h, along(y, h, k3));
  return y.map((value, i) => value + (h / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]));
}

/**
 * The states at the given times, from the state at time 0.
 *
 * @param steps how many steps to take from one of the times to the next
 */
export function rk4(rates: Rates, start: number[], times: number[], steps: number): number[][] {
  "use dual";
  const states: number[][] = [];
  let y = start;
  let t = 0;
  for (const end of times) {
    const h = (end - t) / steps;
    for (let i = 0; i < steps; i++) {
      y = step(rates, t + i * h, y, h);
    }
    t = end;
    states.push(y);
  }
  return states;
}
