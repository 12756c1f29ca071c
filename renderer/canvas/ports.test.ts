import { describe, expect, it } from 'vitest';
import { t } from '../app/i18n/index.ts';
import { portTitle } from './ports.ts';

describe('portTitle', () => {
  it('says the side of a port once', () => {
    expect(portTitle('input', 'Input', t)).toBe('Input');
    expect(portTitle('input', 'Inputs', t)).toBe('Input');
    expect(portTitle('output', 'out', t)).toBe('Output');
    expect(portTitle('output', 'Late rows', t)).toBe('Output Late rows');
  });
});
