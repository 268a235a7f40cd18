import { derivative, dual, grad, hessian, jvp, primalOf } from "dualize";
import { Meter } from "./classes.ts";
import { failing } from "./drag.ts";
import { energy, type State } from "./energy.ts";

const state: State = { q: 0.5, p: 2 };
const square = dual((x: number) => x * x);

function places(): string {
  try {
    return `${failing(1)}`;
  } catch (error) {
    return (error as Error).stack ?? "";
  }
}

export const results = {
  plain: energy(state, 0.1),
  jvp: jvp(energy, [state, 0.1], [{ q: 0, p: 1 }]),
  grad: grad(energy)(state, 0.1),
  second: derivative(derivative(square))(3),
  hessian: hessian(([x, y]: number[]) => x * y ** 2)([3, 2]),
  method: new Meter(3).read(2),
  methodDerivative: derivative((k: number) => new Meter(k).read(k))(2),
  generic: derivative((x: number) => [x, 2].map((v) => v * x).reduce((a, b) => a + b))(3),
  primal: primalOf(1),
  stack: places(),
};
