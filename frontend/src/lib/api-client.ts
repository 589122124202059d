import { client } from '@/api/client.gen'
import { serverAnswered, serverSilent } from './connection'
import { atLeast, noteOwnChange } from './known'
import { toApiError } from './problem'

// What a proxy says in place of a server that is away.
const AWAY = new Set([502, 503, 504])

/** Makes the generated client throw `ApiError` and nothing else, and note whether the server answers. Called once, first. */
export function configureApi(): void {
  client.setConfig({ throwOnError: true, credentials: 'same-origin' })
  client.interceptors.request.use((request) => {
    if (request.method !== 'GET') noteOwnChange()
    const least = request.method === 'GET' ? atLeast() : null
    if (least) request.headers.set('x-at-least', least)
    return request
  })
  client.interceptors.response.use((response, request) => {
    if (request.method !== 'GET') noteOwnChange()
    if (AWAY.has(response.status)) serverSilent()
    else serverAnswered()
    return response
  })
  client.interceptors.error.use((error, response) => {
    if (!response && !isAbort(error)) serverSilent()
    return toApiError(error, response)
  })
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}
