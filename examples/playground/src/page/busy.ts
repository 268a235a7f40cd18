/// <reference lib="dom" />
let running = 0;

/** Something is being worked on, until `rest` is called as often: to be heard of by screen readers. */
export function work(): void {
  if (running++ === 0) document.body.setAttribute("aria-busy", "true");
}

export function rest(): void {
  if (--running === 0) document.body.setAttribute("aria-busy", "false");
}

/** Does something once nothing has called for it for a while. */
export function delayed(run: () => Promise<void>): (delay: number) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (delay) => {
    if (timer === undefined) work();
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      run().finally(rest);
    }, delay);
  };
}
