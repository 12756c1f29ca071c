/**
 * Random pipelines: sources, operators on what is there so far, and a sink on every loose end. Each stream is drawn with what can be
 * said of it, so that most results can be compared: which rows are late must not depend on the interleaving, unless only totals are
 * compared.
 */
import type { Draw } from './draw.ts';
import { drawAggregates, drawCondition, drawWindow, generatorFields, type DrawnField } from './draw-config.ts';
import { drawJoin, joinedFields } from './draw-join.ts';
import { drawLines, SOURCE_FIELDS } from './draw-input.ts';
import type { CaseDocument, CaseEdge, CaseNode } from './simulation-case.ts';
import { BASE_FOLDER } from './simulation-case.ts';

/** An output that something may be connected to. */
interface Stream {
  readonly from: string;
  readonly fromPort: string;
  readonly fields: readonly DrawnField[];
  /** See `ReferenceStream`. */
  readonly clock: 'exact' | 'timely' | 'unknown';
  readonly isOrdered: boolean;
  readonly hasEventTime: boolean;
  /** Its times may be NULL: outer joins make them so. */
  readonly mayLackTimes?: boolean;
}

export interface DrawnPipeline {
  readonly document: CaseDocument;
  readonly files: Readonly<Record<string, readonly string[]>>;
}

/** Longer than any input lasts: no row is that late. */
const ALL_TIME_MS = 10_000_000;

export function drawPipeline(draw: Draw): DrawnPipeline {
  return new PipelineDraw(draw).draw();
}

function drawCheckpointSettings(draw: Draw): Record<string, unknown> {
  return draw.weighted<Record<string, unknown>>([
    [2, {}],
    [4, { alignment: 'unaligned' }],
    [2, { alignment: 'unaligned', alignedTimeoutMs: draw.pick([1, 10, 100, 1000]) }],
    [0.4, { mode: 'at-least-once' }],
  ]);
}

class PipelineDraw {
  readonly #draw: Draw;
  readonly #nodes: CaseNode[] = [];
  readonly #edges: CaseEdge[] = [];
  readonly #files: Record<string, readonly string[]> = {};
  #open: Stream[] = [];

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  draw(): DrawnPipeline {
    const draw = this.#draw;
    const sources = draw.weighted([
      [5, 1],
      [3, 2],
      [1, 3],
    ]);
    for (let i = 0; i < sources; i++) this.#open.push(...this.#source());
    for (let left = draw.integer(1, 5); left > 0 && this.#open.length > 0; left--) this.#grow();
    for (const stream of this.#open) this.#sink(stream);
    const settings = {
      parallelism: draw.integer(1, 4),
      batchRows: draw.weighted([
        [3, 1],
        [2, draw.integer(2, 10)],
        [2, 2048],
        [1, draw.integer(11, 300)],
      ]),
      bufferTimeoutMs: draw.pick([0, 1, 10, 100, 5000]),
      // Not drawn, nor is `alignment` below: the cases of all seeds stay what they are.
      latencyTargetMs: this.#nodes.length % 2 === 0 ? 1 : 1000,
      checkpoint: drawCheckpointSettings(draw),
    };
    const document: CaseDocument = {
      format: 'millrace/pipeline',
      version: 1,
      name: 'simulation',
      settings,
      nodes: this.#nodes,
      edges: this.#edges,
    };
    return { document, files: this.#files };
  }

  #node(
    type: string,
    config: Record<string, unknown>,
    inputs: readonly Stream[],
    parallelism: number | null,
    toPorts: readonly string[] | null = null,
  ): string {
    const id = `${type.replaceAll('.', '_')}_${this.#nodes.length + 1}`;
    this.#nodes.push({ id, type, ...(parallelism === null ? {} : { parallelism }), config });
    inputs.forEach(({ from, fromPort }, i) => {
      this.#edges.push({ from, fromPort, to: id, ...(toPorts === null ? {} : { toPort: toPorts[i]! }) });
    });
    return id;
  }

  /** That of the job, or its own. */
  #anyParallelism(): number | null {
    return this.#draw.chance(0.4) ? null : this.#draw.integer(1, 4);
  }

  // Sources

  #source(): readonly Stream[] {
    const draw = this.#draw;
    const kind = draw.weighted([
      // Rows and watermarks in an order that is known, so that late rows are known too.
      [3, 'exact'],
      [6, 'timely'],
      [2, 'unknown'],
    ] as const);
    const disorderMs = draw.pick([1, 500, 3000, 8000]);
    const isExact = kind === 'exact';
    const eventTime = {
      field: 'ts',
      maxOutOfOrdernessMs: kind === 'timely' ? disorderMs : draw.integer(0, disorderMs),
      perRow: isExact || draw.chance(0.3),
    };
    const parallelism = isExact ? 1 : this.#anyParallelism();
    const isOrdered = isExact;
    const rows = draw.weighted([
      [8, draw.integer(0, 30)],
      [3, draw.integer(30, 80)],
      [0.4, draw.integer(200, 500)],
    ]);
    // Few rows may come slowly.
    const rowsPerSecond = draw.weighted([
      [1, null],
      [rows > 40 ? 0 : 1, draw.integer(10, 60)],
      [2, draw.integer(200, 3000)],
    ]);
    const stream = { fields: [...SOURCE_FIELDS], clock: kind, isOrdered, hasEventTime: true };
    const idleTimeoutMs = kind === 'unknown' && draw.chance(0.5) ? draw.integer(1, 300) : 0;
    const alignment = rows % 3 === 0 ? null : { group: 'all', maxDriftMs: disorderMs };
    if (draw.chance(0.35)) {
      const config = {
        rows,
        ...(rowsPerSecond === null ? {} : { rowsPerSecond }),
        fields: generatorFields(draw, disorderMs),
        eventTime: { ...eventTime, idleTimeoutMs, alignment },
      };
      const from = this.#node('source.generator', config, [], parallelism);
      return [{ ...stream, from, fromPort: 'out' }];
    }
    const folder = `in${this.#nodes.length + 1}`;
    const format = draw.pick(['csv', 'jsonl'] as const);
    const hasBadLines = format === 'csv' && draw.chance(0.2);
    const files = isExact ? 1 : draw.integer(1, 4);
    for (let i = 0; i < files; i++) {
      const options = {
        rows: Math.ceil(rows / files),
        format,
        disorderMs,
        driftMs: draw.integer(1, 2000),
        hasBadLines,
      };
      this.#files[`${BASE_FOLDER}/${folder}/${i}.${format}`] = drawLines(draw, options);
    }
    const config = {
      path: draw.pick([folder, `${folder}/*.${format}`]),
      format,
      schema: SOURCE_FIELDS,
      ...(rowsPerSecond === null ? {} : { rowsPerSecond }),
      onError: hasBadLines ? 'reject' : 'fail',
      eventTime: { ...eventTime, idleTimeoutMs, alignment },
    };
    const from = this.#node('source.file', config, [], parallelism);
    if (hasBadLines) this.#rejected(from);
    return [{ ...stream, from, fromPort: 'out' }];
  }

  /** Where a line was, to a sink; why it was rejected is for the reader to word. */
  #rejected(source: string): void {
    const fields = ['file', 'line', 'raw'].map((name) => ({ as: name, expr: name }));
    const input: Stream = {
      from: source,
      fromPort: 'rejected',
      fields: [],
      clock: 'unknown',
      isOrdered: false,
      hasEventTime: false,
    };
    const from = this.#node('project', { fields }, [input], this.#anyParallelism());
    this.#sink({ ...input, from, fromPort: 'out' });
  }

  // Operators

  #grow(): void {
    const draw = this.#draw;
    const input = draw.pick(this.#open);
    // Sometimes several operators read one stream.
    if (!draw.chance(0.2)) this.#open = this.#open.filter((stream) => stream !== input);
    const made = draw.weighted<(input: Stream) => readonly Stream[]>([
      [2, (from) => this.#filter(from)],
      [2, (from) => this.#project(from)],
      [2, (from) => this.#route(from)],
      [2, (from) => this.#union(from)],
      [1, (from) => this.#unnest(from)],
      [1, (from) => this.#watermark(from)],
      [5, (from) => this.#window(from)],
      [4, (from) => this.#join(from)],
      [1, (from) => this.#dedup(from)],
      [2, (from) => this.#over(from)],
    ])(input);
    this.#open.push(...made);
  }

  /** An operator on rows one by one; what is in order stays so in a single subtask. */
  #rowWise(type: string, config: Record<string, unknown>, input: Stream): Omit<Stream, 'fromPort'> {
    const keepsOrder = input.clock === 'exact' || (input.isOrdered && this.#draw.chance(0.7));
    const from = this.#node(type, config, [input], keepsOrder ? 1 : this.#anyParallelism());
    return { ...input, from, isOrdered: keepsOrder };
  }

  #filter(input: Stream): readonly Stream[] {
    return [
      { ...this.#rowWise('filter', { condition: drawCondition(this.#draw, input.fields) }, input), fromPort: 'out' },
    ];
  }

  #project(input: Stream): readonly Stream[] {
    const draw = this.#draw;
    const whole = input.fields.filter(({ type }) => type === 'INT' || type === 'BIGINT');
    if (whole.length > 0 && draw.chance(0.5)) {
      const { name, type } = draw.pick(whole);
      const as = draw.pick([name, `${name}_twice`]);
      if (input.fields.some((f) => f.name === as && as !== name)) return [input];
      const config = { fields: [{ as, expr: `${name} * 2` }], keepAll: true };
      const fields = as === name ? input.fields : [...input.fields, { name: as, type }];
      return [{ ...this.#rowWise('project', config, input), fields, fromPort: 'out' }];
    }
    const kept = draw.some(input.fields);
    const config = { fields: kept.map(({ name }) => ({ as: name, expr: name })) };
    return [{ ...this.#rowWise('project', config, input), fields: kept, fromPort: 'out' }];
  }

  #route(input: Stream): readonly Stream[] {
    const draw = this.#draw;
    const ports = ['one', 'two', 'three'].slice(0, draw.integer(1, 3));
    const cases = ports.map((port) => ({ port, condition: drawCondition(draw, input.fields) }));
    const made = this.#rowWise('route', { cases }, input);
    return [...ports, 'otherwise'].map((fromPort) => ({ ...made, fromPort }));
  }

  #union(input: Stream): readonly Stream[] {
    const key = (stream: Stream): string => JSON.stringify(stream.fields);
    const others = this.#open.filter((stream) => stream !== input && key(stream) === key(input));
    if (others.length === 0) return [input];
    const chosen = this.#draw.some(others);
    this.#open = this.#open.filter((stream) => !chosen.includes(stream));
    const inputs = [input, ...chosen];
    const from = this.#node('union', {}, inputs, this.#anyParallelism());
    // Late rows of an ordered input may come at any time among those of others.
    const clock = inputs.every((stream) => stream.clock === 'timely') ? 'timely' : 'unknown';
    const hasEventTime = inputs.every((stream) => stream.hasEventTime);
    return [{ ...input, from, fromPort: 'out', isOrdered: false, clock, hasEventTime }];
  }

  #unnest(input: Stream): readonly Stream[] {
    if (!input.fields.some(({ name }) => name === 'tags') || input.fields.some(({ name }) => name === 'tag'))
      return [input];
    const config = { expr: "SPLIT(tags, '|')", as: 'tag', outer: this.#draw.chance(0.5) };
    const fields = [...input.fields, { name: 'tag', type: 'STRING' }];
    return [{ ...this.#rowWise('unnest', config, input), fields, fromPort: 'out' }];
  }

  #watermark(input: Stream): readonly Stream[] {
    const draw = this.#draw;
    const time = input.fields.find(({ name }) => name === 'ts' || name === 'window_end');
    if (time === undefined || input.mayLackTimes === true) return [input];
    const eventTime = { field: time.name, maxOutOfOrdernessMs: ALL_TIME_MS, perRow: draw.chance(0.3) };
    if (!input.isOrdered) {
      const from = this.#node('watermark', { eventTime }, [input], this.#anyParallelism());
      return [{ ...input, from, fromPort: 'out', clock: 'timely', hasEventTime: true }];
    }
    const exact = { ...eventTime, maxOutOfOrdernessMs: draw.integer(0, 5000), perRow: true };
    const from = this.#node('watermark', { eventTime: exact }, [input], 1);
    return [{ ...input, from, fromPort: 'out', clock: 'exact', hasEventTime: true }];
  }

  #window(input: Stream): readonly Stream[] {
    const draw = this.#draw;
    const keys = input.fields.filter(({ name }) => name === 'k' || name === 'tag').map(({ name }) => name);
    const canFire = input.hasEventTime && input.clock !== 'unknown';
    if (input.fields.some(({ name }) => name === 'window_start')) {
      // Their names are taken: look at the results of the windows before as rows like others.
      if (!canFire) return [input];
    }
    if (!canFire || draw.chance(0.2)) return this.#totals(input, keys);
    const groupBy = draw.chance(0.1) || keys.length === 0 ? [] : draw.some(keys);
    const mayFireLate = input.clock === 'exact' && draw.chance(0.5);
    const aggregates = drawAggregates(draw, input.fields, input.isOrdered, groupBy);
    const config = {
      groupBy,
      window: drawWindow(draw, 'event'),
      aggregates: aggregates.map(({ type: _type, ...aggregate }) => aggregate),
      allowedLateness: `${mayFireLate || draw.chance(0.2) ? draw.integer(1, 8000) : 0} milliseconds`,
    };
    const from = this.#node('aggregate.window', config, [input], this.#anyParallelism());
    const results: Stream = {
      from,
      fromPort: 'out',
      fields: [
        ...groupBy.map((name) => ({ name, type: 'STRING' })),
        { name: 'window_start', type: 'TIMESTAMP' },
        { name: 'window_end', type: 'TIMESTAMP' },
        ...aggregates.map(({ as, type }) => ({ name: as, type })),
      ],
      clock: mayFireLate ? 'unknown' : 'timely',
      isOrdered: false,
      hasEventTime: true,
    };
    if (!draw.chance(0.4)) return [results];
    return [results, { ...input, from, fromPort: 'late', clock: 'unknown', isOrdered: false }];
  }

  /** A window whose results depend on the interleaving: they go to sinks at once, and only their totals are compared. */
  #totals(input: Stream, keys: readonly string[]): readonly Stream[] {
    const draw = this.#draw;
    const time = input.hasEventTime && draw.chance(0.5) ? 'event' : 'processing';
    const groupBy = keys.length === 0 ? [] : draw.some(keys);
    const config = {
      groupBy,
      window: drawWindow(draw, time, time === 'event'),
      aggregates: [{ as: 'n', fn: 'COUNT', expr: '*' }],
    };
    if (input.fields.some(({ name }) => name === 'n' || name.startsWith('window_'))) return [input];
    const from = this.#node('aggregate.window', config, [input], this.#anyParallelism());
    const loose: Stream = { ...input, from, fromPort: 'out', clock: 'unknown', isOrdered: false };
    this.#sink(loose, 'jsonl');
    this.#sink({ ...loose, fromPort: 'late' }, 'jsonl');
    return [];
  }

  /** Two streams; what is late goes to a sink. */
  #join(left: Stream): readonly Stream[] {
    const draw = this.#draw;
    const right = draw.pick([left, ...this.#open.filter((stream) => stream !== left)]);
    const keys = left.fields.filter(
      ({ name, type }) =>
        (type === 'STRING' || type === 'INT') && right.fields.some((f) => f.name === name && f.type === type),
    );
    const fields = joinedFields(left.fields, right.fields);
    if (keys.length === 0 || fields === null) return [left];
    const canWait = [left, right].every((stream) => stream.hasEventTime && stream.clock !== 'unknown');
    const config = drawJoin(draw, keys, canWait);
    this.#open = this.#open.filter((stream) => stream !== right || draw.chance(0.2));
    const from = this.#node(config.type, config.config, [left, right], this.#anyParallelism(), ['left', 'right']);
    const joined: Stream = {
      from,
      fromPort: 'out',
      fields: config.adds === null ? fields : [...fields, ...config.adds],
      clock: canWait && config.isTimed ? 'timely' : 'unknown',
      isOrdered: false,
      hasEventTime: config.isTimed,
      mayLackTimes: true,
    };
    return [joined];
  }

  #dedup(input: Stream): readonly Stream[] {
    const draw = this.#draw;
    const names = input.fields.filter(({ type }) => type === 'STRING' || type === 'INT').map(({ name }) => name);
    const isByEventTime = input.hasEventTime && input.clock !== 'unknown' && draw.chance(0.7);
    if (names.length === 0) return [input];
    const config = { keys: draw.some(names), keep: 'first', time: isByEventTime ? 'event' : 'processing' };
    if (config.keys.length === 0) return [input];
    const from = this.#node('dedup', config, [input], this.#anyParallelism());
    return [{ ...input, from, fromPort: 'out', isOrdered: false, clock: isByEventTime ? 'timely' : 'unknown' }];
  }

  #over(input: Stream): readonly Stream[] {
    const draw = this.#draw;
    if (!input.hasEventTime || input.clock === 'unknown') return [input];
    const names = input.fields.filter(({ type }) => type === 'STRING' || type === 'INT').map(({ name }) => name);
    const aggregates = drawAggregates(draw, input.fields, false, []);
    const config = {
      partitionBy: names.length === 0 ? [] : draw.some(names),
      frame: draw.pick([
        { type: 'range' },
        { type: 'range', preceding: `${draw.integer(0, 9000)} milliseconds` },
        { type: 'rows', preceding: draw.integer(0, 4) },
      ]),
      aggregates: aggregates.map(({ type: _type, ...aggregate }) => aggregate),
    };
    const from = this.#node('over', config, [input], this.#anyParallelism());
    const fields = [...input.fields, ...aggregates.map(({ as, type }) => ({ name: as, type }))];
    return [{ ...input, from, fromPort: 'out', fields, isOrdered: false, clock: 'timely' }];
  }

  // Sinks

  #sink(input: Stream, only: 'jsonl' | null = null): void {
    const draw = this.#draw;
    const hasArrays = input.fields.some(({ type }) => type === 'ARRAY');
    const format = only ?? (hasArrays ? 'jsonl' : draw.pick(['csv', 'jsonl', 'parquet'] as const));
    const name = `out/${this.#nodes.length + 1}`;
    const isSingle = draw.chance(0.4);
    const config = {
      path: isSingle ? `${name}.${format}` : name,
      format,
      ...(format === 'parquet' ? { rowGroupRows: draw.integer(1, 20) } : {}),
      ...(isSingle || only !== null || draw.chance(0.6) ? {} : this.#partitions(input)),
      ...(isSingle || draw.chance(0.7)
        ? {}
        : { rolling: draw.pick([{ maxRows: draw.integer(1, 10) }, { maxBytes: draw.integer(1, 400) }]) }),
    };
    this.#node('sink.file', config, [input], this.#anyParallelism());
  }

  /** Under a name that no field has, so that all fields are in the files. */
  #partitions({ fields }: Stream): Readonly<Record<string, unknown>> {
    const scalars = fields.filter(({ type }) => type !== 'ARRAY');
    if (scalars.length === 0) return {};
    return {
      partitionBy: [{ as: 'partition', expr: this.#draw.pick(scalars).name }],
      maxOpenPartitions: this.#draw.integer(1, 4),
    };
  }
}
