/** The graph as a picture: all of it or what is selected, with its texts, on the theme's ground or a white one. */
import { toPng, toSvg } from 'html-to-image';
import type { PipelineDocument } from '../../runtime/graph/index.ts';
import { currentTheme } from '../app/theme/theme.ts';
import { documentName } from '../files/document-files.ts';
import { activeDocument } from '../stores/document-store.ts';
import { notifyError } from '../stores/notice-store.ts';
import { selectedIds } from './canvas-actions.ts';
import { download } from '../ui/download.ts';
import { useCanvasStore } from './canvas-store.ts';
import { boxesOf, groupRectsOf } from './flow-instance.ts';
import { noteFlowId } from './flow-model.ts';
import { groupFlowId, groupsView, shownAs, type Rect } from './groups/groups-view.ts';
import { STYLES, SVG_STYLES } from './picture-styles.ts';

export interface PictureOptions {
  readonly format: 'svg' | 'png';
  readonly isWhole: boolean;
  readonly ground: 'theme' | 'white';
}

const MARGIN = 32;
/** Pixels of a PNG for each of the canvas at zoom 1: sharp on a dense screen and in print. */
const PIXEL_RATIO = 2;
/** Browsers refuse canvases with longer sides. */
const MAX_SIDE = 14_000;

/** Where all that is to be drawn lies; null for nothing. */
export function pictureBounds(document: PipelineDocument, chosen: ReadonlySet<string> | null): Rect | null {
  const isWanted = (id: string): boolean => chosen?.has(id) !== false;
  const { groups, hidden } = groupsView(document);
  const rects = groupRectsOf(document);
  const boxes: Rect[] = [
    ...boxesOf(document)
      .filter(({ id }) => isWanted(id) && !hidden.has(id))
      .map(({ position, width, height }) => ({ ...position, width, height })),
    ...groups.flatMap((group) => (group.nodes.every(isWanted) ? (rects.get(group.id) ?? []) : [])),
    ...(chosen === null ? document.notes.map(({ position, width, height }) => ({ ...position, width, height })) : []),
  ];
  if (boxes.length === 0) return null;
  const x = Math.min(...boxes.map((box) => box.x)) - MARGIN;
  const y = Math.min(...boxes.map((box) => box.y)) - MARGIN;
  const right = Math.max(...boxes.map((box) => box.x + box.width)) + MARGIN;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + MARGIN;
  return { x, y, width: right - x, height: bottom - y };
}

/** The library copies the styles of HTML only: what is drawn in SVG has its own written to it. Returns the way back. */
function inlineSvgStyles(viewport: HTMLElement): () => void {
  const found = [...viewport.querySelectorAll<SVGElement>('svg *')].map((element) => {
    const style = getComputedStyle(element);
    const values = SVG_STYLES.map((name) => `${name}: ${style.getPropertyValue(name)}`).join('; ');
    return { element, before: element.getAttribute('style'), values };
  });
  for (const { element, before, values } of found) element.setAttribute('style', `${before ?? ''}; ${values}`);
  return () => {
    for (const { element, before } of found) {
      if (before === null) element.removeAttribute('style');
      else element.setAttribute('style', before);
    }
  };
}

/** The ground of an SVG: the library gives it to the moved graph only, which leaves a margin out. */
function withGround(url: string, color: string): string {
  const ground = encodeURIComponent(`<rect width="100%" height="100%" fill="${color.trim()}"/>`);
  const content = encodeURIComponent('<foreignObject');
  return url.replace(content, `${ground}${content}`);
}

/** Draws it and hands it to the user as a file. */
export async function savePicture({ format, isWhole, ground }: PictureOptions): Promise<void> {
  const open = activeDocument();
  const viewport = globalThis.document.querySelector<HTMLElement>('.canvas .react-flow__viewport');
  if (open === null || viewport === null) return;
  const chosen = isWhole ? null : new Set<string>(selectedIds());
  const bounds = pictureBounds(open.document, chosen);
  if (bounds === null) return;
  const shown =
    chosen === null ? null : new Set([...chosen].map((id) => shownAs(open.document, id as never) as string));
  const { x, y, width, height } = bounds;
  const background = ground === 'white' ? '#ffffff' : getComputedStyle(viewport).getPropertyValue('--canvas');
  const root = globalThis.document.documentElement;
  const theme = currentTheme();
  try {
    // Dark nodes on white paper cannot be read: the light theme is drawn there.
    if (ground === 'white') root.dataset['theme'] = 'light';
    useCanvasStore.setState({ isPictured: true });
    await untilDrawn(viewport, drawnIds(open.document));
    const putBack = inlineSvgStyles(viewport);
    const draw = format === 'svg' ? toSvg : toPng;
    const url = await draw(viewport, {
      width,
      height,
      backgroundColor: background,
      pixelRatio: Math.min(PIXEL_RATIO, MAX_SIDE / Math.max(width, height)),
      style: { transform: `translate(${-x}px, ${-y}px) scale(1)`, width: `${width}px`, height: `${height}px` },
      filter: (node) => shown === null || isPartOf(node, shown),
      includeStyleProperties: STYLES,
    }).finally(putBack);
    download(format === 'svg' ? withGround(url, background) : url, `${documentName(open.path)}.${format}`);
  } catch (error) {
    notifyError('canvas:picture.failed', error);
  } finally {
    root.dataset['theme'] = theme;
    useCanvasStore.setState({ isPictured: false });
  }
}

/** What React Flow calls the nodes that a picture of the whole shows. */
function drawnIds(document: PipelineDocument): readonly string[] {
  const { groups, hidden } = groupsView(document);
  return [
    ...document.nodes.flatMap(({ id }) => (hidden.has(id) ? [] : [id])),
    ...groups.map(({ id }) => groupFlowId(id)),
    ...document.notes.map(({ id }) => noteFlowId(id)),
  ];
}

/** Frames after which a node that does not appear is given up: it went from the document meanwhile. */
const MAX_FRAMES = 120;

/** What is out of sight of a large document is rendered in the frames after it is asked for, edges once the nodes are measured. */
async function untilDrawn(viewport: HTMLElement, ids: readonly string[]): Promise<void> {
  const isDrawn = (): boolean => {
    const drawn = new Set(
      [...viewport.querySelectorAll('.react-flow__node')].map((one) => one.getAttribute('data-id')),
    );
    return ids.every((id) => drawn.has(id));
  };
  for (let frame = 0; frame < MAX_FRAMES && !isDrawn(); frame++) await nextFrame();
  for (let frame = 0; frame < 2; frame++) await nextFrame();
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => resolve()));
}

/** Nodes that were chosen, and edges between them. */
function isPartOf(node: Node, shown: ReadonlySet<string>): boolean {
  if (!(node instanceof Element)) return true;
  if (node.classList.contains('react-flow__node')) {
    const id = node.getAttribute('data-id') ?? '';
    return shown.has(id) || id.startsWith('group:');
  }
  if (node.classList.contains('react-flow__edge')) {
    const [from = '', , to = ''] = (node.getAttribute('data-id') ?? '').split('\n');
    return shown.has(from) && shown.has(to);
  }
  return true;
}
