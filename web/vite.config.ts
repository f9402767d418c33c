import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * `embed.js` runs as a classic script on other people's sites. It is wrapped in a function, so that it does not define
 * globals and can be loaded twice.
 */
const encloseEmbed: Plugin = {
  name: 'enclose-embed',
  generateBundle(_options, bundle) {
    const chunk = bundle['embed.js']
    if (chunk?.type === 'chunk') chunk.code = `(()=>{${chunk.code.trimEnd()}})()\n`
  },
}

/**
 * Compresses the files once at the best level. Otherwise, the server would do it for each visitor. This runs last, because at the
 * very end Vite itself fills in the URLs of files that are loaded later.
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

/** The admin's modules, and packages that only the admin uses. */
const adminModules =
  /web\/admin\/|node_modules\/(@(mantine\/(core|hooks)|floating-ui|tanstack\/(react-)?(router|store))|react-remove-scroll|use-sidecar|aria-hidden)/

/**
 * One build with a separate entry for each kind of visitor, so that visitors who book never load the admin. The server's URL is
 * not known at build time, so all paths start at `/`.
 */
export default defineConfig({
  root: here('.'),
  plugins: [react(), encloseEmbed, compressAssets],
  build: {
    outDir: here('./dist'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // `data:` URLs would need an exception in the Content-Security-Policy.
    rolldownOptions: {
      checks: { pluginTimings: false }, // A developer who builds for the first time cannot do anything about a slow machine.
      input: {
        booking: here('./booking.html'),
        setup: here('./setup.html'),
        inspector: here('./inspector.html'),
        admin: here('./admin.html'),
        embed: here('./embed/embed.ts'),
      },
      output: {
        entryFileNames: ({ name }) => (name === 'embed' ? 'embed.js' : 'assets/[name]-[hash].js'),
        // Browsers keep the first chunk between our versions and share it across the entries. Modules that many admin pages use
        // are combined into one file, because each request costs half a kilobyte of headers. Code that these modules share with
        // the booking pages stays outside, so that visitors who book do not load the admin.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
            {
              name: 'admin-core',
              test: adminModules,
              minShareCount: 8,
            },
          ],
        },
      },
    },
  },
})
