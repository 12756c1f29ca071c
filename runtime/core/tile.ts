/** What a sink shows on a dashboard: told by its spec (`OperatorSpec.tile`), drawn by the app. Names are fields of the rows it keeps. */
export interface Tile {
  /** null: the node's label. */
  readonly title: string | null;
  /** Stands behind values: `¥`, `orders/min`. */
  readonly unit: string | null;
  /** Digits behind the point; null: as the value has them. */
  readonly decimals: number | null;
  readonly view: TileView;
}

export type TileView =
  /** The latest value, how far it is from `compareWith`, and how it came to be. */
  | {
      readonly kind: 'number';
      readonly value: string;
      readonly compareWith: string | null;
      readonly sparkline: boolean;
    }
  /** `time` null: the event time. `series`: a line for each of its values; needs a single field in `values`. */
  | {
      readonly kind: 'line';
      readonly time: string | null;
      readonly values: readonly string[];
      readonly series: string | null;
      readonly area: boolean;
    }
  | { readonly kind: 'bar'; readonly category: string; readonly value: string; readonly top: number }
  | { readonly kind: 'pie'; readonly category: string; readonly value: string; readonly top: number }
  /** `columns` empty: all fields. Sorted from the greatest `sortBy` down; null: the newest first. */
  | {
      readonly kind: 'table';
      readonly key: readonly string[];
      readonly columns: readonly string[];
      readonly sortBy: string | null;
      readonly top: number;
    }
  | {
      readonly kind: 'gauge';
      readonly value: string;
      readonly min: number;
      readonly max: number;
      /** From where on a value is a warning, an alarm; when `alarmAt` is below `warnAt`, small values are the bad ones. */
      readonly warnAt: number | null;
      readonly alarmAt: number | null;
    }
  /** `province`: its name in Chinese or English, its two letters (`GD`) or its GB/T 2260 code (`44`, `440000`). */
  | { readonly kind: 'china'; readonly province: string; readonly value: string }
  /** Points in degrees; `key`: fields that tell points apart. */
  | {
      readonly kind: 'world';
      readonly longitude: string;
      readonly latitude: string;
      readonly value: string | null;
      readonly label: string | null;
      readonly key: readonly string[];
    };

export type TileKind = TileView['kind'];
export type TileViewOf<K extends TileKind> = Extract<TileView, { readonly kind: K }>;
