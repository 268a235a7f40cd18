import { readdirSync, readFileSync } from "node:fs";
import { derivative, dual, grad, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { model } from "../../examples/curve-fit/src/model.ts";
import { kernels } from "../../packages/bench/src/kernels/index.ts";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import {
  expectAgreement,
  expectClose,
  expectForms,
  reportOn,
  reportOnFile,
} from "./support/forms.ts";

const folder = new URL("../../packages/bench/src/kernels/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
const marked = files.filter((name) =>
  readFileSync(new URL(name, folder), "utf8").includes('"use dual"'),
);

describe("the kernels of the benchmark", () => {
  it("are fourteen", () => {
    expect(kernels.length).toBe(14);
    expect(new Set(kernels.map((k) => k.f)).size).toBe(14);
  });

  it.each(marked)("take the tangent form, with all that they call: %s", (name) => {
    expectForms(reportOnFile(new URL(name, folder)));
  });

  it.each(kernels.map((k) => [k.name, k] as const))("agree with the dual form: %s", (_, kernel) => {
    expectAgreement({ f: kernel.f as never, at: kernel.args, along: kernel.tangents });
  });
});

describe("the example that fits a curve", () => {
  const file = new URL("../../examples/curve-fit/src/model.ts", import.meta.url);
  const params = [330, 1.2, 0.01, 0.005, 2.8, 1.1, 0.7, -0.4];
  const direction = [1, -0.3, 0.2, 0.01, 0.5, -0.6, 0.3, 0.8];

  it("takes the tangent form", () => {
    expectForms(reportOnFile(file));
    expectForms(reportOn(readFileSync(file, "utf8"), "model.ts"));
  });

  it("gives a function whose derivative agrees with the dual form", () => {
    const [f, df] = jvp(model, [params], [direction]);
    const [g, dg] = pushDual(model, undefined, [params], [direction]) as [typeof f, typeof df];
    for (const t of [-3.2, 0, 0.25, 7]) {
      expect(f(t)).toBe(model(params)(t));
      expect(f(t)).toBe(g(t));
      expectClose([df(t)], [dg(t)]);
    }
  });

  it("has the gradient that a caller in tangent form gets", () => {
    const at = dual((p: number[], t: number): number => model(p)(t));
    expectAgreement({ f: at, at: [params, 0.7], along: [direction, 0.4] });
    const byHand = (t: number) => {
      const [, , , growth, a1, phase1, a2, phase2] = params as [
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      const [u, v] = [2 * Math.PI * t - phase1, 4 * Math.PI * t - phase2];
      const scale = 1 + growth * t;
      return [
        1,
        t,
        t * t,
        t * (a1 * Math.cos(u) + a2 * Math.cos(v)),
        scale * Math.cos(u),
        scale * a1 * Math.sin(u),
        scale * Math.cos(v),
        scale * a2 * Math.sin(v),
      ];
    };
    grad(at)(params, 0.7).forEach((x, i) => {
      expect(x).toBeCloseTo(byHand(0.7)[i] as number, 13);
    });
    expect(derivative(dual((t: number): number => model([0, 0, 1, 0, 0, 0, 0, 0])(t)))(3)).toBe(6);
  });
});
