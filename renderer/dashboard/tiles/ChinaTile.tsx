import { useMemo, type CSSProperties, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { currentLanguage } from '../../app/i18n/index.ts';
import { formatNumber, formatShort } from '../number-format.ts';
import type { TileRows } from '../tile-rows.ts';
import { findProvince, PROVINCES, type Province } from './china-provinces.ts';
import type { TileProps } from './tile-props.ts';

export function ChinaTile({ view, tile, rows, colors }: TileProps<'china'>): ReactNode {
  const { t } = useTranslation();
  const { values, unknown } = useMemo(() => valuesByProvince(rows, view), [rows, view]);
  const largest = Math.max(...values.values(), Number.MIN_VALUE);
  const isChinese = currentLanguage() === 'zh-CN';
  const nameOf = ({ chinese, english }: Province): string => (isChinese ? chinese : english);
  return (
    <div className="wall-china">
      <ul>
        {PROVINCES.map((province) => {
          const value = values.get(province.code);
          // The root keeps small values apart beside a few large ones.
          const share = value === undefined ? 0 : Math.sqrt(Math.max(0, value) / largest);
          const style = { '--column': province.column, '--row': province.row, '--share': share } as CSSProperties;
          const text = value === undefined ? nameOf(province) : `${nameOf(province)}: ${formatNumber(value, tile)}`;
          const strength = share > colors.onScaleFrom ? 'is-strong' : value === undefined ? 'is-empty' : '';
          return (
            <li key={province.code} style={style} className={strength} aria-label={text} title={text}>
              <b>{isChinese ? province.chinese : province.letters}</b>
              {value !== undefined && <span>{formatShort(value, tile)}</span>}
            </li>
          );
        })}
      </ul>
      <p className="wall-china-scale" aria-hidden>
        <span>0</span>
        <i />
        <span>{formatShort(values.size === 0 ? 0 : largest, tile)}</span>
        {unknown.length > 0 && <em>{t('dashboard:unknownProvinces', { names: unknown.slice(0, 3).join(', ') })}</em>}
      </p>
    </div>
  );
}

/** Sums by code; names that are no province's apart. */
export function valuesByProvince(
  rows: TileRows,
  view: { readonly province: string; readonly value: string },
): { readonly values: ReadonlyMap<string, number>; readonly unknown: readonly string[] } {
  const values = new Map<string, number>();
  const unknown: string[] = [];
  for (let row = 0; row < rows.length; row++) {
    const name = rows.text(row, view.province);
    const province = findProvince(name);
    if (province === null) unknown.push(name);
    else values.set(province.code, (values.get(province.code) ?? 0) + (rows.number(row, view.value) ?? 0));
  }
  return { values, unknown };
}
