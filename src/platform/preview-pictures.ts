import { createHash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { PreviewPicture } from './preview-layout.ts'
import type { DrawingJob, Drawn } from './preview-worker.ts'

/** How many pictures are kept in memory, of about 20 kB each. */
const KEPT = 200
/** How many pictures may be waiting to be drawn; further ones are refused. */
const MOST_PENDING = 20

/** The first part of a hash: changes whenever the picture does. */
export function versionOf(picture: PreviewPicture): string {
  return createHash('sha256').update(JSON.stringify(picture)).digest('base64url').slice(0, 16)
}

/** Draws the pictures of link previews in a thread of its own, which starts with the first one; keeps the last ones. */
export class PreviewPictures {
  readonly #drawn = new Map<string, Promise<Uint8Array | null>>()
  readonly #pending = new Map<number, (png: Uint8Array | null) => void>()
  #worker: Worker | undefined
  #jobs = 0

  /** Whether the picture is in memory or being drawn, so that asking for it again costs nothing. */
  isKnown(picture: PreviewPicture): boolean {
    return this.#drawn.has(versionOf(picture))
  }

  /** Returns the PNG, or null if too many are pending or it could not be drawn. */
  async draw(picture: PreviewPicture): Promise<Uint8Array | null> {
    const version = versionOf(picture)
    const known = this.#drawn.get(version)
    if (!known && this.#pending.size >= MOST_PENDING) return null
    const drawing = known ?? this.#start(picture)
    this.#keep(version, drawing)
    const png = await drawing
    if (!png) this.#drawn.delete(version)
    return png
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate()
  }

  #start(picture: PreviewPicture): Promise<Uint8Array | null> {
    this.#worker ??= this.#createWorker()
    const worker = this.#worker
    const id = this.#jobs++
    return new Promise((resolve) => {
      this.#pending.set(id, resolve)
      worker.ref()
      worker.postMessage({ id, picture } satisfies DrawingJob)
    })
  }

  /** The pictures that were asked for last are at the end. */
  #keep(version: string, drawing: Promise<Uint8Array | null>): void {
    this.#drawn.delete(version)
    this.#drawn.set(version, drawing)
    const [oldest] = this.#drawn.keys()
    if (this.#drawn.size > KEPT && oldest) this.#drawn.delete(oldest)
  }

  #createWorker(): Worker {
    const worker = new Worker(new URL('./preview-worker.ts', import.meta.url))
    worker.on('message', ({ id, png }: Drawn) => this.#settle(id, png))
    worker.on('error', () => this.#forget())
    worker.on('exit', () => this.#forget())
    return worker
  }

  #settle(id: number, png: Uint8Array | null): void {
    this.#pending.get(id)?.(png)
    this.#pending.delete(id)
    // An idle thread does not keep the process alive.
    if (this.#pending.size === 0) this.#worker?.unref()
  }

  /** After the thread has ended, the next picture starts another one. */
  #forget(): void {
    this.#worker = undefined
    for (const id of [...this.#pending.keys()]) this.#settle(id, null)
  }
}
