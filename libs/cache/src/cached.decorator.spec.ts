import { ManualClock } from '@app/clock/testing';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Cached } from './cached.decorator.js';
import { CacheService } from './cache.service.js';
import { MemoryCacheStore, MemoryInvalidationLog } from './memory/index.js';
import { cacheParts } from './testing/index.js';

@Injectable()
class Library {
  calls: string[] = [];

  @Cached({ namespace: 'books', tags: (id: string) => [`book:${id}`], key: (id: string) => id })
  async book(id: string, _reader = 'anyone'): Promise<{ id: string; edition: number } | undefined> {
    this.calls.push(id);
    return id === 'none' ? undefined : { id, edition: this.calls.length };
  }

  @Cached({ namespace: 'shelves', tags: ['shelves'], ttlMs: 1000 })
  async shelf(floor: number, room: string): Promise<string> {
    this.calls.push(`${floor}${room}`);
    if (room === 'cellar') throw new Error('flooded');
    return `${floor}${room}`;
  }
}

@Module({})
class LibraryModule {}

describe('@Cached', () => {
  let clock: ManualClock;
  let cache: CacheService;
  let library: Library;
  beforeEach(async () => {
    clock = new ManualClock();
    const log = new MemoryInvalidationLog();
    const store = new MemoryCacheStore(clock, { maxMemoryBytes: 4_000_000 }, log);
    cache = cacheParts({ store, log, clock }).cache;
    const providers = [Library, { provide: CacheService, useValue: cache }];
    const context = await NestFactory.createApplicationContext({ module: LibraryModule, providers }, { logger: false });
    library = context.get(Library);
  });

  it('calls the method once for the same key', async () => {
    expect(await library.book('a')).toEqual({ id: 'a', edition: 1 });
    expect(await library.book('a', 'somebody')).toEqual({ id: 'a', edition: 1 });
    expect(await library.book('b')).toEqual({ id: 'b', edition: 2 });
    expect(library.calls).toEqual(['a', 'b']);
  });

  it('takes the arguments for the key where none is given', async () => {
    await library.shelf(1, 'east');
    await library.shelf(1, 'east');
    await library.shelf(1, 'west');
    await library.shelf(2, 'east');
    expect(library.calls).toEqual(['1east', '1west', '2east']);
  });

  it('calls it again after an invalidation of its tags, and only then', async () => {
    await library.book('a');
    await library.book('b');
    await cache.invalidate('book:a');
    expect(await library.book('a')).toEqual({ id: 'a', edition: 3 });
    expect(await library.book('b')).toEqual({ id: 'b', edition: 2 });
    await cache.clear('books');
    expect(await library.book('b')).toEqual({ id: 'b', edition: 4 });
  });

  it('calls it again when its time is over', async () => {
    await library.shelf(1, 'east');
    clock.advance(1000);
    await library.shelf(1, 'east');
    await new Promise((resolve) => setImmediate(resolve));
    expect(library.calls).toEqual(['1east', '1east']);
  });

  it('remembers that there is nothing', async () => {
    expect(await library.book('none')).toBeUndefined();
    expect(await library.book('none')).toBeUndefined();
    expect(library.calls).toEqual(['none']);
  });

  it('passes on what the method throws', async () => {
    await expect(library.shelf(0, 'cellar')).rejects.toThrow('flooded');
  });

  it('gives an object that nobody can change under another', async () => {
    const book = (await library.book('a')) as { edition: number };
    expect(() => (book.edition = 9)).toThrow(TypeError);
  });
});
