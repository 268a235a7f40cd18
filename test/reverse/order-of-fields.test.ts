import { grad, hessian, hvp, jvp, vjp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

/** Objects whose fields stand in another order than their type tells of: derivatives have the object's. */

type Point = { x: number; y: number };
type F = (p: Point) => number;

const fresh = (body: string, type = "{ y: number, x: number }"): F =>
  load(translate({ main: `export function f(p: ${type}): number { "use dual"; ${body} }` }), "main")
    .f as F;

/** x³ + 5·y²·x */
const f = fresh("return p.x ** 3 + 5 * p.y * p.y * p.x;");
const at = { x: 2, y: 3 };
const h = { x: { x: 12, y: 30 }, y: { x: 30, y: 20 } };

describe("fields in another order than the type's", () => {
  it("have their own row and column of a Hessian", () => {
    expect(hessian(f)(at)).toEqual(h);
    expect(hessian(f)({ y: 3, x: 2 })).toEqual(h);
  });

  it("have it inside arrays too", () => {
    const all = fresh(
      "return p.reduce((s, q) => s + q.x ** 3 + 5 * q.y * q.y * q.x, 0);",
      "{ y: number, x: number }[]",
    ) as unknown as (p: Point[]) => number;
    const [first, second] = hessian(all)([at, { y: 3, x: 2 }]) as unknown as {
      [axis in keyof Point]: Point[];
    }[];
    const none = { x: 0, y: 0 };
    expect(first).toEqual({ x: [h.x, none], y: [h.y, none] });
    expect(second).toEqual({ x: [none, h.x], y: [none, h.y] });
  });

  it("are none where they cannot be gone through", () => {
    const hidden = Object.defineProperty({ x: 2 }, "y", { value: 3, enumerable: false }) as Point;
    expect(grad(f)(hidden)).toEqual({ x: 57 });
    expect(hessian(f)(hidden)).toEqual({ x: { x: 12 } });
  });

  it("keep their order in what is given back", () => {
    const found: Record<string, unknown> = {
      gradient: grad(f, { mode: "reverse" })(at),
      pullback: vjp(f, [at])[1](1)[0],
      product: hvp(f)(at, { y: 0, x: 1 }),
      "derivative of a gradient": jvp(grad(f), [at], [{ x: 1, y: 0 }])[1],
    };
    for (const [what, tree] of Object.entries(found))
      expect(Object.keys(tree as object), what).toEqual(["x", "y"]);
    expect(found.product).toEqual(h.x);
    expect(found.gradient).toEqual({ x: 57, y: 60 });
  });
});
