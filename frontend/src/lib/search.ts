/** Reading search parameters of an address: whatever stands there, the page gets what it can use. */

export type Raw = Record<string, unknown>

/** A string, or nothing; numbers that the router parsed are turned back. */
export function text(raw: Raw, name: string): string | undefined {
  const value = raw[name]
  if (typeof value === 'string') return value === '' ? undefined : value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return undefined
}

export function oneOf<T extends string>(raw: Raw, name: string, allowed: readonly T[]): T | undefined {
  const value = text(raw, name)
  return allowed.find((candidate) => candidate === value)
}

export function flag(raw: Raw, name: string): true | undefined {
  return raw[name] === true || raw[name] === 'true' ? true : undefined
}

/** Leaves out what is undefined or empty, so that addresses stay short and query keys equal. */
export function compact<T extends object>(values: T): T {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== ''),
  ) as T
}

/** The same filters as an address for a download. */
export function queryString(values: Record<string, string | undefined>): string {
  return new URLSearchParams(compact(values) as Record<string, string>).toString()
}
