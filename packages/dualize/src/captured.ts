/** Natives as they are when dualize is loaded: a program may replace or delete them later. */

export const { isArray } = Array;
export const { isView } = ArrayBuffer;
export const { includes, some } = Array.prototype as unknown[];
export const { toString: stringTag } = {};
