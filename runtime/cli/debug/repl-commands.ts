/** The commands of the dialogue. */
import type { NodeId } from '../../core/ids.ts';
import type {
  BreakpointRequest,
  DebugPlanInfo,
  DebugRow,
  DebugSessionApi,
  DebugStop,
  RowEdit,
  StepTarget,
} from '../../protocol/debug.ts';
import { hitsOf } from './client-breakpoints.ts';
import {
  describeHop,
  describeRow,
  lines,
  nodesText,
  queuesText,
  stateText,
  watermarksText,
  whyText,
} from './repl-texts.ts';
import { describeStep, EVENT_FORMS, parseEvent } from './words.ts';

interface Command {
  /** The first is shown, the others are short for it. */
  readonly names: readonly string[];
  readonly usage: string;
  readonly help: string;
  /** `rest`: the line behind the name. */
  run(rest: string): Promise<string>;
}

export class Dialogue {
  readonly #session: DebugSessionApi;
  #plan: DebugPlanInfo;
  #breakpoints: BreakpointRequest[] = [];
  /** Ids of those that are disabled. */
  readonly #off = new Set<string>();
  #lastId = 0;
  /** Repeated by an empty line. */
  #again = '';
  readonly #commands: readonly Command[];

  constructor(session: DebugSessionApi, plan: DebugPlanInfo) {
    this.#session = session;
    this.#plan = plan;
    this.#commands = [...this.#moves(), ...this.#stops(), ...this.#looks(), ...this.#changes()];
  }

  /** Of the commands, short ones left out. */
  get names(): readonly string[] {
    return [...this.#commands.map(({ names: [name] }) => name!), 'help'].sort();
  }

  /** Null: the dialogue is over. */
  async answer(line: string): Promise<string | null> {
    const text = line.trim() === '' ? this.#again : line.trim();
    if (text === '') return '';
    const [word = ''] = text.split(/\s+/);
    const rest = text.slice(word.length).trim();
    if (word === 'quit' || word === 'q') return null;
    if (word === 'help' || word === 'h') return this.#help();
    const command = this.#commands.find(({ names }) => names.includes(word));
    if (command === undefined) return `There is no command "${word}": help lists them.`;
    this.#again = text;
    try {
      return await command.run(rest);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #help(): string {
    const rows = [
      ...this.#commands.map(({ names, usage, help }) => [
        `${names.join(', ')}${usage === '' ? '' : ` ${usage}`}`,
        help,
      ]),
      ['quit, q', 'ends the session'],
      ['(an empty line)', 'repeats the last command'],
    ];
    const width = Math.max(...rows.map(([head]) => head!.length));
    return rows.map(([head, help]) => `${head!.padEnd(width)}  ${help}`).join('\n');
  }

  #moves(): readonly Command[] {
    const step = (names: readonly string[], to: StepTarget['to'], help: string, hasNode = false): Command => ({
      names,
      usage: hasNode ? '[NODE] [TIMES]' : '[TIMES]',
      help,
      run: (rest) => {
        const [times = 1] = rest
          .split(/\s+/)
          .filter((one) => /^\d+$/.test(one))
          .map(Number);
        const node = rest.split(/\s+/).find((one) => one !== '' && !/^\d+$/.test(one));
        const target = { to, ...(node === undefined || !hasNode ? {} : { nodeId: node as NodeId }) } as StepTarget;
        return this.#stopped(this.#session.step(target, times));
      },
    });
    const go = (names: readonly string[], help: string, move: () => Promise<DebugStop>): Command => ({
      names,
      usage: '',
      help,
      run: () => this.#stopped(move()),
    });
    return [
      go(['continue', 'c'], 'runs to a breakpoint, an error or the end', () => this.#session.resume()),
      step(['step', 's'], 'into', 'the next thing that an operator does'),
      step(['next', 'n'], 'over', 'past all that the current row leads to'),
      step(['out', 'o'], 'out', 'past all that the row before it leads to'),
      step(['row'], 'row', 'to the next row that is handled', true),
      step(['batch'], 'batch', 'to the next batch that a source reads'),
      step(['watermark'], 'watermark', 'to the next watermark', true),
      step(['firing'], 'firing', 'to the next firing', true),
      step(['timer'], 'timer', 'to the next timer', true),
      step(['barrier'], 'barrier', 'to the next barrier', true),
      step(['checkpoint'], 'checkpoint', 'to the next complete checkpoint'),
      {
        names: ['back', 'b'],
        usage: '[TIMES]',
        help: 'a step back',
        run: (rest) => this.#stopped(this.#session.stepBack(Number(rest) || 1)),
      },
      go(['reverse', 'r'], 'back to the breakpoint before, or to the start', () => this.#session.reverse()),
      {
        names: ['jump', 'j'],
        usage: 'MOMENT',
        help: 'to any moment so far',
        run: (rest) => this.#stopped(this.#session.jump(Number(rest))),
      },
      {
        names: ['checkpoints'],
        usage: '',
        help: 'lists the moments that are gone back to at once',
        run: async () => (await this.#session.timeline(0, 1, 1)).checkpoints.join(' '),
      },
      go(['save'], 'takes a checkpoint here', () => this.#session.checkpoint()),
      {
        names: ['restart'],
        usage: '[PARALLELISM]',
        help: 'from the start, with the same input',
        run: (rest) => this.#stopped(this.#session.restart(rest === '' ? {} : { parallelism: Number(rest) })),
      },
    ];
  }

  #stops(): readonly Command[] {
    const add = (mode: 'enabled' | 'log') => async (rest: string) => {
      const [, where = '', condition, count, message] =
        /^(.*?)(?:\s+if\s+(.*?))?(?:\s+hit\s+((?:>=?|=+|%)?\s*\d+))?(?:\s*:\s*(.*))?$/.exec(rest)!;
      const place = parseEvent(where);
      if (typeof place === 'string') return place;
      const hits = hitsOf(count ?? '');
      this.#breakpoints.push({
        id: String(++this.#lastId),
        place,
        mode,
        ...(condition === undefined ? {} : { condition }),
        ...(hits === null ? {} : { hits }),
        ...(message === undefined || mode !== 'log' ? {} : { message }),
      });
      return this.#listBreakpoints();
    };
    const turn = (name: 'disable' | 'enable', help: string): Command => ({
      names: [name],
      usage: '[NUMBER]',
      help,
      run: (rest) => {
        for (const { id } of this.#breakpoints) {
          if (rest !== '' && id !== rest) continue;
          if (name === 'disable') this.#off.add(id);
          else this.#off.delete(id);
        }
        return this.#listBreakpoints();
      },
    });
    return [
      {
        names: ['break'],
        usage: 'PLACE [if CONDITION] [hit COUNT]',
        help: `stops at ${EVENT_FORMS}; COUNT as >= 5, == 5, % 5`,
        run: add('enabled'),
      },
      {
        names: ['log'],
        usage: 'PLACE [if CONDITION] [hit COUNT] [: TEXT]',
        help: 'says {expression} of the row, and goes on',
        run: add('log'),
      },
      {
        names: ['delete'],
        usage: '[NUMBER]',
        help: 'takes a breakpoint away, or all',
        run: (rest) => {
          this.#breakpoints = rest === '' ? [] : this.#breakpoints.filter(({ id }) => id !== rest);
          return this.#listBreakpoints();
        },
      },
      turn('disable', 'keeps a breakpoint, or all, but does not stop there'),
      turn('enable', 'stops there again'),
      { names: ['breakpoints'], usage: '', help: 'lists them', run: () => this.#listBreakpoints() },
    ];
  }

  #looks(): readonly Command[] {
    return [
      { names: ['nodes'], usage: '', help: 'lists the operators', run: async () => nodesText(this.#plan) },
      {
        names: ['why', 'w'],
        usage: '',
        help: 'what the next step does with its row, and why',
        run: () => whyText(this.#session),
      },
      {
        names: ['print', 'p'],
        usage: 'EXPRESSION',
        help: 'its value, and those of its parts, on the row at hand',
        run: async (rest) => {
          const parts = await this.#session.evaluate({ expression: rest });
          return parts.map(({ text, value, error }) => `${text} = ${error ?? JSON.stringify(value)}`).join('\n');
        },
      },
      {
        names: ['queues'],
        usage: '',
        help: 'what waits between operators, next first',
        run: () => queuesText(this.#session, this.#plan),
      },
      {
        names: ['state'],
        usage: 'NODE [KEY]',
        help: 'keyed state, of keys that begin so',
        run: (rest) => {
          const [node = '', ...key] = rest.split(/\s+/);
          return stateText(this.#session, node as NodeId, key);
        },
      },
      {
        names: ['watermarks'],
        usage: '',
        help: 'of every operator, and who holds it back',
        run: () => watermarksText(this.#session),
      },
      {
        names: ['rows'],
        usage: 'NODE [COUNT]',
        help: 'the last rows that it was given',
        run: async (rest) => {
          const [node = '', count = '10'] = rest.split(/\s+/);
          return lines((await this.#session.rowsInto(node as NodeId, Number(count))).map(describeRow));
        },
      },
      {
        names: ['lineage', 'l'],
        usage: 'ROW [forward]',
        help: 'the rows that a row was made of, or that were made of it',
        run: async (rest) => {
          const [row = '', way] = rest.split(/\s+/);
          const direction = way === 'forward' ? 'forward' : 'backward';
          const { hops, exactness, omitted } = await this.#session.lineage(Number(row), direction);
          const end = omitted > 0 ? [`… and ${omitted} more`] : [];
          return lines([
            ...hops.map(describeHop),
            ...end,
            exactness === 'exact' ? '' : 'More rows than needed may be among them.',
          ]);
        },
      },
    ];
  }

  #changes(): readonly Command[] {
    return [
      {
        names: ['set'],
        usage: 'FIELD JSON',
        help: 'changes the row that is about to be handled',
        run: async (rest) => {
          const [name = ''] = rest.split(/\s+/);
          return this.#stopped(this.#setField(name, rest.slice(name.length).trim()));
        },
      },
      {
        names: ['drop'],
        usage: '',
        help: 'takes the row out that is about to be handled',
        run: async () => this.#stopped(this.#session.dropElement((await this.#atHand()).place)),
      },
      {
        names: ['write'],
        usage: 'SINK',
        help: 'writes what a sink was given so far; nothing is written otherwise',
        run: async (rest) => `${(await this.#session.writeSink(rest as NodeId)).rows} rows written`,
      },
      {
        names: ['record'],
        usage: 'NODE FILE',
        help: 'writes what a node gave to a file, which debug --recording NODE=FILE starts from',
        run: async (rest) => {
          const [node = '', file = ''] = rest.split(/\s+/);
          if (file === '') return 'Say which node, and where to: record NODE FILE.';
          return `${(await this.#session.record(node as NodeId, file)).rows} rows recorded`;
        },
      },
      {
        names: ['inject'],
        usage: 'EDGE JSON',
        help: 'puts a row into an edge (its number in queues), {"values": […], "eventTime": ms}, or {"watermark": ms}',
        run: (rest) => {
          const [edge = ''] = rest.split(/\s+/);
          const what = JSON.parse(rest.slice(edge.length)) as RowEdit | { readonly watermark: number };
          return this.#stopped(
            'watermark' in what
              ? this.#session.injectWatermark(Number(edge), what.watermark)
              : this.#session.injectRow(Number(edge), what),
          );
        },
      },
    ];
  }

  async #stopped(moving: Promise<DebugStop>): Promise<string> {
    const { moment, reason, breakpoints, next, path } = await moving;
    this.#plan = await this.#session.plan();
    const why = reason === 'breakpoint' ? `breakpoint ${breakpoints.join(', ')}` : reason;
    const way = path.slice(1).map(({ nodeId, id }) => `${nodeId} ${id}`);
    return lines([`${moment} (${why}): ${describeStep(next)}`, way.length === 0 ? '' : `  from ${way.join(' ← ')}`]);
  }

  async #listBreakpoints(): Promise<string> {
    const breakpoints = this.#breakpoints.map((one) =>
      this.#off.has(one.id) ? { ...one, mode: 'disabled' as const } : one,
    );
    const states = await this.#session.setBreakpoints(breakpoints);
    if (states.length === 0) return 'no breakpoints';
    return lines(
      states.map(({ id, problem, hits }, i) => {
        const { place, mode, condition, hits: wanted } = breakpoints[i]!;
        const { type, ...where } = place;
        const at = Object.values(where)
          .filter((one) => one !== null)
          .join('.');
        return `${id}: ${WORDS[mode]}${type} ${at === '' ? 'anywhere' : at}${condition === undefined ? '' : ` if ${condition}`}${wanted === undefined ? '' : `, ${wanted.type} hit ${wanted.n}`}, ${problem ?? `hit ${hits} times`}`;
      }),
    );
  }

  /** The row that is about to be handled, and where it waits. */
  async #atHand(): Promise<{ row: DebugRow; place: Parameters<DebugSessionApi['dropElement']>[0] }> {
    const step = (await this.#session.explain())?.step ?? null;
    const row = step?.row ?? null;
    for (const { link, fromSubtask, toSubtask, elements } of await this.#session.queues()) {
      const index = elements.findIndex((one) => one.type === 'row' && one.row.id === row?.id);
      if (row !== null && index >= 0 && this.#plan.links[link]?.to === step?.nodeId)
        return { row, place: { link, fromSubtask, toSubtask, index } };
    }
    throw new Error('No row is about to be handled.');
  }

  async #setField(name: string, json: string): Promise<DebugStop> {
    const { row, place } = await this.#atHand();
    const fields = this.#plan.operators
      .find(({ nodeId }) => nodeId === row.nodeId)!
      .outputs.find((port) => port.name === row.port)!.fields;
    const at = fields.findIndex((field) => field.name === name);
    if (at < 0)
      throw new Error(`The row has no field "${name}": it has ${fields.map((field) => field.name).join(', ')}.`);
    return this.#session.editRow(place, {
      values: row.values.map((old, i) => (i === at ? (JSON.parse(json) as unknown) : old)),
    });
  }
}

const WORDS = { enabled: '', disabled: 'off: ', log: 'logs at ' } as const;
