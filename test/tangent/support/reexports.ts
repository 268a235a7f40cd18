export * from "./helpers.ts";
export { default as cubed, lerp as mix } from "./helpers.ts";
