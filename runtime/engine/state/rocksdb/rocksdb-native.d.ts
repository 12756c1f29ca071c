/** What we use of the package, which has no types of its own. */
declare module 'rocksdb-native' {
  interface Range {
    readonly gte?: Uint8Array;
    readonly gt?: Uint8Array;
    readonly lt?: Uint8Array;
  }

  interface ReadBatch {
    get(key: Uint8Array): Promise<Uint8Array | null>;
    flush(): Promise<void>;
    destroy(): void;
  }

  interface WriteBatch {
    tryPut(key: Uint8Array, value: Uint8Array): void;
    tryDelete(key: Uint8Array): void;
    tryDeleteRange(start: Uint8Array, end: Uint8Array): void;
    flush(): Promise<void>;
    destroy(): void;
  }

  class RocksDB {
    constructor(
      folder: string,
      options: {
        readonly maxBackgroundJobs?: number;
        readonly writeBufferSize?: number;
        readonly blockCache?: boolean;
        readonly tableCacheIndexAndFilterBlocks?: boolean;
        readonly avoidFlushDuringShutdown?: boolean;
      },
    );
    ready(): Promise<void>;
    close(options: { readonly force: boolean }): Promise<void>;
    read(options: { readonly capacity: number }): ReadBatch;
    write(options: { readonly capacity: number }): WriteBatch;
    iterator(
      range: Range,
      options: { readonly limit?: number; readonly capacity: number },
    ): AsyncIterable<{ readonly key: Uint8Array; readonly value: Uint8Array }>;
    snapshot(): RocksDB;
    flush(): Promise<void>;
    /** Waits for flushes and compactions under way and starts no more; reads and writes wait until `resume`. */
    suspend(): Promise<void>;
    resume(): Promise<void>;
    getProperty(name: string): Promise<string>;
  }

  export { RocksDB as default };
}
