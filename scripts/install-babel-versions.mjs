// Two versions of Babel cannot live side by side in one node_modules, so the versions that the
// tests run on beside the root's live in projects of their own; so do bundlers and packages that only a
// test needs. Runs after `npm install` and
// `npm ci` at the root.
import { execSync } from "node:child_process";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

for (const project of ["test/babel7-22", "test/babel8", "test/build-tools", "test/packages"]) {
  const folder = `${root}/${project}`;
  if (isInstalled(folder)) continue;
  // Babel 8 asks for a newer Node than the packages do, and works on this one: the warning about
  // it says nothing to the user.
  execSync("npm ci --no-audit --no-fund --ignore-scripts --loglevel=error", {
    cwd: folder,
    stdio: "inherit",
  });
}

function isInstalled(folder) {
  const installed = statSync(`${folder}/node_modules/.package-lock.json`, {
    throwIfNoEntry: false,
  });
  return (
    installed !== undefined && installed.mtimeMs >= statSync(`${folder}/package-lock.json`).mtimeMs
  );
}
