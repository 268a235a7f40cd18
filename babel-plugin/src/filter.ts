export { mayHaveMarks } from "./marks/directives.ts";
export { isNamed, type Mark } from "./marks/option.ts";
