/// <reference lib="dom" />
/** The page: an editor, the code that is emitted, a picture of the function, and how long it takes. */
import type { Compiled, Drawable, Form, Remark } from "../protocol.ts";
import { forms } from "../protocol.ts";
import { delayed } from "./busy.ts";
import { reader, setText, sourceEditor, underline } from "./editor.ts";
import { ask } from "./engine.ts";
import { entryOf } from "./entries.ts";
import { fromHash, type State, toHash } from "./link.ts";
import { Picture } from "./picture.ts";
import { samples } from "./samples.ts";
import { startTheme } from "./theme.ts";
import { showTimes } from "./times.ts";

const titles: Record<Form, string> = {
  tangent: "tangent",
  adjoint: "adjoint",
  second: "second order",
  dual: "dual",
  all: "whole file",
};

const find = <E extends HTMLElement = HTMLElement>(id: string): E => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element #${id}.`);
  return found as E;
};

const compileLater = delayed(compile);
const rememberLater = delayed(remember);

startTheme(find<HTMLButtonElement>("theme"));
const editor = sourceEditor(find("editor"), (source) => {
  nameSample(source);
  compileLater(250);
});
const code = reader(find("code"));
const sampleMenu = find<HTMLSelectElement>("samples");
const functionMenu = find<HTMLSelectElement>("functions");
const tabs = find("emitted").querySelector<HTMLElement>('[role="tablist"]') as HTMLElement;

let wanted: string | undefined;
let emitted: Compiled["code"];
let form: Form = "tangent";
let drawables: readonly Drawable[] = [];
const picture = new Picture({
  failed: (message) =>
    remark([{ severity: "error", code: undefined, message, line: 0, column: 1 }]),
  moved: () => rememberLater(300),
});

// ---- what is typed

let round = 0;

async function compile(): Promise<void> {
  const mine = ++round;
  const source = editor.state.doc.toString();
  let compiled: Compiled;
  try {
    compiled = await ask("compile", { source });
  } catch (error) {
    remark([
      {
        severity: "error",
        code: undefined,
        message: String((error as Error).message),
        line: 0,
        column: 1,
      },
    ]);
    return;
  }
  // Something else has been typed since.
  if (mine !== round) return;
  remark(compiled.remarks);
  if (compiled.code === undefined) return;
  emitted = compiled.code;
  showForm();
  drawables = compiled.functions;
  chooseFunction(wanted);
  await redraw();
}

async function redraw(): Promise<void> {
  const drawable = drawables.find(({ name }) => name === wanted);
  if (drawable === undefined) {
    picture.clear("Export a function of one number or of two, and it is drawn here.");
    return;
  }
  if (await picture.draw(drawable)) {
    await remember();
    await measure();
  }
}

function remark(remarks: readonly Remark[]): void {
  underline(
    editor,
    remarks.filter(({ line }) => line > 0),
  );
  find("remarks").replaceChildren(
    ...remarks.flatMap(({ severity, code: known, message, line }) => {
      // What is thrown while a program runs has its code in front.
      const code = known ?? /^DUAL\d+/.exec(message)?.[0];
      const paragraph = document.createElement("p");
      paragraph.className = severity;
      const what = document.createElement("b");
      what.textContent = [severity, code, line > 0 ? `line ${line}` : ""].filter(Boolean).join(" ");
      paragraph.append(what, ` ${message.replace(/^DUAL\d+: /, "")}`);
      return [paragraph, ...explanation(code)];
    }),
  );
}

/** What a code means, to unfold. */
function explanation(code: string | undefined): HTMLElement[] {
  const entry = entryOf(code);
  if (entry === undefined) return [];
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = `What ${code} means`;
  const text = document.createElement("pre");
  text.textContent = entry;
  details.append(summary, text);
  return [details];
}

// ---- which function

function chooseFunction(name: string | undefined): void {
  wanted = drawables.find((d) => d.name === name)?.name ?? drawables[0]?.name;
  functionMenu.replaceChildren(
    ...drawables.map((d) => new Option(`${d.name}(${d.dimension === 1 ? "x" : "x, y"})`, d.name)),
  );
  if (wanted !== undefined) functionMenu.value = wanted;
  functionMenu.disabled = drawables.length < 2;
}

functionMenu.addEventListener("change", () => {
  wanted = functionMenu.value;
  redraw();
});

// ---- the emitted code

for (const name of forms) {
  const tab = document.createElement("button");
  Object.assign(tab, { type: "button", id: `tab-${name}`, textContent: titles[name] });
  tab.setAttribute("role", "tab");
  tab.setAttribute("aria-controls", "code");
  tab.addEventListener("click", () => select(name));
  tabs.append(tab);
}
tabs.addEventListener("keydown", ({ key }) => {
  const step = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
  if (step === 0) return;
  select(forms[(forms.indexOf(form) + step + forms.length) % forms.length]);
  find(`tab-${form}`).focus();
});

function select(name: Form): void {
  form = name;
  showForm();
}

function showForm(): void {
  for (const name of forms) {
    const tab = find(`tab-${name}`);
    tab.setAttribute("aria-selected", String(name === form));
    tab.tabIndex = name === form ? 0 : -1;
  }
  find("code").setAttribute("aria-labelledby", `tab-${form}`);
  if (emitted !== undefined)
    setText(
      code,
      emitted[form] ||
        "// No function here has this form; what it is for is done by the dual form.",
    );
}

// ---- time

async function measure(): Promise<void> {
  const drawable = drawables.find(({ name }) => name === wanted);
  if (drawable === undefined) return;
  const { name } = drawable;
  try {
    showTimes(find("measured"), await ask("time", { name, point: picture.point }));
  } catch {
    // The picture has said what is wrong.
    find("measured").replaceChildren();
  }
}
find("again").addEventListener("click", measure);

// ---- samples and links

function open(state: State): void {
  wanted = state.name;
  picture.look(state);
  setText(editor, state.source);
  compileLater(0);
}

/** Shows which sample a text is. */
function nameSample(source: string): void {
  const i = samples.findIndex((sample) => sample.source === source);
  sampleMenu.value = i < 0 ? "" : String(i);
}

const stateNow = (): State => ({
  source: editor.state.doc.toString(),
  name: wanted,
  x: picture.x,
  y: picture.y,
  point: picture.point,
});

async function remember(): Promise<void> {
  history.replaceState(null, "", `#${await toHash(stateNow())}`);
}

const own = new Option("your own", "", true);
own.hidden = true;
sampleMenu.replaceChildren(own, ...samples.map(({ title }, i) => new Option(title, String(i))));
sampleMenu.addEventListener("change", () => open(samples[Number(sampleMenu.value)]));

const share = find<HTMLButtonElement>("share");
share.addEventListener("click", async () => {
  await remember();
  try {
    await navigator.clipboard.writeText(location.href);
    share.textContent = "Copied";
  } catch {
    share.textContent = "It is in the address bar";
  }
  setTimeout(() => {
    share.textContent = "Copy link";
  }, 2000);
});
addEventListener("hashchange", async () => {
  const state = await fromHash(location.hash);
  if (state) open(state);
});

showForm();
open((await fromHash(location.hash)) ?? samples[0]);
