/** `work` for the newest value only: what comes while it is under way replaces what waits. Resolves when nothing waits any more. */
export function latestOnly<T>(work: (value: T) => Promise<void>): (value: T) => Promise<void> {
  let waiting: { readonly value: T } | null = null;
  let underWay: Promise<void> | null = null;
  const workOff = async (): Promise<void> => {
    try {
      while (waiting !== null) {
        const { value }: { readonly value: T } = waiting;
        waiting = null;
        await work(value);
      }
    } finally {
      underWay = null;
    }
  };
  return (value) => {
    waiting = { value };
    underWay ??= workOff();
    return underWay;
  };
}
