import { MailX, RotateCcw, Undo2 } from 'lucide-react';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { said } from '../app/i18n/said.ts';
import { useNodeNames } from '../run/node-name.ts';
import { NothingSeen } from '../run/NothingSeen.tsx';
import { usePacedLive } from '../run/use-paced-live.ts';
import { useDocumentStore } from '../stores/document-store.ts';
import { useJobView } from '../stores/job-view.ts';
import type { LiveState } from '../stores/live-buffer.ts';
import { notify } from '../stores/notice-store.ts';
import { Badge } from '../ui/Badge.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { DataTable, type TableColumn } from '../ui/DataTable.tsx';
import { TextInput } from '../ui/fields.tsx';
import { formatExact } from '../ui/format.ts';
import { LetterEditor } from './LetterEditor.tsx';
import { letterRows, mendWith, placeOf, replacements, replays, totalRejected, type LetterRow } from './letters.ts';
import { addMends, loadMends, saveMends, useMendsStore } from './mends-store.ts';
import './dead-letters.css';

const NO_MENDS = [] as const;

/** Rows that sources could not read: what was wrong, and the text to read in their place. */
export function DeadLettersPanel(): ReactNode {
  const { t } = useTranslation();
  const path = useDocumentStore((state) => state.activePath);
  const jobView = useJobView();
  const reports = usePacedLive(selectDeadLetters);
  const total = usePacedLive(selectTotal);
  const mends = useMendsStore((state) => (path === null ? undefined : state.mends.get(path))) ?? NO_MENDS;
  const [chosen, setChosen] = useState<string | null>(null);
  const isRunning = jobView === 'active';

  useEffect(() => {
    if (path !== null) void loadMends(path).catch(() => undefined);
  }, [path]);

  const rows = useMemo(
    () => (jobView === 'none' ? [] : letterRows(reports.values(), mends)),
    [reports, mends, jobView],
  );
  const columns = useColumns(isRunning);
  const lost = [...reports.values()].reduce((sum, report) => sum + report.lost, 0);
  const letter = rows.find((row) => row.id === chosen) ?? null;

  if (path === null || (rows.length === 0 && mends.length === 0)) {
    const hint = reports.size === 0 ? 'dead-letters:failHint' : 'dead-letters:noneHint';
    return <NothingSeen icon={<MailX size={20} />} title={t('dead-letters:none')} hint={t(hint)} />;
  }
  return (
    <div className="letters">
      <div className="letters-bar">
        <strong>{t('dead-letters:kept', { count: rows.length })}</strong>
        {total > rows.length && (
          <span className="letters-muted">{t('dead-letters:rejected', { total: formatExact(total) })}</span>
        )}
        {lost > 0 && (
          <span title={t('dead-letters:lostHelp')}>
            <Badge tone="warning">{t('dead-letters:lost', { count: lost })}</Badge>
          </span>
        )}
        <span className="letters-space" />
        {isRunning && <ReplayAll rows={rows} path={path} />}
        <ReplaceAll rows={rows} path={path} />
        <Standing path={path} count={mends.length} />
      </div>
      <div className="letters-body">
        <div className="letters-table">
          <DataTable
            label={t('dead-letters:title')}
            columns={columns}
            rows={rows}
            rowId={(row) => row.id}
            selectedId={letter?.id ?? null}
            onSelect={(row) => setChosen(row.id === chosen ? null : row.id)}
            empty={<p className="letters-choose">{t('dead-letters:none')}</p>}
          />
        </div>
        {letter === null ? (
          <p className="letters-choose">{rows.length > 0 && t('dead-letters:choose')}</p>
        ) : (
          <LetterEditor
            key={letter.id}
            letter={letter}
            isRunning={isRunning}
            onMend={(text) => void addMends(path, [mendWith(letter, text)])}
          />
        )}
      </div>
    </div>
  );
}

function useColumns(isRunning: boolean): readonly TableColumn<LetterRow>[] {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  return useMemo(
    (): readonly TableColumn<LetterRow>[] => [
      { id: 'source', header: t('dead-letters:source'), width: 120, value: (row) => nameOf(row.nodeId) },
      { id: 'place', header: t('dead-letters:place'), width: 150, isMono: true, value: placeOf },
      { id: 'reason', header: t('dead-letters:reason'), value: (row) => said(row.reason) },
      { id: 'raw', header: t('dead-letters:raw'), isMono: true, value: (row) => row.raw },
      {
        id: 'status',
        header: t('dead-letters:status'),
        width: 126,
        value: (row) => row.text ?? row.again,
        cell: (row) => <LetterStatus letter={row} isRunning={isRunning} />,
      },
    ],
    [t, nameOf, isRunning],
  );
}

function LetterStatus({ letter, isRunning }: { readonly letter: LetterRow; readonly isRunning: boolean }): ReactNode {
  const { t } = useTranslation();
  if (letter.text !== null)
    return <Badge tone="info">{t(isRunning ? 'dead-letters:waitsForJob' : 'dead-letters:waitsForRun')}</Badge>;
  return letter.again > 0 && <Badge tone="warning">{t('dead-letters:rejectedAgain')}</Badge>;
}

interface LettersProps {
  readonly rows: readonly LetterRow[];
  readonly path: string;
}

/** For when what refused them is mended, and for rows that were refused for another in their request. */
function ReplayAll({ rows, path }: LettersProps): ReactNode {
  const { t } = useTranslation();
  const mends = useMemo(() => replays(rows), [rows]);
  if (mends.length === 0) return null;
  return (
    <Button
      isSmall
      icon={<RotateCcw size={12} aria-hidden />}
      title={t('dead-letters:replayHelp')}
      onClick={() => void addMends(path, mends)}
    >
      {t('dead-letters:replayAll', { count: mends.length })}
    </Button>
  );
}

/** One correction for all rows that need it. */
function ReplaceAll({ rows, path }: LettersProps): ReactNode {
  const { t } = useTranslation();
  const [find, setFind] = useState('');
  const [replacement, setReplacement] = useState('');
  const mends = useMemo(() => replacements(rows, find, replacement), [rows, find, replacement]);
  return (
    <form
      className="letters-replace"
      onSubmit={(event) => {
        event.preventDefault();
        if (mends.length > 0) void addMends(path, mends);
      }}
    >
      <TextInput
        isMono
        aria-label={t('dead-letters:find')}
        placeholder={t('dead-letters:find')}
        value={find}
        onChange={setFind}
      />
      <TextInput
        isMono
        aria-label={t('dead-letters:replace')}
        placeholder={t('dead-letters:replace')}
        value={replacement}
        onChange={setReplacement}
      />
      <Button isSmall type="submit" disabled={mends.length === 0}>
        {t('dead-letters:mendAll', { count: mends.length })}
      </Button>
    </form>
  );
}

function Standing({ path, count }: { readonly path: string; readonly count: number }): ReactNode {
  const { t } = useTranslation();
  if (count === 0) return null;
  const takeBack = (): void => {
    const before = useMendsStore.getState().mends.get(path) ?? [];
    void saveMends(path, []).then(() =>
      notify('dead-letters:takenBack', {
        values: { count: before.length },
        action: { labelKey: 'dead-letters:undo', run: () => void saveMends(path, before) },
      }),
    );
  };
  return (
    <>
      <span className="letters-muted" title={t('dead-letters:standingHelp')}>
        {t('dead-letters:standing', { count })}
      </span>
      <IconButton
        label={t('dead-letters:takeBack')}
        icon={<Undo2 size={14} aria-hidden />}
        isSmall
        onClick={takeBack}
      />
    </>
  );
}

function selectDeadLetters(state: LiveState): LiveState['deadLetters'] {
  return state.deadLetters;
}

function selectTotal({ deadLetters, summary }: LiveState): number {
  return totalRejected(deadLetters.values(), summary);
}
