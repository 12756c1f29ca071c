import type { Severity, TextRange } from '../../runtime/core/diagnostics.ts';
import type { Scope } from '../../runtime/expression/index.ts';
import type { SubexpressionValue } from '../../runtime/protocol/debug.ts';

export interface EditorProblem {
  readonly severity: Severity;
  readonly message: string;
  /** Null: the whole text. */
  readonly range: TextRange | null;
}

/** A place to put the cursor, once per `request`. */
export interface EditorPlace {
  readonly range: TextRange | null;
  readonly request: object;
}

/** What names in an expression mean: where completion and hover come from. */
export interface ExpressionContext {
  readonly scope: Scope;
  /** Whole texts that are allowed beside expressions, such as `*`. */
  readonly literals: readonly string[];
  /** What an expression and its parts come to, where there is a row to look at; null: there is none. */
  readonly evaluate?: (text: string) => Promise<readonly SubexpressionValue[] | null>;
}

export interface EditorIds {
  readonly id?: string | undefined;
  readonly 'aria-describedby'?: string | undefined;
  readonly 'aria-invalid'?: boolean | undefined;
}

export interface EditorProps {
  readonly ids?: EditorIds;
  /** Accessible name. */
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** F2 at a place in the text; false: there is nothing to rename. */
  readonly onRename?: (text: string, at: number) => boolean;
  readonly problems?: readonly EditorProblem[];
  readonly placeholder?: string;
  readonly place?: EditorPlace | null;
  readonly isReadOnly?: boolean;
}
