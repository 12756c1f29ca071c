import { screen, type BrowserWindow, type Rectangle } from 'electron';
import { z } from 'zod';
import { JsonFile } from '../services/json-file.ts';

const stateSchema = z.object({
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int().min(1), height: z.int().min(1) }).nullable(),
  isMaximized: z.boolean(),
});
type WindowState = z.infer<typeof stateSchema>;

const NEW: WindowState = { bounds: null, isMaximized: false };
const DEFAULT_SIZE = { width: 1440, height: 900 };

/** Where the window was, kept in a file. */
export class WindowStateFile {
  readonly #file: JsonFile<WindowState>;

  constructor(file: string) {
    this.#file = new JsonFile(file, stateSchema, NEW);
  }

  async read(): Promise<{ bounds: Partial<Rectangle>; isMaximized: boolean }> {
    const { bounds, isMaximized } = await this.#file.read();
    return { bounds: bounds !== null && isOnScreen(bounds) ? bounds : DEFAULT_SIZE, isMaximized };
  }

  /** Notes it when the window closes. */
  follow(window: BrowserWindow): void {
    window.on('close', () => {
      const state = { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() };
      // Comfort only: a window closes whether or not its place could be kept.
      void this.#file.change(() => state).catch(() => {});
    });
  }
}

/** The screen it was on may have been unplugged. */
function isOnScreen(bounds: Rectangle): boolean {
  return screen.getAllDisplays().some(({ workArea }) => {
    const width = Math.min(bounds.x + bounds.width, workArea.x + workArea.width) - Math.max(bounds.x, workArea.x);
    const height = Math.min(bounds.y + bounds.height, workArea.y + workArea.height) - Math.max(bounds.y, workArea.y);
    return width >= 200 && height >= 100;
  });
}
