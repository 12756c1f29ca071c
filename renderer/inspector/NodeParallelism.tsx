import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Traits } from '../../runtime/core/operator.ts';
import { setParallelism, type PipelineNode } from '../../runtime/graph/index.ts';
import { edit, sealStep, usePipeline } from '../stores/document-store.ts';
import { Field, TextInput } from '../ui/fields.tsx';

const MAX = 128;

/** Subtasks of this operator, where they are not the job's. */
export function NodeParallelism({
  node,
  traits,
}: {
  readonly node: PipelineNode;
  readonly traits: Traits | null;
}): ReactNode {
  const { t } = useTranslation();
  const jobParallelism = usePipeline()?.settings.parallelism ?? 1;
  const most = traits?.maxParallelism ?? null;
  return (
    <div className="inspector-parallelism">
      <Field
        label={t('inspector:node.parallelism')}
        help={most === null ? undefined : t('inspector:node.maxParallelism', { count: most })}
      >
        {(ids) => (
          <TextInput
            {...ids}
            isMono
            inputMode="numeric"
            value={node.parallelism === undefined ? '' : String(node.parallelism)}
            placeholder={t('inspector:node.jobParallelism', { count: jobParallelism })}
            onBlur={sealStep}
            onChange={(text) => {
              const number = Number(text);
              const next = text.trim() === '' ? null : number;
              if (next !== null && (!Number.isInteger(next) || next < 1 || next > MAX)) return;
              edit(
                t('inspector:edit.parallelism'),
                (document) => setParallelism(document, node.id, next),
                `parallelism:${node.id}`,
              );
            }}
          />
        )}
      </Field>
    </div>
  );
}
