/** The dashboard of a document: where its tiles are and how it looks. What a tile shows is its node's config. */
import { z } from 'zod';
import type { NodeId } from '../core/ids.ts';

/** Columns of the grid; rows are as high as the screen allows. */
export const DASHBOARD_COLUMNS = 24;

export const DASHBOARD_THEMES = ['dark', 'light', 'contrast'] as const;
export type DashboardTheme = (typeof DASHBOARD_THEMES)[number];

/** In cells of the grid, from its upper left. */
export interface TilePlace {
  readonly node: NodeId;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Dashboard {
  readonly theme: DashboardTheme;
  /** Nodes that are not among them are placed below. */
  readonly tiles: readonly TilePlace[];
}

const column = z.int().min(0).max(DASHBOARD_COLUMNS);

export function dashboardSchema(node: z.ZodType<NodeId, string>) {
  const place = z.strictObject({
    node,
    x: column,
    y: z.int().min(0).max(1000),
    w: column.min(1),
    h: z.int().min(1).max(1000),
  });
  return z.strictObject({
    theme: z.enum(DASHBOARD_THEMES).default('dark'),
    tiles: z.array(place).default([]),
  });
}

export const DEFAULT_DASHBOARD: Dashboard = { theme: 'dark', tiles: [] };
