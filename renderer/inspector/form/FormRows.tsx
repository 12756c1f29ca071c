import type { ReactNode } from 'react';
import type { FormField } from '../../../runtime/core/config.ts';
import { FormRow } from './FormRow.tsx';
import type { ConfigPath } from './config-path.ts';

interface FormRowsProps {
  readonly fields: Readonly<Record<string, FormField>>;
  readonly value: Readonly<Record<string, unknown>>;
  readonly path: ConfigPath;
}

/** The rows of a config, or of an object in it. */
export function FormRows({ fields, value, path }: FormRowsProps): ReactNode {
  return Object.entries(fields).map(([key, form]) => (
    <FormRow key={key} form={form} value={value[key]} path={[...path, key]} />
  ));
}
