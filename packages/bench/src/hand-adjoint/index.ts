import type { KernelName } from "../kernel.ts";
import { blackScholes } from "./black-scholes.ts";
import { mixtureLogLikelihood } from "./gaussian-mixture.ts";
import { lotkaVolterra } from "./lotka-volterra.ts";
import { nBody } from "./n-body.ts";
import { orbitRadius } from "./newton.ts";
import { rosenbrock } from "./rosenbrock.ts";

export { slots } from "./slots.ts";

/**
 * Adjoint code written by hand, by the name of its kernel, called as the plugin's: each array or
 * object has its cotangent beside it, to which is added, and the cotangent of the value comes last.
 * The value is returned, and the cotangents of numbers are left in the slots.
 */
export const handAdjoints: Readonly<Partial<Record<KernelName, (...args: never[]) => number>>> = {
  "lotka-volterra": lotkaVolterra,
  rosenbrock,
  "black-scholes": blackScholes,
  "gaussian-mixture": mixtureLogLikelihood,
  "n-body": nBody,
  newton: orbitRadius,
};
