import { client } from '@/api/client.gen'
import { toApiError } from './problem'
/** Makes the generated client throw `ApiError` and nothing else. Called once, before the first request. */
export function configureApi(): void {
  client.setConfig({ throwOnError: true, credentials: 'same-origin' })
  client.interceptors.error.use((error, response) => toApiError(error, response))
}
