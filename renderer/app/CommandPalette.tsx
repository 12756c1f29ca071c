import { Command as Cmdk } from 'cmdk';
import { FileText } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { findSpec } from '../../runtime/operators/catalog.ts';
import { nodeName } from '../canvas/canvas-actions.ts';
import { documentName, openDocument } from '../files/document-files.ts';
import { useFileList } from '../files/file-list.ts';
import { usePipeline } from '../stores/document-store.ts';
import { reveal, setCentreMode, setCommandPaletteOpen, useViewStore } from '../stores/view-store.ts';
import { OperatorIcon } from '../ui/OperatorIcon.tsx';
import { groupCommands, isCommandEnabled, useCommandStore, type Command } from './commands.ts';
import { printShortcut } from './shortcuts.ts';

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
          <Cmdk label={t('app:commands.palette')} loop>
            <Cmdk.Input className="command-input" placeholder={t('app:palette.placeholder')} />
            <Cmdk.List className="command-list">
              <Cmdk.Empty className="command-empty">{t('app:palette.none')}</Cmdk.Empty>
              <Commands />
              <Nodes />
              <Files />
            </Cmdk.List>
          </Cmdk>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Closes first, so that what is run finds the focus where it was. */
function choose(action: () => void): void {
  setCommandPaletteOpen(false);
  setTimeout(action, 0);
}

function Commands(): ReactNode {
  const { t } = useTranslation();
  const commands = useCommandStore((state) => state.commands);
  const groups = groupCommands([...commands.values()].filter(isCommandEnabled));
  return [...groups].map(([groupKey, group]) => (
    <Cmdk.Group key={groupKey} heading={t(groupKey)}>
      {group.map((command) => (
        <CommandItem key={command.id} command={command} group={t(groupKey)} />
      ))}
    </Cmdk.Group>
  ));
}

function CommandItem({ command, group }: { readonly command: Command; readonly group: string }): ReactNode {
  const { t } = useTranslation();
  const title = t(command.titleKey);
  const Icon = command.icon;
  return (
    <Cmdk.Item
      className="command-item"
      value={`${title} ${group} ${command.id}`}
      onSelect={() => choose(() => void command.run())}
    >
      <span className="ui-menu-icon">{Icon !== undefined && <Icon size={15} aria-hidden />}</span>
      <span className="ui-menu-label">{title}</span>
      {command.shortcuts?.[0] !== undefined && <kbd className="ui-kbd">{printShortcut(command.shortcuts[0])}</kbd>}
    </Cmdk.Item>
  );
}

function Nodes(): ReactNode {
  const { t } = useTranslation();
  const document = usePipeline();
  if (document === null || document.nodes.length === 0) return null;
  return (
    <Cmdk.Group heading={t('app:palette.nodes')}>
      {document.nodes.map((node) => (
        <Cmdk.Item
          key={node.id}
          className="command-item"
          value={`${nodeName(document, node.id)} ${node.id} ${node.type}`}
          onSelect={() =>
            choose(() => {
              setCentreMode('graph');
              reveal({ nodeId: node.id });
            })
          }
        >
          <OperatorIcon type={node.type} category={findSpec(node.type)?.category ?? null} size={18} />
          <span className="ui-menu-label">{nodeName(document, node.id)}</span>
          <small>{node.type}</small>
        </Cmdk.Item>
      ))}
    </Cmdk.Group>
  );
}

function Files(): ReactNode {
  const { t } = useTranslation();
  const files = useFileList((state) => state.files);
  const pipelines = files?.filter((file) => file.isPipeline) ?? [];
  if (pipelines.length === 0) return null;
  return (
    <Cmdk.Group heading={t('app:palette.files')}>
      {pipelines.map(({ path }) => (
        <Cmdk.Item
          key={path}
          className="command-item"
          value={path}
          onSelect={() => choose(() => void openDocument(path))}
        >
          <span className="ui-menu-icon">
            <FileText size={15} aria-hidden />
          </span>
          <span className="ui-menu-label">{documentName(path)}</span>
          <small>{path}</small>
        </Cmdk.Item>
      ))}
    </Cmdk.Group>
  );
}
