import type { types } from "@babel/core";
import { type Binding, type FunctionNode, isFunction, staticKey, unwrap } from "../ast.ts";
import { arrayMethod } from "../language/array-methods.ts";
import { globalFunction } from "../language/globals.ts";
import { isQuietSyntax } from "../language/quiet-syntax.ts";
import type { ModuleContext } from "../module-context.ts";
import { isList } from "./certain-lists.ts";
import { classMadeBy, constructorStores } from "./constructors.ts";
import { Equations, type Lattice } from "./equations.ts";
import { type Given, givenTo } from "./given.ts";
import { type HiddenCalls, hiddenCallsIn } from "./hidden-calls.ts";
import { alternatives, elementKind, isContainer, type Kind, partsOf } from "./kind.ts";
import { asksListForMore } from "./kinds/expressions.ts";
import { calleeName, mathName } from "./kinds/names.ts";
import type { Callee, Kinds } from "./kinds.ts";
import { madeAnew } from "./made-anew.ts";
import { ownLevels, placeOf, type Store, type Stores, storesIn } from "./stores.ts";
import { returnsOf } from "./syntax.ts";

type Node = types.Node;

/** Calls `visit` for a node and all nodes inside it, but not inside functions and classes. */
export function walk(node: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(node)) {
    for (const n of node) walk(n, visit);
    return;
  }
  if (node === null || typeof node !== "object" || !("type" in node)) return;
  const n = node as Node;
  visit(n);
  if (isFunction(n) || n.type === "ClassExpression" || n.type === "ClassDeclaration") return;
  for (const key in n) {
    const child: unknown = n[key as keyof Node];
    if (
      child !== null &&
      typeof child === "object" &&
      key !== "loc" &&
      key !== "typeAnnotation" &&
      !key.endsWith("Comments")
    )
      walk(child, visit);
  }
}

/** What a function changes that it did not make, as a set: any of the following. */
type Reach = number;
const NOTHING = 0;
/** What its arguments and `this` hold. */
const ARGUMENTS = 1;
/** What is around it, which may be active. */
const AROUND = 2;
/** What holds nothing active: state of the module, or of what it calls. */
const STATE = 4;
/** Nothing, but it prints before it throws. */
const LAST_WORDS = 8;
/** Whatever the functions among its arguments change of what it gives them. */
const GIVEN = 16;
/** An array or object of which nobody knows where it comes from, or what it does where it is read. */
const SOMETHING = 32;
/** Nothing by itself, but it calls functions that it finds in what it is given. */
const CALLS_GIVEN = 64;
/** Nothing by itself, but it hands active values to functions that are found when the program runs. */
const CALLS_UNKNOWN = 128;
/** What changes nothing that anybody could miss. */
const HARMLESS = LAST_WORDS | CALLS_GIVEN | CALLS_UNKNOWN;
const ANYTHING = AROUND | SOMETHING;

type ArrayCallee = Extract<Callee, { type: "array-method" }>;

const reaches: Lattice<Reach> = { bottom: NOTHING, join: (a, b) => a | b };

/** Levels of a value: taken for all fresh until something shared is found. */
const depths: Lattice<number> = {
  bottom: Number.POSITIVE_INFINITY,
  // Not below zero: what goes down a list, a step each time round, has an end here.
  join: (a, b) => Math.max(0, Math.min(a, b)),
};

const isSpread = (a: Node): boolean => a.type === "SpreadElement";

/** What stands for a question about a variable as seen from a function. */
type Keys = WeakMap<Node, WeakMap<Node, object>>;

function keyOf(keys: Keys, f: FunctionNode, of: Node): object {
  let inside = keys.get(f);
  if (inside === undefined) {
    inside = new WeakMap();
    keys.set(f, inside);
  }
  let key = inside.get(of);
  if (key === undefined) {
    key = {};
    inside.set(of, key);
  }
  return key;
}

/** What code does besides computing a value, as far as derivatives are concerned. */
export class Effects {
  readonly #equations = new Equations();
  readonly #stores = new WeakMap<Node, Stores>();
  readonly #puts = new WeakMap<Node, Puts>();
  readonly #freshKeys: Keys = new WeakMap();
  readonly #givenKeys: Keys = new WeakMap();
  readonly #laterKeys: Keys = new WeakMap();
  readonly #changing = new WeakMap<Node, boolean>();
  /** What is being looked through. */
  readonly #looking = new Set<Node>();
  /** Objects whose fields go into a literal, which uses up no iterator. */
  readonly #copied = new WeakSet<Node>();
  /** What stands where a function is called by its name. */
  readonly #called = new WeakSet<Node>();
  #hiddenCalls: HiddenCalls | undefined;

  constructor(
    private readonly context: ModuleContext,
    private readonly kinds: Kinds,
    /** Whether a function of another module may change what it is given; else the caller sees to it. */
    private readonly importsChange = true,
    /** Variables of the module whose changes do not count. */
    private readonly isExempt: (binding: Binding) => boolean = () => false,
  ) {}

  /** Whether an expression changes an active variable or container, so that its tangents must be kept up with. */
  changesActive(node: Node): boolean {
    let found = this.#changing.get(node);
    if (found === undefined) {
      found = false;
      walk(node, (n) => {
        found ||= this.#changes(n);
      });
      // While functions that call each other are looked at, an answer may be provisional.
      if (!this.#equations.isSolving) this.#changing.set(node, found);
    }
    return found;
  }

  /** Whether an expression does anything at all that another expression could notice. */
  changesAnything(node: Node): boolean {
    let found = false;
    walk(node, (n) => {
      found ||= this.#does(n) || this.#hiddenReach(n) !== NOTHING;
    });
    return found;
  }

  #does(n: Node): boolean {
    switch (n.type) {
      case "UnaryExpression":
        return n.operator === "delete";
      case "CallExpression":
        return this.kinds.callee(n).type !== "math" || isRandom(n);
      case "MemberExpression": {
        const getter = this.kinds.getterOf(n);
        return getter !== undefined && this.changesOutside(getter);
      }
      default:
        return !isQuietSyntax(n);
    }
  }

  /** Whether an object that holds active values is made a number or a text by what changes something. */
  changesByConversion(n: Node): boolean {
    const isActive = (e: Node) => !["num", "inert", "bottom"].includes(this.kinds.kindOf(e).k);
    return this.#convertedBy(n).some(isActive) && this.#runs(this.#hidden.conversions) !== NOTHING;
  }

  #changes(n: Node): boolean {
    if (this.changesByConversion(n)) return true;
    // An active value that goes into something inert is no plain matter either.
    if (n.type === "AssignmentExpression")
      return this.#isActiveTarget(n.left) || this.kinds.kindOf(n.right).k !== "inert";
    if (n.type === "UpdateExpression") return this.#isActiveTarget(n.argument);
    if (n.type === "NewExpression") return this.#constructionChanges(n);
    if (n.type === "TaggedTemplateExpression") return this.#tagChanges(n);
    if (n.type === "MemberExpression") {
      const getter = this.kinds.getterOf(n);
      return getter !== undefined && (this.changesActiveOutside(getter) || this.#passesOn(getter));
    }
    if (n.type === "UnaryExpression") return n.operator === "delete";
    if (n.type !== "CallExpression") return !isQuietSyntax(n);
    const callee = this.kinds.callee(n);
    // Whatever is called may call back.
    if (n.arguments.some((a) => this.#changesWhenCalled(a))) return true;
    if (this.#callsUnknown(n, callee)) return true;
    switch (callee.type) {
      case "closure":
      case "marked":
      case "method":
        return (
          this.#passesOn(callee.node) ||
          (this.changesActiveOutside(callee.node) &&
            !(this.#changesGivenOnly(callee.node) && this.#givesNamed(callee.node, n.arguments))) ||
          this.#leavesByCall(n, callee)
        );
      // Functions that change active variables are not handed on, but one may change what it is given.
      case "value":
        return callee.kind.params.some(isContainer) || this.#changesWhenCalled(n.callee);
      case "imported":
      case "chosen":
        return n.arguments.some(
          (a) => a.type === "SpreadElement" || this.kinds.kindOf(a).k !== "inert",
        );
      case "array-method":
        return arrayMethod(callee.name).changes === true || this.#goesThroughActive(n, callee);
      case "other":
        return this.#mayChangeObject(n.callee);
      default:
        return false;
    }
  }

  /** Whether a function calls such with active values. */
  #passesOn(f: FunctionNode): boolean {
    return (this.#reach(f) & CALLS_UNKNOWN) !== NOTHING;
  }

  /** Whether a call may hand active values to a function of which the file tells nothing, as one of another file. */
  #callsUnknown(n: types.CallExpression, callee: Callee): boolean {
    if (callee.type === "chosen") return this.#givesActive(n);
    if (callee.type === "value" && this.#bringsOutside(n.callee)) return this.#givesActive(n);
    const params =
      callee.type === "marked" || callee.type === "closure" || callee.type === "method"
        ? this.kinds.paramKinds(callee.node)
        : callee.type === "value"
          ? callee.kind.params
          : [];
    return n.arguments.some(
      (a, i) => params[i] && takesActive(params[i]) && this.#bringsOutside(a),
    );
  }

  #givesActive({ arguments: args }: types.CallExpression): boolean {
    return args.some((a) => a.type === "SpreadElement" || this.kinds.kindOf(a).k !== "inert");
  }

  /** Whether a value may be, or hold, a function that is neither written in the file nor given by who calls. */
  #bringsOutside(expression: Node): boolean {
    const node = unwrap(expression);
    if (this.#isNamed(node) || this.isPrimitive(node)) return false;
    const ofLanguage = calleeName(this.context, node) ?? "";
    if (ofLanguage.startsWith("Math.") || globalFunction(ofLanguage)?.isQuiet) return false;
    switch (node.type) {
      case "SpreadElement":
        return this.#bringsOutside(node.argument);
      case "ArrayExpression":
        return node.elements.some((e) => e && this.#bringsOutside(e));
      case "ObjectExpression":
        return node.properties.some(
          (p) =>
            p.type !== "ObjectMethod" &&
            this.#bringsOutside(p.type === "SpreadElement" ? p.argument : p.value),
        );
      case "ConditionalExpression":
        return this.#bringsOutside(node.consequent) || this.#bringsOutside(node.alternate);
      case "LogicalExpression":
        return this.#bringsOutside(node.left) || this.#bringsOutside(node.right);
      case "MemberExpression":
        return this.#bringsOutside(node.object);
      case "ThisExpression":
        return false;
      case "CallExpression": {
        const callee = this.kinds.callee(node);
        return callee.type === "marked" || callee.type === "closure" || callee.type === "method"
          ? this.#isFoundIn(callee.node, () => this.#givesOutside(callee.node))
          : this.kinds.kindOf(node).k !== "num";
      }
      case "Identifier": {
        const binding = this.context.bindings.get(node);
        return binding
          ? this.#isFoundIn(binding.identifier, () => this.#holdsOutsideFunctions(binding))
          : node.name !== "undefined";
      }
      default:
        return this.kinds.kindOf(node).k !== "num";
    }
  }

  /** An answer about what may lead back to itself. */
  #isFoundIn(of: Node, look: () => boolean): boolean {
    if (this.#looking.has(of)) return false;
    this.#looking.add(of);
    try {
      return look();
    } finally {
      this.#looking.delete(of);
    }
  }

  #givesOutside(f: FunctionNode): boolean {
    if (f.body.type !== "BlockStatement") return this.#bringsOutside(f.body);
    return returnsOf(f.body).some((r) => r.argument && this.#bringsOutside(r.argument));
  }

  #holdsOutsideFunctions({ path, kind, scope, constantViolations }: Binding): boolean {
    if (kind === "module" || scope === this.context.program.scope) return true;
    const { node, parent, parentPath } = path;
    let found = false;
    // Of a parameter its caller has been looked at, but for what it is where none is given.
    if (kind === "param")
      walk(node, (n) => {
        found ||= n.type === "AssignmentPattern" && this.#bringsOutside(n.right);
      });
    else if (node.type === "VariableDeclarator") {
      const loop = parentPath?.parent;
      const from = loop?.type === "ForOfStatement" && loop.left === parent ? loop.right : node.init;
      found = from != null && this.#bringsOutside(from);
    }
    return (
      found ||
      constantViolations.some(
        ({ node: n }) => n.type === "AssignmentExpression" && this.#bringsOutside(n.right),
      )
    );
  }

  /** Whether a method of a list hands what is active in it to a function that may change it, or keep it. */
  #goesThroughActive(n: types.CallExpression, callee: ArrayCallee): boolean {
    const of = elementKind(callee.kind);
    if (of.k === "inert" || of.k === "bottom") return this.#givesThis(n, callee);
    const callback = this.#unknownCallback(n, callee);
    if (callback === undefined) return this.#givesThis(n, callee);
    const kind = this.kinds.kindOf(callback);
    return kind.k !== "fn" || kind.params.some(isContainer) || this.#bringsOutside(callback);
  }

  /** Whether a callback gets an active `this`. */
  #givesThis({ arguments: args }: types.CallExpression, { name }: ArrayCallee): boolean {
    const given = arrayMethod(name).callsBack === "element" ? args[1] : undefined;
    return given !== undefined && this.kinds.kindOf(given).k !== "inert";
  }

  /** The function that a method of a list calls, where it is not one that the file tells of. */
  #unknownCallback(n: types.CallExpression, { name }: ArrayCallee): Node | undefined {
    const { callsBack, compares } = arrayMethod(name);
    const callback = callsBack || compares ? n.arguments[0] : undefined;
    if (callback === undefined || this.#isNamed(callback)) return undefined;
    const ofLanguage = globalFunction(calleeName(this.context, callback) ?? "");
    return ofLanguage?.isQuiet ? undefined : callback;
  }

  /** Whether a method of which nothing is known may change the active object that it is called of. */
  #mayChangeObject(callee: Node): boolean {
    const method = unwrap(callee);
    if (method.type !== "MemberExpression") return false;
    const { k } = this.kinds.kindOf(method.object);
    if (k === "num" || k === "inert" || k === "bottom") return false;
    const key = staticKey({ key: method.property, computed: method.computed });
    if (key === "toString" || key === "valueOf")
      return this.#runs(this.#hidden.conversions) !== NOTHING;
    return key === undefined || !onlyReads(key);
  }

  #tagChanges({ tag, quasi }: types.TaggedTemplateExpression): boolean {
    return (
      this.#changesWhenCalled(tag) ||
      this.#mayChangeObject(tag) ||
      quasi.expressions.some((e) => this.kinds.kindOf(e).k !== "inert")
    );
  }

  /** Whether what is called may put something active outside: it is given it, or knows it. */
  #leavesByCall(n: types.CallExpression, callee: Callee): boolean {
    return (
      (callee.type === "closure" || callee.type === "marked" || callee.type === "method") &&
      this.changesState(callee.node) &&
      ((callee.type === "closure" && this.#leavesActive(callee.node.body)) ||
        (callee.type === "method" && this.kinds.kindOf(callee.object).k !== "inert") ||
        n.arguments.some((a) => a.type === "SpreadElement" || this.kinds.kindOf(a).k !== "inert"))
    );
  }

  /** Whether a constructor may do more with active values than to store them in what it makes. */
  #constructionChanges(n: types.NewExpression): boolean {
    const callee = unwrap(n.callee);
    const binding = callee.type === "Identifier" ? this.context.bindings.get(callee) : undefined;
    const made = classMadeBy(this.kinds, n);
    if (made && !made.superClass && constructorStores(made) !== undefined) return false;
    if (n.arguments.some((a) => this.#changesWhenCalled(a))) return true;
    if (callee.type === "Identifier" && binding === undefined) return false;
    // One that is made inside a function may know of its variables.
    if (binding && binding.kind !== "module" && binding.scope !== this.context.program.scope)
      return true;
    return n.arguments.some(
      (a) => a.type === "SpreadElement" || this.kinds.kindOf(a).k !== "inert",
    );
  }

  #changesWhenCalled(argument: Node): boolean {
    const node = unwrap(argument);
    const f = isFunction(node) ? node : this.kinds.functionNamed(node);
    if (f === undefined) return false;
    if (this.changesActiveOutside(f) || this.#passesOn(f)) return true;
    return this.changesState(f) && (f !== node || this.#leavesActive(f.body));
  }

  /** Whether code puts something active where nothing is taken for active, by itself or by what it calls. */
  #leavesActive(body: Node): boolean {
    if (this.#looking.has(body)) return false;
    this.#looking.add(body);
    let found = false;
    walk(body, (n) => {
      if (n.type === "AssignmentExpression")
        found ||= !this.#isActiveTarget(n.left) && this.kinds.kindOf(n.right).k !== "inert";
      if (n.type === "NewExpression") found ||= this.#constructionChanges(n);
      if (n.type === "TaggedTemplateExpression") found ||= this.#tagChanges(n);
      if (n.type === "CallExpression")
        found ||=
          this.#leavesByCall(n, this.kinds.callee(n)) ||
          n.arguments.some((a) => this.#changesWhenCalled(a));
    });
    this.#looking.delete(body);
    return found;
  }

  #isActiveTarget(target: Node): boolean {
    const node = unwrap(target);
    if (node.type === "Identifier") {
      const binding = this.context.bindings.get(node);
      return binding !== undefined && this.kinds.bindingKind(binding).k !== "inert";
    }
    if (node.type === "MemberExpression")
      return node.object.type === "Super" || this.kinds.kindOf(node.object).k !== "inert";
    return true;
  }

  /** Whether a function changes values that it did not make itself: its arguments', `this`, or captured ones. */
  changesOutside(f: FunctionNode): boolean {
    return (this.#reach(f) & ~HARMLESS) !== NOTHING;
  }

  /** The same of a part of a function. */
  changesOutsideIn(f: FunctionNode, part: Node): boolean {
    let reach: Reach = NOTHING;
    walk(part, (n) => {
      reach |= this.#reachOf(f, n);
    });
    return (reach & ~HARMLESS) !== NOTHING;
  }

  /** Whether a function changes more than what its arguments and `this` hold. */
  changesState(f: FunctionNode): boolean {
    return (this.#reach(f) & ~(ARGUMENTS | HARMLESS)) !== NOTHING;
  }

  /** Whether a function calls others that it finds in what it is given, and that may change anything. */
  callsGiven(f: FunctionNode): boolean {
    return (this.#reach(f) & CALLS_GIVEN) !== NOTHING;
  }

  /** Whether a function may change what it is given, by itself or by functions among it. */
  changesGiven(f: FunctionNode): boolean {
    return (this.#reach(f) & (ARGUMENTS | GIVEN | SOMETHING)) !== NOTHING;
  }

  /** Whether a value is certainly no object. */
  isPrimitive(expression: Node, seen: ReadonlySet<Node> = new Set()): boolean {
    const node = unwrap(expression);
    const isPrimitive = (part: Node) => this.isPrimitive(part, seen);
    switch (node.type) {
      case "NumericLiteral":
      case "StringLiteral":
      case "BooleanLiteral":
      case "NullLiteral":
      case "TemplateLiteral":
      case "BinaryExpression":
      case "UnaryExpression":
      case "UpdateExpression":
        return true;
      case "MemberExpression":
        return (
          staticKey({ key: node.property, computed: node.computed }) === "length" &&
          this.#readReach(node, "length") === NOTHING
        );
      case "CallExpression":
        return this.#givesPrimitive(node);
      case "ConditionalExpression":
        return isPrimitive(node.consequent) && isPrimitive(node.alternate);
      case "LogicalExpression":
        return isPrimitive(node.left) && isPrimitive(node.right);
      case "Identifier": {
        const binding = this.context.bindings.get(node);
        if (binding === undefined) return /^(undefined|NaN|Infinity)$/.test(node.name);
        if (binding.kind === "module") return this.kinds.typeKinds.isNumberOfOthers(node.name);
        const type = (binding.identifier as types.Identifier).typeAnnotation;
        if (type?.type === "TSTypeAnnotation") return this.#isOfPrimitives(type.typeAnnotation);
        const definition = binding.path.node;
        return (
          definition.type === "VariableDeclarator" &&
          definition.id === binding.identifier &&
          definition.init != null &&
          definition.init.type !== "Identifier" &&
          !seen.has(definition) &&
          this.isPrimitive(definition.init, new Set([...seen, definition])) &&
          binding.constantViolations.every(
            ({ node: n }) => n.type === "UpdateExpression" || n.type === "ForInStatement",
          )
        );
      }
      default:
        return false;
    }
  }

  #isOfPrimitives(type: types.TSType): boolean {
    if (type.type === "TSUnionType") return type.types.every((of) => this.#isOfPrimitives(of));
    if (type.type !== "TSTypeReference" || type.typeName.type !== "Identifier")
      return /^TS(String|Number|Boolean|Undefined|Null)Keyword$|^TSLiteralType$/.test(type.type);
    const { name } = type.typeName;
    return this.context.program.node.body.some((s) => {
      const declared = s.type === "ExportNamedDeclaration" ? s.declaration : s;
      return declared?.type === "TSEnumDeclaration" && declared.id.name === name;
    });
  }

  #givesPrimitive(node: types.CallExpression): boolean {
    const callee = unwrap(node.callee);
    if (mathName(this.context, callee) !== undefined) return true;
    const global = globalFunction(calleeName(this.context, callee) ?? "");
    if (global) return global.gives === "inert" || global.gives === "number";
    const isOfPrimitive =
      callee.type === "MemberExpression" && !callee.computed && this.isPrimitive(callee.object);
    const { name } = isOfPrimitive ? (callee.property as types.Identifier) : { name: undefined };
    return name !== undefined && !givesLists.has(name);
  }

  /** The same of values that may be active: not the state of the module, nor of what is called. */
  changesActiveOutside(f: FunctionNode): boolean {
    return (this.#reach(f) & (ARGUMENTS | AROUND | GIVEN)) !== NOTHING;
  }

  /** The same of what is around it, not of what it is given. */
  changesActiveAround(f: FunctionNode): boolean {
    return (this.#reach(f) & (AROUND | GIVEN)) !== NOTHING;
  }

  /** Whether a function changes nothing by itself, but may by functions that it is given. */
  #changesGivenOnly(f: FunctionNode): boolean {
    return (this.#reach(f) & (ARGUMENTS | AROUND | GIVEN)) === GIVEN;
  }

  /** Whether the functions among the arguments of a call are all known: what they do is looked at where they stand. */
  #givesNamed(g: FunctionNode, args: readonly Node[]): boolean {
    const params = this.kinds.paramKinds(g);
    return args.every(
      (a, i) => a.type !== "SpreadElement" && (params[i]?.k !== "fn" || this.#isNamed(a)),
    );
  }

  #isNamed(expression: Node): boolean {
    const node = unwrap(expression);
    return (
      isFunction(node) ||
      this.kinds.functionNamed(node) !== undefined ||
      this.kinds.mathName(node) !== undefined
    );
  }

  #reach(f: FunctionNode): Reach {
    return this.#equations.ask(f, reaches, () => this.#reachNow(f));
  }

  #reachNow(f: FunctionNode): Reach {
    let reach: Reach = NOTHING;
    let catches = false;
    let callsOthers = false;
    const lastWords = new Set<Node>();
    const visit = (n: Node): void => {
      if (isFunction(n) && n !== f) {
        // What an inner function changes, it changes when this one calls it.
        walk(n.body, visit);
        for (const p of n.params) walk(p, visit);
        return;
      }
      // What is in a class may run where it is declared.
      if (n.type === "ClassDeclaration" || n.type === "ClassExpression") {
        walk(n.superClass, visit);
        for (const m of n.body.body) walk(m, visit);
        return;
      }
      if (n.type === "BlockStatement") for (const call of this.#lastWords(n)) lastWords.add(call);
      if (n.type === "TryStatement" && n.handler) catches = true;
      if (n.type === "CallExpression")
        callsOthers ||= /^(imported|value|chosen)$/.test(this.kinds.callee(n).type);
      reach |= lastWords.has(n) ? LAST_WORDS : this.#reachOf(f, n);
    };
    walk(f.body, visit);
    for (const p of f.params) walk(p, visit);
    // Those of a caught error are not the last ones.
    if (catches && reach & LAST_WORDS) reach |= AROUND;
    return catches && callsOthers ? reach | STATE : reach;
  }

  /** What a block prints right before it throws: then nothing is run again, unless that is caught. */
  #lastWords({ body }: types.BlockStatement): Node[] {
    if (body.at(-1)?.type !== "ThrowStatement") return [];
    const calls = body.slice(0, -1).map((s) => {
      const call = s.type === "ExpressionStatement" ? unwrap(s.expression) : s;
      return call.type === "CallExpression" &&
        calleeName(this.context, call.callee)?.startsWith("console.")
        ? call
        : undefined;
    });
    return calls.slice(calls.lastIndexOf(undefined) + 1) as Node[];
  }

  #reachOf(f: FunctionNode, n: Node): Reach {
    const hidden = this.#hiddenReach(n);
    return this.#plainReach(f, n) | hidden | (hidden === NOTHING ? NOTHING : SOMETHING);
  }

  #plainReach(f: FunctionNode, n: Node): Reach {
    switch (n.type) {
      case "AssignmentExpression":
        return targets(n.left).reduce<Reach>(
          (r, t) => r | this.#targetReach(f, t),
          n.left.type === "ArrayPattern" ? this.#iterationReach(f, n.right) : NOTHING,
        );
      case "UpdateExpression":
        return this.#targetReach(f, unwrap(n.argument));
      case "UnaryExpression":
        return n.operator === "delete" ? this.#targetReach(f, unwrap(n.argument)) : NOTHING;
      // What runs meanwhile is not its doing, and the dual form alone goes through it.
      case "AwaitExpression":
      case "YieldExpression":
        return NOTHING;
      // What a tag does nobody knows here.
      case "TaggedTemplateExpression":
        return STATE;
      // Iterators are used up.
      case "ForOfStatement":
        return this.#iterationReach(f, n.right) | this.#headReach(f, n.left);
      case "ForInStatement":
        return this.#headReach(f, n.left);
      case "ObjectExpression":
        for (const p of n.properties) if (p.type === "SpreadElement") this.#copied.add(p);
        return NOTHING;
      case "SpreadElement":
        return this.#copied.has(n) ? NOTHING : this.#iterationReach(f, n.argument);
      case "VariableDeclarator":
        return n.id.type === "ArrayPattern" && n.init ? this.#iterationReach(f, n.init) : NOTHING;
      case "MemberExpression": {
        const getter = this.kinds.getterOf(n);
        const reach = getter ? this.#callReach(f, getter, [], n.object) : NOTHING;
        return (reach & ~(CALLS_GIVEN | CALLS_UNKNOWN)) === NOTHING ? reach : reach | SOMETHING;
      }
      case "NewExpression":
        return this.#constructionReach(f, n);
      case "CallExpression":
        this.#called.add(unwrap(n.callee));
        return (
          this.#calleeReach(f, n) |
          (this.#callsUnknown(n, this.kinds.callee(n)) ? CALLS_UNKNOWN : NOTHING)
        );
      // Whoever is handed a function may call it.
      case "Identifier": {
        const g = this.#called.has(n) ? undefined : this.kinds.functionNamed(n);
        return g === undefined || isInside(f, g) ? NOTHING : this.#around(this.#reach(g));
      }
      default:
        return isQuietSyntax(n) ? NOTHING : ANYTHING;
    }
  }

  get #hidden(): HiddenCalls {
    this.#hiddenCalls ??= hiddenCallsIn(this.context);
    return this.#hiddenCalls;
  }

  /** What runs where nothing is called: getters, conversions, iterators that are taken apart. */
  #hiddenReach(n: Node): Reach {
    switch (n.type) {
      case "MemberExpression":
      case "OptionalMemberExpression": {
        const key = staticKey({ key: n.property, computed: n.computed });
        const asked = n.computed ? this.#conversionReach([n.property]) : NOTHING;
        return asked | this.#readReach(n, key);
      }
      case "ObjectPattern":
        return n.properties.reduce<Reach>(
          (r, p) => r | this.#runs(this.#hidden.gettersOf(staticKeyIn(p))),
          NOTHING,
        );
      case "SpreadElement":
        return this.#runs(this.#hidden.gettersOf(undefined));
      case "ArrayPattern":
        return this.#hidden.hasIterators && !this.#isOfList(n) ? STATE : NOTHING;
      case "BinaryExpression":
        return n.operator === "instanceof" && this.#hidden.members.has("hasInstance")
          ? STATE
          : this.#conversionReach(this.#convertedBy(n));
      default:
        return this.#conversionReach(this.#convertedBy(n));
    }
  }

  /** What is made a number or a text. */
  #convertedBy(n: Node): readonly Node[] {
    switch (n.type) {
      case "BinaryExpression":
        if (/^([!=]==|instanceof)$/.test(n.operator)) return [];
        // Nothing is only compared with.
        return /^[!=]=$/.test(n.operator) && [n.left, n.right].some(isNothing)
          ? []
          : [n.left, n.right];
      case "AssignmentExpression":
        return n.operator === "=" ? [] : [n.left, n.right];
      case "UnaryExpression":
        return /^[-+~]$/.test(n.operator) ? [n.argument] : [];
      case "UpdateExpression":
        return [n.argument];
      case "TemplateLiteral":
        return n.expressions;
      // A key is made a text.
      case "MemberExpression":
        return n.computed ? [n.property] : [];
      case "ObjectProperty":
        return n.computed ? [n.key] : [];
      case "CallExpression":
        return /^(math|other)$/.test(this.kinds.callee(n).type) && !this.#onlyLooks(n)
          ? n.arguments
          : [];
      default:
        return [];
    }
  }

  /** Whether a function of the language asks of what sort something is, or takes a list apart. */
  #onlyLooks(n: types.CallExpression): boolean {
    const known = globalFunction(calleeName(this.context, n.callee) ?? "");
    return known?.isVerdict === true || known?.gives.endsWith("-from") === true;
  }

  #runs(functions: readonly FunctionNode[]): Reach {
    const { areAnywhere } = this.#hidden;
    return areAnywhere || functions.some((f) => this.#reach(f) !== NOTHING) ? STATE : NOTHING;
  }

  /** Whether to read a field of that name may run a getter that changes something. */
  changesByReading(key: string): boolean {
    return this.#runs(this.#hidden.gettersOf(key)) !== NOTHING;
  }

  /** Whether a field that a type tells of may be a getter of the file, and not the same whenever it is read. */
  mayBeGetter(kind: Kind, key: string | undefined): boolean {
    const isKnown = kind.k === "object" ? kind.className !== undefined : kind.k !== "inert";
    if (key === undefined || isKnown) return false;
    return this.#hidden
      .gettersOf(key)
      .some((g) => g.type === "ObjectMethod" || this.#reach(g) !== NOTHING);
  }

  #readReach(
    n: types.MemberExpression | types.OptionalMemberExpression,
    key: string | undefined,
  ): Reach {
    const getters = this.#hidden.gettersOf(key);
    if (getters.length === 0 && !this.#hidden.areAnywhere) return NOTHING;
    const kind = this.kinds.kindOf(n.object);
    const isKnown = kind.k === "object" && kind.className !== undefined;
    return isKnown || ["array", "tuple", "floats"].includes(kind.k) ? NOTHING : this.#runs(getters);
  }

  /** Whether to make a number or a text of a value may run code that changes something. */
  changesWhenConverted(e: Node): boolean {
    return this.#conversionReach([e]) !== NOTHING;
  }

  #conversionReach(operands: readonly Node[]): Reach {
    const { areAnywhere, conversions } = this.#hidden;
    if (conversions.length === 0 && !areAnywhere) return NOTHING;
    const mayBeObject = (e: Node) => this.kinds.kindOf(e).k !== "num" && !this.isPrimitive(e);
    return operands.some(mayBeObject) ? this.#runs(conversions) : NOTHING;
  }

  /** Whether what is taken apart is known, since its parts are: then it is a list. */
  #isOfList(pattern: types.ArrayPattern): boolean {
    return targets(pattern).some((target) => {
      const binding = this.context.bindings.get(target);
      const kind = binding && this.kinds.bindingKind(binding);
      return kind !== undefined && (kind.k === "num" || isContainer(kind));
    });
  }

  /** A loop may write what it goes through anywhere. */
  #headReach(f: FunctionNode, left: types.ForOfStatement["left"]): Reach {
    if (left.type === "VariableDeclaration") return NOTHING;
    return targets(left).reduce<Reach>((r, t) => r | this.#targetReach(f, t), NOTHING);
  }

  /** Whether a call of a function of another file hands on a table, options or something else that has no tangent. */
  handsOnTables(f: FunctionNode, { arguments: args }: types.CallExpression): boolean {
    return args.some((a) => this.#isInert(a) && !this.isPrimitive(a) && !this.isMadeIn(f, a));
  }

  /** The same of lists and objects that are not only what the function is given. */
  handsOnOthers(f: FunctionNode, { arguments: args }: types.CallExpression): boolean {
    return (this.#handedReach(f, args) & ~ARGUMENTS) !== NOTHING;
  }

  #handedReach(f: FunctionNode, args: readonly Node[]): Reach {
    return this.#argumentsReach(
      f,
      args.filter((a) => !this.#isInert(a)),
    );
  }

  #isInert(argument: Node): boolean {
    return !isSpread(argument) && this.kinds.kindOf(argument).k === "inert";
  }

  #around(reach: Reach): Reach {
    return reach & ARGUMENTS ? reach | AROUND : reach;
  }

  #calleeReach(f: FunctionNode, n: types.CallExpression): Reach {
    const callee = this.kinds.callee(n);
    switch (callee.type) {
      case "closure":
        // A closure of this function is looked at with the function; an outer one is not its own.
        return isInside(f, callee.node) ? NOTHING : this.#around(this.#reach(callee.node));
      case "marked":
        return this.#callReach(f, callee.node, n.arguments);
      case "method":
        return this.#callReach(f, callee.node, n.arguments, callee.object);
      case "imported":
        // Where nothing active goes in, nothing active comes out: it is called as it is, whatever it does.
        if (n.arguments.every((a) => this.kinds.kindOf(a as Node).k === "inert"))
          return STATE | this.#argumentsReach(f, n.arguments);
        // Whether it changes anything else is known when the program runs: the link looks.
        if (!this.importsChange) return NOTHING;
        return (
          (this.#handedReach(f, n.arguments) &
            (n.arguments.some(isSpread) ? ANYTHING : ARGUMENTS)) |
          (this.kinds.kindOf(n).k === "inert" ? STATE : NOTHING) |
          this.#handsOnGiven(n)
        );
      // Functions that change active variables are not handed on, but one may change what it is given.
      case "value":
        return CALLS_GIVEN | this.#givenCallReach(f, n.callee, n.arguments, callee.kind.params);
      case "array-method":
        return (
          this.#handsOnGiven(n) |
          this.#callbackReach(f, n, callee) |
          (arrayMethod(callee.name).changes === true && this.#freshDepth(f, callee.object) < 1
            ? this.#originReach(f, callee.object)
            : NOTHING)
        );
      case "math":
        return isRandom(n) ? AROUND : NOTHING;
      case "other":
        if (/^\.(toString|valueOf|join)$/.test(callee.name))
          return this.#runs(this.#hidden.conversions);
        // They read every field.
        if (/^Object\.(values|keys|entries)$/.test(calleeName(this.context, n.callee) ?? ""))
          return this.#runs(this.#hidden.gettersOf(undefined));
        // Printing, asking the time and the like would happen again.
        return this.#isQuiet(n) ? this.#arrayFromReach(f, n) : AROUND;
      default:
        return NOTHING;
    }
  }

  /** What is called may call the functions among its arguments, of which not all may be known. */
  #handsOnGiven({ arguments: args }: types.CallExpression): Reach {
    const mayHold = (a: Node) => {
      const kind = this.kinds.kindOf(a);
      return kind.k !== "inert" && !holdsNumbersAlone(kind) && !this.#isNamed(a);
    };
    return args.some(mayHold) ? CALLS_GIVEN : NOTHING;
  }

  #givenCallReach(
    f: FunctionNode,
    callee: Node,
    args: readonly Node[],
    params: readonly Kind[],
  ): Reach {
    if (!params.some(isContainer)) return NOTHING;
    if (this.#isParameter(f, callee)) return this.importsChange ? GIVEN : NOTHING;
    return this.#isParameterAround(f, callee) ? this.#argumentsReach(f, args) : ANYTHING;
  }

  /** What the function may change that a method of a list calls, where it is not one that the file tells of. */
  #callbackReach(f: FunctionNode, n: types.CallExpression, callee: ArrayCallee): Reach {
    const callback = this.#unknownCallback(n, callee);
    if (callback === undefined) return NOTHING;
    const kind = this.kinds.kindOf(callback);
    if (kind.k !== "fn") return ANYTHING;
    return this.#givenCallReach(f, unwrap(callback), [callee.object], kind.params);
  }

  /** Whether a function of the language only looks at what it is given. */
  #isQuiet(n: types.CallExpression): boolean {
    const callee = unwrap(n.callee);
    const name = calleeName(this.context, callee);
    if (name !== undefined && globalFunction(name)) return globalFunction(name)?.isQuiet === true;
    // A method of a number or a text; a function that it is given might do anything.
    if (callee.type !== "MemberExpression") return false;
    const key = staticKey({ key: callee.property, computed: callee.computed });
    if (key !== undefined && (writesText.has(key) || ofDates.test(key)))
      return !this.#hidden.members.has(key);
    return this.isPrimitive(callee.object) && n.arguments.every((a) => this.isPrimitive(a));
  }

  #arrayFromReach(f: FunctionNode, n: types.CallExpression): Reach {
    const [source, callback] = n.arguments;
    const known = globalFunction(calleeName(this.context, n.callee) ?? "");
    if (!known?.gives.endsWith("-from") || !source) return NOTHING;
    const given = callback && !isFunction(unwrap(callback)) ? ANYTHING : NOTHING;
    return unwrap(source).type === "ObjectExpression"
      ? given
      : given | this.#iterationReach(f, source);
  }

  /** A call of a function of this file: what it changes among its arguments may have been made here. */
  #callReach(f: FunctionNode, g: FunctionNode, args: readonly Node[], object?: Node): Reach {
    const reach = this.#reach(g);
    // What is around a function of the module is never active.
    const changesState = reach & (AROUND | STATE) ? STATE : NOTHING;
    const given = reach & GIVEN ? this.#givenReach(f, g, args) : NOTHING;
    const calls = reach & CALLS_GIVEN ? this.#givenCalls(g, args) : NOTHING;
    const state = (reach & (LAST_WORDS | SOMETHING | CALLS_UNKNOWN)) | changesState | given | calls;
    if (!(reach & ARGUMENTS)) return state;
    const of = state | this.#argumentsReach(f, args, g);
    return object && !this.#isOwn(f, object) ? of | this.#originReach(f, object) : of;
  }

  /** What the functions that a call hands on may change of what they are given. */
  #givenReach(f: FunctionNode, g: FunctionNode, args: readonly Node[]): Reach {
    if (this.#givesNamed(g, args)) return NOTHING;
    const params = this.kinds.paramKinds(g);
    const isOwn = args.every(
      (a, i) =>
        a.type !== "SpreadElement" &&
        (params[i]?.k !== "fn" || this.#isNamed(a) || this.#isParameter(f, a)),
    );
    return isOwn ? GIVEN : ANYTHING;
  }

  /** What functions that a call hands on may change by being called. Those of outside are looked at where they are given something active. */
  #givenCalls(g: FunctionNode, args: readonly Node[]): Reach {
    if (this.#givesNamed(g, args)) return NOTHING;
    const params = this.kinds.paramKinds(g);
    const isOutside = (a: Node, i: number) =>
      params[i] && mayBeCalled(params[i]) && !takesActive(params[i]) && this.#bringsOutside(a);
    return args.some(isOutside) ? CALLS_GIVEN | STATE : CALLS_GIVEN;
  }

  /** Whether an expression is a parameter that is never assigned to. */
  #isParameter(f: FunctionNode, expression: Node): boolean {
    const node = unwrap(expression);
    const binding = node.type === "Identifier" ? this.context.bindings.get(node) : undefined;
    return binding?.constant === true && f.params.includes(binding.identifier as never);
  }

  /** Whether it is one of a function around, which may change nothing but what it is given. */
  #isParameterAround(f: FunctionNode, expression: Node): boolean {
    const node = unwrap(expression);
    const binding = node.type === "Identifier" ? this.context.bindings.get(node) : undefined;
    if (!binding?.constant || binding.kind !== "param") return false;
    const owner = binding.scope.path.node;
    return (
      isFunction(owner) && owner.params.includes(binding.identifier as never) && isInside(owner, f)
    );
  }

  #argumentsReach(f: FunctionNode, args: readonly Node[], g?: FunctionNode): Reach {
    const params = g ? this.kinds.paramKinds(g) : [];
    return args.reduce<Reach>((reach, a, i) => {
      if (a.type === "SpreadElement") return ANYTHING;
      const isOwn = (g && this.#takesPrimitive(g, i)) || this.#isOwn(f, a, params[i]);
      return isOwn ? reach : reach | this.#originReach(f, a);
    }, NOTHING);
  }

  /** Whether a parameter is declared to be no object. */
  #takesPrimitive(g: FunctionNode, i: number): boolean {
    const declared = g.params.filter((p) => !(p.type === "Identifier" && p.name === "this"))[i];
    const param = declared?.type === "TSParameterProperty" ? declared.parameter : declared;
    const id = param?.type === "AssignmentPattern" ? param.left : param;
    const type = id?.type === "Identifier" ? id.typeAnnotation : undefined;
    return type?.type === "TSTypeAnnotation" && this.#isOfPrimitives(type.typeAnnotation);
  }

  // What is not known to hold active values may still be a container that is written into.
  #isOwn(f: FunctionNode, e: Node, param?: Kind): boolean {
    const { k } = this.kinds.kindOf(e);
    if (k === "num" || k === "bottom" || param?.k === "num" || this.isPrimitive(e)) return true;
    return this.#freshDepth(f, e) === Number.POSITIVE_INFINITY;
  }

  #constructionReach(f: FunctionNode, n: types.NewExpression): Reach {
    const callee = unwrap(n.callee);
    if (callee.type !== "Identifier") return STATE;
    if (!this.context.bindings.has(callee)) return this.#takenApartReach(f, callee.name, n);
    const made = this.kinds.typeKinds.classes.get(callee.name);
    if (made === undefined || this.context.bindings.get(callee)?.path.node !== made) return STATE;
    const classes = this.kinds.typeKinds.ancestry(callee.name);
    const unknown = classes.at(-1)?.superClass;
    const isOfLanguage = unknown?.type === "Identifier" && !this.context.bindings.has(unknown);
    let reach: Reach = unknown && !isOfLanguage ? STATE : NOTHING;
    for (const member of classes.flatMap((c) => c.body.body)) {
      if (member.type === "ClassMethod" && member.kind === "constructor") {
        // What it writes into `this` is the instance that it makes.
        const changes = this.#constructorReach(member);
        if (changes & ~(ARGUMENTS | HARMLESS)) reach |= STATE;
        reach |= changes & HARMLESS;
        if (changes & ARGUMENTS && this.#holdsOutside(classes)) reach |= STATE;
        if (changes & ARGUMENTS)
          reach |= made.body.body.includes(member)
            ? this.#argumentsReach(f, n.arguments, member)
            : ANYTHING;
      } else if (isField(member) && !member.static && member.value) {
        walk(member.value, (part) => {
          if (this.#reachOf(f, part) & ~HARMLESS) reach |= STATE;
        });
      }
    }
    return reach;
  }

  /** Whether making an instance does more than that. */
  changesByMaking(f: FunctionNode, n: types.NewExpression): boolean {
    return (this.#constructionReach(f, n) & ~HARMLESS) !== NOTHING;
  }

  /** What the language makes of an iterator uses it up. */
  #takenApartReach(f: FunctionNode, name: string, { arguments: [from] }: types.NewExpression) {
    const takes = /^(Weak)?(Map|Set)$|Array$/.test(name) && this.#hidden.hasIterators;
    return takes && from && !this.isPrimitive(from) ? this.#iterationReach(f, from) : NOTHING;
  }

  /** Whether fields of new instances hold objects that are there already, and that nobody handed over. */
  #holdsOutside(classes: readonly types.Class[]): boolean {
    return classes.some((c) =>
      c.body.body.some((m) => {
        if (m.type === "ClassProperty")
          return !m.static && m.value != null && this.#isOutside(m as never, m.value);
        if (m.type !== "ClassMethod" || m.kind !== "constructor") return false;
        let found = false;
        walk(m.body, (n) => {
          found ||=
            n.type === "AssignmentExpression" &&
            n.left.type === "MemberExpression" &&
            n.left.object.type === "ThisExpression" &&
            this.#isOutside(m, n.right);
        });
        return found;
      }),
    );
  }

  #isOutside(f: FunctionNode, value: Node): boolean {
    return (
      !isFunction(unwrap(value)) &&
      !this.isPrimitive(value) &&
      this.#freshDepth(f, value) === 0 &&
      this.#originReach(f, value) !== ARGUMENTS
    );
  }

  #constructorReach(f: types.ClassMethod): Reach {
    return this.#equations.ask(f.body, reaches, () => this.#constructorReachNow(f));
  }

  #constructorReachNow(f: types.ClassMethod): Reach {
    let reach: Reach = NOTHING;
    const visit = (n: Node): void => {
      const own =
        n.type === "AssignmentExpression" &&
        targets(n.left).every(
          (t) => t.type === "MemberExpression" && unwrap(t.object).type === "ThisExpression",
        );
      // Those of the classes above are looked at with the class.
      const isAbove = n.type === "CallExpression" && n.callee.type === "Super";
      if (!own && !isAbove) reach |= this.#reachOf(f, n);
    };
    walk(f.body, visit);
    for (const p of f.params) walk(p, visit);
    return reach;
  }

  /** Going through something that is no array for certain, and was not made here, may use it up. */
  #iterationReach(f: FunctionNode, source: Node): Reach {
    const node = unwrap(source);
    const kind = this.kinds.kindOf(node);
    if (kind.k === "object") return this.#hidden.hasIterators ? STATE : NOTHING;
    if (kind.k !== "inert" && kind.k !== "unknown") return NOTHING;
    const isFresh =
      node.type !== "Identifier" &&
      (this.#isIteratorOfList(node) || this.#freshDepth(f, node) >= 1);
    return isFresh || isList(this.context, node) ? NOTHING : STATE | SOMETHING;
  }

  /** `xs.entries()` */
  #isIteratorOfList(node: Node): boolean {
    if (node.type !== "CallExpression") return false;
    const callee = unwrap(node.callee);
    if (callee.type !== "MemberExpression") return false;
    const key = staticKey({ key: callee.property, computed: callee.computed });
    const { k } = this.kinds.kindOf(callee.object);
    return /^(entries|keys|values)$/.test(key ?? "") && /^(array|floats|tuple)$/.test(k);
  }

  #targetReach(f: FunctionNode, target: Node): Reach {
    if (target.type === "Identifier") {
      const binding = this.context.bindings.get(target);
      if (binding !== undefined && isInside(f, binding.identifier)) return NOTHING;
      if (binding && this.isExempt(binding)) return NOTHING;
      // Only the primal is left there.
      return binding && madeAnew(this.context).has(binding) ? STATE : AROUND;
    }
    const setter = target.type === "MemberExpression" && this.kinds.setterOf(target);
    if (setter) return this.#callReach(f, setter, [], (target as types.MemberExpression).object);
    let depth = 0;
    let root: Node = target;
    while (root.type === "MemberExpression" || root.type === "OptionalMemberExpression") {
      root = unwrap(root.object);
      depth++;
    }
    return this.#freshDepth(f, root) < depth ? this.#originReach(f, root) : NOTHING;
  }

  /** Whether a value comes from the arguments for certain, or may come from anywhere. */
  #originReach(f: FunctionNode, expression: Node): Reach {
    let node = unwrap(expression);
    while (node.type === "MemberExpression" || node.type === "OptionalMemberExpression")
      node = unwrap(node.object);
    if (node.type === "ThisExpression") return ARGUMENTS;
    // `const list = given[i] = []`
    if (node.type === "AssignmentExpression" && node.operator === "=") {
      const to = unwrap(node.left).type === "MemberExpression";
      const put = to ? this.#originReach(f, node.left) : NOTHING;
      return this.isMadeIn(f, node.right) ? put : put | this.#originReach(f, node.right);
    }
    const either = (...parts: Node[]): Reach =>
      parts.reduce<Reach>(
        (reach, e) => (this.isMadeIn(f, e) ? reach : reach | this.#originReach(f, e)),
        NOTHING,
      );
    if (node.type === "ConditionalExpression") return either(node.consequent, node.alternate);
    if (node.type === "LogicalExpression") return either(node.left, node.right);
    if (node.type === "CallExpression") {
      // What a copy of a list holds is what the list does.
      const callee = this.kinds.callee(node);
      const isCopy = callee.type === "array-method" && /^(slice|filter)$/.test(callee.name);
      return isCopy ? either((callee as { object: Node }).object) : ANYTHING;
    }
    const binding = node.type === "Identifier" ? this.context.bindings.get(node) : undefined;
    if (binding && this.isExempt(binding)) return NOTHING;
    if (!binding) return ANYTHING;
    if (!isInside(f, binding.identifier)) return AROUND;
    const later = binding.constant ? NOTHING : this.#laterReach(f, binding);
    if (later & AROUND) return later;
    if (binding.kind === "param" && binding.scope.path.node === f)
      return later | ARGUMENTS | this.#defaultsReach(f, binding.path.node);
    const given = givenTo(this.context, this.kinds, binding);
    if (given) return this.#givenReachOf(f, binding, given);
    const { node: definition, parent, parentPath } = binding.path;
    if (definition.type !== "VariableDeclarator" || definition.id !== binding.identifier)
      return ANYTHING;
    const loop = parentPath?.parent;
    const from =
      loop?.type === "ForOfStatement" && loop.left === parent ? loop.right : definition.init;
    return later | (from ? this.#originReach(f, from) : ANYTHING);
  }

  /** Where the values come from that a parameter of an inner function is given. */
  #givenReachOf(f: FunctionNode, { identifier }: Binding, given: readonly Given[]): Reach {
    // An unknown of its own: functions that hand on to each other are looked at once each, not once for each way.
    return this.#equations.ask(keyOf(this.#givenKeys, f, identifier), reaches, () => {
      let reach: Reach = NOTHING;
      for (const { value } of given)
        if (!this.isMadeIn(f, value)) reach |= this.#originReach(f, value);
      return reach;
    });
  }

  /** Where the values come from that a variable is given later: `out = a`. */
  #laterReach(f: FunctionNode, { identifier, constantViolations }: Binding): Reach {
    return this.#equations.ask(keyOf(this.#laterKeys, f, identifier), reaches, () => {
      let reach: Reach = NOTHING;
      for (const { node } of constantViolations) {
        const isPlain =
          node.type === "AssignmentExpression" &&
          node.operator === "=" &&
          unwrap(node.left) === node.left &&
          node.left.type === "Identifier";
        if (!isPlain) reach = ANYTHING;
        else if (!this.isMadeIn(f, node.right)) reach |= this.#originReach(f, node.right);
      }
      return reach;
    });
  }

  /** What a parameter is where none is given may be of somebody else. */
  #defaultsReach(f: FunctionNode, param: Node): Reach {
    let reach: Reach = NOTHING;
    walk(param, (n) => {
      if (n.type === "AssignmentPattern" && !this.isMadeIn(f, n.right)) reach = ANYTHING;
    });
    return reach;
  }

  /** Whether all of a value was certainly made inside `f`. */
  isMadeIn(f: FunctionNode, expression: Node): boolean {
    return this.#freshDepth(f, expression) === Number.POSITIVE_INFINITY;
  }

  /** How many levels of a value were certainly made inside `f`; infinite where it shares nothing. */
  #freshDepth(f: FunctionNode, expression: Node): number {
    const node = unwrap(expression);
    const inside = (e: Node | null | undefined): number =>
      e ? this.#freshDepth(f, e) : Number.POSITIVE_INFINITY;
    const copied = (e: Node): number => {
      const of = this.kinds.kindOf(e);
      return hasContainers(of) || of.k === "inert" || of.k === "unknown"
        ? 1
        : Number.POSITIVE_INFINITY;
    };
    const kind = this.kinds.kindOf(node);
    // What nothing is known of may be an object as well: `this` of a literal, say.
    if (kind.k === "num" || kind.k === "bottom") return Number.POSITIVE_INFINITY;
    switch (node.type) {
      case "NumericLiteral":
      case "StringLiteral":
      case "NullLiteral":
      case "BooleanLiteral":
        return Number.POSITIVE_INFINITY;
      case "ArrayExpression":
        return (
          1 +
          Math.min(
            ...node.elements.map((e) =>
              e?.type === "SpreadElement" ? copied(e.argument) - 1 : inside(e),
            ),
            Number.POSITIVE_INFINITY,
          )
        );
      case "ObjectExpression":
        return (
          1 +
          Math.min(
            ...node.properties.map((p) =>
              p.type === "SpreadElement"
                ? copied(p.argument) - 1
                : p.type === "ObjectProperty"
                  ? inside(p.value)
                  : 0,
            ),
            Number.POSITIVE_INFINITY,
          )
        );
      case "NewExpression": {
        if (this.#sharesMemory(node)) return 0;
        const made = classMadeBy(this.kinds, node);
        // It holds what it is given, and nothing else.
        const isStored = made && !made.superClass && constructorStores(made) !== undefined;
        return isStored && node.arguments.every((a) => a.type !== "SpreadElement")
          ? 1 + Math.min(...node.arguments.map(inside), Number.POSITIVE_INFINITY)
          : copied(node);
      }
      case "MemberExpression":
        return Math.max(0, inside(node.object) - 1);
      case "ConditionalExpression":
        if (asksListForMore(this.kinds, node.test)) return inside(node.alternate);
        return Math.min(inside(node.consequent), inside(node.alternate));
      case "LogicalExpression":
        return Math.min(inside(node.left), inside(node.right));
      case "Identifier": {
        const binding = this.context.bindings.get(node);
        if (binding === undefined && node.name === "undefined") return Number.POSITIVE_INFINITY;
        return binding && isInside(f, binding.identifier) ? this.#freshVariable(f, binding) : 0;
      }
      case "CallExpression": {
        const callee = this.kinds.callee(node);
        const name = callee.type === "array-method" || callee.type === "other" ? callee.name : "";
        if (callee.type === "marked" || callee.type === "method" || callee.type === "closure") {
          return this.#freshResult(isInside(f, callee.node) ? f : callee.node, callee.node);
        }
        const given = node.arguments[name === "Array.from" ? 1 : 0];
        const callback = given && (isFunction(given) ? given : this.kinds.functionNamed(given));
        if ((name === "map" || name === "Array.from") && callback) {
          return 1 + this.#freshResult(isInside(f, callback) ? f : callback, callback);
        }
        if (["slice", "concat", "filter"].includes(name) || name.endsWith("Array.from"))
          return copied(node);
        if (name === "fill" && callee.type === "array-method")
          return Math.min(inside(callee.object), 1 + inside(node.arguments[0]));
        return name === "Array" ? Number.POSITIVE_INFINITY : 0;
      }
      default:
        return 0;
    }
  }

  /** Whether what is made may be another way to look at memory that is there already. */
  #sharesMemory({ callee, arguments: args }: types.NewExpression): boolean {
    if (callee.type !== "Identifier" || !/.Array$|^DataView$/.test(callee.name)) return false;
    const [from] = args;
    if (from === undefined || this.isPrimitive(from)) return false;
    return this.kinds.kindOf(from).k === "inert" && this.#hidden.hasBuffers;
  }

  /** How fresh the results of a function are, as seen from `f`. */
  #freshResult(f: FunctionNode, callback: FunctionNode): number {
    return this.#equations.ask(this.#freshKey(f, callback), depths, () =>
      this.#freshReturns(f, callback),
    );
  }

  #freshReturns(f: FunctionNode, callback: FunctionNode): number {
    if (callback.body.type !== "BlockStatement") return this.#freshDepth(f, callback.body);
    return Math.min(
      ...returnsOf(callback.body).map((r) => (r.argument ? this.#freshDepth(f, r.argument) : 0)),
      Number.POSITIVE_INFINITY,
    );
  }

  #freshVariable(f: FunctionNode, binding: Binding): number {
    return this.#equations.ask(this.#freshKey(f, binding.identifier), depths, () =>
      this.#freshVariableNow(f, binding),
    );
  }

  /** What stands for how fresh a variable, or a result, is as seen from a function. */
  #freshKey(f: FunctionNode, of: Node): object {
    return keyOf(this.#freshKeys, f, of);
  }

  #freshVariableNow(f: FunctionNode, binding: Binding): number {
    const { identifier, path } = binding;
    const { node } = path;
    let depth = 0;
    if (node.type === "VariableDeclarator" && node.id === identifier) {
      const loop = path.parentPath?.parentPath?.node;
      const iterated =
        (loop?.type === "ForOfStatement" || loop?.type === "ForInStatement") &&
        loop.left === path.parent;
      depth = iterated
        ? this.#freshDepth(f, loop.right) - 1
        : node.init
          ? this.#freshDepth(f, node.init)
          : Number.POSITIVE_INFINITY;
      for (const v of binding.constantViolations) {
        const write =
          v.node.type === "AssignmentExpression" && v.node.left === identifier
            ? v.node.right
            : undefined;
        depth = Math.min(
          depth,
          write
            ? this.#freshDepth(f, write)
            : v.node.type === "AssignmentExpression" &&
                v.node.operator === "=" &&
                unwrap(v.node.left).type === "Identifier"
              ? this.#freshDepth(f, v.node.right)
              : 0,
        );
      }
      return Math.min(depth, this.#sharedBy(f, binding));
    }
    const given =
      binding.scope.path.node === f ? undefined : givenTo(this.context, this.kinds, binding);
    if (given === undefined) return depth;
    const depths = given.map(({ value, isPart }) => this.#freshDepth(f, value) - (isPart ? 1 : 0));
    return Math.min(...depths, this.#sharedBy(f, binding));
  }

  /** At which level a variable may hold what `f` did not make, since something puts it there. */
  #sharedBy(f: FunctionNode, binding: Binding): number {
    const puts = this.#putsOf(f);
    const { least, by, others } = this.#aliasDepths(f, puts);
    let level = by === binding ? others : least;
    for (const put of puts.byRoot.get(binding) ?? [])
      level = Math.min(level, put.level + put.foreign());
    return level;
  }

  /**
   * The level at which any variable may see what is put into others, since it may be another name
   * for one of them or for a part. One unknown for all variables: asked by each, and asking for
   * each, they would grow with the square.
   */
  #aliasDepths(f: FunctionNode, puts: Puts): AliasDepths {
    return this.#equations.ask(puts, aliasDepths, () => {
      let { least, by, others } = aliasDepths.bottom;
      for (const put of puts.all) {
        if (isIntoOwn(put)) continue;
        const depth = 1 + put.foreign();
        if (depth >= others || (isOutside(f, put) && !this.#handsOut(f, puts))) continue;
        if (put.binding === by) least = Math.min(least, depth);
        else if (depth < least) {
          others = least;
          least = depth;
          by = put.binding;
        } else others = depth;
      }
      return { least, by, others };
    });
  }

  /** Whether a function puts what it makes where its arguments, or what is around it, are. */
  #handsOut(f: FunctionNode, puts: Puts): boolean {
    return this.#equations.ask(puts.all, answers, () =>
      puts.all.some(
        (put) =>
          !isIntoOwn(put) &&
          put
            .values()
            .some(
              (v) =>
                mayHoldMore(this.kinds.kindOf(v)) &&
                !this.isPrimitive(v) &&
                this.#freshDepth(f, v) >= 1,
            ),
      ),
    );
  }

  /** What a function, and what it calls, puts into objects. */
  #putsOf(f: FunctionNode): Puts {
    let puts = this.#puts.get(f);
    if (puts === undefined) {
      const { own, calls } = this.#storesOf(f);
      const bindingOf = (root: Node) =>
        root.type === "Identifier" ? this.context.bindings.get(root) : undefined;
      const all: Put[] = [
        ...own.map(({ root, level, value }) => ({
          root,
          level,
          binding: bindingOf(root),
          values: () => (value ? [value] : []),
          foreign: () => this.#foreignDepth(f, value),
        })),
        ...calls.flatMap((n) => this.#putsOfCall(f, n, bindingOf)),
      ];
      const byRoot = new Map<Binding | undefined, Put[]>();
      for (const put of all) {
        const others = byRoot.get(put.binding);
        if (others) others.push(put);
        else byRoot.set(put.binding, [put]);
      }
      puts = { all, byRoot };
      this.#puts.set(f, puts);
    }
    return puts;
  }

  /** What a call may put into the objects that it is given: these themselves, or others. */
  #putsOfCall(
    f: FunctionNode,
    n: types.CallExpression,
    bindingOf: (root: Node) => Binding | undefined,
  ): Put[] {
    const callee = this.kinds.callee(n);
    if (!["marked", "method", "imported", "value", "chosen"].includes(callee.type)) return [];
    const objects = [...n.arguments, ...(callee.type === "method" ? [callee.object] : [])].filter(
      (a) => mayHoldMore(this.kinds.kindOf(a)) && !this.isPrimitive(a),
    );
    const values = () => (this.#storing(callee) === NO_STORES ? [] : objects);
    const foreign = () =>
      this.#storing(callee) === STORES_OTHERS
        ? 0
        : Math.min(...values().map((a) => this.#foreignDepth(f, a)), Number.POSITIVE_INFINITY);
    return objects.map((e) => {
      const { root, level } = placeOf(e);
      return { root, level: level + 1, binding: bindingOf(root), values, foreign };
    });
  }

  #storesOf(f: FunctionNode): Stores {
    let stores = this.#stores.get(f);
    if (stores === undefined) {
      stores = storesIn(this.context, f);
      this.#stores.set(f, stores);
    }
    return stores;
  }

  /** How many levels of a value that is put somewhere were made inside `f`; infinite where nothing is shared. */
  #foreignDepth(f: FunctionNode, value: Node | undefined): number {
    if (value === undefined) return 0;
    if (isFunction(value)) return Number.POSITIVE_INFINITY;
    return this.#freshDepth(f, value.type === "SpreadElement" ? value.argument : value);
  }

  #storing(callee: Callee): Storing {
    switch (callee.type) {
      case "marked":
      case "method":
        return this.#storesArguments(callee.node);
      // Of other files is known that they change nothing else.
      case "imported":
      case "value":
      case "chosen":
        return STORES_ARGUMENTS;
      default:
        return NO_STORES;
    }
  }

  /** Whether a function puts its arguments, or something else, into what it is given. */
  #storesArguments(g: FunctionNode): Storing {
    return this.#equations.ask(this.#storesOf(g), storings, () => {
      const { own, calls } = this.#storesOf(g);
      let storing: Storing = NO_STORES;
      for (const { root, level, value } of own) {
        const binding = root.type === "Identifier" ? this.context.bindings.get(root) : undefined;
        if (binding && level <= ownLevels(binding)) continue;
        if (this.#foreignDepth(g, value) === Number.POSITIVE_INFINITY) continue;
        const isArgument = value && this.#originReach(g, value) === ARGUMENTS;
        storing = Math.max(storing, isArgument ? STORES_ARGUMENTS : STORES_OTHERS);
      }
      for (const n of calls) storing = Math.max(storing, this.#storing(this.kinds.callee(n)));
      return storing;
    });
  }
}

/** What code puts into an object that is there already, by itself or by what it calls. */
interface Put extends Pick<Store, "root" | "level"> {
  readonly binding: Binding | undefined;
  /** What is put there, as far as it is known. */
  values(): readonly Node[];
  /** How many levels of it were made inside; infinite where nothing is shared. */
  foreign(): number;
}

interface Puts {
  readonly all: readonly Put[];
  readonly byRoot: ReadonlyMap<Binding | undefined, readonly Put[]>;
}

/** Whether something is put into what a variable alone holds. */
const isIntoOwn = ({ binding, level }: Put): boolean =>
  binding !== undefined && level <= ownLevels(binding);

const isOutside = (f: FunctionNode, { root, binding }: Put): boolean =>
  root.type === "ThisExpression" ||
  (root.type === "Identifier" && (!binding || !isInside(f, binding.identifier))) ||
  (binding?.kind === "param" && binding.scope.path.node === f);

/** The least level at which variables may see what is put into others, by which, and without that one. */
interface AliasDepths {
  readonly least: number;
  readonly by: Binding | undefined;
  readonly others: number;
}

const aliasDepths: Lattice<AliasDepths> = {
  bottom: {
    least: Number.POSITIVE_INFINITY,
    by: undefined,
    others: Number.POSITIVE_INFINITY,
  },
  join: (a, b) => (a.least === b.least && a.by === b.by && a.others === b.others ? a : b),
};

const answers: Lattice<boolean> = { bottom: false, join: (a, b) => a || b };

/** What a function puts into its arguments. */
type Storing = number;
const NO_STORES = 0;
const STORES_ARGUMENTS = 1;
const STORES_OTHERS = 2;

const storings: Lattice<Storing> = { bottom: NO_STORES, join: (a, b) => Math.max(a, b) };

const staticKeyIn = (p: types.ObjectPattern["properties"][number]): string | undefined =>
  p.type === "RestElement" ? undefined : staticKey(p);

const isNothing = (node: Node): boolean =>
  node.type === "NullLiteral" || (node.type === "Identifier" && node.name === "undefined");

/** Methods of dates that only look at them. */
const ofDates =
  /^(get(UTC)?(FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds)|getTime|getTimezoneOffset|to(ISO|UTC|Date|Time)String)$/;

/** Methods that give the text of numbers and texts, and take no functions. */
const writesText = new Set([
  ...["toFixed", "toPrecision", "toExponential"],
  ...["padStart", "padEnd", "toUpperCase", "toLowerCase"],
]);

/** Whether a method of objects, or of lists of the language, changes nothing. */
const onlyReads = (key: string): boolean =>
  arrayMethod(key).changes !== true &&
  (arrayMethod(key).gives !== undefined || key === "hasOwnProperty");

/** The methods of texts that give lists. */
const givesLists = new Set(["match", "matchAll", "split"]);

const isRandom = (n: types.CallExpression): boolean =>
  n.callee.type === "MemberExpression" &&
  n.callee.property.type === "Identifier" &&
  n.callee.property.name === "random";

export const isInside = (f: FunctionNode, node: Node): boolean =>
  node.start != null &&
  f.start != null &&
  f.end != null &&
  node.start >= f.start &&
  node.start < f.end;

type Field = types.ClassProperty | types.ClassPrivateProperty | types.ClassAccessorProperty;

const isField = (member: Node): member is Field =>
  /^Class(Private|Accessor)?Property$/.test(member.type);

const mayHoldMore = (kind: Kind): boolean => kind.k !== "num" && kind.k !== "bottom";

function hasContainers(kind: Kind): boolean {
  switch (kind.k) {
    case "array":
      return mayHoldMore(kind.of);
    case "tuple":
      return kind.of.some(mayHoldMore);
    case "object":
      return [...kind.fields.values()].some(mayHoldMore);
    default:
      return false;
  }
}

/** Whether a value is a function, or holds some. */
const mayBeCalled = (kind: Kind): boolean =>
  kind.k === "fn" || (kind.k !== "inert" && partsOf(kind).some(mayBeCalled));

/** Whether it is one, or holds one, that may be called with active values. */
const takesActive = (kind: Kind): boolean =>
  kind.k === "fn" ? kind.params.some(({ k }) => k !== "inert") : partsOf(kind).some(takesActive);

/** Whether nothing in a value can be called. */
function holdsNumbersAlone(kind: Kind): boolean {
  if (kind.k === "array") return holdsNumbersAlone(kind.of);
  if (kind.k === "tuple") return kind.of.every(holdsNumbersAlone);
  if (kind.k === "union") return alternatives(kind).every(holdsNumbersAlone);
  return kind.k === "num" || kind.k === "floats";
}

/** The places that an assignment writes to. */
function targets(left: Node): Node[] {
  const node = unwrap(left);
  switch (node.type) {
    case "ArrayPattern":
      return node.elements.flatMap((e) => (e ? targets(e) : []));
    case "ObjectPattern":
      return node.properties.flatMap((p) =>
        targets(p.type === "RestElement" ? p.argument : p.value),
      );
    case "AssignmentPattern":
      return targets(node.left);
    case "RestElement":
      return targets(node.argument);
    default:
      return [node];
  }
}
