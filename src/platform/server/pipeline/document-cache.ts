import { createHash } from 'node:crypto';
import type { DocumentNode } from 'graphql';

interface Entry {
  readonly source: string;
  readonly hash: string;
  readonly document: DocumentNode;
}

/**
 * Valid documents, least recently used first, for both transports: validating costs several times what executing does.
 * Bounded by number and by the length of the sources, because a document of few tokens can hold long strings.
 */
export class DocumentCache {
  private readonly bySource = new Map<string, Entry>();
  private readonly byHash = new Map<string, Entry>();
  private characters = 0;

  constructor(private readonly maxDocuments = 2_000, private readonly maxCharacters = 16_000_000) {}

  find(source: string): DocumentNode | undefined {
    const entry = this.bySource.get(source);
    if (!entry) return undefined;
    this.bySource.delete(source);
    this.bySource.set(source, entry);
    return entry.document;
  }

  add(source: string, document: DocumentNode): void {
    const entry = { source, document, hash: createHash('sha256').update(source).digest('hex') };
    this.bySource.set(source, entry);
    this.byHash.set(entry.hash, entry);
    this.characters += source.length;
    while (this.bySource.size > this.maxDocuments || this.characters > this.maxCharacters) this.dropOldest();
  }

  private dropOldest(): void {
    const [oldest] = this.bySource.values();
    if (!oldest) return;
    this.bySource.delete(oldest.source);
    this.byHash.delete(oldest.hash);
    this.characters -= oldest.source.length;
  }

  /** The HTTP server's own look-up, by "schema:sha256" of the source. */
  async get(key: string): Promise<DocumentNode | undefined> {
    return this.byHash.get(key.slice(key.indexOf(':') + 1))?.document;
  }

  /** The HTTP server stores what it validated itself; everything it sees was added by the pipeline before. */
  async set(): Promise<void> {}

  async delete(): Promise<boolean> {
    return false;
  }
}
