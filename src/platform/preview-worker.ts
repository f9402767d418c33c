import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parentPort } from 'node:worker_threads'
import { initSync, Renderer } from '@takumi-rs/wasm'
import { drawPicture, HEIGHT, type PreviewPicture, WIDTH } from './preview-layout.ts'

/*
 * The thread that draws link preview pictures. Drawing a picture takes up to a second of CPU time, which must not delay requests.
 */

/** A picture to draw, and its PNG. */
export type DrawingJob = { id: number; picture: PreviewPicture; logo: string | undefined }
export type Drawn = { id: number; png: Uint8Array | null }

const resolve = (specifier: string) => fileURLToPath(import.meta.resolve(specifier))

const FONTS = ['latin', 'latin-ext'].map(
  (part) => `@fontsource-variable/figtree/files/figtree-${part}-wght-normal.woff2`,
)

async function createRenderer(): Promise<Renderer> {
  initSync({ module: await readFile(resolve('@takumi-rs/wasm/takumi_wasm_bg.wasm')) })
  const renderer = new Renderer()
  for (const font of FONTS) await renderer.registerFont({ name: 'Figtree', data: await readFile(resolve(font)) })
  return renderer
}

const renderer = createRenderer()

parentPort?.on('message', async ({ id, picture, logo }: DrawingJob) => {
  const png = await renderer
    .then((ready) => ready.render(drawPicture(picture, logo), { width: WIDTH, height: HEIGHT, format: 'png' }))
    .catch(() => null)
  parentPort?.postMessage({ id, png } satisfies Drawn)
})
