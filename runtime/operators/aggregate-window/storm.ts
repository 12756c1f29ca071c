/** Window aggregates as bolts of Storm. */
import type { OutputPort, Remark, StormClass, StormInput, Unsupported } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { countRemarks, aggregatesMethod } from '../shared/storm/aggregates.ts';
import { listOf, names } from '../shared/storm/java.ts';
import { needsInserts } from '../shared/storm/remarks.ts';
import { milliseconds, windowsText } from '../shared/storm/windows.ts';
import { firesEarly, type AggregateWindowConfig } from './spec.ts';
import { isCountWindow } from './window-config.ts';

export function stormWindowAggregate(
  config: AggregateWindowConfig,
  inputs: readonly StormInput[],
  outputs: Readonly<Record<string, OutputPort>>,
): StormClass | Unsupported {
  const { groupBy, window, aggregates, allowedLateness } = config;
  const problem = needsInserts(inputs, say`aggregates windows of rows that stay`);
  if (problem !== null) return problem;
  const fields = names(outputs.out!.schema);
  const common = {
    members: [aggregatesMethod(aggregates, inputs[0]!.schema)],
    isStateful: true,
    remarks: [...remarksOf(config), ...countRemarks(aggregates)],
  };
  if (isCountWindow(window)) {
    if (window.type === 'count') {
      const sizes = [window.size, window.slide ?? window.size].map((size) => `${size}L`);
      return { ...common, base: 'CountWindowBolt', args: [...sizes, listOf(groupBy), ...fields] };
    }
    const { count, purge } = window.trigger;
    const sizes = [purge ? `${count}L` : 'Long.MAX_VALUE', `${count}L`];
    return { ...common, base: 'CountWindowBolt', args: [...sizes, listOf(groupBy), ...fields] };
  }
  if (window.type === 'session') {
    if (window.time === 'processing') {
      return { unsupported: say`has sessions of the clock, which the library of the export has not: go by event time` };
    }
    return { ...common, base: 'SessionBolt', args: [milliseconds(window.gap), listOf(groupBy), ...fields] };
  }
  const setup = [
    ...(window.time === 'processing' ? ['useClock();'] : []),
    ...(allowedLateness > 0 && window.time === 'event' ? [`allowLateness(${milliseconds(allowedLateness)});`] : []),
  ];
  return { ...common, base: 'WindowBolt', args: [windowsText(window), listOf(groupBy), ...fields], setup };
}

function remarksOf(config: AggregateWindowConfig): readonly Remark[] {
  const { window, allowedLateness } = config;
  const remarks: Remark[] = [];
  if (!isCountWindow(window) && window.time === 'processing') {
    remarks.push({
      fidelity: 'approximate',
      text: say`Which window a row is in depends on when it comes; windows end with a tick, once a second.`,
    });
  }
  if (window.type === 'session' && allowedLateness > 0) {
    remarks.push({ fidelity: 'approximate', text: say`A session gives its result once: rows that are late do not change it any more.` }); // prettier-ignore
  }
  if (firesEarly(config)) {
    remarks.push({ fidelity: 'approximate', text: say`Results come at the end of a window only, none before it.` });
  }
  return remarks;
}
