#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { closest } from "./cli/closest.ts";
import { entryOf } from "./cli/entry.ts";
import { init } from "./cli/init.ts";
import { loadCompanion } from "./companion.ts";

const usage = `usage: dualize COMMAND [options]

  init             sets up the project: finds its build tool, installs, adds the plugin
  check PATH...    all errors and notes about marked functions
  explain PATH...  which form each marked function got, and why
  explain DUAL101  what an error or note means, and how to mend it

  --version, -v    the version of dualize
  --help, -h       this; after a command, its options`;

type Command = (args: readonly string[]) => number | Promise<number>;

/** The commands that look at code are where the compiler is. */
const compiler =
  (name: string): Command =>
  async (args) => {
    const module = await loadCompanion("babel-plugin-dualize/commands", `dualize ${name}`);
    const { commands } = module as { commands: Record<string, Command> };
    return (commands[name] as Command)(args);
  };

const commands: Readonly<Record<string, Command>> = {
  init,
  check: compiler("check"),
  explain: (args) => (/^DUAL\d+$/.test(args[0] ?? "") ? explainCode : compiler("explain"))(args),
};

function explainCode([code = ""]: readonly string[]): number {
  const entry = entryOf(code);
  if (entry === undefined) throw new Error(`there is no ${code}`);
  console.log(entry);
  return 0;
}

/** Runs the command line; gives the exit code. */
async function main([command, ...args]: readonly string[]): Promise<number> {
  switch (command) {
    case "--version":
    case "-v": {
      const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
      console.log(JSON.parse(manifest).version);
      return 0;
    }
    case "--help":
    case "-h":
      console.log(usage);
      return 0;
    case undefined:
      console.error(usage);
      return 2;
  }
  const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (run) return await run(args);
  const meant = closest(command, Object.keys(commands));
  console.error(
    `dualize: unknown ${command.startsWith("-") ? "option" : "command"} '${command}'${meant ? `; did you mean '${meant}'?` : ""}\n\n${usage}`,
  );
  return 2;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // Bad options, no such file, a package that is missing: the message says which.
  console.error(`dualize: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
