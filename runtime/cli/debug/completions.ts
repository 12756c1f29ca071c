/** What can be typed in an expression over a row, for clients of the Debug Adapter Protocol. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { field, schemaOf } from '../../core/schema.ts';
import { parseDataType } from '../../core/types.ts';
import { completions, scopeOf } from '../../expression/index.ts';
import type { DebugPlanInfo, DebugRow } from '../../protocol/debug.ts';

const TYPES = { field: 'field', function: 'function', keyword: 'keyword' } as const;

/** `offset`: of the cursor. Without a row at hand only what needs none. */
export function completionsOn(
  row: DebugRow | null,
  { operators }: DebugPlanInfo,
  text: string,
  offset: number,
): DebugProtocol.CompletionItem[] {
  const operator = operators.find(({ nodeId }) => nodeId === row?.nodeId);
  const columns = operator?.outputs.find(({ name }) => name === row?.port)?.fields ?? [];
  const schema = schemaOf(
    columns.flatMap(({ name, type }) => {
      const parsed = parseDataType(type);
      return parsed.ok ? [field(name, parsed.value)] : [];
    }),
  );
  return completions(text, offset, scopeOf(schema)).map(({ label, kind, detail, insertText, range }) => ({
    label,
    text: insertText,
    detail,
    type: TYPES[kind],
    start: range.start,
    length: range.end - range.start,
  }));
}
