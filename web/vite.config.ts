import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * One build, one entry for each kind of visitor, so that somebody who books never loads the admin.
 * Nothing of the address the server runs at is known here: all paths start at `/`.
 */
export default defineConfig({
  root: here('.'),
  plugins: [react()],
  build: {
    outDir: here('./dist'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // `data:` addresses would need an exception in the Content-Security-Policy
    rolldownOptions: {
      input: {
        booking: here('./booking.html'),
        setup: here('./setup.html'),
        inspector: here('./inspector.html'),
      },
      output: {
        // Kept by browsers from one version of ours to the next, and across the entries.
        codeSplitting: { groups: [{ name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// }] },
      },
    },
  },
})
