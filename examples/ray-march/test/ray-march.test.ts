import { grad } from "dualize";
import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { light, march, openness } from "../src/march.ts";
import { ray, render } from "../src/render.ts";
import { maze, ring, scene } from "../src/scene.ts";
import { shade, shadeCurvature } from "../src/shade.ts";
import { meanCurvatureOf, normalOf, type Surface } from "../src/shape.ts";
import { dot, plus, unit, type Vector } from "../src/vector.ts";

const EYE = [1.7, 1.55, -3.3];

/** Where rays through a grid of the picture meet the scene. */
const hits: Vector[] = Array.from({ length: 120 }, (_, i) => {
  const direction = ray(-0.9 + 1.8 * ((i % 12) / 11), -0.6 + 1.2 * (Math.floor(i / 12) / 9));
  const distance = march(EYE, direction);
  return distance === undefined ? [] : [plus(EYE, distance, direction)];
}).flat();

const ball: Surface = ([x, y, z]) => {
  "use dual";
  return Math.hypot(x, y, z) - 0.7;
};
const torus: Surface = ([x, y, z]) => {
  "use dual";
  return Math.hypot(Math.hypot(x, z) - 2, y) - 0.5;
};
const saddle: Surface = ([x, y, z]) => {
  "use dual";
  return 3 * (y - x * z);
};

/** A place on the torus, by two angles. */
const onTorus = (u: number, v: number): Vector => {
  const r = 2 + 0.5 * Math.cos(v);
  return [r * Math.cos(u), 0.5 * Math.sin(v), r * Math.sin(u)];
};

describe("the normal", () => {
  test("of a ball points away from its middle, and that of a torus from its core", () => {
    const p = [0.2, -0.3, 0.6];
    normalOf(ball)(p).forEach((x, i) => {
      expect(x).toBeCloseTo(unit(p)[i], 15);
    });
    const [u, v] = [0.7, 2.1];
    const exact = [Math.cos(v) * Math.cos(u), Math.sin(v), Math.cos(v) * Math.sin(u)];
    normalOf(torus)(onTorus(u, v)).forEach((x, i) => {
      expect(x).toBeCloseTo(exact[i], 14);
    });
  });

  test("agrees with differences wherever rays meet the scene", () => {
    const gradient = grad(scene);
    const h = 1e-5;
    expect(hits.length).toBeGreaterThan(80);
    for (const p of hits) {
      const differences = [0, 1, 2].map((k) => {
        const at = (step: number) => scene(p.map((x, i) => (i === k ? x + step : x)));
        return (at(h) - at(-h)) / (2 * h);
      });
      const off = Math.hypot(...plus(gradient(p), -1, differences));
      expect(off, String(p)).toBeLessThan(1e-7);
    }
  });

  test("has length 1, and looks at the eye", () => {
    const normal = normalOf(scene);
    for (const p of hits) {
      expect(Math.hypot(...normal(p))).toBeCloseTo(1, 14);
      expect(dot(normal(p), unit(plus(EYE, -1, p)))).toBeGreaterThan(-0.05);
    }
  });
});

describe("the mean curvature", () => {
  test("of a ball is one through its radius, everywhere", () => {
    for (const p of [
      [0.7, 0, 0],
      [0.2, -0.3, 0.6],
    ]) {
      expect(meanCurvatureOf(ball)(p)).toBeCloseTo(1 / Math.hypot(...p), 13);
    }
  });

  test("of a torus is that of its formula, outside and inside", () => {
    for (const v of [0, 1, 2.5, Math.PI, -2]) {
      const exact = (1 / 0.5 + Math.cos(v) / (2 + 0.5 * Math.cos(v))) / 2;
      expect(meanCurvatureOf(torus)(onTorus(0.7, v))).toBeCloseTo(exact, 13);
    }
  });

  test("of a saddle is 0 in its middle, whatever its function is scaled by", () => {
    expect(meanCurvatureOf(saddle)([0, 0, 0])).toBe(0);
    // Of y = xz, seen from above.
    const [x, z] = [0.3, -0.8];
    const exact = (x * z) / (1 + x * x + z * z) ** 1.5;
    expect(meanCurvatureOf(saddle)([x, x * z, z])).toBeCloseTo(exact, 14);
  });
});

describe("a ray", () => {
  test("ends on the surface", () => {
    for (const p of hits) {
      expect(Math.abs(scene(p))).toBeLessThan(2e-3);
    }
  });

  test("meets all that is there: the ring, the maze and the floor, and in the sky nothing", () => {
    const near = (f: (p: Vector) => number) => hits.filter((p) => Math.abs(f(p)) < 5e-3).length;
    expect(near(([x, y, z]) => ring(x, y, z))).toBeGreaterThan(10);
    expect(near(([x, y, z]) => maze(x, y - 0.35, z))).toBeGreaterThan(3);
    expect(near(([, y]) => y + 0.75)).toBeGreaterThan(10);
    expect(march(EYE, [0, 1, 0])).toBeUndefined();
  });

  test("to the light is stopped by the ring, and passes beside it", () => {
    const up = [0, 1, 0];
    expect(light([1.25, -0.7, 0], up)).toBe(0);
    expect(light([4, -0.7, 0], up)).toBe(1);
    expect(openness([4, -0.75, 0], up)).toBeCloseTo(1, 12);
    expect(openness([1.25, -0.75, 0], up)).toBeLessThan(0.95);
  });
});

describe("the picture", () => {
  const view = { width: 48, height: 30, samples: 1 };

  test("has sky above, the ring in the middle, and is a PNG that can be read", () => {
    const rows: number[] = [];
    const png = PNG.sync.read(PNG.sync.write(render(view, shade, (done) => rows.push(done))));
    expect([png.width, png.height]).toEqual([48, 30]);
    expect(rows.at(-1)).toBe(1);
    const pixel = (x: number, y: number) => [...png.data.subarray(4 * (48 * y + x)).subarray(0, 4)];
    const [r, g, b, a] = pixel(24, 1);
    expect(Math.min(r, g, b)).toBeGreaterThan(180);
    expect(a).toBe(255);
    const blue = Array.from({ length: 48 * 30 }, (_, i) =>
      pixel(i % 48, Math.floor(i / 48)),
    ).filter((p) => p[2] - p[0] > 60);
    expect(blue.length).toBeGreaterThan(100);
  });

  test("of the curvature has ridges in red and grooves in blue", () => {
    const { data } = render({ width: 32, height: 20, samples: 1 }, shadeCurvature);
    const pixels = Array.from({ length: 640 }, (_, i) => data[4 * i] - data[4 * i + 2]);
    expect(pixels.filter((redness) => redness > 40).length).toBeGreaterThan(20);
    expect(pixels.filter((redness) => redness < -40).length).toBeGreaterThan(10);
  });
});
