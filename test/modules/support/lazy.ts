"use dual";
export const late = (x: number): number => x * x * x;
