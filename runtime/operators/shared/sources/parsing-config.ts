/** What the config of every source that parses says of rows, good and bad. */
import { c, type ConfigField } from '../../../core/config.ts';
import type { Ports, Report } from '../../../core/operator.ts';
import { say } from '../../../core/say.ts';
import { schemaOf, type Schema } from '../../../core/schema.ts';
import { BIGINT, STRING, type Field } from '../../../core/types.ts';

export const PARSING_OUTPUTS: Ports['outputs'] = [
  { name: 'out', label: 'Rows' },
  { name: 'rejected', label: 'Rows that cannot be read', isOptional: true },
];

/** Rows of the port `rejected`. `origin` names the field that says where a row came from. */
export function rejectedSchema(origin: string): Schema {
  return schemaOf([
    { name: origin, type: STRING, nullable: false },
    { name: 'line', type: BIGINT, nullable: false },
    { name: 'reason', type: STRING, nullable: false },
    { name: 'raw', type: STRING, nullable: false },
  ]);
}

export function onErrorField(fail = 'Fail the job'): ConfigField<'fail' | 'reject'> {
  return c.withDefault(
    c.choice(
      { label: 'On a bad row', help: 'What happens with a row that cannot be read.' },
      { fail, reject: 'Send it to the port "rejected"' },
    ),
    'fail',
  );
}

/** CSV: between cells. */
export function delimiterField(): ConfigField<string> {
  return c.withDefault(
    c.text(
      { label: 'Delimiter', help: 'CSV: the character between cells, a comma, a semicolon or a tab.' },
      { placeholder: ',' },
    ),
    ',',
  );
}

export function checkDelimiter(delimiter: string, report: Report): void {
  if (/^[\x00-\x7f]$/.test(delimiter) && !/["\r\n]/.test(delimiter)) return;
  report({ code: 'MR1203', message: say`The delimiter must be one character, such as , or ;`, path: 'delimiter' });
}

/** The schema of declared fields; null when two have the same name, which is reported. */
export function declaredSchema(declared: readonly Field[], report: Report): Schema | null {
  const names = new Set<string>();
  for (const [i, { name }] of declared.entries()) {
    if (names.has(name)) {
      report({ code: 'MR1402', message: say`There are two fields "${name}"`, path: `schema[${i}].name` });
      return null;
    }
    names.add(name);
  }
  return schemaOf(declared);
}
