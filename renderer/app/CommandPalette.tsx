import { Command as Cmdk, defaultFilter } from 'cmdk';
import { FileText } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { findSpec } from '../../runtime/operators/catalog.ts';
import { nodeName } from '../run/node-name.ts';
import { documentName, openDocument } from '../files/document-files.ts';
import { useFileList } from '../files/file-list.ts';
import { usePipeline } from '../stores/document-store.ts';
import { setCommandPaletteOpen, useViewStore, revealOnCanvas } from '../stores/view-store.ts';
import { OperatorIcon } from '../ui/OperatorIcon.tsx';
import { appCommands } from './app-commands.ts';
import { groupCommands, isCommandEnabled, useCommandStore } from './commands.ts';
import { printShortcut } from './shortcuts.ts';

/** Something that can be found and chosen. */
interface Entry {
  readonly id: string;
  readonly title: string;
  /** Heading it is listed under while nothing is looked for. */
  readonly group: string;
  /** What it is found by besides its title, where that does not match. */
  readonly words: string;
  readonly icon: ReactNode;
  readonly detail?: string;
  readonly shortcut?: string | null;
  readonly run: () => void;
}

/** Every action, every node of the graph and every pipeline by name. */
export function CommandPalette(): ReactNode {
  const { t } = useTranslation();
  const isOpen = useViewStore((state) => state.isCommandPaletteOpen);
  return (
    <Dialog.Root open={isOpen} onOpenChange={setCommandPaletteOpen}>
      <Dialog.Portal>
        <Dialog.Overlay className="ui-overlay" />
        <Dialog.Content className="command-palette" aria-describedby={undefined}>
          <Dialog.Title className="ui-visually-hidden">{t('app:commands.palette')}</Dialog.Title>
          <Palette />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Grouped while nothing is looked for; then the best hits of all kinds come first. */
function Palette(): ReactNode {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const entries = [...useCommandEntries(), ...useNodeEntries(), ...useFileEntries()];
  const query = search.trim();
  return (
    <Cmdk label={t('app:commands.palette')} shouldFilter={false} loop>
      <Cmdk.Input
        className="command-input"
        placeholder={t('app:palette.placeholder')}
        value={search}
        onValueChange={setSearch}
      />
      <Cmdk.List className="command-list">
        <Cmdk.Empty className="command-empty">{t('app:palette.none')}</Cmdk.Empty>
        {query !== ''
          ? rank(entries, query).map((entry) => <Item key={entry.id} entry={entry} />)
          : [...new Set(entries.map((entry) => entry.group))].map((group) => (
              <Cmdk.Group key={group} heading={group}>
                {entries
                  .filter((entry) => entry.group === group)
                  .map((entry) => (
                    <Item key={entry.id} entry={entry} />
                  ))}
              </Cmdk.Group>
            ))}
      </Cmdk.List>
    </Cmdk>
  );
}

/** A hit outside of the title counts so much less. */
const WORDS_WEIGHT = 0.1;

function rank(entries: readonly Entry[], query: string): readonly Entry[] {
  const score = ({ title, words }: Entry): number =>
    defaultFilter(title, query) || WORDS_WEIGHT * defaultFilter(words, query);
  return entries
    .map((entry) => ({ entry, score: score(entry) }))
    .filter((one) => one.score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map((one) => one.entry);
}

function Item({ entry }: { readonly entry: Entry }): ReactNode {
  const { id, title, icon, detail, shortcut = null, run } = entry;
  const choose = (): void => {
    // Closes first, so that what is run finds the focus where it was.
    setCommandPaletteOpen(false);
    setTimeout(run, 0);
  };
  return (
    <Cmdk.Item className="command-item" value={id} onSelect={choose}>
      {icon}
      <span className="ui-menu-label">{title}</span>
      {detail !== undefined && <small>{detail}</small>}
      {shortcut !== null && <kbd className="ui-kbd">{shortcut}</kbd>}
    </Cmdk.Item>
  );
}

function useCommandEntries(): readonly Entry[] {
  const { t } = useTranslation();
  const commands = useCommandStore((state) => state.commands);
  // Registered in the order in which they get keys; listed as the menu has them, what comes with a panel behind.
  const byGroup = groupCommands([...appCommands, ...commands.values()]);
  const listed = [...byGroup].flatMap(([group]) => [...commands.values()].filter(({ groupKey }) => groupKey === group));
  return listed.filter(isCommandEnabled).map((command): Entry => {
    const Icon = command.icon;
    const group = t(command.groupKey);
    return {
      id: `command ${command.id}`,
      title: t(command.titleKey),
      group,
      words: `${group} ${command.id}`,
      icon: <span className="ui-menu-icon">{Icon !== undefined && <Icon size={15} aria-hidden />}</span>,
      shortcut: printShortcut(command.shortcuts?.[0]),
      run: () => void command.run(),
    };
  });
}

function useNodeEntries(): readonly Entry[] {
  const { t } = useTranslation();
  const document = usePipeline();
  return (document?.nodes ?? []).map(({ id, type }): Entry => ({
    id: `node ${id}`,
    title: document === null ? id : nodeName(document, id),
    group: t('app:palette.nodes'),
    words: `${id} ${type}`,
    icon: <OperatorIcon type={type} category={findSpec(type)?.category ?? null} size={18} />,
    detail: type,
    run: () => revealOnCanvas(id),
  }));
}

function useFileEntries(): readonly Entry[] {
  const { t } = useTranslation();
  const files = useFileList((state) => state.files) ?? [];
  return files
    .filter((file) => file.isPipeline)
    .map(({ path }): Entry => ({
      id: `file ${path}`,
      title: documentName(path),
      group: t('app:palette.files'),
      words: path,
      icon: (
        <span className="ui-menu-icon">
          <FileText size={15} aria-hidden />
        </span>
      ),
      detail: path,
      run: () => void openDocument(path),
    }));
}
