import { z } from 'zod';
import type { NodeId } from '../../runtime/core/ids.ts';

/** Of a node, as a page may send it and a file hold it. */
export const nodeId = z.custom<NodeId>((value) => typeof value === 'string' && value.length <= 1000);
