/// <reference lib="dom" />
import type { Times } from "../protocol.ts";

/** Bars of what a call takes. */
export function showTimes(parent: HTMLElement, times: Times): void {
  const rows = [
    { title: "f", time: times.f, colour: "var(--f)" },
    { title: "jvp", time: times.jvp, colour: "var(--slope)" },
    { title: "grad", time: times.grad, colour: "var(--bend)" },
  ];
  const longest = Math.max(...rows.map(({ time }) => time));
  parent.replaceChildren(
    ...rows.flatMap(({ title, time, colour }) => {
      const bar = document.createElement("i");
      bar.style.cssText = `width: ${(100 * time) / longest}%; background: ${colour}`;
      const track = cell("track", "");
      track.append(bar);
      return [
        cell("name", title),
        track,
        cell("number", duration(time)),
        cell("ratio", title === "f" ? "" : `× ${(time / times.f).toFixed(1)}`),
      ];
    }),
  );
}

function cell(className: string, text: string): HTMLElement {
  const span = document.createElement("span");
  Object.assign(span, { className, textContent: text });
  return span;
}

const duration = (nanoseconds: number): string => {
  const [value, unit] =
    nanoseconds < 1e3
      ? [nanoseconds, "ns"]
      : nanoseconds < 1e6
        ? [nanoseconds / 1e3, "µs"]
        : [nanoseconds / 1e6, "ms"];
  return `${value.toPrecision(3)} ${unit}`;
};
