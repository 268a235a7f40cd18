import type { types } from "@babel/core";
import { isContainer } from "../../analysis/kind.ts";
import { at } from "../dual/base.ts";
import { Loops } from "./loops.ts";
import { Fallback } from "./value.ts";

type Node = types.Node;
type Statement = types.Statement;

/** Every statement, by its kind. */
export abstract class Statements extends Loops {
  protected blockBody(body: readonly Statement[]): Statement[] {
    return this.statements(() => {
      for (const s of body) this.statement(s);
    });
  }

  protected single(node: Statement): types.BlockStatement {
    return at(
      this.t.blockStatement(this.blockBody(node.type === "BlockStatement" ? node.body : [node])),
      node,
    );
  }

  protected statement(node: Statement): void {
    const t = this.t;
    switch (node.type) {
      case "ExpressionStatement":
        this.discard(node.expression);
        return;
      case "VariableDeclaration":
        for (const d of node.declarations) this.declarator(d, node.kind);
        return;
      case "ReturnStatement":
        if (node.argument) this.return(node.argument, node);
        else this.do(at(t.returnStatement(), node));
        return;
      case "IfStatement": {
        const test = this.test(node.test);
        this.do(
          at(
            t.ifStatement(
              test,
              this.single(node.consequent),
              node.alternate ? this.#elseBranch(node.alternate) : null,
            ),
            node,
          ),
        );
        return;
      }
      case "BlockStatement":
        this.do(this.single(node));
        return;
      case "ForStatement":
        this.for(node);
        return;
      case "ForOfStatement":
        this.forOf(node);
        return;
      case "ForInStatement": {
        const left =
          node.left.type === "VariableDeclaration" ? node.left.declarations[0]?.id : undefined;
        if (left?.type !== "Identifier") throw new Fallback(node, "an unusual for-in loop");
        this.do(
          at(
            t.forInStatement(
              t.variableDeclaration((node.left as types.VariableDeclaration).kind, [
                t.variableDeclarator(t.identifier(left.name)),
              ]),
              this.plain(node.right),
              this.single(node.body),
            ),
            node,
          ),
        );
        return;
      }
      case "WhileStatement":
        this.beforeLoop(node, node.body);
        this.do(
          at(
            t.whileStatement(
              this.test(node.test),
              this.inLoop(() => this.single(node.body)),
            ),
            node,
          ),
        );
        return;
      case "DoWhileStatement": {
        this.beforeLoop(node, node.body);
        const body = this.inLoop(() => this.single(node.body));
        this.do(at(t.doWhileStatement(this.test(node.test), body), node));
        return;
      }
      case "SwitchStatement": {
        const discriminant = this.test(node.discriminant);
        const cases = node.cases.map((c) =>
          at(t.switchCase(c.test ? this.test(c.test) : null, this.blockBody(c.consequent)), c),
        );
        this.do(at(t.switchStatement(discriminant, cases), node));
        return;
      }
      case "LabeledStatement":
        this.labeled(node);
        return;
      case "ThrowStatement":
        if (this.kinds.kindOf(node.argument).k !== "inert")
          throw new Fallback(node, "an active value is thrown");
        this.do(at(t.throwStatement(this.primal(node.argument)), node));
        return;
      case "TryStatement": {
        const handler = node.handler
          ? t.catchClause(
              node.handler.param ? (this.copy(node.handler.param) as never) : null,
              this.single(node.handler.body),
            )
          : null;
        this.tries++;
        const block = this.single(node.block);
        this.tries--;
        this.do(
          at(
            t.tryStatement(block, handler, node.finalizer ? this.#finalizer(node.finalizer) : null),
            node,
          ),
        );
        return;
      }
      case "FunctionDeclaration":
        this.closureDeclaration(node.id as types.Identifier, node, "function");
        return;
      case "BreakStatement":
      case "ContinueStatement":
      case "EmptyStatement":
      case "DebuggerStatement":
        this.do(t.cloneNode(node, true));
        return;
      case "TSTypeAliasDeclaration":
      case "TSInterfaceDeclaration":
        return;
      default:
        throw new Fallback(
          node,
          `it uses a statement that tangent code does not have (${node.type})`,
        );
    }
  }

  #elseBranch(node: Statement): Statement {
    const body = this.single(node);
    const [only] = body.body;
    return node.type === "IfStatement" && body.body.length === 1 && only?.type === "IfStatement"
      ? only
      : body;
  }

  /** What it calls must not take the place of the tangent that a `return` before it has left. */
  #finalizer(node: types.BlockStatement): types.BlockStatement {
    const t = this.t;
    const block = this.single(node);
    if (this.frame.returns.k !== "num") return block;
    const kept = t.identifier(this.context.uid("v"));
    block.body.unshift(t.variableDeclaration("const", [t.variableDeclarator(kept, this.slot())]));
    block.body.push(
      t.expressionStatement(t.assignmentExpression("=", this.slot(), t.cloneNode(kept))),
    );
    return block;
  }

  protected return(argument: Node, node: Node): void {
    const t = this.t;
    const { returns, leave } = this.frame;
    const v = this.value(argument);
    if (leave) {
      leave(v, node);
      return;
    }
    if (returns.k === "inert") {
      if (v.t !== null)
        throw new Fallback(node, "it returns an active value where its type says otherwise");
    } else if (isContainer(returns)) {
      // A pair that the caller takes apart at once: where the call is inlined, nothing is left of it.
      const shadow = this.tangent(v, returns);
      const pair = t.objectExpression([
        t.objectProperty(t.identifier("p"), v.p),
        t.objectProperty(t.identifier("t"), shadow),
      ]);
      this.do(at(t.returnStatement(at(pair, node)), node));
      return;
    } else {
      const tangent = this.tangent(v, returns);
      this.do(at(t.assignmentExpression("=", this.slot(), tangent), node));
    }
    this.do(at(t.returnStatement(v.p), node));
  }
}
