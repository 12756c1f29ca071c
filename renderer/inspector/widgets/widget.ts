import type { ComponentType } from 'react';
import type { FormField } from '../../../runtime/core/config.ts';
import type { ConfigPath } from '../form/config-path.ts';

/** `typing` joins the changes of one field into one undo step; `step` is a step of its own. */
export type ChangeKind = 'typing' | 'step';

export type WidgetKind = FormField['widget'];
/** The form data of one kind of widget. */
export type FormOf<K extends WidgetKind> = Extract<FormField, { readonly widget: K }>;

/** Puts label, help and problems of the row on the input. */
export interface WidgetIds {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean | undefined;
}

/** A controlled input: shows `value` (raw JSON of any kind: documents are written by people too), reports what it should become. */
export interface WidgetProps<K extends WidgetKind = WidgetKind> {
  readonly form: FormOf<K>;
  readonly value: unknown;
  readonly path: ConfigPath;
  readonly label: string;
  readonly ids: WidgetIds;
  /** `undefined` takes the value away. */
  readonly onChange: (value: unknown, kind?: ChangeKind) => void;
}

/** A component for every kind of field. */
export type WidgetMap = { readonly [K in WidgetKind]: ComponentType<WidgetProps<K>> };

const GROUPS: ReadonlySet<WidgetKind> = new Set(['list', 'object', 'variant', 'fields']);

/** Holds inputs of its own, so that its label belongs to a group. */
export function isGroup(form: FormField): boolean {
  return GROUPS.has(form.widget);
}
