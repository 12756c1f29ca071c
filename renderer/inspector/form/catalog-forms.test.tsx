/** The form is generated: it must hold for every operator there is, and for every one to come. */
import { cleanup } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { configLeaves, defaultConfig, printPath } from '../../../runtime/core/config.ts';
import type { AnyOperatorSpec } from '../../../runtime/core/operator.ts';
import { catalog } from '../../../runtime/operators/catalog.ts';
import { operatorDocs } from '../../ui/operator-assets.ts';
import { renderForm } from '../test-form.tsx';

afterEach(cleanup);

const specs: readonly AnyOperatorSpec[] = Object.values(catalog);

function rendersWithoutError(spec: AnyOperatorSpec, config: Readonly<Record<string, unknown>>): HTMLElement {
  const errors = vi.spyOn(console, 'error');
  const { container } = renderForm(spec.config.fields, config, { isSource: spec.category === 'source' });
  expect(errors).not.toHaveBeenCalled();
  errors.mockRestore();
  return container;
}

describe.each(specs.map((spec) => [spec.type, spec] as const))('%s', (type, spec) => {
  it('has a form for a node that was just dropped', () => {
    const container = rendersWithoutError(spec, defaultConfig(spec.config.fields));
    for (const key of Object.keys(spec.config.fields))
      expect(container.querySelector(`[data-path="${key}"]`)).not.toBeNull();
  });

  it('has a row for every value of the example in its help', async () => {
    const example = /```json example\n([\s\S]*?)```/.exec((await operatorDocs(type)) ?? '')?.[1];
    const { config } = JSON.parse(example ?? '{"config":{}}') as { config: Record<string, unknown> };
    const container = rendersWithoutError(spec, config);
    for (const leaf of configLeaves(spec.config.fields, config)) {
      expect(container.querySelector(`[data-path="${printPath(leaf.path)}"]`), printPath(leaf.path)).not.toBeNull();
    }
  });

  it('stands wrong values of every kind', () => {
    for (const value of [null, 'text', 7, true, [], [1, null], {}, { a: { b: [] } }]) {
      rendersWithoutError(spec, Object.fromEntries(Object.keys(spec.config.fields).map((key) => [key, value])));
    }
  });

  it('gives every input a name', () => {
    const container = rendersWithoutError(spec, defaultConfig(spec.config.fields));
    for (const input of container.querySelectorAll<HTMLInputElement>('input, textarea')) {
      const hasName = (input.labels?.length ?? 0) > 0 || input.hasAttribute('aria-label');
      expect(hasName, input.outerHTML).toBe(true);
    }
  });
});
