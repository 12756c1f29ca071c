/** What is known of the streams on a node's ports, inputs beside outputs. */
import { Clock3 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnalyzedNode } from '../../runtime/compiler/validate.ts';
import type { StreamShape } from '../../runtime/core/schema.ts';
import { printDataType, sameType, type Field } from '../../runtime/core/types.ts';
import { Tooltip } from '../ui/Tooltip.tsx';
import { join } from '../ui/Button.tsx';

interface SchemaSidesProps {
  readonly info: AnalyzedNode;
  /** Name of the field that carries event time on each side, where one is known. */
  readonly eventTimeField: string | null;
}

export function SchemaSides({ info, eventTimeField }: SchemaSidesProps): ReactNode {
  const { t } = useTranslation();
  const before = new Map(info.inputs.flatMap(({ shape }) => shape.schema.fields.map((field) => [field.name, field])));
  const isSource = info.ports.inputs.length === 0;
  const isSink = info.ports.outputs.length === 0;
  return (
    <div className={join('inspector-schemas', (isSource || isSink) && 'inspector-schemas-one')}>
      {!isSource && (
        <section aria-label={t('inspector:schema.in')}>
          <h3>{t('inspector:schema.in')}</h3>
          {info.ports.inputs.map((port) => {
            const shapes = info.inputs.filter((input) => input.port === port.name);
            return (
              <PortSchema
                key={port.name}
                name={info.ports.inputs.length > 1 ? port.name : null}
                // All edges into one port carry the same fields.
                shape={shapes[0]?.shape ?? null}
                missing={t('inspector:schema.notConnected')}
                eventTimeField={eventTimeField}
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
              missing={t('inspector:schema.unknown')}
              eventTimeField={eventTimeField}
              {...(isSource ? {} : { before })}
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
  /** Said where the shape is not known. */
  readonly missing: string;
  readonly eventTimeField: string | null;
  /** Fields that came in, by name: others are marked. */
  readonly before?: ReadonlyMap<string, Field>;
}

export function PortSchema({ name, shape, missing, eventTimeField, before }: PortSchemaProps): ReactNode {
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
                change={before === undefined ? null : changeOf(field, before.get(field.name))}
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

type FieldChange = 'new' | 'changed' | null;

function changeOf(field: Field, before: Field | undefined): FieldChange {
  if (before === undefined) return 'new';
  return sameType(field.type, before.type) && field.nullable === before.nullable ? null : 'changed';
}

interface FieldLineProps {
  readonly field: Field;
  readonly isEventTime: boolean;
  readonly change: FieldChange;
}

function FieldLine({ field, isEventTime, change }: FieldLineProps): ReactNode {
  const { t } = useTranslation();
  return (
    <li className={join(change !== null && 'inspector-field-changed')}>
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
      {change !== null && <span className="inspector-change">{t(`inspector:schema.${change}`)}</span>}
    </li>
  );
}
