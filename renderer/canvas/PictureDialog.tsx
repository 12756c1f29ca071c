import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useViewStore } from '../stores/view-store.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Segmented, type SegmentedProps } from '../ui/fields.tsx';
import { savePicture, type PictureOptions } from './picture.ts';

/** How the graph is drawn as a picture. */
export function PictureDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const hasSelection = useViewStore((state) => state.selectedNodeIds.length > 0);
  const [format, setFormat] = useState<PictureOptions['format']>('svg');
  const [part, setPart] = useState<'all' | 'selection'>('all');
  const [ground, setGround] = useState<PictureOptions['ground']>('theme');
  const save = (): void => {
    onClose();
    void savePicture({ format, ground, isWhole: part === 'all' });
  };
  return (
    <Dialog
      title={t('canvas:picture.title')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui:cancel')}</Button>
          <Button tone="primary" onClick={save}>
            {t('canvas:picture.save')}
          </Button>
        </>
      }
    >
      <div className="canvas-picture">
        <Labelled
          label={t('canvas:picture.format')}
          value={format}
          options={[
            { value: 'svg', label: 'SVG' },
            { value: 'png', label: 'PNG' },
          ]}
          onChange={setFormat}
        />
        {hasSelection && (
          <Labelled
            label={t('canvas:picture.part')}
            value={part}
            options={[
              { value: 'all', label: t('canvas:picture.all') },
              { value: 'selection', label: t('canvas:picture.selection') },
            ]}
            onChange={setPart}
          />
        )}
        <Labelled
          label={t('canvas:picture.ground')}
          value={ground}
          options={[
            { value: 'theme', label: t('canvas:picture.theme') },
            { value: 'white', label: t('canvas:picture.white') },
          ]}
          onChange={setGround}
        />
      </div>
    </Dialog>
  );
}

/** The name in sight, which the choices have for screen readers by themselves. */
function Labelled<V extends string>(props: SegmentedProps<V>): ReactNode {
  return (
    <>
      <span className="ui-field-label" aria-hidden>
        {props.label}
      </span>
      <Segmented {...props} />
    </>
  );
}
