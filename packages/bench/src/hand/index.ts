import type { KernelName, Result } from "../kernel.ts";
import { blackScholes } from "./black-scholes.ts";
import { resample } from "./cubic-spline.ts";
import { ridgeLoss } from "./functional.ts";
import { mixtureLogLikelihood } from "./gaussian-mixture.ts";
import { toneCurveError } from "./imported.ts";
import { lotkaVolterra } from "./lotka-volterra.ts";
import { luSolve } from "./lu-solve.ts";
import { nBody } from "./n-body.ts";
import { networkError } from "./neural-network.ts";
import { orbitRadius } from "./newton.ts";
import { rayMarch } from "./ray-march.ts";
import { area } from "./recursion.ts";
import { rosenbrock } from "./rosenbrock.ts";
import { orbitEnergy } from "./vec3.ts";

/**
 * Tangent code written by hand, by the name of its kernel. Arguments alternate with their tangents:
 * `(x, dx, y, dy)`; the value is returned and the tangent left in the slot or shadow.
 */
export const handWritten: Readonly<Record<KernelName, (...args: never[]) => Result>> = {
  "lotka-volterra": lotkaVolterra,
  rosenbrock,
  "black-scholes": blackScholes,
  "gaussian-mixture": mixtureLogLikelihood,
  "lu-solve": luSolve,
  "n-body": nBody,
  vec3: orbitEnergy,
  functional: ridgeLoss,
  imported: toneCurveError,
  recursion: area,
  "ray-march": rayMarch,
  "neural-network": networkError,
  "cubic-spline": resample,
  newton: orbitRadius,
};
