/** A walk through the window, for whoever sees it for the first time. Skipped with Esc; taken again from the palette. */
import { Compass } from 'lucide-react';
import { t } from '../app/i18n/index.ts';
import type { Command } from '../app/commands.ts';
import { setRailView } from '../stores/view-store.ts';

interface Stop {
  readonly id: string;
  /** What it points to; null: the window as a whole. A stop whose place is not there is left out. */
  readonly element: string | null;
}

const STOPS: readonly Stop[] = [
  { id: 'hello', element: null },
  { id: 'operators', element: '.side-bar' },
  { id: 'canvas', element: '[data-panel="canvas"]' },
  { id: 'inspector', element: '[data-panel="inspector"]' },
  { id: 'run', element: '.toolbar-run' },
  { id: 'dock', element: '[data-panel="problems"], [data-panel="preview"], [data-panel="log"]' },
  { id: 'palette', element: '.rail' },
];

export async function startTour(): Promise<void> {
  setRailView('operators');
  const [{ driver }] = await Promise.all([import('driver.js'), import('./tour-style.ts')]);
  const steps = STOPS.filter(({ element }) => element === null || document.querySelector(element) !== null);
  driver({
    showProgress: true,
    progressText: '{{current}} / {{total}}',
    nextBtnText: t('welcome:tour.next'),
    prevBtnText: t('welcome:tour.back'),
    doneBtnText: t('welcome:tour.done'),
    overlayOpacity: 0.45,
    stagePadding: 4,
    steps: steps.map(({ id, element }) => ({
      ...(element === null ? {} : { element }),
      popover: { title: t(`welcome:tour.${id}.title`), description: t(`welcome:tour.${id}.text`) },
    })),
  }).drive();
}

export const welcomeCommands: readonly Command[] = [
  { id: 'help.tour', titleKey: 'welcome:tour.start', groupKey: 'app:groups.view', icon: Compass, run: startTour },
];
