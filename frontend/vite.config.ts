import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: {
    port: 5173,
    // `make dev` says this address; another one would only be found by reading on.
    strictPort: true,
    // The app checks where a change comes from; the proxy makes both one origin.
    proxy: { '/api': { target: process.env.API_URL ?? 'http://127.0.0.1:8000', changeOrigin: true } },
  },
  build: {
    target: 'es2023',
    // What each page loads: scripts/check_bundle.py reads it.
    manifest: true,
    // The Content-Security-Policy allows scripts from ourselves only: no module-preload polyfill inline, no data: assets as code.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
  },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
})
