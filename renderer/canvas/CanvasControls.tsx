import { Panel, useStore } from '@xyflow/react';
import { Maximize, Waypoints, ZoomIn, ZoomOut } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatShare } from '../ui/format.ts';
import { IconButton } from '../ui/Button.tsx';
import { runCommand } from '../app/commands.ts';
import { shortcutOf } from '../app/shortcuts.ts';

const CONTROLS = [
  { command: 'canvas.zoomOut', Icon: ZoomOut },
  { command: 'canvas.zoomIn', Icon: ZoomIn },
  { command: 'canvas.fit', Icon: Maximize },
  { command: 'canvas.layout', Icon: Waypoints },
] as const;

export function CanvasControls(): ReactNode {
  const { t } = useTranslation();
  const zoom = useStore((state) => state.transform[2]);
  return (
    <Panel position="bottom-left" className="canvas-controls">
      {CONTROLS.map(({ command, Icon }) => (
        <IconButton
          key={command}
          isSmall
          label={t(`canvas:commands.${command.slice('canvas.'.length)}`)}
          icon={<Icon size={14} aria-hidden />}
          shortcut={shortcutOf(command)}
          tooltipSide="top"
          onClick={() => runCommand(command)}
        />
      ))}
      <span className="canvas-zoom">{formatShare(zoom)}</span>
    </Panel>
  );
}
