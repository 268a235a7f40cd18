import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { modules } from "../src/evals/index.ts";
import { respond } from "../src/tool.ts";

const call = (module: string, name: string, input: unknown) => modules[module]![name](input);
/** Numbers between -1 and 1 that look random and are always the same. */
const numbers = (count: number, seed = 1) =>
  Array.from({ length: count }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed) ** 3);
const rows = (count: number, width: number, seed = 1) =>
  Array.from({ length: count }, (_, i) => numbers(width, seed + i));

/** Central differences of fourth order by each number of a list. */
function differences(f: (x: number[]) => number, x: number[], h = 1e-3): number[] {
  return x.map((_, k) => {
    const at = (step: number) => f(x.map((value, i) => (i === k ? value + step * h : value)));
    return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h);
  });
}

/** As GradBench compares: relative to the sum of both, and absolute where that is below 1. */
function expectClose(found: number[], expected: number[], tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((x, i) => {
    const scale = Math.max(1, Math.abs(x) + Math.abs(expected[i]));
    expect(Math.abs(x - expected[i]) / scale, `entry ${i}`).toBeLessThan(tolerance);
  });
}

const replaced = <T extends object>(input: T, change: Partial<T>) => ({ ...input, ...change });

describe("the protocol", () => {
  test("is answered by the program, line by line", () => {
    const folder = fileURLToPath(new URL("..", import.meta.url));
    execFileSync("npm", ["run", "--silent", "build"], { cwd: folder });
    const session = [
      { id: 0, kind: "start", eval: "hello" },
      { id: 1, kind: "define", module: "hello" },
      { id: 2, kind: "evaluate", module: "hello", function: "square", input: 3 },
      { id: 3, kind: "analysis", of: 2, valid: true },
      { id: 4, kind: "evaluate", module: "hello", function: "double", input: 9 },
      { id: 5, kind: "define", module: "none" },
    ];
    const output = execFileSync("node", [join(folder, "dist", "main.js")], {
      input: session.map((message) => `${JSON.stringify(message)}\n`).join(""),
      encoding: "utf8",
    });
    const responses = output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(responses).toMatchObject([
      { id: 0, tool: "dualize" },
      { id: 1, success: true },
      { id: 2, success: true, output: 9, timings: [{ name: "evaluate" }] },
      { id: 3 },
      { id: 4, success: true, output: 18 },
      { id: 5, success: false },
    ]);
    expect(responses[2].timings[0].nanoseconds).toBeGreaterThan(0);
  });

  test("runs a function as often as it is asked to, and as long", () => {
    const evaluate = (input: object) =>
      respond({ id: 1, kind: "evaluate", module: "lse", function: "primal", input });
    expect(evaluate({ x: [1, 2], min_runs: 7, min_seconds: 0 }).timings).toHaveLength(7);
    const { timings } = evaluate({ x: [1, 2], min_runs: 1, min_seconds: 0.01 });
    expect(timings!.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0)).toBeGreaterThan(1e7);
  });

  test("is told of what goes wrong", () => {
    const evaluate = (name: string, input: unknown) =>
      respond({ id: 1, kind: "evaluate", module: "lse", function: name, input });
    expect(evaluate("hessian", {})).toMatchObject({
      success: false,
      error: 'There is no function "hessian" in a module "lse".',
    });
    expect(evaluate("primal", {})).toMatchObject({ success: false });
    expect(evaluate("primal", {}).error).toContain("TypeError");
  });
});

describe("lse", () => {
  const x = numbers(50).map((value) => 300 * value);

  test("has the softmax for its gradient, and does not overflow", () => {
    const value = call("lse", "primal", { x }) as number;
    expect(value).toBeGreaterThanOrEqual(Math.max(...x));
    const softmax = x.map((entry) => Math.exp(entry - value));
    expectClose(call("lse", "gradient", { x }) as number[], softmax, 1e-13);
  });
});

describe("llsq", () => {
  test("has the value and the gradient of its definition", () => {
    const [x, n] = [numbers(5), 12];
    const t = Array.from({ length: n }, (_, i) => -1 + (2 * i) / (n - 1));
    const rest = t.map((u) => Math.sign(u) - x.reduce((sum, c, j) => sum + c * u ** j, 0));
    const value = rest.reduce((sum, r) => sum + r * r, 0) / 2;
    expectClose([call("llsq", "primal", { x, n }) as number], [value], 1e-14);
    const gradient = x.map((_, j) => -t.reduce((sum, u, i) => sum + rest[i] * u ** j, 0));
    expectClose(call("llsq", "gradient", { x, n }) as number[], gradient, 1e-13);
  });
});

describe("det", () => {
  test("is the determinant, and its gradient are the cofactors", () => {
    const A = [2, -1, 0.5, 1, 3, -2, 4, 0.3, 1];
    const [a, b, c, d, e, f, g, h, i] = A;
    const cofactors = [
      ...[e * i - f * h, f * g - d * i, d * h - e * g],
      ...[c * h - b * i, a * i - c * g, b * g - a * h],
      ...[b * f - c * e, c * d - a * f, a * e - b * d],
    ];
    const value = a * cofactors[0] + b * cofactors[1] + c * cofactors[2];
    expectClose([call("det", "primal", { A, ell: 3 }) as number], [value], 1e-14);
    expectClose(call("det", "gradient", { A, ell: 3 }) as number[], cofactors, 1e-14);
  });

  test("of a larger matrix has a gradient that gives it back, times its rows", () => {
    const [A, ell] = [numbers(49), 7];
    const gradient = call("det", "gradient", { A, ell }) as number[];
    const value = call("det", "primal", { A, ell }) as number;
    for (let i = 0; i < ell; i++) {
      for (let j = 0; j < ell; j++) {
        const product = A.slice(ell * i, ell * (i + 1)).reduce(
          (sum, x, k) => sum + x * gradient[ell * j + k],
          0,
        );
        expect(product).toBeCloseTo(i === j ? value : 0, 12);
      }
    }
  });
});

describe("ode", () => {
  // yᵢ(t) = x₀·…·xᵢ·tⁱ⁺¹ / (i + 1)!, which the method solves exactly up to the fourth power.
  const x = [0.7, 1.3, -0.4, 0.9];

  test("is solved exactly where the method is exact, with its gradient", () => {
    let product = 1;
    const exact = x.map((value, i) => {
      product *= (value * 2) / (i + 1);
      return product;
    });
    expectClose(call("ode", "primal", { x, s: 3 }) as number[], exact, 1e-13);
    const gradient = x.map((value) => exact[3] / value);
    expectClose(call("ode", "gradient", { x, s: 3 }) as number[], gradient, 1e-13);
  });
});

describe("kmeans", () => {
  test("goes from each centroid to the middle of its points", () => {
    const points = rows(40, 3);
    const centroids = [points[3], points[17], points[29]];
    const squared = (a: number[], b: number[]) => a.reduce((s, x, i) => s + (x - b[i]) ** 2, 0);
    const nearest = points.map((p) => {
      const all = centroids.map((c) => squared(p, c));
      return all.indexOf(Math.min(...all));
    });
    const cost = points.reduce((sum, p, i) => sum + squared(p, centroids[nearest[i]]), 0);
    expectClose([call("kmeans", "cost", { points, centroids }) as number], [cost], 1e-14);
    const direction = centroids.map((centroid, k) => {
      const own = points.filter((_, i) => nearest[i] === k);
      return centroid.map((x, j) => x - own.reduce((sum, p) => sum + p[j], 0) / own.length);
    });
    const found = call("kmeans", "dir", { points, centroids }) as number[][];
    expectClose(found.flat(), direction.flat(), 1e-13);
  });
});

describe.each(["ff", "fr", "rf", "rr"])("with nested derivatives, %s", (variant) => {
  test("saddle has the result that GradBench asks for", () => {
    const expected = new Array(4).fill(8.246324826140356e-6);
    const found = call("saddle", variant, { start: [1, 1] }) as number[];
    found.forEach((x, i) => {
      expect(Math.abs(x / expected[i] - 1)).toBeLessThan(1e-9);
    });
  });

  test("particle has the result that GradBench asks for", () => {
    const found = call("particle", variant, { w: 0 }) as number;
    expect(Math.abs(found - 0.2071918746486116)).toBeLessThan(1e-9);
  });
});

describe("lstm", () => {
  const input = {
    main_params: rows(4, 12),
    extra_params: rows(3, 3, 9),
    state: rows(4, 3, 20),
    sequence: rows(6, 3, 30).map((row) => row.map((x) => (x > 0 ? 1 : 0))),
  };

  test("has a gradient that agrees with differences, row after row", () => {
    const flat = [...input.main_params, ...input.extra_params].flat();
    const at = (x: number[]) => {
      const row = (i: number, width: number, from: number) =>
        x.slice(from + i * width, from + (i + 1) * width);
      const main_params = input.main_params.map((_, i) => row(i, 12, 0));
      const extra_params = input.extra_params.map((_, i) => row(i, 3, 48));
      return call("lstm", "objective", replaced(input, { main_params, extra_params })) as number;
    };
    expectClose(call("lstm", "jacobian", input) as number[], differences(at, flat), 1e-10);
  });

  test("leaves the state that it is given as it is", () => {
    const before = JSON.stringify(input);
    call("lstm", "objective", input);
    call("lstm", "jacobian", input);
    expect(JSON.stringify(input)).toBe(before);
  });
});

describe("gmm", () => {
  const [d, k, n] = [2, 3, 8];
  const input = {
    ...{ d, k, n, m: 2, gamma: 1.3 },
    ...{ alpha: numbers(k), mu: rows(k, d, 4), q: rows(k, d, 8), l: rows(k, 1, 12) },
    x: rows(n, d, 20),
  };

  test("has the logarithm of likelihood times prior", () => {
    const weights = input.alpha.map(Math.exp);
    const all = weights.reduce((a, b) => a + b);
    const factors = input.q.map(([q0, q1], i) => [Math.exp(q0), input.l[i][0], Math.exp(q1)]);
    const likelihood = input.x.map(([x, y]) =>
      factors.reduce((sum, [a, b, c], i) => {
        const [u, v] = [x - input.mu[i][0], y - input.mu[i][1]];
        const squared = (a * u) ** 2 + (b * u + c * v) ** 2;
        return sum + ((weights[i] / all) * Math.exp(-squared / 2) * a * c) / (2 * Math.PI);
      }, 0),
    );
    // The density of Wishart in two dimensions, with d + m + 1 = 5 degrees of freedom and scale γ⁻².
    const gamma2 = Math.sqrt(Math.PI) * 1.329340388179137 * 1;
    const prior = factors.map(([a, b, c]) => {
      const trace = input.gamma ** 2 * (a * a + b * b + c * c);
      return ((a * c) ** 2 * Math.exp(-trace / 2)) / (2 ** 5 * input.gamma ** -10 * gamma2);
    });
    const value = [...likelihood, ...prior].reduce((sum, x) => sum + Math.log(x), 0);
    expectClose([call("gmm", "objective", input) as number], [value], 1e-13);
  });

  test("has a gradient that agrees with differences, in the shapes of what it is by", () => {
    const found = call("gmm", "jacobian", input) as typeof input;
    const objective = (change: Partial<typeof input>) =>
      call("gmm", "objective", replaced(input, change)) as number;
    expectClose(
      found.alpha,
      differences((alpha) => objective({ alpha }), input.alpha),
      1e-10,
    );
    for (const name of ["mu", "q", "l"] as const) {
      const width = input[name][0].length;
      const split = (x: number[]) => input[name].map((_, i) => x.slice(i * width, (i + 1) * width));
      const expected = differences((x) => objective({ [name]: split(x) }), input[name].flat());
      expectClose(found[name].flat(), expected, 1e-9);
    }
    expect(Object.keys(found)).toEqual(["alpha", "mu", "q", "l"]);
  });
});

describe("ba", () => {
  const input = {
    ...{ n: 3, m: 4, p: 12, w: 0.8 },
    cam: [0.1, -0.2, 0.3, 0.5, 0.1, -4, 500, 320, 240, 0.02, -0.003],
    x: [0.4, -0.6, 1.2],
    feat: [310, 250],
  };
  type Found = { reproj_error: { elements: number[] } };
  const errors = (change: Partial<typeof input>) =>
    (call("ba", "objective", replaced(input, change)) as Found).reproj_error.elements;

  test("projects a point by a camera that is not turned", () => {
    const cam = [0, 0, 0, 0.5, 0.1, -4, 500, 320, 240, 0.02, -0.003];
    const [u, v] = [-0.1 / 5.2, -0.7 / 5.2];
    const r = u * u + v * v;
    const bulge = 500 * (1 + 0.02 * r - 0.003 * r * r);
    const expected = [0.8 * (u * bulge + 10), 0.8 * (v * bulge - 10)];
    expectClose(errors({ cam }), expected, 1e-13);
    expectClose(errors({ cam: cam.map((x, i) => (i < 3 ? 1e-9 : x)) }), expected, 1e-6);
    expect(call("ba", "objective", input)).toMatchObject({
      reproj_error: { repeated: 12 },
      w_err: { element: 1 - 0.8 ** 2, repeated: 12 },
    });
  });

  test("has a sparse Jacobian, of which the first thirty entries and the last are shown", () => {
    const { rows, cols, vals } = call("ba", "jacobian", input) as Record<string, number[]>;
    for (const list of [rows, cols, vals]) {
      expect(list).toHaveLength(31);
    }
    const unknowns = [...input.cam, ...input.x, input.w];
    const at = (k: number) => (x: number[]) =>
      errors({ cam: x.slice(0, 11), x: x.slice(11, 14), w: x[14] })[k];
    const expected = [0, 1].flatMap((k) => differences(at(k), unknowns, 1e-4));
    expectClose([...vals.slice(0, 30), vals[30]], [...expected, -2 * input.w], 1e-7);
    // The camera, the point, and the weight, behind those of all cameras and points.
    const first = [...Array(11).keys(), 33, 34, 35, 45];
    expect(cols).toEqual([...first, ...first, 56]);
    expect(rows.slice(0, 4)).toEqual([0, 15, 30, 45]);
    expect([rows[24], rows[25], rows[30]]).toEqual([360, 361, 372]);
  });
});
