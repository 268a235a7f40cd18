import { derivative, grad, jacobian, jvp } from "dualize";
import { describe, expect, test } from "vitest";
import { compare } from "../src/compare.ts";
import { type Equations, implicitRoot, newton } from "../src/implicit.ts";
import { eccentricAnomaly, keplerByHalving, solveKepler } from "../src/kepler.ts";
import { acceleration, type Orbit, PULL, period, position, velocity } from "../src/orbit.ts";
import { draw } from "../src/picture.ts";
import { influence, rod } from "../src/rod.ts";

const orbits: Orbit[] = [
  { axis: 1, eccentricity: 0.0167 },
  { axis: 2.3, eccentricity: 0.6 },
  { axis: 17.834, eccentricity: 0.96714 },
];
const moments = orbits.flatMap((orbit) =>
  [0.01, 0.2, 0.5, 0.9, 1.3].map((share) => [share * period(orbit), orbit] as const),
);

describe("Kepler's equation", () => {
  test("is solved, for all eccentricities and any number of turns", () => {
    for (const eccentricity of [0, 0.2, 0.9, 0.999]) {
      for (const mean of [0, 0.01, 1, 3, -2, 5, 40]) {
        const root = solveKepler(mean, eccentricity);
        expect(Math.abs(root - eccentricity * Math.sin(root) - mean)).toBeLessThan(2e-14);
      }
    }
  });

  test("has the derivatives of its equation, by both arguments, and is an ordinary call otherwise", () => {
    const [mean, e] = [1, 0.6];
    const root = eccentricAnomaly(mean, e);
    expect(root).toBe(solveKepler(mean, e));
    const slope = 1 - e * Math.cos(root);
    expect(derivative(eccentricAnomaly)(mean, e)).toBeCloseTo(1 / slope, 15);
    expect(grad(eccentricAnomaly, { argnum: 1 })(mean, e)).toBeCloseTo(Math.sin(root) / slope, 15);
    // E'' = -e·sin E·E'², E''' = -e·cos E·E'³ - 2e·sin E·E'·E''
    const second = (-e * Math.sin(root)) / slope ** 3;
    const third =
      (-e * Math.cos(root)) / slope ** 4 - (3 * e * Math.sin(root) * second) / slope ** 2;
    const d2 = derivative(derivative(eccentricAnomaly));
    expect(d2(mean, e)).toBeCloseTo(second, 14);
    expect(derivative(d2)(mean, e)).toBeCloseTo(third, 13);
  });

  test("has a derivative as near as the root by the rule, and less near through the steps", () => {
    const errors = compare(1, 0.6, 4);
    for (const { root, throughSteps, byRule } of errors.slice(1)) {
      expect(byRule).toBeLessThan(root);
      expect(throughSteps).toBeGreaterThan(2 * byRule);
    }
    expect(errors[3].throughSteps).toBeLessThan(1e-9);
  });

  test("has a wrong derivative through an iteration that halves, though the root is right", () => {
    const [root, slope] = jvp(keplerByHalving, [0.3, 0.6, 60], [1, 0, 0]);
    expect(root).toBeCloseTo(solveKepler(0.3, 0.6), 14);
    expect(slope).toBe(1);
    expect(derivative(eccentricAnomaly)(0.3, 0.6)).toBeCloseTo(1 / (1 - 0.6 * Math.cos(root)), 14);
    expect(derivative(eccentricAnomaly)(0.3, 0.6)).toBeGreaterThan(1.5);
  });
});

describe("a planet", () => {
  test("is drawn to the sun as Newton's law says, by the second derivative of its position", () => {
    for (const [years, orbit] of moments) {
      const [x, y] = position(years, orbit);
      const r = Math.hypot(x, y);
      const [ax, ay] = acceleration(years, orbit);
      const error = Math.hypot(ax + (PULL * x) / r ** 3, ay + (PULL * y) / r ** 3);
      expect(error / (PULL / r ** 2), `${years} ${orbit.eccentricity}`).toBeLessThan(1e-12);
    }
  });

  test("has the speed of the vis-viva equation, by the first", () => {
    for (const [years, orbit] of moments) {
      const r = Math.hypot(...position(years, orbit));
      const speed = Math.hypot(...velocity(years, orbit));
      expect(speed ** 2 / (PULL * (2 / r - 1 / orbit.axis))).toBeCloseTo(1, 12);
    }
  });

  test("sweeps equal areas in equal times", () => {
    for (const [years, orbit] of moments) {
      const [x, y] = position(years, orbit);
      const [vx, vy] = velocity(years, orbit);
      const { axis, eccentricity } = orbit;
      const areas = Math.sqrt(PULL * axis * (1 - eccentricity ** 2));
      expect((x * vy - y * vx) / areas).toBeCloseTo(1, 12);
    }
  });
});

describe("a root of a system", () => {
  // u₀² + u₁² = p₀, u₀·u₁ = p₁: u₀ ± u₁ = √(p₀ ± 2·p₁).
  const equations: Equations = ([a, b], [p, q]) => {
    "use dual";
    return [a * a + b * b - p, a * b - q];
  };
  const closed = ([p, q]: number[]) => {
    "use dual";
    const [sum, difference] = [Math.sqrt(p + 2 * q), Math.sqrt(p - 2 * q)];
    return [(sum + difference) / 2, (sum - difference) / 2];
  };
  const parameters = [5, 2];

  test("is found, and has the Jacobian of its closed form", () => {
    const root = implicitRoot(equations, [3, 0.5]);
    root(parameters).forEach((x, i) => {
      expect(x).toBeCloseTo([2, 1][i], 14);
    });
    const exact = jacobian(closed)(parameters);
    jacobian((p: number[]) => root(p))(parameters).forEach((row, i) => {
      row.forEach((x, j) => {
        expect(x).toBeCloseTo(exact[i][j], 13);
      });
    });
  });

  test("says so when there is none", () => {
    const none: Equations = ([u], [p]) => {
      "use dual";
      return [u * u + p];
    };
    expect(() => newton(none, [1.3], [1])).toThrow("did not converge in 50 steps");
  });
});

describe("the rod", () => {
  const heat: number[] = Array.from({ length: 19 }, (_, i) => 8 + 4 * Math.sin(i));

  test("that does not glow is warmed as Green's function says", () => {
    const [n, point] = [19, 7];
    const x = (i: number) => (i + 1) / (n + 1);
    influence(0, heat, point).forEach((by, i) => {
      const green = Math.min(x(i), x(point)) * (1 - Math.max(x(i), x(point)));
      expect(by).toBeCloseTo(green / (n + 1), 15);
    });
  });

  test("that glows is warmed as differences say", () => {
    const start = new Array(19).fill(0);
    const at = (sources: number[]) => newton(rod(2), start, sources)[7];
    const exact = influence(2, heat, 7);
    for (const i of [0, 6, 18]) {
      const moved = (h: number) => heat.map((x, k) => (k === i ? x + h : x));
      const difference = (at(moved(1e-3)) - at(moved(-1e-3))) / 2e-3;
      expect(Math.abs(difference / exact[i] - 1)).toBeLessThan(1e-7);
    }
  });

  test("takes less from far away the more it glows", () => {
    const [dark, bright] = [0, 3].map((glow) => influence(glow, heat, 9));
    expect(bright[0] / bright[9]).toBeLessThan(dark[0] / dark[9]);
  });
});

describe("the picture", () => {
  test("shows orbit, errors and rod", async () => {
    const svg = await draw();
    expect(svg).not.toMatch(/NaN|undefined/);
    for (const text of ["velocity", "acceleration", "derivative, rule", "glow 3"]) {
      expect(svg).toContain(text);
    }
  });
});
