import { NodeResizer, type NodeProps } from '@xyflow/react';
import { memo, type ComponentProps, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import Markdown from 'react-markdown';
import { join } from '../../ui/Button.tsx';
import { editNote, useCanvasStore } from '../canvas-store.ts';
import { noteIdOf, type NoteFlowNode } from '../flow-model.ts';
import { endNoteText, resizeNote } from './note-actions.ts';

const MIN_WIDTH = 96;
const MIN_HEIGHT = 40;
/** What a note shows of the outside: nothing. A picture would be asked for as soon as the document is opened. */
const NOT_SHOWN = ['img'];

/** A note in Markdown, behind the operators: read, or written in place. HTML in it stays text. */
export const NoteNode = memo(function NoteNode({ id, data, selected }: NodeProps<NoteFlowNode>): ReactNode {
  const { t } = useTranslation();
  const note = noteIdOf(id) ?? '';
  const isEdited = useCanvasStore((state) => state.editedNote === note);
  return (
    <>
      <NodeResizer
        isVisible={selected}
        minWidth={MIN_WIDTH}
        minHeight={MIN_HEIGHT}
        handleClassName="canvas-note-handle"
        lineClassName="canvas-note-line"
        onResizeEnd={(_event, { x, y, width, height }) => resizeNote(note, { x, y }, width, height)}
      />
      {isEdited ? (
        <NoteEditor id={note} text={data.text} />
      ) : (
        <div className={join('canvas-note', selected && 'is-selected')} onDoubleClick={() => editNote(note)}>
          {data.text.trim() === '' ? (
            <p className="canvas-note-empty">{t('canvas:note.empty')}</p>
          ) : (
            <Markdown disallowedElements={NOT_SHOWN} components={{ a: Link }}>
              {data.text}
            </Markdown>
          )}
        </div>
      )}
    </>
  );
});

/** The text is one step when it is left; Escape leaves it as it was. */
function NoteEditor({ id, text }: { readonly id: string; readonly text: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <textarea
      className="canvas-note canvas-note-editor nodrag nopan nowheel"
      aria-label={t('canvas:note.text')}
      defaultValue={text}
      autoFocus
      spellCheck
      onFocus={(event) => event.currentTarget.setSelectionRange(text.length, text.length)}
      onBlur={(event) => endNoteText(id, event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') endNoteText(id, null);
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) endNoteText(id, event.currentTarget.value);
        event.stopPropagation();
      }}
    />
  );
}

function Link({ href, children }: ComponentProps<'a'>): ReactNode {
  return (
    <a className="nodrag" href={href} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  );
}
