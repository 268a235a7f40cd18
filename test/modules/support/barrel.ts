export * from "./numeric.ts";
export * as numeric from "./numeric.ts";
export { default as cubed, interp as interpolate } from "./numeric.ts";
export * as tables from "./tables.ts";
