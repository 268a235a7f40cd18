import { derivative, grad } from "dualize";
import { used } from "./models.ts";

export const results = {
  plain: used(3),
  derivative: derivative(used)(3),
  second: derivative(derivative(used))(3),
  grad: grad(([x]: [number]) => used(x))([3]),
};
