import type { Peer } from "./peer.ts";

/**
 * The peers, each loaded on demand: some start threads or compile WebAssembly as they load, and one
 * that is not installed must not stop the others.
 */
export const peers: Readonly<Record<string, () => Promise<{ peer: Peer }>>> = {
  rose: () => import("./rose.ts"),
  "@thi.ng/dual-algebra": () => import("./thi-ng.ts"),
  "@jax-js/jax": () => import("./jax-js.ts"),
  "ad.js": () => import("./ad-js.ts"),
  "ganja.js": () => import("./ganja.ts"),
  mathjs: () => import("./math-js.ts"),
};
