/** What every field of a form needs to know of the whole: the config's owner, its problems, and how to change it. */
import { createContext, useContext, type ReactNode } from 'react';
import type { FormField } from '../../../runtime/core/config.ts';
import type { Diagnostic, TextRange } from '../../../runtime/core/diagnostics.ts';
import type { InputStream } from '../../../runtime/core/operator.ts';
import type { ExpressionContext } from '../../code/editor-types.ts';
import type { ChangeKind, WidgetMap } from '../widgets/widget.ts';
import type { ConfigPath } from './config-path.ts';

export interface ConfigChange {
  readonly path: ConfigPath;
  readonly value: unknown;
}

/** A place to put the cursor, once per `request`. */
export interface RevealedField {
  readonly path: string;
  readonly range: TextRange | null;
  readonly request: object;
}

export interface FormContextValue {
  readonly widgets: WidgetMap;
  /** Starts the ids of the form's inputs. */
  readonly formId: string;
  readonly fields: Readonly<Record<string, FormField>>;
  readonly config: unknown;
  /** The node's inputs, as far as their shape is known: what field names and expressions are completed from. */
  readonly inputs: readonly InputStream[];
  readonly isSource: boolean;
  /** Those of exactly this place. */
  readonly problemsAt: (path: string) => readonly Diagnostic[];
  /** Those of this place and of all places inside it. */
  readonly problemsWithin: (path: string) => readonly Diagnostic[];
  readonly revealed: RevealedField | null;
  /** What an expression comes to on the row at hand, for hovers. */
  readonly evaluate: ExpressionContext['evaluate'];
  /** Buttons beside the label, by place. */
  readonly actions: Readonly<Record<string, ReactNode>>;
  /** Begins to rename the field that is named at a place in a text; false: none is. */
  readonly renameAt: (text: string, at: number) => boolean;
  /** `undefined` takes the value away, so that its default holds. */
  readonly change: (path: ConfigPath, value: unknown, kind: ChangeKind) => void;
}

export const FormContext = createContext<FormContextValue | null>(null);

export function useForm(): FormContextValue {
  const form = useContext(FormContext);
  if (form === null) throw new Error('a form field was rendered outside a ConfigForm');
  return form;
}
