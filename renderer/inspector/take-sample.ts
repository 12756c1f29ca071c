/** What the inference dialog found and the user took of it, in the document: one step. */
import type { NodeId } from '../../runtime/core/ids.ts';
import { printName } from '../../runtime/expression/index.ts';
import type { EpochUnit } from '../../runtime/formats/infer-schema.ts';
import { DEFAULT_OUTPUT, findNode, insertBehind, setConfig, type PipelineDocument } from '../../runtime/graph/index.ts';
import type { CsvLayout, WrittenField } from './infer-schema.ts';

export interface TakenSample {
  readonly fields: readonly WrittenField[];
  /** Null for a file that is not CSV. */
  readonly csv: CsvLayout | null;
  /** The field that is to be the event time, and its unit where it holds numbers; null leaves the event time as it is. */
  readonly eventTime: { readonly field: string; readonly epoch: EpochUnit | null } | null;
}

/** Distance between the source and what is put behind it, in pixels of the canvas. */
const SPACING = 260;

const TIME_OF: Readonly<Record<EpochUnit, (field: string) => string>> = {
  s: (field) => `TO_TIMESTAMP_LTZ(${field}, 0)`,
  ms: (field) => `TO_TIMESTAMP_LTZ(${field}, 3)`,
  us: (field) => `TO_TIMESTAMP_LTZ(${field} / 1000, 3)`,
};

/** `target`: key of the list of fields. Numbers become times in nodes behind the source. */
export function takeSample(
  document: PipelineDocument,
  source: NodeId,
  target: string,
  { fields, csv, eventTime }: TakenSample,
): PipelineDocument {
  const config = findNode(document, source)?.config ?? {};
  let changed = setConfig(document, source, [target], fields);
  if (csv !== null && csv.delimiter !== (config['delimiter'] ?? ',')) {
    changed = setConfig(changed, source, ['delimiter'], csv.delimiter);
  }
  if (csv !== null && csv.header !== (config['header'] ?? true)) {
    changed = setConfig(changed, source, ['header'], csv.header);
  }
  if (eventTime === null) return changed;
  const { field, epoch } = eventTime;
  if (epoch === null) return setConfig(changed, source, ['eventTime'], { field });
  return withTimes(
    changed,
    source,
    TIME_OF[epoch](printName(field)),
    freeName(
      'event_time',
      fields.map(({ name }) => name),
    ),
  );
}

function withTimes(document: PipelineDocument, source: NodeId, expr: string, name: string): PipelineDocument {
  const position = findNode(document, source)?.position ?? { x: 0, y: 0 };
  const at = (step: number): typeof position => ({ ...position, x: position.x + step * SPACING });
  const nodes = document.nodes.map((node) =>
    node.position.x <= position.x
      ? node
      : { ...node, position: { ...node.position, x: node.position.x + 2 * SPACING } },
  );
  const timed = insertBehind(
    { ...document, nodes },
    { from: source, fromPort: DEFAULT_OUTPUT },
    { type: 'project', version: 1, position: at(1), config: { fields: [{ as: name, expr }], keepAll: true } },
  );
  return insertBehind(
    timed.document,
    { from: timed.id, fromPort: DEFAULT_OUTPUT },
    { type: 'watermark', version: 1, position: at(2), config: { eventTime: { field: name } } },
  ).document;
}

function freeName(name: string, taken: readonly string[]): string {
  let free = name;
  while (taken.includes(free)) free += '_';
  return free;
}
