import { results } from "./main.ts";

console.log(JSON.stringify(results));
