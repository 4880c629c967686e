// How it stands with an open store beside its records, and who is told when that changes.

export type JournalState = "written" | "failed" | "none";

export interface Told {
  /** Whether the second copy of everything saved since the unlocking could be written. */
  readonly journalState: () => JournalState;
  /** Whether the browser has promised to keep the data; null while it is being asked. */
  readonly persisted: () => boolean | null;
  /** Something that is kept here does not read: it is said instead of a screen with nothing on it. */
  readonly foundDamaged: () => void;
  readonly damaged: () => boolean;
  /** Be told of every change worth showing. Returns what ends it. */
  readonly subscribe: (listener: () => void) => () => void;
}

interface Facts {
  readonly journal: JournalState;
  readonly persisted: boolean | null;
  readonly damaged: boolean;
}

export class Condition {
  private facts: Facts;
  private readonly listeners = new Set<() => void>();

  constructor(journal: JournalState) {
    this.facts = { journal, persisted: null, damaged: false };
  }

  /** Tell everybody that something worth showing has changed. */
  readonly changed = (): void => {
    for (const listener of [...this.listeners]) listener();
  };

  set(facts: Partial<Facts>): void {
    this.facts = { ...this.facts, ...facts };
    this.changed();
  }

  /** Tell nobody any more. */
  forget(): void {
    this.listeners.clear();
  }

  told(): Told {
    return {
      journalState: () => this.facts.journal,
      persisted: () => this.facts.persisted,
      foundDamaged: () => this.set({ damaged: true }),
      damaged: () => this.facts.damaged,
      subscribe: (listener) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
    };
  }
}
