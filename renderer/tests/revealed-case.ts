/** A place in a test case that something elsewhere asks to show: a problem of a cell, or a match in it. */
import { useMemo } from 'react';
import { activeDocument } from '../stores/document-store.ts';
import { chooseTest } from '../stores/test-store.ts';
import { openPanel, useViewStore, type ViewState } from '../stores/view-store.ts';

interface CasePlace {
  readonly index: number;
  /** In the case, as `data-path` says it: `steps[0].rows[1].amount`; empty: the case as a whole. */
  readonly path: string;
}

/** Of a path in the document: `tests[2].steps[0].rows[1].amount`; null when it is elsewhere. */
export function casePlace(path: string | null): CasePlace | null {
  const [, index, rest = ''] = /^tests\[(\d+)\](?:\.(.*))?$/.exec(path ?? '') ?? [];
  return index === undefined ? null : { index: Number(index), path: rest };
}

/** Chooses the case of what is revealed and brings the panel to the front; in the code it is shown there. Returns the way to stop. */
export function followRevealedCases(): () => void {
  return useViewStore.subscribe(({ revealed, centreMode }, before) => {
    if (revealed === before.revealed || centreMode === 'code') return;
    const place = casePlace(revealed?.path ?? null);
    const open = activeDocument();
    if (place === null || open === null) return;
    chooseTest(open.path, place.index);
    openPanel('tests');
  });
}

/** What is revealed last, if it is in this case; the same object until another is. */
export function useRevealedPlace(index: number): (CasePlace & { readonly serial: number }) | null {
  const revealed = useViewStore(selectRevealed);
  return useMemo(() => {
    const place = casePlace(revealed?.path ?? null);
    return place === null || place.index !== index ? null : { ...place, serial: revealed!.serial };
  }, [revealed, index]);
}

/** Focuses what has the path in `within`, or what is nearest around it. */
export function focusPlace(within: HTMLElement, path: string): void {
  const places = [...within.querySelectorAll<HTMLElement>('[data-path]')];
  for (let at = path; at !== ''; at = at.replace(/(?:^|\.)[^.[\]]+$|\[[^\]]*\]$/, '')) {
    const found = places.find(({ dataset }) => dataset['path'] === at);
    if (found === undefined) continue;
    const control = found.matches('input') ? found : found.querySelector<HTMLElement>('input, button');
    (control ?? found).focus();
    return;
  }
}

function selectRevealed(state: ViewState): ViewState['revealed'] {
  return state.revealed;
}
