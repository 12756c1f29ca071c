import { FileText } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { documentName, openDocument } from '../files/document-files.ts';
import { useFileList } from '../files/file-list.ts';
import { usePlaceNamesIn } from '../inspector/form/place-name.ts';
import { nodeName } from '../run/node-name.ts';
import { useDocumentStore } from '../stores/document-store.ts';
import type { Match } from './find-in-pipeline.ts';
import { goTo } from './matches.ts';
import { MatchText } from './MatchText.tsx';
import { findInOther, readOtherPipelines, type OtherPipeline } from './other-pipelines.ts';

/** Of one pipeline no more are shown: it is opened for the rest. */
const MAX_SHOWN = 8;

/** Matches in the workspace's other pipelines, each under its pipeline; a click opens it there. */
export function OtherPipelines({ query }: { readonly query: string }): ReactNode {
  const { t } = useTranslation();
  const others = useOthers();
  const wanted = useDeferredValue(query);
  const found = useMemo(
    () =>
      others
        .map((pipeline) => ({ pipeline, matches: findInOther(wanted, pipeline) }))
        .filter(({ matches }) => matches.length > 0),
    [others, wanted],
  );
  if (found.length === 0) return null;
  return (
    <section aria-label={t('find:others')}>
      <h3>{t('find:others')}</h3>
      {found.map(({ pipeline, matches }) => (
        <div key={pipeline.path}>
          <h4 className="find-owner" title={pipeline.path}>
            <FileText size={14} aria-hidden />
            {documentName(pipeline.path)}
            <small>{t('find:count', { count: matches.length })}</small>
          </h4>
          <ul className="ui-list">
            {matches.slice(0, MAX_SHOWN).map((match, i) => (
              <li key={i}>
                <OtherMatch pipeline={pipeline} match={match} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function OtherMatch({ pipeline, match }: { readonly pipeline: OtherPipeline; readonly match: Match }): ReactNode {
  const { t } = useTranslation();
  const placeOf = usePlaceNamesIn(pipeline.document);
  const { kind, nodeId, path } = match;
  const place = [
    ...(nodeId === null ? [] : [nodeName(pipeline.document, nodeId)]),
    path === '' ? t(`find:kind.${kind}`) : placeOf(nodeId, path),
  ];
  return (
    <button type="button" className="ui-row find-match" onClick={() => void openAt(pipeline.path, match)}>
      <span className="find-place">{place.join(' · ')}</span>
      <MatchText match={match} />
    </button>
  );
}

async function openAt(path: string, match: Match): Promise<void> {
  await openDocument(path);
  if (useDocumentStore.getState().activePath === path) goTo(match);
}

/** Read when they are first wanted, and again when files have come, gone or changed. */
function useOthers(): readonly OtherPipeline[] {
  const files = useFileList((state) => state.files);
  const active = useDocumentStore((state) => state.activePath);
  const [others, setOthers] = useState<readonly OtherPipeline[]>([]);
  useEffect(() => {
    let isCurrent = true;
    // Without them the pipeline on screen is looked through all the same.
    readOtherPipelines(active).then(
      (read) => isCurrent && setOthers(read),
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [files, active]);
  return others;
}
