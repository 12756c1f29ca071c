/** For tests: a form that keeps its config, with the log of what was changed. */
import { cleanup, render, type RenderResult } from '@testing-library/react';
import { useState, type ReactNode } from 'react';
import type { FormField } from '../../runtime/core/config.ts';
import type { Diagnostic } from '../../runtime/core/diagnostics.ts';
import type { InputStream } from '../../runtime/core/operator.ts';
import { setAt } from '../../runtime/graph/edits/set-at.ts';
import { setHost } from '../host/host.ts';
import { createFakeHost } from '../host/fake.ts';
import { TooltipProvider } from '../ui/Tooltip.tsx';
import { ConfigForm } from './form/ConfigForm.tsx';
import type { ChangeKind } from './widgets/widget.ts';
import { stubLayout } from '../testing/layout.ts';
import '../app/i18n/index.ts';

export interface FormOptions {
  readonly diagnostics?: readonly Diagnostic[];
  readonly inputs?: readonly InputStream[];
  readonly isSource?: boolean;
}

export interface RenderedForm extends RenderResult {
  /** As it is now. */
  config(): Readonly<Record<string, unknown>>;
  readonly kinds: ChangeKind[];
}

const NONE: readonly Diagnostic[] = [];

export function renderForm(
  fields: Readonly<Record<string, FormField>>,
  config: Readonly<Record<string, unknown>>,
  { diagnostics = NONE, inputs = [], isSource = false }: FormOptions = {},
): RenderedForm {
  cleanup();
  stubLayout();
  setHost(createFakeHost());
  let current = config;
  const kinds: ChangeKind[] = [];
  function Holder(): ReactNode {
    const [value, setValue] = useState(config);
    return (
      <TooltipProvider>
        <ConfigForm
          formId="test"
          fields={fields}
          config={value}
          diagnostics={diagnostics}
          inputs={inputs}
          isSource={isSource}
          onChange={(changes, kind) => {
            kinds.push(kind);
            current = changes.reduce<unknown>((at, one) => setAt(at, one.path, one.value), current) as typeof current;
            setValue(current);
          }}
        />
      </TooltipProvider>
    );
  }
  return Object.assign(render(<Holder />), { config: () => current, kinds });
}
