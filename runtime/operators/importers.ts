/** Sources and sinks that a table of Flink can become: the way back of `exporters.ts`. */
import type { ImportedTable, Importer } from '../core/importer.ts';
import type { OperatorType } from './catalog.ts';
import { sinkFileImport } from './sink-file/import.ts';
import { sinkPrintImport } from './sink-print/import.ts';
import { sourceFileImport } from './source-file/import.ts';
import { sourceGeneratorImport } from './source-generator/import.ts';

const importers: Partial<Record<OperatorType, Importer>> = {
  'sink.file': sinkFileImport,
  'sink.print': sinkPrintImport,
  'source.file': sourceFileImport,
  'source.generator': sourceGeneratorImport,
};

/** By the connector; null: no operator has it. */
export function findImporter({ options, isSink }: ImportedTable): { type: string; importer: Importer } | null {
  const found = Object.entries(importers).find(
    ([, importer]) => importer.connector === options['connector'] && importer.isSink === isSink,
  );
  return found === undefined ? null : { type: found[0], importer: found[1] };
}

/** For messages. */
export function importedConnectors(isSink: boolean): readonly string[] {
  return Object.values(importers).flatMap((one) => (one.isSink === isSink ? [one.connector] : []));
}
