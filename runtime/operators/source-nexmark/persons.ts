import { Batch } from '../../core/batch.ts';
import { columnBuilder } from '../../core/column-builder.ts';
import { Column } from '../../core/column.ts';
import { STRING, TIMESTAMP } from '../../core/types.ts';
import { FIRST_PERSON_ID } from './auction-model.ts';
import type { EventRandom } from './event-random.ts';
import { AsciiColumnBuilder } from './ascii.ts';
import type { EventRows, EventSources } from './event-rows.ts';
import { LongValues } from './long-values.ts';
import { PERSON } from './spec.ts';

const FIRST_NAMES = ['Peter', 'Paul', 'Luke', 'John', 'Saul', 'Vicky', 'Kate', 'Julie', 'Sarah', 'Deiter', 'Walter'];
const LAST_NAMES = ['Shultz', 'Abrams', 'Spencer', 'White', 'Bartels', 'Walton', 'Smith', 'Jones', 'Noris'];
const STATES = ['AZ', 'CA', 'ID', 'OR', 'WA', 'WY'];
const CITIES = [
  'Phoenix',
  'Los Angeles',
  'San Francisco',
  'Boise',
  'Portland',
  'Bend',
  'Redmond',
  'Seattle',
  'Kent',
  'Cheyenne',
];
/** Bytes of the id, to which the texts are added. */
const FIXED_BYTES = 8;

export class PersonRows implements EventRows {
  readonly #sources: EventSources;
  /** In the order of the fields. */
  readonly #builders = [
    columnBuilder(STRING),
    columnBuilder(STRING),
    columnBuilder(STRING),
    columnBuilder(STRING),
    columnBuilder(STRING),
  ];
  readonly #extra = new AsciiColumnBuilder();

  constructor(sources: EventSources) {
    this.#sources = sources;
  }

  batchOf(events: Float64Array): Batch {
    const { length } = events;
    const { config, model, random, texts } = this.#sources;
    this.#extra.start(length);
    const ids = new LongValues(length);
    const times = new Float64Array(length);
    for (let row = 0; row < length; row++) {
      const event = events[row]!;
      random.startEvent(event);
      ids.set(row, FIRST_PERSON_ID + model.latestPerson(event));
      times[row] = model.timeOf(event);
      const details = [
        `${oneOf(FIRST_NAMES, random)} ${oneOf(LAST_NAMES, random)}`,
        `${texts.words(random, 7)}@${texts.words(random, 5)}.com`,
        [0, 1, 2, 3].map(() => String(random.below(10_000)).padStart(4, '0')).join(' '),
        oneOf(CITIES, random),
        oneOf(STATES, random),
      ];
      let size = FIXED_BYTES;
      details.forEach((text, i) => {
        this.#builders[i]!.appendValue(text);
        size += text.length;
      });
      texts.appendExtra(this.#extra, random, size, config.avgPersonByteSize);
    }
    const columns = [
      ids.column(),
      ...this.#builders.map((builder) => builder.finish()),
      new Column(TIMESTAMP, length, null, times),
      this.#extra.finish(),
    ];
    return new Batch(PERSON, length, columns, times);
  }
}

function oneOf(texts: readonly string[], random: EventRandom): string {
  return texts[random.below(texts.length)]!;
}
