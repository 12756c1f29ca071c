import type { Batch } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan } from '../../core/operator.ts';
import { createRowWriter, type RowWriter } from '../../formats/index.ts';
import type { FileTarget } from './file-target.ts';
import { PartFolder } from './part-folder.ts';
import { SingleFile } from './single-file.ts';
import { isSingleFile, type SinkFileConfig } from './spec.ts';

export const createSinkFile: OperatorFactory<SinkFileConfig> = (plan, context) => new SinkFileOperator(plan, context);

class SinkFileOperator implements Operator {
  readonly #rows: RowWriter;
  readonly #target: FileTarget;

  constructor(plan: OperatorPlan<SinkFileConfig>, context: OperatorContext) {
    const { path, format } = plan.config;
    this.#rows = createRowWriter({ format, schema: plan.inputs[0]!.shape.schema });
    this.#target = targetOf(plan, context, context.files.resolve(plan.baseFolder, path), this.#rows.header);
  }

  open(): void {
    this.#target.open();
  }

  processBatch(batch: Batch): void {
    for (let start = 0; start < batch.length;) {
      const end = Math.min(batch.length, start + this.#target.roomForRows);
      this.#target.write(this.#rows.encode(batch, start, end), end - start);
      start = end;
    }
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
  { config, subtask, parallelism }: OperatorPlan<SinkFileConfig>,
  context: OperatorContext,
  path: string,
  header: Uint8Array,
): FileTarget {
  if (isSingleFile(config)) return new SingleFile(path, header, context);
  const { maxBytes, maxRows } = config.rolling ?? { maxBytes: null, maxRows: null };
  return new PartFolder(
    {
      folder: path,
      extension: config.format,
      header,
      subtask,
      parallelism,
      maxBytes: maxBytes ?? Infinity,
      maxRows: maxRows ?? Infinity,
    },
    context,
  );
}
