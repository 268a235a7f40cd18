export { default as cubed, lerp as mix } from "./helpers.ts";
export * from "./helpers.ts";
