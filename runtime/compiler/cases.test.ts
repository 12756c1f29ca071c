import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DIAGNOSTIC_HELP } from '../core/diagnostic-codes.ts';
import type { Diagnostic } from '../core/diagnostics.ts';
import { parseDocument } from '../graph/index.ts';
import { compileDocument } from './compile.ts';

/** A mistake: what is expected of it, and the document (or text) that makes it. */
interface Case {
  readonly expected: string;
  readonly params?: Readonly<Record<string, string>>;
  /** Documents that it stands on, by path. */
  readonly subPipelines?: Readonly<Record<string, unknown>>;
  readonly document?: unknown;
  readonly text?: string;
}

const FOLDER = new URL('cases/', import.meta.url);
const cases = readdirSync(FOLDER).map((name): [string, Case] => [
  name,
  JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Case,
]);

/** Codes that need what no document can show: a file that cannot be read. */
const WITHOUT_CASE = ['MR1005'];

function diagnose({ text, document: raw, params, subPipelines: referred = {} }: Case): readonly Diagnostic[] {
  const { document, diagnostics } = parseDocument(text ?? JSON.stringify(raw));
  const subPipelines = new Map(Object.entries(referred).map(([path, one]) => [path, JSON.stringify(one)]));
  return document === null
    ? diagnostics
    : compileDocument(document, { baseFolder: '/', params, subPipelines }).diagnostics;
}

describe('error cases', () => {
  it.each(cases)('%s', (_name, one) => {
    expect(diagnose(one).map((diagnostic) => diagnostic.code)).toContain(one.expected);
  });

  it.each(cases.filter(([, one]) => !/^MR11(08|09|10|11)$/.test(one.expected)))(
    '%s, and no other error',
    (_name, one) => {
      const errors = diagnose(one).filter(
        (diagnostic) => diagnostic.severity === 'error' && diagnostic.code !== one.expected,
      );
      expect(errors).toEqual([]);
    },
  );

  it('there is one for every code that a document can have', () => {
    const codes = Object.keys(DIAGNOSTIC_HELP).filter((code) => code.startsWith('MR1'));
    const covered = new Set(cases.map(([, one]) => one.expected));
    expect(codes.filter((code) => !covered.has(code))).toEqual(WITHOUT_CASE);
  });
});
