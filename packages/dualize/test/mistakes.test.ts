import {
  checkpoint,
  customJvp,
  derivative,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  linearize,
  valueAndGrad,
  valueAndJacobian,
  vjp,
} from "dualize";
import { dualForm, type Num } from "dualize/dual";
import { describe, expect, it } from "vitest";

/** What a caller probably meant, told where it went wrong. */

const product = (x: number, y: number): number => {
  "use dual";
  return x * y;
};
const squares = (o: { x: number }): number => {
  "use dual";
  return o.x * o.x;
};
async function later(x: number): Promise<number> {
  "use dual";
  await null;
  return x * x;
}

type Any = (...args: unknown[]) => unknown;
const any = (f: unknown) => f as Any;

describe("a value in the place of a function", () => {
  it.each([
    ["derivative", () => any(derivative)(3)],
    ["grad(f)", () => any(grad)(product(3, 4))],
    ["valueAndGrad(f)", () => any(valueAndGrad)(product(3, 4))],
    ["jacobian(f)", () => any(jacobian)(3)],
    ["valueAndJacobian(f)", () => any(valueAndJacobian)(3)],
    ["hessian(f)", () => any(hessian)(3)],
    ["hvp(f)", () => any(hvp)(3)],
    ["jvp", () => any(jvp)(product(3, 4), [3, 4], [1, 0])],
    ["vjp", () => any(vjp)(product(3, 4), [3, 4])],
    ["linearize", () => any(linearize)(product(3, 4), [3, 4])],
    ["checkpoint(f)", () => any(checkpoint)(3)],
    ["customJvp(f, rule)", () => any(customJvp)(3, () => [0, 0])],
  ])("is told apart from the function by %s, at once", (call, mistake) => {
    expect(mistake).toThrow(
      `DUAL109: ${call} expects a function (f, not f(x)), but found a number.`,
    );
  });
});

describe("a bound function", () => {
  it("is told to be one, with what to write instead", () => {
    const bound = product.bind(null, 2);
    const message =
      "'bound product' has no twin in this copy of dualize. Write (x) => f(x) instead.";
    expect(() => derivative(bound)(3)).toThrow(`DUAL102: ${message}`);
    expect(() => jvp(bound, [3], [1])).toThrow(`DUAL102: ${message}`);
  });

  it("works when it is called from a literal", () => {
    const bound = product.bind(null, 2);
    expect(() => derivative((y: number) => bound(y))(3)).toThrow("DUAL101");
    expect(derivative((y: number) => product(2, y))(3)).toBe(2);
  });
});

describe("a function without a twin", () => {
  it("is told to those who have a build, and to those who have none", () => {
    const { square } = { square: new Function("x", "return x * x") as (x: number) => number };
    expect(() => derivative(square)(3)).toThrow(
      "DUAL102: 'anonymous' has no twin in this copy of dualize. Mark it \"use dual\" and run babel-plugin-dualize on its file, or use dualForm.",
    );
  });
});

describe("without a build, an operator of the language on an active number", () => {
  it.each<[string, (x: Num) => unknown]>([
    ["arithmetic", (x) => (x as number) * 2],
    ["a comparison", (x) => ((x as number) < 3 ? 1 : 2)],
    ["Math", (x) => Math.sin(x as number)],
  ])("in %s is told what to call instead", (_, f) => {
    const take = () => derivative(dualForm(f) as (x: number) => number)(3);
    expect(take).toThrow(/^DUAL105: .*call add, mul and so on, or hand it primalOf\(value\)\.$/);
    expect(take).not.toThrow("use dual");
  });
});

describe("argnum", () => {
  const transforms = { grad, valueAndGrad, jacobian, valueAndJacobian, hessian };

  it.each(Object.entries(transforms))(
    "out of range is told by %s, with how many there are",
    (name, f) => {
      expect(() => any(any(f)(product, { argnum: 2 }))(1, 2)).toThrow(
        `DUAL107: ${name}(f) needs an argument 2, but found 2 arguments. argnum counts from 0.`,
      );
    },
  );

  it.each(Object.entries(transforms))("that is no place is told by %s, at once", (name, f) => {
    const takesLists = name === "grad" || name === "valueAndGrad";
    const lists = takesLists ? [[0, -1], [0, 0], [1, 0, 1], []] : [[0, 1]];
    for (const argnum of [-1, 0.5, "1", ...lists, Number.NaN])
      expect(() => any(f)(product, { argnum })).toThrow(
        `DUAL109: ${name}(f) expects as argnum a place, counted from 0, but found ${argnum}.`,
      );
  });

  it.each(Object.entries(transforms))("without its braces is told by %s", (name, f) => {
    expect(() => any(f)(product, 1)).toThrow(
      `DUAL109: ${name}(f) expects options, but found a number.`,
    );
  });
});

describe("an argument that contains itself", () => {
  const cyclic: { x: number; self?: unknown } = { x: 3 };
  cyclic.self = cyclic;

  it("has no gradient by all of it, and says so", () => {
    expect(() => grad(squares)(cyclic)).toThrow("DUAL108: an argument contains itself");
  });

  it("has a derivative in a direction", () => {
    expect(jvp(squares, [cyclic], [{ x: 1 }])).toEqual([9, 6]);
  });
});

describe("an async function", () => {
  it("has no gradient, and the error says what to take", () => {
    expect(() => grad(later as never)(3 as never)).toThrow(
      "Of an async function take jacobian or jvp and await it.",
    );
  });

  it("has what that says", async () => {
    expect(await derivative(later)(3)).toBe(6);
    expect(await jacobian(later)(3)).toBe(6);
    expect(await jvp(later, [3], [1])[1]).toBe(6);
  });
});

describe("a derivative of an async function that fails", () => {
  async function fails(x: number): Promise<number> {
    "use dual";
    await null;
    if (x > 0) throw new RangeError("too much");
    return x * x;
  }

  it.each([
    ["derivative", () => derivative(fails)(3)],
    ["the tangent of jvp", () => jvp(fails, [3], [1])[1]],
    ["the value of jvp", () => jvp(fails, [3], [1])[0]],
    ["jacobian", () => jacobian(fails)(3)],
    ["a second derivative", () => derivative(derivative(fails) as typeof fails)(3)],
    ["the value of linearize", () => linearize(fails, [3])[0]],
  ])("is told to who waits for %s, and to nobody else", async (_, take) => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    await expect(take()).rejects.toThrow("too much");
    await new Promise((done) => setTimeout(done, 5));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });
});
