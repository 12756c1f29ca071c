/** What is known of the streams on a node's ports, inputs beside outputs. */
import { Clock3, Pencil } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnalyzedNode } from '../../runtime/compiler/validate.ts';
import { nodeId, type NodeId } from '../../runtime/core/ids.ts';
import type { StreamShape } from '../../runtime/core/schema.ts';
import { printDataType, type Field } from '../../runtime/core/types.ts';
import { openDialog } from '../stores/dialog-store.ts';
import { Tooltip } from '../ui/Tooltip.tsx';
import { join } from '../ui/Button.tsx';
import { droppedFields, leavingChange, type FieldChange } from './field-changes.ts';

interface SchemaSidesProps {
  readonly nodeId: NodeId;
  readonly info: AnalyzedNode;
  /** Name of the field that carries event time on each side, where one is known. */
  readonly eventTimeField: string | null;
}

export function SchemaSides({ nodeId: id, info, eventTimeField }: SchemaSidesProps): ReactNode {
  const { t } = useTranslation();
  const before = new Map(info.inputs.flatMap(({ shape }) => shape.schema.fields.map((field) => [field.name, field])));
  const dropped = droppedFields(info);
  const isSource = info.ports.inputs.length === 0;
  const isSink = info.ports.outputs.length === 0;
  return (
    <div className={join('inspector-schemas', (isSource || isSink) && 'inspector-schemas-one')}>
      {!isSource && (
        <section aria-label={t('inspector:schema.in')}>
          <h3>{t('inspector:schema.in')}</h3>
          {info.ports.inputs.map((port) => {
            const shapes = info.inputs.filter((input) => input.port === port.name);
            const edge = info.edges.find((one) => one.toPort === port.name);
            return (
              <PortSchema
                key={port.name}
                name={info.ports.inputs.length > 1 ? port.name : null}
                // All edges into one port carry the same fields.
                shape={shapes[0]?.shape ?? null}
                writer={edge === undefined ? null : { nodeId: edge.from, port: edge.fromPort }}
                missing={t('inspector:schema.notConnected')}
                eventTimeField={eventTimeField}
                changeOf={(field) => (dropped.has(field.name) ? { kind: 'dropped' } : null)}
              />
            );
          })}
        </section>
      )}
      {!isSink && (
        <section aria-label={t('inspector:schema.out')}>
          <h3>{t('inspector:schema.out')}</h3>
          {info.ports.outputs.map((port) => (
            <PortSchema
              key={port.name}
              name={info.ports.outputs.length > 1 ? port.name : null}
              shape={info.outputs[port.name] ?? null}
              writer={{ nodeId: id, port: port.name }}
              missing={t('inspector:schema.unknown')}
              eventTimeField={eventTimeField}
              {...(isSource ? {} : { changeOf: (field) => leavingChange(field, before.get(field.name)) })}
            />
          ))}
        </section>
      )}
    </div>
  );
}

interface PortSchemaProps {
  /** Null: the only port, which needs no name. */
  readonly name: string | null;
  readonly shape: StreamShape | null;
  /** The output port whose rows these are; null: nothing is connected. */
  readonly writer: { readonly nodeId: string; readonly port: string } | null;
  /** Said where the shape is not known. */
  readonly missing: string;
  readonly eventTimeField: string | null;
  readonly changeOf?: (field: Field) => FieldChange | null;
}

export function PortSchema({ name, shape, writer, missing, eventTimeField, changeOf }: PortSchemaProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="inspector-port">
      {name !== null && <h4>{name}</h4>}
      {shape === null ? (
        <p className="inspector-nothing">{missing}</p>
      ) : (
        <>
          <ul className="inspector-schema-fields">
            {shape.schema.fields.map((field) => (
              <FieldLine
                key={field.name}
                field={field}
                isEventTime={shape.eventTime && field.name === eventTimeField}
                change={changeOf?.(field) ?? null}
                onRename={
                  writer === null
                    ? null
                    : () =>
                        openDialog({
                          type: 'rename-field',
                          field: { nodeId: nodeId(writer.nodeId), port: writer.port, field: field.name },
                        })
                }
              />
            ))}
          </ul>
          <p className="inspector-traits">
            {[
              shape.eventTime ? t('inspector:schema.eventTime') : t('inspector:schema.noEventTime'),
              shape.changelog === 'update' ? t('inspector:schema.updates') : t('inspector:schema.append'),
              shape.bounded ? t('inspector:schema.bounded') : t('inspector:schema.unbounded'),
            ].join(' · ')}
          </p>
        </>
      )}
    </div>
  );
}

interface FieldLineProps {
  readonly field: Field;
  readonly isEventTime: boolean;
  readonly change: FieldChange | null;
  readonly onRename: (() => void) | null;
}

function FieldLine({ field, isEventTime, change, onRename }: FieldLineProps): ReactNode {
  const { t } = useTranslation();
  return (
    <li
      className={join(change !== null && `inspector-field-${change.kind}`)}
      onDoubleClick={() => onRename?.()}
      onKeyDown={(event) => {
        if (event.key === 'F2') onRename?.();
      }}
    >
      <span className="inspector-field-name" title={field.name}>
        {field.name}
      </span>{' '}
      <span className="inspector-type">{printDataType(field.type)}</span>
      {field.nullable && (
        <Tooltip text={t('inspector:schema.nullable')}>
          <span className="inspector-nullable" role="img" aria-label={t('inspector:schema.nullable')}>
            ?
          </span>
        </Tooltip>
      )}
      {isEventTime && (
        <Tooltip text={t('inspector:schema.eventTimeField')}>
          <span className="inspector-clock" role="img" aria-label={t('inspector:schema.eventTimeField')}>
            <Clock3 size={11} aria-hidden />
          </span>
        </Tooltip>
      )}
      {change !== null && <ChangeMark change={change} />}
      {onRename !== null && (
        <Tooltip text={t('rename:hint')}>
          <button
            type="button"
            className="inspector-field-rename"
            aria-label={t('rename:of', { field: field.name })}
            onClick={onRename}
          >
            <Pencil size={11} aria-hidden />
          </button>
        </Tooltip>
      )}
    </li>
  );
}

function ChangeMark({ change }: { readonly change: FieldChange }): ReactNode {
  const { t } = useTranslation();
  const mark = <span className="inspector-change">{t(`inspector:schema.${change.kind}`)}</span>;
  if (change.kind === 'dropped') {
    // The name is struck through; the word would not fit beside a long one.
    return (
      <Tooltip text={t('inspector:schema.dropped')}>
        <span className="inspector-change" role="img" aria-label={t('inspector:schema.dropped')}>
          −
        </span>
      </Tooltip>
    );
  }
  if (change.kind !== 'changed') return mark;
  const was = `${printDataType(change.before.type)}${change.before.nullable ? ' ?' : ''}`;
  return <Tooltip text={t('inspector:schema.was', { type: was })}>{mark}</Tooltip>;
}
