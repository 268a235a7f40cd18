export * as bodies from "./body.ts";
export { Body as Thing } from "./body.ts";
export { default as C } from "./complex.ts";
export * from "./vec3.ts";
