/** The evals that the tool knows. */
import type { Module } from "../protocol.ts";
import { ba } from "./ba.ts";
import { det } from "./det.ts";
import { gmm } from "./gmm.ts";
import { hello } from "./hello.ts";
import { kmeans } from "./kmeans.ts";
import { llsq } from "./llsq.ts";
import { lse } from "./lse.ts";
import { lstm } from "./lstm.ts";
import { ode } from "./ode.ts";
import { particle } from "./particle.ts";
import { saddle } from "./saddle.ts";

export const modules: Record<string, Module | undefined> = {
  ba,
  det,
  gmm,
  hello,
  kmeans,
  llsq,
  lse,
  lstm,
  ode,
  particle,
  saddle,
};
