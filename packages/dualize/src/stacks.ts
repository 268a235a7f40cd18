import { DualizeError } from "./errors.ts";

/**
 * Leaves the library's own frames out of the stacks of its errors, so that they begin in the code of
 * whoever made the mistake. It tells them by the folder of this file. In a bundle there is none; there
 * source maps say what to leave out, and this module is left out itself.
 */

export { DualizeError };

const [, folder] = /([^\s(@]*[\\/])stacks\.[jt]s:\d/.exec(new Error().stack ?? "") ?? [];

/** How deep to look for frames that are not ours. */
const DEEP = 100;

if (folder && "captureStackTrace" in Error) {
  DualizeError.trim = (error) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = DEEP;
    Error.captureStackTrace(error);
    Error.stackTraceLimit = stackTraceLimit;
    const lines = error.stack?.split("\n") ?? [];
    const first = lines.findIndex((line) => /^ {4}at .*:\d+\)?$/.test(line));
    const theirs = lines.slice(first).filter((line) => !line.includes(folder));
    const more = `  more: npx dualize explain ${error.code}`;
    error.stack = [...lines.slice(0, first), more, ...theirs.slice(0, stackTraceLimit)].join("\n");
  };
}
