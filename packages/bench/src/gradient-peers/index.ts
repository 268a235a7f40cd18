import type { GradientPeer } from "./peer.ts";

/** The peers that have a reverse mode, each loaded on demand. */
export const gradientPeers: Readonly<Record<string, () => Promise<{ peer: GradientPeer }>>> = {
  rose: () => import("./rose.ts"),
  "@jax-js/jax": () => import("./jax-js.ts"),
  adnn: () => import("./adnn.ts"),
  "ad.js": () => import("./ad-js.ts"),
  "TensorFlow.js": () => import("./tensorflow.ts"),
};
