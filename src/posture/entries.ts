import { Change } from './change';
import { byEntry, CallChange, Cause, Condition, Entry, EntryBuilder, ModeChange } from './entry';
import { exceptionOf } from './exception';
import { identity } from './objects';

/** Collects changes: one entry for everything that one object changes in one direction. */
export class Entries {
  private readonly builders = new Map<string, EntryBuilder>();

  addMode(change: Change, cause: Cause, mode: ModeChange, condition?: Condition): void {
    this.builder(change, cause, condition?.kind).addMode(mode, cause, condition);
  }

  /** @param calls the first of them @param count how many there are, and of these how many are known to be made */
  addCalls(change: Change, cause: Cause, calls: readonly CallChange[], count: number, knownCount: number): void {
    this.builder(change, cause).addCalls(calls, count, knownCount, cause);
  }

  build(): Entry[] {
    return [...this.builders.values()]
      .map(builder => builder.build(builder.change === 'weakened' ? exceptionOf(builder.object) : undefined))
      .sort(byEntry);
  }

  private builder(change: Change, cause: Cause, kind?: Condition['kind']): EntryBuilder {
    const key = `${change} ${cause.object === undefined ? '' : identity(cause.object)} ${kind ?? ''}`;
    let builder = this.builders.get(key);
    if (builder === undefined) this.builders.set(key, builder = new EntryBuilder(change, cause, kind));
    return builder;
  }
}
