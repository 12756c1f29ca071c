/** Where each checkpoint goes. A barrier may come from another thread before the job manager's word of it: then it is waited for. */
export class AwaitedLocations {
  readonly #known = new Map<number, string>();
  readonly #waiting = new Map<number, ((location: string) => void)[]>();

  set(checkpointId: number, location: string): void {
    for (const id of this.#known.keys()) if (id < checkpointId - 1) this.#known.delete(id);
    this.#known.set(checkpointId, location);
    for (const resolve of this.#waiting.get(checkpointId) ?? []) resolve(location);
    this.#waiting.delete(checkpointId);
  }

  async get(checkpointId: number): Promise<string> {
    const known = this.#known.get(checkpointId);
    if (known !== undefined) return known;
    return new Promise((resolve) => {
      this.#waiting.set(checkpointId, [...(this.#waiting.get(checkpointId) ?? []), resolve]);
    });
  }
}
