import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useDocumentStore } from '../stores/document-store.ts';
import { AddBreakpointMenu } from './AddBreakpointMenu.tsx';
import { BreakpointItem } from './BreakpointItem.tsx';
import { useBreakpoints } from './debug-memory.ts';
import { useDebugStore } from './debug-store.ts';

/** All breakpoints of the document: where, in which state, on which condition, how often hit; and what the log ones wrote. */
export function BreakpointsSection(): ReactNode {
  const { t } = useTranslation();
  const breakpoints = useBreakpoints(useDocumentStore((state) => state.activePath));
  const log = useDebugStore((state) => state.log);
  return (
    <section className="debug-section" aria-label={t('debug:breakpoints')}>
      <h3>
        {t('debug:breakpoints')}
        <span className="debug-end">
          <AddBreakpointMenu />
        </span>
      </h3>
      {breakpoints.length === 0 && <p className="debug-nothing">{t('debug:noBreakpoints')}</p>}
      <ul className="debug-list">
        {breakpoints.map((one) => (
          <BreakpointItem key={one.id} breakpoint={one} />
        ))}
      </ul>
      {log.length > 0 && (
        <>
          <h4>{t('debug:log')}</h4>
          <ol className="debug-log" aria-label={t('debug:log')}>
            {log.map((line, i) => (
              <li key={i}>
                <span className="debug-type">@{line.moment}</span> {line.text}
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}
