import type { Batch } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan } from '../../core/operator.ts';
import type { Schema } from '../../core/schema.ts';
import { TextFileEncoder, type FileEncoder } from '../../formats/index.ts';
import { ParquetEncoder } from '../../formats/parquet/index.ts';
import type { FileTarget } from './file-target.ts';
import { PartFolder } from './part-folder.ts';
import { Partitioner } from './partitioner.ts';
import { SingleFile } from './single-file.ts';
import { fieldsOfFiles, isSingleFile, type SinkFileConfig } from './spec.ts';

export const createSinkFile: OperatorFactory<SinkFileConfig> = (plan, context) => new SinkFileOperator(plan, context);

/** Row groups' worth of rows that all partitions together keep in memory. */
const MAX_BUFFERED_GROUPS = 4;

class SinkFileOperator implements Operator {
  readonly #partitioner: Partitioner | null;
  readonly #target: FileTarget;

  constructor(plan: OperatorPlan<SinkFileConfig>, context: OperatorContext) {
    const { config } = plan;
    const input = plan.inputs[0]!.shape.schema;
    const schema = fieldsOfFiles(config, input);
    this.#partitioner =
      config.partitionBy === null ? null : new Partitioner(config.partitionBy, input, schema, context);
    this.#target = targetOf(plan, schema, context);
  }

  open(): void {
    this.#target.open();
  }

  processBatch(batch: Batch): void {
    if (batch.length === 0) return;
    if (this.#partitioner === null) this.#target.write(batch, '');
    else this.#partitioner.split(batch, (rows, folder) => this.#target.write(rows, folder));
  }

  snapshot(checkpointId: number): void {
    this.#target.snapshot(checkpointId);
  }

  checkpointComplete(checkpointId: number): void {
    this.#target.commit(checkpointId);
  }

  close(): void {
    this.#target.close();
  }
}

function targetOf(
  { config, baseFolder, subtask, parallelism }: OperatorPlan<SinkFileConfig>,
  schema: Schema,
  context: OperatorContext,
): FileTarget {
  const path = context.files.resolve(baseFolder, config.path);
  const makeEncoder = (): FileEncoder => encoderOf(config, schema);
  if (isSingleFile(config)) return new SingleFile(path, makeEncoder(), context);
  const { maxBytes, maxRows } = config.rolling ?? { maxBytes: null, maxRows: null };
  return new PartFolder(
    {
      folder: path,
      extension: config.format,
      makeEncoder,
      subtask,
      parallelism,
      maxBytes: maxBytes ?? Infinity,
      maxRows: maxRows ?? Infinity,
      maxOpenParts: config.maxOpenPartitions,
      maxBufferedRows: MAX_BUFFERED_GROUPS * config.rowGroupRows,
    },
    context,
  );
}

function encoderOf({ format, rowGroupRows }: SinkFileConfig, schema: Schema): FileEncoder {
  return format === 'parquet' ? new ParquetEncoder(schema, rowGroupRows) : new TextFileEncoder({ format, schema });
}
