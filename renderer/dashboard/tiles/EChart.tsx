/** A chart of ECharts that fills its tile. What it shows is set as it changes; React renders nothing of it. */
import { init, use as register, type ECharts } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useLayoutEffect, useRef, type ReactNode } from 'react';
import { matchesReducedMotion } from '../reduced-motion.ts';

register([CanvasRenderer]);

/** Those on screen; of more than this none glides from value to value: each would be drawn anew in every frame. */
const inSight = new Set<ECharts>();
const MOST_GLIDING = 16;

interface EChartProps {
  /** What can be seen in it, for those who do not see it. */
  readonly label: string;
  readonly option: object;
  /** Series, axes and all else that `option` leaves out goes. */
  readonly replaces?: boolean;
}

export function EChart({ label, option, replaces = false }: EChartProps): ReactNode {
  const container = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const wanted = useRef<(() => void) | null>(null);
  useLayoutEffect(() => {
    const element = container.current!;
    const made = init(element, null, { useDirtyRect: false });
    chart.current = made;
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(element);
    // Of fifty tiles only those on screen are drawn.
    const sight = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting !== true) inSight.delete(made);
      else {
        inSight.add(made);
        wanted.current?.();
      }
    });
    sight.observe(element);
    return () => {
      observer.disconnect();
      sight.disconnect();
      inSight.delete(made);
      made.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    wanted.current = () => {
      const animation = !matchesReducedMotion() && inSight.size <= MOST_GLIDING;
      chart.current?.setOption({ animation, useUTC: true, ...option }, { notMerge: replaces, lazyUpdate: true });
      wanted.current = null;
    };
    if (chart.current !== null && inSight.has(chart.current)) wanted.current();
  }, [option, replaces]);

  return <div ref={container} className="wall-chart" role="img" aria-label={label} />;
}
