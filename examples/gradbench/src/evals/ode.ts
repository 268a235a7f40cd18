/** An ODE, solved by the method of Runge and Kutta. */
import { grad } from "dualize";
import type { Module } from "../protocol.ts";

function rates(x: number[], y: number[]): number[] {
  const z = [x[0]];
  for (let i = 1; i < x.length; i++) {
    z.push(x[i] * y[i - 1]);
  }
  return z;
}

function along(y: number[], h: number, slope: number[]): number[] {
  const z: number[] = [];
  for (let i = 0; i < y.length; i++) {
    z.push(y[i] + h * slope[i]);
  }
  return z;
}

function solve(x: number[], steps: number): number[] {
  "use dual";
  const h = 2 / steps;
  let y = x.map(() => 0);
  for (let step = 0; step < steps; step++) {
    const k1 = rates(x, y);
    const k2 = rates(x, along(y, h / 2, k1));
    const k3 = rates(x, along(y, h / 2, k2));
    const k4 = rates(x, along(y, h, k3));
    const next: number[] = [];
    for (let i = 0; i < x.length; i++) {
      next.push(y[i] + (h * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i])) / 6);
    }
    y = next;
  }
  return y;
}

function last(x: number[], steps: number): number {
  "use dual";
  return solve(x, steps)[x.length - 1];
}

const gradient = grad(last);

interface Input {
  x: number[];
  s: number;
}

export const ode: Module = {
  primal: ({ x, s }: Input) => solve(x, s),
  gradient: ({ x, s }: Input) => gradient(x, s),
};
