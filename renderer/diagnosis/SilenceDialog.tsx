import { Crosshair } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeId } from '../../runtime/core/ids.ts';
import { explainSilence, type SilenceCause } from '../../runtime/diagnosis/index.ts';
import { useNodeNames } from '../run/node-name.ts';
import { usePacedLive } from '../run/use-paced-live.ts';
import { useDocumentStore } from '../stores/document-store.ts';
import type { LiveState } from '../stores/live-buffer.ts';
import { useRunStore } from '../stores/run-store.ts';
import { useValidation } from '../stores/validation-store.ts';
import { revealOnCanvas } from '../stores/view-store.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { observedJob } from './observed-job.ts';
import { silenceSentence } from './sentences.ts';
import './diagnosis.css';

/** Answers "Why is there no output?" while it is open: the likeliest cause first, each with the way to where it is. */
export function SilenceDialog({
  nodeId,
  onClose,
}: {
  readonly nodeId: NodeId;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const live = usePacedLive(selectAll);
  const validation = useValidation();
  const run = useRunStore();
  const path = useDocumentStore((state) => state.activePath);
  const causes = useMemo(
    () => (validation === null ? [] : explainSilence(observedJob(live, validation, run, path), nodeId)),
    [live, validation, run, path, nodeId],
  );
  const show = (place: NodeId): void => {
    revealOnCanvas(place);
    onClose();
  };
  return (
    <Dialog title={t('diagnosis:title', { node: nameOf(nodeId) })} onClose={onClose} width={560}>
      <ol className="diagnosis-causes">
        {causes.map((cause, i) => (
          <li key={`${cause.place.nodeId} ${cause.reason.code} ${i}`}>
            <p>{silenceSentence(cause, { t, nameOf })}</p>
            <div className="diagnosis-places">
              {placesOf(cause).map((place) => (
                <Button
                  key={place}
                  tone="quiet"
                  isSmall
                  icon={<Crosshair size={13} aria-hidden />}
                  onClick={() => show(place)}
                >
                  {t('diagnosis:show', { node: nameOf(place) })}
                </Button>
              ))}
            </div>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}

function placesOf({ place, reason }: SilenceCause): readonly NodeId[] {
  return [...new Set([place.nodeId, ...('origin' in reason ? [reason.origin] : [])])];
}

function selectAll(state: LiveState): LiveState {
  return state;
}
