/** The desktop's menu, whose items are commands of the page. */
import { runCommand } from './commands.ts';

/** Runs what the menu asks for, which the preload hands on as a message. Returns the way to stop. */
export function listenToMenu(target: Window): () => void {
  const onMessage = ({
    source,
    data,
  }: MessageEvent<{ readonly type?: unknown; readonly command?: unknown } | null>) => {
    if (source === target && data?.type === 'millrace:command' && typeof data.command === 'string')
      runCommand(data.command);
  };
  target.addEventListener('message', onMessage);
  return () => target.removeEventListener('message', onMessage);
}
