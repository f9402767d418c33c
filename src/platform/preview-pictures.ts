import { createHash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { PreviewPicture } from './preview-layout.ts'
import type { DrawingJob, Drawn } from './preview-worker.ts'

/** How many pictures are kept in memory. Each has about 20 kB. */
const KEPT = 200
/** How many pictures may be pending. Further pictures are refused. */
const MOST_PENDING = 20

/** The first part of a hash that changes whenever the picture does. */
export function versionOf(picture: PreviewPicture): string {
  return createHash('sha256').update(JSON.stringify(picture)).digest('base64url').slice(0, 16)
}

/** Draws link preview pictures in a separate thread, which starts with the first picture. Keeps the most recent pictures. */
export class PreviewPictures {
  readonly #drawn = new Map<string, Promise<Uint8Array | null>>()
  readonly #pending = new Map<number, (png: Uint8Array | null) => void>()
  #worker: Worker | undefined
  #jobs = 0

  /** Returns whether the picture is in memory or being drawn, so that requesting it again costs nothing. */
  isKnown(picture: PreviewPicture): boolean {
    return this.#drawn.has(versionOf(picture))
  }

  /** Returns the PNG. Returns null if too many pictures are pending or the picture could not be drawn. */
  async draw(picture: PreviewPicture, logo?: string): Promise<Uint8Array | null> {
    const version = versionOf(picture)
    const known = this.#drawn.get(version)
    if (!known && this.#pending.size >= MOST_PENDING) return null
    const drawing = known ?? this.#start(picture, logo)
    this.#keep(version, drawing)
    const png = await drawing
    if (!png) this.#drawn.delete(version)
    return png
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate()
  }

  #start(picture: PreviewPicture, logo: string | undefined): Promise<Uint8Array | null> {
    this.#worker ??= this.#createWorker()
    const worker = this.#worker
    const id = this.#jobs++
    return new Promise((resolve) => {
      this.#pending.set(id, resolve)
      worker.ref()
      worker.postMessage({ id, picture, logo } satisfies DrawingJob)
    })
  }

  /** The most recently requested pictures are at the end. */
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

  /** If the thread has ended, the next picture starts another one. */
  #forget(): void {
    this.#worker = undefined
    for (const id of [...this.#pending.keys()]) this.#settle(id, null)
  }
}
