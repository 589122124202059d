import { defineConfig } from '@hey-api/openapi-ts'

// `npm run api` after `woodpecker-api openapi > frontend/openapi.json`.
export default defineConfig({
  input: './openapi.json',
  output: { path: './src/api' },
  plugins: [
    // Same origin always: an address in the client would break every other installation.
    { name: '@hey-api/client-fetch', baseUrl: false, throwOnError: true },
    '@hey-api/typescript',
    { name: '@hey-api/sdk', responseStyle: 'data' },
  ],
})
