import type { ReactNode } from 'react';
import { TooltipProvider } from '../ui/Tooltip.tsx';
import { CommandPalette } from './CommandPalette.tsx';
import { Dialogs } from './Dialogs.tsx';
import { Dock } from './Dock.tsx';
import { Notices } from './Notices.tsx';
import { Rail } from './Rail.tsx';
import { SideBar } from './SideBar.tsx';
import { StatusBar } from './StatusBar.tsx';
import { Toolbar } from './Toolbar.tsx';
import './theme/tokens.css';
import './theme/contrast.css';
import '../ui/index.css';
import './frame.css';

/** The window. */
export function Frame(): ReactNode {
  return (
    <TooltipProvider>
      <div className="frame">
        <Toolbar />
        <Rail />
        <SideBar />
        <main className="frame-main">
          <Dock />
        </main>
        <StatusBar />
      </div>
      <CommandPalette />
      <Dialogs />
      <Notices />
    </TooltipProvider>
  );
}
