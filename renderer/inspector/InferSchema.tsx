import { WandSparkles } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeId } from '../../runtime/core/ids.ts';
import type { AnyOperatorSpec } from '../../runtime/core/operator.ts';
import type { RawConfig } from '../../runtime/graph/index.ts';
import { host } from '../host/host.ts';
import { activeDocument, edit } from '../stores/document-store.ts';
import { notify, notifyError } from '../stores/notice-store.ts';
import { Button } from '../ui/Button.tsx';
import { InferDialog } from './InferDialog.tsx';
import { readSample, sampleFile, schemaPlace, type ReadSample, type SchemaPlace } from './infer-schema.ts';
import { takeSample, type TakenSample } from './take-sample.ts';

/** A button beside the schema of a file, by place: `{}` for an operator that has none. */
export function useSchemaActions(
  spec: AnyOperatorSpec | null,
  nodeId: NodeId,
  config: RawConfig,
): Readonly<Record<string, ReactNode>> {
  return useMemo(() => {
    const place = spec === null || spec.category !== 'source' ? null : schemaPlace(spec.config.fields);
    if (place === null || spec === null) return {};
    const formatDefault = spec.config.fields[place.formatKey]?.defaultValue;
    return {
      [place.target]: <InferButton place={place} nodeId={nodeId} config={config} formatDefault={formatDefault} />,
    };
  }, [spec, nodeId, config]);
}

interface InferButtonProps {
  readonly place: SchemaPlace;
  readonly nodeId: NodeId;
  readonly config: RawConfig;
  readonly formatDefault: unknown;
}

function InferButton({ place, nodeId, config, formatDefault }: InferButtonProps): ReactNode {
  const { t } = useTranslation();
  const [isReading, setReading] = useState(false);
  const [found, setFound] = useState<{ readonly path: string; readonly sample: ReadSample } | null>(null);

  const infer = async (): Promise<void> => {
    const open = activeDocument();
    if (open === null) return;
    setReading(true);
    try {
      const files = await host().listFiles();
      const paths = files.map((file) => file.path);
      const path = sampleFile(config, place, open.path, open.document.settings.params, paths);
      if (path === null) {
        notify('inspector:infer.noFile', { tone: 'warning' });
        return;
      }
      const sample = await readSample(host(), path, config, place, formatDefault);
      if (sample.of(sample.csv).fields.length === 0)
        notify('inspector:infer.noRows', { tone: 'warning', values: { path } });
      else setFound({ path, sample });
    } catch (error) {
      notifyError('inspector:infer.failed', error);
    } finally {
      setReading(false);
    }
  };
  const take = (taken: TakenSample): void => {
    edit(t('inspector:infer.step'), (document) => takeSample(document, nodeId, place.target, taken));
    setFound(null);
  };
  return (
    <>
      <Button
        tone="quiet"
        isSmall
        className="inspector-infer"
        icon={<WandSparkles size={12} aria-hidden />}
        disabled={isReading}
        onClick={() => void infer()}
      >
        {t('inspector:infer.button')}
      </Button>
      {found !== null && <InferDialog {...found} onTake={take} onClose={() => setFound(null)} />}
    </>
  );
}
