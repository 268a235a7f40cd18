import { grad, jacobian } from "dualize";
import { describe, expect, test } from "vitest";
import { sensitivities as byEquations } from "../src/by-equations.ts";
import { bateman, batemanSensitivities } from "../src/closed-form.ts";
import { convergence, sensitivityError } from "../src/compare.ts";
import { type Drug, PARAMETERS } from "../src/drug.ts";
import { draw } from "../src/picture.ts";
import { rk4 } from "../src/rk4.ts";
import { concentrations, sensitivities } from "../src/through-solver.ts";

const drug: Drug = { dose: 320, absorption: 1.5, elimination: 0.09, volume: 33 };
const times = [0.5, 2, 8, 24];

describe("the formulas", () => {
  test("of the sensitivities are the derivatives of that of the concentration", () => {
    for (const t of times) {
      const exact = batemanSensitivities(drug, t);
      for (const name of PARAMETERS) {
        const h = 1e-5 * drug[name];
        const at = (x: number) => bateman({ ...drug, [name]: x }, t);
        const difference = (at(drug[name] + h) - at(drug[name] - h)) / (2 * h);
        expect(Math.abs(difference - exact[name]) / Math.abs(exact[name])).toBeLessThan(1e-8);
      }
    }
  });
});

describe("sensitivities through the solver", () => {
  test("are those of the formulas, as near as the solver is", () => {
    expect(sensitivityError(sensitivities(drug, times, 200), drug, times)).toBeLessThan(1e-8);
  });

  test("become better with the fourth power of the number of steps, as the solution does", () => {
    const [coarse, fine] = convergence(drug, times, [32, 64]);
    for (const of of ["concentration", "sensitivity"] as const) {
      const order = Math.log2(coarse[of] / fine[of]);
      expect(order, of).toBeGreaterThan(3.7);
      expect(order, of).toBeLessThan(4.6);
    }
  });

  test("are the derivative of what the solver gives, also where it is far from the solution", () => {
    const [step] = sensitivities(drug, [2], 1);
    for (const name of PARAMETERS) {
      const h = 1e-4 * drug[name];
      const at = (x: number) => concentrations({ ...drug, [name]: x }, [2], 1)[0];
      const difference = (at(drug[name] + h) - at(drug[name] - h)) / (2 * h);
      expect(Math.abs(difference / step[name] - 1), name).toBeLessThan(1e-6);
    }
  });

  test("are the same forward and in reverse", () => {
    const forward = jacobian(concentrations, { mode: "forward" })(drug, times, 8);
    const reverse = jacobian(concentrations, { mode: "reverse" })(drug, times, 8);
    forward.forEach((row, i) => {
      for (const name of PARAMETERS) {
        expect(Math.abs(row[name] / reverse[i][name] - 1), name).toBeLessThan(1e-13);
      }
    });
  });
});

describe("the solver", () => {
  // y' = r y (1 - y): y = 1 / (1 + (1/y₀ - 1) exp(-r t)).
  const logistic = (rate: number, y0: number, t: number) => {
    "use dual";
    return rk4((_, [y]) => [rate * y * (1 - y)], [y0], [t], 400)[0][0];
  };

  test("solves and differentiates an equation that is not linear", () => {
    const [rate, y0, t] = [1.3, 0.2, 2];
    const decay = Math.exp(-rate * t);
    const y = 1 / (1 + (1 / y0 - 1) * decay);
    expect(logistic(rate, y0, t)).toBeCloseTo(y, 10);
    expect(grad(logistic)(rate, y0, t)).toBeCloseTo(y * y * (1 / y0 - 1) * t * decay, 10);
    expect(grad(logistic, { argnum: 1 })(rate, y0, t)).toBeCloseTo((y / y0) ** 2 * decay, 10);
    expect(grad(logistic, { argnum: 2 })(rate, y0, t)).toBeCloseTo(rate * y * (1 - y), 10);
  });
});

describe("sensitivities by equations", () => {
  test("solved by odex are those of the formulas", () => {
    expect(sensitivityError(byEquations(drug, times, 1e-12), drug, times)).toBeLessThan(1e-10);
  });

  test("are told from wrong ones", () => {
    const found = byEquations(drug, times, 1e-12);
    found[1].elimination *= 1 + 1e-6;
    expect(sensitivityError(found, drug, times)).toBeGreaterThan(1e-8);
  });
});

describe("the picture", () => {
  test("shows concentration, sensitivities and errors", async () => {
    const svg = await draw(drug);
    expect(svg).not.toMatch(/NaN|undefined/);
    for (const text of [...PARAMETERS, "concentration", "Error of the solver"]) {
      expect(svg).toContain(text);
    }
  });
});
