import type { Pending } from '../../core/operator.ts';

/** Where messages go. */
export interface Outlet {
  open(): void | Promise<void>;
  /** Not while it is `full`, but for what one batch makes. */
  send(message: string): void;
  pending(): Pending;
  /** Something has happened on the network, or a timer is due. Throws StreamError MR2111 where the other side is lost for good. */
  work(): void;
  close(): void;
}
