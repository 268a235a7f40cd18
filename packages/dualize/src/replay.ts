import type { Twin } from "./twins.ts";

/** Whether functions can be run a second time, where functions of other modules have a say in it. */

export const holds = (answer: Twin["replayable"]): boolean =>
  typeof answer === "object" ? answer.every((link) => link.isReplayable) : answer === true;

/** Whether running a function again has no effect but its result. */
export const canReplay = (twin: Twin): boolean => holds(twin.replayable);

/** Whether all that the tangent form calls elsewhere is called soundly by it. */
export const isSound = ({ replayable, contained, reaches }: Twin): boolean => {
  const links = replayable ?? contained ?? reaches;
  return typeof links !== "object" || links.every((link) => link.isSound);
};
