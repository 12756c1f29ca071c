import type { Exporter } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { joinFacts, joinQuery, LEFT, plainTable, RIGHT, sidesOf } from '../shared/flink-sql/joins.ts';
import { ttlProblem, withTtlHint } from '../shared/flink-sql/select.ts';
import { ttlsOf, type JoinStreamConfig } from './spec.ts';
import { sparkJoin, sparkSides } from '../shared/spark/joins.ts';
import { batchOnly, ttlRemarks } from '../shared/spark/remarks.ts';
import { names } from '../shared/storm/java.ts';
import { joinArgs, joinMembers } from '../shared/storm/joins.ts';
import { ttlRemark } from '../shared/storm/remarks.ts';

export const joinStreamExport: Exporter<JoinStreamConfig> = {
  facts: joinFacts,
  flink(config, inputs) {
    const { left, right } = ttlsOf(config);
    const sides = sidesOf(inputs);
    const parts = { left: plainTable(sides.left, LEFT), right: plainTable(sides.right, RIGHT) };
    const problem = ttlProblem(sides.left, left, right);
    if (problem !== null) return problem;
    const query = joinQuery(config, sides, parts);
    // The hint goes by what the query calls its tables.
    return 'unsupported' in query
      ? query
      : { ...query, select: withTtlHint(query.select, { [LEFT]: left, [RIGHT]: right }) };
  },
  spark(config, inputs, _output, { mode }) {
    if (mode === 'streaming' && config.kind !== 'inner') {
      return batchOnly(say`gives rows without a match, and takes them back when one comes`);
    }
    const { left, right } = ttlsOf(config);
    return { ...sparkJoin(config, sparkSides(inputs), {}), remarks: mode === 'batch' ? [] : ttlRemarks(left, right) };
  },
  storm: (config, inputs, outputs) => ({
    base: 'StreamJoinBolt',
    args: [...joinArgs(config, inputs), ...names(outputs.out!.schema)],
    members: joinMembers(config, inputs),
    isStateful: true,
    remarks: ttlRemark([config.stateTtl, config.leftStateTtl, config.rightStateTtl]),
  }),
};
