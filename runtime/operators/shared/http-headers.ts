/** Headers that a user gives to requests. */
import { c, type ConfigField } from '../../core/config.ts';
import type { Report } from '../../core/operator.ts';
import { say } from '../../core/say.ts';

export interface HttpHeader {
  readonly name: string;
  readonly value: string;
}

export function headersField(text: {
  readonly label: string;
  readonly help: string;
}): ConfigField<readonly HttpHeader[]> {
  const header = c.object(
    { label: 'Header', help: 'One header.' },
    {
      name: c.text({ label: 'Name', help: 'Such as Authorization.' }),
      value: c.text({
        label: 'Value',
        help: 'Name a parameter, such as Bearer ${token}, to keep a secret out of the document.',
      }),
    },
  );
  return c.withDefault(c.list(text, header, { itemLabel: 'header' }), []);
}

/** Reports names and values that HTTP does not allow (RFC 9110 §5). */
export function checkHeaders(headers: readonly HttpHeader[], report: Report): void {
  for (const [i, { name, value }] of headers.entries()) {
    if (!/^[!#$%&'*+\-.^_`|~\w]+$/.test(name)) {
      report({ code: 'MR1203', message: say`"${name}" cannot be the name of a header`, path: `headers[${i}].name` });
    }
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      report({
        code: 'MR1203',
        message: say`The value of "${name}" holds a character that a header may not`,
        path: `headers[${i}].value`,
      });
    }
  }
}

export function headersOf(headers: readonly HttpHeader[]): Readonly<Record<string, string>> {
  return Object.fromEntries(headers.map(({ name, value }) => [name, value]));
}
