/** Where rows of a case can come from and be looked at. */
import { useMemo } from 'react';
import { nodeId, type NodeId } from '../../runtime/core/ids.ts';
import { isSink } from '../../runtime/core/operator.ts';
import type { StreamShape } from '../../runtime/core/schema.ts';
import { STRING, type DataType } from '../../runtime/core/types.ts';
import type { AnalyzedNode, Validation } from '../../runtime/compiler/validate.ts';
import { CHANGE_KEY, DEFAULT_OUTPUT, TIME_KEY } from '../../runtime/graph/index.ts';
import { useNodeNames } from '../run/node-name.ts';
import { useValidation } from '../stores/validation-store.ts';

export interface Place {
  readonly node: NodeId;
  /** Null: what comes to a sink. */
  readonly port: string | null;
  readonly shape: StreamShape | null;
  /** Rows have an event time that none of their fields holds. */
  readonly asksTime: boolean;
}

/** A column of a grid of rows. */
export interface RowColumn {
  readonly name: string;
  readonly type: DataType;
  /** Shown in place of the type of `CHANGE_KEY` and `TIME_KEY`. */
  readonly isExtra: boolean;
}

export function placeKey({ node, port }: Pick<Place, 'node' | 'port'>): string {
  return port === null ? node : `${node}.${port}`;
}

/** All output ports, those of sources first. */
export function outputPlaces(nodes: Validation['nodes']): readonly Place[] {
  const all = [...nodes].flatMap(([node, one]) =>
    one.ports.outputs.map(({ name }) => ({
      isSource: one.ports.inputs.length === 0,
      place: portPlace(node, one, name),
    })),
  );
  return [...all.filter(({ isSource }) => isSource), ...all.filter(({ isSource }) => !isSource)].map(
    ({ place }) => place,
  );
}

/** Sinks first, then all output ports. */
export function expectedPlaces(nodes: Validation['nodes']): readonly Place[] {
  const sinks = [...nodes].flatMap(([node, one]): Place[] =>
    one.spec !== null && isSink(one)
      ? [{ node, port: null, shape: one.inputs[0]?.shape ?? null, asksTime: false }]
      : [],
  );
  const outputs = outputPlaces(nodes).map((place) => ({ ...place, asksTime: false }));
  return [...sinks, ...outputs];
}

function portPlace(node: NodeId, { outputs, traits }: AnalyzedNode, port: string): Place {
  const shape = outputs[port] ?? null;
  return { node, port, shape, asksTime: shape?.eventTime === true && (traits?.rowTime ?? null) === null };
}

/** Fields, and what rows hold beside them. */
export function columnsOf(
  place: Place | null,
  rows: readonly Readonly<Record<string, unknown>>[],
): readonly RowColumn[] {
  const fields = place?.shape?.schema.fields ?? [];
  const hasKey = (key: string): boolean => rows.some((row) => row[key] !== undefined);
  const extra = (name: string): RowColumn => ({ name, type: STRING, isExtra: true });
  const known = new Set(fields.map(({ name }) => name));
  // Cells of fields that are not there (any more) stay in sight.
  const strangers = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter(
    (name) => !known.has(name) && name !== CHANGE_KEY && name !== TIME_KEY,
  );
  return [
    ...(place?.shape?.changelog === 'update' || hasKey(CHANGE_KEY) ? [extra(CHANGE_KEY)] : []),
    ...fields.map(({ name, type }) => ({ name, type, isExtra: false })),
    ...strangers.map((name) => ({ name, type: STRING, isExtra: false })),
    ...(place?.asksTime === true || hasKey(TIME_KEY) ? [extra(TIME_KEY)] : []),
  ];
}

export interface PlaceChoices {
  readonly options: readonly { readonly value: string; readonly label: string }[];
  find(node: string, port: string | null | undefined): Place | null;
  at(key: string): Place | null;
}

const NO_NODES: Validation['nodes'] = new Map();

export function usePlaces(kind: 'inputs' | 'expected'): PlaceChoices {
  const nodes = useValidation()?.nodes ?? NO_NODES;
  const nameOf = useNodeNames();
  return useMemo(() => {
    const places = kind === 'inputs' ? outputPlaces(nodes) : expectedPlaces(nodes);
    const byKey = new Map(places.map((place) => [placeKey(place), place]));
    const label = ({ node, port }: Place): string =>
      port === null || port === DEFAULT_OUTPUT ? nameOf(node) : `${nameOf(node)} · ${port}`;
    return {
      options: places.map((place) => ({ value: placeKey(place), label: label(place) })),
      find: (node, port) =>
        byKey.get(placeKey({ node: nodeId(node), port: port ?? DEFAULT_OUTPUT })) ?? byKey.get(node) ?? null,
      at: (key) => byKey.get(key) ?? null,
    };
  }, [nodes, kind, nameOf]);
}
