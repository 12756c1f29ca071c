/** contract.md §3. */
export const EXIT = { ok: 0, failed: 1, usage: 2, invalid: 3, interrupted: 130 } as const;
