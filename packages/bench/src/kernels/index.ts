import type { Kernel } from "../kernel.ts";
import { kernel as blackScholes } from "./black-scholes.ts";
import { kernel as cubicSpline } from "./cubic-spline.ts";
import { kernel as functional } from "./functional.ts";
import { kernel as gaussianMixture } from "./gaussian-mixture.ts";
import { kernel as imported } from "./imported.ts";
import { kernel as lotkaVolterra } from "./lotka-volterra.ts";
import { kernel as luSolve } from "./lu-solve.ts";
import { kernel as nBody } from "./n-body.ts";
import { kernel as neuralNetwork } from "./neural-network.ts";
import { kernel as newton } from "./newton.ts";
import { kernel as rayMarch } from "./ray-march.ts";
import { kernel as recursion } from "./recursion.ts";
import { kernel as rosenbrock } from "./rosenbrock.ts";
import { kernel as vec3 } from "./vec3.ts";

/** All kernels, in the order of the table. */
export const kernels: readonly Kernel[] = [
  lotkaVolterra,
  rosenbrock,
  blackScholes,
  gaussianMixture,
  luSolve,
  nBody,
  vec3,
  functional,
  imported,
  recursion,
  rayMarch,
  neuralNetwork,
  cubicSpline,
  newton,
];

/** Those that give a number, and so have a gradient. */
export const scalarKernels: readonly Kernel[] = kernels.filter(({ name }) => name !== "lu-solve");
