/** Colours of a dashboard, by theme: of the wall it hangs on, not of the editor. CSS finds them as `--wall-…`, charts here. */
import type { CSSProperties } from 'react';
import type { DashboardTheme } from '../../runtime/graph/index.ts';

export interface WallColors {
  readonly ground: string;
  readonly groundGlow: string;
  readonly tile: string;
  readonly tileEdge: string;
  readonly tileShadow: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly good: string;
  readonly warn: string;
  readonly bad: string;
  /** From and to, of large numbers. */
  readonly number: readonly [string, string];
  /** Of series, in turn. */
  readonly series: readonly string[];
  /** Of maps, from little to much. */
  readonly scale: readonly [string, string];
  /** Text on the strong end of `scale`, and the share of it from which on it can be read there better than the other. */
  readonly onScale: string;
  readonly onScaleFrom: number;
}

export const WALL_THEMES: Readonly<Record<DashboardTheme, WallColors>> = {
  dark: {
    ground: '#070d1c',
    groundGlow: '#10264a',
    tile: 'linear-gradient(180deg, rgb(22 38 72 / 62%), rgb(13 23 46 / 66%))',
    tileEdge: 'rgb(104 154 255 / 17%)',
    tileShadow: '0 calc(var(--u) * 8) calc(var(--u) * 30) rgb(0 0 0 / 30%)',
    text: '#eaf2ff',
    muted: '#93a7c9',
    line: 'rgb(130 165 225 / 16%)',
    good: '#3ddc97',
    warn: '#f7b84b',
    bad: '#ff6b6b',
    number: ['#ffffff', '#7fd8ff'],
    series: ['#38c6f4', '#8b7bff', '#3ddc97', '#f7b84b', '#ff7eb6', '#5b8def', '#2fd3c4', '#ff9466'],
    scale: ['#15305c', '#27c2f2'],
    onScale: '#04121f',
    onScaleFrom: 0.55,
  },
  light: {
    ground: '#eef2f8',
    groundGlow: '#ffffff',
    tile: 'linear-gradient(180deg, #ffffff, #fbfcff)',
    tileEdge: 'rgb(40 70 120 / 10%)',
    tileShadow:
      '0 calc(var(--u) * 2) calc(var(--u) * 6) rgb(30 50 90 / 6%), 0 calc(var(--u) * 10) calc(var(--u) * 34) rgb(30 50 90 / 8%)',
    text: '#12203a',
    muted: '#566581',
    line: 'rgb(40 70 120 / 13%)',
    good: '#14804f',
    warn: '#9a6200',
    bad: '#c8322b',
    number: ['#12305f', '#0a6fa5'],
    series: ['#0a7fc2', '#6a55e0', '#12936a', '#d08a10', '#c94a8c', '#3a63c9', '#0b8f88', '#d2622c'],
    scale: ['#dbe8f7', '#0a6fb4'],
    onScale: '#ffffff',
    onScaleFrom: 0.82,
  },
  contrast: {
    ground: '#000000',
    groundGlow: '#000000',
    tile: '#000000',
    tileEdge: '#ffffff',
    tileShadow: 'none',
    text: '#ffffff',
    muted: '#e6e6e6',
    line: 'rgb(255 255 255 / 26%)',
    good: '#5dff9b',
    warn: '#ffd60a',
    bad: '#ff7b72',
    number: ['#ffffff', '#ffffff'],
    series: ['#4cc9ff', '#ffd60a', '#5dff9b', '#ff9ff3', '#ffffff', '#ff9f43', '#a29bff', '#00ffd5'],
    scale: ['#1c1c1c', '#ffd60a'],
    onScale: '#000000',
    onScaleFrom: 0.55,
  },
};

/** As properties of the dashboard's element. */
export function wallStyle(theme: DashboardTheme): CSSProperties {
  const { number, series, scale, onScaleFrom: _, ...plain } = WALL_THEMES[theme];
  const named = Object.entries(plain).map(([name, color]) => [cssName(name), color]);
  const listed = series.map((color, i) => [`--wall-series-${i + 1}`, color]);
  return Object.fromEntries([
    ...named,
    ...listed,
    ['--wall-number-from', number[0]],
    ['--wall-number-to', number[1]],
    ['--wall-scale-from', scale[0]],
    ['--wall-scale-to', scale[1]],
  ]) as CSSProperties;
}

/** `groundGlow` → `--wall-ground-glow`. */
function cssName(name: string): string {
  return `--wall-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
