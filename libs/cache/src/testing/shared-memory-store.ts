import { MemoryCacheStore } from '../memory/index.js';

/** What several instances share: the same maps, seen as a store that others write to as well. */
export class SharedMemoryStore extends MemoryCacheStore {
  override readonly shared = true as never;
}
