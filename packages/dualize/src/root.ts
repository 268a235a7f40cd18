export { customRoot } from "./transforms/custom-root.ts";
