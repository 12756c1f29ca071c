/** The places of a plan, node by node: what is written there, and what will be. */
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RenamePlace, RenamePlan } from '../../runtime/compiler/rename/plan-rename.ts';
import type { NodeId } from '../../runtime/core/ids.ts';
import { findSpec } from '../../runtime/operators/catalog.ts';
import { printPath } from '../inspector/form/config-path.ts';
import { usePlaceNames } from '../inspector/form/place-name.ts';
import { useNodeNames } from '../run/node-name.ts';
import { useNode } from '../stores/document-store.ts';
import { OperatorIcon } from '../ui/OperatorIcon.tsx';
import { markedLines, type Marked } from './marked-lines.ts';

interface RenamePlacesProps {
  readonly plan: RenamePlan;
  readonly isPicked: (place: RenamePlace) => boolean;
  readonly onPick: (place: RenamePlace, isPicked: boolean) => void;
}

export function RenamePlaces({ plan, isPicked, onPick }: RenamePlacesProps): ReactNode {
  const { t } = useTranslation();
  const title = useId();
  const { places, insertions, adapters } = plan;
  const nodes = [
    ...new Set([
      ...insertions.map(({ nodeId }) => nodeId),
      ...places.map(({ nodeId }) => nodeId),
      ...adapters.map(({ edge }) => edge.to),
    ]),
  ];
  if (nodes.length === 0) return <p className="rename-note">{t('rename:nowhere')}</p>;
  return (
    <section className="rename-places" aria-labelledby={title}>
      <h3 id={title}>{t('rename:places', { count: places.length + insertions.length + adapters.length })}</h3>
      <ul>
        {nodes.map((id) => (
          <li key={id}>
            <NodeName id={id} />
            <ul>
              {insertions
                .filter(({ nodeId }) => nodeId === id)
                .map(({ port, type }) => (
                  <li key={port} className="rename-insertion">
                    {t('rename:inserted', { type, port })}
                  </li>
                ))}
              {adapters
                .filter(({ edge }) => edge.to === id)
                .map(({ edge, type }) => (
                  <li key={edge.from + edge.fromPort} className="rename-insertion">
                    {t('rename:adapted', { type, port: edge.toPort })}
                  </li>
                ))}
              {places
                .filter(({ nodeId }) => nodeId === id)
                .map((place, i) => (
                  <Place key={i} place={place} isPicked={isPicked(place)} onPick={(picked) => onPick(place, picked)} />
                ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}

function NodeName({ id }: { readonly id: NodeId }): ReactNode {
  const nameOf = useNodeNames();
  const type = useNode(id)?.type ?? '';
  return (
    <h4>
      <OperatorIcon type={type} category={findSpec(type)?.category ?? null} size={16} />
      {nameOf(id)}
    </h4>
  );
}

interface PlaceProps {
  readonly place: RenamePlace;
  readonly isPicked: boolean;
  readonly onPick: (isPicked: boolean) => void;
}

/** Only a place in doubt has a box to tick. */
function Place({ place, isPicked, onPick }: PlaceProps): ReactNode {
  const { t } = useTranslation();
  const placeOf = usePlaceNames();
  const path = placeOf(place.nodeId, printPath(place.path));
  const lines = markedLines(place.text, place.edits).map((line, i) => <Line key={i} line={line} />);
  if (place.doubt === 'none') {
    return (
      <li className="rename-place">
        <span className="rename-path">{path}</span>
        {lines}
      </li>
    );
  }
  return (
    <li className="rename-place rename-place-doubt">
      <label>
        <input type="checkbox" checked={isPicked} onChange={(event) => onPick(event.target.checked)} />
        <span className="rename-path">
          {path} · {t('rename:line', { line: lineOf(place) })} · {t('rename:byHand')}
        </span>
        {lines}
      </label>
    </li>
  );
}

function lineOf({ text, edits }: RenamePlace): number {
  return text.slice(0, edits[0]?.range.start ?? 0).split('\n').length;
}

function Line({ line }: { readonly line: readonly Marked[] }): ReactNode {
  return (
    <code className="rename-line">
      {line.map(({ text, kind }, i) =>
        kind === 'same' ? (
          <span key={i}>{text}</span>
        ) : kind === 'old' ? (
          <del key={i}>{text}</del>
        ) : (
          <ins key={i}>{text}</ins>
        ),
      )}
    </code>
  );
}
