import type { types } from "@babel/core";

export const DIRECTIVE = "use dual";

export const isMark = (d: types.Directive): boolean => d.value.value === DIRECTIVE;
