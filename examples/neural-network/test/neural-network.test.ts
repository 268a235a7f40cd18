import { describe, expect, test } from "vitest";
import { adam } from "../src/adam.ts";
import { differencedCurvature, differencedGradient, relativeDifference } from "../src/check.ts";
import { loadFlowers } from "../src/data.ts";
import { jaxValueAndGradient } from "../src/jax.ts";
import { accuracy, error } from "../src/network.ts";
import { newtonCg } from "../src/newton-cg.ts";
import { objective } from "../src/objective.ts";
import { dot, norm, numbers, randomNetwork, unit, zip } from "../src/parameters.ts";
import { draw } from "../src/picture.ts";
import { FLAT, spectrum } from "../src/spectrum.ts";
import { backpropagation } from "./reference.ts";

const PENALTY = 1e-4;
const flowers = loadFlowers();
const trained = objective(flowers.training, PENALTY);
const start = randomNetwork(2, 6, 3, 0.7);
const exact = trained.valueAndGradient(start)[1];
const newton = newtonCg(start, trained, { tolerance: 1e-10, maxPasses: 2000 });

describe("the flowers", () => {
  test("are 50 of each species, four fifths of them for training", () => {
    const { training, test: kept, species } = flowers;
    expect(species).toEqual(["setosa", "versicolor", "virginica"]);
    for (const label of [0, 1, 2]) {
      expect(training.filter((sample) => sample.label === label)).toHaveLength(40);
      expect(kept.filter((sample) => sample.label === label)).toHaveLength(10);
    }
  });

  test("are scaled to mean 0 and deviation 1", () => {
    const all = [...flowers.training, ...flowers.test];
    for (const k of [0, 1]) {
      const values = all.map(({ features }) => features[k]);
      expect(values.reduce((sum, x) => sum + x, 0) / 150).toBeCloseTo(0, 12);
      expect(values.reduce((sum, x) => sum + x * x, 0) / 150).toBeCloseTo(1, 12);
    }
    expect(flowers.measures[0].mean).toBeCloseTo(3.758, 12);
  });
});

describe("the gradient", () => {
  test("is the one of backpropagation by hand, in the shape of the network", () => {
    const byHand = backpropagation(start, flowers.training, PENALTY);
    expect(trained.valueAndGradient(start)[0]).toBeCloseTo(byHand.error, 13);
    expect(relativeDifference(exact, byHand.gradient)).toBeLessThan(1e-14);
    expect(Object.keys(exact)).toEqual(Object.keys(start));
  });

  test("agrees with differences, and is told from one that is slightly wrong", () => {
    const differences = differencedGradient(trained, start);
    expect(relativeDifference(differences, exact)).toBeLessThan(1e-10);
    const wrong = zip((g, u) => g + 1e-8 * u, exact, unit(exact, 7));
    expect(relativeDifference(differences, wrong)).toBeGreaterThan(1e-9);
  });

  test("comes with the error that an ordinary call gives", () => {
    const [value] = trained.valueAndGradient(start);
    expect(value).toBe(error(start, flowers.training, PENALTY));
  });
});

describe("the same network in jax-js", () => {
  const byJax = jaxValueAndGradient(start, flowers.training, PENALTY);

  test("has the same error and gradient, to its single precision", () => {
    const [value, gradient] = byJax(start);
    expect(value).toBeCloseTo(trained.valueAndGradient(start)[0], 6);
    expect(relativeDifference(gradient, exact)).toBeLessThan(1e-6);
  });

  test("trains alike", () => {
    const settings = { rate: 0.1, passes: 50 };
    const ours = adam(start, trained, settings).steps[49];
    const theirs = adam(start, { valueAndGradient: byJax }, settings).steps[49];
    expect(theirs.error).toBeCloseTo(ours.error, 5);
  });
});

describe("the Hessian times a direction", () => {
  test("agrees with differences of gradients", () => {
    const differences = differencedCurvature(trained, start, exact);
    expect(relativeDifference(differences, trained.curvature(start, exact))).toBeLessThan(1e-10);
  });

  test("is symmetric, and linear in the direction", () => {
    const v = randomNetwork(2, 6, 3, 0.2);
    const w = randomNetwork(2, 6, 3, 0.3);
    const [hv, hw] = [v, w].map((direction) => trained.curvature(start, direction));
    expect(dot(w, hv)).toBeCloseTo(dot(v, hw), 13);
    const both = trained.curvature(
      start,
      zip((a, b) => 2 * a - b, v, w),
    );
    const sum = zip((a, b) => 2 * a - b, hv, hw);
    expect(relativeDifference(both, sum)).toBeLessThan(1e-13);
  });

  test("is zero along what changes no probability: a number added to all biases of the output", () => {
    const direction = zip(() => 0, start);
    direction.output.biases.fill(1);
    expect(norm(trained.curvature(start, direction))).toBeLessThan(1e-15);
  });
});

describe("training", () => {
  test("by Newton-CG ends at a minimum, in some hundred passes", () => {
    const end = newton.steps[newton.steps.length - 1];
    expect(end.gradientNorm).toBeLessThan(1e-10);
    expect(end.passes).toBeLessThan(500);
    expect(end.error).toBeCloseTo(0.05088171994, 10);
    const eigenvalues = spectrum(trained, newton.network);
    expect(eigenvalues.filter((value) => value > FLAT)).toHaveLength(38);
    expect(eigenvalues.filter((value) => Math.abs(value) <= FLAT)).toHaveLength(1);
  });

  test("never lets the error grow", () => {
    const errors = newton.steps.map((step) => step.error);
    for (let i = 1; i < errors.length; i++) {
      expect(errors[i]).toBeLessThanOrEqual(errors[i - 1] + 1e-15);
    }
  });

  test("leaves a network that knows the species, also of flowers it has not seen", () => {
    expect(accuracy(start, flowers.training)).toBeLessThan(0.7);
    expect(accuracy(newton.network, flowers.training)).toBeGreaterThan(0.98);
    expect(accuracy(newton.network, flowers.test)).toBeGreaterThan(0.95);
  });

  test("by Adam takes as many passes to get far less near", () => {
    const { steps } = adam(start, trained, { rate: 0.1, passes: 250 });
    expect(steps).toHaveLength(250);
    expect(steps[249].error).toBeLessThan(0.08);
    expect(steps[249].gradientNorm).toBeGreaterThan(1e-6);
  });

  test("tells of each step", () => {
    const told: number[] = [];
    adam(start, trained, { rate: 0.1, passes: 3 }, ({ passes }) => told.push(passes));
    expect(told).toEqual([1, 2, 3]);
    expect(numbers(start)).toHaveLength(39);
  });
});

describe("the picture", () => {
  test("shows the flowers, the regions, the curves and the eigenvalues", async () => {
    const byAdam = adam(start, trained, { rate: 0.1, passes: 50 });
    const eigenvalues = spectrum(trained, newton.network);
    const svg = await draw({ flowers, newton, adam: byAdam, eigenvalues });
    expect(svg).not.toMatch(/NaN|undefined/);
    for (const text of [
      "setosa",
      "virginica",
      "Newton-CG",
      "Eigenvalues of the Hessian at the end",
    ]) {
      expect(svg).toContain(text);
    }
    for (const colour of ["#cadbe5", "#f5e6ca", "#f1d0ca", "#2a6f97", "#c8442d"]) {
      expect(svg).toContain(colour);
    }
  });
});
