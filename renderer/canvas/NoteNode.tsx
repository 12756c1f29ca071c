import type { NodeProps } from '@xyflow/react';
import { memo, type ReactNode } from 'react';
import Markdown from 'react-markdown';
import { join } from '../ui/Button.tsx';
import type { NoteFlowNode } from './flow-model.ts';

/** A note in Markdown, behind the operators. */
export const NoteNode = memo(function NoteNode({ data, selected }: NodeProps<NoteFlowNode>): ReactNode {
  return (
    <div className={join('canvas-note', selected && 'is-selected')}>
      <Markdown>{data.text}</Markdown>
    </div>
  );
});
