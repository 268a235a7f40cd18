import type { types } from "@babel/core";
import { mayJump } from "../../analysis/completion.ts";
import { bareCopy, isFunction, unwrap } from "../../ast.ts";
import { at } from "./base.ts";
import { Expressions } from "./expressions.ts";

type Expression = types.Expression;
type Node = types.Node;

/** What gives no number. */
const makers = new Set([
  "ArrayExpression",
  "ObjectExpression",
  "FunctionExpression",
  "ArrowFunctionExpression",
  "ClassExpression",
  "NewExpression",
  "ThisExpression",
]);

/** Every statement, by its kind. */
export abstract class Statements extends Expressions {
  protected block(node: types.BlockStatement): types.BlockStatement {
    const t = this.t;
    return at(
      t.blockStatement([
        ...this.handedOn(node.body),
        ...node.body.flatMap((s) => this.statement(s)),
      ]),
      node,
    );
  }

  /** What catches errors, but for those of derivatives. */
  protected handler(node: types.CatchClause): types.CatchClause {
    const t = this.t;
    const { param } = node;
    const isNamed = param?.type === "Identifier";
    const name = isNamed ? param.name : this.context.uid("error");
    const error = () => t.identifier(name);
    const body = this.block(node.body);
    const taken = param && !isNamed ? (this.pattern(param) as types.LVal) : undefined;
    const passing = t.expressionStatement(this.help("passOn", node, [error()]));
    if (!taken) {
      body.body.unshift(passing);
      return at(t.catchClause(error(), body), node);
    }
    // What the pattern computes sees what is around the clause, not what its body declares.
    const taking = t.variableDeclaration("let", [t.variableDeclarator(taken as never, error())]);
    return at(t.catchClause(error(), t.blockStatement([passing, taking, body])), node);
  }

  /** A finalizer that returns or goes on elsewhere would keep errors of derivatives: after these it does not run. */
  private unlessFailed(
    node: types.TryStatement,
    finalizer: types.BlockStatement,
    handler: types.CatchClause | null,
  ): types.Statement {
    const t = this.t;
    const failed = () => t.identifier(name);
    const name = this.context.uid("failed");
    const error = this.context.uid("error");
    const ours = this.help("isOfDerivative", finalizer, [t.identifier(error)]);
    const body = this.block(node.block);
    const caught = t.catchClause(
      t.identifier(error),
      t.blockStatement([
        t.expressionStatement(t.assignmentExpression("=", failed(), ours)),
        t.throwStatement(t.identifier(error)),
      ]),
    );
    const otherwise = t.ifStatement(t.unaryExpression("!", failed()), this.block(finalizer));
    return t.blockStatement([
      t.variableDeclaration("let", [t.variableDeclarator(failed(), t.booleanLiteral(false))]),
      at(
        t.tryStatement(
          handler ? t.blockStatement([t.tryStatement(body, handler)]) : body,
          caught,
          t.blockStatement([otherwise]),
        ),
        node,
      ),
    ]);
  }

  /** Functions that are handed on as values are marked where their names are already defined. */
  protected handedOn(statements: types.Statement[]): types.Statement[] {
    const t = this.t;
    return statements.flatMap((s) =>
      s.type === "FunctionDeclaration" && s.id && this.isHandedOn(s.id)
        ? [t.expressionStatement(this.help("dualForm", s, [t.identifier(s.id.name)]))]
        : [],
    );
  }

  statement(node: types.Statement): types.Statement[] {
    const t = this.t;
    switch (node.type) {
      case "BlockStatement":
        return [this.block(node)];
      case "ExpressionStatement": {
        const expression = this.discarded(node.expression);
        return [at(t.expressionStatement(expression), node)];
      }
      case "ReturnStatement":
        return [at(t.returnStatement(node.argument ? this.returned(node.argument) : null), node)];
      case "ThrowStatement":
        return [at(t.throwStatement(this.expression(node.argument)), node)];
      case "IfStatement": {
        const test = this.testOf(node);
        const then = this.single(node.consequent);
        const otherwise = node.alternate ? this.single(node.alternate) : null;
        return [at(t.ifStatement(test, then, otherwise), node)];
      }
      case "WhileStatement":
        return [at(t.whileStatement(this.test(node.test), this.single(node.body)), node)];
      case "DoWhileStatement": {
        const body = this.single(node.body);
        return [at(t.doWhileStatement(this.test(node.test), body), node)];
      }
      case "ForStatement": {
        const init = node.init
          ? node.init.type === "VariableDeclaration"
            ? this.declaration(node.init)
            : this.discarded(node.init)
          : null;
        const test = node.test ? this.test(node.test) : null;
        const update = node.update ? this.discarded(node.update) : null;
        return [at(t.forStatement(init, test, update, this.single(node.body)), node)];
      }
      case "ForInStatement":
      case "ForOfStatement": {
        const copy = at(bareCopy(node), node);
        const isKey = node.type === "ForInStatement" && node.left.type === "Identifier";
        copy.left =
          node.left.type === "VariableDeclaration"
            ? this.declaration(node.left)
            : isKey
              ? t.identifier((node.left as types.Identifier).name)
              : (this.target(node.left) as types.LVal);
        copy.right =
          node.type === "ForInStatement"
            ? this.help("own", node.right, [this.expression(node.right)])
            : this.iterated(node.right, node.await);
        copy.body = this.single(node.body);
        return [copy];
      }
      case "SwitchStatement": {
        const tests = node.cases.flatMap((c) => (c.test ? [c.test] : []));
        const areObjects = tests.some((test) => this.mayBeSame(node.discriminant, test));
        const discriminant = this.compared(node.discriminant, areObjects);
        // A function declared in one case is there in all of them, and which is entered is not known.
        const handedOn = node.cases.flatMap((c) => c.consequent);
        const cases = node.cases.map((c) => {
          const test = c.test ? this.compared(c.test, areObjects) : null;
          return at(
            t.switchCase(test, [
              ...this.handedOn(handedOn),
              ...c.consequent.flatMap((s) => this.statement(s)),
            ]),
            c,
          );
        });
        return [at(t.switchStatement(discriminant, cases), node)];
      }
      case "TryStatement": {
        const handler = node.handler ? this.handler(node.handler) : null;
        if (node.finalizer && mayJump(node.finalizer))
          return [this.unlessFailed(node, node.finalizer, handler)];
        return [
          at(
            t.tryStatement(
              this.block(node.block),
              handler,
              node.finalizer ? this.block(node.finalizer) : null,
            ),
            node,
          ),
        ];
      }
      case "LabeledStatement":
        return [
          at(t.labeledStatement(t.identifier(node.label.name), this.single(node.body)), node),
        ];
      case "VariableDeclaration":
        return node.declare ? [] : [this.declaration(node)];
      case "FunctionDeclaration": {
        const { params, body } = this.functionParts(node);
        const id = t.identifier(node.id?.name as string);
        return [
          at(t.functionDeclaration(id, params as never, body, node.generator, node.async), node),
        ];
      }
      case "ClassDeclaration":
        return node.declare ? [] : [this.classInside(node)];
      case "BreakStatement":
      case "ContinueStatement":
      case "EmptyStatement":
      case "DebuggerStatement":
        return [at(t.cloneNode(node, true), node)];
      case "WithStatement":
        this.context.diagnostics.report(
          "DUAL004",
          node,
          `"with" cannot be differentiated: what a name means is known only when it runs. Name the object instead.`,
        );
        return [];
      case "TSTypeAliasDeclaration":
      case "TSInterfaceDeclaration":
      case "TSDeclareFunction":
        return [];
      case "TSEnumDeclaration":
        return [t.cloneNode(node, true)];
      default:
        return this.unsupported(node);
    }
  }

  // An active number is an object, which `new` would give in the place of the one that was made.
  protected returned(node: Node): Expression {
    const t = this.t;
    if (!this.constructs || this.activity.isPrimitive(node) || makers.has(unwrap(node).type))
      return this.expression(node);
    if (this.constructs === "class") return this.seen(node);
    return this.withTemporary((temporary) => {
      const value = temporary();
      const kept = t.assignmentExpression("=", value, this.expression(node));
      const isNew = t.metaProperty(t.identifier("new"), t.identifier("target"));
      const number = this.help("plain", node, [t.cloneNode(value)]);
      const seen = at(t.conditionalExpression(isNew, number, t.cloneNode(value)), node);
      return at(t.sequenceExpression([kept, seen]), node);
    });
  }

  protected single(node: types.Statement): types.Statement {
    const written = this.statement(node);
    return written.length === 1 ? (written[0] as types.Statement) : this.t.blockStatement(written);
  }

  protected declaration(node: types.VariableDeclaration): types.VariableDeclaration {
    const t = this.t;
    const declarators = node.declarations.map((d) => {
      const init = d.init ? this.initial(d) : null;
      return at(t.variableDeclarator(this.pattern(d.id) as types.LVal as never, init), d);
    });
    return at(t.variableDeclaration(node.kind, declarators), node);
  }

  protected initial(d: types.VariableDeclarator): Expression {
    const init = unwrap(d.init as Node);
    // A function that is only ever called by its name needs no mark to be found by.
    if (
      isFunction(init) &&
      d.id.type === "Identifier" &&
      this.isLocalFunction(d.id) &&
      !this.isHandedOn(d.id)
    ) {
      return this.functionExpression(init);
    }
    if (isFunction(init) && d.id.type === "Identifier") return this.named(init, d.id.name);
    return this.takenApart(d.id, d.init as Node);
  }
}
