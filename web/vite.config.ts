import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * `embed.js` runs as a classic script on other people's sites: wrapped in a function, it defines no globals and may be
 * loaded twice.
 */
const encloseEmbed: Plugin = {
  name: 'enclose-embed',
  generateBundle(_options, bundle) {
    const chunk = bundle['embed.js']
    if (chunk?.type === 'chunk') chunk.code = `(()=>{${chunk.code.trimEnd()}})()\n`
  },
}

/**
 * Compresses once, at its best, what the server would otherwise compress for each visitor. After everything else: Vite
 * itself fills in the addresses of what is loaded later at the very end.
 */
const compressAssets: Plugin = {
  name: 'compress-assets',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      for (const [fileName, output] of Object.entries(bundle)) {
        if (!/^assets\/.*\.(js|css)$/.test(fileName)) continue
        const content = Buffer.from(output.type === 'chunk' ? output.code : output.source)
        this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source: brotliCompressSync(content) })
        this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source: gzipSync(content, { level: 9 }) })
      }
    },
  },
}

/**
 * One build, one entry for each kind of visitor, so visitors who book never load the admin.
 * The address of the server is not known here: all paths start at `/`.
 */
export default defineConfig({
  root: here('.'),
  plugins: [react(), encloseEmbed, compressAssets],
  build: {
    outDir: here('./dist'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // `data:` addresses would need an exception in the Content-Security-Policy
    rolldownOptions: {
      checks: { pluginTimings: false }, // a newcomer cannot fix a slow machine
      input: {
        booking: here('./booking.html'),
        setup: here('./setup.html'),
        inspector: here('./inspector.html'),
        admin: here('./admin.html'),
        embed: here('./embed/embed.ts'),
      },
      output: {
        entryFileNames: ({ name }) => (name === 'embed' ? 'embed.js' : 'assets/[name]-[hash].js'),
        // Browsers keep it from one of our versions to the next, and across the entries.
        codeSplitting: { groups: [{ name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// }] },
      },
    },
  },
})
